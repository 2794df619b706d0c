//! Which households were scored, numbered in the order of commits.

use crate::error::Result;
use crate::insert::Column;
use crate::transaction::Tx;

/// The greatest number so far.
pub fn last(tx: &mut Tx<'_>) -> Result<i64> {
    if let Some(known) = tx.remembered.last_scored {
        return Ok(known);
    }
    let last = tx.one("SELECT max(number) FROM scored", &[], |row| row.opt_int(0))?;
    let last = last.flatten().unwrap_or(0);
    tx.remembered.last_scored = Some(last);
    Ok(last)
}

/// The least number that is still there.
pub fn first(tx: &mut Tx<'_>) -> Result<i64> {
    Ok(tx.one("SELECT min(number) FROM scored", &[], |row| row.opt_int(0))?.flatten().unwrap_or(0))
}

/// Notes that are kept: who is further behind reads everything again.
const KEPT: i64 = 200_000;
/// How often older ones are taken away.
const STEP: i64 = 10_000;

/// Notes households.
pub fn add(tx: &mut Tx<'_>, households: &[&str]) -> Result<()> {
    let last = last(tx)?;
    if last / STEP != (last + households.len() as i64) / STEP {
        tx.execute("DELETE FROM scored WHERE number <= ?1", &[(last - KEPT).into()])?;
    }
    let columns = [
        ("number", Column::Ints((last + 1..).take(households.len()).collect())),
        ("household_id", Column::Texts(households.to_vec())),
    ];
    tx.insert("scored", &columns, "")?;
    tx.remembered.last_scored = Some(last + households.len() as i64);
    Ok(())
}

/// Households noted after a number, each once, in order.
pub fn after(tx: &mut Tx<'_>, number: i64) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT household_id FROM scored WHERE number > ?1 ORDER BY household_id";
    let mut found = Vec::new();
    tx.each(sql, &[number.into()], &mut |row| {
        found.push(row.text(0)?.to_owned());
        Ok(())
    })?;
    Ok(found)
}

/// Takes all but the last note away.
pub fn forget(tx: &mut Tx<'_>) -> Result<()> {
    let last = last(tx)?;
    tx.execute("DELETE FROM scored WHERE number < ?1", &[last.into()]).map(drop)
}
