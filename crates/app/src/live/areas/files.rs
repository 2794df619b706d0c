//! Files of areas: CSV, XLSX, NDJSON or Parquet.

use super::{AreasTaken, NewArea};
use crate::Refused;
use crate::input::Files;
use crate::live::{Act, Live};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Float64Type};
use base::Diagnostic;
use tables::{ColumnKind, ColumnSpec, ReadOptions, Reject, TableSpec};

/// The columns of a table of areas.
pub fn spec() -> TableSpec {
    let column = |name: &str, sources: &[&str], kind, is_required| ColumnSpec {
        name: name.to_owned(),
        sources: sources.iter().map(|it| (*it).to_owned()).collect(),
        kind,
        is_required,
    };
    let text = || ColumnKind::Text { categories: Vec::new() };
    TableSpec {
        columns: vec![
            column("code", &["area_code", "区划代码"], ColumnKind::Key, true),
            column(
                "level",
                &["级别"],
                ColumnKind::Number { min: Some(1.0), max: Some(12.0) },
                false,
            ),
            column("name", &["名称"], text(), false),
            column("name_en", &[], text(), false),
            column("name_zh", &[], text(), false),
            column("parent", &["parent_code", "上级代码"], text(), false),
            column("valid_from", &[], ColumnKind::Date, false),
            column("valid_to", &[], ColumnKind::Date, false),
        ],
    }
}

impl Live {
    /// Imports files of areas, in one transaction.
    ///
    /// # Errors
    /// A file that cannot be read at all; those of the database.
    pub fn import_areas(
        &self,
        files: &Files,
        act: &Act<'_>,
    ) -> Result<(AreasTaken, Vec<Reject>), Refused> {
        let one = |it: Diagnostic| vec![it];
        let (mut rows, mut rejects) = (Vec::new(), Vec::new());
        for input in files.open(&spec())? {
            let read =
                |batch: &RecordBatch| rows.extend((0..batch.num_rows()).map(|it| area(batch, it)));
            let mut read = read;
            rejects.extend(
                tables::each_batch(input, &ReadOptions::default(), &mut read).map_err(one)?,
            );
        }
        let taken = self.store.write(|tx| self.put_areas(tx, &rows, act)).map_err(one)?;
        Ok((taken, rejects))
    }
}

/// A row of a batch made by [`spec`].
pub fn area(batch: &RecordBatch, row: usize) -> NewArea {
    let column = |name: &str, kind: &DataType| {
        let column = batch.column_by_name(name)?;
        let column = arrow::compute::cast(&column.slice(row, 1), kind).ok()?;
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
    let name = text("name");
    NewArea {
        code: text("code").unwrap_or_default(),
        name_en: text("name_en"),
        name_zh: text("name_zh").or_else(|| name.clone()).or_else(|| text("name_en")),
        level: level.map(|it| it.as_primitive::<Float64Type>().value(0) as i64),
        parent: text("parent"),
        valid_from: day("valid_from"),
        valid_to: day("valid_to"),
    }
}
