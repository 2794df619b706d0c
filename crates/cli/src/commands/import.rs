//! `holdfast import`.

mod areas;
mod people;

use super::database::{Database, act, user};
use super::refuse;
use crate::answer::{Answer, Columns, Form, table};
use crate::progress::Bar;
use crate::show;
use app::Refused;
use app::live::{Alone, ImportRequest, Imported, Importer, Kind, Live, Part, second_sheet};
use arrow::datatypes::DataType;
use base::codes::run::BAD_OPTION;
use base::{Diagnostic, exit};
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tables::{ReadOptions, Reject};

#[derive(Args)]
#[command(after_help = "Examples:\n  \
    holdfast import city/facts.parquet --pack packs/tongchuan --database holdfast.db\n  \
    holdfast import --areas city/areas.csv --database holdfast.db\n  \
    holdfast import --people city/people.parquet --database holdfast.db\n  \
    holdfast import township.xlsx --kind households --date 2020-06-30 --source township \
    --column debt.total=欠款 --save-mapping township --rejects mend.xlsx --pack packs/tongchuan\n\n\
    A file imported twice changes nothing, and an empty cell changes nothing. Exit code 0: all rows \
    taken; 1: refused, nothing written; 3: some rows were not taken (rejects).")]
pub struct Arguments {
    /// Files: CSV, XLSX, NDJSON or Parquet; book.xlsx#2 is the second sheet of a workbook
    #[arg(required_unless_present_any = ["areas", "boundaries", "watch_from", "people"])]
    files: Vec<PathBuf>,
    /// Files of people: one row per person, with household_id and person_id
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "files")]
    people: Vec<PathBuf>,
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
    /// Folder of the policy pack; once a policy is in force in the database that one counts
    #[arg(long, value_name = "FOLDER")]
    pack: Option<PathBuf>,
    #[command(flatten)]
    database: Database,
    /// What a row is: facts (one dated observation), households or members (a column for each thing
    /// that is known of them; a second sheet holds the members of households), areas
    #[arg(long, default_value = "facts", value_name = "KIND")]
    kind: String,
    /// Which column of the input holds what, e.g. household_id=户编号; may be repeated
    #[arg(long, value_name = "TARGET=COLUMN")]
    column: Vec<String>,
    /// Use a mapping of columns that was kept in the database
    #[arg(long, value_name = "NAME")]
    mapping: Option<String>,
    /// Keep the mapping of this import in the database
    #[arg(long, value_name = "NAME")]
    save_mapping: Option<String>,
    /// The day of everything whose row says none, e.g. 2020-06-30
    #[arg(long, value_name = "DAY")]
    date: Option<String>,
    /// Who told everything whose row does not say
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Let scores reach back to this period, e.g. 2019-01; the last fact's period where absent.
    /// On a database that holds facts it may only move back
    #[arg(long, value_name = "PERIOD")]
    watch_from: Option<String>,
    /// Write the rows that were not taken to a file, with a column `error`: mend it, import it
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Check everything and keep nothing
    #[arg(long)]
    dry_run: bool,
    /// What is printed; as csv and parquet: the rows that were not taken
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
}

