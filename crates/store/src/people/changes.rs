//! What became of households and people: dated, sourced, never edited.

use crate::error::{Error, Result};
use crate::insert::Column;
use crate::transaction::Tx;
use crate::value::Row;

/// One change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeRow {
    /// Its number; given when it is written.
    pub number: i64,
    /// The household.
    pub household_id: String,
    /// The person, where it is about one.
    pub person_id: Option<String>,
    /// What happened.
    pub kind: String,
    /// On which day, from 1970-01-01.
    pub day: i64,
    /// What was before: a household, an area, a code, a status. Never a name.
    pub from_what: Option<String>,
    /// What is since.
    pub to_what: Option<String>,
    /// Who told it.
    pub source: Option<String>,
    /// When it was learned, in microseconds.
    pub at: i64,
    /// Who wrote it.
    pub actor: String,
}

const COLUMNS: &str =
    "number, household_id, person_id, kind, day, from_what, to_what, source, at, actor";

fn change(row: &Row<'_>) -> Result<ChangeRow> {
    let some = |column| Ok::<_, Error>(row.opt_text(column)?.map(str::to_owned));
    Ok(ChangeRow {
        number: row.int(0)?,
        household_id: row.text(1)?.to_owned(),
        person_id: some(2)?,
        kind: row.text(3)?.to_owned(),
        day: row.int(4)?,
        from_what: some(5)?,
        to_what: some(6)?,
        source: some(7)?,
        at: row.int(8)?,
        actor: row.text(9)?.to_owned(),
    })
}

/// Appends changes in the order given.
pub fn append(tx: &mut Tx<'_>, rows: &[ChangeRow]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let first = super::numbers(tx, "registry_changes", rows.len())?;
    let text = |of: fn(&ChangeRow) -> &str| Column::Texts(rows.iter().map(of).collect());
    let some = |of: fn(&ChangeRow) -> Option<&str>| Column::OptTexts(rows.iter().map(of).collect());
    let columns = [
        ("household_id", text(|it| &it.household_id)),
        ("number", Column::Ints((first..).take(rows.len()).collect())),
        ("person_id", some(|it| it.person_id.as_deref())),
        ("kind", text(|it| &it.kind)),
        ("day", Column::Ints(rows.iter().map(|it| it.day).collect())),
        ("from_what", some(|it| it.from_what.as_deref())),
        ("to_what", some(|it| it.to_what.as_deref())),
        ("source", some(|it| it.source.as_deref())),
        ("at", Column::Ints(rows.iter().map(|it| it.at).collect())),
        ("actor", text(|it| &it.actor)),
    ];
    tx.insert("registry_changes", &columns, "").map(drop)
}

/// What became of a household, oldest first.
pub fn of_household(tx: &mut Tx<'_>, household: &str) -> Result<Vec<ChangeRow>> {
    read(tx, "household_id", household)
}

/// What became of a person, oldest first.
pub fn of_person(tx: &mut Tx<'_>, person: &str) -> Result<Vec<ChangeRow>> {
    read(tx, "person_id", person)
}

fn read(tx: &mut Tx<'_>, column: &str, id: &str) -> Result<Vec<ChangeRow>> {
    let sql = format!("SELECT {COLUMNS} FROM registry_changes WHERE {column} = ?1 ORDER BY number");
    let mut found = Vec::new();
    tx.each(&sql, &[id.into()], &mut |row| {
        found.push(change(row)?);
        Ok(())
    })?;
    Ok(found)
}
