//! Rows of a wide file with their filled cells as texts of facts.

use super::super::guess::DATED;
use super::super::request::Kind;
use super::Layout;
use crate::people::NewPerson;
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type};
use base::Diagnostic;
use base::codes::tables as codes;
use monitor::facts::MEMBER_OF;
use tables::{Batch, ColumnKind};

/// A filled cell.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The code of its fact.
    pub fact: String,
    /// Its value.
    pub value: String,
    /// Its own day.
    pub day: Option<i64>,
    /// Whether only the latest fact of the code counts, however old it is.
    pub is_lasting: bool,
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its file and line.
    pub place: (String, u64),
    /// The household.
    pub household: String,
    /// The member, in a file of members.
    pub member: Option<String>,
    /// Its day.
    pub day: Option<i64>,
    /// Who told it.
    pub source: Option<String>,
    /// Its filled cells.
    pub cells: Vec<Cell>,
    /// Who the member is, where the row says so.
    pub person: Option<NewPerson>,
}

/// The columns of a batch.
pub struct Cells<'a> {
    batch: &'a Batch,
    layout: &'a Layout,
    columns: Vec<ArrayRef>,
}

impl<'a> Cells<'a> {
    /// Columns in the types in which they are read.
    pub fn of(batch: &'a Batch, layout: &'a Layout) -> Result<Self, Diagnostic> {
        let pairs = batch.rows.columns().iter().zip(&layout.targets);
        let columns = pairs.map(|(column, target)| {
            let kind = match &target.kind {
                ColumnKind::Date => DataType::Date32,
                _ => DataType::Utf8,
            };
            cast(column, &kind).map_err(|error| {
                let message = format!("column `{}` cannot be read: {error}", target.name);
                Diagnostic::new(&codes::COLUMN_UNUSABLE, message).hint("write it as text")
            })
        });
        Ok(Self { batch, layout, columns: columns.collect::<Result<_, _>>()? })
    }

    /// Every row.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        (0..self.batch.rows.num_rows()).map(|it| self.row(it))
    }

    fn row(&self, row: usize) -> Row {
        let text = |name: &str| self.position(name).and_then(|it| self.text(it, row));
        let household = text("household_id").unwrap_or_default();
        let day = |name: &str| self.position(name).and_then(|it| self.day(it, row));
        let mut cells = Vec::new();
        if self.layout.kind == Kind::Members {
            let (fact, value) = (MEMBER_OF.to_owned(), household.clone());
            cells.push(Cell { fact, value, day: None, is_lasting: true });
        }
        for (position, target) in self.layout.targets.iter().enumerate().filter(|it| it.1.is_fact) {
            if let Some(value) = self.text(position, row) {
                let (fact, is_lasting) = (target.name.clone(), target.is_lasting);
                let day = day(&format!("{fact}{DATED}"));
                cells.push(Cell { fact, value, day, is_lasting });
            }
        }
        let mut read = Row {
            place: self.batch.lines.of(row),
            household,
            member: text("member_id"),
            day: day("date").or(self.layout.day),
            source: text("source").or_else(|| self.layout.source.clone()),
            cells,
            person: None,
        };
        read.person = self.person(&read, row);
        read
    }

    /// Who the member of a row is; nothing where all cells that could say so are empty.
    fn person(&self, read: &Row, row: usize) -> Option<NewPerson> {
        let text = |name: &str| self.position(name).and_then(|it| self.text(it, row));
        let birth_date = self.position("birth_date").and_then(|it| self.day(it, row));
        let mut person = NewPerson {
            household_code: text("household_code"),
            name: text("name"),
            sex: text("sex"),
            birth_date,
            birth_place: text("birth_place"),
            relation: text("relation"),
            status: text("person_status"),
            identity_scheme: text("identity_scheme"),
            identity_number: text("identity_number"),
            phone: text("phone"),
            bank_account: text("bank_account"),
            health_note: text("health_note"),
            ..NewPerson::default()
        };
        if person == NewPerson::default() {
            return None;
        }
        person.person_id = read.member.clone()?;
        person.household_id = Some(read.household.clone());
        (person.day, person.source) = (read.day, read.source.clone());
        Some(person)
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.layout.targets.iter().position(|it| !it.is_fact && it.name == name)
    }

    fn day(&self, column: usize, row: usize) -> Option<i64> {
        let days = self.columns[column].as_primitive_opt::<Date32Type>()?;
        days.is_valid(row).then(|| days.value(row).into())
    }

    /// A cell as the text of a fact; nothing where it is empty.
    fn text(&self, column: usize, row: usize) -> Option<String> {
        let column = &self.columns[column];
        if column.is_null(row) {
            return None;
        }
        let text = column.as_string_opt::<i32>()?.value(row).trim().to_owned();
        // Some writers of numbers say unknown so.
        Some(text).filter(|it| !it.is_empty() && it != "NaN")
    }
}
