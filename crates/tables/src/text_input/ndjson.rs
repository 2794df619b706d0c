//! One JSON object a line.

use super::{Deliver, Flow, unreadable};
use crate::cells::Rows;
use crate::raw::{Each, RawRow};
use crate::spec::TableSpec;
use base::Diagnostic;
use base::codes::tables as codes;
use std::io::{BufRead, BufReader};
use std::path::Path;

pub(super) fn ndjson_names(path: &Path) -> Result<Vec<String>, Diagnostic> {
    let file = std::fs::File::open(path).map_err(|error| unreadable(path, error))?;
    let mut names: Vec<String> = Vec::new();
    // Keys may be missing where a value is: the first lines together make the header.
    for line in BufReader::new(file).lines().take(1000) {
        let line = line.map_err(|error| unreadable(path, error))?;
        let Ok(serde_json::Value::Object(object)) = serde_json::from_str(&line) else { continue };
        for key in object.keys().filter(|key| !names.contains(key)).collect::<Vec<_>>() {
            names.push(key.clone());
        }
    }
    Ok(names)
}

pub(super) fn read_ndjson(
    path: &Path,
    spec: &TableSpec,
    sources: &[Option<String>],
    batch_rows: usize,
    deliver: Deliver<'_>,
) -> Result<(), Diagnostic> {
    let name = path.display().to_string();
    let mut flow =
        Flow { file: name, rows: Rows::new(spec), rejects: Vec::new(), batch_rows, deliver };
    let hint = "write one JSON object a line";
    each_line(path, |line, bytes| {
        let object = match serde_json::from_slice::<serde_json::Value>(bytes) {
            Ok(serde_json::Value::Object(object)) => object,
            Ok(_) => {
                flow.reject(line, &codes::BAD_JSON, "the line is not an object".to_owned(), hint);
                return Ok(true);
            }
            Err(error) => {
                flow.reject(line, &codes::BAD_JSON, format!("the line is not JSON: {error}"), hint);
                return Ok(true);
            }
        };
        let texts: Vec<Option<String>> = sources
            .iter()
            .map(|it| it.as_ref().and_then(|it| object.get(it)).and_then(json_text))
            .collect();
        let cells: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
        flow.push(line, &cells)?;
        Ok(true)
    })?;
    flow.flush()
}

/// Calls `each` with the number and the bytes of every line that is not blank, until it says no.
fn each_line(
    path: &Path,
    mut each: impl FnMut(u64, &[u8]) -> Result<bool, Diagnostic>,
) -> Result<(), Diagnostic> {
    let file = std::fs::File::open(path).map_err(|error| unreadable(path, error))?;
    let mut reader = BufReader::new(file);
    let (mut bytes, mut line) = (Vec::new(), 0u64);
    loop {
        bytes.clear();
        let read = reader.read_until(b'\n', &mut bytes).map_err(|error| unreadable(path, error))?;
        if read == 0 {
            return Ok(());
        }
        line += 1;
        if !bytes.iter().all(u8::is_ascii_whitespace) && !each(line, &bytes)? {
            return Ok(());
        }
    }
}

fn json_text(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// Calls `each` with the lines of a file of JSON objects.
pub fn raw_ndjson(path: &Path, names: &[String], each: Each<'_>) -> Result<(), Diagnostic> {
    each_line(path, |line, bytes| {
        let object = serde_json::from_slice::<serde_json::Map<String, _>>(bytes);
        let object = object.unwrap_or_default();
        let cells = names.iter().map(|it| object.get(it).and_then(json_text)).collect();
        each(RawRow { line, cells, json: Some(bytes) })
    })
}
