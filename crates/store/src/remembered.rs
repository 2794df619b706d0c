//! What the parts of a transaction ask for again and again, asked once: single values, and the ends
//! of the audit chain and of the notes of who was scored. Nobody else writes meanwhile, so that it
//! cannot go stale.
//!
//! Values that are set are written when the transaction ends. A part that is undone takes what it
//! remembered with it.

use std::collections::{BTreeMap, BTreeSet};

/// What one transaction remembers.
#[derive(Clone, Default)]
pub(crate) struct Remembered {
    /// Single values by name; `None` where there is none.
    values: BTreeMap<String, Option<String>>,
    /// Names of those that were set and not written yet.
    unwritten: BTreeSet<String>,
    /// Number and seal of the last row of the audit chain; of an empty one 0 and nothing.
    pub(crate) last_seal: Option<(i64, Vec<u8>)>,
    /// The number of the last note of who was scored.
    pub(crate) last_scored: Option<i64>,
}

impl Remembered {
    /// A value, where it was asked for or set before.
    pub(crate) fn value(&self, name: &str) -> Option<Option<String>> {
        self.values.get(name).cloned()
    }

    /// Remembers a value as it lies in the database.
    pub(crate) fn keep(&mut self, name: &str, value: Option<String>) {
        self.values.insert(name.to_owned(), value);
    }

    /// Remembers a value that is to be written.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_owned(), Some(value.to_owned()));
        self.unwritten.insert(name.to_owned());
    }

    /// Forgets a value, which is taken out of the database.
    pub(crate) fn remove(&mut self, name: &str) {
        self.unwritten.remove(name);
        self.keep(name, None);
    }

    /// Names and values that are to be written now.
    pub(crate) fn take_unwritten(&mut self) -> Vec<(String, String)> {
        let names = std::mem::take(&mut self.unwritten).into_iter();
        names.filter_map(|name| Some((name.clone(), self.values.get(&name)?.clone()?))).collect()
    }
}
