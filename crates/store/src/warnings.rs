//! Warnings as they were raised, and what people said of them.

mod counts;
mod wanted;

pub use counts::{Group, Waiting, ended, groups, waiting};
pub use wanted::{Wanted, list};

use crate::error::Result;
use crate::insert::Column;
use crate::transaction::Tx;
use crate::value::Row;

/// A warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarningRow {
    /// Its id, the same as long as its spell lasts.
    pub warning_id: String,
    /// The household.
    pub household_id: String,
    /// The period it was last found in.
    pub period: i64,
    /// The household's area.
    pub area_code: Option<String>,
    /// Number of the greatest urgency among its rules.
    pub urgency: i64,
    /// Number of the household's band.
    pub band: i64,
    /// The same one period earlier.
    pub previous_band: i64,
    /// Millionths of a point.
    pub composite: i64,
    /// Millionths of one.
    pub confidence: i64,
    /// The strongest kind among its rules.
    pub kind: String,
    /// First period of the spell.
    pub first_period: i64,
    /// Rules that hold, by `;`.
    pub rules: String,
    /// Indicators that contribute most, by `;`.
    pub reasons: String,
    /// Where it stands.
    pub state: String,
    /// Its place in the order of the period it was last ranked in.
    pub rank: Option<i64>,
    /// Whether that place lies within the budget.
    pub within_budget: Option<i64>,
    /// When it was first raised, in microseconds.
    pub raised_at: i64,
    /// When somebody took note.
    pub acknowledged_at: Option<i64>,
    /// Who.
    pub acknowledged_by: Option<String>,
    /// Who is to see to it.
    pub assignee: Option<String>,
    /// Held back until then, in microseconds.
    pub suppressed_until: Option<i64>,
    /// Who held it back.
    pub suppressed_by: Option<String>,
    /// Why.
    pub suppressed_reason: Option<String>,
}

const COLUMNS: &str = "warning_id, household_id, period, area_code, urgency, band, previous_band, \
                       composite, confidence, kind, first_period, rules, reasons, state, \
                       rank, within_budget, raised_at, acknowledged_at, acknowledged_by, \
                       assignee, suppressed_until, suppressed_by, suppressed_reason";

fn warning(row: &Row<'_>) -> Result<WarningRow> {
    let some = |column: usize| row.opt_text(column).map(|it| it.map(str::to_owned));
    Ok(WarningRow {
        warning_id: row.text(0)?.to_owned(),
        household_id: row.text(1)?.to_owned(),
        period: row.int(2)?,
        area_code: some(3)?,
        urgency: row.int(4)?,
        band: row.int(5)?,
        previous_band: row.int(6)?,
        composite: row.int(7)?,
        confidence: row.int(8)?,
        kind: row.text(9)?.to_owned(),
        first_period: row.int(10)?,
        rules: row.text(11)?.to_owned(),
        reasons: row.text(12)?.to_owned(),
        state: row.text(13)?.to_owned(),
        rank: row.opt_int(14)?,
        within_budget: row.opt_int(15)?,
        raised_at: row.int(16)?,
        acknowledged_at: row.opt_int(17)?,
        acknowledged_by: some(18)?,
        assignee: some(19)?,
        suppressed_until: row.opt_int(20)?,
        suppressed_by: some(21)?,
        suppressed_reason: some(22)?,
    })
}

/// Writes warnings; one with the same id is replaced.
pub fn put(tx: &mut Tx<'_>, rows: &[WarningRow]) -> Result<()> {
    let text = |of: fn(&WarningRow) -> &str| Column::Texts(rows.iter().map(of).collect());
    let some =
        |of: fn(&WarningRow) -> Option<&str>| Column::OptTexts(rows.iter().map(of).collect());
    let int = |of: fn(&WarningRow) -> i64| Column::Ints(rows.iter().map(of).collect());
    let columns = [
        ("warning_id", text(|it| &it.warning_id)),
        ("household_id", text(|it| &it.household_id)),
        ("period", int(|it| it.period)),
        ("area_code", some(|it| it.area_code.as_deref())),
        ("urgency", int(|it| it.urgency)),
        ("band", int(|it| it.band)),
        ("previous_band", int(|it| it.previous_band)),
        ("composite", int(|it| it.composite)),
        ("confidence", int(|it| it.confidence)),
        ("kind", text(|it| &it.kind)),
        ("first_period", int(|it| it.first_period)),
        ("rules", text(|it| &it.rules)),
        ("reasons", text(|it| &it.reasons)),
        ("state", text(|it| &it.state)),
        ("rank", Column::OptInts(rows.iter().map(|it| it.rank).collect())),
        ("within_budget", Column::OptInts(rows.iter().map(|it| it.within_budget).collect())),
        ("raised_at", int(|it| it.raised_at)),
        ("acknowledged_at", Column::OptInts(rows.iter().map(|it| it.acknowledged_at).collect())),
        ("acknowledged_by", some(|it| it.acknowledged_by.as_deref())),
        ("assignee", some(|it| it.assignee.as_deref())),
        ("suppressed_until", Column::OptInts(rows.iter().map(|it| it.suppressed_until).collect())),
        ("suppressed_by", some(|it| it.suppressed_by.as_deref())),
        ("suppressed_reason", some(|it| it.suppressed_reason.as_deref())),
    ];
    let replaced: Vec<String> =
        columns.iter().skip(1).map(|(name, _)| format!("{name} = excluded.{name}")).collect();
    let conflict = format!("ON CONFLICT (warning_id) DO UPDATE SET {}", replaced.join(", "));
    tx.insert("warnings", &columns, &conflict).map(drop)
}

/// A warning.
pub fn by_id(tx: &mut Tx<'_>, id: &str) -> Result<Option<WarningRow>> {
    let sql = format!("SELECT {COLUMNS} FROM warnings WHERE warning_id = ?1");
    tx.one(&sql, &[id.into()], warning)
}

/// Warnings of some households, by household and id.
pub fn of_households(tx: &mut Tx<'_>, households: &[&str]) -> Result<Vec<WarningRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM warnings WHERE household_id IN {{texts}} \
         ORDER BY household_id, warning_id"
    );
    let mut found = Vec::new();
    tx.each_of(&sql, &[], households, &mut |row| {
        found.push(warning(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Calls `each` with all warnings, by household and id.
pub fn all(tx: &mut Tx<'_>, each: &mut dyn FnMut(WarningRow) -> Result<()>) -> Result<()> {
    let sql = format!("SELECT {COLUMNS} FROM warnings ORDER BY household_id, warning_id");
    tx.each(&sql, &[], &mut |row| each(warning(row)?))
}
