//! What happened, numbered without gaps in the order of commits.

use crate::error::Result;
use crate::insert::Column;
use crate::transaction::Tx;
use crate::value::Row;
use crate::within::Within;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// Its number, from 1; given when it is written.
    pub number: i64,
    /// When, in microseconds.
    pub at: i64,
    /// What, as `noun.verb`.
    pub kind: String,
    /// The area it concerns.
    pub area_code: Option<String>,
    /// The household it concerns.
    pub household_id: Option<String>,
    /// The rest, as JSON.
    pub body: String,
}

/// The number of the last event; 0 where there is none.
pub fn last(tx: &mut Tx<'_>) -> Result<i64> {
    let found = tx.one("SELECT max(number) FROM events", &[], |row| row.opt_int(0))?;
    Ok(found.flatten().unwrap_or(0))
}

/// Appends events and gives them their numbers.
pub fn append(tx: &mut Tx<'_>, events: &mut [EventRow]) -> Result<()> {
    let last = last(tx)?;
    for (event, number) in events.iter_mut().zip(last + 1..) {
        event.number = number;
    }
    let columns = [
        ("number", Column::Ints(events.iter().map(|it| it.number).collect())),
        ("at", Column::Ints(events.iter().map(|it| it.at).collect())),
        ("kind", Column::Texts(events.iter().map(|it| it.kind.as_str()).collect())),
        ("area_code", Column::OptTexts(events.iter().map(|it| it.area_code.as_deref()).collect())),
        (
            "household_id",
            Column::OptTexts(events.iter().map(|it| it.household_id.as_deref()).collect()),
        ),
        ("body", Column::Texts(events.iter().map(|it| it.body.as_str()).collect())),
    ];
    tx.insert("events", &columns, "").map(drop)
}

/// Events after a number that concern some areas, in order, at most so many.
pub fn after(tx: &mut Tx<'_>, number: i64, within: &Within, most: i64) -> Result<Vec<EventRow>> {
    let mut values = vec![number.into(), most.into()];
    let condition = within.condition("area_code", &mut values);
    let sql = format!(
        "SELECT number, at, kind, area_code, household_id, body FROM events \
         WHERE number > ?1 AND {condition} ORDER BY number LIMIT ?2"
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        found.push(event(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// An event by its number.
pub fn by_number(tx: &mut Tx<'_>, number: i64) -> Result<Option<EventRow>> {
    let sql = "SELECT number, at, kind, area_code, household_id, body FROM events \
               WHERE number = ?1";
    tx.one(sql, &[number.into()], event)
}

fn event(row: &Row<'_>) -> Result<EventRow> {
    Ok(EventRow {
        number: row.int(0)?,
        at: row.int(1)?,
        kind: row.text(2)?.to_owned(),
        area_code: row.opt_text(3)?.map(str::to_owned),
        household_id: row.opt_text(4)?.map(str::to_owned),
        body: row.text(5)?.to_owned(),
    })
}
