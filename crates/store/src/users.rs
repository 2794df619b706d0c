//! Users, their sessions, and answers that were given.

mod sessions;

pub use sessions::{
    SessionRow, add_session, end_session, end_sessions_of, session_by_digest, session_by_id,
    sessions, used,
};

use crate::error::Result;
use crate::transaction::Tx;
use crate::value::Row;

/// A user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// Name to sign in with.
    pub name: String,
    /// Password in the form that checks it and does not tell it.
    pub password: String,
    /// The role.
    pub role: String,
    /// Area codes by `;`; empty: none.
    pub areas: String,
    /// Since when, in microseconds.
    pub created_at: i64,
    /// Wrong passwords since the last right one.
    pub failures: i64,
    /// No sign-in before, in microseconds.
    pub locked_until: i64,
    /// Whether the password must be changed first.
    pub must_change: bool,
    /// Whether the user may not sign in at all.
    pub is_disabled: bool,
    /// Who made the user by vouching for it; nothing: somebody here.
    pub authority: Option<String>,
}

const COLUMNS: &str = "name, password, role, areas, created_at, failures, locked_until, \
                       must_change, is_disabled, authority";

fn user(row: &Row<'_>) -> Result<UserRow> {
    Ok(UserRow {
        name: row.text(0)?.to_owned(),
        password: row.text(1)?.to_owned(),
        role: row.text(2)?.to_owned(),
        areas: row.text(3)?.to_owned(),
        created_at: row.int(4)?,
        failures: row.int(5)?,
        locked_until: row.int(6)?,
        must_change: row.int(7)? != 0,
        is_disabled: row.int(8)? != 0,
        authority: row.opt_text(9)?.map(str::to_owned),
    })
}

/// Writes a user; one of the same name is replaced.
pub fn put(tx: &mut Tx<'_>, it: &UserRow) -> Result<()> {
    let sql = format!(
        "INSERT INTO users ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) \
         ON CONFLICT (name) DO UPDATE SET password = excluded.password, role = excluded.role, \
         areas = excluded.areas, failures = excluded.failures, \
         locked_until = excluded.locked_until, must_change = excluded.must_change, \
         is_disabled = excluded.is_disabled, authority = excluded.authority"
    );
    let values = [
        (&it.name).into(),
        (&it.password).into(),
        (&it.role).into(),
        (&it.areas).into(),
        it.created_at.into(),
        it.failures.into(),
        it.locked_until.into(),
        it.must_change.into(),
        it.is_disabled.into(),
        it.authority.as_ref().into(),
    ];
    tx.execute(&sql, &values).map(drop)
}

/// A user by name.
pub fn by_name(tx: &mut Tx<'_>, name: &str) -> Result<Option<UserRow>> {
    tx.one(&format!("SELECT {COLUMNS} FROM users WHERE name = ?1"), &[name.into()], user)
}

/// All users, by name.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<UserRow>> {
    let mut found = Vec::new();
    tx.each(&format!("SELECT {COLUMNS} FROM users ORDER BY name"), &[], &mut |row| {
        found.push(user(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Digest and answer of a request that named a key.
pub fn answered(tx: &mut Tx<'_>, key: &str) -> Result<Option<(String, String)>> {
    tx.one("SELECT digest, answer FROM requests WHERE request_key = ?1", &[key.into()], |row| {
        Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))
    })
}

/// Keeps the answer to a request that named a key.
pub fn answer(tx: &mut Tx<'_>, key: &str, digest: &str, at: i64, answer: &str) -> Result<()> {
    let sql = "INSERT INTO requests (request_key, digest, at, answer) VALUES (?1, ?2, ?3, ?4)";
    tx.execute(sql, &[key.into(), digest.into(), at.into(), answer.into()]).map(drop)
}
