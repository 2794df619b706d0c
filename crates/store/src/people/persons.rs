//! People as they are registered.

use super::replaced;
use crate::error::{Error, Result};
use crate::insert::Column;
use crate::transaction::Tx;
use crate::value::Row;
use crate::within::Within;
use std::collections::BTreeMap;

/// One person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonRow {
    /// Number in the registry; what is kept of a person elsewhere hangs on it.
    pub number: i64,
    /// The id, as the member of facts.
    pub person_id: String,
    /// The household, the last one of somebody who left.
    pub household_id: String,
    /// Name.
    pub name: Option<String>,
    /// How it is said.
    pub pinyin: Option<String>,
    /// Its initials.
    pub initials: Option<String>,
    /// Sex.
    pub sex: Option<String>,
    /// Birth, in days from 1970-01-01.
    pub birth_date: Option<i64>,
    /// Place of birth.
    pub birth_place: Option<String>,
    /// Relation to the head of the household.
    pub relation: Option<String>,
    /// Active, moved, dead, merged or erased.
    pub status: String,
    /// Since which day.
    pub status_from: Option<i64>,
    /// The entry that counts instead.
    pub merged_into: Option<String>,
    /// Who told it last.
    pub source: Option<String>,
    /// When it was registered, in microseconds.
    pub created_at: i64,
    /// When it was last changed.
    pub updated_at: i64,
}

const COLUMNS: &str = "p.number, p.person_id, p.household_id, p.name, p.pinyin, p.initials, p.sex, \
                       p.birth_date, p.birth_place, p.relation, p.status, p.status_from, \
                       p.merged_into, p.source, p.created_at, p.updated_at";

fn person(row: &Row<'_>) -> Result<PersonRow> {
    let some = |column| Ok::<_, Error>(row.opt_text(column)?.map(str::to_owned));
    Ok(PersonRow {
        number: row.int(0)?,
        person_id: row.text(1)?.to_owned(),
        household_id: row.text(2)?.to_owned(),
        name: some(3)?,
        pinyin: some(4)?,
        initials: some(5)?,
        sex: some(6)?,
        birth_date: row.opt_int(7)?,
        birth_place: some(8)?,
        relation: some(9)?,
        status: row.text(10)?.to_owned(),
        status_from: row.opt_int(11)?,
        merged_into: some(12)?,
        source: some(13)?,
        created_at: row.int(14)?,
        updated_at: row.int(15)?,
    })
}

/// Those of some people that are registered, by id.
pub fn of(tx: &mut Tx<'_>, ids: &[&str]) -> Result<BTreeMap<String, PersonRow>> {
    let sql = format!("SELECT {COLUMNS} FROM people p WHERE p.person_id IN {{texts}}");
    let mut found = BTreeMap::new();
    tx.each_of(&sql, &[], ids, &mut |row| {
        let row = person(row)?;
        found.insert(row.person_id.clone(), row);
        Ok(())
    })?;
    Ok(found)
}

/// A person with the area of the household.
pub type Placed = (PersonRow, Option<String>);

fn placed(row: &Row<'_>) -> Result<Placed> {
    Ok((person(row)?, row.opt_text(16)?.map(str::to_owned)))
}

const PLACED: &str = "FROM people p JOIN households h ON h.household_id = p.household_id";

/// A person by number, with the area of the household.
pub fn by_number(tx: &mut Tx<'_>, number: i64) -> Result<Option<Placed>> {
    let sql = format!("SELECT {COLUMNS}, h.area_code {PLACED} WHERE p.number = ?1");
    tx.one(&sql, &[number.into()], placed)
}

/// A person by id, with the area of the household.
pub fn by_id(tx: &mut Tx<'_>, id: &str) -> Result<Option<Placed>> {
    let sql = format!("SELECT {COLUMNS}, h.area_code {PLACED} WHERE p.person_id = ?1");
    tx.one(&sql, &[id.into()], placed)
}

