//! `holdfast demo`: the simulated city from nothing to explained warnings, and a server over it in
//! which facts go on arriving.

mod city;
mod report;

use super::load;
use crate::show;
use base::exit;
use clap::Args;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What every page of the demonstration says.
const NOTICE: &str = "Simulated / 模拟数据";

#[derive(Args)]
#[command(after_help = "Examples:\n  \
    holdfast demo                       report, then a server until Ctrl-C\n  \
    holdfast demo --report              the report alone\n\n\
    Everything is simulated. The sign-ins it prints are for this demonstration: it listens on this \
    machine alone unless told otherwise.")]
pub struct Arguments {
    /// Folder for everything that is made; the database in it is made anew
    #[arg(long, default_value = "demo")]
    out: PathBuf,
    /// The pack
    #[arg(long, default_value = "packs/tongchuan")]
    pack: PathBuf,
    /// Only the report, no server
    #[arg(long)]
    report: bool,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Facts that arrive a second while it runs
    #[arg(long, default_value = "2", value_name = "N")]
    rate: f64,
}

/// Simulates, assesses, measures, explains; then serves.
pub fn run(arguments: &Arguments) -> u8 {
    let done = simulate(&arguments.out).and_then(|()| {
        let loaded = load(&arguments.pack)?;
        let household = report::tell(&loaded, &arguments.out)?;
        try_next(arguments, household.as_deref());
        Ok(())
    });
    match done {
        Err(code) => code,
        Ok(_) if arguments.report => exit::DONE,
        Ok(()) => city::serve(arguments).map_or_else(|code| code, |()| exit::DONE),
    }
}

fn simulate(folder: &Path) -> Result<(), u8> {
    let mut config = sim::Config::tongchuan(2020);
    config.arriving_from = Some(city::ARRIVING_FROM);
    show::line("1. A city is simulated\n");
    let city = sim::simulate(&config, folder, &mut |_| {});
    match city.and_then(|it| sim::people(&config, folder, &mut |_| {}).map(|_| it)) {
        Ok(summary) => {
            super::simulate::tell(&config, &summary, folder);
            Ok(())
        }
        Err(error) => {
            show::error_line(&format!("the simulation cannot be written: {error}"));
            Err(exit::REFUSED)
        }
    }
}

fn try_next(arguments: &Arguments, household: Option<&str>) {
    let (folder, pack) = (arguments.out.display(), arguments.pack.display());
    let household = household.unwrap_or("H000001");
    show::line(&format!(
        "\nEverything above is simulated / 以上均为模拟数据. Try next:\n  \
         holdfast explain {household} --pack {pack} --facts {folder}/facts.parquet --for household --language zh\n  \
         holdfast assess --pack {pack} --facts {folder}/facts.parquet --as-of 2020-03-31 --period 2020-03\n  \
         holdfast check {pack}     then change a weight in {pack}/dimensions.toml and assess again"
    ));
}
