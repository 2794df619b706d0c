//! What became of events that were to be sent.

use crate::error::Result;
use crate::transaction::Tx;
use crate::value::Row;

/// What became of an event at one hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    /// The hook.
    pub hook_id: String,
    /// The event's number.
    pub number: i64,
    /// `delivered`, `dead` or `waiting`.
    pub state: String,
    /// Tries so far.
    pub attempts: i64,
    /// When the last one was, in microseconds.
    pub at: i64,
    /// The status of the last answer, where one came.
    pub answer: Option<i64>,
    /// What went wrong.
    pub fault: Option<String>,
}

const COLUMNS: &str = "hook_id, number, state, attempts, at, answer, fault";

fn delivery(row: &Row<'_>) -> Result<DeliveryRow> {
    Ok(DeliveryRow {
        hook_id: row.text(0)?.to_owned(),
        number: row.int(1)?,
        state: row.text(2)?.to_owned(),
        attempts: row.int(3)?,
        at: row.int(4)?,
        answer: row.opt_int(5)?,
        fault: row.opt_text(6)?.map(str::to_owned),
    })
}

/// Writes what became of an event; what was said of it before is replaced.
pub fn put(tx: &mut Tx<'_>, it: &DeliveryRow) -> Result<()> {
    let sql = format!(
        "INSERT INTO deliveries ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
         ON CONFLICT (hook_id, number) DO UPDATE SET state = excluded.state, \
         attempts = excluded.attempts, at = excluded.at, answer = excluded.answer, \
         fault = excluded.fault"
    );
    let values = [
        (&it.hook_id).into(),
        it.number.into(),
        (&it.state).into(),
        it.attempts.into(),
        it.at.into(),
        it.answer.into(),
        it.fault.as_ref().into(),
    ];
    tx.execute(&sql, &values).map(drop)
}

/// What became of one event.
pub fn one(tx: &mut Tx<'_>, hook_id: &str, number: i64) -> Result<Option<DeliveryRow>> {
    let sql = format!("SELECT {COLUMNS} FROM deliveries WHERE hook_id = ?1 AND number = ?2");
    tx.one(&sql, &[hook_id.into(), number.into()], delivery)
}

/// What became of events before a number, the latest first.
pub fn list(
    tx: &mut Tx<'_>,
    hook_id: &str,
    state: Option<&str>,
    before: i64,
    most: i64,
) -> Result<Vec<DeliveryRow>> {
    let mut values = vec![hook_id.into(), before.into(), most.into()];
    let mut condition = "1 = 1";
    if let Some(state) = state {
        condition = "state = ?4";
        values.push(state.into());
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM deliveries WHERE hook_id = ?1 AND number < ?2 AND {condition} \
         ORDER BY number DESC LIMIT ?3"
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        found.push(delivery(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Events up to a number that wait for another try, the earliest first.
pub fn waiting(tx: &mut Tx<'_>, hook_id: &str, upto: i64, most: i64) -> Result<Vec<DeliveryRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM deliveries WHERE hook_id = ?1 AND state = 'waiting' \
         AND number <= ?2 ORDER BY number LIMIT ?3"
    );
    let mut found = Vec::new();
    tx.each(&sql, &[hook_id.into(), upto.into(), most.into()], &mut |row| {
        found.push(delivery(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Forgets what was delivered before an instant; what was given up stays.
pub fn forget(tx: &mut Tx<'_>, hook_id: &str, before: i64) -> Result<()> {
    let sql = "DELETE FROM deliveries WHERE hook_id = ?1 AND state = 'delivered' AND at < ?2";
    tx.execute(sql, &[hook_id.into(), before.into()]).map(drop)
}
