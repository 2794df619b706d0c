//! Rows and households set aside, as a table.

use arrow::array::{ArrayRef, RecordBatch, StringArray, UInt64Array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use base::Diagnostic;
use base::codes::run as codes;
use monitor::rows::Conflict;
use std::sync::Arc;
use tables::{Lines, Reject};

/// A household set aside for contradicting rows: one reject with both lines.
pub fn from_conflict(conflict: &Conflict, lines: &Lines, period: &str) -> Reject {
    let (file, first) = lines.of(conflict.rows.0);
    let (other, second) = lines.of(conflict.rows.1);
    let columns = conflict.columns.join(", ");
    let message = format!(
        "two rows of {period} differ in {columns}: line {first} of {file} and line {second} of {other}"
    );
    Reject {
        file,
        line: first,
        household: Some(conflict.household.clone()),
        period: Some(period.to_owned()),
        column: conflict.columns.first().cloned(),
        code: &codes::CONFLICTING_ROWS,
        message,
        hint: Some("delete or correct one of the two rows and run again".to_owned()),
    }
}

/// The table of rejects.
pub fn to_batch(rejects: &[Reject]) -> Result<RecordBatch, arrow::error::ArrowError> {
    let text = |value: &dyn Fn(&Reject) -> Option<String>| -> ArrayRef {
        Arc::new(rejects.iter().map(value).collect::<StringArray>())
    };
    let lines = rejects.iter().map(|it| (it.line > 0).then_some(it.line));
    let columns: Vec<ArrayRef> = vec![
        text(&|it| Some(it.file.clone())),
        Arc::new(lines.collect::<UInt64Array>()),
        text(&|it| it.household.clone()),
        text(&|it| it.period.clone()),
        text(&|it| it.column.clone()),
        text(&|it| Some(it.code.id.to_owned())),
        text(&|it| Some(it.message.clone())),
        text(&|it| it.hint.clone()),
    ];
    RecordBatch::try_new(schema(), columns)
}

fn schema() -> SchemaRef {
    let text = |name: &str, nullable| Field::new(name, DataType::Utf8, nullable);
    Arc::new(Schema::new(vec![
        text("file", false),
        Field::new("line", DataType::UInt64, true),
        text("household_id", true),
        text("period", true),
        text("column", true),
        text("code", false),
        text("error", false),
        text("hint", true),
    ]))
}

/// Names in a message, the rest is counted.
const NAMED_MAX: usize = 5;

/// A warning about households that were judged although rows of theirs are missing.
pub fn with_rejects(households: &[String]) -> Option<Diagnostic> {
    if households.is_empty() {
        return None;
    }
    let named: Vec<&str> = households.iter().take(NAMED_MAX).map(String::as_str).collect();
    let rest = households.len().saturating_sub(NAMED_MAX);
    let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    let message = format!("assessed without rows that were set aside: {}{rest}", named.join(", "));
    let finding = Diagnostic::new(&codes::HOUSEHOLD_WITH_REJECTS, message);
    Some(finding.hint("correct the rows in the table of rejects and run again"))
}
