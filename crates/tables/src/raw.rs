//! Rows as they stand in a file, whatever they are for: to show them, and to give them back.
//!
//! Lines count as in rejects, so that what was said of a line finds it again.

use crate::input::{self, Contents};
use crate::text_input::{self, TextFormat};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use base::Diagnostic;
use std::path::Path;

/// One row.
pub struct RawRow<'a> {
    /// Line of a text file, row of a sheet or of a Parquet file, from 1.
    pub line: u64,
    /// Cells in the order of the header; a row that is too long has more.
    pub cells: Vec<Option<String>>,
    /// The line itself, where the file is one of JSON objects.
    pub json: Option<&'a [u8]>,
}

/// What is done with a row; whether more are wanted.
pub type Each<'a> = &'a mut dyn FnMut(RawRow<'_>) -> Result<bool, Diagnostic>;

/// Calls `each` with the rows of a file in order, until it wants no more.
///
/// # Errors
/// A file that cannot be read at all; those of `each`.
pub fn each_raw(path: &Path, each: Each<'_>) -> Result<(), Diagnostic> {
    let (contents, names) = input::contents(path)?;
    match contents {
        Contents::Text(format @ (TextFormat::Csv | TextFormat::Tsv)) => {
            text_input::raw_csv(path, format, each)
        }
        Contents::Text(TextFormat::Ndjson) => text_input::raw_ndjson(path, &names, each),
        Contents::Text(TextFormat::Xlsx(number)) => text_input::raw_xlsx(path, number, each),
        Contents::Parquet(file) => {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let groups = (0..file.row_groups().len()).collect();
            let mut line = 0;
            for batch in file.read(&names, groups, 1024)? {
                let batch = batch.map_err(|error| file.fault(error))?;
                let options = FormatOptions::default();
                let columns = batch.columns().iter();
                let columns = columns.map(|it| ArrayFormatter::try_new(it.as_ref(), &options));
                let columns: Vec<_> =
                    columns.collect::<Result<_, _>>().map_err(|error| file.fault(error))?;
                for row in 0..batch.num_rows() {
                    line += 1;
                    let cell = |(column, shown): (usize, &ArrayFormatter<'_>)| {
                        let is_null = arrow::array::Array::is_null(batch.column(column), row);
                        (!is_null).then(|| shown.value(row).to_string())
                    };
                    let cells = columns.iter().enumerate().map(cell).collect();
                    if !each(RawRow { line, cells, json: None })? {
                        return Ok(());
                    }
                }
            }
            Ok(())
        }
    }
}
