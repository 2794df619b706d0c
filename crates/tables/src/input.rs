//! Opening a file: its format, its header, and which of its columns is which.

use crate::parquet_input::ParquetFile;
use crate::spec::{Mapping, TableSpec};
use crate::suggest::closest;
use crate::text_input::{self, TextFormat};
use base::codes::tables as codes;
use base::{Diagnostic, Place};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A file that was opened and whose columns were matched.
pub struct Input {
    /// The file.
    pub(crate) path: PathBuf,
    /// What is wanted of it.
    pub(crate) spec: TableSpec,
    /// The file's column for each wanted one.
    pub(crate) sources: Vec<Option<String>>,
    /// Its contents.
    pub(crate) contents: Contents,
    /// The first household of each row group, once it was asked for.
    pub(crate) starts: OnceLock<Vec<(usize, String)>>,
    notes: Vec<Diagnostic>,
}

/// What kind of file it is.
pub(crate) enum Contents {
    Text(TextFormat),
    Parquet(ParquetFile),
}

/// Opens a file by the ending of its name and matches its columns. All findings are given, not
/// only the first.
pub fn open(path: &Path, spec: &TableSpec, mapping: &Mapping) -> Result<Input, Vec<Diagnostic>> {
    let (contents, names) = contents(path).map_err(|it| vec![it])?;
    if names.is_empty() {
        let hint = "the first row must name the columns";
        let finding = Diagnostic::new(&codes::EMPTY_FILE, "the file has no header");
        return Err(vec![finding.at(place(path)).hint(hint)]);
    }
    let mut findings = Vec::new();
    let mut sorted = names.clone();
    sorted.sort();
    for pair in sorted.windows(2).filter(|it| it[0] == it[1] && !it[0].is_empty()) {
        let message = format!("the header names `{}` twice", pair[0]);
        let hint = "rename or remove one of the two columns";
        findings.push(Diagnostic::new(&codes::COLUMN_TWICE, message).at(place(path)).hint(hint));
    }
    let (sources, notes) = matched(path, spec, mapping, &names, &mut findings);
    if findings.is_empty() {
        let (path, spec, starts) = (path.to_owned(), spec.clone(), OnceLock::new());
        Ok(Input { path, spec, sources, contents, starts, notes })
    } else {
        Err(findings)
    }
}

/// The names of a file's columns.
pub fn names(path: &Path) -> Result<Vec<String>, Diagnostic> {
    contents(path).map(|it| it.1)
}

fn place(path: &Path) -> Place {
    Place::file(path.display().to_string())
}

/// The file of a path that may name a sheet of it, as `book.xlsx#2`.
pub(crate) fn file_of(path: &Path) -> PathBuf {
    let text = path.to_string_lossy();
    match text.rsplit_once('#') {
        Some((file, number)) if number.parse::<usize>().is_ok() && file.contains('.') => {
            PathBuf::from(file)
        }
        _ => path.to_owned(),
    }
}

/// How many tables a file holds: sheets of a workbook, else one.
///
/// # Errors
/// The file cannot be read.
pub fn tables_in(path: &Path) -> Result<usize, Diagnostic> {
    match contents(path)?.0 {
        Contents::Text(TextFormat::Xlsx(_)) => text_input::sheets(path),
        _ => Ok(1),
    }
}

/// What a file is, and the names of its columns.
pub(crate) fn contents(path: &Path) -> Result<(Contents, Vec<String>), Diagnostic> {
    let ending = path.extension().map(|it| it.to_string_lossy().to_lowercase());
    let (ending, sheet) = match ending.as_deref().and_then(|it| it.split_once('#')) {
        Some((ending, number)) => (Some(ending.to_owned()), number.parse().unwrap_or(0)),
        None => (ending, 1usize),
    };
    let format = match ending.as_deref() {
        Some("csv") => TextFormat::Csv,
        Some("tsv") => TextFormat::Tsv,
        Some("ndjson" | "jsonl") => TextFormat::Ndjson,
        Some("xlsx" | "xlsm" | "xls" | "ods") => TextFormat::Xlsx(sheet.wrapping_sub(1)),
        Some("parquet") => {
            let file = ParquetFile::open(path)?;
            let names = file.names();
            return Ok((Contents::Parquet(file), names));
        }
        _ => {
            let finding =
                Diagnostic::new(&codes::UNKNOWN_FORMAT, "the format of the file is unknown");
            let hint = "name it .csv, .tsv, .ndjson, .xlsx or .parquet";
            return Err(finding.at(place(path)).hint(hint));
        }
    };
    let header = text_input::header(path, format)?;
    let names = if header.names.iter().all(String::is_empty) { Vec::new() } else { header.names };
    Ok((Contents::Text(format), names))
}

