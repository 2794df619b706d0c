//! What officers found behind warnings, and what of warnings is counted by rule.

use crate::error::Result;
use crate::transaction::Tx;
use crate::within::Within;

/// Notes what somebody found behind a warning.
pub fn put(tx: &mut Tx<'_>, warning_id: &str, finding: &str, by: &str, at: i64) -> Result<()> {
    let sql = "UPDATE warnings SET finding = ?2, finding_by = ?3, finding_at = ?4 \
               WHERE warning_id = ?1";
    tx.execute(sql, &[warning_id.into(), finding.into(), by.into(), at.into()]).map(drop)
}

/// What was found behind a warning.
pub fn of(tx: &mut Tx<'_>, warning_id: &str) -> Result<Option<String>> {
    let sql = "SELECT finding FROM warnings WHERE warning_id = ?1";
    let found =
        tx.one(sql, &[warning_id.into()], |row| row.opt_text(0).map(|it| it.map(str::to_owned)))?;
    Ok(found.flatten())
}

/// What of a warning is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Its rules, by `;`.
    pub rules: String,
    /// Where it stands.
    pub state: String,
    /// The period it was last found in.
    pub period: i64,
    /// When it was raised, in microseconds.
    pub raised_at: i64,
    /// When somebody took note.
    pub acknowledged_at: Option<i64>,
    /// What was found.
    pub finding: Option<String>,
}

/// Calls `each` with every warning within areas.
pub fn each(
    tx: &mut Tx<'_>,
    within: &Within,
    each: &mut dyn FnMut(Counted) -> Result<()>,
) -> Result<()> {
    let mut values = Vec::new();
    let condition = within.condition("area_code", &mut values);
    let sql = format!(
        "SELECT rules, state, period, raised_at, acknowledged_at, finding FROM warnings \
         WHERE {condition}"
    );
    tx.each(&sql, &values, &mut |row| {
        each(Counted {
            rules: row.text(0)?.to_owned(),
            state: row.text(1)?.to_owned(),
            period: row.int(2)?,
            raised_at: row.int(3)?,
            acknowledged_at: row.opt_int(4)?,
            finding: row.opt_text(5)?.map(str::to_owned),
        })
    })
}
