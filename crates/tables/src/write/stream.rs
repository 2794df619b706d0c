//! A table into any sink, batch by batch: a response, a pipe. Memory stays the same however many
//! rows there are; a workbook is made in a scratch file first, because its end comes before its
//! beginning.

use super::sheet::Sheet;
use super::{Format, Layout, decoded, fault, plain, properties};
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::json::writer::{LineDelimited, WriterBuilder};
use base::Diagnostic;
use parquet::arrow::ArrowWriter;
use std::io::Write;
use std::path::Path;

/// Rows of a row group: so many are held before they go out.
const GROUP_ROWS: usize = 32_768;

/// A table under way.
pub struct Stream<W: Write + Send> {
    sink: Sink<W>,
    schema: SchemaRef,
}

enum Sink<W: Write + Send> {
    Csv(Box<arrow::csv::Writer<W>>),
    Ndjson(Box<arrow::json::Writer<W, LineDelimited>>),
    Parquet(Box<ArrowWriter<W>>),
    Xlsx(Box<Sheet>, W),
}

fn broken(error: impl std::fmt::Display) -> Diagnostic {
    fault(Path::new("the stream"), error)
}

impl<W: Write + Send> Stream<W> {
    /// Begins a table; its header goes out even if no row follows.
    pub fn new(sink: W, format: Format, schema: &SchemaRef) -> Result<Self, Diagnostic> {
        let schema = if format == Format::Parquet { schema.clone() } else { plain(schema) };
        let mut sink = match format {
            Format::Csv => Sink::Csv(Box::new(arrow::csv::Writer::new(sink))),
            // With every key on every line, so that the first lines show all columns.
            Format::Ndjson => {
                let builder = WriterBuilder::new().with_explicit_nulls(true);
                Sink::Ndjson(Box::new(builder.build(sink)))
            }
            Format::Parquet => {
                let layout = Layout { row_group_rows: Some(GROUP_ROWS), is_read_often: false };
                let properties = properties(&schema, &layout).map_err(broken)?;
                let writer = ArrowWriter::try_new(sink, schema.clone(), Some(properties));
                Sink::Parquet(Box::new(writer.map_err(broken)?))
            }
            Format::Xlsx => Sink::Xlsx(Box::new(Sheet::new(&schema).map_err(broken)?), sink),
        };
        if let Sink::Csv(writer) = &mut sink {
            writer.write(&RecordBatch::new_empty(schema.clone())).map_err(broken)?;
        }
        Ok(Self { sink, schema })
    }

    /// Adds rows.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), Diagnostic> {
        match &mut self.sink {
            Sink::Parquet(writer) => writer.write(batch).map_err(broken),
            Sink::Csv(writer) => {
                writer.write(&decoded(batch, &self.schema).map_err(broken)?).map_err(broken)
            }
            Sink::Ndjson(writer) => {
                writer.write(&decoded(batch, &self.schema).map_err(broken)?).map_err(broken)
            }
            Sink::Xlsx(sheet, _) => {
                sheet.write(&decoded(batch, &self.schema).map_err(broken)?).map_err(broken)
            }
        }
    }

    /// Ends the table.
    pub fn finish(self) -> Result<(), Diagnostic> {
        match self.sink {
            Sink::Csv(writer) => writer.into_inner().flush().map_err(broken),
            Sink::Ndjson(mut writer) => {
                writer.finish().map_err(broken)?;
                writer.into_inner().flush().map_err(broken)
            }
            Sink::Parquet(writer) => writer.close().map(drop).map_err(broken),
            Sink::Xlsx(sheet, mut sink) => {
                let mut file = tempfile::tempfile().map_err(broken)?;
                (*sheet).save(&mut file).map_err(broken)?;
                std::io::Seek::rewind(&mut file).map_err(broken)?;
                std::io::copy(&mut file, &mut sink).map_err(broken)?;
                sink.flush().map_err(broken)
            }
        }
    }
}
