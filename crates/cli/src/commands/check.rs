//! `holdfast check PACK`.

use super::{Rows, refuse};
use crate::answer::{Answer, Columns, Form, table};
use crate::progress::Bar;
use crate::show;
use app::assess::{Report as Assessed, Stage};
use app::check::Report;
use arrow::array::RecordBatch;
use arrow::datatypes::DataType;
use base::{Band, Diagnostic, Severity, exit};
use clap::Args;
use pack::Pack;
use serde_json::{Value, json};
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "Examples:\n  holdfast check packs/tongchuan\n  \
    holdfast check packs/tongchuan --facts city/facts.parquet --period 2020-06\n\n\
    Exit code 0: nothing wrong; 1: errors, or an example that does not come out; 3: nothing wrong \
    with the pack, some rows of the input were set aside.")]
pub struct Arguments {
    /// Folder of the policy pack
    pack: PathBuf,
    #[command(flatten)]
    rows: Rows,
    /// The period whose bands are counted (default: the latest of the input)
    #[arg(long)]
    period: Option<String>,
    /// Only errors
    #[arg(long)]
    quiet: bool,
    /// What is printed; as csv and parquet: the findings
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
}

/// Prints findings, what the pack is made of, and how it would sort the households of an input.
pub fn run(arguments: &Arguments) -> u8 {
    let report = app::check::run(&arguments.pack);
    let is_shown = |it: &&Diagnostic| !arguments.quiet || it.is_error();
    let shown: Vec<_> = report.diagnostics.iter().filter(is_shown).cloned().collect();
    let mut code = base::worst_exit(&report.diagnostics);
    if report.pack.is_none() {
        code = code.max(exit::REFUSED);
    }
    if matches!(arguments.format, Form::Table | Form::Json) {
        show::findings(&shown);
    }
    let assessed = match distribution(arguments, &report) {
        Some(Ok(assessed)) => Some(assessed),
        Some(Err(findings)) => {
            code = code.max(refuse(&findings));
            None
        }
        None => None,
    };
    if assessed.as_ref().is_some_and(|it| !it.rejects.is_empty()) {
        code = code.max(exit::DONE_WITH_REJECTS);
    }
    let answer = Answer {
        read: || tell(&report, assessed.as_ref()),
        whole: || whole(&report, &shown, assessed.as_ref()),
        main: || main(&shown),
    };
    answer.print(arguments.format, code)
}

/// Scores the input, where there is one and the pack can judge.
fn distribution(arguments: &Arguments, report: &Report) -> Option<Result<Assessed, app::Refused>> {
    let loaded = report.loaded.as_ref().filter(|_| arguments.rows.is_given())?;
    let mut request = arguments.rows.request();
    request.period.clone_from(&arguments.period);
    request.until = Stage::Scores;
    let bar = Bar::new("scoring", "rows", None);
    Some(app::assess::run(loaded, &request, &bar.counter.clone()))
}

fn counts(report: &Report) -> (usize, usize) {
    let of = |severity| report.diagnostics.iter().filter(|it| it.code.severity == severity).count();
    (of(Severity::Error), of(Severity::Warning))
}

fn tell(report: &Report, assessed: Option<&Assessed>) {
    let (errors, warnings) = counts(report);
    let Some(pack) = &report.pack else {
        return show::error_line(&format!("errors {errors}, warnings {warnings}"));
    };
    show::line(&format!("{} {} ({})", pack.id, pack.version, pack.label.get("en")));
    show::line(&format!("  hash           {}", pack.hash));
    show::line(&format!(
        "  holds          {} modules, {} dimensions, {} indicators, {} triggers, {} attributes, \
         {} parameters",
        pack.modules.len(),
        pack.dimensions.len(),
        pack.indicators.len(),
        pack.triggers.len(),
        pack.attributes.len(),
        pack.parameters.len()
    ));
    show::line(&format!(
        "  history depth  {} {}s (expressions look back {}, a band's memory and trend the rest)",
        pack.history_depth(),
        pack.period_kind.name(),
        pack.lookback()
    ));
    let passed = report.examples - report.failed.min(report.examples);
    show::line(&format!("  examples       {passed} of {} come out", report.examples));
    show::line(&format!("  findings       errors {errors}, warnings {warnings}"));
    if let Some(assessed) = assessed {
        bands(assessed, pack);
    }
}

fn bands(assessed: &Assessed, pack: &Pack) {
    let summary = &assessed.summary;
    show::findings(&assessed.notes);
    show::line(&format!(
        "\nBands in {}: {} of {} households are {} or worse ({})",
        assessed.period,
        show::count(summary.at_least(pack.scoring.warnings.from)),
        show::count(summary.households),
        pack.scoring.warnings.from,
        show::percent(summary.share_at_least(pack.scoring.warnings.from)),
    ));
    let share = |count: u64| count as f64 / summary.households.max(1) as f64;
    let rows = Band::ALL.into_iter().rev().map(|band| {
        let count = summary.in_band(band);
        let bar = "█".repeat((share(count) * 40.0).round() as usize);
        vec![band.to_string(), show::count(count), show::percent(share(count)), bar]
    });
    show::line(&show::table(&["band", "households", "share", ""], &[1, 2], rows.collect()));
    if !assessed.rejects.is_empty() {
        let rejects = show::count(assessed.rejects.len() as u64);
        show::line(&format!("  {rejects} rows or households were set aside; `assess` lists them"));
    }
}

fn whole(report: &Report, shown: &[Diagnostic], assessed: Option<&Assessed>) -> Value {
    let (errors, warnings) = counts(report);
    let pack = report.pack.as_ref().map(|pack| {
        json!({
            "id": pack.id,
            "version": pack.version,
            "hash": pack.hash,
            "modules": pack.modules.len(),
            "dimensions": pack.dimensions.len(),
            "indicators": pack.indicators.len(),
            "triggers": pack.triggers.len(),
            "attributes": pack.attributes.len(),
            "parameters": pack.parameters.len(),
            "history_depth": pack.history_depth(),
            "lookback": pack.lookback(),
        })
    });
    let bands = assessed.map(|it| {
        let bands = Band::ALL.map(|band| (band.name().to_owned(), json!(it.summary.in_band(band))));
        json!({
            "period": it.period.to_string(),
            "households": it.summary.households,
            "bands": Value::Object(bands.into_iter().collect()),
            "rejects": it.rejects.len(),
        })
    });
    json!({
        "pack": pack,
        "examples": report.examples,
        "examples_failed": report.failed,
        "errors": errors,
        "warnings": warnings,
        "findings": shown.iter().map(finding).collect::<Vec<_>>(),
        "distribution": bands,
    })
}

const COLUMNS: &Columns = &[
    ("code", DataType::Utf8),
    ("severity", DataType::Utf8),
    ("message", DataType::Utf8),
    ("file", DataType::Utf8),
    ("line", DataType::UInt64),
    ("column", DataType::UInt32),
    ("hint", DataType::Utf8),
];

fn main(shown: &[Diagnostic]) -> Result<RecordBatch, Diagnostic> {
    table(COLUMNS, &shown.iter().map(finding).collect::<Vec<_>>())
}

fn finding(it: &Diagnostic) -> Value {
    let place = it.place.as_ref();
    json!({
        "code": it.code.id,
        "severity": it.code.severity.to_string(),
        "message": it.message,
        "file": place.map(|it| &it.file),
        "line": place.map(|it| it.line).filter(|it| *it > 0),
        "column": place.map(|it| it.column).filter(|it| *it > 0),
        "hint": it.hint,
    })
}
