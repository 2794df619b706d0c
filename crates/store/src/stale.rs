//! Households whose scores are older than their facts.

use crate::error::Result;
use crate::insert::Column;
use crate::transaction::Tx;
use std::collections::BTreeMap;

/// Notes households and the first period that has to be scored again.
pub fn add(tx: &mut Tx<'_>, households: &BTreeMap<String, i64>) -> Result<()> {
    let columns = [
        ("household_id", Column::Texts(households.keys().map(String::as_str).collect())),
        ("from_period", Column::Ints(households.values().copied().collect())),
    ];
    let conflict = "ON CONFLICT (household_id) DO UPDATE SET from_period = CASE \
                    WHEN excluded.from_period < stale.from_period THEN excluded.from_period \
                    ELSE stale.from_period END";
    tx.insert("stale", &columns, conflict).map(drop)
}

/// The first households of those noted, at most so many.
pub fn first(tx: &mut Tx<'_>, most: i64) -> Result<BTreeMap<String, i64>> {
    let sql = "SELECT household_id, from_period FROM stale ORDER BY household_id LIMIT ?1";
    let mut found = BTreeMap::new();
    tx.each(sql, &[most.into()], &mut |row| {
        found.insert(row.text(0)?.to_owned(), row.int(1)?);
        Ok(())
    })?;
    Ok(found)
}

/// Takes notes away up to a household, that one included.
pub fn done(tx: &mut Tx<'_>, last: &str) -> Result<()> {
    tx.execute("DELETE FROM stale WHERE household_id <= ?1", &[last.into()]).map(drop)
}

/// How many households are noted.
pub fn count(tx: &mut Tx<'_>) -> Result<i64> {
    Ok(tx.one("SELECT count(*) FROM stale", &[], |row| row.int(0))?.unwrap_or(0))
}
