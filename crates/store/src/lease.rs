//! The right to write, held by one server at a time.

use crate::error::{Error, Kind, Result};
use crate::transaction::Tx;

/// Takes or keeps the right to write until `until` (microseconds): free, run out, or already this
/// holder's.
///
/// # Errors
/// [`Kind::NotTheWriter`] while another holds it.
pub fn take(tx: &mut Tx<'_>, holder: &str, now: i64, until: i64) -> Result<()> {
    let sql = "INSERT INTO lease (name, holder, until) VALUES ('writer', ?1, ?2) \
               ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until \
               WHERE lease.holder = excluded.holder OR lease.until < ?3";
    let taken = tx.execute(sql, &[holder.into(), until.into(), now.into()])?;
    if taken == 1 {
        return Ok(());
    }
    let other = tx.one("SELECT holder FROM lease", &[], |row| row.text(0).map(str::to_owned))?;
    let other = other.unwrap_or_default();
    Err(Error::new(Kind::NotTheWriter, format!("{other} holds the right to write")))
}

/// Gives the right back.
pub fn release(tx: &mut Tx<'_>, holder: &str) -> Result<()> {
    tx.execute("DELETE FROM lease WHERE holder = ?1", &[holder.into()]).map(drop)
}
