//! What a command prints on standard output: words and tables for people, data for programs.
//!
//! Findings and progress go to the error stream, so that data can be piped whatever happened.

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use base::codes::run as codes;
use base::{Diagnostic, exit};
use clap::ValueEnum;
use serde_json::Value;
use std::io::{BufWriter, ErrorKind, IsTerminal, Result as Written, Stdout, Write};
use std::sync::Arc;
use tables::Format;

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For reading
    Table,
    /// Everything, for programs
    Json,
    /// The main table, comma-separated
    Csv,
    /// The main table, for a file or a pipe
    Parquet,
}

/// The columns of a main table, in order.
pub type Columns = [(&'static str, DataType)];

/// One answer in three shapes; each is made only where it is asked for.
pub struct Answer<Read, Whole, Main> {
    /// Prints it for reading.
    pub read: Read,
    /// Everything as one document.
    pub whole: Whole,
    /// The main table.
    pub main: Main,
}

impl<Read, Whole, Main> Answer<Read, Whole, Main>
where
    Read: FnOnce(),
    Whole: FnOnce() -> Value,
    Main: FnOnce() -> Result<RecordBatch, Diagnostic>,
{
    /// Prints the answer; the exit code is `done`, or that of a table that could not be written.
    pub fn print(self, form: Form, done: u8) -> u8 {
        let result = match form {
            Form::Table => {
                (self.read)();
                Ok(())
            }
            Form::Json => {
                crate::show::line(&(self.whole)().to_string());
                Ok(())
            }
            Form::Csv => (self.main)().and_then(|it| stream(&it, Format::Csv)),
            Form::Parquet => (self.main)().and_then(|it| stream(&it, Format::Parquet)),
        };
        match result {
            Ok(()) => done,
            Err(finding) => crate::commands::refuse(&[finding]).max(exit::REFUSED),
        }
    }
}

fn stream(batch: &RecordBatch, format: Format) -> Result<(), Diagnostic> {
    let output = std::io::stdout();
    if format == Format::Parquet && output.is_terminal() {
        let finding = Diagnostic::new(&codes::BAD_OPTION, "Parquet is not for a terminal");
        return Err(finding.hint("send it to a file: holdfast … --format parquet > FILE"));
    }
    tables::to_stream(batch, format, Pipe(BufWriter::new(output)))
}

/// Standard output whose reader may stop early, as `head` does; that is no fault.
struct Pipe(BufWriter<Stdout>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> Written<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            other => other,
        }
    }

    fn flush(&mut self) -> Written<()> {
        match self.0.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}

/// Rows, each an object by column name, as a table; what a row leaves out is empty.
pub fn table(columns: &Columns, rows: &[Value]) -> Result<RecordBatch, Diagnostic> {
    let fields = columns.iter().map(|(name, kind)| Field::new(*name, kind.clone(), true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let build = || -> Result<RecordBatch, ArrowError> {
        let mut decoder = arrow::json::ReaderBuilder::new(schema.clone())
            .with_batch_size(rows.len().max(1))
            .build_decoder()?;
        decoder.serialize(rows)?;
        Ok(decoder.flush()?.unwrap_or_else(|| RecordBatch::new_empty(schema.clone())))
    };
    build().map_err(|error| {
        Diagnostic::new(&base::codes::tables::CANNOT_WRITE, format!("the table: {error}"))
            .hint("use --format json")
    })
}
