//! `assess`: the chain on files, from panel or facts to ranked warnings, without a database.
//!
//! Input is streamed in whole households; results are written as they come, whole or not at all.

mod driver;
mod facts_input;
mod household;
mod judge;
mod known;
mod output;
mod rejects;
mod stored;
mod summary;

pub(crate) use driver::{Chunks, panel_chunks};
pub(crate) use facts_input::{FactFiles, from_facts, spec as fact_spec};
pub use household::{FactRow, Found, household_rows};
pub(crate) use judge::{Chunk, county, earlier_periods, placed};
pub use summary::{AreaCount, Summary};

use crate::input::{Files, period, period_range, scored_spec};
use crate::{Loaded, Refused};
use base::codes::run as codes;
use base::{Diagnostic, Period};
use monitor::warnings::Ranked;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use tables::{Format, ReadOptions, Reject};

/// Where a run stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// After the panel was made.
    Panel,
    /// After indicators.
    Indicators,
    /// After scores.
    Scores,
    /// At the end.
    Warnings,
}

/// What to assess and where to put it.
#[derive(Clone, Debug)]
pub struct Request {
    /// Panel files; empty where facts are given.
    pub panel: Files,
    /// Fact files.
    pub facts: Files,
    /// The period; the latest of the input where absent.
    pub period: Option<String>,
    /// The cut through what was known, RFC 3339; everything where absent.
    pub as_of: Option<String>,
    /// Overall budget of warnings.
    pub budget: Option<u64>,
    /// Table of what is known already.
    pub known: Option<PathBuf>,
    /// Folder for results; nothing is written where absent.
    pub out: Option<PathBuf>,
    /// Format of the results.
    pub format: Format,
    /// Where to stop.
    pub until: Stage,
    /// Whether indicator values are written as well.
    pub with_indicators: bool,
    /// Folder of stored scores: what of them holds is used, and this period's are added. Only for
    /// panel files, up to scores or warnings.
    pub stored: Option<PathBuf>,
    /// Threads that evaluate.
    pub threads: usize,
    /// How files are read.
    pub read: ReadOptions,
}

impl Request {
    /// A request with the usual settings.
    pub fn new() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            panel: Files::default(),
            facts: Files::default(),
            period: None,
            as_of: None,
            budget: None,
            known: None,
            out: None,
            format: Format::Parquet,
            until: Stage::Warnings,
            with_indicators: false,
            stored: None,
            threads,
            read: ReadOptions::default(),
        }
    }
}

impl Default for Request {
    fn default() -> Self {
        Self::new()
    }
}

/// What a run did.
pub struct Report {
    /// The period that was assessed.
    pub period: Period,
    /// Counts.
    pub summary: Summary,
    /// Warnings in order.
    pub ranked: Vec<Ranked>,
    /// Rows and households that were set aside.
    pub rejects: Vec<Reject>,
    /// Notes of the run: what was skipped and why.
    pub notes: Vec<Diagnostic>,
    /// Files written.
    pub written: Vec<PathBuf>,
}

/// Runs the chain. `progress` counts rows as they are read.
pub fn run(
    loaded: &Loaded,
    request: &Request,
    progress: &Arc<AtomicU64>,
) -> Result<Report, Refused> {
    let one = |finding: Diagnostic| vec![finding];
    let pack = loaded.pack();
    let as_of = match &request.as_of {
        Some(text) => Some(instant(text).map_err(one)?),
        None => None,
    };
    if request.stored.is_some() {
        check_stored(request).map_err(one)?;
    }
    let known = known::read(request.known.as_deref())?;
    let mut read = request.read.clone();
    read.progress = progress.clone();
    let source = if request.facts.paths.is_empty() {
        let spec = if request.until == Stage::Panel {
            crate::input::panel_spec(pack, |_| true)
        } else {
            scored_spec(&loaded.evaluator)
        };
        driver::Source::Panel { files: request.panel.clone(), spec }
    } else {
        driver::Source::Facts(FactFiles::open(pack, &request.facts, as_of, &read)?)
    };
    let period = match (&request.period, &source) {
        (Some(text), _) => period(pack, text).map_err(one)?,
        (None, driver::Source::Panel { files, .. }) => period_range(pack, files)?.1,
        (None, driver::Source::Facts(facts)) => facts.latest().map_err(one)?,
    };
    let run = driver::Run { loaded, request, period, known: &known };
    let report = run.of(&source, &read)?;
    if report.summary.households == 0 && report.rejects.is_empty() {
        return Err(vec![no_household(period)]);
    }
    Ok(report)
}

fn check_stored(request: &Request) -> Result<(), Diagnostic> {
    let why = if request.panel.paths.is_empty() || !request.facts.paths.is_empty() {
        "facts may change any period after it is closed"
    } else if request.until < Stage::Scores {
        "nothing is scored"
    } else {
        return Ok(());
    };
    let message = format!("--stored does not go with this run: {why}");
    Err(Diagnostic::new(&codes::BAD_OPTION, message)
        .hint("give --stored with panel files, up to scores or warnings"))
}

fn no_household(period: Period) -> Diagnostic {
    let message = format!("the input has no household up to {period}");
    Diagnostic::new(&codes::NOTHING_TO_ASSESS, message)
        .hint("choose a period that the input covers, or leave --period out for the latest")
}

/// An instant in microseconds: RFC 3339, or a day taken as its last instant.
///
/// # Errors
/// Text that is neither.
pub fn instant(text: &str) -> Result<i64, Diagnostic> {
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Ok(instant.as_microsecond());
    }
    let end_of_day = format!("{text}T23:59:59.999999Z").parse::<jiff::Timestamp>();
    end_of_day.map(|it| it.as_microsecond()).map_err(|_| {
        Diagnostic::new(&codes::BAD_OPTION, format!("--as-of `{text}` is not an instant"))
            .hint("write it like 2020-07-05T00:00:00Z or 2020-07-05")
    })
}
