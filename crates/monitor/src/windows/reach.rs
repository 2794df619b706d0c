//! Which rows each window holds, and their sum, least or greatest, a few rows at a time.
//!
//! Every window is folded from its oldest row to its newest, so that one household alone gives the
//! bytes that it gives among others.

use multiversion::multiversion;
use std::ops::Range;

/// Rows handled together, so that totals under way stay in the first-level cache.
const TILE: usize = 512;

/// How the values of a window become one.
#[derive(Clone, Copy)]
pub enum Fold {
    Sum,
    Least,
    Greatest,
}

impl Fold {
    /// What changes nothing.
    pub fn neutral(self) -> f64 {
        match self {
            Fold::Sum => 0.0,
            Fold::Least => f64::INFINITY,
            Fold::Greatest => f64::NEG_INFINITY,
        }
    }

    fn all(self, values: &[f64]) -> f64 {
        let by = match self {
            Fold::Sum => |a, b| a + b,
            Fold::Least => f64::min,
            Fold::Greatest => f64::max,
        };
        values.iter().fold(self.neutral(), |a, b| by(a, *b))
    }
}

/// How far back the window of each row reaches within its household.
pub struct Reach {
    /// Rows of its household before each row; where a period is missing, `gaps` says how far.
    back: Vec<u32>,
    /// Rows of the longest window.
    length: usize,
    /// Windows of households that miss a period: row and first row.
    gaps: Vec<(usize, usize)>,
}

impl Reach {
    /// Windows of so many periods. `periods` are the rows', ascending within a household.
    pub fn of(length: usize, periods: &[i32], households: &[Range<usize>]) -> Self {
        let mut back = Vec::with_capacity(periods.len());
        let (mut gaps, mut longest) = (Vec::new(), 0);
        for household in households {
            let own = &periods[household.clone()];
            let (Some(earliest), Some(latest)) = (own.first(), own.last()) else { continue };
            back.extend(0..own.len() as u32);
            longest = longest.max(own.len());
            // Without a gap, as most are, rows are periods.
            if (latest - earliest) as usize != own.len() - 1 {
                let mut first = household.start;
                for row in household.clone() {
                    while periods[first] < periods[row] - (length as i32 - 1) {
                        first += 1;
                    }
                    gaps.push((row, first));
                }
            }
        }
        Self { back, length: length.min(longest), gaps }
    }

    /// Rows of each window, where every row counts.
    pub fn lengths(&self) -> Vec<f64> {
        let most = (self.length as u32).saturating_sub(1);
        let mut lengths: Vec<f64> =
            self.back.iter().map(|it| f64::from((*it).min(most) + 1)).collect();
        for (row, first) in &self.gaps {
            lengths[*row] = (row + 1 - first) as f64;
        }
        lengths
    }

    /// Folds every window, a few rows at a time.
    pub fn folded(&self, values: &[f64], fold: Fold) -> Vec<f64> {
        let mut totals = Vec::with_capacity(values.len());
        for start in (0..values.len()).step_by(TILE) {
            let end = (start + TILE).min(values.len());
            totals.resize(end, fold.neutral());
            for back in (0..self.length).rev() {
                let from = start.max(back).min(end);
                let values = &values[from - back..end - back];
                add(fold, back as u32, &self.back[from..end], values, &mut totals[from..end]);
            }
        }
        for (row, first) in &self.gaps {
            totals[*row] = fold.all(&values[*first..=*row]);
        }
        totals
    }
}

/// Adds the value of so many rows earlier to each window that reaches so far.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512bw+avx512dq", "x86_64+avx2"))]
fn add(fold: Fold, back: u32, reach: &[u32], values: &[f64], totals: &mut [f64]) {
    match fold {
        Fold::Sum => add_by(|a, b| a + b, (fold, back), reach, values, totals),
        Fold::Least => add_by(f64::min, (fold, back), reach, values, totals),
        Fold::Greatest => add_by(f64::max, (fold, back), reach, values, totals),
    }
}

/// Written so that no row takes a branch: what lies out of reach is neutral.
#[inline(always)]
fn add_by(
    by: impl Fn(f64, f64) -> f64,
    (fold, back): (Fold, u32),
    reach: &[u32],
    values: &[f64],
    totals: &mut [f64],
) {
    let neutral = fold.neutral();
    for ((total, reach), value) in totals.iter_mut().zip(reach).zip(values) {
        *total = by(*total, if *reach >= back { *value } else { neutral });
    }
}
