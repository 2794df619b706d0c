//! The smallest change of one indicator that would leave the period's band.
//!
//! Everything else stays as it is, trends included. An indicator whose own key judgement is an
//! expression keeps forcing what it forces, because only its severity is moved here.

use super::Value;
use crate::evaluator::{Assessed, Evaluator};
use crate::indicators::{Indicators, State};
use crate::program::{Bound, CompiledSeverity, KeyCondition};
use crate::scores::modules::from_indicators;
use crate::scores::{Raw, bands};
use base::{Band, Score};

/// A change that would be enough.
#[derive(Clone, Debug)]
pub struct WayOut {
    /// Index of the indicator in the pack.
    pub indicator: usize,
    /// Its severity now.
    pub severity: Score,
    /// The greatest severity that is low enough.
    pub severity_needed: Score,
    /// The value at which that severity is reached, where the scale says.
    pub value_needed: Option<Value>,
    /// The composite then.
    pub composite: Score,
    /// The band of the period then.
    pub band: Band,
}

/// All single changes that would do, the smallest fall of severity first.
pub fn find(evaluator: &Evaluator, assessed: &Assessed, raw: &Raw) -> Vec<WayOut> {
    let Some(row) = raw.row.filter(|_| !raw.band().is_unknown()) else { return Vec::new() };
    let mut trial = Trial {
        evaluator,
        indicators: assessed.indicators(assessed.at).row(row),
        is_lifted: raw.is_lifted,
        bits: key_bits(evaluator, assessed),
    };
    let mut ways = Vec::new();
    for indicator in 0..trial.indicators.columns.len() {
        let column = &trial.indicators.columns[indicator];
        let (State::Known, severity) = (column.state(0), column.severity[0]) else { continue };
        if severity <= 0.0 {
            continue;
        }
        let program = assessed.program(assessed.at);
        let rule = &program.indicators[indicator].severity;
        let needed = match rule {
            CompiledSeverity::Scale { is_linear: true, .. } => {
                trial.greatest_below(indicator, severity, raw.band())
            }
            CompiledSeverity::Scale { points, .. } => {
                let levels = points.iter().map(|it| it.0).chain([0.0]);
                trial.greatest_of(indicator, levels.collect(), raw.band())
            }
            CompiledSeverity::Map(map) => {
                trial.greatest_of(indicator, map.iter().map(|it| it.1).collect(), raw.band())
            }
            CompiledSeverity::Levels(levels) => {
                let levels = levels.iter().map(|it| it.1).chain([0.0]);
                trial.greatest_of(indicator, levels.collect(), raw.band())
            }
        };
        if let Some((needed, composite, band)) = needed {
            ways.push(WayOut {
                indicator,
                severity: Score::from_points(severity),
                severity_needed: Score::from_points(needed),
                value_needed: value_at(rule, needed, &|it| assessed.bound(it, row)),
                composite,
                band,
            });
        }
    }
    ways.sort_by_key(|it| (it.severity.micros() - it.severity_needed.micros(), it.indicator));
    ways
}

/// Position of each indicator's severity-based key judgements among the bits, with its edge.
fn key_bits(evaluator: &Evaluator, assessed: &Assessed) -> Vec<(usize, usize, Score)> {
    let program = assessed.program(assessed.at);
    let places = evaluator.key_places().iter().copied().enumerate();
    let edge = |(bit, place): (usize, crate::evaluator::KeyPlace)| match &program.indicators
        [place.indicator]
        .keys[place.position]
        .when
    {
        KeyCondition::SeverityAtLeast(edge) => Some((place.indicator, bit, *edge)),
        KeyCondition::Expression(_) => None,
    };
    places.filter_map(edge).collect()
}

/// One household's row, judged again with one severity changed.
struct Trial<'a> {
    evaluator: &'a Evaluator,
    indicators: Indicators,
    is_lifted: bool,
    bits: Vec<(usize, usize, Score)>,
}

