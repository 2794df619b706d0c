//! A workbook with one sheet, row by row: rows lie in a scratch file until the workbook is saved.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, SchemaRef};
use rust_xlsxwriter::Workbook;
use std::io::{Seek, Write};

/// Rows that fit on a sheet, the header included.
const SHEET_ROWS_MAX: u32 = 1_048_576;

/// A sheet being written.
pub struct Sheet {
    workbook: Workbook,
    next_row: u32,
}

/// A column in one of the three types that cells have.
enum Column {
    Truth(arrow::array::BooleanArray),
    Number(arrow::array::Float64Array),
    Text(arrow::array::StringArray),
}

impl Column {
    fn of(column: &arrow::array::ArrayRef) -> Result<Self, String> {
        let to = |wanted: &DataType| cast(column, wanted).map_err(|error| error.to_string());
        Ok(match column.data_type() {
            DataType::Boolean => Column::Truth(column.as_boolean().clone()),
            // Days and instants as text: how a sheet shows a number is nobody's to guess.
            ty if ty.is_numeric() => {
                Column::Number(to(&DataType::Float64)?.as_primitive::<Float64Type>().clone())
            }
            _ => Column::Text(to(&DataType::Utf8)?.as_string::<i32>().clone()),
        })
    }
}

impl Sheet {
    /// A sheet with its header.
    pub fn new(schema: &SchemaRef) -> Result<Self, String> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory();
        let sheet = sheet.map_err(|error| error.to_string())?;
        for (column, field) in (0u16..).zip(schema.fields()) {
            sheet.write(0, column, field.name()).map_err(|error| error.to_string())?;
        }
        Ok(Self { workbook, next_row: 1 })
    }

    /// Adds rows.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), String> {
        let rows = u32::try_from(batch.num_rows()).map_err(|_| "too many rows".to_owned())?;
        if self.next_row + rows > SHEET_ROWS_MAX {
            return Err(format!("a sheet holds {SHEET_ROWS_MAX} rows; write CSV or Parquet"));
        }
        let sheet = self.workbook.worksheet_from_index(0).map_err(|error| error.to_string())?;
        let columns = batch.columns().iter().map(Column::of).collect::<Result<Vec<_>, _>>()?;
        for row in 0..batch.num_rows() {
            let at = self.next_row + row as u32;
            for (position, column) in (0u16..).zip(&columns) {
                let written = match column {
                    Column::Truth(it) if it.is_valid(row) => {
                        sheet.write(at, position, it.value(row))
                    }
                    Column::Number(it) if it.is_valid(row) => {
                        sheet.write(at, position, it.value(row))
                    }
                    Column::Text(it) if it.is_valid(row) => {
                        sheet.write(at, position, it.value(row))
                    }
                    _ => continue,
                };
                written.map_err(|error| error.to_string())?;
            }
        }
        self.next_row += rows;
        Ok(())
    }

    /// Writes the workbook.
    pub fn save(mut self, sink: impl Write + Seek + Send) -> Result<(), String> {
        self.workbook.save_to_writer(sink).map_err(|error| error.to_string())
    }
}
