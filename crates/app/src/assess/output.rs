//! Result tables of a run: opened together, finished together.

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use base::Diagnostic;
use base::codes::tables as codes;
use monitor::Assessed;
use monitor::explain::Value;
use monitor::indicators::State;
use monitor::scores::Scored;
use pack::Pack;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tables::{Format, Layout, Writer};

/// A folder of result tables, each begun when its first rows come.
pub struct Outputs {
    folder: Option<PathBuf>,
    format: Format,
    writers: Vec<(&'static str, Writer)>,
}

impl Outputs {
    /// Results into a folder, or nowhere.
    pub fn new(folder: Option<&Path>, format: Format) -> Self {
        Self { folder: folder.map(Path::to_owned), format, writers: Vec::new() }
    }

    /// Adds rows to a table.
    pub fn write(&mut self, table: &'static str, batch: &RecordBatch) -> Result<(), Diagnostic> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let position = match self.writers.iter().position(|it| it.0 == table) {
            Some(position) => position,
            None => {
                let path = folder.join(format!("{table}.{}", self.format.ending()));
                // The next month's run and the office's own tools read them again.
                let layout = Layout { is_read_often: true, ..Layout::default() };
                let schema = batch.schema();
                let writer = Writer::with_layout(&path, self.format, &schema, &layout)?;
                self.writers.push((table, writer));
                self.writers.len() - 1
            }
        };
        self.writers[position].1.write(batch)
    }

    /// Gives all tables their names.
    pub fn finish(self) -> Result<Vec<PathBuf>, Diagnostic> {
        self.writers.into_iter().map(|(_, writer)| writer.finish()).collect()
    }
}

/// Indicator values and severities of a batch, one row per household × indicator.
pub fn indicators(
    assessed: &Assessed,
    pack: &Pack,
    scored: &[Scored],
) -> Result<RecordBatch, Diagnostic> {
    let (mut households, mut periods, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    let (mut values, mut severities, mut states) = (Vec::new(), Vec::new(), Vec::new());
    let columns = &assessed.indicators(assessed.at).columns;
    for (household, score) in scored.iter().enumerate() {
        let Some(row) = score.raw.row else { continue };
        for (indicator, column) in pack.indicators.iter().zip(columns) {
            households.push(assessed.household_id(household).to_owned());
            periods.push(assessed.at.to_string());
            ids.push(indicator.id.as_str());
            values.push(column.value.as_ref().and_then(|it| Value::at(it, row)).map(
                |it| match it {
                    Value::Number(it) => it.to_string(),
                    Value::Boolean(it) => it.to_string(),
                    Value::Text(it) => it,
                },
            ));
            severities.push(column.score(row).map(|it| it.points()));
            states.push(match column.state(row) {
                State::Known => "known",
                State::Unknown => "unknown",
                State::NotApplicable => "not_applicable",
            });
        }
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(households)),
        Arc::new(StringArray::from(periods)),
        Arc::new(StringArray::from(ids)),
        Arc::new(StringArray::from(values)),
        Arc::new(Float64Array::from(severities)),
        Arc::new(StringArray::from(states)),
    ];
    RecordBatch::try_new(indicator_schema(), columns).map_err(|error| {
        Diagnostic::new(&codes::CANNOT_WRITE, format!("indicators could not be laid out: {error}"))
    })
}

fn indicator_schema() -> SchemaRef {
    let text = |name: &str, nullable| Field::new(name, DataType::Utf8, nullable);
    Arc::new(Schema::new(vec![
        text("household_id", false),
        text("period", false),
        text("indicator", false),
        text("value", true),
        Field::new("severity", DataType::Float64, true),
        text("state", false),
    ]))
}
