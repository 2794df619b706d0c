//! Single values by name.

use crate::error::Result;
use crate::transaction::Tx;

/// A value, where it was ever set.
pub fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>> {
    tx.one("SELECT value FROM settings WHERE name = ?1", &[name.into()], |row| {
        row.text(0).map(str::to_owned)
    })
}

/// Takes a value away.
pub fn remove(tx: &mut Tx<'_>, name: &str) -> Result<()> {
    tx.execute("DELETE FROM settings WHERE name = ?1", &[name.into()]).map(drop)
}

/// Sets a value.
pub fn set(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO settings (name, value) VALUES (?1, ?2) \
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(sql, &[name.into(), value.into()]).map(drop)
}
