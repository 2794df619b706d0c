//! Sessions of people and tokens of machines.

use crate::error::Result;
use crate::transaction::Tx;
use crate::value::Row;

/// A session of a person or a token of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Digest of its secret.
    pub digest: String,
    /// Whose it is.
    pub user_name: String,
    /// `session` or `token`.
    pub kind: String,
    /// What people call it.
    pub label: String,
    /// What it is good for, by `;`; empty: everything its user may.
    pub scopes: String,
    /// Since when, in microseconds.
    pub created_at: i64,
    /// Until when.
    pub until: i64,
    /// The day it was last used, since 1970-01-01.
    pub used_day: Option<i64>,
}

impl SessionRow {
    /// What it can be named by: nobody gets in with it.
    pub fn id(&self) -> &str {
        self.digest.get(..ID_DIGITS).unwrap_or(&self.digest)
    }
}

/// Digits of the digest that name a session.
const ID_DIGITS: usize = 24;

const SESSION: &str = "digest, user_name, kind, label, scopes, created_at, until, used_day";

fn session(row: &Row<'_>) -> Result<SessionRow> {
    Ok(SessionRow {
        digest: row.text(0)?.to_owned(),
        user_name: row.text(1)?.to_owned(),
        kind: row.text(2)?.to_owned(),
        label: row.text(3)?.to_owned(),
        scopes: row.text(4)?.to_owned(),
        created_at: row.int(5)?,
        until: row.int(6)?,
        used_day: row.opt_int(7)?,
    })
}

/// Adds a session.
pub fn add_session(tx: &mut Tx<'_>, it: &SessionRow) -> Result<()> {
    let sql = format!("INSERT INTO sessions ({SESSION}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    let values = [
        (&it.digest).into(),
        (&it.user_name).into(),
        (&it.kind).into(),
        (&it.label).into(),
        (&it.scopes).into(),
        it.created_at.into(),
        it.until.into(),
        it.used_day.into(),
    ];
    tx.execute(&sql, &values).map(drop)
}

/// A session by its digest.
pub fn session_by_digest(tx: &mut Tx<'_>, digest: &str) -> Result<Option<SessionRow>> {
    let sql = format!("SELECT {SESSION} FROM sessions WHERE digest = ?1");
    tx.one(&sql, &[digest.into()], session)
}

/// A session by what names it.
pub fn session_by_id(tx: &mut Tx<'_>, id: &str) -> Result<Option<SessionRow>> {
    let sql = format!("SELECT {SESSION} FROM sessions WHERE substr(digest, 1, {ID_DIGITS}) = ?1");
    tx.one(&sql, &[id.into()], session)
}

/// Sessions of a kind that have not run out, of one user or of all, the latest first.
pub fn sessions(
    tx: &mut Tx<'_>,
    kind: &str,
    user: Option<&str>,
    now: i64,
) -> Result<Vec<SessionRow>> {
    let mut values = vec![kind.into(), now.into()];
    let mut condition = "1 = 1";
    if let Some(user) = user {
        condition = "user_name = ?3";
        values.push(user.into());
    }
    let sql = format!(
        "SELECT {SESSION} FROM sessions WHERE kind = ?1 AND until > ?2 AND {condition} \
         ORDER BY created_at DESC, digest"
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        found.push(session(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Notes the day a session was last used.
pub fn used(tx: &mut Tx<'_>, digest: &str, day: i64) -> Result<()> {
    let sql = "UPDATE sessions SET used_day = ?2 WHERE digest = ?1";
    tx.execute(sql, &[digest.into(), day.into()]).map(drop)
}

/// Ends a session.
pub fn end_session(tx: &mut Tx<'_>, digest: &str) -> Result<()> {
    tx.execute("DELETE FROM sessions WHERE digest = ?1", &[digest.into()]).map(drop)
}

/// Ends all sessions of a user, or those of one kind.
pub fn end_sessions_of(tx: &mut Tx<'_>, name: &str, kind: Option<&str>) -> Result<()> {
    let mut values = vec![name.into()];
    let mut condition = "1 = 1";
    if let Some(kind) = kind {
        condition = "kind = ?2";
        values.push(kind.into());
    }
    let sql = format!("DELETE FROM sessions WHERE user_name = ?1 AND {condition}");
    tx.execute(&sql, &values).map(drop)
}
