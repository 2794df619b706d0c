//! What moved since the period before.

use super::Value;
use crate::evaluator::Assessed;
use crate::indicators::State;
use crate::scores::{Raw, Scratch};
use base::{Period, Score};
use pack::Pack;

/// One indicator that moved.
#[derive(Clone, Debug)]
pub struct Change {
    /// Index in the pack.
    pub indicator: usize,
    /// State, value and severity one period earlier.
    pub from: Side,
    /// The same now.
    pub to: Side,
    /// Change of its contribution to the composite.
    pub points: Score,
}

/// One side of a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// What was known.
    pub state: State,
    /// The value.
    pub value: Option<Value>,
    /// The severity.
    pub severity: Option<Score>,
}

/// Indicators whose severity or state differs between two periods, the greatest change of
/// contribution first.
pub fn between(assessed: &Assessed, pack: &Pack, before: &Raw, now: &Raw) -> Vec<Change> {
    let (Some(_), Some(_)) = (before.row, now.row) else { return Vec::new() };
    let (at, earlier) = (assessed.at, assessed.at.offset(-1));
    let mut points = vec![0i32; pack.indicators.len()];
    let mut scratch = Scratch::default();
    for it in assessed.contributions(now, at, usize::MAX, &mut scratch) {
        points[it.indicator] += it.points.micros();
    }
    for it in assessed.contributions(before, earlier, usize::MAX, &mut scratch) {
        points[it.indicator] -= it.points.micros();
    }
    let mut changes = Vec::new();
    for (indicator, points) in points.into_iter().enumerate() {
        let from = side(assessed, earlier, before, indicator);
        let to = side(assessed, at, now, indicator);
        if from.state != to.state || from.severity != to.severity {
            changes.push(Change { indicator, from, to, points: Score::from_micros(points) });
        }
    }
    changes.sort_by_key(|it| (-(it.points.micros().abs()), it.indicator));
    changes
}

fn side(assessed: &Assessed, at: Period, raw: &Raw, indicator: usize) -> Side {
    let column = &assessed.indicators(at).columns[indicator];
    let Some(row) = raw.row else {
        return Side { state: State::Unknown, value: None, severity: None };
    };
    let value = column.value.as_ref().and_then(|it| Value::at(it, row));
    Side { state: column.state(row), value, severity: column.score(row) }
}
