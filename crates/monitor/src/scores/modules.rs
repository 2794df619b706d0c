//! Indicators to dimensions to modules, for every row of a batch.

use crate::indicators::{IndicatorColumn, Indicators, State};
use base::Score;
use pack::{Aggregate, Pack};

/// Rows handled together, so that sums under way stay in the first-level cache.
const TILE: usize = 512;

/// One module over all rows of a batch.
#[derive(Clone, Debug)]
pub struct ModuleRows {
    /// Rounded score in millionths; meaningless where `known_weight` is 0.
    pub score: Vec<Score>,
    /// W·c: the weight of what is known.
    pub known_weight: Vec<f64>,
    /// W: the weight of what is applicable.
    pub applicable_weight: Vec<f64>,
    /// Bit n set where the module's n-th indicator is known.
    pub known_set: Vec<u64>,
}

/// Which indicators make up which dimension of which module, worked out once for a pack.
#[derive(Clone, Debug)]
pub struct Structure {
    /// Per module its dimensions, in the pack's order.
    pub modules: Vec<Vec<DimensionPart>>,
}

/// A dimension within its module.
#[derive(Clone, Debug)]
pub struct DimensionPart {
    /// Index of the dimension in the pack.
    pub dimension: usize,
    /// Its weight.
    pub weight: f64,
    /// Index in the pack and weight of each of its indicators.
    pub indicators: Vec<(usize, f64)>,
}

impl Structure {
    /// The structure of a pack.
    pub fn of(pack: &Pack) -> Self {
        let part = |dimension: usize| {
            let own = pack.indicators.iter().enumerate().filter(|it| it.1.dimension == dimension);
            let indicators = own.map(|(index, it)| (index, it.weight)).collect();
            DimensionPart { dimension, weight: pack.dimensions[dimension].weight, indicators }
        };
        let of_module = |module: usize| {
            let all = 0..pack.dimensions.len();
            all.filter(|it| pack.dimensions[*it].module == Some(module)).map(part).collect()
        };
        Self { modules: (0..pack.modules.len()).map(of_module).collect() }
    }
}

impl DimensionPart {
    /// Known weight over applicable weight in a row; 0 where nothing is applicable.
    pub fn known_share(&self, indicators: &Indicators, row: usize) -> f64 {
        let (mut known, mut applicable) = (0.0, 0.0);
        for (index, weight) in &self.indicators {
            let state = indicators.columns[*index].state(row);
            known += if state == State::Known { *weight } else { 0.0 };
            applicable += if state == State::NotApplicable { 0.0 } else { *weight };
        }
        if applicable > 0.0 { known / applicable } else { 0.0 }
    }
}

/// The one way in: module scores of every row, in the order of the pack's modules.
///
/// Within a dimension the known share is c = Σ known weights / Σ applicable weights; a dimension
/// enters its module with weight w·c, and a module the composite with Σ w·c.
pub fn from_indicators(
    pack: &Pack,
    structure: &Structure,
    indicators: &Indicators,
    rows: usize,
) -> Vec<ModuleRows> {
    let modules = structure.modules.iter();
    modules.map(|dimensions| module_rows(pack, indicators, dimensions, rows)).collect()
}

fn module_rows(
    pack: &Pack,
    indicators: &Indicators,
    dimensions: &[DimensionPart],
    rows: usize,
) -> ModuleRows {
    let members = members_of(indicators, dimensions);
    let mut out = ModuleRows {
        score: Vec::with_capacity(rows),
        known_weight: Vec::with_capacity(rows),
        applicable_weight: Vec::with_capacity(rows),
        known_set: vec![0; rows],
    };
    let mut start = 0;
    while start < rows {
        let end = (start + TILE).min(rows);
        module_tile(pack, &members, start, end, &mut out);
        start = end;
    }
    out
}

/// A dimension of a module: its weight and its indicators with their weights and bits.
struct Members<'a> {
    weight: f64,
    indicators: Vec<(&'a IndicatorColumn, f64, u64)>,
}

