//! Which facts a job recorded: ranges of their numbers, which are given in the order of commits.

use crate::error::Result;
use crate::facts::{FactRow, Subject, with_numbers};
use crate::transaction::Tx;

/// Numbers of facts of a job: first and last of each range, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranges(Vec<(i64, i64)>);

impl Ranges {
    /// How many facts there are.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|it| (it.1 - it.0 + 1).unsigned_abs()).sum()
    }

    /// Whether a fact is among them.
    pub fn hold(&self, number: i64) -> bool {
        let after = self.0.partition_point(|it| it.0 <= number);
        after.checked_sub(1).is_some_and(|it| number <= self.0[it].1)
    }

    /// The least and the greatest number.
    fn ends(&self) -> (i64, i64) {
        let first = self.0.first().map_or(1, |it| it.0);
        (first, self.0.last().map_or(0, |it| it.1))
    }
}

/// Notes that a job recorded the facts of a range; one that goes on where the last one ended makes
/// it longer. An empty range is none.
pub fn note(tx: &mut Tx<'_>, job: &str, (first, last): (i64, i64)) -> Result<()> {
    if last < first {
        return Ok(());
    }
    let sql = "UPDATE recorded SET last = ?3 WHERE job_id = ?1 AND last = ?2";
    if tx.execute(sql, &[job.into(), (first - 1).into(), last.into()])? > 0 {
        return Ok(());
    }
    let sql = "INSERT INTO recorded (job_id, first, last) VALUES (?1, ?2, ?3)";
    tx.execute(sql, &[job.into(), first.into(), last.into()]).map(drop)
}

/// What a job recorded.
pub fn ranges(tx: &mut Tx<'_>, job: &str) -> Result<Ranges> {
    let mut found = Vec::new();
    let sql = "SELECT first, last FROM recorded WHERE job_id = ?1 ORDER BY first";
    tx.each(sql, &[job.into()], &mut |row| {
        found.push((row.int(0)?, row.int(1)?));
        Ok(())
    })?;
    Ok(Ranges(found))
}

/// Forgets what a job recorded; the facts stay.
pub fn forget(tx: &mut Tx<'_>, job: &str) -> Result<()> {
    tx.execute("DELETE FROM recorded WHERE job_id = ?1", &[job.into()]).map(drop)
}

/// Subjects behind one of them, by key (empty: from the first), that have facts about as old as
/// those of a job, with how many such facts; at most so many.
pub fn subjects(
    tx: &mut Tx<'_>,
    ranges: &Ranges,
    after: &str,
    most: i64,
) -> Result<Vec<(String, Subject, i64)>> {
    let (first, last) = ranges.ends();
    let sql = "SELECT subject, count(*) FROM facts WHERE subject > ?1 AND number >= ?2 \
               AND number <= ?3 GROUP BY subject ORDER BY subject LIMIT ?4";
    let mut found = Vec::new();
    tx.each(sql, &[after.into(), first.into(), last.into(), most.into()], &mut |row| {
        let key = row.text(0)?;
        found.push((key.to_owned(), Subject::parse(key), row.int(1)?));
        Ok(())
    })?;
    Ok(found)
}

/// All facts of some subjects that are not erased, subject by subject in the order they came; with
/// each whether a job recorded it.
pub fn of_subjects(
    tx: &mut Tx<'_>,
    ranges: &Ranges,
    subjects: &[Subject],
) -> Result<Vec<(FactRow, bool)>> {
    let mut found = Vec::new();
    with_numbers(tx, subjects, &mut |fact, number| {
        found.push((fact, ranges.hold(number)));
        Ok(())
    })?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_their_ends_and_nothing_between_them() {
        let ranges = Ranges(vec![(3, 5), (9, 9)]);
        let held: Vec<i64> = (0..12).filter(|it| ranges.hold(*it)).collect();
        assert_eq!(held, [3, 4, 5, 9]);
        assert_eq!((ranges.count(), ranges.ends()), (4, (3, 9)));
        assert!(!Ranges::default().hold(1));
    }
}
