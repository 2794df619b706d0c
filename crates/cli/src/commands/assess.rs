//! `holdfast assess`.

use super::{Input, load, no_input, refuse};
use crate::progress::Bar;
use crate::show;
use app::assess::{Report, Stage};
use base::{AreaCode, Band, exit};
use clap::{Args, ValueEnum};
use pack::Pack;
use serde_json::json;
use std::path::PathBuf;
use tables::Format;

/// Where to stop.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Until {
    /// The panel, as made from facts or read
    Panel,
    /// Indicator values and severities
    Indicators,
    /// Scores, trends and bands
    Scores,
    /// Ranked warnings
    Warnings,
}

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shown {
    /// For reading
    Table,
    /// For programs
    Json,
}

#[derive(Args)]
#[command(after_help = "Examples:\n  \
    holdfast assess --pack packs/tongchuan --facts facts.parquet --period 2020-06 --out out\n  \
    holdfast assess --pack packs/teen_poverty --panel packs/teen_poverty/data/teen_poverty_long.csv\n\n\
    Exit code 0: done; 1: refused, nothing written; 3: done, some rows were set aside (rejects).")]
pub struct Arguments {
    #[command(flatten)]
    input: Input,
    /// The period to assess (default: the latest of the input)
    #[arg(long)]
    period: Option<String>,
    /// Folder for indicators, scores, warnings and rejects
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Format of the tables in --out: parquet, csv, ndjson or xlsx
    #[arg(long, default_value = "parquet", value_parser = format)]
    tables: Format,
    /// What is printed
    #[arg(long, value_enum, default_value = "table")]
    format: Shown,
    /// How many warnings this period may hand out (default: the pack's)
    #[arg(long)]
    budget: Option<u64>,
    /// Table of warnings or rules that a case is open for: warning_id | household_id, rule; urgency
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    /// Stop after a stage and write what there is
    #[arg(long, value_enum, default_value = "warnings")]
    until: Until,
    /// Write every indicator's value and severity as well
    #[arg(long)]
    indicators: bool,
    /// Folder of stored scores: closed periods that still hold are reused, this one is added
    #[arg(long, value_name = "FOLDER")]
    stored: Option<PathBuf>,
    /// Threads that evaluate (default: all)
    #[arg(long)]
    threads: Option<usize>,
    /// Memory for sorting before it goes to disk, in MiB
    #[arg(long, default_value = "512")]
    sort_memory: usize,
    /// How many warnings to print
    #[arg(long, default_value = "10")]
    top: usize,
}

/// Reads the name of a table format.
pub fn format(text: &str) -> Result<Format, String> {
    Format::parse(text).ok_or_else(|| format!("`{text}` is not parquet, csv, ndjson or xlsx"))
}

/// Runs the chain and prints the situation.
pub fn run(arguments: &Arguments) -> u8 {
    if !arguments.input.is_given() {
        return no_input();
    }
    let loaded = match load(&arguments.input.pack) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let mut request = arguments.input.request();
    request.period.clone_from(&arguments.period);
    request.out.clone_from(&arguments.out);
    request.known.clone_from(&arguments.known);
    request.format = arguments.tables;
    request.budget = arguments.budget;
    request.stored.clone_from(&arguments.stored);
    request.with_indicators = arguments.indicators;
    request.until = match arguments.until {
        Until::Panel => Stage::Panel,
        Until::Indicators => Stage::Indicators,
        Until::Scores => Stage::Scores,
        Until::Warnings => Stage::Warnings,
    };
    request.threads = arguments.threads.unwrap_or(request.threads);
    request.read.memory_bytes = arguments.sort_memory << 20;
    let bar = Bar::new("assessing", "rows", None);
    let report = app::assess::run(&loaded, &request, &bar.counter.clone());
    drop(bar);
    match report {
        Err(findings) => refuse(&findings),
        Ok(report) => {
            match arguments.format {
                Shown::Table => situation(loaded.pack(), &report, arguments.top),
                Shown::Json => show::line(&as_json(&report, arguments.top).to_string()),
            }
            if report.rejects.is_empty() { exit::DONE } else { exit::DONE_WITH_REJECTS }
        }
    }
}

/// Prints a report for reading.
pub fn situation(pack: &Pack, report: &Report, top: usize) {
    let notes: Vec<_> = report.notes.clone();
    show::findings(&notes);
    let summary = &report.summary;
    let within = report.ranked.iter().filter(|it| it.is_within_budget).count() as u64;
    show::line(&format!(
        "{} {}, {}: {} of {} households are {} or worse; {} warnings within the budget, {} wait",
        pack.id,
        pack.version,
        report.period,
        show::count(summary.bands[3..].iter().sum()),
        show::count(summary.households),
        pack.scoring.warnings.from,
        show::count(within),
        show::count(report.ranked.len() as u64 - within),
    ));
    bands(report);
    warnings(pack, report, top);
    skipped(report);
    for path in &report.written {
        show::line(&format!("wrote {}", path.display()));
    }
}

