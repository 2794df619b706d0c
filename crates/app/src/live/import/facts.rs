//! Files of facts: one dated observation a row.

use super::ahead::ahead;
use super::guess::mapping_of;
use super::hand::{Done, Piece, tried};
use super::request::Kind;
use super::{Import, Importer};
use crate::Refused;
use crate::assess::fact_spec;
use crate::live::Scoring;
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, TimeUnit, TimestampMicrosecondType};
use base::Diagnostic;
use base::codes::tables as codes;
use std::path::PathBuf;
use std::sync::Arc;
use store::facts::{FactRow, Subject};
use tables::{Batch, Lines, Partition, Reject};

impl Import<'_> {
    /// Imports files of facts.
    pub fn facts(&mut self, paths: &[PathBuf]) -> Result<(), Refused> {
        let one = |it: Diagnostic| vec![it];
        let mut inputs = Vec::new();
        let mut findings = Vec::new();
        for path in paths {
            let mapping = mapping_of(self.live, self.request, Kind::Facts, path)?;
            match tables::open(path, &fact_spec(), &mapping) {
                Ok(input) => inputs.push(input),
                Err(more) => findings.extend(more),
            }
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        for input in &inputs {
            let is_ignored = |it: &&Diagnostic| it.code.id == codes::COLUMN_IGNORED.id;
            self.imported.notes.extend(input.notes().iter().filter(is_ignored).cloned());
        }
        for path in paths {
            let mapping = mapping_of(self.live, self.request, Kind::Facts, path)?;
            self.watch(|| tables::open(path, &fact_spec(), &mapping))?;
        }
        let aligned = tables::by_household(inputs, &self.sorting()).map_err(one)?;
        let total = self.read.progress.load(std::sync::atomic::Ordering::Relaxed);
        let total = Some(total + aligned.rejects.len() as u64).filter(|it| *it > 0);
        self.imported.rows += aligned.rejects.len() as u64;
        self.imported.rejects.extend(aligned.rejects);
        let pieces = pieces(aligned.partitions, self.piece);
        ahead(pieces, |held| self.store_facts(held, total).map_err(one))
    }

    fn store_facts(&mut self, held: Held, total: Option<u64>) -> Result<(), Diagnostic> {
        let (facts, places) = (Arc::new(held.facts), held.places);
        self.imported.rows += held.rows;
        self.imported.rejects.extend(held.rejects);
        let done =
            self.hand.write(piece(facts.clone(), self.importer.clone(), self.request.is_dry))?;
        self.imported.accepted += done.receipt.accepted;
        self.imported.known += done.receipt.known;
        for rejected in done.receipt.rejected {
            let (file, line) = places[rejected.position].clone();
            let fact = &facts[rejected.position];
            self.imported.rejects.push(reject(fact, file, line, rejected.finding));
        }
        self.hand.progress("storing", self.imported.rows, total)
    }
}

/// The facts of files, about so many at a time.
fn pieces(partitions: Vec<Partition>, facts: usize) -> impl Iterator<Item = Result<Held, Refused>> {
    let mut batches = partitions.into_iter().flatten();
    std::iter::from_fn(move || {
        let mut held = Held::default();
        for batch in batches.by_ref() {
            if let Err(findings) = batch.map_err(|it| vec![it]).and_then(|it| held.add(&it)) {
                return Some(Err(findings));
            }
            if held.facts.len() >= facts {
                break;
            }
        }
        (held.rows > 0).then_some(Ok(held))
    })
}

fn piece(facts: Arc<Vec<FactRow>>, importer: Importer, is_dry: bool) -> Piece {
    let work: Piece = Box::new(move |live, tx| {
        let receipt = live.ingest_in(tx, &facts, Scoring::Later, &importer.act())?;
        Ok(Done { receipt, ..Done::default() })
    });
    if is_dry { Box::new(move |live, tx| tried(live, tx, work)) } else { work }
}

