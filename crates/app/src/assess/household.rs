//! The rows of one household out of any input.

use super::facts_input::{self, FactFiles};
use super::{Request, instant};
use crate::input::{panel_spec, period_range};
use crate::{Loaded, Refused};
use arrow::array::{AsArray, BooleanArray, RecordBatch};
use arrow::compute::{cast, concat_batches, filter_record_batch};
use arrow::datatypes::DataType;
use base::codes::tables as codes;
use base::{Diagnostic, Period};
use monitor::rows::{HOUSEHOLD, PERIOD};
use tables::Reject;

/// A fact for showing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactRow {
    /// Its id.
    pub id: String,
    /// Its code.
    pub fact: String,
    /// Its value.
    pub value: String,
    /// The days it is about.
    pub valid: String,
    /// When it was learned.
    pub recorded_at: String,
    /// Who told it.
    pub source: String,
}

/// What an input has of one household.
pub struct Found {
    /// Its panel rows, sorted by period.
    pub rows: RecordBatch,
    /// Its facts, latest first; empty where a panel was given.
    pub facts: Vec<FactRow>,
    /// The period to explain.
    pub at: Period,
    /// Rows of it that could not be read.
    pub rejects: Vec<Reject>,
}

/// Everything of a household up to `at` (or the latest of the input); `None` where the input has no
/// such household.
pub fn household_rows(
    loaded: &Loaded,
    request: &Request,
    household: &str,
    at: Option<Period>,
    depth: u32,
) -> Result<Option<Found>, Refused> {
    let pack = loaded.pack();
    if request.facts.paths.is_empty() {
        let at = match at {
            Some(at) => at,
            None => period_range(pack, &request.panel)?.1,
        };
        let (mut found, mut rejects) = (Vec::new(), Vec::new());
        for input in request.panel.open(&panel_spec(pack, |_| true))? {
            let rejected = tables::each_batch(input, &request.read, &mut |rows| {
                found.extend(only(rows, household));
            });
            rejects.extend(rejected.map_err(|it| vec![it])?);
        }
        rejects.retain(|it| it.household.as_deref() == Some(household));
        let rows = joined(&found).map_err(|it| vec![it])?;
        return Ok(rows.map(|rows| Found { rows, facts: Vec::new(), at, rejects }));
    }
    let as_of = request.as_of.as_deref().map(instant).transpose().map_err(|it| vec![it])?;
    let facts = FactFiles::open(pack, &request.facts, as_of, &request.read)?;
    let at = match at {
        Some(at) => at,
        None => facts.latest().map_err(|it| vec![it])?,
    };
    let mut shown = Vec::new();
    for input in request.facts.open(&facts_input::spec())? {
        tables::each_batch(input, &request.read, &mut |rows| {
            if let Some(own) = only(rows, household) {
                shown.extend(fact_rows(&own));
            }
        })
        .map_err(|it| vec![it])?;
    }
    shown.sort_by(|a, b| b.recorded_at.cmp(&a.recorded_at).then(a.id.cmp(&b.id)));
    let (chunks, _) = facts.chunks(pack, at, depth, Some(household))?;
    let mut found = Vec::new();
    for chunk in chunks.into_iter().flatten() {
        let chunk = chunk.map_err(|it| vec![it])?;
        found.extend(only(&chunk.rows, household));
    }
    let rows = joined(&found).map_err(|it| vec![it])?;
    Ok(rows.map(|rows| Found { rows, facts: shown, at, rejects: Vec::new() }))
}

/// The rows of one household.
fn only(rows: &RecordBatch, household: &str) -> Option<RecordBatch> {
    let ids = cast(rows.column_by_name(HOUSEHOLD)?, &DataType::Utf8).ok()?;
    let is_it: BooleanArray =
        ids.as_string::<i32>().iter().map(|it| Some(it == Some(household))).collect();
    let own = filter_record_batch(rows, &is_it).ok()?;
    (own.num_rows() > 0).then_some(own)
}

/// Pieces as one batch, sorted by period.
fn joined(pieces: &[RecordBatch]) -> Result<Option<RecordBatch>, Diagnostic> {
    let fault = |error: arrow::error::ArrowError| {
        Diagnostic::new(&codes::FILE_UNREADABLE, format!("rows could not be joined: {error}"))
            .hint("check that all files have the same kinds of columns")
    };
    let Some(first) = pieces.first() else { return Ok(None) };
    let all = concat_batches(&first.schema(), pieces).map_err(fault)?;
    let Some(periods) = all.column_by_name(PERIOD) else { return Ok(Some(all)) };
    let order = arrow::compute::sort_to_indices(periods, None, None).map_err(fault)?;
    arrow::compute::take_record_batch(&all, &order).map(Some).map_err(fault)
}

fn fact_rows(rows: &RecordBatch) -> Vec<FactRow> {
    let text = |name: &str, row: usize| {
        let column = rows.column_by_name(name)?;
        arrow::util::display::array_value_to_string(column, row).ok()
    };
    let row = |row: usize| {
        let day = |name: &str| text(name, row).unwrap_or_default();
        let (from, to) = (day("valid_from"), day("valid_to"));
        FactRow {
            id: day("fact_id"),
            fact: day("fact"),
            value: day("value"),
            valid: if to.is_empty() { format!("from {from}") } else { format!("{from} to {to}") },
            recorded_at: day("recorded_at"),
            source: day("source"),
        }
    };
    (0..rows.num_rows()).map(row).collect()
}
