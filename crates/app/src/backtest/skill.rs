//! Records to figures.

use super::Question;
use super::records::{Record, Records};
use crate::Loaded;
use base::Band;
use measures::calibrate::Isotonic;
use measures::skill::{self, Bins, CalibrationBin, Confusion, LeadTimes};
use measures::{Interval, wilson};
use std::collections::BTreeMap;

/// Confidence level of every interval.
pub const LEVEL: f64 = 0.95;
/// Bins of the calibration table.
const BINS: usize = 10;

/// How well one way of ordering households does.
#[derive(Clone, Debug)]
pub struct SkillRow {
    /// `all` or `not poor at the start`.
    pub whom: &'static str,
    /// The order: the monitor's or a naive one.
    pub rule: Naive,
    /// Household × origin.
    pub rows: usize,
    /// Of those, fallen at the horizon.
    pub events: usize,
    /// Left out because the order does not know them.
    pub unknown: usize,
    /// Area under the curve with its interval.
    pub auc: Option<(f64, Option<Interval>)>,
    /// Of the budgeted share at the top of the order.
    pub at_budget: Option<Confusion>,
    /// Of those the monitor calls yellow or worse (its own row only).
    pub warned: Option<Confusion>,
    /// The same had no trend lifted a band.
    pub warned_without_lift: Option<Confusion>,
    /// Mean squared error of probabilities fitted on other records, and of the plain base rate.
    pub brier: Option<(f64, f64)>,
}

/// An order of households.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naive {
    /// Band, then composite: what the monitor says.
    Monitor,
    /// The composite alone.
    LevelOnly,
    /// Whether the household is poor at the start.
    LastValue,
    /// The steepest worsening among modules.
    TrendOnly,
}

impl Naive {
    /// The name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Naive::Monitor => "monitor",
            Naive::LevelOnly => "level only",
            Naive::LastValue => "last value",
            Naive::TrendOnly => "trend only",
        }
    }

    fn score(self, record: &Record) -> Option<f64> {
        match self {
            Naive::Monitor => {
                let composite = record.composite.filter(|_| !record.band.is_unknown())?;
                Some(f64::from(record.band as u8) * 1_000.0 + composite)
            }
            Naive::LevelOnly => record.composite,
            Naive::LastValue => record.is_poor.map(|it| f64::from(u8::from(it))),
            Naive::TrendOnly => record.steepest,
        }
    }
}

/// How often households of a band fell.
#[derive(Clone, Debug)]
pub struct BandRow {
    /// The band.
    pub band: Band,
    /// Household × origin in it.
    pub rows: u64,
    /// Of those, fallen at the horizon.
    pub events: u64,
    /// Interval of the share.
    pub interval: Option<Interval>,
}

/// How precise a rule was.
#[derive(Clone, Debug)]
pub struct RuleRow {
    /// The rule.
    pub rule: String,
    /// How often it held.
    pub raised: u64,
    /// Of those, fallen at the horizon.
    pub hits: u64,
    /// Interval of its precision.
    pub interval: Option<Interval>,
    /// Raised for households that were not poor, and of those fallen.
    pub among_non_poor: (u64, u64),
}

/// Skill within an area or a group.
#[derive(Clone, Debug)]
pub struct GroupRow {
    /// The area or group.
    pub name: String,
    /// Household × origin.
    pub rows: usize,
    /// Of those, fallen.
    pub events: usize,
    /// Area under the curve among those not poor at the start.
    pub auc_non_poor: Option<f64>,
    /// What warning gave.
    pub warned: Option<Confusion>,
}

/// Everything measured.
pub struct Skill {
    /// All and the non-poor, by order.
    pub rows: Vec<SkillRow>,
    /// By band.
    pub bands: Vec<BandRow>,
    /// By rule.
    pub rules: Vec<RuleRow>,
    /// By area.
    pub areas: Vec<GroupRow>,
    /// By group.
    pub groups: Vec<GroupRow>,
    /// Predicted against observed.
    pub calibration: Vec<CalibrationBin>,
    /// Lead times of households not poor at the first origin.
    pub lead: LeadTimes,
    /// Household × origin left out for want of an outcome.
    pub without_outcome: u64,
}

/// Computes every figure.
pub fn measure(records: Records, loaded: &Loaded, question: &Question) -> Skill {
    let from = loaded.pack().scoring.warnings.from;
    let all: Vec<&Record> = records.records.iter().collect();
    let non_poor: Vec<&Record> =
        all.iter().copied().filter(|it| it.is_poor == Some(false)).collect();
    let mut rows = Vec::new();
    for (whom, subset) in [("all", &all), ("not poor at the start", &non_poor)] {
        for rule in [Naive::Monitor, Naive::LevelOnly, Naive::LastValue, Naive::TrendOnly] {
            let is_constant = rule == Naive::LastValue && whom != "all";
            if !subset.is_empty() && !is_constant {
                rows.push(row(whom, rule, subset, from, question.budget_share));
            }
        }
    }
    let calibration = probabilities(&all).map_or(Vec::new(), |(probabilities, events)| {
        skill::calibration_table(&probabilities, &events, Bins::EqualCount(BINS), LEVEL)
            .unwrap_or_default()
    });
    Skill {
        rows,
        bands: bands(&all),
        rules: rules(&all, &records.rules),
        areas: groups(&all, from, |it| it.area.as_ref().map(|it| it.to_string())),
        groups: groups(&all, from, |it| it.group.clone()),
        calibration,
        lead: LeadTimes::of(&records.spells),
        without_outcome: records.without_outcome,
    }
}

fn known(records: &[&Record], rule: Naive) -> (Vec<f64>, Vec<bool>) {
    let scored = records.iter().filter_map(|it| Some((rule.score(it)?, it.event)));
    scored.unzip()
}