/// Everybody ever registered last in some households, by household and number.
pub fn in_households(tx: &mut Tx<'_>, households: &[&str]) -> Result<Vec<PersonRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM people p WHERE p.household_id IN {{texts}} \
         ORDER BY p.household_id, p.number"
    );
    let mut found = Vec::new();
    tx.each_of(&sql, &[], households, &mut |row| {
        found.push(person(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// People within areas by household and number, after one of them; at most so many.
pub fn list(
    tx: &mut Tx<'_>,
    within: &Within,
    after: (&str, i64),
    most: i64,
) -> Result<Vec<Placed>> {
    let mut values = vec![after.0.into(), after.1.into()];
    let condition = within.condition("h.area_code", &mut values);
    values.push(most.into());
    let sql = format!(
        "SELECT {COLUMNS}, h.area_code {PLACED} \
         WHERE p.household_id >= ?1 AND (p.household_id > ?1 OR p.number > ?2) \
         AND p.name IS NOT NULL AND p.merged_into IS NULL AND {condition} \
         ORDER BY p.household_id, p.number LIMIT ?{}",
        values.len()
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        found.push(placed(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// People born on a day, with their areas; at most so many.
pub fn born_on(tx: &mut Tx<'_>, day: i64, most: i64) -> Result<Vec<Placed>> {
    let sql = format!(
        "SELECT {COLUMNS}, h.area_code {PLACED} WHERE p.birth_date = ?1 ORDER BY p.number LIMIT ?2"
    );
    let mut found = Vec::new();
    tx.each(&sql, &[day.into(), most.into()], &mut |row| {
        found.push(placed(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// The next day after a day on which anybody was born.
pub fn next_birth(tx: &mut Tx<'_>, after: i64) -> Result<Option<i64>> {
    let sql = "SELECT min(birth_date) FROM people WHERE birth_date > ?1";
    Ok(tx.one(sql, &[after.into()], |row| row.opt_int(0))?.flatten())
}

/// Numbers for so many new people; gives the first.
pub fn numbers(tx: &mut Tx<'_>, count: usize) -> Result<i64> {
    super::numbers(tx, "people", count)
}

/// Writes people; one with the same number is replaced.
pub fn put(tx: &mut Tx<'_>, rows: &[&PersonRow]) -> Result<()> {
    let text = |of: fn(&PersonRow) -> &str| Column::Texts(rows.iter().map(|it| of(it)).collect());
    let some = |of: fn(&PersonRow) -> Option<&str>| {
        Column::OptTexts(rows.iter().map(|it| of(it)).collect())
    };
    let int = |of: fn(&PersonRow) -> i64| Column::Ints(rows.iter().map(|it| of(it)).collect());
    let opt =
        |of: fn(&PersonRow) -> Option<i64>| Column::OptInts(rows.iter().map(|it| of(it)).collect());
    let columns = [
        ("number", int(|it| it.number)),
        ("person_id", text(|it| &it.person_id)),
        ("household_id", text(|it| &it.household_id)),
        ("name", some(|it| it.name.as_deref())),
        ("pinyin", some(|it| it.pinyin.as_deref())),
        ("initials", some(|it| it.initials.as_deref())),
        ("sex", some(|it| it.sex.as_deref())),
        ("birth_date", opt(|it| it.birth_date)),
        ("birth_place", some(|it| it.birth_place.as_deref())),
        ("relation", some(|it| it.relation.as_deref())),
        ("status", text(|it| &it.status)),
        ("status_from", opt(|it| it.status_from)),
        ("merged_into", some(|it| it.merged_into.as_deref())),
        ("source", some(|it| it.source.as_deref())),
        ("created_at", int(|it| it.created_at)),
        ("updated_at", int(|it| it.updated_at)),
    ];
    let conflict = replaced(&columns, 1);
    tx.insert("people", &columns, &conflict).map(drop)
}

/// How many there are.
pub fn count(tx: &mut Tx<'_>) -> Result<i64> {
    let found = tx.one("SELECT count(*) FROM people", &[], |row| row.int(0))?;
    Ok(found.unwrap_or(0))
}
