//! `holdfast import`.

mod people;

use super::database::{Database, act, user};
use super::refuse;
use crate::answer::{Answer, Columns, Form, table};
use crate::progress::Bar;
use crate::show;
use app::input::Files;
use app::live::Imported;
use arrow::datatypes::DataType;
use base::exit;
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use tables::{ReadOptions, Reject};

#[derive(Args)]
#[command(after_help = "Examples:\n  \
    holdfast import city/facts.parquet --pack packs/tongchuan --database holdfast.db\n  \
    holdfast import --people city/people.parquet --pack packs/tongchuan --database holdfast.db\n\n\
    A file imported twice changes nothing. Exit code 0: all rows taken; 1: refused, nothing \
    written; 3: some rows were not taken (rejects).")]
pub struct Arguments {
    /// Fact files: CSV, XLSX, NDJSON or Parquet; one row per dated observation
    #[arg(required_unless_present = "people")]
    files: Vec<PathBuf>,
    /// Files of people instead: one row per person, with household_id and person_id
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "files")]
    people: Vec<PathBuf>,
    /// Folder of the policy pack
    #[arg(long, value_name = "FOLDER")]
    pack: PathBuf,
    #[command(flatten)]
    database: Database,
    /// Which column of the input holds what, e.g. household_id=户编号; may be repeated
    #[arg(long, value_name = "TARGET=COLUMN")]
    column: Vec<String>,
    /// Check everything and keep nothing
    #[arg(long)]
    dry_run: bool,
    /// What is printed; as csv and parquet: the rows that were not taken
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
}

/// Imports and says what became of every row.
pub fn run(arguments: &Arguments) -> u8 {
    let live = match arguments.database.live(&arguments.pack) {
        Ok(live) => live,
        Err(code) => return code,
    };
    if !arguments.people.is_empty() {
        return people::run(arguments, &live);
    }
    let files = Files { paths: arguments.files.clone(), columns: arguments.column.clone() };
    let user = user();
    let bar = Bar::new("importing", "facts, then households", None);
    let done = live.import(
        &files,
        &ReadOptions::default(),
        arguments.dry_run,
        &act(&user),
        &mut |_, count| bar.counter.store(count, Ordering::Relaxed),
    );
    drop(bar);
    let imported = match done {
        Ok(imported) => imported,
        Err(findings) => return refuse(&findings),
    };
    let is_whole = imported.rejects.is_empty();
    let answer = Answer {
        read: || tell(&imported, arguments.dry_run),
        whole: || whole(&imported, arguments.dry_run),
        main: || table(COLUMNS, &imported.rejects.iter().map(reject).collect::<Vec<_>>()),
    };
    answer.print(arguments.format, if is_whole { exit::DONE } else { exit::DONE_WITH_REJECTS })
}

fn tell(imported: &Imported, is_dry: bool) {
    let (verb, end) = if is_dry { ("would be", "; nothing was kept") } else { ("were", "") };
    show::line(&format!(
        "{} facts {verb} stored, {} were known, {} rows not taken, {} households scored{end}",
        show::count(imported.accepted),
        show::count(imported.known),
        show::count(imported.rejects.len() as u64),
        show::count(imported.scored),
    ));
    tell_rejects(&imported.rejects);
}

fn tell_rejects(rejects: &[Reject]) {
    for it in rejects.iter().take(10) {
        let column = it.column.as_deref().map(|it| format!(" `{it}`")).unwrap_or_default();
        show::line(&format!("  {}:{} [{}]{column}: {}", it.file, it.line, it.code.id, it.message));
    }
    if rejects.len() > 10 {
        show::line("  … all of them with --format csv");
    }
}

fn whole(imported: &Imported, is_dry: bool) -> Value {
    json!({
        "dry_run": is_dry,
        "accepted": imported.accepted,
        "known": imported.known,
        "households_scored": imported.scored,
        "rejects": imported.rejects.iter().map(reject).collect::<Vec<_>>(),
    })
}

const COLUMNS: &Columns = &[
    ("file", DataType::Utf8),
    ("line", DataType::UInt64),
    ("household_id", DataType::Utf8),
    ("column", DataType::Utf8),
    ("code", DataType::Utf8),
    ("message", DataType::Utf8),
    ("hint", DataType::Utf8),
];

fn reject(it: &Reject) -> Value {
    json!({
        "file": it.file,
        "line": it.line,
        "household_id": it.household,
        "column": it.column,
        "code": it.code.id,
        "message": it.message,
        "hint": it.hint,
    })
}
