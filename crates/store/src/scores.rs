//! Derived rows: one per household and period, made again from facts at any time.

use crate::error::Result;
use crate::insert::Column;
use crate::transaction::Tx;
use crate::value::{Row, Value};
use crate::within::Within;
use std::collections::BTreeMap;

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
    /// Whether the household is warned of in the period by itself.
    pub warned: bool,
}

const COLUMNS: &str = "household_id, period, pack, area_code, composite, confidence, band, detail, \
                       warned";

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
        warned: row.int(8)? != 0,
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
        ("warned", Column::Ints(rows.iter().map(|it| it.warned.into()).collect())),
    ];
    let conflict = "ON CONFLICT (household_id, period) DO UPDATE SET pack = excluded.pack, \
                    area_code = excluded.area_code, composite = excluded.composite, \
                    confidence = excluded.confidence, band = excluded.band, \
                    detail = excluded.detail, \
                    warned = excluded.warned \
                    WHERE scores.detail <> excluded.detail OR scores.pack <> excluded.pack \
                    OR scores.area_code IS DISTINCT FROM excluded.area_code \
                    OR scores.composite <> excluded.composite \
                    OR scores.confidence <> excluded.confidence \
                    OR scores.band <> excluded.band OR scores.warned <> excluded.warned";
    tx.insert("scores", &columns, conflict)
}

/// Takes rows away that facts give no more: household and period of each.
pub fn remove(tx: &mut Tx<'_>, rows: &[(&str, i64)]) -> Result<()> {
    let sql = "DELETE FROM scores WHERE household_id = ?1 AND period = ?2";
    for (household, period) in rows {
        tx.execute(sql, &[(*household).into(), (*period).into()])?;
    }
    Ok(())
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

/// Households behind one of them that have rows up to a period, by id; at most so many.
pub fn households_until(tx: &mut Tx<'_>, after: &str, last: i64, most: i64) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT household_id FROM scores WHERE household_id > ?1 AND period <= ?2 \
               ORDER BY household_id LIMIT ?3";
    let mut found = Vec::new();
    tx.each(sql, &[after.into(), last.into(), most.into()], &mut |row| {
        found.push(row.text(0)?.to_owned());
        Ok(())
    })?;
    Ok(found)
}

/// Rows of some households in some periods (first and last), by household and period.
pub fn of_households(
    tx: &mut Tx<'_>,
    households: &[&str],
    (first, last): (i64, i64),
) -> Result<Vec<ScoreRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM scores WHERE period >= ?1 AND period <= ?2 \
         AND household_id IN {{texts}} ORDER BY household_id, period"
    );
    let mut found = Vec::new();
    tx.each_of(&sql, &[first.into(), last.into()], households, &mut |row| {
        found.push(score(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Rows of some households, by household and period.
pub fn of(tx: &mut Tx<'_>, households: &[&str]) -> Result<Vec<ScoreRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM scores WHERE household_id IN {{texts}} ORDER BY household_id, period"
    );
    let mut found = Vec::new();
    tx.each_of(&sql, &[], households, &mut |row| {
        found.push(score(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Households that live within areas in a period, by id, after one of them; at most so many.
pub fn households(
    tx: &mut Tx<'_>,
    period: i64,
    within: &Within,
    after: &str,
    most: i64,
) -> Result<Vec<String>> {
    let mut values = vec![period.into(), after.into(), most.into()];
    let condition = within.condition("area_code", &mut values);
    let sql = format!(
        "SELECT household_id FROM scores WHERE period = ?1 AND household_id > ?2 AND {condition} \
         ORDER BY household_id LIMIT ?3"
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        found.push(row.text(0)?.to_owned());
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
pub fn counts(
    tx: &mut Tx<'_>,
    period: i64,
    within: &Within,
) -> Result<Vec<(Option<String>, i64, i64)>> {
    let mut values = vec![period.into()];
    let condition = within.condition("area_code", &mut values);
    let sql = format!(
        "SELECT area_code, band, count(*) FROM scores WHERE period = ?1 AND {condition} \
         GROUP BY area_code, band ORDER BY area_code, band"
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        found.push((row.opt_text(0)?.map(str::to_owned), row.int(1)?, row.int(2)?));
        Ok(())
    })?;
    Ok(found)
}

/// The latest area of each of some households.
pub fn areas(tx: &mut Tx<'_>, households: &[&str]) -> Result<BTreeMap<String, Option<String>>> {
    let sql = "SELECT household_id, area_code FROM scores WHERE household_id IN {texts} \
               ORDER BY household_id, period";
    let mut found = BTreeMap::new();
    tx.each_of(sql, &[], households, &mut |row| {
        found.insert(row.text(0)?.to_owned(), row.opt_text(1)?.map(str::to_owned));
        Ok(())
    })?;
    Ok(found)
}

/// Which households of a period are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Index of the period.
    pub period: i64,
    /// In these areas.
    pub within: &'a Within,
    /// In this band; in any where absent.
    pub band: Option<i64>,
    /// After this one: band, composite and id.
    pub after: Option<(i64, i64, &'a str)>,
    /// At most so many.
    pub most: i64,
}

/// Households of a period, the worst first: by band, composite and id.
pub fn list(tx: &mut Tx<'_>, wanted: &Wanted<'_>) -> Result<Vec<ScoreRow>> {
    let mut values = vec![wanted.period.into()];
    let mut condition = wanted.within.condition("area_code", &mut values);
    if let Some(band) = wanted.band {
        values.push(band.into());
        condition = format!("{condition} AND band = ?{}", values.len());
    }
    let next = match wanted.after {
        None => "1 = 1".to_owned(),
        Some((band, composite, household)) => {
            values.extend([Value::from(band), composite.into(), household.into()]);
            let (c, b, a) = (values.len(), values.len() - 1, values.len() - 2);
            format!(
                "(band < ?{a} OR (band = ?{a} AND (composite < ?{b} OR \
                 (composite = ?{b} AND household_id > ?{c}))))"
            )
        }
    };
    values.push(wanted.most.into());
    let sql = format!(
        "SELECT {COLUMNS} FROM scores WHERE period = ?1 AND {condition} AND {next} \
         ORDER BY band DESC, composite DESC, household_id LIMIT ?{}",
        values.len()
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        found.push(score(row)?);
        Ok(())
    })?;
    Ok(found)
}
