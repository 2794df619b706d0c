//! Panel rows in households: where each begins, and what is written twice.
//!
//! A panel batch holds whole households sorted by (household, period). Equal duplicate rows
//! collapse; conflicting ones set the household aside. Nothing here looks at a value's meaning.

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int32Array, RecordBatch};
use arrow::datatypes::{DataType, Int32Type};
use arrow::row::{RowConverter, SortField};
use base::Diagnostic;
use base::codes::monitor as codes;
use std::ops::Range;

/// The household column.
pub const HOUSEHOLD: &str = "household_id";
/// The period column: `Period::index`.
pub const PERIOD: &str = "period";
/// The area column.
pub const AREA: &str = "area_code";

/// Household ids of a batch, however they are encoded.
pub enum Ids<'a> {
    /// Plain text.
    Plain(&'a arrow::array::StringArray),
    /// Dictionary keys and the texts they stand for.
    Dictionary(&'a Int32Array, &'a arrow::array::StringArray),
}

impl<'a> Ids<'a> {
    /// The ids in a column of text or of dictionary-encoded text.
    pub fn of(column: &'a ArrayRef) -> Result<Self, Diagnostic> {
        if let Some(plain) = column.as_string_opt::<i32>() {
            return Ok(Ids::Plain(plain));
        }
        let encoded = column.as_dictionary_opt::<Int32Type>();
        let texts = encoded.and_then(|it| it.values().as_string_opt::<i32>());
        match (encoded, texts) {
            (Some(encoded), Some(texts)) => Ok(Ids::Dictionary(encoded.keys(), texts)),
            _ => Err(column_type(HOUSEHOLD, column.data_type(), "text")),
        }
    }

    /// The id in a row.
    pub fn get(&self, row: usize) -> &'a str {
        match self {
            Ids::Plain(it) => it.value(row),
            Ids::Dictionary(keys, texts) => texts.value(keys.value(row) as usize),
        }
    }

    fn same(&self, a: usize, b: usize) -> bool {
        match self {
            Ids::Plain(it) => it.value(a) == it.value(b),
            Ids::Dictionary(keys, _) => {
                keys.value(a) == keys.value(b) || self.get(a) == self.get(b)
            }
        }
    }
}

/// The finding for a column of a type that the caller should never have let through.
pub(crate) fn column_type(name: &str, found: &DataType, wanted: &str) -> Diagnostic {
    Diagnostic::new(&codes::ENGINE_FAULT, format!("column `{name}` is {found}, not {wanted}"))
        .hint("convert the column in the input, or map another one with --column")
}

/// A column by name.
pub(crate) fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, Diagnostic> {
    batch.column_by_name(name).ok_or_else(|| {
        Diagnostic::new(&codes::ENGINE_FAULT, format!("the panel has no column `{name}`"))
            .hint(format!("name the column that holds it with --column {name}=NAME"))
    })
}

/// The period column as it must be.
pub(crate) fn periods(batch: &RecordBatch) -> Result<&Int32Array, Diagnostic> {
    let found = column(batch, PERIOD)?;
    found
        .as_primitive_opt::<Int32Type>()
        .ok_or_else(|| column_type(PERIOD, found.data_type(), "a whole number of steps"))
}

/// Row ranges of the households of a batch, in order. Rows of a household follow each other.
pub fn households(batch: &RecordBatch) -> Result<Vec<Range<usize>>, Diagnostic> {
    let ids = Ids::of(column(batch, HOUSEHOLD)?)?;
    let rows = batch.num_rows();
    let mut ranges = Vec::with_capacity(rows / 8 + 1);
    let (mut start, mut length) = (0, 1);
    while start < rows {
        // Most have as many rows as the one before, which two looks tell.
        let mut end = start + length;
        if end > rows || !ids.same(start, end - 1) {
            end = start + 1;
        }
        while end < rows && ids.same(start, end) {
            end += 1;
        }
        ranges.push(start..end);
        (start, length) = (end, end - start);
    }
    Ok(ranges)
}

