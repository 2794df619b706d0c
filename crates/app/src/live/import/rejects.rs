//! Rows that were not taken, kept beside the file and given back in its form.

use super::request::{Imported, Part};
use base::Diagnostic;
use base::codes::tables::CANNOT_WRITE;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use tables::{Format, Reject};

/// Why a row was not taken.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refusal {
    /// The line.
    pub line: u64,
    /// The column, where it is one.
    pub column: Option<String>,
    /// The code of the reason.
    pub code: String,
    /// The reason.
    pub detail: String,
    /// The next step.
    pub hint: Option<String>,
}

impl Refusal {
    fn of(it: &Reject) -> Self {
        Self {
            line: it.line,
            column: it.column.clone(),
            code: it.code.id.to_owned(),
            detail: it.message.clone(),
            hint: it.hint.clone(),
        }
    }

    /// In one line.
    pub fn text(&self) -> String {
        let column = self.column.as_deref().map(|it| format!("{it}: ")).unwrap_or_default();
        let hint = self.hint.as_deref().map(|it| format!(" ({it})")).unwrap_or_default();
        format!("{column}{} [{}]{hint}", self.detail, self.code)
    }
}

fn fault(path: &Path, error: impl std::fmt::Display) -> Diagnostic {
    let message = format!("what was not taken cannot be kept: {error}");
    Diagnostic::new(&CANNOT_WRITE, message)
        .at(base::Place::file(path.display().to_string()))
        .hint("check that the folder exists, may be written to and has room")
}

impl Imported {
    /// Keeps the rejects of a part in a file, one a line.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep_rejects(&self, part: Part, path: &Path) -> Result<(), Diagnostic> {
        let file = File::create(path).map_err(|error| fault(path, error))?;
        let mut file = BufWriter::new(file);
        for it in self.rejects_of(part) {
            let text = serde_json::to_string(&Refusal::of(it)).unwrap_or_default();
            writeln!(file, "{text}").map_err(|error| fault(path, error))?;
        }
        file.flush().map_err(|error| fault(path, error))
    }

    /// Writes the rows of one file that were not taken to another, in the form its name asks for.
    ///
    /// # Errors
    /// The file cannot be read any more, or the other not be written.
    pub fn give_back(&self, part: Part, path: &Path, to: &Path) -> Result<(), Diagnostic> {
        let ending = to.extension().map(|it| it.to_string_lossy().to_lowercase());
        let format = ending.as_deref().and_then(Format::parse).unwrap_or(Format::Csv);
        let own = path.display().to_string();
        let rejects = self.rejects_of(part).into_iter().filter(|it| it.file == own);
        let errors = rejects.map(|it| (it.line, Refusal::of(it).text()));
        let file = File::create(to).map_err(|error| fault(to, error))?;
        tables::marked(path, errors, format, BufWriter::new(file))
    }
}

/// What was kept by [`Imported::keep_rejects`], line by line.
///
/// # Errors
/// The file cannot be read.
pub fn kept(path: &Path) -> Result<impl Iterator<Item = Refusal> + use<>, Diagnostic> {
    let file = File::open(path).map_err(|error| fault(path, error))?;
    let lines = BufReader::new(file).lines().map_while(Result::ok);
    Ok(lines.filter_map(|it| serde_json::from_str(&it).ok()))
}

/// Writes the rows of a file whose refusals were kept, with the reasons, in a format.
///
/// # Errors
/// One of the files cannot be read, or the sink not be written.
pub fn give_back(
    path: &Path,
    refusals: &Path,
    format: Format,
    sink: impl Write + Send,
) -> Result<(), Diagnostic> {
    let errors = kept(refusals)?.map(|it| (it.line, it.text()));
    tables::marked(path, errors, format, sink)
}

/// Cells of a row, as they stand in a file.
type Cells = Vec<Option<String>>;

/// The names of a file's columns, and its first rows.
///
/// # Errors
/// The file cannot be read.
pub fn sample(path: &Path) -> Result<(Vec<String>, Vec<Cells>), Diagnostic> {
    let names = file_names(path)?;
    let mut rows = Vec::new();
    tables::each_raw(path, &mut |row| {
        rows.push(row.cells);
        Ok(rows.len() < 5)
    })?;
    Ok((names, rows))
}

/// The names of a file's columns.
///
/// # Errors
/// The file cannot be read.
pub fn file_names(path: &Path) -> Result<Vec<String>, Diagnostic> {
    tables::names(path)
}

/// A row of a file as it was sent, and why it was not taken.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// Its line.
    pub line: u64,
    /// Its cells, in the order of the header.
    pub cells: Vec<Option<String>>,
    /// Why it was not taken; empty: it was.
    pub errors: Vec<Refusal>,
}

/// Rows of a file behind a line with what was said of them; at most so many.
///
/// # Errors
/// One of the files cannot be read.
pub fn shown(
    path: &Path,
    refusals: &Path,
    after: u64,
    most: usize,
    only_errors: bool,
) -> Result<Vec<Shown>, Diagnostic> {
    let mut refusals = kept(refusals)?.peekable();
    let mut rows = Vec::new();
    tables::each_raw(path, &mut |row| {
        let mut errors = Vec::new();
        while let Some(it) = refusals.next_if(|it| it.line <= row.line) {
            errors.push(it);
        }
        if row.line > after && (!only_errors || !errors.is_empty()) {
            rows.push(Shown { line: row.line, cells: row.cells, errors });
        }
        Ok(rows.len() < most)
    })?;
    Ok(rows)
}