fn row(whom: &'static str, rule: Naive, records: &[&Record], from: Band, share: f64) -> SkillRow {
    let (scores, events) = known(records, rule);
    let auc = skill::auc(&scores, &events).ok();
    let budget = (share * records.len() as f64).round() as usize;
    let is_monitor = rule == Naive::Monitor;
    SkillRow {
        whom,
        rule,
        rows: records.len(),
        events: records.iter().filter(|it| it.event).count(),
        unknown: records.len() - scores.len(),
        auc: auc.map(|it| (it.value, it.interval(LEVEL).ok().flatten())),
        at_budget: skill::at_budget(&scores, &events, budget).ok().map(|it| it.counts),
        warned: is_monitor.then(|| warned(records, |it| it.band.is_at_least(from))).flatten(),
        warned_without_lift: is_monitor
            .then(|| warned(records, |it| it.band_without_lift.is_at_least(from)))
            .flatten(),
        brier: is_monitor.then(|| brier(records)).flatten(),
    }
}

fn warned(records: &[&Record], is_warned: impl Fn(&Record) -> bool) -> Option<Confusion> {
    let warned: Vec<bool> = records.iter().map(|it| is_warned(it)).collect();
    let events: Vec<bool> = records.iter().map(|it| it.event).collect();
    Confusion::of(&warned, &events).ok()
}

/// Probabilities that never saw their own record: fitted on earlier origins where there are any,
/// else on the other half of the households.
fn probabilities(records: &[&Record]) -> Option<(Vec<f64>, Vec<bool>)> {
    let scored: Vec<(i32, f64, bool)> = records
        .iter()
        .filter_map(|it| Some((it.origin, Naive::Monitor.score(it)?, it.event)))
        .collect();
    let mut origins: Vec<i32> = scored.iter().map(|it| it.0).collect();
    origins.sort_unstable();
    origins.dedup();
    let (mut all, mut events) = (Vec::new(), Vec::new());
    let mut apply = |fit: &[(i32, f64, bool)], to: &[(i32, f64, bool)]| {
        let scores: Vec<f64> = fit.iter().map(|it| it.1).collect();
        let fallen: Vec<bool> = fit.iter().map(|it| it.2).collect();
        if let Ok(fitted) = Isotonic::fit(&scores, &fallen) {
            all.extend(to.iter().map(|it| fitted.probability(it.1)));
            events.extend(to.iter().map(|it| it.2));
        }
    };
    if let Some(middle) = origins.get(origins.len() / 2).filter(|_| origins.len() > 1) {
        let (fit, to): (Vec<_>, Vec<_>) = scored.iter().partition(|it| it.0 < *middle);
        apply(&fit, &to);
    } else {
        let half = |rest: usize| -> Vec<(i32, f64, bool)> {
            scored.iter().enumerate().filter(|it| it.0 % 2 == rest).map(|it| *it.1).collect()
        };
        apply(&half(0), &half(1));
        apply(&half(1), &half(0));
    }
    (!all.is_empty()).then_some((all, events))
}

fn brier(records: &[&Record]) -> Option<(f64, f64)> {
    let (probabilities, events) = probabilities(records)?;
    let rate = events.iter().filter(|it| **it).count() as f64 / events.len() as f64;
    let base = skill::brier(&vec![rate; events.len()], &events).ok()?.value;
    Some((skill::brier(&probabilities, &events).ok()?.value, base))
}

fn interval(hits: u64, of: u64) -> Option<Interval> {
    wilson(hits, of, LEVEL).ok().flatten()
}

fn bands(records: &[&Record]) -> Vec<BandRow> {
    let row = |band: Band| {
        let own = records.iter().filter(|it| it.band == band);
        let rows = own.clone().count() as u64;
        let events = own.filter(|it| it.event).count() as u64;
        BandRow { band, rows, events, interval: interval(events, rows) }
    };
    Band::ALL.into_iter().rev().map(row).filter(|it| it.rows > 0).collect()
}

fn rules(records: &[&Record], names: &[String]) -> Vec<RuleRow> {
    let mut counts: BTreeMap<u16, [u64; 4]> = BTreeMap::new();
    for record in records {
        for rule in &record.rules {
            let count = counts.entry(*rule).or_default();
            count[0] += 1;
            count[1] += u64::from(record.event);
            if record.is_poor == Some(false) {
                count[2] += 1;
                count[3] += u64::from(record.event);
            }
        }
    }
    let row = |(rule, count): (u16, [u64; 4])| RuleRow {
        rule: names.get(rule as usize).cloned().unwrap_or_default(),
        raised: count[0],
        hits: count[1],
        interval: interval(count[1], count[0]),
        among_non_poor: (count[2], count[3]),
    };
    counts.into_iter().map(row).collect()
}

fn groups(
    records: &[&Record],
    from: Band,
    of: impl Fn(&Record) -> Option<String>,
) -> Vec<GroupRow> {
    let mut parts: BTreeMap<String, Vec<&Record>> = BTreeMap::new();
    for record in records {
        if let Some(name) = of(record) {
            parts.entry(name).or_default().push(record);
        }
    }
    let row = |(name, own): (String, Vec<&Record>)| {
        let non_poor: Vec<&Record> =
            own.iter().copied().filter(|it| it.is_poor == Some(false)).collect();
        let (scores, events) = known(&non_poor, Naive::Monitor);
        GroupRow {
            name,
            rows: own.len(),
            events: own.iter().filter(|it| it.event).count(),
            auc_non_poor: skill::auc(&scores, &events).ok().map(|it| it.value),
            warned: warned(&own, |it| it.band.is_at_least(from)),
        }
    };
    parts.into_iter().map(row).collect()
}
