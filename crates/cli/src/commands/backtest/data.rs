//! Skill for programs: one row per figure.

use crate::answer::{Columns, table};
use app::backtest::{GroupRow, Question, Report, SkillRow};
use arrow::array::RecordBatch;
use arrow::datatypes::DataType;
use base::Diagnostic;
use measures::Interval;
use measures::skill::Confusion;
use pack::Pack;
use serde_json::{Value, json};

const COLUMNS: &Columns = &[
    ("part", DataType::Utf8),
    ("name", DataType::Utf8),
    ("among", DataType::Utf8),
    ("figure", DataType::Utf8),
    ("value", DataType::Float64),
    ("low", DataType::Float64),
    ("high", DataType::Float64),
    ("n", DataType::UInt64),
];

const ALL: &str = "all";
const NOT_POOR: &str = "not poor at the start";

/// Everything: what was asked, and every figure.
pub fn whole(pack: &Pack, report: &Report, question: &Question) -> Value {
    json!({
        "pack": { "id": pack.id, "version": pack.version, "hash": pack.hash },
        "outcome": question.outcome,
        "horizon": question.horizon,
        "period_kind": pack.period_kind.name(),
        "origins": report.origins.iter().map(|it| it.to_string()).collect::<Vec<_>>(),
        "budget_share": question.budget_share,
        "without_outcome": report.skill.without_outcome,
        "figures": figures(report),
    })
}

/// One row per figure; `n` is how many households × periods stand behind it.
pub fn main(report: &Report) -> Result<RecordBatch, Diagnostic> {
    table(COLUMNS, &figures(report))
}

/// The rows of one part, name and group of households.
struct Rows<'a> {
    rows: &'a mut Vec<Value>,
    part: &'static str,
    name: &'a str,
    among: &'a str,
}

impl Rows<'_> {
    fn add(&mut self, figure: &str, value: Option<f64>, n: u64) {
        self.within(figure, value, None, n);
    }

    fn within(&mut self, figure: &str, value: Option<f64>, interval: Option<Interval>, n: u64) {
        self.rows.push(json!({
            "part": self.part,
            "name": self.name,
            "among": self.among,
            "figure": figure,
            "value": value,
            "low": interval.as_ref().map(|it| it.low),
            "high": interval.as_ref().map(|it| it.high),
            "n": n,
        }));
    }

    fn share(&mut self, figure: &str, part: u64, of: u64, interval: Option<Interval>) {
        self.within(figure, (of > 0).then(|| part as f64 / of as f64), interval, of);
    }

    fn confusion(&mut self, prefix: &str, counts: &Option<Confusion>, n: u64) {
        let Some(it) = counts else { return };
        self.add(&format!("{prefix}.warned"), Some(it.warned() as f64), n);
        self.add(&format!("{prefix}.hits"), Some(it.true_positives as f64), n);
        self.add(&format!("{prefix}.precision"), it.precision(), it.warned());
        self.add(&format!("{prefix}.recall"), it.recall(), n);
        self.add(&format!("{prefix}.f1"), it.f1(), n);
    }
}

fn figures(report: &Report) -> Vec<Value> {
    let (mut rows, skill) = (Vec::new(), &report.skill);
    skill.rows.iter().for_each(|it| order(&mut rows, it));
    for it in &skill.bands {
        let mut rows = Rows { rows: &mut rows, part: "band", name: it.band.name(), among: ALL };
        rows.share("fell", it.events, it.rows, it.interval);
    }
    for it in &skill.rules {
        let mut of = Rows { rows: &mut rows, part: "rule", name: &it.rule, among: ALL };
        of.share("precision", it.hits, it.raised, it.interval);
        of.among = NOT_POOR;
        of.share("precision", it.among_non_poor.1, it.among_non_poor.0, None);
    }
    skill.areas.iter().for_each(|it| group(&mut rows, "area", it));
    skill.groups.iter().for_each(|it| group(&mut rows, "group", it));
    for it in &skill.calibration {
        let name = format!("{:.3}-{:.3}", it.lowest, it.highest);
        let mut rows = Rows { rows: &mut rows, part: "calibration", name: &name, among: ALL };
        rows.add("predicted", Some(it.mean_predicted), it.rows);
        rows.within("observed", Some(it.observed), Some(it.interval), it.rows);
    }
    let lead = &skill.lead;
    let mut of = Rows { rows: &mut rows, part: "lead_time", name: "warnings", among: NOT_POOR };
    of.add("periods.median", lead.median(), lead.warned_before);
    for (figure, count) in [
        ("warned_before", lead.warned_before),
        ("warned_during", lead.warned_during),
        ("warned_after", lead.warned_after),
        ("never_warned", lead.never_warned),
    ] {
        of.add(figure, Some(count as f64), lead.events);
    }
    of.add(
        "warned_without_event",
        Some(lead.warned_without_event as f64),
        lead.warned_without_event,
    );
    rows
}

fn order(rows: &mut Vec<Value>, it: &SkillRow) {
    let n = it.rows as u64;
    let mut rows = Rows { rows, part: "order", name: it.rule.name(), among: it.whom };
    rows.add("fell", Some(it.events as f64), n);
    rows.add("unknown", Some(it.unknown as f64), n);
    if let Some((value, interval)) = it.auc {
        rows.within("auc", Some(value), interval, n - it.unknown as u64);
    }
    rows.confusion("at_budget", &it.at_budget, n);
    rows.confusion("yellow_or_worse", &it.warned, n);
    rows.confusion("yellow_or_worse_without_trend_lift", &it.warned_without_lift, n);
    if let Some((brier, base)) = it.brier {
        rows.add("brier", Some(brier), n);
        rows.add("brier_of_base_rate", Some(base), n);
    }
}

fn group(rows: &mut Vec<Value>, part: &'static str, it: &GroupRow) {
    let n = it.rows as u64;
    let mut rows = Rows { rows, part, name: &it.name, among: ALL };
    rows.add("fell", Some(it.events as f64), n);
    rows.add("auc_not_poor", it.auc_non_poor, n);
    rows.confusion("yellow_or_worse", &it.warned, n);
}
