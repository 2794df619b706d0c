//! Real panels through the packs: figures that others computed before us.

#![expect(clippy::print_stderr, reason = "a test that was left out says so")]

use app::assess::Request;
use app::backtest::{self, Naive, Question, SkillRow};
use app::input::Files;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A data set that may not be shipped: beside the project, or where HOLDFAST_SHARED says.
fn shared(path: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("HOLDFAST_SHARED");
    let shared = shared.map_or_else(|| root().join("../shared"), PathBuf::from);
    let found = shared.join("data").join(path);
    if !found.is_file() {
        eprintln!("left out: {} is not here (set HOLDFAST_SHARED)", found.display());
        return None;
    }
    Some(found)
}

fn measured(pack: &str, panel: PathBuf, question: &Question) -> backtest::Report {
    let loaded = app::load(&root().join("packs").join(pack));
    let loaded = loaded.unwrap_or_else(|findings| panic!("{findings:?}"));
    let panel = Files { paths: vec![panel], columns: Vec::new() };
    let request = Request { panel, ..Request::new() };
    backtest::run(&loaded, &request, question).unwrap_or_else(|findings| panic!("{findings:?}"))
}

fn row(report: &backtest::Report, is_all: bool, rule: Naive) -> &SkillRow {
    let fits = |it: &&SkillRow| (it.whom == "all") == is_all && it.rule == rule;
    report.skill.rows.iter().find(fits).expect("a row")
}

fn auc(report: &backtest::Report, is_all: bool, rule: Naive) -> f64 {
    row(report, is_all, rule).auc.expect("an area under the curve").0
}

fn is_near(found: f64, published: f64) {
    assert!((found - published).abs() < 5e-7, "{found} is not {published}");
}

#[test]
fn uganda_gives_the_reference_figures() {
    let Some(panel) = shared("uganda_unps_panel/panel_household_round.csv") else { return };
    let question = Question {
        outcome: "cons_pae < 17793.333567051177".to_owned(),
        outcomes: None,
        horizon: 1,
        from: Some("2010".to_owned()),
        to: Some("2010".to_owned()),
        budget_share: 0.1,
        group: None,
    };
    let report = measured("consumption_panel", panel, &question);
    is_near(auc(&report, true, Naive::LevelOnly), 0.769_996);
    is_near(auc(&report, false, Naive::LevelOnly), 0.742_066);
    // A trend alone is worse than chance among those who are not poor: regression to the mean.
    is_near(auc(&report, true, Naive::TrendOnly), 0.524_442);
    is_near(auc(&report, false, Naive::TrendOnly), 0.434_079);
    let warned = row(&report, false, Naive::LevelOnly).at_budget.as_ref().expect("a budget");
    let hits = warned.true_positives;
    assert_eq!((warned.true_positives + warned.false_positives, hits), (178, 66));
    assert_eq!(hits + warned.false_negatives, 226);
}

#[test]
fn the_shipped_panel_of_young_women_gives_what_the_readme_says() {
    let panel = root().join("packs/teen_poverty/data/teen_poverty_long.csv");
    let question = Question {
        outcome: "pov = 1".to_owned(),
        outcomes: None,
        horizon: 1,
        from: Some("4".to_owned()),
        to: Some("4".to_owned()),
        budget_share: 0.1,
        group: Some("black".to_owned()),
    };
    let report = measured("teen_poverty", panel, &question);
    assert_eq!(row(&report, true, Naive::LevelOnly).rows, 1_151);
    let (all, not_poor) =
        (auc(&report, true, Naive::LevelOnly), auc(&report, false, Naive::LevelOnly));
    assert_eq!(format!("{all:.3} {not_poor:.3}"), "0.694 0.571");
    assert!(report.skill.groups.len() >= 2, "no figures by the sensitive group");
}