fn bands(report: &Report) {
    let summary = &report.summary;
    let order = [Band::Red, Band::Orange, Band::Yellow, Band::Blue, Band::Green, Band::Unknown];
    let mut header = vec!["area"];
    header.extend(order.map(Band::name));
    header.extend(["households", "warned", "waiting"]);
    let row = |name: String, bands: &[u64; 6], warned: String, waiting: String| {
        let mut row = vec![name];
        row.extend(order.map(|it| show::count(bands[it as usize])));
        row.push(show::count(bands.iter().sum()));
        row.extend([warned, waiting]);
        row
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (area, count) in summary.areas.iter().take(40) {
        let (warned, waiting) = (show::count(count.warned), show::count(count.waiting));
        rows.push(row(AreaCode::to_string(area), &count.bands, warned, waiting));
    }
    let within = report.ranked.iter().filter(|it| it.is_within_budget).count() as u64;
    let waiting = report.ranked.len() as u64 - within;
    rows.push(row("all".to_owned(), &summary.bands, show::count(within), show::count(waiting)));
    if summary.previous_bands.iter().sum::<u64>() > 0 {
        let before = report.period.offset(-1).to_string();
        rows.push(row(
            format!("in {before}"),
            &summary.previous_bands,
            String::new(),
            String::new(),
        ));
    }
    show::line(&show::table(&header, &[1, 2, 3, 4, 5, 6, 7, 8, 9], rows));
    if summary.areas.len() > 40 {
        show::line(&format!("  … {} more areas in the scores", summary.areas.len() - 40));
    }
}

fn warnings(pack: &Pack, report: &Report, top: usize) {
    if report.ranked.is_empty() || top == 0 {
        return;
    }
    let row = |it: &monitor::warnings::Ranked| {
        let warning = &it.warning;
        let label = |id: &String| {
            pack.indicator(id)
                .map_or(id.clone(), |it| pack.indicators[it].label.get("en").to_owned())
        };
        let reasons: Vec<String> = warning.reasons.iter().map(label).collect();
        let rules: Vec<&str> = warning.rules.iter().map(|it| it.rule.as_str()).collect();
        vec![
            it.rank.to_string(),
            warning.household.clone(),
            warning.area.as_ref().map(AreaCode::to_string).unwrap_or_default(),
            format!("{} → {}", warning.previous_band, warning.band),
            format!("{:.1}", warning.composite),
            warning.first_period.to_string(),
            rules.join(", "),
            reasons.join("; "),
        ]
    };
    let rows = report.ranked.iter().take(top).map(row).collect();
    let header = ["rank", "household", "area", "band", "composite", "since", "rules", "reasons"];
    show::line(&show::table(&header, &[0, 4], rows));
}

fn skipped(report: &Report) {
    let summary = &report.summary;
    let mut lines = Vec::new();
    let mut add = |count: u64, what: &str| {
        if count > 0 {
            lines.push(format!("{} {what}", show::count(count)));
        }
    };
    add(summary.collapsed, "rows repeated another one and were counted once");
    add(summary.without_row, "households have no row in the period: their band is unknown");
    add(summary.suppressed, "households warned only of what is known already");
    add(report.rejects.len() as u64, "rows or households were set aside, see rejects:");
    lines.iter().for_each(|it| show::line(&format!("  {it}")));
    for reject in report.rejects.iter().take(5) {
        let household = reject.household.as_deref().unwrap_or("?");
        show::line(&format!(
            "    {}:{} [{}] household {household}: {}",
            reject.file, reject.line, reject.code.id, reject.message
        ));
    }
    for (indicator, count) in &summary.arithmetic_unknown {
        show::line(&format!(
            "  note[M001]: `{indicator}` is unknown for {} households although all it reads is known \
             (division by zero, or a category that is not listed)",
            show::count(*count)
        ));
    }
}

fn as_json(report: &Report, top: usize) -> serde_json::Value {
    let summary = &report.summary;
    let bands = |bands: &[u64; 6]| {
        let named =
            Band::ALL.into_iter().map(|it| (it.name().to_owned(), json!(bands[it as usize])));
        serde_json::Value::Object(named.collect())
    };
    let areas = summary.areas.iter().map(|(area, count)| {
        let value = json!({ "bands": bands(&count.bands), "warned": count.warned, "waiting": count.waiting });
        (area.to_string(), value)
    });
    let warnings = report.ranked.iter().take(top).map(|it| {
        let rules: Vec<&str> = it.warning.rules.iter().map(|it| it.rule.as_str()).collect();
        json!({
            "warning_id": it.warning.id,
            "household_id": it.warning.household,
            "rank": it.rank,
            "within_budget": it.is_within_budget,
            "urgency": it.warning.urgency.name(),
            "band": it.warning.band.name(),
            "previous_band": it.warning.previous_band.name(),
            "composite": it.warning.composite.points(),
            "confidence": it.warning.confidence.points(),
            "first_period": it.warning.first_period.to_string(),
            "rules": rules,
            "reasons": it.warning.reasons,
            "area_code": it.warning.area.as_ref().map(AreaCode::to_string),
        })
    });
    json!({
        "period": report.period.to_string(),
        "households": summary.households,
        "bands": bands(&summary.bands),
        "areas": serde_json::Value::Object(areas.collect()),
        "warnings_total": report.ranked.len(),
        "warnings_within_budget": report.ranked.iter().filter(|it| it.is_within_budget).count(),
        "suppressed": summary.suppressed,
        "collapsed_rows": summary.collapsed,
        "without_row": summary.without_row,
        "rejects": report.rejects.len(),
        "written": report.written.iter().map(|it| it.display().to_string()).collect::<Vec<_>>(),
        "warnings": warnings.collect::<Vec<_>>(),
    })
}
