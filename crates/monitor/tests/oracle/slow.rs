//! The definitions, followed literally for one household at a time. Shares no code with the
//! engine: plain options, no arrays, no rounding before the end of a module.

use super::spec::{Household, Key, Policy, Row, Rule, Value};

/// What is known of an indicator.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Unknown,
    Known(f64),
    NotApplicable,
}

/// What the oracle says of a household in month 0.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Composite in millionths; `None` where nothing is known.
    pub composite: Option<i64>,
    /// 0 unknown, 1 green … 5 red.
    pub band: usize,
    /// Per module.
    pub scores: Vec<Option<i64>>,
    /// Per module, millionths a period.
    pub trends: Vec<Option<i64>>,
    /// Whether a comparison anywhere was so close that rounding decides it.
    pub is_close: bool,
}

pub fn micros(points: f64) -> i64 {
    let scaled = points * 1e6;
    (scaled + if scaled < 0.0 { -0.5 } else { 0.5 }) as i64
}

struct Judge<'a> {
    policy: &'a Policy,
    household: &'a Household,
    is_close: bool,
}

/// Modules of one month: score and known weight, applicable weight, which indicators are known.
struct Month {
    modules: Vec<(i64, f64, f64, Vec<bool>)>,
    forced: usize,
}

pub fn judge(policy: &Policy, household: &Household) -> Verdict {
    let mut judge = Judge { policy, household, is_close: false };
    let now = judge.month(0);
    let (composite, known, _) = judge.composite(now.as_ref());
    let band = judge.remembered();
    let modules = 0..policy.modules;
    let score = |it: usize| {
        let month = now.as_ref()?;
        (month.modules[it].1 > 0.0).then_some(month.modules[it].0)
    };
    Verdict {
        composite: (known > 0.0).then_some(composite),
        band,
        scores: modules.clone().map(score).collect(),
        trends: modules.map(|it| judge.trend(it, 0).map(|it| it.0)).collect(),
        is_close: judge.is_close,
    }
}

