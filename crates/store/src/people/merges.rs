//! Two entries of one person made one, and whose facts count as whose while that holds.

use crate::error::Result;
use crate::insert::Column;
use crate::transaction::Tx;
use crate::value::Row;
use std::collections::BTreeMap;

/// A merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeRow {
    /// Its number.
    pub number: i64,
    /// The entry that counts.
    pub kept: String,
    /// The entry that counts no more by itself.
    pub merged: String,
    /// What that entry's status was.
    pub status_before: String,
    /// The pair that was decided, where it came from one.
    pub duplicate: Option<i64>,
    /// When, in microseconds.
    pub at: i64,
    /// Who.
    pub actor: String,
    /// When it was undone.
    pub undone_at: Option<i64>,
    /// By whom.
    pub undone_by: Option<String>,
}

const COLUMNS: &str =
    "number, kept, merged, status_before, duplicate, at, actor, undone_at, undone_by";

fn merge(row: &Row<'_>) -> Result<MergeRow> {
    Ok(MergeRow {
        number: row.int(0)?,
        kept: row.text(1)?.to_owned(),
        merged: row.text(2)?.to_owned(),
        status_before: row.text(3)?.to_owned(),
        duplicate: row.opt_int(4)?,
        at: row.int(5)?,
        actor: row.text(6)?.to_owned(),
        undone_at: row.opt_int(7)?,
        undone_by: row.opt_text(8)?.map(str::to_owned),
    })
}

/// Adds a merge; gives its number.
pub fn add(tx: &mut Tx<'_>, it: &MergeRow) -> Result<i64> {
    let number = super::numbers(tx, "merges", 1)?;
    let sql = "INSERT INTO merges (number, kept, merged, status_before, duplicate, at, actor) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let values = [
        number.into(),
        (&it.kept).into(),
        (&it.merged).into(),
        (&it.status_before).into(),
        it.duplicate.into(),
        it.at.into(),
        (&it.actor).into(),
    ];
    tx.execute(sql, &values)?;
    Ok(number)
}

/// A merge by number.
pub fn by_number(tx: &mut Tx<'_>, number: i64) -> Result<Option<MergeRow>> {
    let sql = format!("SELECT {COLUMNS} FROM merges WHERE number = ?1");
    tx.one(&sql, &[number.into()], merge)
}

/// Merges that an entry ever had a part in, oldest first.
pub fn of_person(tx: &mut Tx<'_>, person: &str) -> Result<Vec<MergeRow>> {
    let mut found = BTreeMap::new();
    for column in ["kept", "merged"] {
        let sql = format!("SELECT {COLUMNS} FROM merges WHERE {column} = ?1");
        tx.each(&sql, &[person.into()], &mut |row| {
            let row = merge(row)?;
            found.insert(row.number, row);
            Ok(())
        })?;
    }
    Ok(found.into_values().collect())
}

/// Notes that a merge holds no more.
pub fn undo(tx: &mut Tx<'_>, number: i64, actor: &str, at: i64) -> Result<()> {
    let sql = "UPDATE merges SET undone_at = ?2, undone_by = ?3 WHERE number = ?1";
    tx.execute(sql, &[number.into(), at.into(), actor.into()]).map(drop)
}

/// Whose facts count as whose, of everybody who has to do with some members: by member, the one
/// that counts. Those who are not merged with anybody are not in it.
pub fn aliases(tx: &mut Tx<'_>, members: &[&str]) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let sql = "SELECT member_id, kept FROM member_aliases WHERE kept IN \
               (SELECT kept FROM member_aliases WHERE member_id IN {texts})";
    let mut read = |row: &Row<'_>| {
        found.insert(row.text(0)?.to_owned(), row.text(1)?.to_owned());
        Ok(())
    };
    tx.each_of(sql, &[], members, &mut read)?;
    Ok(found)
}

/// Replaces what is known of some members: those in `now` count as others, the rest as themselves.
/// The one that counts has to be in `now` too, as itself.
pub fn set_aliases(
    tx: &mut Tx<'_>,
    members: &[&str],
    now: &BTreeMap<String, String>,
) -> Result<()> {
    for member in members {
        tx.execute("DELETE FROM member_aliases WHERE member_id = ?1", &[(*member).into()])?;
    }
    let columns = [
        ("member_id", Column::Texts(now.keys().map(String::as_str).collect())),
        ("kept", Column::Texts(now.values().map(String::as_str).collect())),
    ];
    tx.insert("member_aliases", &columns, "").map(drop)
}
