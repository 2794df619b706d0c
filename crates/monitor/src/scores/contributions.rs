//! How much each indicator contributes to a composite.
//!
//! Contributions are in points and add up to the composite (to rounding). With `mean` an
//! indicator's part is its weighted severity; with `quadratic` parts are in proportion to
//! weight × score², so that the sum is still the aggregate; with `max` the first of the greatest
//! carries everything.

use super::aggregate::{accumulate, finish};
use super::modules::{DimensionPart, ModuleRows, Structure};
use crate::indicators::{Indicators, State};
use base::Score;
use pack::{Aggregate, Pack};

/// One indicator's part of the composite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// Index of the indicator in the pack.
    pub indicator: usize,
    /// Points of the composite.
    pub points: Score,
}

/// A part of an aggregate: its score and the weight of what is known of it.
type Part = (f64, f64);

/// Room that is used again from household to household.
#[derive(Default)]
pub struct Scratch {
    modules: Vec<Part>,
    dimensions: Vec<Part>,
    known: Vec<Known>,
    found: Vec<Contribution>,
}

/// An indicator of a dimension whose severity is known.
struct Known {
    indicator: usize,
    severity: f64,
    weight: f64,
}

/// More points than rounding to millionths moves a contribution by.
const ROUNDED_AWAY: f64 = 1e-5;

impl Scratch {
    /// Contributions of a row that are above zero, greatest first, at most `most`; equal ones in
    /// the pack's order.
    pub fn contributions(
        &mut self,
        pack: &Pack,
        structure: &Structure,
        modules: &[ModuleRows],
        indicators: &Indicators,
        row: usize,
        most: usize,
    ) -> &[Contribution] {
        let scoring = &pack.scoring;
        self.found.clear();
        self.modules.clear();
        let parts = modules.iter().map(|it| (it.score[row].points(), it.known_weight[row]));
        self.modules.extend(parts);
        let whole = Whole::of(scoring.aggregate_composite, &self.modules);
        let score = whole.score();
        for (position, dimensions) in structure.modules.iter().enumerate() {
            let points = score * whole.share(&self.modules, position);
            // No indicator has more points than its module.
            if points > 0.0 && points >= self.least(most) {
                self.module(pack, dimensions, indicators, row, points, most);
            }
        }
        &self.found
    }

    /// Keeps a contribution in its place among the greatest.
    fn keep(&mut self, one: Contribution, most: usize) {
        let is_before = |it: &Contribution| {
            it.points > one.points || (it.points == one.points && it.indicator < one.indicator)
        };
        let place = self.found.iter().rposition(is_before).map_or(0, |it| it + 1);
        if place < most {
            self.found.truncate(most - 1);
            self.found.insert(place, one);
        }
    }

    /// Points below which no contribution is kept, however it is rounded.
    fn least(&self, most: usize) -> f64 {
        let last = self.found.get(most.wrapping_sub(1));
        last.map_or(f64::NEG_INFINITY, |it| it.points.points() - ROUNDED_AWAY)
    }

    /// Divides a module's points among its indicators.
    fn module(
        &mut self,
        pack: &Pack,
        dimensions: &[DimensionPart],
        indicators: &Indicators,
        row: usize,
        points: f64,
        most: usize,
    ) {
        let scoring = &pack.scoring;
        let aggregate = scoring.aggregate_dimension;
        if let [only] = dimensions {
            // It has all the points, whatever of it is known.
            let inner = Inner::of(aggregate, only, indicators, row, &mut self.known);
            self.dimension(&inner, points, most);
            return;
        }
        self.dimensions.clear();
        for it in dimensions {
            let inner = Inner::of(aggregate, it, indicators, row, &mut self.known);
            self.dimensions.push((inner.score(), it.weight * inner.share()));
        }
        let whole = Whole::of(scoring.aggregate_module, &self.dimensions);
        for (position, dimension) in dimensions.iter().enumerate() {
            let points = points * whole.share(&self.dimensions, position);
            if points > 0.0 {
                let inner = Inner::of(aggregate, dimension, indicators, row, &mut self.known);
                self.dimension(&inner, points, most);
            }
        }
    }

    /// Divides a dimension's points among its indicators, those in `known`.
    fn dimension(&mut self, inner: &Inner, points: f64, most: usize) {
        if points <= 0.0 || inner.total <= 0.0 {
            return;
        }
        let mut least = self.least(most);
        for position in 0..self.known.len() {
            let Known { indicator, severity, weight } = self.known[position];
            // Most severities are zero, and a division each would be the dearest thing here.
            if severity <= 0.0 || weight <= 0.0 {
                continue;
            }
            let part = match inner.aggregate {
                Aggregate::Mean => weight * severity,
                Aggregate::Quadratic => weight * (severity * severity),
                Aggregate::Max if severity == inner.total => inner.total,
                Aggregate::Max => continue,
            };
            // Half of them are too small to be kept, which can be told without a division.
            if points * part < least * inner.total {
                continue;
            }
            let points = Score::from_points(points * (part / inner.total));
            if points > Score::ZERO {
                self.keep(Contribution { indicator, points }, most);
                least = self.least(most);
            }
            if inner.aggregate == Aggregate::Max {
                return;
            }
        }
    }
}

/// The aggregate of a dimension in a row.
struct Inner {
    aggregate: Aggregate,
    total: f64,
    known: f64,
    applicable: f64,
}

impl Inner {
    /// Also fills `of_known` with the indicators whose severities are known.
    fn of(
        aggregate: Aggregate,
        dimension: &DimensionPart,
        indicators: &Indicators,
        row: usize,
        of_known: &mut Vec<Known>,
    ) -> Self {
        of_known.clear();
        let mut inner = Self { aggregate, total: 0.0, known: 0.0, applicable: 0.0 };
        for (index, weight) in &dimension.indicators {
            let column = &indicators.columns[*index];
            let severity = column.severity[row];
            if !severity.is_nan() {
                inner.total = accumulate(aggregate, inner.total, severity, *weight);
                inner.known += weight;
                inner.applicable += weight;
                of_known.push(Known { indicator: *index, severity, weight: *weight });
            } else if column.state(row) != State::NotApplicable {
                inner.applicable += weight;
            }
        }
        inner
    }

    fn score(&self) -> f64 {
        finish(self.aggregate, self.total, self.known)
    }

    /// The known share of the applicable weight.
    fn share(&self) -> f64 {
        if self.applicable > 0.0 { self.known / self.applicable } else { 0.0 }
    }
}

/// An aggregate of parts.
struct Whole {
    aggregate: Aggregate,
    total: f64,
    weight: f64,
}

impl Whole {
    fn of(aggregate: Aggregate, parts: &[Part]) -> Self {
        let (mut total, mut sum) = (0.0, 0.0);
        for (score, weight) in parts {
            total = accumulate(aggregate, total, *score, *weight);
            sum += weight;
        }
        Self { aggregate, total, weight: sum }
    }

    fn score(&self) -> f64 {
        finish(self.aggregate, self.total, self.weight)
    }

    /// The share of one part, 0–1.
    fn share(&self, parts: &[Part], position: usize) -> f64 {
        let (score, weight) = parts[position];
        if self.total <= 0.0 || weight <= 0.0 {
            return 0.0;
        }
        match self.aggregate {
            Aggregate::Mean => weight * score / self.total,
            Aggregate::Quadratic => weight * (score * score) / self.total,
            Aggregate::Max => {
                let is_greatest = |it: &Part| it.1 > 0.0 && it.0 == self.total;
                if parts.iter().position(is_greatest) == Some(position) { 1.0 } else { 0.0 }
            }
        }
    }
}
