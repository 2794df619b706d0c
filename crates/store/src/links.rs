//! Which household a member ever joined, and which ever settled on a site.

use crate::error::Result;
use crate::insert::Column;
use crate::transaction::Tx;
use std::collections::BTreeSet;

/// A kind of link between two ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Household and member.
    Joined,
    /// Site and household.
    Settled,
}

impl Link {
    const fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Link::Joined => ("joined", "household_id", "member_id"),
            Link::Settled => ("settled", "site_id", "household_id"),
        }
    }
}

/// Adds links; one that is there already stays.
pub fn add(tx: &mut Tx<'_>, link: Link, pairs: &BTreeSet<(String, String)>) -> Result<()> {
    let (table, from, to) = link.names();
    let columns = [
        (from, Column::Texts(pairs.iter().map(|it| it.0.as_str()).collect())),
        (to, Column::Texts(pairs.iter().map(|it| it.1.as_str()).collect())),
    ];
    tx.insert(table, &columns, "ON CONFLICT DO NOTHING").map(drop)
}

/// Links of some ids on the left side.
pub fn of(tx: &mut Tx<'_>, link: Link, ids: &[&str]) -> Result<Vec<(String, String)>> {
    let (table, from, to) = link.names();
    let sql = format!("SELECT {from}, {to} FROM {table} WHERE {from} IN {{texts}} ORDER BY 1, 2");
    let mut found = Vec::new();
    tx.each_of(&sql, &[], ids, &mut |row| {
        found.push((row.text(0)?.to_owned(), row.text(1)?.to_owned()));
        Ok(())
    })?;
    Ok(found)
}
