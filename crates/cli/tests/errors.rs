//! Every message, reproduced: each folder of tests/errors holds a command, its input files and
//! what it prints. `BLESS=1 cargo test -p cli --test errors` writes the expectations again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/errors")
}

/// Codes that no command and its files can show: faults of the program or of a disk (M002, S004,
/// S005), of a database changed behind its back (L004, L005: tests/live.rs), and of requests (R011,
/// L002, L006, S003, A001 to A005: tests/server.rs; L022 to L025: tests/reads; J001 to J005:
/// tests/jobs.rs; J009: tests/undo.rs; S006: tests/edges.rs; W001 to W003: tests/webhooks.rs; A008:
/// tests/tokens.rs; A009 to A011: tests/oidc.rs; I003, I005, I006: tests/people_http.rs; I004:
/// tests/people.rs; V002 to V011: tests/policy.rs).
const ELSEWHERE: &[&str] = &[
    "M002", "S003", "S004", "S005", "S006", "L002", "L004", "L005", "L006", "L026", "L027", "L022",
    "L023", "L024", "L025", "R011", "A001", "A002", "A003", "A004", "A005", "A008", "A009", "A010",
    "A011", "W001", "W002", "W003", "I003", "I004", "I005", "I006", "J001", "J002", "J003", "J004",
    "J005", "J009", "V002", "V003", "V004", "V005", "V006", "V007", "V008", "V009", "V010", "V011",
];

/// Folders that hold a command, by name.
fn cases() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).expect("tests/errors");
    let mut cases: Vec<PathBuf> = entries.flatten().map(|it| it.path()).collect();
    cases.retain(|it| it.join("command").is_file());
    cases.sort();
    cases
}

/// A copy of all folders: commands may write beside their input.
fn scratch() -> tempfile::TempDir {
    let scratch = tempfile::tempdir().expect("a folder");
    copy(&folder(), scratch.path());
    scratch
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// What a command prints in a folder, with its exit code.
fn printed(case: &Path) -> String {
    let command = std::fs::read_to_string(case.join("command")).expect("command");
    let mut words = command.split_whitespace();
    assert_eq!(words.next(), Some("holdfast"), "{}", case.display());
    // A quoted argument may hold blanks.
    let mut arguments: Vec<String> = Vec::new();
    let mut is_open = false;
    for word in words {
        match arguments.last_mut().filter(|_| is_open) {
            Some(last) => *last = format!("{last} {word}"),
            None => arguments.push(word.to_owned()),
        }
        is_open ^= word.matches('"').count() % 2 == 1;
    }
    let arguments = arguments.iter().map(|it| it.replace('"', ""));
    let program = env!("CARGO_BIN_EXE_holdfast");
    let output = Command::new(program).args(arguments).current_dir(case).output().expect("runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    let code = output.status.code().unwrap_or(-1);
    let (errors, results) = (text(&output.stderr), text(&output.stdout));
    let parts = [format!("$ {}", command.trim()), errors, results, format!("exit code {code}")];
    let parts: Vec<String> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    format!("{}\n", parts.join("\n"))
}

#[test]
fn every_message_looks_as_it_was_reviewed() {
    let is_blessing = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    let scratch = scratch();
    for case in cases() {
        let now = printed(&scratch.path().join(case.file_name().expect("a name")));
        let path = case.join("expected");
        if is_blessing {
            std::fs::write(&path, &now).expect("written");
        } else if std::fs::read_to_string(&path).ok().as_ref() != Some(&now) {
            wrong.push(format!("{} is now:\n{now}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_folder_that_shows_it() {
    let shown: BTreeSet<String> = cases()
        .iter()
        .filter_map(|it| std::fs::read_to_string(it.join("expected")).ok())
        .flat_map(|text| {
            let codes = text.match_indices('[').filter_map(|(at, _)| text.get(at + 1..at + 5));
            codes.map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    let missing: Vec<&str> = base::codes::all()
        .map(|it| it.id)
        .filter(|it| !ELSEWHERE.contains(it) && !shown.contains(*it))
        .collect();
    assert!(missing.is_empty(), "no folder of tests/errors shows {missing:?}");
}

#[test]
fn every_folder_is_named_after_a_code_it_shows() {
    for case in cases() {
        let name = case.file_name().expect("a name").to_string_lossy().into_owned();
        let code = name.split('-').next().expect("a part").to_owned();
        let text = std::fs::read_to_string(case.join("expected")).expect("expected");
        assert!(code == "ok" || text.contains(&format!("[{code}]")), "{name} does not show {code}");
    }
}
