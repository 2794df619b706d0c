//! Warnings counted, by what lists are filtered by and by area.

use super::wanted::{overdue, waits};
use crate::error::Result;
use crate::transaction::Tx;
use crate::within::Within;

/// Warnings that share what lists are filtered by, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Where they stand.
    pub state: String,
    /// Band of the household.
    pub band: i64,
    /// Kind.
    pub kind: String,
    /// Rules, by `;`.
    pub rules: String,
    /// Who is to see to them.
    pub assignee: Option<String>,
    /// The area.
    pub area_code: Option<String>,
    /// Whether they are held back.
    pub is_suppressed: bool,
    /// Whether they are overdue.
    pub is_overdue: bool,
    /// How many.
    pub count: i64,
}

/// Warnings in some areas that have not ended, counted by everything that lists are filtered by;
/// `now` says which are held back, `before` which are overdue.
pub fn groups(tx: &mut Tx<'_>, within: &Within, now: i64, before: i64) -> Result<Vec<Group>> {
    let mut values = vec![now.into(), before.into()];
    let condition = within.condition("area_code", &mut values);
    let sql = format!(
        "SELECT state, band, kind, rules, assignee, area_code, CAST(held AS BIGINT), \
         CAST(late AS BIGINT), count(*) FROM \
         (SELECT state, band, kind, rules, assignee, area_code, \
          CASE WHEN coalesce(suppressed_until, 0) > ?1 THEN 1 ELSE 0 END AS held, \
          CASE WHEN {overdue} THEN 1 ELSE 0 END AS late \
          FROM warnings WHERE state <> 'ended' AND {condition}) AS those \
         GROUP BY state, band, kind, rules, assignee, area_code, held, late",
        overdue = overdue(1, 2)
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        found.push(Group {
            state: row.text(0)?.to_owned(),
            band: row.int(1)?,
            kind: row.text(2)?.to_owned(),
            rules: row.text(3)?.to_owned(),
            assignee: row.opt_text(4)?.map(str::to_owned),
            area_code: row.opt_text(5)?.map(str::to_owned),
            is_suppressed: row.int(6)? != 0,
            is_overdue: row.int(7)? != 0,
            count: row.int(8)?,
        });
        Ok(())
    })?;
    Ok(found)
}

/// How many warnings have ended in some areas.
pub fn ended(tx: &mut Tx<'_>, within: &Within) -> Result<i64> {
    let mut values = Vec::new();
    let condition = within.condition("area_code", &mut values);
    let sql = format!("SELECT count(*) FROM warnings WHERE state = 'ended' AND {condition}");
    Ok(tx.one(&sql, &values, |row| row.int(0))?.unwrap_or(0))
}

/// Warnings that stand in an area and wait for somebody to take note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// The area; nothing where the household has none.
    pub area_code: Option<String>,
    /// Nobody took note, and they are not held back.
    pub waiting: i64,
    /// Of those, raised before an instant.
    pub overdue: i64,
    /// Warnings that stand, within the budget of the period they were last ranked in.
    pub within_budget: i64,
}

/// Warnings that stand, by area: `now` says which are held back, `before` which are overdue.
pub fn waiting(tx: &mut Tx<'_>, within: &Within, now: i64, before: i64) -> Result<Vec<Waiting>> {
    let mut values = vec![now.into(), before.into()];
    let condition = within.condition("area_code", &mut values);
    let (waits, overdue) = (waits(1), overdue(1, 2));
    let sql = format!(
        "SELECT area_code, sum(CASE WHEN {waits} THEN 1 ELSE 0 END), \
         sum(CASE WHEN {overdue} THEN 1 ELSE 0 END), \
         sum(CASE WHEN within_budget = 1 THEN 1 ELSE 0 END) \
         FROM warnings WHERE state <> 'ended' AND {condition} GROUP BY area_code ORDER BY 1"
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        found.push(Waiting {
            area_code: row.opt_text(0)?.map(str::to_owned),
            waiting: row.int(1)?,
            overdue: row.int(2)?,
            within_budget: row.int(3)?,
        });
        Ok(())
    })?;
    Ok(found)
}
