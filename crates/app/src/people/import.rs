//! Files of people into the registry: checked row by row, in large transactions, compared with each
//! other at the end. Importing a file again is harmless.

use super::{NewPerson, Receipt};
use crate::Refused;
use crate::input::Files;
use crate::live::{Act, Live};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type};
use base::Diagnostic;
use base::codes::tables as codes;
use tables::{ColumnKind, ColumnSpec, Lines, ReadOptions, Reject, TableSpec};

/// People of one transaction.
const BATCH: usize = 50_000;

/// Columns: how they are delivered, and names that offices give them.
const COLUMNS: [(&str, &[&str]); 17] = [
    ("household_id", &["户编号"]),
    ("person_id", &["member_id", "人员编号", "成员编号"]),
    ("household_code", &["户码"]),
    ("area_code", &["区划代码", "行政区划代码"]),
    ("name", &["姓名"]),
    ("sex", &["性别"]),
    ("birth_date", &["出生日期"]),
    ("birth_place", &["出生地"]),
    ("relation", &["与户主关系"]),
    ("status", &[]),
    ("day", &[]),
    ("identity_scheme", &["证件类型"]),
    ("identity_number", &["证件号码", "身份证号", "公民身份号码"]),
    ("phone", &["联系电话", "手机号"]),
    ("bank_account", &["银行账号"]),
    ("health_note", &[]),
    ("source", &[]),
];

/// What is wanted of a file of people.
pub fn people_spec() -> TableSpec {
    let kind = |name: &str| match name {
        "household_id" => ColumnKind::OptionalHouseholdId,
        "person_id" => ColumnKind::Key,
        "birth_date" | "day" => ColumnKind::Date,
        _ => ColumnKind::Text { categories: Vec::new() },
    };
    let column = |(name, sources): &(&str, &[&str])| ColumnSpec {
        name: (*name).to_owned(),
        sources: sources.iter().map(|it| (*it).to_owned()).collect(),
        kind: kind(name),
        is_required: ["household_id", "person_id"].contains(name),
    };
    TableSpec { columns: COLUMNS.iter().map(column).collect() }
}

/// What became of files.
#[derive(Clone, Debug, Default)]
pub struct ImportedPeople {
    /// What became of those that could be read; its rejected ones are among the rejects.
    pub receipt: Receipt,
    /// Rows that were not taken.
    pub rejects: Vec<Reject>,
}

impl Live {
    /// Imports files of people, and looks for duplicates among all; `progress` counts people. With
    /// `is_dry` everything is checked against the registry and nothing is kept.
    ///
    /// # Errors
    /// A file that cannot be read at all; those of the database. What was registered before the
    /// error stays, and the same import goes on from there.
    pub fn import_people(
        &self,
        files: &Files,
        read: &ReadOptions,
        is_dry: bool,
        act: &Act<'_>,
        progress: &mut dyn FnMut(&'static str, u64),
    ) -> Result<ImportedPeople, Refused> {
        let one = |it: Diagnostic| vec![it];
        let aligned = tables::by_household(files.open(&people_spec())?, read).map_err(one)?;
        let mut imported = ImportedPeople { rejects: aligned.rejects, ..Default::default() };
        let (mut held, mut places, mut done) = (Vec::new(), Vec::new(), 0);
        for batch in aligned.partitions.into_iter().flatten() {
            let batch = batch.map_err(one)?;
            let columns = Columns::of(&batch.rows).map_err(|error| {
                let message = format!("people could not be read: {error}");
                vec![Diagnostic::new(&codes::COLUMN_UNUSABLE, message)]
            })?;
            let lines: &Lines = &batch.lines;
            for row in 0..batch.rows.num_rows() {
                held.push(columns.person(row));
                places.push(lines.of(row));
            }
            if held.len() >= BATCH {
                done += held.len() as u64;
                self.flush_people(&mut held, &mut places, is_dry, act, &mut imported)
                    .map_err(one)?;
                progress("people", done);
            }
        }
        done += held.len() as u64;
        self.flush_people(&mut held, &mut places, is_dry, act, &mut imported).map_err(one)?;
        progress("people", done);
        if !is_dry {
            self.store.look_over().map_err(|it| one(it.into()))?;
            let mut compared = |count| progress("people compared", count);
            imported.receipt.suspected += self.find_duplicates(act, &mut compared).map_err(one)?;
        }
        Ok(imported)
    }

    fn flush_people(
        &self,
        held: &mut Vec<NewPerson>,
        places: &mut Vec<(String, u64)>,
        is_dry: bool,
        act: &Act<'_>,
        imported: &mut ImportedPeople,
    ) -> Result<(), Diagnostic> {
        let receipt = self.put_batch(held, is_dry, act)?;
        let all = &mut imported.receipt;
        all.accepted += receipt.accepted;
        all.changed += receipt.changed;
        all.known += receipt.known;
        all.suspected += receipt.suspected;
        for it in receipt.rejected {
            let (file, line) = places[it.position].clone();
            imported.rejects.push(Reject {
                file,
                line,
                household: held[it.position].household_id.clone(),
                period: None,
                column: None,
                code: it.finding.code,
                message: it.finding.message,
                hint: it.finding.hint,
            });
        }
        held.clear();
        places.clear();
        Ok(())
    }

    /// Many people in a transaction of their own, undone where it is only tried out.
    fn put_batch(
        &self,
        rows: &[NewPerson],
        is_dry: bool,
        act: &Act<'_>,
    ) -> Result<Receipt, Diagnostic> {
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
        let done = self.store.write(|tx| match self.put_people(tx, rows, act) {
            Ok(receipt) if is_dry => Err(End::Found(receipt)),
            Ok(receipt) => Ok(receipt),
            Err(finding) => Err(End::Failed(finding)),
        });
        match done {
            Ok(receipt) | Err(End::Found(receipt)) => Ok(receipt),
            Err(End::Failed(finding)) => Err(finding),
        }
    }
}

/// Columns of a batch in the order of [`people_spec`].
struct Columns(Vec<ArrayRef>);

impl Columns {
    fn of(batch: &RecordBatch) -> Result<Self, arrow::error::ArrowError> {
        let cast_to = |(position, column): (usize, &ArrayRef)| {
            let is_day = ["birth_date", "day"].contains(&COLUMNS[position].0);
            cast(column, if is_day { &DataType::Date32 } else { &DataType::Utf8 })
        };
        batch.columns().iter().enumerate().map(cast_to).collect::<Result<_, _>>().map(Self)
    }

    fn text(&self, column: usize, row: usize) -> Option<String> {
        let texts = self.0[column].as_string::<i32>();
        let text = texts.is_valid(row).then(|| texts.value(row).trim())?;
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn day(&self, column: usize, row: usize) -> Option<i64> {
        let days = self.0[column].as_primitive::<Date32Type>();
        days.is_valid(row).then(|| days.value(row).into())
    }

    /// An empty cell tells nothing: what is kept stays as it is.
    fn person(&self, row: usize) -> NewPerson {
        NewPerson {
            household_id: self.text(0, row),
            person_id: self.text(1, row).unwrap_or_default(),
            household_code: self.text(2, row),
            area_code: self.text(3, row),
            name: self.text(4, row),
            sex: self.text(5, row),
            birth_date: self.day(6, row),
            birth_place: self.text(7, row),
            relation: self.text(8, row),
            status: self.text(9, row),
            day: self.day(10, row),
            identity_scheme: self.text(11, row),
            identity_number: self.text(12, row),
            phone: self.text(13, row),
            bank_account: self.text(14, row),
            health_note: self.text(15, row),
            source: self.text(16, row),
        }
    }
}
