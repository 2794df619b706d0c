//! Facts: one dated, sourced observation of a household, member or site each.
//!
//! [`from_source`] is the way in. It leaves out what had not been recorded by the as-of instant
//! and what had been corrected by then, and reads each value as the pack's attributes expect it.
//! It never edits a fact, never guesses a value, reads no file and does not know what day it is.
//!
//! **Superseding.** A fact leaves as soon as any fact recorded by the as-of instant names it in
//! `supersedes`, even where the correction cannot be read itself: the old value is known to be
//! wrong. A corrected correction does not bring the first value back.
//!
//! **Rejects.** A value that an attribute cannot read is a reject, and the attributes that can read
//! it still do (a text, say, by `matching`). An incomplete fact counts nowhere. Two rows of a
//! household with one id collapse where they are equal, as when a file is read twice; where they
//! differ neither counts. Facts of codes the pack does not use are counted and no error.

mod codes;
mod columns;
mod known;
mod notes;
mod seen;
mod shared;
mod value;

pub use codes::FactCodes;
pub use notes::{ColumnsError, FactNotes, FactReject};
pub use shared::{MoverScan, Shared, SharedScan, shared_from_source};

pub(crate) use codes::{Expects, expects};
pub(crate) use columns::Columns;

use arrow::array::RecordBatch;
use base::codes::monitor::{FACT_INCOMPLETE, FACT_UNREADABLE, FACTS_COLUMN};
use base::{Code, HouseholdId};
use jiff::Timestamp;
use jiff::civil::Date;
use pack::{Pack, Subject};

/// The end of a state that has none.
pub(crate) const OPEN: i32 = i32::MAX;

/// Facts of whole households, sorted by household, that count at an as-of instant.
#[derive(Clone, Debug)]
pub struct Facts {
    pub(crate) columns: Option<Columns>,
    pub(crate) facts: Vec<Fact>,
    /// First facts of the households, and the number of facts at the end.
    pub(crate) starts: Vec<usize>,
    codes: FactCodes,
    notes: FactNotes,
}

/// One fact, read; its texts stay in the columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    pub number: f64,
    /// Microseconds since 1970-01-01T00:00Z.
    pub recorded: i64,
    /// Row in the columns it was read from.
    pub row: u32,
    /// Days since 1970-01-01.
    pub from: i32,
    /// Days since 1970-01-01; [`OPEN`] where it has no end.
    pub to: i32,
    /// 0 for the subject's own, else the member's place among the household's plus one.
    pub member: u32,
    pub code: u16,
    pub source: u16,
    /// `true` and `false`, else `None`.
    pub truth: Option<bool>,
    /// Whether its texts are in the shared facts and not in the household's own.
    pub is_shared: bool,
}

/// A fact as a person would read it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FactView<'a> {
    /// Its id.
    pub fact_id: &'a str,
    /// The household it was recorded under.
    pub household_id: Option<&'a str>,
    /// The member it is about.
    pub member_id: Option<&'a str>,
    /// The site it is about.
    pub site_id: Option<&'a str>,
    /// Its code.
    pub fact: &'a str,
    /// Its value as written.
    pub value: &'a str,
    /// Its value as a number, where the pack expects one of this code and it is one.
    pub number: Option<f64>,
    /// First day it is about.
    pub valid_from: Date,
    /// Last day it is about.
    pub valid_to: Option<Date>,
    /// When it was learned.
    pub recorded_at: Timestamp,
    /// Department or channel.
    pub source: Option<&'a str>,
}

/// Reads the facts of whole households that count at `as_of` (all where it is `None`).
///
/// `batch` has the columns of a table of facts, by name, in any order of rows; the texts plain or
/// with a dictionary. Rejects stand in the order of the rows. A table without its columns gives
/// no fact and one reject.
pub fn from_source(
    batch: &RecordBatch,
    pack: &Pack,
    as_of: Option<Timestamp>,
) -> (Facts, Vec<FactReject>) {
    from_source_with(batch, &FactCodes::new(pack), as_of)
}

/// As [`from_source`], with the pack's codes interned once for many batches.
pub fn from_source_with(
    batch: &RecordBatch,
    codes: &FactCodes,
    as_of: Option<Timestamp>,
) -> (Facts, Vec<FactReject>) {
    let columns = match Columns::read(batch) {
        Ok(columns) => columns,
        Err(error) => {
            let reject = FactReject {
                row: 0,
                fact_id: String::new(),
                household_id: None,
                fact: String::new(),
                code: &FACTS_COLUMN,
                why: error.to_string(),
            };
            return (Facts::none(codes), vec![reject]);
        }
    };
    let mut reader = Reader { columns: &columns, codes, rejects: Vec::new() };
    let (facts, starts, notes) = reader.read(as_of);
    let mut rejects = reader.rejects;
    rejects.sort_by_key(|it| it.row);
    (Facts { columns: Some(columns), facts, starts, codes: codes.clone(), notes }, rejects)
}

impl Facts {
    /// How many facts count.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether no fact counts.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// What was left out without being wrong.
    pub fn notes(&self) -> &FactNotes {
        &self.notes
    }

    /// The facts that count, household by household, bytewise; those of no household first.
    pub fn iter(&self) -> impl Iterator<Item = FactView<'_>> {
        let columns = self.columns.as_ref();
        columns.into_iter().flat_map(|columns| self.facts.iter().map(|it| it.view(columns)))
    }

    /// The facts of each household, those of no household first.
    pub(crate) fn households(&self) -> impl Iterator<Item = &[Fact]> {
        self.starts.windows(2).map(|it| &self.facts[it[0]..it[1]])
    }

    fn none(codes: &FactCodes) -> Facts {
        let (codes, notes) = (codes.clone(), FactNotes::default());
        Facts { columns: None, facts: Vec::new(), starts: vec![0], codes, notes }
    }
}

