//! CSV and tab-separated text.

use super::{Deliver, Flow, TextFormat, header, not_utf8, positions, unreadable};
use crate::cells::Rows;
use crate::raw::{Each, RawRow};
use crate::spec::TableSpec;
use base::Diagnostic;
use base::codes::tables as codes;
use std::path::Path;

pub(super) fn csv_reader(
    path: &Path,
    format: TextFormat,
) -> Result<csv::Reader<std::fs::File>, Diagnostic> {
    let delimiter = if format == TextFormat::Tsv { b'\t' } else { b',' };
    let mut builder = csv::ReaderBuilder::new();
    // Rows of the wrong length are told one by one instead of ending the file.
    builder.delimiter(delimiter).flexible(true);
    builder.from_path(path).map_err(|error| unreadable(path, error))
}

pub(super) fn csv_fault(path: &Path, error: &csv::Error) -> Diagnostic {
    let line = error.position().map_or(0, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => not_utf8(path, line),
        _ => unreadable(path, error),
    }
}

pub(super) fn read_csv(
    path: &Path,
    format: TextFormat,
    spec: &TableSpec,
    sources: &[Option<String>],
    batch_rows: usize,
    deliver: Deliver<'_>,
) -> Result<(), Diagnostic> {
    let names = header(path, format)?.names;
    let positions = positions(&names, sources);
    let mut reader = csv_reader(path, format)?;
    let file = path.display().to_string();
    let mut flow = Flow { file, rows: Rows::new(spec), rejects: Vec::new(), batch_rows, deliver };
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => match error.kind() {
                csv::ErrorKind::Utf8 { .. } => {
                    let line = error.position().map_or(0, csv::Position::line);
                    let hint = "save the file again as UTF-8 (in Excel: \"CSV UTF-8\")";
                    flow.reject(line, &codes::NOT_UTF8, "the row is not UTF-8".to_owned(), hint);
                    continue;
                }
                _ => return Err(csv_fault(path, &error)),
            },
        }
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != names.len() {
            let message = format!("the row has {} cells, the header {}", record.len(), names.len());
            let hint = "look for a missing or unquoted comma in the row";
            flow.reject(line, &codes::ROW_LENGTH, message, hint);
            continue;
        }
        let cells: Vec<Option<&str>> =
            positions.iter().map(|it| it.and_then(|it| record.get(it))).collect();
        flow.push(line, &cells)?;
    }
    flow.flush()
}

/// Calls `each` with the rows of a CSV file.
pub fn raw_csv(path: &Path, format: TextFormat, each: Each<'_>) -> Result<(), Diagnostic> {
    let mut reader = csv_reader(path, format)?;
    let mut record = csv::ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(error) => return Err(csv_fault(path, &error)),
        }
        let line = record.position().map_or(0, csv::Position::line);
        let text = |it: &[u8]| {
            let text = String::from_utf8_lossy(it);
            (!text.is_empty()).then(|| text.into_owned())
        };
        if !each(RawRow { line, cells: record.iter().map(text).collect(), json: None })? {
            return Ok(());
        }
    }
}