impl Judge<'_> {
    fn row(&self, period: i32) -> Option<&Row> {
        self.household.iter().find(|it| it.period == period)
    }

    fn cell(&self, attribute: usize, period: i32) -> Option<f64> {
        let row = self.row(period)?;
        let is_stale =
            attribute == 0 && self.policy.freshness.is_some_and(|it| row.age > it as i32);
        row.numbers[attribute].filter(|_| !is_stale)
    }

    fn condition(&self, row: &Row) -> Option<bool> {
        let is_stale = self.policy.freshness.is_some_and(|it| row.age > it as i32);
        row.condition.filter(|_| !is_stale)
    }

    fn value(&self, value: &Value, at: i32) -> Option<f64> {
        let window = |a: usize, n: u32| {
            let months = at - n as i32 + 1..=at;
            months.filter_map(|it| self.cell(a, it)).collect::<Vec<f64>>()
        };
        match value {
            Value::One(a) => self.cell(*a, at),
            Value::Sum(a, b) => Some(self.cell(*a, at)? + self.cell(*b, at)?),
            Value::Ratio(a, b) => match (self.cell(*a, at)?, self.cell(*b, at)?) {
                (a, b) if b > 0.0 => Some(a / b),
                (a, _) if a > 0.0 => Some(f64::INFINITY),
                _ => None,
            },
            Value::Mean(a, n, min) => {
                let known = window(*a, *n);
                let is_enough = known.len() >= *min as usize;
                is_enough.then(|| known.iter().sum::<f64>() / known.len() as f64)
            }
            Value::Most(a, n) => window(*a, *n).into_iter().reduce(f64::max),
            Value::Least(a, n) => window(*a, *n).into_iter().reduce(f64::min),
            Value::Total(a, n, min) => {
                let known = window(*a, *n);
                (known.len() >= *min as usize).then(|| known.iter().sum())
            }
            Value::Times(a, n) => {
                let known = window(*a, *n);
                let above = known.iter().filter(|it| **it > 0.0).count();
                (!known.is_empty()).then_some(above as f64)
            }
            Value::Lag(a, n) => self.cell(*a, at - *n as i32),
            Value::Either(a, b) => self.cell(*a, at).or(self.cell(*b, at)),
        }
    }

    fn severity(&self, rule: &Rule, at: i32) -> Option<f64> {
        let row = self.row(at)?;
        match rule {
            Rule::Anchors(value, bounds) => {
                let value = self.value(value, at)?;
                let turn = if bounds[0] < bounds[2] { 1.0 } else { -1.0 };
                let past = |bound: f64| (value - bound) * turn;
                Some(if past(bounds[0]) <= 0.0 {
                    0.0
                } else if past(bounds[1]) <= 0.0 {
                    40.0 * (value - bounds[0]) / (bounds[1] - bounds[0])
                } else if past(bounds[2]) < 0.0 {
                    40.0 + 40.0 * (value - bounds[1]) / (bounds[2] - bounds[1])
                } else {
                    80.0
                })
            }
            Rule::Steps(value, bounds) => {
                let value = self.value(value, at)?;
                let turn = if bounds[0] < bounds[2] { 1.0 } else { -1.0 };
                let reached = |bound: f64| (value - bound) * turn >= 0.0;
                Some(if reached(bounds[2]) {
                    80.0
                } else if reached(bounds[1]) {
                    40.0
                } else {
                    0.0
                })
            }
            Rule::Map([x, y]) => match row.category? {
                "x" => Some(*x),
                "y" => Some(*y),
                _ => None,
            },
            Rule::Levels(bound) => {
                match (self.condition(row), self.cell(0, at).map(|it| it > *bound)) {
                    (Some(true), _) => Some(80.0),
                    (_, Some(true)) => Some(40.0),
                    (Some(false), Some(false)) => Some(0.0),
                    _ => None,
                }
            }
        }
    }

    fn aggregate(kind: usize, parts: &[(f64, f64)]) -> f64 {
        let weight: f64 = parts.iter().map(|it| it.1).sum();
        let known = parts.iter().filter(|it| it.1 > 0.0);
        if weight <= 0.0 {
            return 0.0;
        }
        match kind {
            0 => known.map(|it| it.0 * it.1).sum::<f64>() / weight,
            1 => (known.map(|it| it.0 * it.0 * it.1).sum::<f64>() / weight).sqrt(),
            _ => known.map(|it| it.0).fold(0.0, f64::max),
        }
    }

    fn month(&mut self, at: i32) -> Option<Month> {
        let row = self.row(at)?;
        let policy = self.policy;
        let states: Vec<State> = policy
            .indicators
            .iter()
            .map(|it| match (it.applies, self.condition(row)) {
                (true, Some(false)) => State::NotApplicable,
                (true, None) => State::Unknown,
                _ => self.severity(&it.rule, at).map_or(State::Unknown, State::Known),
            })
            .collect();
        let mut forced = 0;
        for (rules, state) in policy.indicators.iter().zip(&states) {
            let applies = !rules.applies || self.condition(row) == Some(true);
            match (&rules.key, &rules.rule, state) {
                (Key::Severity, _, State::Known(severity)) if micros(*severity) >= 60_000_000 => {
                    forced = forced.max(4);
                }
                (Key::Value(edge), Rule::Anchors(value, _) | Rule::Steps(value, _), _)
                    if applies && self.value(value, at).is_some_and(|it| it < *edge) =>
                {
                    forced = 5;
                }
                _ => {}
            }
        }
        let modules = (0..policy.modules).map(|it| module(policy, &states, it)).collect();
        Some(Month { modules, forced })
    }

    /// Composite, known weight and applicable weight.
    fn composite(&self, month: Option<&Month>) -> (i64, f64, f64) {
        let Some(month) = month else { return (0, 0.0, 0.0) };
        let parts: Vec<(f64, f64)> =
            month.modules.iter().map(|it| (it.0 as f64 / 1e6, it.1)).collect();
        let known: f64 = month.modules.iter().map(|it| it.1).sum();
        let applicable: f64 = month.modules.iter().map(|it| it.2).sum();
        (micros(Self::aggregate(self.policy.aggregates[2], &parts)), known, applicable)
    }

    /// Slope and whether most steps go up.
    fn trend(&mut self, module: usize, at: i32) -> Option<(i64, bool)> {
        let now = self.month(at)?.modules.swap_remove(module);
        if now.1 <= 0.0 {
            return None;
        }
        let mut points = Vec::new();
        for month in at - self.policy.window as i32 + 1..=at {
            let Some(then) = self.month(month) else { continue };
            if then.modules[module].3 == now.3 {
                points.push((f64::from(month), then.modules[module].0 as f64));
            }
        }
        if points.len() < 2 {
            return None;
        }
        let slope = if self.policy.is_robust {
            let mut slopes = Vec::new();
            for (position, (x, y)) in points.iter().enumerate() {
                let later = points[position + 1..].iter();
                slopes.extend(later.map(|(x2, y2)| (y2 - y) / (x2 - x)));
            }
            slopes.sort_by(f64::total_cmp);
            let half = slopes.len() / 2;
            if slopes.len() % 2 == 1 {
                slopes[half]
            } else {
                (slopes[half - 1] + slopes[half]) / 2.0
            }
        } else {
            let n = points.len() as f64;
            let mean_x = points.iter().map(|it| it.0).sum::<f64>() / n;
            let mean_y = points.iter().map(|it| it.1).sum::<f64>() / n;
            let xy: f64 = points.iter().map(|it| (it.0 - mean_x) * (it.1 - mean_y)).sum();
            xy / points.iter().map(|it| (it.0 - mean_x).powi(2)).sum::<f64>()
        };
        let ups = points.windows(2).filter(|it| it[1].1 > it[0].1).count();
        self.is_close |= (slope - 2e6).abs() < 10.0
            || points.windows(2).any(|it| (it[1].1 - it[0].1).abs() < 10.0 && it[1].1 != it[0].1);
        Some((micros(slope / 1e6), ups as f64 > 0.5 * (points.len() - 1) as f64))
    }

    /// The band that a month has by itself.
    fn raw(&mut self, at: i32) -> usize {
        let Some(month) = self.month(at) else { return 0 };
        let (composite, known, applicable) = self.composite(Some(&month));
        let confidence = if applicable > 0.0 { known / applicable } else { 0.0 };
        self.is_close |= (confidence - self.policy.min_confidence).abs() < 1e-5
            && confidence != self.policy.min_confidence;
        if micros(confidence) < micros(self.policy.min_confidence) {
            return month.forced;
        }
        let edges = self.policy.edges.map(micros);
        self.is_close |= edges.iter().any(|it| (composite - it).abs() <= 5 && composite != *it);
        let mut band = 1 + edges.iter().filter(|it| composite >= **it).count();
        if let Some(within) = self.policy.lift.filter(|_| band < 4) {
            let next = edges[band - 1];
            let floor = next - micros(within);
            self.is_close |= (composite - floor).abs() <= 5;
            let worsens = (0..self.policy.modules)
                .filter_map(|it| self.trend(it, at))
                .any(|(slope, is_up)| is_up && slope >= 2_000_000);
            band += usize::from(composite >= floor && worsens);
        }
        band.max(month.forced)
    }

    /// The worst of the last known months' own bands.
    fn remembered(&mut self) -> usize {
        let (clean, within) = self.policy.clean;
        let mut worst = self.raw(0);
        if worst == 0 {
            return 0;
        }
        let mut known = 1;
        for back in 1..within {
            if known >= clean {
                break;
            }
            let band = self.raw(-(back as i32));
            known += u32::from(band > 0);
            worst = worst.max(band);
        }
        worst
    }
}

