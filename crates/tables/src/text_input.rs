//! CSV, NDJSON and XLSX: header and rows of text cells.

mod delimited;
mod ndjson;
mod xlsx;

pub use delimited::raw_csv;
pub use ndjson::raw_ndjson;
pub use xlsx::{raw_xlsx, sheets};

use delimited::{csv_fault, csv_reader, read_csv};
use ndjson::{ndjson_names, read_ndjson};
use xlsx::{cell_text, read_xlsx, sheet};

use crate::cells::Rows;
use crate::reject::Reject;
use crate::spec::TableSpec;
use arrow::array::RecordBatch;
use base::codes::tables as codes;
use base::{Diagnostic, Place};
use std::path::Path;

/// The header of a text file.
pub struct Header {
    /// Column names as written.
    pub names: Vec<String>,
}

/// Where rows go: a batch with the line of each row, and the rejects met on the way.
pub type Deliver<'a> =
    &'a mut dyn FnMut(RecordBatch, Vec<u64>, Vec<Reject>) -> Result<(), Diagnostic>;

/// The format of a text file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFormat {
    /// Comma-separated, with a header.
    Csv,
    /// Tab-separated, with a header.
    Tsv,
    /// One JSON object a line.
    Ndjson,
    /// A sheet of a workbook, counted from 0; first row the header.
    Xlsx(usize),
}

fn unreadable(path: &Path, error: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new(&codes::FILE_UNREADABLE, format!("the file cannot be read: {error}"))
        .at(Place::file(path.display().to_string()))
        .hint("check the path and that the file is whole")
}

fn not_utf8(path: &Path, line: u64) -> Diagnostic {
    Diagnostic::new(&codes::NOT_UTF8, "the text is not UTF-8")
        .at(Place::line(path.display().to_string(), line))
        .hint("save it again as UTF-8 (in Excel: \"CSV UTF-8\"), or send the workbook itself")
}

/// Reads the header alone.
pub fn header(path: &Path, format: TextFormat) -> Result<Header, Diagnostic> {
    let names = match format {
        TextFormat::Csv | TextFormat::Tsv => {
            let mut reader = csv_reader(path, format)?;
            let record = reader.headers().map_err(|error| csv_fault(path, &error))?;
            record.iter().map(|it| it.trim_start_matches('\u{feff}').trim().to_owned()).collect()
        }
        TextFormat::Ndjson => ndjson_names(path)?,
        TextFormat::Xlsx(number) => {
            let range = sheet(path, number)?;
            range.rows().next().map(|row| row.iter().map(cell_text).collect()).unwrap_or_default()
        }
    };
    Ok(Header { names })
}

/// Streams every row. `sources[i]` is the file's column for the specification's i-th column.
pub fn read(
    path: &Path,
    format: TextFormat,
    spec: &TableSpec,
    sources: &[Option<String>],
    batch_rows: usize,
    deliver: Deliver<'_>,
) -> Result<(), Diagnostic> {
    match format {
        TextFormat::Csv | TextFormat::Tsv => {
            read_csv(path, format, spec, sources, batch_rows, deliver)
        }
        TextFormat::Ndjson => read_ndjson(path, spec, sources, batch_rows, deliver),
        TextFormat::Xlsx(number) => read_xlsx((path, number), spec, sources, batch_rows, deliver),
    }
}

/// Rows under way to their reader.
struct Flow<'a, 'b> {
    file: String,
    rows: Rows<'a>,
    rejects: Vec<Reject>,
    batch_rows: usize,
    deliver: Deliver<'b>,
}

impl Flow<'_, '_> {
    fn push(&mut self, line: u64, cells: &[Option<&str>]) -> Result<(), Diagnostic> {
        if let Err(reject) = self.rows.push(&self.file, line, cells) {
            self.rejects.push(reject);
        }
        if self.rows.len() >= self.batch_rows { self.flush() } else { Ok(()) }
    }

    fn reject(&mut self, line: u64, code: &'static base::Code, message: String, hint: &str) {
        self.rejects.push(Reject {
            file: self.file.clone(),
            line,
            household: None,
            period: None,
            column: None,
            code,
            message,
            hint: Some(hint.to_owned()),
        });
    }

    fn flush(&mut self) -> Result<(), Diagnostic> {
        let (batch, lines) = self.rows.take().map_err(|error| {
            Diagnostic::new(&codes::FILE_UNREADABLE, format!("rows could not be kept: {error}"))
        })?;
        (self.deliver)(batch, lines, std::mem::take(&mut self.rejects))
    }
}

fn positions(names: &[String], sources: &[Option<String>]) -> Vec<Option<usize>> {
    let find = |it: &Option<String>| {
        it.as_ref().and_then(|source| names.iter().position(|name| name == source))
    };
    sources.iter().map(find).collect()
}
