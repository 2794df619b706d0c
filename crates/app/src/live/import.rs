//! Files of facts into the store: checked row by row, stored in large transactions, scored at the
//! end. Importing a file again is harmless.

use super::{Act, CHUNK, Live, Receipt, Scoring};
use crate::Refused;
use crate::assess::fact_spec;
use crate::input::Files;
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, TimeUnit, TimestampMicrosecondType};
use base::Diagnostic;
use base::codes::tables as codes;
use store::facts::{FactRow, Subject};
use tables::{Batch, Lines, ReadOptions, Reject};

/// Facts of one transaction.
const BATCH: usize = 50_000;

/// What became of files.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// Facts stored now.
    pub accepted: u64,
    /// Facts stored before.
    pub known: u64,
    /// Rows that were not taken.
    pub rejects: Vec<Reject>,
    /// Households that were scored again.
    pub scored: u64,
}

impl Live {
    /// Imports files of facts; `progress` counts facts, then households. With `is_dry` everything
    /// is checked against the store and nothing is kept.
    ///
    /// # Errors
    /// A file that cannot be read at all; those of the database and of the evaluation. What was
    /// stored before the error stays, and the same import goes on from there.
    pub fn import(
        &self,
        files: &Files,
        read: &ReadOptions,
        is_dry: bool,
        act: &Act<'_>,
        progress: &mut dyn FnMut(&'static str, u64),
    ) -> Result<Imported, Refused> {
        let one = |it: Diagnostic| vec![it];
        let aligned = tables::by_household(files.open(&fact_spec())?, read).map_err(one)?;
        let mut imported = Imported { rejects: aligned.rejects, ..Imported::default() };
        let mut held = Held::default();
        for batch in aligned.partitions.into_iter().flatten() {
            held.add(&batch.map_err(one)?, &mut imported.rejects)?;
            if held.facts.len() >= BATCH {
                self.flush(&mut held, is_dry, act, &mut imported).map_err(one)?;
                progress("facts", imported.accepted + imported.known);
            }
        }
        self.flush(&mut held, is_dry, act, &mut imported).map_err(one)?;
        progress("facts", imported.accepted + imported.known);
        if !is_dry {
            self.store.look_over().map_err(|it| one(it.into()))?;
            imported.scored = self.catch_up_all(act, progress).map_err(one)?;
        }
        Ok(imported)
    }

    /// Scores every stale household; gives how many there were.
    ///
    /// # Errors
    /// Those of the database and of the evaluation.
    pub fn catch_up_all(
        &self,
        act: &Act<'_>,
        progress: &mut dyn FnMut(&'static str, u64),
    ) -> Result<u64, Diagnostic> {
        let all = self.store.read(store::stale::count)?;
        let mut left = all;
        while left > 0 {
            left = self.catch_up(CHUNK * 8, act)?;
            progress("households", (all - left).unsigned_abs());
        }
        Ok(all.unsigned_abs())
    }

    fn flush(
        &self,
        held: &mut Held,
        is_dry: bool,
        act: &Act<'_>,
        imported: &mut Imported,
    ) -> Result<(), Diagnostic> {
        let receipt = if is_dry {
            self.try_out(&held.facts, act)?
        } else {
            self.ingest(&held.facts, Scoring::Later, act)?
        };
        imported.accepted += receipt.accepted;
        imported.known += receipt.known;
        for rejected in receipt.rejected {
            let fact = &held.facts[rejected.position];
            let (file, line) = held.places[rejected.position].clone();
            imported.rejects.push(reject(fact, file, line, rejected.finding));
        }
        held.facts.clear();
        held.places.clear();
        Ok(())
    }

    /// What would become of facts.
    fn try_out(&self, facts: &[FactRow], act: &Act<'_>) -> Result<Receipt, Diagnostic> {
        /// Either an error, or what was found before everything was undone.
        enum End {
            Found(Receipt),
            Failed(Diagnostic),
        }
        impl From<store::Error> for End {
            fn from(error: store::Error) -> Self {
                End::Failed(error.into())
            }
        }
        let undone = self.store.write(|tx| match self.ingest_in(tx, facts, Scoring::Later, act) {
            Ok(receipt) => Err::<(), _>(End::Found(receipt)),
            Err(finding) => Err(End::Failed(finding)),
        });
        match undone {
            Err(End::Found(receipt)) => Ok(receipt),
            Err(End::Failed(finding)) => Err(finding),
            Ok(()) => Ok(Receipt::default()),
        }
    }
}

/// Facts of the next transaction, with their places.
#[derive(Default)]
pub(super) struct Held {
    pub(super) facts: Vec<FactRow>,
    places: Vec<(String, u64)>,
}

impl Held {
    pub(super) fn add(&mut self, batch: &Batch, rejects: &mut Vec<Reject>) -> Result<(), Refused> {
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
                    rejects.push(Reject {
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
        })
    }
}
