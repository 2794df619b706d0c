//! Facts that are forgotten: their rows stay and say nothing any more. No other function of the
//! store gives them out.

use super::Subject;
use crate::error::Result;
use crate::transaction::Tx;

/// Subjects after one of them (by key; empty: from the first) that have facts of some codes which
/// begin by a day and are not erased; at most so many, in the order of their keys.
pub fn candidates(
    tx: &mut Tx<'_>,
    after: &str,
    codes: &[&str],
    until_day: i64,
    most: i64,
) -> Result<Vec<(String, Subject)>> {
    let sql = "SELECT DISTINCT subject FROM facts WHERE subject > ?1 AND fact IN {texts} \
               AND valid_from <= ?2 AND erased_at IS NULL ORDER BY subject LIMIT ?3";
    let mut found = Vec::new();
    // The set of codes comes last.
    tx.each_of(sql, &[after.into(), until_day.into(), most.into()], codes, &mut |row| {
        let key = row.text(0)?;
        found.push((key.to_owned(), Subject::parse(key)));
        Ok(())
    })?;
    Ok(found)
}

/// Forgets why facts of a member were told: words about somebody of whom nothing may be kept.
pub fn forget_reasons(tx: &mut Tx<'_>, member: &str) -> Result<()> {
    let sql = "UPDATE facts SET reason = NULL WHERE member_id = ?1 AND reason IS NOT NULL \
               AND subject IN (SELECT subject FROM member_subjects WHERE member_id = ?1)";
    tx.execute(sql, &[member.into()]).map(drop)
}

/// Erases facts by id: value, member and reason. Those that were erased before stay as they are.
/// Gives how many there were.
pub fn erase(tx: &mut Tx<'_>, ids: &[&str], now: i64) -> Result<u64> {
    let sql = "UPDATE facts SET value = '', member_id = NULL, reason = NULL, erased_at = ?1 \
               WHERE fact_id IN {texts} AND erased_at IS NULL RETURNING fact_id";
    let mut erased = 0;
    tx.each_of(sql, &[now.into()], ids, &mut |_| {
        erased += 1;
        Ok(())
    })?;
    Ok(erased)
}
