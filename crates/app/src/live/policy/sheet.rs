//! Everything about one indicator of the policy in force, for people who ask what it does.

use super::words::{Writer, unit};
use crate::live::Live;
use crate::words::Language;
use base::{AreaCode, Diagnostic, Period};
use pack::{Anchor, Indicator, Pack, SeverityRule, Type, describe};
use std::sync::Arc;
use store::{Tx, Within, policies};

/// An indicator as people read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// What it does, in English and in Chinese.
    pub sentences: [String; 2],
    /// Its value as the pack would write it.
    pub formula: Option<String>,
    /// Whom it concerns, likewise.
    pub applies: Option<String>,
    /// Unit of its value.
    pub unit: Option<String>,
    /// Name and value of each anchor, under the lines of the period and area.
    pub anchors: Vec<(&'static str, Option<f64>)>,
    /// Values and the severities that they give.
    pub curve: Vec<(f64, f64)>,
    /// Whether nobody published it.
    pub is_proposal: bool,
}

/// An indicator in one version.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// The version's name and hash.
    pub version: (String, String),
    /// When it was installed, in microseconds.
    pub installed_at: i64,
    /// Weight in its dimension.
    pub weight: f64,
    /// See [`Sheet::anchors`].
    pub anchors: Vec<(&'static str, Option<f64>)>,
}

/// Points of a curve between two anchors are on a line, so that the anchors are enough; before the
/// first and after the last it is flat for this share of the scale.
const MARGIN: f64 = 0.1;

impl Sheet {
    /// The sheet of an indicator, under the lines of a period.
    pub fn of(pack: &Pack, indicator: &Indicator, at: Period) -> Self {
        let sentence = |language| Writer { pack, language }.indicator(indicator);
        let anchors = anchors(pack, indicator, at);
        let of_type = indicator.value.as_ref().map(|it| &it.ty);
        Self {
            sentences: [sentence(Language::En), sentence(Language::Zh)],
            formula: indicator.value.as_ref().map(|it| describe(pack, it)),
            applies: indicator.applies.as_ref().map(|it| describe(pack, it)),
            unit: match of_type {
                Some(Type::Number(Some(it))) => unit(it),
                _ => None,
            },
            curve: curve(indicator, &anchors),
            anchors,
            is_proposal: indicator.references.iter().any(|it| it.is_proposal),
        }
    }
}

fn list(indicator: &Indicator) -> &[Anchor] {
    match &indicator.severity {
        SeverityRule::Anchors(anchors) | SeverityRule::Steps(anchors) => anchors,
        SeverityRule::Map(_) | SeverityRule::Levels(_) => &[],
    }
}

fn anchors(pack: &Pack, indicator: &Indicator, at: Period) -> Vec<(&'static str, Option<f64>)> {
    const NAMES: [(f64, &str); 4] =
        [(0.0, "none"), (40.0, "yellow"), (60.0, "orange"), (80.0, "red")];
    let bound = |it: &Anchor| monitor::condition::constant(pack, &it.bound, at, None::<&AreaCode>);
    let named = |it: &Anchor| {
        let name = NAMES.iter().find(|name| name.0 == it.severity).map_or("full", |it| it.1);
        (name, bound(it))
    };
    list(indicator).iter().map(named).collect()
}

fn curve(indicator: &Indicator, anchors: &[(&'static str, Option<f64>)]) -> Vec<(f64, f64)> {
    let severities = list(indicator).iter().map(|it| it.severity);
    let points = anchors.iter().zip(severities).map(|(it, severity)| Some((it.1?, severity)));
    let Some(points) = points.collect::<Option<Vec<_>>>() else { return Vec::new() };
    let (Some(first), Some(last)) = (points.first().copied(), points.last().copied()) else {
        return Vec::new();
    };
    let margin = (last.0 - first.0) * MARGIN;
    let mut curve = vec![(first.0 - margin, 0.0)];
    if matches!(indicator.severity, SeverityRule::Steps(_)) {
        let mut before = 0.0;
        for (value, severity) in &points {
            curve.extend([(*value, before), (*value, *severity)]);
            before = *severity;
        }
    } else {
        curve.extend(&points);
    }
    curve.push((last.0 + margin, last.1));
    curve.sort_by(|a, b| a.0.total_cmp(&b.0));
    curve
}

impl Live {
    /// An indicator in every version that has it, the latest installed first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn past_of(&self, id: &str, at: Period) -> Result<Vec<Past>, Diagnostic> {
        self.store.read(|tx: &mut Tx<'_>| {
            let mut found = Vec::new();
            for row in policies::all(tx)? {
                // A version that this program cannot read any more has nothing to show.
                let Ok(policy) = self.policy_of(tx, &row.hash) else { continue };
                let pack: &Arc<Pack> = policy.pack();
                let Some(index) = pack.indicator(id) else { continue };
                let indicator = &pack.indicators[index];
                found.push(Past {
                    version: (row.version, row.hash),
                    installed_at: row.installed_at,
                    weight: indicator.weight,
                    anchors: anchors(pack, indicator, at),
                });
            }
            Ok(found)
        })
    }

    /// How today's values of an indicator are distributed over households within areas: a value
    /// and how many have it, or the middle of a stretch and how many lie in it. `None` as long as
    /// what is kept for trials was not read.
    ///
    /// # Errors
    /// Those of the database and of the evaluation.
    pub fn distribution(
        &self,
        indicator: usize,
        within: &Within,
    ) -> Result<Option<Vec<(f64, u64)>>, Diagnostic> {
        let Some(ready) = self.ready() else { return Ok(None) };
        Ok(Some(histogram(ready.values(indicator, within)?)))
    }
}

/// Stretches of a histogram.
const STRETCHES: usize = 20;

fn histogram(mut values: Vec<f64>) -> Vec<(f64, u64)> {
    values.retain(|it| it.is_finite());
    values.sort_by(f64::total_cmp);
    let mut counted: Vec<(f64, u64)> = Vec::new();
    for value in &values {
        match counted.last_mut() {
            Some(last) if last.0 == *value => last.1 += 1,
            _ => counted.push((*value, 1)),
        }
    }
    if counted.len() <= STRETCHES {
        return counted;
    }
    // A few values far out would press all others into one stretch.
    let end = |share: f64| values[((values.len() - 1) as f64 * share) as usize];
    let (low, high) = (end(0.01), end(0.99));
    let width = (high - low) / STRETCHES as f64;
    if width <= 0.0 {
        return counted;
    }
    let middle = |it: usize| low + width * (it as f64 + 0.5);
    let mut stretches: Vec<(f64, u64)> = (0..STRETCHES).map(|it| (middle(it), 0)).collect();
    for (value, count) in counted {
        let place = ((value - low) / width).floor().clamp(0.0, STRETCHES as f64 - 1.0);
        stretches[place as usize].1 += count;
    }
    stretches
}
