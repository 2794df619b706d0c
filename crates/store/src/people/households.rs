//! Households as they are registered: code, area, head.

use super::replaced;
use crate::error::Result;
use crate::insert::Column;
use crate::transaction::Tx;
use crate::value::Row;
use crate::within::Within;
use std::collections::BTreeMap;

/// One household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdRow {
    /// Its id, as in facts.
    pub household_id: String,
    /// The code that offices write; the id where there is none.
    pub code: String,
    /// Where it lives.
    pub area_code: Option<String>,
    /// Since which day, from 1970-01-01.
    pub area_from: i64,
    /// The person at its head.
    pub head: Option<String>,
    /// Whether it is there, or what became of it.
    pub state: String,
    /// When it was registered, in microseconds.
    pub created_at: i64,
    /// When it was last changed.
    pub updated_at: i64,
}

const COLUMNS: &str =
    "household_id, code, area_code, area_from, head, state, created_at, updated_at";

fn household(row: &Row<'_>) -> Result<HouseholdRow> {
    Ok(HouseholdRow {
        household_id: row.text(0)?.to_owned(),
        code: row.text(1)?.to_owned(),
        area_code: row.opt_text(2)?.map(str::to_owned),
        area_from: row.int(3)?,
        head: row.opt_text(4)?.map(str::to_owned),
        state: row.text(5)?.to_owned(),
        created_at: row.int(6)?,
        updated_at: row.int(7)?,
    })
}

/// Those of some households that are registered, by id.
pub fn of(tx: &mut Tx<'_>, ids: &[&str]) -> Result<BTreeMap<String, HouseholdRow>> {
    let sql = format!("SELECT {COLUMNS} FROM households WHERE household_id IN {{texts}}");
    let mut found = BTreeMap::new();
    tx.each_of(&sql, &[], ids, &mut |row| {
        let row = household(row)?;
        found.insert(row.household_id.clone(), row);
        Ok(())
    })?;
    Ok(found)
}

/// Writes households; one with the same id is replaced.
pub fn put(tx: &mut Tx<'_>, rows: &[&HouseholdRow]) -> Result<()> {
    let text =
        |of: fn(&HouseholdRow) -> &str| Column::Texts(rows.iter().map(|it| of(it)).collect());
    let some = |of: fn(&HouseholdRow) -> Option<&str>| {
        Column::OptTexts(rows.iter().map(|it| of(it)).collect())
    };
    let int = |of: fn(&HouseholdRow) -> i64| Column::Ints(rows.iter().map(|it| of(it)).collect());
    let columns = [
        ("household_id", text(|it| &it.household_id)),
        ("code", text(|it| &it.code)),
        ("area_code", some(|it| it.area_code.as_deref())),
        ("area_from", int(|it| it.area_from)),
        ("head", some(|it| it.head.as_deref())),
        ("state", text(|it| &it.state)),
        ("created_at", int(|it| it.created_at)),
        ("updated_at", int(|it| it.updated_at)),
    ];
    let conflict = replaced(&columns, 1);
    tx.insert("households", &columns, &conflict).map(drop)
}

/// Households whose code begins with a text, by code, within areas; at most so many.
pub fn by_code(
    tx: &mut Tx<'_>,
    code: &str,
    within: &Within,
    most: i64,
) -> Result<Vec<HouseholdRow>> {
    let end = super::names::end(code);
    let mut found: BTreeMap<String, HouseholdRow> = BTreeMap::new();
    // Either has an index of its own; a condition with `or` would use neither.
    for column in ["household_id", "code"] {
        let mut values = vec![code.into(), end.as_str().into()];
        let condition = within.condition("area_code", &mut values);
        values.push(most.into());
        let sql = format!(
            "SELECT {COLUMNS} FROM households WHERE {column} >= ?1 AND {column} < ?2 \
             AND {condition} ORDER BY {column} LIMIT ?{}",
            values.len()
        );
        tx.each(&sql, &values, &mut |row| {
            let row = household(row)?;
            found.insert(row.household_id.clone(), row);
            Ok(())
        })?;
    }
    Ok(found.into_values().take(most.try_into().unwrap_or(0)).collect())
}

/// Households with scores in a period whose id begins with a text, within areas; at most so many.
pub fn scored(
    tx: &mut Tx<'_>,
    id: &str,
    period: i64,
    within: &Within,
    most: i64,
) -> Result<Vec<(String, Option<String>)>> {
    let end = super::names::end(id);
    let mut values = vec![id.into(), end.as_str().into(), period.into()];
    let condition = within.condition("area_code", &mut values);
    values.push(most.into());
    let sql = format!(
        "SELECT household_id, area_code FROM scores WHERE household_id >= ?1 AND household_id < ?2 \
         AND period = ?3 AND {condition} ORDER BY household_id LIMIT ?{}",
        values.len()
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        found.push((row.text(0)?.to_owned(), row.opt_text(1)?.map(str::to_owned)));
        Ok(())
    })?;
    Ok(found)
}

/// How many there are.
pub fn count(tx: &mut Tx<'_>) -> Result<i64> {
    let found = tx.one("SELECT count(*) FROM households", &[], |row| row.int(0))?;
    Ok(found.unwrap_or(0))
}
