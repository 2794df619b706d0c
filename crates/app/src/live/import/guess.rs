//! Which column holds what, by the names that columns have.

use super::request::{ImportRequest, Kind};
use super::targets::{Target, targets};
use crate::Refused;
use crate::live::Live;
use base::Diagnostic;
use base::codes::run as codes;
use std::collections::BTreeMap;
use std::path::Path;
use tables::{Mapping, closest};

/// The day of one thing in a row that says many: its column is called so behind the thing's name.
pub const DATED: &str = "__date";
/// Shorter names are taken only as they are: one slip of the pen makes another word of them.
const GUESSED_CHARACTERS_MIN: usize = 6;

/// A column with the target that it probably holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The column's name.
    pub column: String,
    /// What it probably holds.
    pub target: Option<String>,
    /// Whether its name says so, and not only something like it.
    pub is_certain: bool,
}

/// A name without what does not tell names apart: case, blanks, signs, a unit in brackets.
fn bare(name: &str) -> String {
    let name = name.split(['(', '（', '[', '【']).next().unwrap_or(name);
    let bare: String = name.to_lowercase().chars().filter(|it| it.is_alphanumeric()).collect();
    if bare.is_empty() { name.to_lowercase() } else { bare }
}

/// For each column the target it holds; each target once, the first column that fits has it.
pub fn guess(targets: &[Target], columns: &[String]) -> Vec<Guess> {
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for target in targets {
        let labels = [&target.name, &target.label.0, &target.label.1];
        for name in labels.into_iter().chain(&target.names) {
            names.entry(bare(name)).or_insert(&target.name);
        }
    }
    let mut taken: Vec<String> = Vec::new();
    let mut guesses: Vec<Guess> = columns
        .iter()
        .map(|column| {
            let dated = column.strip_suffix(DATED);
            let found = names.get(&bare(dated.unwrap_or(column)));
            let found = found.map(|it| format!("{it}{}", dated.map_or("", |_| DATED)));
            let target = found.filter(|it| !taken.contains(it));
            taken.extend(target.clone());
            Guess { column: column.clone(), is_certain: target.is_some(), target }
        })
        .collect();
    for guess in guesses.iter_mut().filter(|it| it.target.is_none()) {
        let own = bare(&guess.column);
        if own.chars().count() < GUESSED_CHARACTERS_MIN {
            continue;
        }
        let near = closest(&own, names.keys().map(String::as_str)).and_then(|it| names.get(it));
        guess.target = near.map(|it| (*it).to_owned()).filter(|it| !taken.contains(it));
        taken.extend(guess.target.clone());
    }
    guesses
}

/// The mapping of a file: what was said, and what the names of the other columns say for certain.
pub fn mapping_of(
    live: &Live,
    request: &ImportRequest,
    kind: Kind,
    path: &Path,
) -> Result<Mapping, Refused> {
    let all = targets(&live.pack(), kind);
    let names = tables::names(path).map_err(|it| vec![it])?;
    let mut mapping = Mapping::default();
    let is_own = request.kind == kind;
    let mut findings = Vec::new();
    for (target, column) in request.columns.iter().filter(|_| is_own) {
        let plain = target.strip_suffix(DATED).unwrap_or(target);
        if all.iter().any(|it| it.name == plain) {
            mapping.0.insert(target.clone(), column.clone());
            continue;
        }
        let known = closest(target, all.iter().map(|it| it.name.as_str()));
        let hint = known.map_or_else(
            || {
                "the columns of a file and what they may hold: POST /api/v1/imports/columns"
                    .to_owned()
            },
            |it| format!("did you mean `{it}`?"),
        );
        let message = format!("nothing that can be imported is called `{target}`");
        findings.push(Diagnostic::new(&codes::BAD_OPTION, message).hint(hint));
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let said: Vec<String> = mapping.0.values().cloned().collect();
    for guess in guess(&all, &names).into_iter().filter(|it| it.is_certain) {
        if let Some(target) = guess.target.filter(|_| !said.contains(&guess.column)) {
            mapping.0.entry(target).or_insert(guess.column);
        }
    }
    Ok(mapping)
}
