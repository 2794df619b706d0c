//! Single values by name.

use crate::error::Result;
use crate::transaction::Tx;

/// A value, where it was ever set.
pub fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>> {
    if let Some(known) = tx.remembered.value(name) {
        return Ok(known);
    }
    let sql = "SELECT value FROM settings WHERE name = ?1";
    let found = tx.one(sql, &[name.into()], |row| row.text(0).map(str::to_owned))?;
    tx.remembered.keep(name, found.clone());
    Ok(found)
}

/// Sets a value; it is written with the end of the transaction.
pub fn set(tx: &mut Tx<'_>, name: &str, value: &str) {
    tx.remembered.set(name, value);
}

/// Takes a value away.
pub fn remove(tx: &mut Tx<'_>, name: &str) -> Result<()> {
    tx.remembered.remove(name);
    tx.execute("DELETE FROM settings WHERE name = ?1", &[name.into()]).map(drop)
}
