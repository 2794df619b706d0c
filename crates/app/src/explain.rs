//! `explain`: one household, from its band down to its facts.

use crate::assess::{FactRow, Found, Request, household_rows};
use crate::input::period;
use crate::{Loaded, Refused};
use arrow::array::RecordBatch;
use base::Diagnostic;
use base::codes::run as codes;
use monitor::explain::Explanation;
use monitor::rows;
use tables::Reject;

/// An explained household.
pub struct Report {
    /// Everything about its band.
    pub explanation: Explanation,
    /// The facts it was made of, latest first; empty where a panel was given.
    pub facts: Vec<FactRow>,
    /// Its panel row of the period: attribute id and value as text.
    pub attributes: Vec<(String, String)>,
    /// Rows of it that could not be read, and were left out.
    pub notes: Vec<Diagnostic>,
}

/// Explains a household in a period (the latest of the input where none is given), with so many
/// periods of history.
pub fn run(
    loaded: &Loaded,
    request: &Request,
    household: &str,
    earlier: u32,
) -> Result<Report, Refused> {
    let one = |it: Diagnostic| vec![it];
    let pack = loaded.pack();
    let asked = match &request.period {
        Some(text) => Some(period(pack, text).map_err(one)?),
        None => None,
    };
    let depth = loaded.evaluator.history_depth() + earlier + 1;
    let found = household_rows(loaded, request, household, asked, depth)?;
    let Some(Found { rows: batch, facts, at, rejects }) = found else {
        let message = format!("the input has no household `{household}`");
        let finding = Diagnostic::new(&codes::NO_SUCH_HOUSEHOLD, message);
        return Err(vec![
            finding.hint("ids are compared byte by byte; `assess --out` lists them all"),
        ]);
    };
    let distinct = rows::distinct(&batch).map_err(one)?;
    if let Some(conflict) = distinct.conflicts.first() {
        let columns = conflict.columns.join(", ");
        let message = format!("rows of the household contradict each other in {columns}");
        let finding = Diagnostic::new(&codes::CONFLICTING_ROWS, message);
        return Err(vec![finding.hint("delete or correct one of the two rows")]);
    }
    let assessed = loaded.evaluator.assess_with_history(&distinct.batch, at, earlier + 1);
    let assessed = assessed.map_err(one)?;
    let explanation = monitor::explain::explain(&loaded.evaluator, &assessed, 0, earlier);
    let attributes = attributes(&assessed.batch, assessed.row_of(0, at.index()));
    let notes = rejects.iter().map(Reject::to_diagnostic).collect();
    Ok(Report { explanation, facts, attributes, notes })
}

fn attributes(batch: &RecordBatch, row: Option<usize>) -> Vec<(String, String)> {
    let Some(row) = row else { return Vec::new() };
    let schema = batch.schema();
    let pairs = schema.fields().iter().zip(batch.columns());
    let shown = pairs.filter_map(|(field, column)| {
        let name = field.name();
        if name.ends_with("__observed") || name == rows::HOUSEHOLD || name == rows::PERIOD {
            return None;
        }
        let value = arrow::util::display::array_value_to_string(column, row).ok()?;
        (!value.is_empty()).then(|| (name.clone(), value))
    });
    shown.collect()
}
