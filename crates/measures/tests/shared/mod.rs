//! The real files that the figures are checked against, where they are at hand.
//!
//! They lie outside the repository because not all of them may be passed on: `HOLDFAST_SHARED`
//! names their folder; without it, the folder `shared` beside the workspace is tried.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A table of text by column name.
pub struct Table {
    columns: HashMap<String, usize>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads `data/NAME` of the shared folder. `None`, with a line that says so, where it is not
    /// there; the line is written past the test harness's capture, so that it is seen.
    pub fn shared(name: &str) -> Option<Self> {
        let path = folder().join("data").join(name);
        let Ok(text) = std::fs::read_to_string(&path) else {
            let _ = writeln!(std::io::stderr(), "left out: there is no {}", path.display());
            return None;
        };
        // None of these files has a comma or a line end inside quotes.
        let cells =
            |line: &str| line.split(',').map(|it| it.trim_matches('"').to_owned()).collect();
        let mut lines = text.lines();
        let header: Vec<String> = cells(lines.next().expect("a file has a header"));
        let columns = header.into_iter().enumerate().map(|(at, name)| (name, at)).collect();
        Some(Self { columns, rows: lines.map(cells).collect() })
    }

    /// One column's text.
    pub fn texts(&self, column: &str) -> Vec<&str> {
        let at = *self.columns.get(column).expect("the file has this column");
        self.rows.iter().map(|row| row[at].as_str()).collect()
    }

    /// One column's numbers; an empty cell is unknown.
    pub fn numbers(&self, column: &str) -> Vec<Option<f64>> {
        let number = |text: &str| text.parse().expect("the column holds numbers");
        self.texts(column).into_iter().map(|it| (!it.is_empty()).then(|| number(it))).collect()
    }
}

fn folder() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    std::env::var_os("HOLDFAST_SHARED").map_or_else(beside, PathBuf::from)
}

/// Fails unless two figures are within a tolerance.
#[track_caller]
pub fn assert_close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "found {found}, expected {expected}");
}