fn module(policy: &Policy, states: &[State], module: usize) -> (i64, f64, f64, Vec<bool>) {
    let (mut parts, mut applicable, mut set) = (Vec::new(), 0.0, Vec::new());
    for (dimension, weight) in policy.dimensions.iter().enumerate() {
        if dimension % policy.modules != module {
            continue;
        }
        let own = policy.indicators.iter().zip(states);
        let own: Vec<_> = own.filter(|it| it.0.dimension == dimension).collect();
        let known: Vec<(f64, f64)> = own
            .iter()
            .filter_map(|(rules, state)| match state {
                State::Known(severity) => Some((*severity, rules.weight)),
                _ => None,
            })
            .collect();
        set.extend(own.iter().map(|it| matches!(it.1, State::Known(_))));
        let all = own.iter().filter(|it| *it.1 != State::NotApplicable);
        let all: f64 = all.map(|it| it.0.weight).sum();
        let share = known.iter().map(|it| it.1).sum::<f64>() / all;
        if all > 0.0 {
            parts.push((Judge::aggregate(policy.aggregates[0], &known), weight * share));
            applicable += weight;
        }
    }
    let score = micros(Judge::aggregate(policy.aggregates[1], &parts));
    (score, parts.iter().map(|it| it.1).sum(), applicable, set)
}
