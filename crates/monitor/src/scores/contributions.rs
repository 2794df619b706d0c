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
    /// All contributions of a row that are above zero, greatest first; equal ones in the pack's
    /// order.
    pub fn contributions(
        &mut self,
        pack: &Pack,
        structure: &Structure,
        modules: &[ModuleRows],
        indicators: &Indicators,
        row: usize,
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
                self.module(pack, dimensions, indicators, row, whole.score() * share);
            }
        }
        self.found.sort_by(|a, b| b.points.cmp(&a.points).then(a.indicator.cmp(&b.indicator)));
        &self.found
    }

    /// Divides a module's points among its indicators.
    fn module(
        &mut self,
        pack: &Pack,
        dimensions: &[DimensionPart],
        indicators: &Indicators,
        row: usize,
        points: f64,
    ) {
        let scoring = &pack.scoring;
        self.dimensions.clear();
        for dimension in dimensions {
            self.members.clear();
            self.members.extend(known(indicators, &dimension.indicators, row));
            let score = Whole::of(scoring.aggregate_dimension, &self.members).score();
            let weight = dimension.weight * dimension.known_share(indicators, row);
            self.dimensions.push((score, weight));
        }
        let whole = Whole::of(scoring.aggregate_module, &self.dimensions);
        for (inner, dimension) in dimensions.iter().enumerate() {
            let points = points * whole.share(&self.dimensions, inner);
            if points <= 0.0 {
                continue;
            }
            self.members.clear();
            self.members.extend(known(indicators, &dimension.indicators, row));
            let whole = Whole::of(scoring.aggregate_dimension, &self.members);
            for (place, (indicator, _)) in dimension.indicators.iter().enumerate() {
                let points = Score::from_points(points * whole.share(&self.members, place));
                if points > Score::ZERO {
                    self.found.push(Contribution { indicator: *indicator, points });
                }
            }
        }
    }
}

/// Severity and weight of each indicator in a row; weight 0 where it is not known.
fn known<'a>(
    indicators: &'a Indicators,
    members: &'a [(usize, f64)],
    row: usize,
) -> impl Iterator<Item = Part> + 'a {
    members.iter().map(move |(index, weight)| {
        let column = &indicators.columns[*index];
        let is_known = column.state(row) == State::Known;
        if is_known { (column.severity[row], *weight) } else { (0.0, 0.0) }
    })
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
