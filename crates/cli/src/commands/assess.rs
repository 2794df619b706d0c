//! `holdfast assess`.

mod data;
pub mod reading;

use super::{Input, load, no_input, refuse};
use crate::answer::{Answer, Form};
use crate::progress::Bar;
use crate::show;
use app::assess::Stage;
use base::exit;
use clap::{Args, ValueEnum};
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
    /// What is printed; as csv and parquet: the warnings
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
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
    /// How many warnings to print (default: 10 for reading, all as data)
    #[arg(long)]
    top: Option<usize>,
}

/// Reads the name of a table format.
pub fn format(text: &str) -> Result<Format, String> {
    Format::parse(text).ok_or_else(|| format!("`{text}` is not parquet, csv, ndjson or xlsx"))
}

/// Runs the chain and prints the situation.
pub fn run(arguments: &Arguments) -> u8 {
    if !arguments.input.rows.is_given() {
        return no_input();
    }
    let loaded = match load(&arguments.input.pack) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let mut request = arguments.input.rows.request();
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
            show::findings(&report.notes);
            let all = arguments.top.unwrap_or(usize::MAX).min(report.ranked.len());
            let answer = Answer {
                read: || reading::tell(loaded.pack(), &report, arguments.top.unwrap_or(10)),
                whole: || data::whole(&report, all),
                main: || monitor::warnings::table::to_batch(&report.ranked[..all]),
            };
            let is_whole = report.rejects.is_empty();
            answer.print(
                arguments.format,
                if is_whole { exit::DONE } else { exit::DONE_WITH_REJECTS },
            )
        }
    }
}
