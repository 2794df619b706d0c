//! House rules that no compiler checks: line length, module docs, crate direction, place names.

use crate::run::{self, Result};
use std::path::{Path, PathBuf};

const LINE_CHARACTERS_MAX: usize = 100;
/// Where a line holds text for people, which cannot be broken without harm.
const TEXT_LINE_CHARACTERS_MAX: usize = 120;
const FUNCTION_LINES_MAX: usize = 70;

/// Which crates a crate may depend on: `base ← pack ← monitor`, `base ← tables, measures, store`,
/// all ← `app` ← `server` ← `cli`; only `cli` may use `sim`.
const DIRECTION: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("pack", &["base"]),
    ("tables", &["base"]),
    ("measures", &["base"]),
    ("monitor", &["base", "pack"]),
    ("store", &["base"]),
    ("sim", &["base"]),
    ("app", &["base", "pack", "tables", "monitor", "measures", "store"]),
    ("server", &["base", "store", "app"]),
    ("cli", &["base", "pack", "tables", "monitor", "measures", "store", "app", "server", "sim"]),
];

/// Places that only packs, the simulator, tests and the help of commands may name.
const PLACES: &[&str] = &["tongchuan", "xiongan", "uganda", "铜川", "雄安"];

/// Fails with every breach found.
pub fn run() -> Result {
    let listed = run::output("git", &["ls-files", "--cached", "--others", "--exclude-standard"])?;
    let root = run::root();
    let mut breaches = Vec::new();
    for file in listed.lines().filter(|it| root.join(it).is_file()) {
        if file.ends_with(".rs") {
            let text = read(&root.join(file))?;
            source(file, &text, &mut breaches);
        }
        if file.starts_with("crates/") && file.ends_with("Cargo.toml") {
            direction(file, &read(&root.join(file))?, &mut breaches);
        }
    }
    schema_names(&listed, &mut breaches)?;
    if breaches.is_empty() {
        println!("tidy: {} files, nothing to mend", listed.lines().count());
        return Ok(());
    }
    breaches.iter().for_each(|it| println!("{it}"));
    Err(format!("tidy found {} breaches of the house rules", breaches.len()))
}

fn read(path: &PathBuf) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn source(file: &str, text: &str, breaches: &mut Vec<String>) {
    if !text.starts_with("//!") {
        breaches
            .push(format!("{file}:1: a module opens with `//!`: what it does, what it never does"));
    }
    for (number, line) in (1..).zip(text.lines()) {
        let has_text = line.contains('"') || line.ends_with('\\') || line.contains("\\n");
        let most = if has_text { TEXT_LINE_CHARACTERS_MAX } else { LINE_CHARACTERS_MAX };
        if line.chars().count() > most {
            breaches.push(format!("{file}:{number}: longer than {most} characters"));
        }
    }
    function_lengths(file, text, breaches);
    let may_name_places = file.starts_with("crates/sim/")
        || file.contains("/tests/")
        || file.starts_with("crates/cli/")
        || file.starts_with("xtask/")
        || !file.starts_with("crates/");
    if !may_name_places {
        let code = text.split("#[cfg(test)]").next().unwrap_or(text);
        for (number, line) in (1..).zip(code.lines()) {
            let lower = line.to_lowercase();
            if let Some(place) = PLACES.iter().find(|it| lower.contains(**it)) {
                breaches.push(format!("{file}:{number}: names a place ({place})"));
            }
        }
    }
}

/// Lengths by indentation: a function ends at the brace that stands where its line began.
fn function_lengths(file: &str, text: &str, breaches: &mut Vec<String>) {
    let lines: Vec<&str> = text.lines().collect();
    for (start, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let words = ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn ", "const fn "];
        if !words.iter().any(|it| trimmed.starts_with(it)) {
            continue;
        }
        let indent = line.len() - trimmed.len();
        let end = format!("{}}}", " ".repeat(indent));
        let length = lines[start..].iter().position(|it| *it == end).unwrap_or(0);
        if length > FUNCTION_LINES_MAX {
            let number = start + 1;
            breaches.push(format!("{file}:{number}: a function of {length} lines"));
        }
    }
}

/// Of two types of one name the description of the API would show one in both places.
fn schema_names(listed: &str, breaches: &mut Vec<String>) -> Result {
    let mut seen: Vec<(String, String)> = Vec::new();
    let in_server = |it: &&str| it.starts_with("crates/server/src/") && it.ends_with(".rs");
    for file in listed.lines().filter(in_server) {
        let text = read(&run::root().join(file))?;
        let lines: Vec<&str> = text.lines().collect();
        for start in (0..lines.len()).filter(|it| is_schema(lines[*it])) {
            let name = schema_name(&lines[start..]).unwrap_or_default();
            if let Some((_, other)) = seen.iter().find(|it| it.0 == name) {
                let number = start + 1;
                breaches.push(format!("{file}:{number}: a schema `{name}` is in {other} too"));
            }
            seen.push((name, file.to_owned()));
        }
    }
    Ok(())
}

fn is_schema(line: &str) -> bool {
    line.starts_with("#[derive(") && line.contains("ToSchema")
}

/// The name of the type that follows, or the one it is described under.
fn schema_name(lines: &[&str]) -> Option<String> {
    let word = |text: &str| -> String {
        text.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect()
    };
    for line in lines {
        if let Some((_, rest)) = line.split_once("as = ") {
            return Some(word(rest));
        }
        for kind in ["struct ", "enum "] {
            if let Some((_, rest)) = line.split_once(kind) {
                return Some(word(rest));
            }
        }
    }
    None
}

fn direction(file: &str, text: &str, breaches: &mut Vec<String>) {
    let name = Path::new(file).parent().and_then(Path::file_name);
    let name = name.map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let Some((_, allowed)) = DIRECTION.iter().find(|it| it.0 == name) else {
        breaches.push(format!("{file}: crate `{name}` has no place in the direction of crates"));
        return;
    };
    let dependencies = text.split("[dev-dependencies]").next().unwrap_or(text);
    for (other, _) in DIRECTION.iter().filter(|it| !allowed.contains(&it.0)) {
        if dependencies.lines().any(|it| it.starts_with(&format!("{other}."))) {
            breaches.push(format!("{file}: `{name}` must not know `{other}`"));
        }
    }
}
