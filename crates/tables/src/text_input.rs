//! CSV, NDJSON and XLSX: header and rows of text cells.

use crate::cells::{Rows, shorten};
use crate::input::file_of;
use crate::raw::{Each, RawRow};
use crate::reject::Reject;
use crate::spec::TableSpec;
use arrow::array::RecordBatch;
use base::codes::tables as codes;
use base::{Diagnostic, Place};
use calamine::{Data, Reader};
use std::io::{BufRead, BufReader};
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

fn csv_reader(path: &Path, format: TextFormat) -> Result<csv::Reader<std::fs::File>, Diagnostic> {
    let delimiter = if format == TextFormat::Tsv { b'\t' } else { b',' };
    let mut builder = csv::ReaderBuilder::new();
    // Rows of the wrong length are told one by one instead of ending the file.
    builder.delimiter(delimiter).flexible(true);
    builder.from_path(path).map_err(|error| unreadable(path, error))
}

fn csv_fault(path: &Path, error: &csv::Error) -> Diagnostic {
    let line = error.position().map_or(0, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => not_utf8(path, line),
        _ => unreadable(path, error),
    }
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

fn read_csv(
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

fn ndjson_names(path: &Path) -> Result<Vec<String>, Diagnostic> {
    let file = std::fs::File::open(path).map_err(|error| unreadable(path, error))?;
    let mut names: Vec<String> = Vec::new();
    // Keys may be missing where a value is: the first lines together make the header.
    for line in BufReader::new(file).lines().take(1000) {
        let line = line.map_err(|error| unreadable(path, error))?;
        let Ok(serde_json::Value::Object(object)) = serde_json::from_str(&line) else { continue };
        for key in object.keys().filter(|key| !names.contains(key)).collect::<Vec<_>>() {
            names.push(key.clone());
        }
    }
    Ok(names)
}

fn read_ndjson(
    path: &Path,
    spec: &TableSpec,
    sources: &[Option<String>],
    batch_rows: usize,
    deliver: Deliver<'_>,
) -> Result<(), Diagnostic> {
    let file = std::fs::File::open(path).map_err(|error| unreadable(path, error))?;
    let name = path.display().to_string();
    let mut flow =
        Flow { file: name, rows: Rows::new(spec), rejects: Vec::new(), batch_rows, deliver };
    let mut reader = BufReader::new(file);
    let (mut bytes, mut line) = (Vec::new(), 0u64);
    loop {
        bytes.clear();
        let read = reader.read_until(b'\n', &mut bytes).map_err(|error| unreadable(path, error))?;
        if read == 0 {
            break;
        }
        line += 1;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let object = match serde_json::from_slice::<serde_json::Value>(&bytes) {
            Ok(serde_json::Value::Object(object)) => object,
            Ok(_) => {
                let hint = "write one JSON object a line";
                flow.reject(line, &codes::BAD_JSON, "the line is not an object".to_owned(), hint);
                continue;
            }
            Err(error) => {
                let hint = "write one JSON object a line";
                flow.reject(line, &codes::BAD_JSON, format!("the line is not JSON: {error}"), hint);
                continue;
            }
        };
        let texts: Vec<Option<String>> = sources
            .iter()
            .map(|it| it.as_ref().and_then(|it| object.get(it)).and_then(json_text))
            .collect();
        let cells: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
        flow.push(line, &cells)?;
    }
    flow.flush()
}

fn json_text(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// How many sheets a workbook has.
pub fn sheets(path: &Path) -> Result<usize, Diagnostic> {
    let workbook =
        calamine::open_workbook_auto(file_of(path)).map_err(|error| unreadable(path, error))?;
    Ok(workbook.sheet_names().len())
}

fn sheet(path: &Path, number: usize) -> Result<calamine::Range<Data>, Diagnostic> {
    let mut workbook =
        calamine::open_workbook_auto(file_of(path)).map_err(|error| unreadable(path, error))?;
    let range = workbook.worksheet_range_at(number);
    let range = range.ok_or_else(|| unreadable(path, "the workbook has no such sheet"))?;
    range.map_err(|error| unreadable(path, error))
}

fn cell_text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::DateTime(it) => {
            let (year, month, day, hour, minute, second, _) = it.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
        }
        other => other.to_string().trim().to_owned(),
    }
}

fn read_xlsx(
    (path, number): (&Path, usize),
    spec: &TableSpec,
    sources: &[Option<String>],
    batch_rows: usize,
    deliver: Deliver<'_>,
) -> Result<(), Diagnostic> {
    let range = sheet(path, number)?;
    let names: Vec<String> =
        range.rows().next().map(|row| row.iter().map(cell_text).collect()).unwrap_or_default();
    let positions = positions(&names, sources);
    let file = path.display().to_string();
    let mut flow = Flow { file, rows: Rows::new(spec), rejects: Vec::new(), batch_rows, deliver };
    let first_row = u64::from(range.start().map_or(0, |it| it.0)) + 1;
    for (line, row) in (first_row..).zip(range.rows()).skip(1) {
        if row.iter().all(|it| matches!(it, Data::Empty)) {
            continue;
        }
        if let Some(error) = row.iter().find(|it| matches!(it, Data::Error(_))) {
            let message = format!("a cell holds the error {}", shorten(&error.to_string()));
            flow.reject(line, &codes::BAD_NUMBER, message, "mend the formula in the sheet");
            continue;
        }
        let texts: Vec<Option<String>> =
            positions.iter().map(|it| it.and_then(|it| row.get(it)).map(cell_text)).collect();
        let cells: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
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

/// Calls `each` with the lines of a file of JSON objects.
pub fn raw_ndjson(path: &Path, names: &[String], each: Each<'_>) -> Result<(), Diagnostic> {
    let file = std::fs::File::open(path).map_err(|error| unreadable(path, error))?;
    let mut reader = BufReader::new(file);
    let (mut bytes, mut line) = (Vec::new(), 0u64);
    loop {
        bytes.clear();
        let read = reader.read_until(b'\n', &mut bytes).map_err(|error| unreadable(path, error))?;
        if read == 0 {
            return Ok(());
        }
        line += 1;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let object = serde_json::from_slice::<serde_json::Map<String, _>>(&bytes);
        let object = object.unwrap_or_default();
        let cells = names.iter().map(|it| object.get(it).and_then(json_text)).collect();
        if !each(RawRow { line, cells, json: Some(&bytes) })? {
            return Ok(());
        }
    }
}

/// Calls `each` with the rows of a sheet below its header.
pub fn raw_xlsx(path: &Path, number: usize, each: Each<'_>) -> Result<(), Diagnostic> {
    let range = sheet(path, number)?;
    let first_row = u64::from(range.start().map_or(0, |it| it.0)) + 1;
    for (line, row) in (first_row..).zip(range.rows()).skip(1) {
        if row.iter().all(|it| matches!(it, Data::Empty)) {
            continue;
        }
        let text = |it: &Data| Some(cell_text(it)).filter(|it| !it.is_empty());
        if !each(RawRow { line, cells: row.iter().map(text).collect(), json: None })? {
            return Ok(());
        }
    }
    Ok(())
}
