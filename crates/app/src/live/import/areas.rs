//! Files of areas: one area a row. A tree is stored whole, in one transaction, so that nobody sees
//! parts without what is around them.

use super::guess::mapping_of;
use super::hand::{Done, Piece, tried};
use super::request::Kind;
use super::targets::targets;
use super::{Import, Importer};
use crate::Refused;
use crate::live::{NewArea, Receipt};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Float64Type};
use base::Diagnostic;
use base::codes::tables as codes;
use std::path::PathBuf;
use tables::{ColumnSpec, Reject, TableSpec};

impl Import<'_> {
    /// Imports files of areas.
    pub fn areas(&mut self, paths: &[PathBuf]) -> Result<(), Refused> {
        let one = |it: Diagnostic| vec![it];
        let (mut rows, mut places) = (Vec::new(), Vec::new());
        for path in paths {
            let mapping = mapping_of(self.live, self.request, Kind::Areas, path)?;
            let input = tables::open(path, &self.areas_spec(), &mapping)?;
            let is_ignored = |it: &&Diagnostic| it.code.id == codes::COLUMN_IGNORED.id;
            self.imported.notes.extend(input.notes().iter().filter(is_ignored).cloned());
            let file = path.display().to_string();
            let rejects = tables::each_lined_batch(input, self.read, &mut |batch, lines| {
                rows.extend((0..batch.num_rows()).map(|it| area(batch, it)));
                places.extend(lines.iter().map(|it| (file.clone(), *it)));
            });
            self.imported.rejects.extend(rejects.map_err(one)?);
        }
        self.imported.rows = (rows.len() + self.imported.rejects.len()) as u64;
        let work = piece(rows, self.importer.clone(), self.request.is_dry);
        let done = self.hand.write(work).map_err(one)?;
        self.imported.accepted = done.receipt.accepted;
        self.imported.known = done.receipt.known;
        for it in done.receipt.rejected {
            let (file, line) = places[it.position].clone();
            self.imported.rejects.push(reject(file, line, it.finding));
        }
        let rows = self.imported.rows;
        self.hand.progress("storing", rows, Some(rows)).map_err(one)
    }

    fn areas_spec(&self) -> TableSpec {
        let column = |it: super::Target| ColumnSpec {
            name: it.name,
            sources: Vec::new(),
            kind: it.kind,
            is_required: it.is_required,
        };
        let all = targets(&self.live.pack(), Kind::Areas);
        TableSpec { columns: all.into_iter().map(column).collect() }
    }
}

fn piece(rows: Vec<NewArea>, importer: Importer, is_dry: bool) -> Piece {
    let work: Piece = Box::new(move |live, tx| {
        let taken = live.put_areas(tx, &rows, &importer.act())?;
        let (accepted, known) = (taken.accepted, taken.known);
        let receipt = Receipt { accepted, known, rejected: taken.rejected, ..Receipt::default() };
        Ok(Done { receipt, ..Done::default() })
    });
    if is_dry { Box::new(move |live, tx| tried(live, tx, work)) } else { work }
}

fn reject(file: String, line: u64, finding: Diagnostic) -> Reject {
    Reject {
        file,
        line,
        household: None,
        period: None,
        column: None,
        code: finding.code,
        message: finding.message,
        hint: finding.hint,
    }
}

/// A row of a batch.
fn area(batch: &RecordBatch, row: usize) -> NewArea {
    let column = |name: &str, kind: &DataType| {
        let column = batch.column_by_name(name)?;
        let column = cast(&column.slice(row, 1), kind).ok()?;
        column.is_valid(0).then_some(column)
    };
    let text = |name: &str| {
        let column = column(name, &DataType::Utf8)?;
        Some(column.as_string::<i32>().value(0).to_owned())
    };
    let day = |name: &str| {
        let column = column(name, &DataType::Date32)?;
        Some(i64::from(column.as_primitive::<Date32Type>().value(0)))
    };
    let level = column("level", &DataType::Float64);
    NewArea {
        code: text("code").unwrap_or_default(),
        name: text("name"),
        name_en: text("name_en"),
        name_zh: text("name_zh"),
        level: level.map(|it| it.as_primitive::<Float64Type>().value(0) as i64),
        parent: text("parent"),
        valid_from: day("valid_from"),
        valid_to: day("valid_to"),
    }
}
