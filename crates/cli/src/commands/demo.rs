//! `holdfast demo`: the simulated city from nothing to explained warnings.

use super::{load, refuse};
use crate::show;
use app::assess::Request;
use app::backtest::Question;
use app::input::Files;
use app::words::Language;
use base::exit;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "Example:\n  holdfast demo --out demo")]
pub struct Arguments {
    /// Folder for everything that is made
    #[arg(long, default_value = "demo")]
    out: PathBuf,
    /// The pack
    #[arg(long, default_value = "packs/tongchuan")]
    pack: PathBuf,
}

/// Simulates, assesses, measures and explains.
pub fn run(arguments: &Arguments) -> u8 {
    let loaded = match load(&arguments.pack) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let config = sim::Config::tongchuan(2020);
    show::line("1. A city is simulated\n");
    match sim::simulate(&config, &arguments.out, &mut |_| {}) {
        Ok(summary) => super::simulate::tell(&config, &summary, &arguments.out),
        Err(error) => {
            show::error_line(&format!("the simulation cannot be written: {error}"));
            return exit::REFUSED;
        }
    }
    let facts = Files { paths: vec![arguments.out.join("facts.parquet")], columns: Vec::new() };
    let mut request = Request { facts, out: Some(arguments.out.join("june")), ..Request::new() };
    request.period = Some("2020-06".to_owned());
    show::line("\n2. June 2020 is assessed from what departments reported\n");
    let report = match app::assess::run(&loaded, &request, &std::sync::Arc::default()) {
        Ok(report) => report,
        Err(findings) => return refuse(&findings),
    };
    show::findings(&report.notes);
    super::assess::reading::tell(loaded.pack(), &report, 8);
    show::line("\n3. How good were the warnings of a year and a half, six months ahead?\n");
    let question = Question {
        outcome: "is_poor".to_owned(),
        outcomes: Some(arguments.out.join("outcomes.parquet")),
        horizon: 6,
        from: Some("2019-09".to_owned()),
        to: Some("2019-12".to_owned()),
        budget_share: 0.05,
        group: None,
    };
    request.period = None;
    match app::backtest::run(&loaded, &request, &question) {
        Ok(measured) => super::backtest::reading::tell(loaded.pack(), &measured, &question),
        Err(findings) => return refuse(&findings),
    }
    let Some(first) = report.ranked.iter().find(|it| it.warning.kind.name() == "band") else {
        return exit::DONE;
    };
    let household = first.warning.household.clone();
    show::line(&format!("\n4. Why is {household} warned?\n"));
    request.period = Some("2020-06".to_owned());
    match app::explain::run(&loaded, &request, &household, 11) {
        Ok(explained) => super::explain::reading::tell(loaded.pack(), &explained, Language::En, 8),
        Err(findings) => return refuse(&findings),
    }
    let folder = arguments.out.display();
    let pack = arguments.pack.display();
    show::line(&format!(
        "\nEverything above is simulated / 以上均为模拟数据. Try next:\n  \
         holdfast explain {household} --pack {pack} --facts {folder}/facts.parquet --for household --language zh\n  \
         holdfast assess --pack {pack} --facts {folder}/facts.parquet --as-of 2020-03-31 --period 2020-03\n  \
         holdfast check {pack}     then change a weight in {pack}/dimensions.toml and assess again"
    ));
    exit::DONE
}
