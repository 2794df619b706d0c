//! What the files of the city say: bands by county, first warnings with reasons, skill, and one
//! household explained.

use super::super::refuse;
use crate::show;
use app::Loaded;
use app::assess::Request;
use app::backtest::Question;
use app::input::Files;
use app::words::Language;
use std::path::Path;

/// Prints it; gives the household that was explained. An error is an exit code.
pub fn tell(loaded: &Loaded, folder: &Path) -> Result<Option<String>, u8> {
    let facts = Files { paths: vec![folder.join("facts.parquet")], columns: Vec::new() };
    let mut request = Request { facts, out: Some(folder.join("june")), ..Request::new() };
    request.period = Some("2020-06".to_owned());
    show::line("\n2. June 2020 is assessed from what departments reported\n");
    let report = app::assess::run(loaded, &request, &std::sync::Arc::default());
    let report = report.map_err(|findings| refuse(&findings))?;
    show::findings(&report.notes);
    super::super::assess::reading::tell(loaded.pack(), &report, 8);
    show::line("\n3. How good were the warnings of a year and a half, six months ahead?\n");
    let question = Question {
        outcome: "is_poor".to_owned(),
        outcomes: Some(folder.join("outcomes.parquet")),
        horizon: 6,
        from: Some("2019-09".to_owned()),
        to: Some("2019-12".to_owned()),
        budget_share: 0.05,
        group: None,
    };
    request.period = None;
    let measured = app::backtest::run(loaded, &request, &question).map_err(|it| refuse(&it))?;
    super::super::backtest::reading::tell(loaded.pack(), &measured, &question);
    let Some(first) = report.ranked.iter().find(|it| it.warning.kind.name() == "band") else {
        return Ok(None);
    };
    let household = first.warning.household.clone();
    show::line(&format!("\n4. Why is {household} warned?\n"));
    request.period = Some("2020-06".to_owned());
    let explained = app::explain::run(loaded, &request, &household, 11);
    let explained = explained.map_err(|findings| refuse(&findings))?;
    super::super::explain::reading::tell(loaded.pack(), &explained, Language::En, 8);
    Ok(Some(household))
}
