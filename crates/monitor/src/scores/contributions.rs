//! How much each indicator contributes to a composite.
//!
//! Contributions are in points and add up to the composite (to rounding). With `mean` an
//! indicator's part is its weighted severity; with `quadratic` parts are in proportion to
//! weight × score², so that the sum is still the aggregate; with `max` the first of the greatest
//! carries everything.

use super::modules::{ModuleRows, Structure, accumulate, finish};
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
        let whole = aggregate(scoring.aggregate_composite, &self.modules);
        for (position, dimensions) in structure.modules.iter().enumerate() {
            let share = share(scoring.aggregate_composite, &self.modules, position);
            if share <= 0.0 {
                continue;
            }
            self.dimensions.clear();
            for dimension in dimensions {
                self.members.clear();
                self.members.extend(known(indicators, &dimension.indicators, row));
                let score = aggregate(scoring.aggregate_dimension, &self.members);
                let weight = dimension.weight * dimension.known_share(indicators, row);
                self.dimensions.push((score, weight));
            }
            for (inner, dimension) in dimensions.iter().enumerate() {
                let inside = share * self::share(scoring.aggregate_module, &self.dimensions, inner);
                if inside <= 0.0 {
                    continue;
                }
                self.members.clear();
                self.members.extend(known(indicators, &dimension.indicators, row));
                for (place, (indicator, _)) in dimension.indicators.iter().enumerate() {
                    let own = self::share(scoring.aggregate_dimension, &self.members, place);
                    let points = Score::from_points(whole * inside * own);
                    if points > Score::ZERO {
                        self.found.push(Contribution { indicator: *indicator, points });
                    }
                }
            }
        }
        self.found.sort_by(|a, b| b.points.cmp(&a.points).then(a.indicator.cmp(&b.indicator)));
        &self.found
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

fn aggregate(aggregate: Aggregate, parts: &[Part]) -> f64 {
    let add = |(total, sum): Part, (score, weight): &Part| {
        (accumulate(aggregate, total, *score, *weight), sum + weight)
    };
    let (total, weight) = parts.iter().fold((0.0, 0.0), add);
    finish(aggregate, total, weight)
}

/// The share of one part in an aggregate, 0–1.
fn share(aggregate: Aggregate, parts: &[Part], position: usize) -> f64 {
    let add = |total: f64, (score, weight): &Part| accumulate(aggregate, total, *score, *weight);
    let total = parts.iter().fold(0.0, add);
    let (score, weight) = parts[position];
    if total <= 0.0 || weight <= 0.0 {
        return 0.0;
    }
    match aggregate {
        Aggregate::Mean => weight * score / total,
        Aggregate::Quadratic => weight * (score * score) / total,
        Aggregate::Max => {
            let is_greatest = |it: &Part| it.1 > 0.0 && it.0 == total;
            if parts.iter().position(is_greatest) == Some(position) { 1.0 } else { 0.0 }
        }
    }
}
