//! Where events are sent to, and what became of them.
//!
//! There is no queue beside the events: a hook knows the last one it is done with.

pub mod deliveries;

use crate::error::Result;
use crate::transaction::Tx;
use crate::value::Row;

/// Somebody who is told of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookRow {
    /// Its id.
    pub hook_id: String,
    /// Where to.
    pub url: String,
    /// What people call it.
    pub label: String,
    /// Kinds of events by `;`; empty: all.
    pub kinds: String,
    /// Area codes by `;`, or `*`.
    pub areas: String,
    /// Since when, in microseconds.
    pub created_at: i64,
    /// Who made it.
    pub created_by: String,
    /// The last event that was delivered or given up.
    pub done: i64,
    /// No try before, in microseconds.
    pub next_at: i64,
}

const COLUMNS: &str = "hook_id, url, label, kinds, areas, created_at, created_by, done, next_at";

fn hook(row: &Row<'_>) -> Result<WebhookRow> {
    Ok(WebhookRow {
        hook_id: row.text(0)?.to_owned(),
        url: row.text(1)?.to_owned(),
        label: row.text(2)?.to_owned(),
        kinds: row.text(3)?.to_owned(),
        areas: row.text(4)?.to_owned(),
        created_at: row.int(5)?,
        created_by: row.text(6)?.to_owned(),
        done: row.int(7)?,
        next_at: row.int(8)?,
    })
}

/// Adds a hook.
pub fn add(tx: &mut Tx<'_>, it: &WebhookRow) -> Result<()> {
    let sql =
        format!("INSERT INTO webhooks ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    let values = [
        (&it.hook_id).into(),
        (&it.url).into(),
        (&it.label).into(),
        (&it.kinds).into(),
        (&it.areas).into(),
        it.created_at.into(),
        (&it.created_by).into(),
        it.done.into(),
        it.next_at.into(),
    ];
    tx.execute(&sql, &values).map(drop)
}

/// A hook by its id.
pub fn by_id(tx: &mut Tx<'_>, hook_id: &str) -> Result<Option<WebhookRow>> {
    tx.one(&format!("SELECT {COLUMNS} FROM webhooks WHERE hook_id = ?1"), &[hook_id.into()], hook)
}

/// All hooks, the oldest first.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<WebhookRow>> {
    let mut found = Vec::new();
    let sql = format!("SELECT {COLUMNS} FROM webhooks ORDER BY created_at, hook_id");
    tx.each(&sql, &[], &mut |row| {
        found.push(hook(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// How many hooks there are.
pub fn count(tx: &mut Tx<'_>) -> Result<i64> {
    let found = tx.one("SELECT count(*) FROM webhooks", &[], |row| row.int(0))?;
    Ok(found.unwrap_or(0))
}

/// Notes what a hook is done with, and when the next try may be.
pub fn move_on(tx: &mut Tx<'_>, hook_id: &str, done: i64, next_at: i64) -> Result<()> {
    let sql = "UPDATE webhooks SET done = ?2, next_at = ?3 WHERE hook_id = ?1";
    tx.execute(sql, &[hook_id.into(), done.into(), next_at.into()]).map(drop)
}

/// Removes a hook with what became of its events.
pub fn remove(tx: &mut Tx<'_>, hook_id: &str) -> Result<()> {
    tx.execute("DELETE FROM deliveries WHERE hook_id = ?1", &[hook_id.into()])?;
    tx.execute("DELETE FROM webhooks WHERE hook_id = ?1", &[hook_id.into()]).map(drop)
}
