//! Composite, bands, trends and warnings; rules on single facts.

use super::{Example, Label, Reference};
use crate::expr::Expr;
use base::{AreaCode, Band, Place, Score};

/// How scores, trends, bands and warnings are made.
#[derive(Clone, Debug)]
pub struct Scoring {
    /// Indicators to dimension.
    pub aggregate_dimension: Aggregate,
    /// Dimensions to module.
    pub aggregate_module: Aggregate,
    /// Modules to composite.
    pub aggregate_composite: Aggregate,
    /// Lowest composite of blue, yellow, orange and red, ascending.
    pub band_edges: [Score; 4],
    /// Confidence below which the band is unknown, 0–1.
    pub min_confidence: f64,
    /// A band holds until this many known periods in a row were better: the worst raw band of the
    /// last so many known periods counts. 1: no memory.
    pub clean_periods: u32,
    /// Calendar periods within which those known periods are looked for, the current included.
    pub clean_within: u32,
    /// Module trends.
    pub trend: Option<Trend>,
    /// Warnings.
    pub warnings: Warnings,
    /// How many contributions are named as reasons.
    pub reasons: usize,
    /// Sources.
    pub references: Vec<Reference>,
}

/// How parts become a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// Σw·s / Σw
    Mean,
    /// √(Σw·s² / Σw)
    Quadratic,
    /// The greatest s with w > 0
    Max,
}

/// Module trends.
#[derive(Clone, Debug)]
pub struct Trend {
    /// Estimator.
    pub method: TrendMethod,
    /// Calendar periods, the current included.
    pub window: u32,
    /// How many must be known with the same known set as today's.
    pub min_known: u32,
    /// Least slope that is worsening, points per period.
    pub slope_min: f64,
    /// More than this share of the steps between known periods must go up.
    pub steps_up_min: f64,
    /// Points below the next edge within which a worsening module lifts the band by one; `None`:
    /// trends are shown and do not lift.
    pub lift_within: Option<Score>,
}

/// Trend estimators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrendMethod {
    /// Median of the slopes of all pairs.
    TheilSen,
    /// Ordinary least squares on the calendar.
    LeastSquares,
}

/// How warnings are made and ranked.
#[derive(Clone, Debug)]
pub struct Warnings {
    /// The least band that warns.
    pub from: Band,
    /// Calendar periods over which the start of a spell is looked for, the current included.
    pub spell_periods: u32,
    /// Days after which a warning that nobody took note of is overdue; `None`: no deadline.
    pub acknowledge_days: Option<u32>,
    /// How many warnings a period may hand out overall; `None`: no budget.
    pub budget: Option<Budget>,
    /// Budgets of areas.
    pub area_budgets: Vec<(AreaCode, Budget)>,
}

/// How many warnings may be handed out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    /// So many.
    Count(u64),
    /// So large a share of the households assessed (of the area), rounded up.
    Share(f64),
}

/// A rule on a fact, or on the panel's row where `fact` is absent.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// Lower-case id: the file's name.
    pub id: String,
    /// Name for people.
    pub label: Label,
    /// Department that sends it.
    pub department: Option<String>,
    /// Code of the fact looked at.
    pub fact: Option<String>,
    /// Condition over `fact_value`, `fact_text`, attributes and parameters.
    pub when: Expr,
    /// How urgent its warning is.
    pub urgency: Band,
    /// Sources.
    pub references: Vec<Reference>,
    /// Examples, run by `check`.
    pub examples: Vec<Example>,
    /// Where it is defined.
    pub place: Place,
}