fn members_of<'a>(indicators: &'a Indicators, dimensions: &[DimensionPart]) -> Vec<Members<'a>> {
    let mut bits = (0..).map(|it| 1u64 << it);
    let mut members = Vec::with_capacity(dimensions.len());
    for dimension in dimensions {
        let own = dimension.indicators.iter().zip(bits.by_ref());
        let own = own.map(|((index, weight), bit)| (&indicators.columns[*index], *weight, bit));
        members.push(Members { weight: dimension.weight, indicators: own.collect() });
    }
    members
}

fn module_tile(pack: &Pack, members: &[Members<'_>], start: usize, end: usize, out: &mut ModuleRows) {
    let rows = end - start;
    let mut module = Sum::new(rows);
    let mut applicable = vec![0.0; rows];
    for dimension in members {
        let mut sum = Sum::new(rows);
        let mut own_applicable = vec![0.0; rows];
        for (column, weight, bit) in &dimension.indicators {
            let severity = &column.severity[start..end];
            let known_set = &mut out.known_set[start..end];
            match column.states() {
                None => {
                    sum.add_all(pack.scoring.aggregate_dimension, severity, *weight);
                    own_applicable.iter_mut().for_each(|it| *it += weight);
                    known_set.iter_mut().for_each(|it| *it |= bit);
                }
                Some(states) => {
                    let states = &states[start..end];
                    let masked = |state: State| if state == State::Known { *weight } else { 0.0 };
                    let weights = states.iter().map(|it| masked(*it));
                    sum.add(pack.scoring.aggregate_dimension, severity, weights);
                    for row in 0..rows {
                        let applies = states[row] != State::NotApplicable;
                        own_applicable[row] += if applies { *weight } else { 0.0 };
                        known_set[row] |= if states[row] == State::Known { *bit } else { 0 };
                    }
                }
            }
        }
        let score = sum.finish(pack.scoring.aggregate_dimension);
        let weight = dimension.weight;
        let shares = sum.weight.iter().zip(&own_applicable);
        let shares = shares.map(|(known, all)| if *all > 0.0 { weight * (known / all) } else { 0.0 });
        module.add(pack.scoring.aggregate_module, &score, shares);
        for (applicable, own) in applicable.iter_mut().zip(&own_applicable) {
            *applicable += if *own > 0.0 { weight } else { 0.0 };
        }
    }
    let score = module.finish(pack.scoring.aggregate_module);
    out.score.extend(score.into_iter().map(Score::from_points));
    out.known_weight.extend_from_slice(&module.weight);
    out.applicable_weight.extend_from_slice(&applicable);
}

/// A weighted aggregate under way, row by row.
struct Sum {
    total: Vec<f64>,
    weight: Vec<f64>,
}

impl Sum {
    fn new(rows: usize) -> Self {
        Self { total: vec![0.0; rows], weight: vec![0.0; rows] }
    }

    fn add_all(&mut self, aggregate: Aggregate, scores: &[f64], weight: f64) {
        self.add(aggregate, scores, std::iter::repeat_n(weight, scores.len()));
    }

    fn add(&mut self, aggregate: Aggregate, scores: &[f64], weights: impl Iterator<Item = f64>) {
        let sums = self.total.iter_mut().zip(self.weight.iter_mut());
        for (((total, sum), score), weight) in sums.zip(scores).zip(weights) {
            *total = accumulate(aggregate, *total, *score, weight);
            *sum += weight;
        }
    }

    fn finish(&self, aggregate: Aggregate) -> Vec<f64> {
        let sums = self.total.iter().zip(&self.weight);
        sums.map(|(total, weight)| finish(aggregate, *total, *weight)).collect()
    }
}

/// Adds one weighted score to an aggregate under way; a weight of 0 adds nothing.
#[inline(always)]
pub fn accumulate(aggregate: Aggregate, total: f64, score: f64, weight: f64) -> f64 {
    match aggregate {
        Aggregate::Mean => total + weight * score,
        Aggregate::Quadratic => total + weight * (score * score),
        Aggregate::Max => if weight > 0.0 && score > total { score } else { total },
    }
}

/// The aggregate of what was accumulated; 0 where nothing was.
#[inline(always)]
pub fn finish(aggregate: Aggregate, total: f64, weight: f64) -> f64 {
    if weight <= 0.0 {
        return 0.0;
    }
    match aggregate {
        Aggregate::Mean => total / weight,
        Aggregate::Quadratic => (total / weight).sqrt(),
        Aggregate::Max => total,
    }
}
