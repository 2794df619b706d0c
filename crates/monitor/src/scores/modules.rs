//! Indicators to dimensions to modules, for every row of a batch.

use super::aggregate::{Fold, ended, with_fold};
use crate::indicators::{IndicatorColumn, Indicators};
use base::Score;
use multiversion::multiversion;
use pack::{Aggregate, Pack, Scoring};
use std::ops::Range;

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
        known_set: Vec::with_capacity(rows),
    };
    let (mut module, mut dimension) = (Sum::of(rows), Sum::of(rows));
    for start in (0..rows).step_by(TILE) {
        let tile = start..(start + TILE).min(rows);
        // Rows are cleared tile by tile, just before they are filled.
        out.known_set.resize(tile.end, 0);
        let known_set = &mut out.known_set[tile.clone()];
        if let [only] = members.as_slice() {
            // The aggregate of a single dimension is its own score.
            dimension.clear(tile.len());
            dimension_tile(&pack.scoring, only, &tile, &mut dimension, known_set);
            round(pack.scoring.aggregate_dimension, &dimension, &mut out.score);
            weigh(only.weight, &dimension, &mut out.known_weight, &mut out.applicable_weight);
            continue;
        }
        module.clear(tile.len());
        for part in &members {
            dimension.clear(tile.len());
            dimension_tile(&pack.scoring, part, &tile, &mut dimension, known_set);
            add_dimension(&pack.scoring, part.weight, &dimension, &mut module);
        }
        round(pack.scoring.aggregate_module, &module, &mut out.score);
        out.known_weight.extend_from_slice(&module.known);
        out.applicable_weight.extend_from_slice(&module.applicable);
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

/// A weighted aggregate under way in every row of a tile.
struct Sum {
    total: Vec<f64>,
    known: Vec<f64>,
    applicable: Vec<f64>,
}

impl Sum {
    /// Room for the tiles of so many rows.
    fn of(rows: usize) -> Self {
        let room = || Vec::with_capacity(rows.min(TILE));
        Self { total: room(), known: room(), applicable: room() }
    }

    fn clear(&mut self, rows: usize) {
        for column in [&mut self.total, &mut self.known, &mut self.applicable] {
            column.clear();
            column.resize(rows, 0.0);
        }
    }
}

fn dimension_tile(
    scoring: &Scoring,
    dimension: &Members<'_>,
    tile: &Range<usize>,
    sum: &mut Sum,
    known_set: &mut [u64],
) {
    for (column, weight, bit) in &dimension.indicators {
        let severity = &column.severity[tile.clone()];
        add_known(scoring.aggregate_dimension, severity, (*weight, *bit), sum, known_set);
        add_applicable(column.not_applicable.get(tile.clone()), *weight, &mut sum.applicable);
    }
}

#[multiversion(targets("x86_64+avx512f+avx512vl+avx512bw+avx512dq", "x86_64+avx2"))]
fn add_known(
    aggregate: Aggregate,
    severity: &[f64],
    (weight, bit): (f64, u64),
    sum: &mut Sum,
    known_set: &mut [u64],
) {
    with_fold!(aggregate, Kind => add_known_by::<Kind>(severity, (weight, bit), sum, known_set));
}

#[inline(always)]
fn add_known_by<F: Fold>(
    severity: &[f64],
    (weight, bit): (f64, u64),
    sum: &mut Sum,
    known_set: &mut [u64],
) {
    let sums = sum.total.iter_mut().zip(&mut sum.known);
    for (((total, known), severity), set) in sums.zip(severity).zip(known_set) {
        let is_known = !severity.is_nan();
        let own = if is_known { weight } else { 0.0 };
        let score = if is_known { *severity } else { 0.0 };
        *total = F::add(*total, score, own);
        *known += own;
        *set |= if is_known { bit } else { 0 };
    }
}

#[multiversion(targets("x86_64+avx512f+avx512vl+avx512bw+avx512dq", "x86_64+avx2"))]
fn add_applicable(others: Option<&[bool]>, weight: f64, applicable: &mut [f64]) {
    match others {
        None => applicable.iter_mut().for_each(|it| *it += weight),
        Some(others) => {
            for (applicable, is_other) in applicable.iter_mut().zip(others) {
                *applicable += if *is_other { 0.0 } else { weight };
            }
        }
    }
}

#[multiversion(targets("x86_64+avx512f+avx512vl+avx512bw+avx512dq", "x86_64+avx2"))]
fn add_dimension(scoring: &Scoring, weight: f64, sum: &Sum, module: &mut Sum) {
    let (inner, outer) = (scoring.aggregate_dimension, scoring.aggregate_module);
    with_fold!(inner, Inner => {
        with_fold!(outer, Outer => add_dimension_by::<Inner, Outer>(weight, sum, module))
    });
}

#[inline(always)]
fn add_dimension_by<Inner: Fold, Outer: Fold>(weight: f64, sum: &Sum, module: &mut Sum) {
    let parts = sum.total.iter().zip(&sum.known).zip(&sum.applicable);
    let sums = module.total.iter_mut().zip(&mut module.known).zip(&mut module.applicable);
    for (((total, known), applicable), ((m_total, m_known), m_applicable)) in parts.zip(sums) {
        let is_applicable = *applicable > 0.0;
        let own = if is_applicable { weight * (known / applicable) } else { 0.0 };
        *m_total = Outer::add(*m_total, ended::<Inner>(*total, *known), own);
        *m_known += own;
        *m_applicable += if is_applicable { weight } else { 0.0 };
    }
}

/// Adds the known and applicable weight of a module of one dimension, a tile of rows.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512bw+avx512dq", "x86_64+avx2"))]
fn weigh(weight: f64, sum: &Sum, known: &mut Vec<f64>, applicable: &mut Vec<f64>) {
    let parts = sum.known.iter().zip(&sum.applicable);
    let own = |(own, all): (&f64, &f64)| if *all > 0.0 { weight * (own / all) } else { 0.0 };
    known.extend(parts.map(own));
    applicable.extend(sum.applicable.iter().map(|all| if *all > 0.0 { weight } else { 0.0 }));
}

#[multiversion(targets("x86_64+avx512f+avx512vl+avx512bw+avx512dq", "x86_64+avx2"))]
fn round(aggregate: Aggregate, module: &Sum, scores: &mut Vec<Score>) {
    with_fold!(aggregate, Kind => round_by::<Kind>(module, scores));
}

/// Adds the rounded scores of a tile of rows.
#[inline(always)]
fn round_by<F: Fold>(module: &Sum, scores: &mut Vec<Score>) {
    let rows = module.total.iter().zip(&module.known);
    scores.extend(rows.map(|(total, known)| Score::from_points(ended::<F>(*total, *known))));
}
