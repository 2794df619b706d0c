//! `holdfast import`.

mod areas;

use super::database::{Database, act, user};
use super::refuse;
use crate::answer::{Answer, Columns, Form, table};
use crate::progress::Bar;
use crate::show;
use app::input::Files;
use app::live::{Imported, Live};
use arrow::datatypes::DataType;
use base::{Diagnostic, exit};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use tables::{ReadOptions, Reject};

#[derive(Args)]
#[command(after_help = "Example:\n  \
    holdfast import city/facts.parquet --pack packs/tongchuan --database holdfast.db\n  \
    holdfast import --areas city/areas.csv --pack packs/tongchuan --database holdfast.db\n\n\
    A file imported twice changes nothing. Exit code 0: all rows taken; 1: refused, nothing \
    written; 3: some rows were not taken (rejects).")]
pub struct Arguments {
    /// Fact files: CSV, XLSX, NDJSON or Parquet; one row per dated observation
    #[arg(required_unless_present_any = ["areas", "boundaries", "watch_from"])]
    files: Vec<PathBuf>,
    /// Files of areas with code, name (or name_en, name_zh) and, where known, level, parent,
    /// valid_from and valid_to; may be repeated
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    areas: Vec<PathBuf>,
    /// Files of boundaries: GeoJSON collections of polygons; may be repeated
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    boundaries: Vec<PathBuf>,
    /// The property of a boundary that holds the area's code
    #[arg(long, value_name = "NAME", default_value = "code")]
    code_property: String,
    /// Folder of the policy pack
    #[arg(long, value_name = "FOLDER")]
    pack: PathBuf,
    #[command(flatten)]
    database: Database,
    /// Which column of the input holds what, e.g. household_id=户编号; may be repeated
    #[arg(long, value_name = "TARGET=COLUMN")]
    column: Vec<String>,
    /// Let scores reach back to this period, e.g. 2019-01; the last fact's period where absent.
    /// On a database that holds facts it may only move back
    #[arg(long, value_name = "PERIOD")]
    watch_from: Option<String>,
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
    let of_areas = match areas::run(&live, arguments) {
        Ok(code) => code,
        Err(code) => return code,
    };
    if let Err(finding) = watch(&live, arguments) {
        return refuse(&[finding]);
    }
    if arguments.files.is_empty() {
        let scored = live.catch_up_all(&act(&user()), &mut |_, _| {});
        return scored.map_or_else(|it| refuse(&[it]), |_| of_areas);
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
    let is_whole = imported.rejects.is_empty() && of_areas == exit::DONE;
    let answer = Answer {
        read: || tell(&imported, arguments.dry_run),
        whole: || whole(&imported, arguments.dry_run),
        main: || table(COLUMNS, &imported.rejects.iter().map(reject).collect::<Vec<_>>()),
    };
    answer.print(arguments.format, if is_whole { exit::DONE } else { exit::DONE_WITH_REJECTS })
}

fn watch(live: &Live, arguments: &Arguments) -> Result<(), Diagnostic> {
    let Some(text) = arguments.watch_from.as_ref().filter(|_| !arguments.dry_run) else {
        return Ok(());
    };
    let from = app::input::period(&live.pack(), text)?;
    let name = user();
    live.store.write(|tx| live.watch_from(tx, from, &act(&name)))
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
    for it in imported.rejects.iter().take(10) {
        let column = it.column.as_deref().map(|it| format!(" `{it}`")).unwrap_or_default();
        show::line(&format!("  {}:{} [{}]{column}: {}", it.file, it.line, it.code.id, it.message));
    }
    if imported.rejects.len() > 10 {
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
