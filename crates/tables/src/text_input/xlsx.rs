//! Sheets of workbooks.

use super::{Deliver, Flow, positions, unreadable};
use crate::cells::{Rows, shorten};
use crate::input::file_of;
use crate::raw::{Each, RawRow};
use crate::spec::TableSpec;
use base::Diagnostic;
use base::codes::tables as codes;
use calamine::{Data, Reader};
use std::path::Path;

/// How many sheets a workbook has.
pub fn sheets(path: &Path) -> Result<usize, Diagnostic> {
    let workbook =
        calamine::open_workbook_auto(file_of(path)).map_err(|error| unreadable(path, error))?;
    Ok(workbook.sheet_names().len())
}

pub(super) fn sheet(path: &Path, number: usize) -> Result<calamine::Range<Data>, Diagnostic> {
    let mut workbook =
        calamine::open_workbook_auto(file_of(path)).map_err(|error| unreadable(path, error))?;
    let range = workbook.worksheet_range_at(number);
    let range = range.ok_or_else(|| unreadable(path, "the workbook has no such sheet"))?;
    range.map_err(|error| unreadable(path, error))
}

pub(super) fn cell_text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::DateTime(it) => {
            let (year, month, day, hour, minute, second, _) = it.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
        }
        other => other.to_string().trim().to_owned(),
    }
}

pub(super) fn read_xlsx(
    (path, number): (&Path, usize),
    spec: &TableSpec,
    sources: &[Option<String>],
    batch_rows: usize,
    deliver: Deliver<'_>,
) -> Result<(), Diagnostic> {
    let range = sheet(path, number)?;
    let names: Vec<String> =
        range.rows().next().map(|row| row.iter().map(cell_text).collect()).unwrap_or_default();
    let positions = positions(&names, sources);
    let file = path.display().to_string();
    let mut flow = Flow { file, rows: Rows::new(spec), rejects: Vec::new(), batch_rows, deliver };
    let first_row = u64::from(range.start().map_or(0, |it| it.0)) + 1;
    for (line, row) in (first_row..).zip(range.rows()).skip(1) {
        if row.iter().all(|it| matches!(it, Data::Empty)) {
            continue;
        }
        if let Some(error) = row.iter().find(|it| matches!(it, Data::Error(_))) {
            let message = format!("a cell holds the error {}", shorten(&error.to_string()));
            flow.reject(line, &codes::BAD_NUMBER, message, "mend the formula in the sheet");
            continue;
        }
        let texts: Vec<Option<String>> =
            positions.iter().map(|it| it.and_then(|it| row.get(it)).map(cell_text)).collect();
        let cells: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
        flow.push(line, &cells)?;
    }
    flow.flush()
}

/// Calls `each` with the rows of a sheet below its header.
pub fn raw_xlsx(path: &Path, number: usize, each: Each<'_>) -> Result<(), Diagnostic> {
    let range = sheet(path, number)?;
    let first_row = u64::from(range.start().map_or(0, |it| it.0)) + 1;
    for (line, row) in (first_row..).zip(range.rows()).skip(1) {
        if row.iter().all(|it| matches!(it, Data::Empty)) {
            continue;
        }
        let text = |it: &Data| Some(cell_text(it)).filter(|it| !it.is_empty());
        if !each(RawRow { line, cells: row.iter().map(text).collect(), json: None })? {
            return Ok(());
        }
    }
    Ok(())
}
