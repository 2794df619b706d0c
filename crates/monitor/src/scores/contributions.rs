//! How much each indicator contributes to a composite.
//!
//! Contributions are in points and add up to the composite (to rounding). With `mean` an
//! indicator's part is its weighted severity; with `quadratic` parts are in proportion to
//! weight × score², so that the sum is still the aggregate; with `max` the first of the greatest
//! carries everything.

use super::modules::{DimensionPart, ModuleRows, Structure, accumulate, finish};
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
    members: Vec<Part>,
    found: Vec<Contribution>,
}

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
        for (position, dimensions) in structure.modules.iter().enumerate() {
            let share = whole.share(&self.modules, position);
            if share > 0.0 {
                let points = whole.score() * share;
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

    /// Adds severity and weight of each indicator of a dimension, weight 0 where it is not known.
    /// Gives the known share of the applicable weight.
    fn take_in(&mut self, indicators: &Indicators, members: &[(usize, f64)], row: usize) -> f64 {
        let (mut known, mut applicable) = (0.0, 0.0);
        for (index, weight) in members {
            let column = &indicators.columns[*index];
            let severity = column.severity[row];
            if !severity.is_nan() {
                known += weight;
                applicable += weight;
                self.members.push((severity, *weight));
                continue;
            }
            applicable += if column.state(row) == State::NotApplicable { 0.0 } else { *weight };
            self.members.push((0.0, 0.0));
        }
        if applicable > 0.0 { known / applicable } else { 0.0 }
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
        self.dimensions.clear();
        self.members.clear();
        if let [only] = dimensions {
            // It has all the points, whatever of it is known.
            self.take_in(indicators, &only.indicators, row);
            self.dimension(scoring.aggregate_dimension, only, 0, points, most);
            return;
        }
        for dimension in dimensions {
            let first = self.members.len();
            let share = self.take_in(indicators, &dimension.indicators, row);
            let score = Whole::of(scoring.aggregate_dimension, &self.members[first..]).score();
            self.dimensions.push((score, dimension.weight * share));
        }
        let whole = Whole::of(scoring.aggregate_module, &self.dimensions);
        let mut first = 0;
        for (inner, dimension) in dimensions.iter().enumerate() {
            let points = points * whole.share(&self.dimensions, inner);
            self.dimension(scoring.aggregate_dimension, dimension, first, points, most);
            first += dimension.indicators.len();
        }
    }

    /// Divides a dimension's points among its indicators, whose parts begin at `first`.
    fn dimension(
        &mut self,
        aggregate: Aggregate,
        dimension: &DimensionPart,
        first: usize,
        points: f64,
        most: usize,
    ) {
        if points <= 0.0 {
            return;
        }
        let own = first..first + dimension.indicators.len();
        let whole = Whole::of(aggregate, &self.members[own.clone()]);
        for (place, (indicator, _)) in dimension.indicators.iter().enumerate() {
            // Most severities are zero, and a division each would be the dearest thing here.
            if self.members[own.start + place].0 <= 0.0 {
                continue;
            }
            let share = whole.share(&self.members[own.clone()], place);
            let points = Score::from_points(points * share);
            if points > Score::ZERO {
                self.keep(Contribution { indicator: *indicator, points }, most);
            }
        }
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
