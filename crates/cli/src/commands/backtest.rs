//! `holdfast backtest`.

mod data;
pub mod reading;

use super::{Input, load, no_input, refuse};
use crate::answer::{Answer, Form};
use crate::progress::Bar;
use app::backtest::Question;
use base::exit;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "Examples:\n  \
    holdfast backtest --pack packs/teen_poverty --panel packs/teen_poverty/data/teen_poverty_long.csv \
    --outcome \"pov = 1\" --horizon 1 --group black\n  \
    holdfast backtest --pack packs/tongchuan --facts city/facts.parquet --outcomes city/outcomes.parquet \
    --outcome is_poor --horizon 6 --from 2019-09")]
pub struct Arguments {
    #[command(flatten)]
    input: Input,
    /// When a household has fallen: an expression over the panel, or over --outcomes
    #[arg(long, value_name = "EXPR")]
    outcome: String,
    /// Table of what became of households: id, period and columns for --outcome
    #[arg(long, value_name = "FILE")]
    outcomes: Option<PathBuf>,
    /// Periods between a warning and the outcome it is measured on
    #[arg(long, value_name = "N")]
    horizon: u32,
    /// First period to judge (default: as early as outcomes allow)
    #[arg(long)]
    from: Option<String>,
    /// Last period to judge (default: as late as outcomes allow)
    #[arg(long)]
    to: Option<String>,
    /// Share of households that can be visited
    #[arg(long, default_value = "0.1")]
    budget_share: f64,
    /// Attribute to report by; sensitive ones may be named here
    #[arg(long, value_name = "ATTRIBUTE")]
    group: Option<String>,
    /// What is printed; as csv and parquet: one row per figure
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
}

/// Measures and prints.
pub fn run(arguments: &Arguments) -> u8 {
    if !arguments.input.rows.is_given() {
        return no_input();
    }
    let loaded = match load(&arguments.input.pack) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let question = Question {
        outcome: arguments.outcome.clone(),
        outcomes: arguments.outcomes.clone(),
        horizon: arguments.horizon,
        from: arguments.from.clone(),
        to: arguments.to.clone(),
        budget_share: arguments.budget_share,
        group: arguments.group.clone(),
    };
    let bar = Bar::new("measuring", "rows", None);
    let mut request = arguments.input.rows.request();
    request.read.progress = bar.counter.clone();
    let report = app::backtest::run(&loaded, &request, &question);
    drop(bar);
    match report {
        Ok(report) => {
            let answer = Answer {
                read: || reading::tell(loaded.pack(), &report, &question),
                whole: || data::whole(loaded.pack(), &report, &question),
                main: || data::main(&report),
            };
            answer.print(arguments.format, exit::DONE)
        }
        Err(findings) => refuse(&findings),
    }
}
