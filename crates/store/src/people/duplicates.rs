//! Pairs of entries that may be one person, and what was decided of them.

use crate::error::Result;
use crate::insert::Column;
use crate::transaction::Tx;
use crate::value::{Row, Value};
use crate::within::Within;

/// A pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairRow {
    /// Its number; given when it is written.
    pub number: i64,
    /// The entry that sorts first.
    pub one: String,
    /// The other.
    pub other: String,
    /// Why.
    pub reason: String,
    /// How alike they are, in thousandths.
    pub likeness: i64,
    /// What was decided.
    pub state: String,
    /// When it was found, in microseconds.
    pub found_at: i64,
    /// When it was decided.
    pub decided_at: Option<i64>,
    /// By whom.
    pub decided_by: Option<String>,
}

const COLUMNS: &str = "d.number, d.one, d.other, d.reason, d.likeness, d.state, d.found_at, \
                       d.decided_at, d.decided_by";

fn pair(row: &Row<'_>) -> Result<PairRow> {
    Ok(PairRow {
        number: row.int(0)?,
        one: row.text(1)?.to_owned(),
        other: row.text(2)?.to_owned(),
        reason: row.text(3)?.to_owned(),
        likeness: row.int(4)?,
        state: row.text(5)?.to_owned(),
        found_at: row.int(6)?,
        decided_at: row.opt_int(7)?,
        decided_by: row.opt_text(8)?.map(str::to_owned),
    })
}

/// Adds pairs; one that is there already stays as it is, decision and all. Gives how many are new.
pub fn add(tx: &mut Tx<'_>, rows: &[PairRow]) -> Result<u64> {
    if rows.is_empty() {
        return Ok(0);
    }
    let first = super::numbers(tx, "duplicates", rows.len())?;
    let text = |of: fn(&PairRow) -> &str| Column::Texts(rows.iter().map(of).collect());
    let columns = [
        ("number", Column::Ints((first..).take(rows.len()).collect())),
        ("one", text(|it| &it.one)),
        ("other", text(|it| &it.other)),
        ("reason", text(|it| &it.reason)),
        ("likeness", Column::Ints(rows.iter().map(|it| it.likeness).collect())),
        ("state", text(|it| &it.state)),
        ("found_at", Column::Ints(rows.iter().map(|it| it.found_at).collect())),
    ];
    tx.insert("duplicates", &columns, "ON CONFLICT (one, other) DO NOTHING")
}

/// A pair by number.
pub fn by_number(tx: &mut Tx<'_>, number: i64) -> Result<Option<PairRow>> {
    let sql = format!("SELECT {COLUMNS} FROM duplicates d WHERE d.number = ?1");
    tx.one(&sql, &[number.into()], pair)
}

/// Pairs in a state of whom both live within areas, after a number; at most so many.
pub fn list(
    tx: &mut Tx<'_>,
    state: &str,
    within: &Within,
    after: i64,
    most: i64,
) -> Result<Vec<PairRow>> {
    let mut values: Vec<Value<'_>> = vec![state.into(), after.into()];
    let one = within.condition("ha.area_code", &mut values);
    let other = within.condition("hb.area_code", &mut values);
    values.push(most.into());
    let sql = format!(
        "SELECT {COLUMNS} FROM duplicates d \
         JOIN people a ON a.person_id = d.one JOIN households ha ON ha.household_id = a.household_id \
         JOIN people b ON b.person_id = d.other JOIN households hb ON hb.household_id = b.household_id \
         WHERE d.state = ?1 AND d.number > ?2 AND {one} AND {other} ORDER BY d.number LIMIT ?{}",
        values.len()
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        found.push(pair(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Puts down what was decided of a pair; open again with `by` of nobody.
pub fn decide(tx: &mut Tx<'_>, number: i64, state: &str, by: Option<(&str, i64)>) -> Result<()> {
    let sql =
        "UPDATE duplicates SET state = ?2, decided_by = ?3, decided_at = ?4 WHERE number = ?1";
    let values = [number.into(), state.into(), by.map(|it| it.0).into(), by.map(|it| it.1).into()];
    tx.execute(sql, &values).map(drop)
}

/// Puts pairs in one state that somebody is one of into another.
pub fn move_of(tx: &mut Tx<'_>, person: &str, from: &str, to: &str) -> Result<()> {
    for column in ["one", "other"] {
        let sql = format!("UPDATE duplicates SET state = ?3 WHERE {column} = ?1 AND state = ?2");
        tx.execute(&sql, &[person.into(), from.into(), to.into()])?;
    }
    Ok(())
}