fn matched(
    path: &Path,
    spec: &TableSpec,
    mapping: &Mapping,
    names: &[String],
    findings: &mut Vec<Diagnostic>,
) -> (Vec<Option<String>>, Vec<Diagnostic>) {
    let mut sources = Vec::with_capacity(spec.columns.len());
    let mut notes = Vec::new();
    let has = |name: &str| names.iter().any(|it| it == name);
    for target in
        mapping.0.keys().filter(|it| !spec.columns.iter().any(|column| column.name == **it))
    {
        let known = closest(target, spec.columns.iter().map(|it| it.name.as_str()));
        let hint = known.map_or_else(
            || "see the pack's attributes for the names that can be mapped".to_owned(),
            |it| format!("did you mean `{it}`?"),
        );
        let message = format!("a column is mapped to `{target}`, which nothing asks for");
        notes.push(Diagnostic::new(&codes::COLUMN_IGNORED, message).at(place(path)).hint(hint));
    }
    for column in &spec.columns {
        let mapped = mapping.0.get(&column.name);
        let own = std::iter::once(&column.name);
        let source = match mapped {
            Some(mapped) => Some(mapped.clone()).filter(|it| has(it)),
            None => column.sources.iter().chain(own).find(|it| has(it)).cloned(),
        };
        if source.is_none() && (column.is_required || mapped.is_some()) {
            let wanted = mapped.unwrap_or(column.sources.first().unwrap_or(&column.name));
            findings.push(missing(path, &column.name, wanted, names));
        } else if source.is_none() && !column.name.ends_with("__observed") {
            let message = format!("no column for `{}`: unknown throughout", column.name);
            let hint = format!("map one with --column {}=NAME if the file has it", column.name);
            let finding = Diagnostic::new(&codes::COLUMN_ABSENT, message);
            notes.push(finding.at(place(path)).hint(hint));
        }
        sources.push(source);
    }
    let is_used = |name: &String| sources.iter().flatten().any(|it| it == name);
    let ignored: Vec<&str> = names.iter().filter(|it| !is_used(it)).map(String::as_str).collect();
    if !ignored.is_empty() {
        let some = ignored.iter().take(12).copied().collect::<Vec<_>>().join(", ");
        let more = if ignored.len() > 12 { ", …" } else { "" };
        let message = format!("{} columns are not used: {some}{more}", ignored.len());
        notes.push(Diagnostic::new(&codes::COLUMN_IGNORED, message).at(place(path)));
    }
    (sources, notes)
}

fn missing(path: &Path, target: &str, wanted: &str, names: &[String]) -> Diagnostic {
    let near = closest(wanted, names.iter().map(String::as_str));
    let listed = names.iter().take(20).cloned().collect::<Vec<_>>().join(", ");
    let more =
        if names.len() > 20 { format!(" and {} more", names.len() - 20) } else { String::new() };
    let hint = match near {
        Some(near) => {
            format!("did you mean --column {target}={near}? the file has: {listed}{more}")
        }
        None => format!("name it with --column {target}=NAME; the file has: {listed}{more}"),
    };
    Diagnostic::new(&codes::COLUMN_MISSING, format!("the file has no column `{wanted}`"))
        .at(place(path))
        .hint(hint)
}

impl Input {
    /// Columns ignored, absent or mapped to nothing.
    pub fn notes(&self) -> &[Diagnostic] {
        &self.notes
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many rows it has, where that is known without reading it.
    pub fn rows_total(&self) -> Option<u64> {
        match &self.contents {
            Contents::Text(_) => None,
            Contents::Parquet(file) => Some(file.rows()),
        }
    }

    /// Its size in bytes; 0 where it cannot be told.
    pub fn bytes(&self) -> u64 {
        std::fs::metadata(file_of(&self.path)).map_or(0, |it| it.len())
    }

    /// What the writer of a Parquet file noted in its schema; nothing for other formats.
    pub fn schema_notes(&self) -> std::collections::HashMap<String, String> {
        match &self.contents {
            Contents::Text(_) => Default::default(),
            Contents::Parquet(file) => file.notes().clone(),
        }
    }

    /// Whether it is Parquet.
    pub fn is_parquet(&self) -> bool {
        matches!(self.contents, Contents::Parquet(_))
    }

    /// BLAKE3 of its bytes as hexadecimal digits.
    pub fn digest(&self) -> std::io::Result<String> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(std::fs::File::open(file_of(&self.path))?)?;
        Ok(hasher.finalize().to_hex().to_string())
    }
}