impl Trial<'_> {
    fn judge(&mut self, indicator: usize, severity: f64) -> (Score, Band) {
        let before = self.indicators.columns[indicator].severity[0];
        self.indicators.columns[indicator].severity[0] = severity;
        let pack = self.evaluator.pack();
        let modules = from_indicators(pack, self.evaluator.structure(), &self.indicators, 1);
        self.indicators.columns[indicator].severity[0] = before;
        let (composite, confidence) = bands::composite(&pack.scoring, &modules, 0);
        let mut fired = self.indicators.fired[0];
        for (_, bit, edge) in self.bits.iter().filter(|it| it.0 == indicator) {
            if Score::from_points(severity) < *edge {
                fired &= !(1 << bit);
            }
        }
        let forced = bands::forced_band(self.evaluator.key_bands(), fired);
        let mut own = Band::Unknown;
        if confidence >= Score::from_points(pack.scoring.min_confidence) {
            own = bands::band_of(&pack.scoring, composite);
            if self.is_lifted {
                own = own.next_worse().unwrap_or(own);
            }
        }
        (composite, forced.map_or(own, |it| own.worse_of(it)))
    }

    fn is_better(band: Band, than: Band) -> bool {
        !band.is_unknown() && (band as u8) < (than as u8)
    }

    /// Halves the interval below `severity` down to a millionth of a point: composite and forced
    /// bands never rise when a severity falls.
    fn greatest_below(
        &mut self,
        indicator: usize,
        severity: f64,
        current: Band,
    ) -> Option<(f64, Score, Band)> {
        let at_zero = self.judge(indicator, 0.0);
        if !Self::is_better(at_zero.1, current) {
            return None;
        }
        let (mut low, mut high) = (0.0, severity);
        while high - low > 1e-6 {
            let middle = (low + high) / 2.0;
            if Self::is_better(self.judge(indicator, middle).1, current) {
                low = middle;
            } else {
                high = middle;
            }
        }
        // Down to a whole millionth, so that the value shown is really enough.
        let low = (low * 1e6).floor() / 1e6;
        let (composite, band) = self.judge(indicator, low);
        Some((low, composite, band))
    }

    fn greatest_of(
        &mut self,
        indicator: usize,
        mut levels: Vec<f64>,
        current: Band,
    ) -> Option<(f64, Score, Band)> {
        let severity = self.indicators.columns[indicator].severity[0];
        levels.retain(|it| *it < severity);
        levels.sort_by(|a, b| b.total_cmp(a));
        levels.into_iter().find_map(|level| {
            let (composite, band) = self.judge(indicator, level);
            Self::is_better(band, current).then_some((level, composite, band))
        })
    }
}

/// The value at which a severity is reached, given the bounds of the row.
fn value_at(
    rule: &CompiledSeverity,
    severity: f64,
    bound_of: &dyn Fn(&Bound) -> Option<f64>,
) -> Option<Value> {
    match rule {
        CompiledSeverity::Scale { points, is_linear } => {
            let here = points.iter().map(|(severity, bound)| Some((*severity, bound_of(bound)?)));
            let here = here.collect::<Option<Vec<(f64, f64)>>>()?;
            let segment = here.windows(2).find(|it| it[0].0 <= severity && severity <= it[1].0);
            match segment {
                Some(pair) if *is_linear => {
                    let share = (severity - pair[0].0) / (pair[1].0 - pair[0].0);
                    Some(Value::Number(pair[0].1 + share * (pair[1].1 - pair[0].1)))
                }
                _ => here.iter().find(|it| it.0 == severity).map(|it| Value::Number(it.1)),
            }
        }
        CompiledSeverity::Map(map) => {
            map.iter().find(|it| it.1 == severity).map(|it| Value::Text(it.0.clone()))
        }
        CompiledSeverity::Levels(_) => None,
    }
}
