//! Printing: findings to the error stream, results to standard output.

use base::Diagnostic;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use std::io::Write;

/// Findings of one kind after which the rest is only counted.
const SAME_CODE_MAX: usize = 12;

/// Prints a line; a closed pipe is no fault.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Prints to the error stream.
pub fn error_line(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Prints findings, many of one kind shortened.
pub fn findings(findings: &[Diagnostic]) {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for finding in findings {
        let position = counts.iter().position(|it| it.0 == finding.code.id);
        let count = match position {
            Some(position) => {
                counts[position].1 += 1;
                counts[position].1
            }
            None => {
                counts.push((finding.code.id, 1));
                1
            }
        };
        if count <= SAME_CODE_MAX {
            error_line(&finding.to_string());
        }
    }
    for (code, count) in counts.into_iter().filter(|it| it.1 > SAME_CODE_MAX) {
        error_line(&format!("… and {} more of {code}", count - SAME_CODE_MAX));
    }
}

/// A table with a header; columns named in `right` are aligned right.
pub fn table(header: &[&str], right: &[usize], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header.iter().copied());
    for row in rows {
        table.add_row(row);
    }
    for column in right {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
        .to_string()
        .lines()
        .map(|it| format!("  {}", it.trim_end()))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A count with thousands set apart.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// A share in percent with one decimal.
pub fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
