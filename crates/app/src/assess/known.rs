//! The table of what is known already: warnings and rules that a case is open for.

use crate::Refused;
use crate::input::Files;
use arrow::array::{Array, AsArray};
use base::Band;
use monitor::warnings::Known;
use std::path::Path;
use tables::{ColumnKind, ColumnSpec, ReadOptions, TableSpec};

/// Reads `warning_id`, or `household_id` and `rule`, each with the `urgency` at which it is known
/// (red where absent: whatever happens is known).
pub fn read(path: Option<&Path>) -> Result<Known, Refused> {
    let mut known = Known::default();
    let Some(path) = path else { return Ok(known) };
    let column = |name: &str, kind| ColumnSpec {
        name: name.to_owned(),
        sources: Vec::new(),
        kind,
        is_required: false,
    };
    let text = || ColumnKind::Text { categories: Vec::new() };
    let bands = Band::KNOWN.map(|it| it.name().to_owned()).to_vec();
    let spec = TableSpec {
        columns: vec![
            column("warning_id", text()),
            column("household_id", text()),
            column("rule", text()),
            column("urgency", ColumnKind::Text { categories: bands }),
        ],
    };
    let files = Files { paths: vec![path.to_owned()], columns: Vec::new() };
    for input in files.open(&spec)? {
        let rejects = tables::each_batch(input, &ReadOptions::default(), &mut |rows| {
            let columns: Vec<_> = (0..4)
                .filter_map(|it| {
                    arrow::compute::cast(rows.column(it), &arrow::datatypes::DataType::Utf8).ok()
                })
                .collect();
            let cell = |column: usize, row: usize| {
                let texts = columns.get(column)?.as_string::<i32>();
                texts.is_valid(row).then(|| texts.value(row))
            };
            for row in 0..rows.num_rows() {
                let urgency = cell(3, row).and_then(Band::parse).unwrap_or(Band::Red);
                if let Some(id) = cell(0, row) {
                    known.add_warning(id, urgency);
                }
                if let (Some(household), Some(rule)) = (cell(1, row), cell(2, row)) {
                    known.add_rule(household, rule, urgency);
                }
            }
        })
        .map_err(|it| vec![it])?;
        // A line that is lost would warn again of what someone is working on.
        if !rejects.is_empty() {
            return Err(rejects.iter().map(tables::Reject::to_diagnostic).collect());
        }
    }
    Ok(known)
}
