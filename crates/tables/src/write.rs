//! Writing tables: whole or not at all.
//!
//! Rows go into a file beside the target, which takes the target's name only when everything is
//! written.

mod sheet;
mod stream;

pub use stream::Stream;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use base::codes::tables as codes;
use base::{Diagnostic, Place};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;
use sheet::Sheet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A format that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated text.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// Apache Parquet.
    Parquet,
    /// A workbook with one sheet.
    Xlsx,
}

impl Format {
    /// The ending of a file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Ndjson => "ndjson",
            Format::Parquet => "parquet",
            Format::Xlsx => "xlsx",
        }
    }

    /// Reads [`Format::ending`].
    pub fn parse(text: &str) -> Option<Format> {
        [Format::Csv, Format::Ndjson, Format::Parquet, Format::Xlsx]
            .into_iter()
            .find(|it| it.ending() == text)
    }
}

/// How a Parquet file is laid out.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// Rows in a row group; [`GROUP_ROWS`] where absent. Small groups let a reader begin near any
    /// household.
    pub row_group_rows: Option<usize>,
    /// Prefers quick writing and reading to a small file.
    pub is_read_often: bool,
}

/// Rows that are held before they go to the disk, where nobody asks for another number: enough for
/// a reader, and few enough that a large table is written while the rest of it is made.
pub const GROUP_ROWS: usize = 128 * 1024;

/// Key in a field's metadata: its numbers repeat.
pub const REPEATS: &str = "repeats";

/// A table being written.
pub struct Writer {
    target: PathBuf,
    partial: PathBuf,
    sink: Option<Sink>,
    schema: SchemaRef,
}

enum Sink {
    Csv(Box<arrow::csv::Writer<BufWriter<File>>>),
    Ndjson(Box<arrow::json::LineDelimitedWriter<BufWriter<File>>>),
    Parquet(Box<ArrowWriter<File>>),
    Xlsx(Box<Sheet>),
}

fn fault(path: &Path, error: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new(&codes::CANNOT_WRITE, format!("the result cannot be written: {error}"))
        .at(Place::file(path.display().to_string()))
        .hint("check that the folder exists, may be written to and has room")
}

/// One whole table to any sink: standard output, a response. Workbooks are not for that: they
/// cannot be written before their end is known.
pub fn to_stream(
    batch: &RecordBatch,
    format: Format,
    sink: impl Write + Send,
) -> Result<(), Diagnostic> {
    let fault = |error: &dyn std::fmt::Display| fault(Path::new("standard output"), error);
    let schema = plain(batch.schema_ref());
    let plain = decoded(batch, &schema).map_err(|error| fault(&error))?;
    match format {
        Format::Csv => arrow::csv::Writer::new(sink).write(&plain).map_err(|error| fault(&error)),
        Format::Ndjson => {
            let mut writer = arrow::json::LineDelimitedWriter::new(sink);
            writer.write(&plain).map_err(|error| fault(&error))?;
            writer.finish().map_err(|error| fault(&error))
        }
        Format::Parquet => {
            let schema = batch.schema();
            let properties = properties(&schema, &Layout::default());
            let properties = properties.map_err(|error| fault(&error))?;
            let writer = ArrowWriter::try_new(sink, schema, Some(properties));
            let mut writer = writer.map_err(|error| fault(&error))?;
            writer.write(batch).map_err(|error| fault(&error))?;
            writer.close().map(drop).map_err(|error| fault(&error))
        }
        Format::Xlsx => Err(fault(&"a workbook is a file")),
    }
}

impl Writer {
    /// Begins a table. Nothing appears under `target` before [`Writer::finish`].
    pub fn create(target: &Path, format: Format, schema: &SchemaRef) -> Result<Self, Diagnostic> {
        Self::with_layout(target, format, schema, &Layout::default())
    }