impl Fact {
    /// Last day of a fact about an amount: its valid end, else its valid start.
    #[inline]
    pub fn last_day(&self) -> i32 {
        if self.to == OPEN { self.from } else { self.to }
    }

    fn view<'a>(&self, columns: &'a Columns) -> FactView<'a> {
        let row = self.row as usize;
        FactView {
            fact_id: columns.fact_id.get(row).unwrap_or_default(),
            household_id: columns.household.get(row),
            member_id: columns.member.get(row),
            site_id: columns.site.get(row),
            fact: columns.fact.get(row).unwrap_or_default(),
            value: columns.value.get(row).unwrap_or_default(),
            number: (!self.number.is_nan()).then_some(self.number),
            valid_from: day(self.from),
            valid_to: (self.to != OPEN).then(|| day(self.to)),
            recorded_at: Timestamp::from_microsecond(self.recorded).unwrap_or(Timestamp::MAX),
            source: columns.source.get(row),
        }
    }
}

/// A day from its number since 1970-01-01; days beyond the calendar become its last.
fn day(number: i32) -> Date {
    let epoch = Date::constant(1970, 1, 1);
    epoch.checked_add(jiff::SignedDuration::from_hours(i64::from(number) * 24)).unwrap_or(Date::MAX)
}

/// Reads one table.
struct Reader<'a> {
    columns: &'a Columns,
    codes: &'a FactCodes,
    rejects: Vec<FactReject>,
}

impl Reader<'_> {
    fn read(&mut self, as_of: Option<Timestamp>) -> (Vec<Fact>, Vec<usize>, FactNotes) {
        let rows = self.known_rows(as_of);
        let (mut facts, mut starts) = (Vec::with_capacity(rows.len()), vec![0]);
        let mut notes = FactNotes::default();
        let columns = self.columns;
        for run in rows.chunk_by(|&left, &right| {
            columns.household.get(left as usize) == columns.household.get(right as usize)
        }) {
            let household = columns.household.get(run[0] as usize);
            if let Some(id) = household
                && let Err(error) = HouseholdId::new(id)
            {
                run.iter().for_each(|&row| self.reject(row, &FACT_INCOMPLETE, error.to_string()));
                continue;
            }
            let start = facts.len();
            for &row in run {
                facts.extend(self.fact(row, &mut notes));
            }
            if facts.len() == start {
                continue;
            }
            starts.push(facts.len());
            let area = self.codes.reserved.area;
            if let Some(id) = household
                && !facts[start..].iter().any(|it: &Fact| it.code == area)
            {
                notes.households_without_area += 1;
                notes.first_without_area.get_or_insert_with(|| id.to_owned());
            }
        }
        (facts, starts, notes)
    }

    /// One fact; `None` where it counts nowhere.
    fn fact(&mut self, row: u32, notes: &mut FactNotes) -> Option<Fact> {
        let (columns, at) = (self.columns, row as usize);
        let name = columns.fact.get(at).unwrap_or_default();
        let Some(code) = self.codes.code(name) else {
            count(&mut notes.unused, name);
            return None;
        };
        let needs = self.codes.needs(code);
        let Some(subject) = self.subject(at) else {
            self.reject(row, &FACT_INCOMPLETE, "it names no household, member or site".into());
            return None;
        };
        if !needs.subjects[subject as usize] {
            count(&mut notes.other_subject, name);
            return None;
        }
        let Some(text) = columns.value.get(at) else {
            self.reject(row, &FACT_INCOMPLETE, "it has no value".into());
            return None;
        };
        let from = columns.valid_from.get(at).unwrap_or_default();
        let to = columns.valid_to.get(at).unwrap_or(OPEN);
        let number = if needs.number || needs.truth || !needs.boolean {
            value::plain_decimal(text).unwrap_or(f64::NAN)
        } else {
            f64::NAN
        };
        let truth = value::boolean(text);
        let unreadable = match (number.is_nan(), truth.is_none()) {
            (true, _) if needs.number => Some("a plain decimal number"),
            (_, true) if needs.boolean => Some("`true` or `false`"),
            (true, true) if needs.truth => Some("`true`, `false` or a plain decimal number"),
            _ => None,
        };
        if let Some(wanted) = unreadable {
            self.reject(row, &FACT_UNREADABLE, format!("`{text}` is not {wanted}"));
        }
        let recorded = columns.recorded(at).unwrap_or(i64::MAX);
        let source = self.codes.source(columns.source.get(at));
        let (member, is_shared) = (0, false);
        Some(Fact { number, recorded, row, from, to, member, code, source, truth, is_shared })
    }

    /// Whom a fact is about: the member if it names one, else the site, else the household.
    fn subject(&self, row: usize) -> Option<Subject> {
        let columns = self.columns;
        if columns.member.get(row).is_some() {
            Some(Subject::Member)
        } else if columns.site.get(row).is_some() {
            Some(Subject::Site)
        } else {
            columns.household.get(row).map(|_| Subject::Household)
        }
    }

    fn reject(&mut self, row: u32, code: &'static Code, why: String) {
        let text = |it: Option<&str>| it.map(str::to_owned);
        let (columns, row) = (self.columns, row as usize);
        self.rejects.push(FactReject {
            row,
            fact_id: text(columns.fact_id.get(row)).unwrap_or_default(),
            household_id: text(columns.household.get(row)),
            fact: text(columns.fact.get(row)).unwrap_or_default(),
            code,
            why,
        });
    }
}

fn count(counts: &mut std::collections::BTreeMap<String, u64>, name: &str) {
    match counts.get_mut(name) {
        Some(count) => *count += 1,
        None => drop(counts.insert(name.to_owned(), 1)),
    }
}
