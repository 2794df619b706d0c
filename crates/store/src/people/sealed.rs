//! What identifies or exposes a person, as it is sealed: nobody here can read it.

use super::replaced;
use crate::error::Result;
use crate::insert::Column;
use crate::transaction::Tx;
use crate::value::Row;
use std::collections::BTreeMap;

/// A field of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedRow {
    /// The person's number.
    pub number: i64,
    /// Which field.
    pub field: String,
    /// The kind of number it is, where that matters.
    pub scheme: String,
    /// Keyed hash to find it by; nothing where it is not to be found.
    pub lookup: Option<String>,
    /// The key of its content, under the master key.
    pub data_key: Vec<u8>,
    /// Its content.
    pub content: Vec<u8>,
    /// When it was sealed, in microseconds.
    pub at: i64,
}

const COLUMNS: &str = "number, field, scheme, lookup, data_key, content, at";

fn sealed(row: &Row<'_>) -> Result<SealedRow> {
    Ok(SealedRow {
        number: row.int(0)?,
        field: row.text(1)?.to_owned(),
        scheme: row.text(2)?.to_owned(),
        lookup: row.opt_text(3)?.map(str::to_owned),
        data_key: row.bytes(4)?.to_vec(),
        content: row.bytes(5)?.to_vec(),
        at: row.int(6)?,
    })
}

/// The fields of a person.
pub fn of(tx: &mut Tx<'_>, number: i64) -> Result<Vec<SealedRow>> {
    let sql = format!("SELECT {COLUMNS} FROM sealed WHERE number = ?1 ORDER BY field");
    let mut found = Vec::new();
    tx.each(&sql, &[number.into()], &mut |row| {
        found.push(sealed(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Whose fields have some of these keyed hashes: numbers by hash.
pub fn holders(tx: &mut Tx<'_>, lookups: &[&str]) -> Result<BTreeMap<String, Vec<i64>>> {
    let sql = "SELECT lookup, number FROM sealed WHERE lookup IN {texts} ORDER BY lookup, number";
    let mut found: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    tx.each_of(sql, &[], lookups, &mut |row| {
        found.entry(row.text(0)?.to_owned()).or_default().push(row.int(1)?);
        Ok(())
    })?;
    Ok(found)
}

/// Every scheme in use: few, whatever the number of people.
pub fn schemes(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    tx.each("SELECT name FROM identity_schemes ORDER BY name", &[], &mut |row| {
        found.push(row.text(0)?.to_owned());
        Ok(())
    })?;
    Ok(found)
}

/// Notes schemes that are in use.
pub fn note_schemes(tx: &mut Tx<'_>, names: &[&str]) -> Result<()> {
    let columns = [("name", Column::Texts(names.to_vec()))];
    tx.insert("identity_schemes", &columns, "ON CONFLICT DO NOTHING").map(drop)
}

/// Writes fields; one that is there already is replaced.
pub fn put(tx: &mut Tx<'_>, rows: &[SealedRow]) -> Result<()> {
    let text = |of: fn(&SealedRow) -> &str| Column::Texts(rows.iter().map(of).collect());
    let int = |of: fn(&SealedRow) -> i64| Column::Ints(rows.iter().map(of).collect());
    let bytes = |of: fn(&SealedRow) -> &[u8]| Column::Bytes(rows.iter().map(of).collect());
    let columns = [
        ("number", int(|it| it.number)),
        ("field", text(|it| &it.field)),
        ("scheme", text(|it| &it.scheme)),
        ("lookup", Column::OptTexts(rows.iter().map(|it| it.lookup.as_deref()).collect())),
        ("data_key", bytes(|it| &it.data_key)),
        ("content", bytes(|it| &it.content)),
        ("at", int(|it| it.at)),
    ];
    let conflict = replaced(&columns, 2);
    tx.insert("sealed", &columns, &conflict).map(drop)
}

/// Destroys the fields of a person, keys and all; gives how many there were.
pub fn destroy(tx: &mut Tx<'_>, number: i64) -> Result<u64> {
    tx.execute("DELETE FROM sealed WHERE number = ?1", &[number.into()])
}

/// Destroys fields of one kind that were sealed before an instant.
pub fn destroy_older(tx: &mut Tx<'_>, field: &str, before: i64) -> Result<u64> {
    tx.execute("DELETE FROM sealed WHERE field = ?1 AND at < ?2", &[field.into(), before.into()])
}

/// How many fields of one kind were sealed before an instant.
pub fn count_older(tx: &mut Tx<'_>, field: &str, before: i64) -> Result<u64> {
    let sql = "SELECT count(*) FROM sealed WHERE field = ?1 AND at < ?2";
    let found = tx.one(sql, &[field.into(), before.into()], |row| row.int(0))?;
    Ok(found.unwrap_or(0).unsigned_abs())
}

/// Fields after one of them, by person and field; at most so many.
pub fn after(tx: &mut Tx<'_>, place: (i64, &str), most: i64) -> Result<Vec<SealedRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM sealed WHERE (number, field) > (?1, ?2) \
         ORDER BY number, field LIMIT ?3"
    );
    let mut found = Vec::new();
    tx.each(&sql, &[place.0.into(), place.1.into(), most.into()], &mut |row| {
        found.push(sealed(row)?);
        Ok(())
    })?;
    Ok(found)
}