/// A household set aside because two of its rows say different things of one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The household.
    pub household: String,
    /// The period, as `Period::index`.
    pub period: i32,
    /// The two rows, counted from the start of the batch that was given.
    pub rows: (usize, usize),
    /// The columns in which they differ.
    pub columns: Vec<String>,
}

/// A panel batch without duplicates.
pub struct Distinct {
    /// What is left: whole households, one row per period.
    pub batch: RecordBatch,
    /// Rows that repeated another one.
    pub collapsed: usize,
    /// Households that were taken out.
    pub conflicts: Vec<Conflict>,
}

/// Collapses equal duplicate rows and takes out households whose rows contradict each other.
pub fn distinct(batch: &RecordBatch) -> Result<Distinct, Diagnostic> {
    let households = households(batch)?;
    let periods = periods(batch)?.values();
    let is_twice =
        |range: &Range<usize>| periods[range.clone()].windows(2).any(|pair| pair[0] == pair[1]);
    if !households.iter().any(is_twice) {
        return Ok(Distinct { batch: batch.clone(), collapsed: 0, conflicts: Vec::new() });
    }
    let ids = Ids::of(column(batch, HOUSEHOLD)?)?;
    let fields = batch.columns().iter().map(|it| SortField::new(it.data_type().clone()));
    let converter = RowConverter::new(fields.collect()).map_err(arrow_fault)?;
    let rows = converter.convert_columns(batch.columns()).map_err(arrow_fault)?;
    let mut keep = vec![true; batch.num_rows()];
    let (mut collapsed, mut conflicts) = (0, Vec::new());
    for range in households.into_iter().filter(is_twice) {
        let pairs = (range.start + 1..range.end).filter(|it| periods[*it] == periods[it - 1]);
        let mut repeated = Vec::new();
        let mut conflict = None;
        for row in pairs {
            if rows.row(row) == rows.row(row - 1) {
                repeated.push(row);
            } else if conflict.is_none() {
                conflict = Some(Conflict {
                    household: ids.get(row).to_owned(),
                    period: periods[row],
                    rows: (row - 1, row),
                    columns: differing(batch, row - 1, row),
                });
            }
        }
        if let Some(conflict) = conflict {
            keep[range].fill(false);
            conflicts.push(conflict);
        } else {
            collapsed += repeated.len();
            repeated.into_iter().for_each(|row| keep[row] = false);
        }
    }
    let keep = BooleanArray::from(keep);
    let batch = arrow::compute::filter_record_batch(batch, &keep).map_err(arrow_fault)?;
    Ok(Distinct { batch, collapsed, conflicts })
}

fn differing(batch: &RecordBatch, a: usize, b: usize) -> Vec<String> {
    let schema = batch.schema();
    let pairs = schema.fields().iter().zip(batch.columns());
    let differs =
        pairs.filter(|(_, column)| column.slice(a, 1).to_data() != column.slice(b, 1).to_data());
    differs.map(|(field, _)| field.name().clone()).collect()
}

/// A fault of the columnar library: never the user's, so it says so.
#[expect(clippy::needless_pass_by_value, reason = "used as a function in map_err")]
pub(crate) fn arrow_fault(error: arrow::error::ArrowError) -> Diagnostic {
    Diagnostic::new(&codes::ENGINE_FAULT, format!("the engine failed: {error}"))
        .hint("please report it with the pack and a few rows of the input")
}

/// As [`arrow_fault`], for the expression library.
#[expect(clippy::needless_pass_by_value, reason = "used as a function in map_err")]
pub(crate) fn expression_fault(error: datafusion_common::DataFusionError) -> Diagnostic {
    Diagnostic::new(&codes::ENGINE_FAULT, format!("the engine failed: {error}"))
        .hint("please report it with the pack and a few rows of the input")
}
