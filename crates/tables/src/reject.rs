//! A row that could not be read.

use base::{Code, Diagnostic, Place};

/// One row that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The file.
    pub file: String,
    /// Line of a text file, row of a sheet or of a Parquet file, from 1.
    pub line: u64,
    /// The household, where it could be read.
    pub household: Option<String>,
    /// The period as it was written.
    pub period: Option<String>,
    /// The column.
    pub column: Option<String>,
    /// The row of the table of codes.
    pub code: &'static Code,
    /// What is wrong.
    pub message: String,
    /// The next step.
    pub hint: Option<String>,
}

impl Reject {
    /// The same as a finding, for tables that are read whole or not at all.
    pub fn to_diagnostic(&self) -> Diagnostic {
        let place = Place::line(self.file.clone(), self.line);
        let finding = Diagnostic::new(self.code, self.message.clone()).at(place);
        match &self.hint {
            Some(hint) => finding.hint(hint.clone()),
            None => finding,
        }
    }
}
