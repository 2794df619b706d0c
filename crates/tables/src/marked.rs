//! Rows of a file that were not taken, given back as the same kind of file with a column that says
//! why: to be mended there and sent again.

use crate::input::{self, Contents};
use crate::raw::{RawRow, each_raw};
use crate::write::{Format, Stream};
use arrow::array::{ArrayRef, BooleanArray, RecordBatch, RecordBatchReader, StringArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, Field, Schema};
use base::codes::tables as codes;
use base::{Diagnostic, Place};
use std::io::Write;
use std::iter::Peekable;
use std::path::Path;
use std::sync::Arc;

/// The added column. A file that has one already, because it was given back before, keeps one.
pub const ERROR: &str = "error";

/// Rows that go out together.
const PIECE: usize = 1_024;

fn fault(path: &Path, error: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new(&codes::CANNOT_WRITE, format!("rows cannot be given back: {error}"))
        .at(Place::file(path.display().to_string()))
        .hint("fetch them in another format, as csv")
}

/// Writes the rows of a file that `errors` names (line and what to say of it, lines ascending) in a
/// format.
///
/// # Errors
/// The file cannot be read any more; the sink cannot be written.
pub fn marked(
    path: &Path,
    errors: impl Iterator<Item = (u64, String)>,
    format: Format,
    mut sink: impl Write + Send,
) -> Result<(), Diagnostic> {
    let (contents, names) = input::contents(path)?;
    let mut errors = errors.peekable();
    if let (Contents::Parquet(file), Format::Parquet) = (&contents, format) {
        return parquet(path, file, &names, errors, sink);
    }
    let (mut names, mut pending) = (names, Vec::new());
    let own = names.iter().position(|it| it == ERROR);
    if own.is_none() {
        names.push(ERROR.to_owned());
    }
    let at = own.unwrap_or(names.len() - 1);
    if format == Format::Ndjson {
        each_raw(path, &mut |row| {
            let Some(error) = of(&mut errors, row.line) else { return Ok(errors.peek().is_some()) };
            let object = object(&row, &names, error);
            writeln!(sink, "{object}").map_err(|error| fault(path, error))?;
            Ok(true)
        })?;
        return sink.flush().map_err(|error| fault(path, error));
    }
    let fields = names.iter().map(|it| Field::new(it, DataType::Utf8, true)).collect::<Vec<_>>();
    let schema = Arc::new(Schema::new(fields));
    let mut stream = Stream::new(sink, format, &schema)?;
    let flush = |pending: &mut Vec<Vec<Option<String>>>, stream: &mut Stream<_>| {
        let column = |it: usize| -> ArrayRef {
            Arc::new(pending.iter().map(|row| row[it].as_deref()).collect::<StringArray>())
        };
        let columns = (0..names.len()).map(column).collect();
        let batch = RecordBatch::try_new(schema.clone(), columns);
        pending.clear();
        stream.write(&batch.map_err(|error| fault(path, error))?)
    };
    each_raw(path, &mut |row| {
        let Some(error) = of(&mut errors, row.line) else { return Ok(errors.peek().is_some()) };
        pending.push(cells(row, names.len(), at, own.is_some(), error));
        if pending.len() == PIECE {
            flush(&mut pending, &mut stream)?;
        }
        Ok(true)
    })?;
    flush(&mut pending, &mut stream)?;
    stream.finish()
}

/// What is to be said of a line, where anything is; of several things all.
fn of(errors: &mut Peekable<impl Iterator<Item = (u64, String)>>, line: u64) -> Option<String> {
    let mut said: Option<String> = None;
    while let Some((_, error)) = errors.next_if(|it| it.0 <= line) {
        said = Some(said.map_or(error.clone(), |it| format!("{it}; {error}")));
    }
    said
}

/// Cells of one width with the error in its place; what a row has too many goes into the error.
fn cells(
    row: RawRow<'_>,
    width: usize,
    at: usize,
    has_own: bool,
    mut error: String,
) -> Vec<Option<String>> {
    let mut cells = row.cells;
    let own = if has_own { width } else { width - 1 };
    if cells.len() > own {
        let more: Vec<String> = cells.drain(own..).map(Option::unwrap_or_default).collect();
        error = format!("{error}; more cells than the header: {}", more.join(", "));
    }
    cells.resize(width, None);
    cells[at] = Some(error);
    cells
}

fn object(row: &RawRow<'_>, names: &[String], error: String) -> serde_json::Value {
    let parsed = row.json.map(serde_json::from_slice::<serde_json::Value>);
    let mut object = match parsed {
        Some(Ok(serde_json::Value::Object(object))) => object,
        Some(_) => {
            let text = String::from_utf8_lossy(row.json.unwrap_or_default()).trim().to_owned();
            serde_json::Map::from_iter([("line".to_owned(), text.into())])
        }
        None => {
            let cells = names.iter().zip(&row.cells);
            cells.map(|(name, cell)| (name.clone(), cell.clone().into())).collect()
        }
    };
    object.insert(ERROR.to_owned(), error.into());
    object.into()
}

/// The types of the columns stay as they are.
fn parquet(
    path: &Path,
    file: &crate::parquet_input::ParquetFile,
    names: &[String],
    mut errors: Peekable<impl Iterator<Item = (u64, String)>>,
    sink: impl Write + Send,
) -> Result<(), Diagnostic> {
    let kept: Vec<&str> = names.iter().map(String::as_str).filter(|it| *it != ERROR).collect();
    let groups = (0..file.row_groups().len()).collect();
    let reader = file.read(&kept, groups, PIECE)?;
    let own = reader.schema();
    let mut fields: Vec<Field> = own.fields().iter().map(|it| it.as_ref().clone()).collect();
    fields.push(Field::new(ERROR, DataType::Utf8, true));
    let schema = Arc::new(Schema::new(fields));
    let mut stream = Stream::new(sink, Format::Parquet, &schema)?;
    let mut line = 0;
    for batch in reader {
        let batch = batch.map_err(|error| file.fault(error))?;
        let said: Vec<Option<String>> = (0..batch.num_rows())
            .map(|_| {
                line += 1;
                of(&mut errors, line)
            })
            .collect();
        let is_marked = BooleanArray::from(said.iter().map(Option::is_some).collect::<Vec<_>>());
        let mut columns = batch.columns().to_vec();
        columns.push(Arc::new(StringArray::from(said)));
        let whole = RecordBatch::try_new(schema.clone(), columns);
        let part = whole.and_then(|it| filter_record_batch(&it, &is_marked));
        stream.write(&part.map_err(|error| fault(path, error))?)?;
        if errors.peek().is_none() {
            break;
        }
    }
    stream.finish()
}
