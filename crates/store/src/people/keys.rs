//! Keys that outlive a change of the master key, under the master key.

use crate::error::Result;
use crate::transaction::Tx;

/// The key of a purpose as it lies here; nothing where it still comes from the master key itself.
pub fn of(tx: &mut Tx<'_>, purpose: &str) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT wrapped FROM purpose_keys WHERE purpose = ?1";
    tx.one(sql, &[purpose.into()], |row| Ok(row.bytes(0)?.to_vec()))
}

/// Puts the key of a purpose down.
pub fn put(tx: &mut Tx<'_>, purpose: &str, wrapped: &[u8]) -> Result<()> {
    let sql = "INSERT INTO purpose_keys (purpose, wrapped) VALUES (?1, ?2) \
               ON CONFLICT (purpose) DO UPDATE SET wrapped = excluded.wrapped";
    tx.execute(sql, &[purpose.into(), wrapped.into()]).map(drop)
}
