//! What is wanted of a file.

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use base::PeriodKind;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The columns wanted of a file.
#[derive(Clone, Debug, Default)]
pub struct TableSpec {
    /// In the order in which they are delivered.
    pub columns: Vec<ColumnSpec>,
}

/// One wanted column.
#[derive(Clone, Debug)]
pub struct ColumnSpec {
    /// The name under which it is delivered.
    pub name: String,
    /// Names that its header may have, the first that fits wins; the column's own name always
    /// fits last.
    pub sources: Vec<String>,
    /// What its cells are.
    pub kind: ColumnKind,
    /// Whether a file without it is refused.
    pub is_required: bool,
}

/// What the cells of a column are.
#[derive(Clone, Debug)]
pub enum ColumnKind {
    /// A household id: text of 1 to 64 bytes.
    HouseholdId,
    /// A household id that may be empty, as of facts about something else; empty sorts first.
    OptionalHouseholdId,
    /// Text that must not be empty.
    Key,
    /// Text; where categories are given, one of them.
    Text {
        /// The categories; empty: any text.
        categories: Vec<String>,
    },
    /// Anything that can be written, as text.
    Any,
    /// A number, within the range where one is given.
    Number {
        /// Least.
        min: Option<f64>,
        /// Greatest.
        max: Option<f64>,
    },
    /// True or false.
    Boolean,
    /// A period of a kind, delivered as its index.
    Period(PeriodKind),
    /// A civil day.
    Date,
    /// An instant, delivered as microseconds in UTC.
    Instant,
}

/// Columns named on the command line: target name → name in the file.
#[derive(Clone, Debug, Default)]
pub struct Mapping(pub BTreeMap<String, String>);

impl Mapping {
    /// Reads `TARGET=COLUMN`.
    pub fn add(&mut self, text: &str) -> Result<(), String> {
        match text.split_once('=') {
            Some((target, source)) if !target.trim().is_empty() && !source.trim().is_empty() => {
                self.0.insert(target.trim().to_owned(), source.trim().to_owned());
                Ok(())
            }
            _ => Err(format!("`{text}` is not TARGET=COLUMN")),
        }
    }
}

impl ColumnKind {
    /// The type in which it is delivered from text formats, and after casting from Parquet.
    pub fn data_type(&self) -> DataType {
        match self {
            ColumnKind::HouseholdId
            | ColumnKind::OptionalHouseholdId
            | ColumnKind::Key
            | ColumnKind::Any
            | ColumnKind::Text { .. } => DataType::Utf8,
            ColumnKind::Number { .. } => DataType::Float64,
            ColumnKind::Boolean => DataType::Boolean,
            ColumnKind::Period(_) => DataType::Int32,
            ColumnKind::Date => DataType::Date32,
            ColumnKind::Instant => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        }
    }

    /// Whether an empty cell is refused.
    pub fn is_key(&self) -> bool {
        matches!(self, ColumnKind::HouseholdId | ColumnKind::Key | ColumnKind::Period(_))
    }
}

impl TableSpec {
    /// The schema of what text formats deliver.
    pub fn schema(&self) -> SchemaRef {
        let field = |it: &ColumnSpec| Field::new(&it.name, it.kind.data_type(), true);
        Arc::new(Schema::new(self.columns.iter().map(field).collect::<Vec<_>>()))
    }
}
