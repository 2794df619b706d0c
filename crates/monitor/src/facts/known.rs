//! Which rows of a table count: recorded by the as-of instant, complete, not superseded, each once.

use super::Reader;
use base::codes::monitor::{FACT_ID_TWICE, FACT_INCOMPLETE};
use jiff::Timestamp;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A hash of a text, the same in every run. Never decides anything alone.
#[inline]
pub(crate) fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

impl Reader<'_> {
    /// The rows that count, sorted by household, those of no household first.
    pub(super) fn known_rows(&mut self, as_of: Option<Timestamp>) -> Vec<u32> {
        let mut rows = self.recorded_rows(as_of);
        let columns = self.columns;
        let named = rows.iter().filter_map(|&it| columns.supersedes.get(it as usize));
        let superseded: HashSet<&str> = named.collect();
        if !superseded.is_empty() {
            let id = |row: u32| columns.fact_id.get(row as usize).unwrap_or_default();
            rows.retain(|&row| {
                let corrects_itself = columns.supersedes.get(row as usize) == Some(id(row));
                corrects_itself || !superseded.contains(id(row))
            });
        }
        rows.retain(|&row| match self.missing(row) {
            None => true,
            Some(what) => {
                self.reject(row, &FACT_INCOMPLETE, what.into());
                false
            }
        });
        let household = |row: &u32| columns.household.get(*row as usize);
        if !rows.is_sorted_by_key(household) {
            rows.sort_by(|left, right| household(left).cmp(&household(right)));
        }
        self.once_each(rows)
    }

    /// The rows recorded by the as-of instant; one that does not say when is a reject.
    fn recorded_rows(&mut self, as_of: Option<Timestamp>) -> Vec<u32> {
        let latest = as_of.map_or(i64::MAX, Timestamp::as_microsecond);
        let mut rows = Vec::with_capacity(self.columns.rows);
        for row in 0..self.columns.rows as u32 {
            match self.columns.recorded(row as usize) {
                Some(recorded) if recorded <= latest => rows.push(row),
                Some(_) => {}
                None => self.reject(row, &FACT_INCOMPLETE, "it has no recorded_at".into()),
            }
        }
        rows
    }

    /// What a row lacks or how it contradicts itself.
    fn missing(&self, row: u32) -> Option<&'static str> {
        let (columns, row) = (self.columns, row as usize);
        let Some(id) = columns.fact_id.get(row) else { return Some("it has no fact_id") };
        if columns.fact.get(row).is_none() {
            return Some("it has no code in `fact`");
        }
        let Some(from) = columns.valid_from.get(row) else {
            return Some("it has no valid_from");
        };
        if columns.valid_to.get(row).is_some_and(|it| it < from) {
            return Some("its valid_to lies before its valid_from");
        }
        (columns.supersedes.get(row) == Some(id)).then_some("it supersedes itself")
    }

    /// Collapses equal rows of a household with one id; rejects all where they differ.
    fn once_each(&mut self, mut rows: Vec<u32>) -> Vec<u32> {
        let columns = self.columns;
        let household = |row: u32| columns.household.get(row as usize);
        let mut left_out = Vec::new();
        let mut ids: Vec<(u64, u32)> = Vec::new();
        for run in rows.chunk_by(|&left, &right| household(left) == household(right)) {
            let id = |&row: &u32| (hash(columns.fact_id.get(row as usize).unwrap_or("")), row);
            ids.clear();
            ids.extend(run.iter().map(id));
            ids.sort_unstable();
            for same in ids.chunk_by(|left, right| left.0 == right.0).filter(|it| it.len() > 1) {
                self.settle(same, &mut left_out);
            }
        }
        if !left_out.is_empty() {
            left_out.sort_unstable();
            rows.retain(|row| left_out.binary_search(row).is_err());
        }
        rows
    }

    /// Rows of a household whose ids have one hash: says which to leave out.
    fn settle(&mut self, same: &[(u64, u32)], left_out: &mut Vec<u32>) {
        let mut rows: Vec<u32> = same.iter().map(|it| it.1).collect();
        let columns = self.columns;
        let id = |row: u32| columns.fact_id.get(row as usize);
        rows.sort_by(|&left, &right| id(left).cmp(&id(right)).then(left.cmp(&right)));
        for group in rows.chunk_by(|&left, &right| id(left) == id(right)) {
            let (first, others) = (group[0], &group[1..]);
            if others.iter().all(|&it| self.is_same(first, it)) {
                left_out.extend(others);
                continue;
            }
            for &row in group {
                let why = "another fact of the household has the same id and differs";
                self.reject(row, &FACT_ID_TWICE, why.into());
            }
            left_out.extend(group);
        }
    }

    fn is_same(&self, left: u32, right: u32) -> bool {
        let columns = self.columns;
        let (left, right) = (left as usize, right as usize);
        let texts = [
            &columns.member,
            &columns.site,
            &columns.fact,
            &columns.value,
            &columns.source,
            &columns.supersedes,
        ];
        texts.iter().all(|it| it.get(left) == it.get(right))
            && columns.valid_from.get(left) == columns.valid_from.get(right)
            && columns.valid_to.get(left) == columns.valid_to.get(right)
            && columns.recorded(left) == columns.recorded(right)
    }
}
