//! Facts of files as a list, in the order in which they were learned.

use super::import::facts::Held;
use crate::Refused;
use crate::assess::fact_spec;
use crate::input::Files;
use store::facts::FactRow;
use tables::ReadOptions;

/// Reads files of facts whole; rows that cannot be used are left out. For files that are to be told
/// fact by fact: an import streams (see [`super::Live::import`]).
///
/// # Errors
/// A file that cannot be read at all.
pub fn in_order_of_learning(files: &Files) -> Result<Vec<FactRow>, Refused> {
    let aligned = tables::by_household(files.open(&fact_spec())?, &ReadOptions::default());
    let mut held = Held::default();
    for batch in aligned.map_err(|it| vec![it])?.partitions.into_iter().flatten() {
        held.add(&batch.map_err(|it| vec![it])?)?;
    }
    held.facts.sort_by(|a, b| (a.recorded_at, &a.fact_id).cmp(&(b.recorded_at, &b.fact_id)));
    Ok(held.facts)
}
