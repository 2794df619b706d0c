//! Histories that were read before, kept in memory in a compact form.
//!
//! Facts are only ever appended and numbered in the order they came, so what was read of a subject
//! stays true: whoever reads it again asks for what came after. Facts of a transaction under way
//! are never kept, because it may be undone. What was used least recently is forgotten first. Where
//! facts were erased everything is forgotten, and who still sees the database as it was before that
//! gets nothing and leaves nothing here.

use monitor::facts::{Fact, FactCodes};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::facts::Subject;

/// Bytes of kept facts, at most.
const BYTES_MAX: usize = 128 << 20;

/// A fact as it is kept. What codes and periods make of it is looked up again.
#[derive(Serialize, Deserialize)]
struct Record<'a> {
    id: &'a str,
    member: Option<&'a str>,
    code: u16,
    text: &'a str,
    from: i32,
    to: Option<i32>,
    recorded_at: i64,
    supersedes: Option<&'a str>,
}

/// The facts of a subject up to a number.
#[derive(Default)]
pub struct History {
    /// The number of the last fact of anybody when it was read.
    pub upto: i64,
    records: Vec<u8>,
}

impl History {
    /// Adds facts of the subject, all that came up to a number; `None` where one cannot be written.
    pub fn extend<'f>(
        &mut self,
        facts: impl IntoIterator<Item = &'f Fact>,
        upto: i64,
    ) -> Option<()> {
        self.upto = upto;
        for fact in facts {
            let record = Record {
                id: &fact.id,
                member: fact.member.as_deref(),
                code: fact.code,
                text: &fact.text,
                from: fact.from,
                to: fact.to,
                recorded_at: fact.recorded_at,
                supersedes: fact.supersedes.as_deref(),
            };
            postcard::to_io(&record, &mut self.records).ok()?;
        }
        Some(())
    }

    /// The facts, in the order they were added; `None` where they cannot be read.
    pub fn facts(&self, codes: &FactCodes, subject: &Subject) -> Option<Vec<Fact>> {
        let mut rest = self.records.as_slice();
        // A record is rarely shorter.
        let mut facts = Vec::with_capacity(rest.len() / 40);
        let site = match subject {
            Subject::Site(site) => Some(site.as_str().into()),
            Subject::Household(_) | Subject::Member(_) => None,
        };
        while !rest.is_empty() {
            let (record, after): (Record<'_>, _) = postcard::take_from_bytes(rest).ok()?;
            rest = after;
            facts.push(Fact {
                id: record.id.into(),
                household: "".into(),
                member: record.member.map(Into::into),
                site: site.clone(),
                code: record.code,
                number: monitor::facts::number(record.text),
                text: record.text.into(),
                from: record.from,
                to: record.to,
                begins: codes.period(record.from),
                at: codes.period(record.to.unwrap_or(record.from)),
                recorded_at: record.recorded_at,
                supersedes: record.supersedes.map(Into::into),
            });
        }
        Some(facts)
    }

    fn bytes(&self) -> usize {
        // The subject and its place in the table are about as much as that.
        self.records.capacity() + 128
    }
}

type Table = HashMap<Subject, History>;

/// Kept histories for one set of codes.
#[derive(Default)]
struct Tables {
    /// Of which codes; others would number facts differently.
    of: u64,
    /// How often facts had been erased when they were read.
    erasures: i64,
    /// Used since the last turn.
    recent: Table,
    recent_bytes: usize,
    /// Used in the turn before, and not since.
    older: Table,
}

/// All histories that are kept.
#[derive(Default)]
pub struct Kept(Mutex<Tables>);

/// What is kept, for somebody who sees the database after so many erasures of facts.
#[derive(Clone, Copy)]
pub struct Since<'k> {
    kept: &'k Kept,
    erasures: i64,
}

impl Kept {
    /// What is kept, for a transaction that sees so many erasures of facts.
    pub fn since(&self, erasures: i64) -> Since<'_> {
        Since { kept: self, erasures }
    }

    /// Forgets everything.
    pub fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Tables::default();
    }
}

impl<'k> Since<'k> {
    /// Nothing for who sees less than others did before.
    fn tables(&self, codes: &FactCodes) -> Option<MutexGuard<'k, Tables>> {
        let mut tables = self.kept.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tables.erasures > self.erasures {
            return None;
        }
        if (tables.of, tables.erasures) != (codes.id(), self.erasures) {
            *tables = Tables { of: codes.id(), erasures: self.erasures, ..Tables::default() };
        }
        Some(tables)
    }

    /// Takes a history out that reaches no further than a number, to be given back with what came
    /// since. One that reaches further was read by somebody who sees more, and stays.
    pub fn take(&self, codes: &FactCodes, subject: &Subject, upto: i64) -> Option<History> {
        let mut tables = self.tables(codes)?;
        let Tables { recent, recent_bytes, older, .. } = &mut *tables;
        let is_seen = |it: &Table| it.get(subject).is_some_and(|it| it.upto <= upto);
        if is_seen(recent) {
            let found = recent.remove(subject)?;
            *recent_bytes -= found.bytes();
            return Some(found);
        }
        if is_seen(older) { older.remove(subject) } else { None }
    }

    /// Keeps a history.
    pub fn put(&self, codes: &FactCodes, subject: Subject, history: History) {
        let Some(mut tables) = self.tables(codes) else { return };
        if tables.recent.get(&subject).is_some_and(|it| it.upto > history.upto) {
            return;
        }
        if tables.recent_bytes + history.bytes() > BYTES_MAX / 2 {
            tables.older = std::mem::take(&mut tables.recent);
            tables.recent_bytes = 0;
        }
        tables.recent_bytes += history.bytes();
        if let Some(before) = tables.recent.insert(subject, history) {
            tables.recent_bytes -= before.bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn codes() -> FactCodes {
        let files = Arc::new(std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        let loaded = crate::load(&files.join("../../packs/tongchuan")).expect("a pack");
        FactCodes::of(loaded.pack())
    }

    #[test]
    fn what_was_read_before_an_erasure_is_given_to_nobody_after_it() {
        let (kept, codes) = (Kept::default(), codes());
        let subject = || Subject::Household("H1".to_owned());
        let history = || History { upto: 1, records: Vec::new() };
        kept.since(0).put(&codes, subject(), history());
        assert!(kept.since(0).take(&codes, &subject(), 1).is_some());
        kept.since(0).put(&codes, subject(), history());
        assert!(kept.since(1).take(&codes, &subject(), 1).is_none(), "read before the erasure");
        // Somebody whose transaction began before it ends after it.
        kept.since(0).put(&codes, subject(), history());
        assert!(kept.since(1).take(&codes, &subject(), 1).is_none(), "put by who saw less");
        kept.since(1).put(&codes, subject(), history());
        assert!(kept.since(0).take(&codes, &subject(), 1).is_none(), "given to who saw less");
        assert!(kept.since(1).take(&codes, &subject(), 1).is_some());
    }
}