    /// As [`Writer::create`], with the layout of a Parquet file.
    pub fn with_layout(
        target: &Path,
        format: Format,
        schema: &SchemaRef,
        layout: &Layout,
    ) -> Result<Self, Diagnostic> {
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder).map_err(|error| fault(target, error))?;
        }
        let mut name = target.file_name().map(std::ffi::OsStr::to_owned).unwrap_or_default();
        name.push(format!(".{}.partial", std::process::id()));
        let partial = target.with_file_name(name);
        let schema = if format == Format::Parquet { schema.clone() } else { plain(schema) };
        let open = || File::create(&partial).map_err(|error| fault(target, error));
        let sink = match format {
            Format::Csv => Sink::Csv(Box::new(arrow::csv::Writer::new(BufWriter::new(open()?)))),
            Format::Ndjson => Sink::Ndjson(Box::new(arrow::json::LineDelimitedWriter::new(
                BufWriter::new(open()?),
            ))),
            Format::Parquet => {
                let properties =
                    properties(&schema, layout).map_err(|error| fault(target, error))?;
                let writer = ArrowWriter::try_new(open()?, schema.clone(), Some(properties));
                Sink::Parquet(Box::new(writer.map_err(|error| fault(target, error))?))
            }
            Format::Xlsx => {
                Sink::Xlsx(Box::new(Sheet::new(&schema).map_err(|error| fault(target, error))?))
            }
        };
        Ok(Self { target: target.to_owned(), partial, sink: Some(sink), schema })
    }

    /// Adds rows.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), Diagnostic> {
        let target = self.target.clone();
        let fault = |error: &dyn std::fmt::Display| fault(&target, error);
        match &mut self.sink {
            None => Ok(()),
            Some(Sink::Parquet(writer)) => writer.write(batch).map_err(|error| fault(&error)),
            Some(Sink::Csv(writer)) => {
                let batch = decoded(batch, &self.schema).map_err(|error| fault(&error))?;
                writer.write(&batch).map_err(|error| fault(&error))
            }
            Some(Sink::Ndjson(writer)) => {
                let batch = decoded(batch, &self.schema).map_err(|error| fault(&error))?;
                writer.write(&batch).map_err(|error| fault(&error))
            }
            Some(Sink::Xlsx(sheet)) => {
                let batch = decoded(batch, &self.schema).map_err(|error| fault(&error))?;
                sheet.write(&batch).map_err(|error| fault(&error))
            }
        }
    }

    /// Ends the table and gives it its name.
    pub fn finish(mut self) -> Result<PathBuf, Diagnostic> {
        let target = self.target.clone();
        let fault = |error: &dyn std::fmt::Display| fault(&target, error);
        match self.sink.take() {
            Some(Sink::Csv(writer)) => {
                writer.into_inner().flush().map_err(|error| fault(&error))?;
            }
            Some(Sink::Ndjson(mut writer)) => {
                writer.finish().map_err(|error| fault(&error))?;
                writer.into_inner().flush().map_err(|error| fault(&error))?;
            }
            Some(Sink::Parquet(writer)) => {
                writer.close().map_err(|error| fault(&error))?;
            }
            Some(Sink::Xlsx(sheet)) => {
                let file = File::create(&self.partial).map_err(|error| fault(&error))?;
                (*sheet).save(file).map_err(|error| fault(&error))?;
            }
            None => {}
        }
        std::fs::rename(&self.partial, &target).map_err(|error| fault(&error))?;
        Ok(target)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if self.sink.is_some() {
            // Not finished: nothing half-written stays. It may never have been created.
            drop(self.sink.take());
            let _ = std::fs::remove_file(&self.partial);
        }
    }
}

/// Numbers and plain texts hardly repeat, so that looking for repetitions would cost more than
/// it saves; what repeats comes as a dictionary already.
fn properties(schema: &SchemaRef, layout: &Layout) -> parquet::errors::Result<WriterProperties> {
    let compression = if layout.is_read_often {
        Compression::SNAPPY
    } else {
        Compression::ZSTD(ZstdLevel::try_new(1)?)
    };
    let rows = layout.row_group_rows.unwrap_or(GROUP_ROWS);
    let mut properties = WriterProperties::builder()
        .set_compression(compression)
        .set_max_row_group_row_count(Some(rows));
    for field in schema.fields() {
        let repeats = matches!(field.data_type(), DataType::Dictionary(..) | DataType::Boolean)
            || field.metadata().contains_key(REPEATS);
        let column = ColumnPath::from(field.name().as_str());
        properties = properties.set_column_dictionary_enabled(column, repeats);
    }
    Ok(properties.build())
}

/// Dictionaries as plain text, for formats that know none.
fn plain(schema: &SchemaRef) -> SchemaRef {
    let field = |it: &Arc<Field>| match it.data_type() {
        DataType::Dictionary(_, of) => Field::new(it.name(), of.as_ref().clone(), it.is_nullable()),
        _ => it.as_ref().clone(),
    };
    Arc::new(Schema::new(schema.fields().iter().map(field).collect::<Vec<_>>()))
}

fn decoded(
    batch: &RecordBatch,
    schema: &SchemaRef,
) -> Result<RecordBatch, arrow::error::ArrowError> {
    let pairs = batch.columns().iter().zip(schema.fields());
    let columns = pairs.map(|(column, field)| cast(column, field.data_type()));
    RecordBatch::try_new(schema.clone(), columns.collect::<Result<Vec<ArrayRef>, _>>()?)
}
