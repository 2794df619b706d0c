//! Who saw what unmasked, and why.

use crate::error::Result;
use crate::transaction::Tx;
use crate::value::Row;

/// One look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmaskingRow {
    /// Its number; given when it is written.
    pub number: i64,
    /// When, in microseconds.
    pub at: i64,
    /// Who.
    pub actor: String,
    /// At whom.
    pub person_id: String,
    /// Which fields, with `;` between them.
    pub fields: String,
    /// Why.
    pub reason: String,
}

/// Adds one.
pub fn add(tx: &mut Tx<'_>, it: &UnmaskingRow) -> Result<()> {
    let number = super::numbers(tx, "unmaskings", 1)?;
    let sql = "INSERT INTO unmaskings (number, at, actor, person_id, fields, reason) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let values = [
        number.into(),
        it.at.into(),
        (&it.actor).into(),
        (&it.person_id).into(),
        (&it.fields).into(),
        (&it.reason).into(),
    ];
    tx.execute(sql, &values).map(drop)
}

/// The latest first, before a number; of one person or of all; at most so many.
pub fn list(
    tx: &mut Tx<'_>,
    person: Option<&str>,
    before: i64,
    most: i64,
) -> Result<Vec<UnmaskingRow>> {
    let mut values = vec![before.into(), most.into()];
    let of = match person {
        None => "1 = 1",
        Some(person) => {
            values.push(person.into());
            "person_id = ?3"
        }
    };
    let sql = format!(
        "SELECT number, at, actor, person_id, fields, reason FROM unmaskings \
         WHERE number < ?1 AND {of} ORDER BY number DESC LIMIT ?2"
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        found.push(read(row)?);
        Ok(())
    })?;
    Ok(found)
}

fn read(row: &Row<'_>) -> Result<UnmaskingRow> {
    Ok(UnmaskingRow {
        number: row.int(0)?,
        at: row.int(1)?,
        actor: row.text(2)?.to_owned(),
        person_id: row.text(3)?.to_owned(),
        fields: row.text(4)?.to_owned(),
        reason: row.text(5)?.to_owned(),
    })
}
