//! `holdfast simulate`.

use super::refuse;
use crate::progress::Bar;
use crate::show;
use base::{Diagnostic, exit};
use clap::Args;
use sim::{BenchPanel, Config, Summary};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

#[derive(Args)]
#[command(after_help = "Examples:\n  \
    holdfast simulate --out city                            4,590 households, 24 months\n  \
    holdfast simulate --out province --households 1000000   streamed, memory stays flat\n\n\
    Writes facts.parquet (what departments report), outcomes.parquet (what nobody sees), \
    households.parquet, people.parquet (names and numbers that are nobody's) and areas.csv (the real \
    areas, for `import --areas`). The same seed gives the same bytes. Everything is simulated.")]
pub struct Arguments {
    /// Folder for the files
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// How many households
    #[arg(long, default_value = "4590")]
    households: u64,
    /// The seed
    #[arg(long, default_value = "2020")]
    seed: u64,
    /// Months, the first being July 2018
    #[arg(long, default_value = "24")]
    months: u32,
    /// Write only people.parquet
    #[arg(long, conflicts_with = "bench_panel")]
    people_only: bool,
    /// Write only a panel for measuring, panel.parquet, with narrow columns
    #[arg(long)]
    bench_panel: bool,
    /// Households in a row group of the panel for measuring
    #[arg(long, default_value = "50000", hide = true)]
    group_households: u64,
}

/// Writes the files and says what is in them.
pub fn run(arguments: &Arguments) -> u8 {
    let bar = Bar::new("simulating", "households", Some(arguments.households));
    let counter = bar.counter.clone();
    let mut progress = move |done: u64| counter.store(done, Ordering::Relaxed);
    if arguments.bench_panel {
        let panel = BenchPanel {
            seed: arguments.seed,
            households: arguments.households,
            months: arguments.months.min(24),
            group_households: arguments.group_households,
        };
        let path = arguments.out.join("panel.parquet");
        let made = std::fs::create_dir_all(&arguments.out)
            .and_then(|()| sim::bench_panel(&panel, &path, &mut progress));
        return made.map_or_else(|error| fault(&arguments.out, &error), |()| exit::DONE);
    }
    let mut config = Config::tongchuan(arguments.seed);
    if arguments.households != config.households {
        config = config.with_households(arguments.households.max(1));
    }
    config.months = arguments.months.clamp(1, 240);
    let out = &arguments.out;
    let city = if arguments.people_only {
        Ok(None)
    } else {
        sim::simulate(&config, out, &mut progress).map(Some)
    };
    let made = city.and_then(|city| Ok((city, sim::people(&config, out, &mut progress)?)));
    drop(bar);
    match made {
        Ok((Some(summary), _)) => {
            tell(&config, &summary, out);
            exit::DONE
        }
        Ok((None, people)) => {
            let (people, out) = (show::count(people), out.display());
            show::line(&format!("Simulated / 模拟数据: {people} people in {out}/people.parquet"));
            exit::DONE
        }
        Err(error) => fault(out, &error),
    }
}

fn fault(folder: &Path, error: &std::io::Error) -> u8 {
    let message = format!("the simulation cannot be written: {error}");
    let finding = Diagnostic::new(&base::codes::tables::CANNOT_WRITE, message)
        .at(base::Place::file(folder.display().to_string()))
        .hint("check that the folder may be written to and has room");
    refuse(&[finding])
}

/// Prints what was simulated.
pub fn tell(config: &Config, summary: &Summary, folder: &Path) {
    show::line(&format!(
        "Simulated / 模拟数据: {} households, {} people, {} months from {}, in {}",
        show::count(summary.households),
        show::count(summary.people),
        config.months,
        config.start,
        folder.display()
    ));
    let share = |part: u64| show::percent(part as f64 / summary.facts.max(1) as f64);
    show::line(&format!(
        "  {} facts: {} told twice, {} corrections, {} learned more than 30 days late",
        show::count(summary.facts),
        share(summary.duplicated),
        share(summary.corrections),
        share(summary.late)
    ));
    let first = summary.poor.first().copied().unwrap_or(0);
    let last = summary.poor.last().copied().unwrap_or(0);
    show::line(&format!(
        "  poor in the first month {}, in the last {}; a year later {} of the others are poor, {} of \
         the poor still",
        show::count(first),
        show::count(last),
        show::percent(summary.entry()),
        show::percent(summary.stay())
    ));
}
