//! Derived rows: one per household and period, made again from facts at any time.

use crate::error::Result;
use crate::insert::Column;
use crate::transaction::Tx;
use crate::value::Row;

/// Scores of a household in a period. What `detail` means is the caller's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreRow {
    /// The household.
    pub household_id: String,
    /// Index of the period.
    pub period: i64,
    /// Hash of the pack.
    pub pack: String,
    /// Its area.
    pub area_code: Option<String>,
    /// Millionths of a point.
    pub composite: i64,
    /// Millionths of one.
    pub confidence: i64,
    /// Number of the band.
    pub band: i64,
    /// Everything else, in one versioned piece.
    pub detail: Vec<u8>,
}

const COLUMNS: &str = "household_id, period, pack, area_code, composite, confidence, band, detail";

fn score(row: &Row<'_>) -> Result<ScoreRow> {
    Ok(ScoreRow {
        household_id: row.text(0)?.to_owned(),
        period: row.int(1)?,
        pack: row.text(2)?.to_owned(),
        area_code: row.opt_text(3)?.map(str::to_owned),
        composite: row.int(4)?,
        confidence: row.int(5)?,
        band: row.int(6)?,
        detail: row.bytes(7)?.to_vec(),
    })
}

/// Writes rows; one that is there already changes only where something of it differs. Gives how
/// many were written.
pub fn put(tx: &mut Tx<'_>, rows: &[ScoreRow]) -> Result<u64> {
    let columns = [
        ("household_id", Column::Texts(rows.iter().map(|it| it.household_id.as_str()).collect())),
        ("period", Column::Ints(rows.iter().map(|it| it.period).collect())),
        ("pack", Column::Texts(rows.iter().map(|it| it.pack.as_str()).collect())),
        ("area_code", Column::OptTexts(rows.iter().map(|it| it.area_code.as_deref()).collect())),
        ("composite", Column::Ints(rows.iter().map(|it| it.composite).collect())),
        ("confidence", Column::Ints(rows.iter().map(|it| it.confidence).collect())),
        ("band", Column::Ints(rows.iter().map(|it| it.band).collect())),
        ("detail", Column::Bytes(rows.iter().map(|it| it.detail.as_slice()).collect())),
    ];
    let conflict = "ON CONFLICT (household_id, period) DO UPDATE SET pack = excluded.pack, \
                    area_code = excluded.area_code, composite = excluded.composite, \
                    confidence = excluded.confidence, band = excluded.band, \
                    detail = excluded.detail \
                    WHERE scores.detail <> excluded.detail OR scores.pack <> excluded.pack \
                    OR scores.area_code IS DISTINCT FROM excluded.area_code";
    tx.insert("scores", &columns, conflict)
}

/// Rows of a household, oldest first.
pub fn of_household(tx: &mut Tx<'_>, household: &str) -> Result<Vec<ScoreRow>> {
    let sql = format!("SELECT {COLUMNS} FROM scores WHERE household_id = ?1 ORDER BY period");
    let mut found = Vec::new();
    tx.each(&sql, &[household.into()], &mut |row| {
        found.push(score(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Calls `each` with all rows, by household and period.
pub fn all(tx: &mut Tx<'_>, each: &mut dyn FnMut(ScoreRow) -> Result<()>) -> Result<()> {
    let sql = format!("SELECT {COLUMNS} FROM scores ORDER BY household_id, period");
    tx.each(&sql, &[], &mut |row| each(score(row)?))
}

/// Households per area and band in a period.
pub fn counts(tx: &mut Tx<'_>, period: i64) -> Result<Vec<(Option<String>, i64, i64)>> {
    let sql = "SELECT area_code, band, count(*) FROM scores WHERE period = ?1 \
               GROUP BY area_code, band ORDER BY area_code, band";
    let mut found = Vec::new();
    tx.each(sql, &[period.into()], &mut |row| {
        found.push((row.opt_text(0)?.map(str::to_owned), row.int(1)?, row.int(2)?));
        Ok(())
    })?;
    Ok(found)
}

/// Takes all rows away.
pub fn clear(tx: &mut Tx<'_>) -> Result<u64> {
    tx.execute("DELETE FROM scores", &[])
}
