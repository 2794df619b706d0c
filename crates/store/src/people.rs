//! The registry's rows: households, people, what identifies them, and what became of them.

pub mod changes;
pub mod duplicates;
pub mod households;
pub mod keys;
pub mod merges;
pub mod names;
pub mod persons;
pub mod sealed;
pub mod unmaskings;

use crate::error::Result;
use crate::settings;
use crate::transaction::Tx;

/// The next of the numbers kept under a name, `count` of them; gives the first.
fn numbers(tx: &mut Tx<'_>, name: &str, count: usize) -> Result<i64> {
    let last = settings::get(tx, name)?.and_then(|it| it.parse::<i64>().ok()).unwrap_or(0);
    settings::set(tx, name, &(last + count as i64).to_string());
    Ok(last + 1)
}

/// Everything of `columns` but the first `keys`, as it is set where a row is there already.
fn replaced(columns: &[(&str, crate::insert::Column<'_>)], keys: usize) -> String {
    let set = columns.iter().skip(keys).map(|(name, _)| format!("{name} = excluded.{name}"));
    let named: Vec<&str> = columns.iter().take(keys).map(|it| it.0).collect();
    let set: Vec<String> = set.collect();
    format!("ON CONFLICT ({}) DO UPDATE SET {}", named.join(", "), set.join(", "))
}