/// Imports and says what became of every row.
pub fn run(arguments: &Arguments) -> u8 {
    let pack = arguments.pack.as_deref();
    let opened = match (arguments.dry_run, pack) {
        // Nothing is kept, the policy neither.
        (true, Some(pack)) => arguments.database.live(pack),
        _ => arguments.database.live_in_force(pack),
    };
    let live = match opened {
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
    if !arguments.people.is_empty() {
        return people::run(arguments, &live);
    }
    if arguments.files.is_empty() {
        let scored = live.catch_up_all(&act(&user()), &mut |_, _| {});
        return scored.map_or_else(|it| refuse(&[it]), |_| of_areas);
    }
    let done = request(&live, arguments).and_then(|it| import(&live, arguments, &it));
    let imported = match done {
        Ok(imported) => imported,
        Err(findings) => return refuse(&findings),
    };
    let is_whole = imported.rejects.is_empty() && of_areas == exit::DONE;
    let answer = Answer {
        read: || tell(&imported, arguments),
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

fn request(live: &Live, arguments: &Arguments) -> Result<ImportRequest, Refused> {
    let bad = |message: String, hint: &str| {
        vec![Diagnostic::new(&BAD_OPTION, message).hint(hint.to_owned())]
    };
    let Some(kind) = Kind::parse(&arguments.kind) else {
        let message = format!("--kind: there is no `{}`", arguments.kind);
        return Err(bad(message, "facts, households, members or areas"));
    };
    if arguments.rejects.is_some() && arguments.files.len() > 1 {
        let message = "--rejects gives back rows of one file".to_owned();
        return Err(bad(message, "import the files one after another"));
    }
    let own = ImportRequest::parsed(&arguments.column)?;
    let mut columns = match &arguments.mapping {
        Some(name) => live.mapping(name, kind).map_err(|it| vec![it])?,
        None => Default::default(),
    };
    columns.extend(own);
    if let Some(name) = &arguments.save_mapping {
        live.put_mapping(name, kind, &columns, &act(&user()))?;
    }
    let (date, source) = (arguments.date.clone(), arguments.source.clone());
    let is_dry = arguments.dry_run;
    Ok(ImportRequest { kind, is_dry, columns, date, source, registers_people: true })
}

fn import(
    live: &Live,
    arguments: &Arguments,
    request: &ImportRequest,
) -> Result<Imported, Refused> {
    let name = user();
    let act = act(&name);
    let within = act.within.clone();
    let importer = Importer { actor: name.clone(), now: act.now, within };
    let read = ReadOptions::default();
    let bar = Bar::over("reading", "rows", None, read.progress.clone());
    let mut progress = |phase, done, total| match phase {
        "storing" => bar.stage("storing", "rows", done, total),
        "scoring" => bar.stage("scoring", "households", done, total),
        _ => {}
    };
    let mut hand = Alone { live, progress: &mut progress };
    let imported = live.import_by(
        &arguments.files,
        request,
        &importer,
        &read,
        app::live::ALL_AT_ONCE,
        &mut hand,
    )?;
    drop(bar);
    if let (Some(to), [path]) = (&arguments.rejects, arguments.files.as_slice()) {
        give_back(&imported, path, to).map_err(|it| vec![it])?;
    }
    Ok(imported)
}

/// Rows that were not taken, and those of a second sheet beside them.
fn give_back(imported: &Imported, path: &Path, to: &Path) -> Result<(), Diagnostic> {
    imported.give_back(Part::First, path, to)?;
    if imported.rejects_of(Part::Second).is_empty() || path.to_string_lossy().ends_with("#2") {
        return Ok(());
    }
    let ending = to.extension().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let second = to.with_extension(format!("members.{ending}"));
    imported.give_back(Part::Second, &second_sheet(path), &second)
}

fn tell(imported: &Imported, arguments: &Arguments) {
    let is_dry = arguments.dry_run;
    let (verb, end) = if is_dry { ("would be", "; nothing was kept") } else { ("were", "") };
    let unchanged = match imported.unchanged {
        0 => String::new(),
        count => format!(", {} cells said nothing new", show::count(count)),
    };
    let (what, scored) = match Kind::parse(&arguments.kind) {
        Some(Kind::Areas) => ("areas", String::new()),
        _ => ("facts", format!(", {} households scored", show::count(imported.scored))),
    };
    show::line(&format!(
        "{} {what} {verb} stored, {} were known{unchanged}, {} rows not taken{scored}{end}",
        show::count(imported.accepted),
        show::count(imported.known),
        show::count(imported.rejected_rows() as u64),
    ));
    if imported.superseded > 0 {
        let count = show::count(imported.superseded);
        show::line(&format!("  {count} cells say what was corrected since, and changed nothing"));
    }
    let people = &imported.people;
    if people.accepted + people.changed + people.known > 0 {
        show::line(&format!(
            "  {} people {verb} new, {} changed, {} known; {} pairs may be one person",
            show::count(people.accepted),
            show::count(people.changed),
            show::count(people.known),
            show::count(people.suspected),
        ));
    }
    tell_rejects(&imported.rejects);
    for note in &imported.notes {
        show::line(&format!("  skipped: {}", note.message));
    }
    let reasons = imported.reasons();
    if !reasons.is_empty() {
        let reason = |(id, count): (&&str, &u64)| {
            let code = base::codes::all().find(|it| it.id == *id);
            let name = code.map_or("", |it| it.name);
            format!("{} × {id} {name}", show::count(*count))
        };
        let all = reasons.iter().map(reason).collect::<Vec<_>>().join(", ");
        show::line(&format!("  skipped rows, by reason: {all}"));
    }
    if let Some(to) = arguments.rejects.as_ref().filter(|_| !reasons.is_empty()) {
        show::line(&format!(
            "  they are in {}: mend them there and import that file",
            to.display()
        ));
    }
}

fn tell_rejects(rejects: &[Reject]) {
    for it in rejects.iter().take(10) {
        let column = it.column.as_deref().map(|it| format!(" `{it}`")).unwrap_or_default();
        show::line(&format!("  {}:{} [{}]{column}: {}", it.file, it.line, it.code.id, it.message));
    }
    if rejects.len() > 10 {
        show::line("  … all of them with --format csv, or as a file to mend with --rejects FILE");
    }
}

fn whole(imported: &Imported, is_dry: bool) -> Value {
    json!({
        "dry_run": is_dry,
        "rows": imported.rows,
        "accepted": imported.accepted,
        "known": imported.known,
        "unchanged": imported.unchanged,
        "superseded": imported.superseded,
        "households_scored": imported.scored,
        "people": {
            "accepted": imported.people.accepted,
            "changed": imported.people.changed,
            "known": imported.people.known,
            "suspected": imported.people.suspected,
        },
        "reasons": imported.reasons(),
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
