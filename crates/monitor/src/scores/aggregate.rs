//! How scores and their weights become one: the aggregates of a pack.
//!
//! Each is a [`Fold`] of its own, so that a loop over many rows knows which one it runs and no row
//! takes a branch. Nothing is rounded here.

use pack::Aggregate;

/// An aggregate, one score after another.
pub trait Fold {
    /// Adds one weighted score to an aggregate under way; a weight of 0 adds nothing.
    fn add(total: f64, score: f64, weight: f64) -> f64;

    /// The aggregate of what was added, whose weights sum to `weight`; see [`finish`] for none.
    fn end(total: f64, weight: f64) -> f64;
}

/// [`Aggregate::Mean`]: Σ w·s / Σ w.
pub struct Mean;
/// [`Aggregate::Quadratic`]: √(Σ w·s² / Σ w).
pub struct Quadratic;
/// [`Aggregate::Max`]: the greatest score of any weight.
pub struct Max;

impl Fold for Mean {
    #[inline(always)]
    fn add(total: f64, score: f64, weight: f64) -> f64 {
        total + weight * score
    }

    #[inline(always)]
    fn end(total: f64, weight: f64) -> f64 {
        total / weight
    }
}

impl Fold for Quadratic {
    #[inline(always)]
    fn add(total: f64, score: f64, weight: f64) -> f64 {
        total + weight * (score * score)
    }

    #[inline(always)]
    fn end(total: f64, weight: f64) -> f64 {
        (total / weight).sqrt()
    }
}

impl Fold for Max {
    #[inline(always)]
    fn add(total: f64, score: f64, weight: f64) -> f64 {
        if weight > 0.0 && score > total { score } else { total }
    }

    #[inline(always)]
    fn end(total: f64, _: f64) -> f64 {
        total
    }
}

/// Runs an expression with `$fold` standing for the [`Fold`] of an aggregate.
macro_rules! with_fold {
    ($aggregate:expr, $fold:ident => $run:expr) => {
        match $aggregate {
            pack::Aggregate::Mean => {
                type $fold = $crate::scores::aggregate::Mean;
                $run
            }
            pack::Aggregate::Quadratic => {
                type $fold = $crate::scores::aggregate::Quadratic;
                $run
            }
            pack::Aggregate::Max => {
                type $fold = $crate::scores::aggregate::Max;
                $run
            }
        }
    };
}
pub(crate) use with_fold;

/// As [`Fold::add`], of an aggregate known only when it runs.
#[inline(always)]
pub fn accumulate(aggregate: Aggregate, total: f64, score: f64, weight: f64) -> f64 {
    with_fold!(aggregate, Kind => Kind::add(total, score, weight))
}

/// The aggregate of what was accumulated; 0 where nothing was.
#[inline(always)]
pub fn finish(aggregate: Aggregate, total: f64, weight: f64) -> f64 {
    with_fold!(aggregate, Kind => ended::<Kind>(total, weight))
}

/// As [`finish`], of one aggregate.
#[inline(always)]
pub fn ended<F: Fold>(total: f64, weight: f64) -> f64 {
    if weight <= 0.0 { 0.0 } else { F::end(total, weight) }
}