/// Facts of the next transaction, with their places.
#[derive(Default)]
pub(in crate::live) struct Held {
    pub(in crate::live) facts: Vec<FactRow>,
    places: Vec<(String, u64)>,
    /// Rows that they were in.
    rows: u64,
    /// Those that are none.
    rejects: Vec<Reject>,
}

impl Held {
    pub(in crate::live) fn add(&mut self, batch: &Batch) -> Result<(), Refused> {
        self.rows += batch.rows.num_rows() as u64;
        let columns = Columns::of(&batch.rows).map_err(|error| {
            let message = format!("facts could not be read: {error}");
            vec![Diagnostic::new(&codes::COLUMN_UNUSABLE, message)]
        })?;
        let lines: &Lines = &batch.lines;
        for row in 0..batch.rows.num_rows() {
            match columns.fact(row) {
                Ok(fact) => {
                    self.facts.push(fact);
                    self.places.push(lines.of(row));
                }
                Err(column) => {
                    let (file, line) = lines.of(row);
                    let message = format!("`{column}` is empty");
                    let finding = Diagnostic::new(&codes::EMPTY_KEY, message);
                    self.rejects.push(Reject {
                        file,
                        line,
                        household: columns.text(0, row),
                        period: None,
                        column: Some(column.to_owned()),
                        code: finding.code,
                        message: finding.message,
                        hint: Some(
                            "a fact needs an id, a code, a value, a day and a subject".into(),
                        ),
                    });
                }
            }
        }
        Ok(())
    }
}

fn reject(fact: &FactRow, file: String, line: u64, finding: Diagnostic) -> Reject {
    let household = match &fact.subject {
        Subject::Household(it) => Some(it.clone()),
        Subject::Member(_) | Subject::Site(_) => None,
    };
    Reject {
        file,
        line,
        household,
        period: None,
        column: None,
        code: finding.code,
        message: finding.message,
        hint: finding.hint,
    }
}

/// Columns of a batch in the order of [`fact_spec`].
struct Columns(Vec<arrow::array::ArrayRef>);

impl Columns {
    fn of(batch: &RecordBatch) -> Result<Self, arrow::error::ArrowError> {
        let instant = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        let cast_to = |(position, column): (usize, &arrow::array::ArrayRef)| {
            let kind = match position {
                6 | 7 => DataType::Date32,
                8 => instant.clone(),
                _ => DataType::Utf8,
            };
            cast(column, &kind)
        };
        batch.columns().iter().enumerate().map(cast_to).collect::<Result<_, _>>().map(Self)
    }

    fn text(&self, column: usize, row: usize) -> Option<String> {
        let texts = self.0[column].as_string::<i32>();
        (texts.is_valid(row) && !texts.value(row).is_empty()).then(|| texts.value(row).to_owned())
    }

    fn day(&self, column: usize, row: usize) -> Option<i64> {
        let days = self.0[column].as_primitive::<Date32Type>();
        days.is_valid(row).then(|| days.value(row).into())
    }

    /// A row as a fact, or the column it lacks.
    fn fact(&self, row: usize) -> Result<FactRow, &'static str> {
        let member_id = self.text(2, row);
        let subject = match (self.text(0, row), self.text(3, row), &member_id) {
            (Some(household), _, _) => Subject::Household(household),
            (None, Some(site), _) => Subject::Site(site),
            (None, None, Some(member)) => Subject::Member(member.clone()),
            (None, None, None) => return Err("household_id"),
        };
        let recorded = self.0[8].as_primitive::<TimestampMicrosecondType>();
        Ok(FactRow {
            subject,
            fact_id: self.text(1, row).ok_or("fact_id")?,
            member_id,
            fact: self.text(4, row).ok_or("fact")?,
            value: self.text(5, row).ok_or("value")?,
            valid_from: self.day(6, row).ok_or("valid_from")?,
            valid_to: self.day(7, row),
            recorded_at: if recorded.is_valid(row) { recorded.value(row) } else { i64::MIN },
            source: self.text(9, row),
            supersedes: self.text(10, row),
            reason: self.text(11, row),
        })
    }
}
