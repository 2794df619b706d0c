//! How many are poor, how poor, and how unequally so, with standard errors.
//!
//! Never decides what a poverty line is, nor whose income counts for how many people: line and
//! weights are given (households weighted by their members for figures about people).

use crate::error::{MeasureError, all_allowed};
use crate::estimate::{Estimate, weighted_mean};

/// Whether standing exactly at the line is poor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LineRule {
    /// Poor is `welfare < line`.
    #[default]
    Below,
    /// Poor is `welfare <= line`.
    AtOrBelow,
}

/// Welfare of each unit against one line, which is taken as given and not as estimated.
#[derive(Clone, Copy, Debug)]
pub struct Welfare<'a> {
    /// Income or consumption in the line's unit. Negative values count with a gap above 1.
    pub values: &'a [f64],
    /// Weight of each unit; without, all are 1.
    pub weights: Option<&'a [f64]>,
    /// Primary sampling unit of each unit; without, each is its own.
    pub clusters: Option<&'a [u32]>,
    /// The poverty line, above 0.
    pub line: f64,
    /// Whether standing exactly at the line is poor.
    pub line_rule: LineRule,
}

impl<'a> Welfare<'a> {
    /// Welfare without weights or clusters, poor strictly below the line.
    pub fn new(values: &'a [f64], line: f64) -> Self {
        let line_rule = LineRule::Below;
        Self { values, weights: None, clusters: None, line, line_rule }
    }

    /// The same with weights.
    pub fn weighted(self, weights: &'a [f64]) -> Self {
        Self { weights: Some(weights), ..self }
    }

    /// Whether welfare of this much is poor.
    pub fn is_poor(&self, value: f64) -> bool {
        match self.line_rule {
            LineRule::Below => value < self.line,
            LineRule::AtOrBelow => value <= self.line,
        }
    }
}

/// The class of Foster, Greer and Thorbecke (1984, Econometrica 52, 761–766):
/// P_α = Σ w·[poor]·((z − y)/z)^α / Σ w, with the linearised standard error of [`weighted_mean`].
///
/// `alpha` 0 is the headcount ratio, 1 the poverty gap, 2 the squared gap (severity).
pub fn fgt(welfare: &Welfare<'_>, alpha: f64) -> Result<Estimate, MeasureError> {
    if !(alpha.is_finite() && alpha >= 0.0) {
        return Err(MeasureError::BadSetting { setting: "alpha", value: alpha });
    }
    // 0⁰ is 1 in `powf`, so that a unit at the line counts in a headcount where it is poor.
    mean_over_poor(welfare, |value| ((welfare.line - value) / welfare.line).powf(alpha))
}

/// Share of units that are poor: P₀.
pub fn headcount(welfare: &Welfare<'_>) -> Result<Estimate, MeasureError> {
    fgt(welfare, 0.0)
}

/// Mean shortfall as a share of the line, nought for those not poor: P₁.
pub fn poverty_gap(welfare: &Welfare<'_>) -> Result<Estimate, MeasureError> {
    fgt(welfare, 1.0)
}

/// Mean squared shortfall, which weighs the poorest most: P₂.
pub fn squared_gap(welfare: &Welfare<'_>) -> Result<Estimate, MeasureError> {
    fgt(welfare, 2.0)
}

/// Watts (1968, "An economic definition of poverty"; Zheng 1993, Econ. Letters 42, 81–86):
/// W = Σ w·[poor]·ln(z/y) / Σ w. Refuses welfare of nought or less among the poor, for which the
/// logarithm has no value.
pub fn watts(welfare: &Welfare<'_>) -> Result<Estimate, MeasureError> {
    all_allowed("value", welfare.values, |it| it > 0.0)?;
    mean_over_poor(welfare, |value| (welfare.line / value).ln())
}

/// What it would take to lift everybody poor to the line, in the line's unit times the weight's:
/// Σ w·[poor]·(z − y).
pub fn shortfall_total(welfare: &Welfare<'_>) -> Result<f64, MeasureError> {
    // The mean's checks are this sum's checks.
    mean_over_poor(welfare, |value| welfare.line - value)?;
    let weight = |row: usize| welfare.weights.map_or(1.0, |it| it[row]);
    let poor = welfare.values.iter().enumerate().filter(|it| welfare.is_poor(*it.1));
    Ok(poor.map(|(row, value)| weight(row) * (welfare.line - value)).sum())
}

fn mean_over_poor(
    welfare: &Welfare<'_>,
    part: impl Fn(f64) -> f64,
) -> Result<Estimate, MeasureError> {
    let line = welfare.line;
    if !(line.is_finite() && line > 0.0) {
        return Err(MeasureError::BadSetting { setting: "the poverty line", value: line });
    }
    all_allowed("value", welfare.values, f64::is_finite)?;
    let part = |it: &f64| if welfare.is_poor(*it) { part(*it) } else { 0.0 };
    let parts: Vec<f64> = welfare.values.iter().map(part).collect();
    weighted_mean(&parts, welfare.weights, welfare.clusters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOLDEN: [f64; 4] = [2000.0, 3500.0, 4200.0, 6100.0];

    fn value(found: Result<Estimate, MeasureError>) -> f64 {
        found.expect("fair numbers").value
    }

    #[test]
    fn four_incomes_give_the_textbook_indices() {
        let welfare = Welfare::new(&GOLDEN, 4000.0);
        assert_eq!(value(headcount(&welfare)), 0.5);
        // Gaps of 1/2 and 1/8 over four people.
        assert_eq!(value(poverty_gap(&welfare)), 0.15625);
        assert_eq!(value(squared_gap(&welfare)), 0.06640625);
        let expected = (2.0f64.ln() + (4000.0f64 / 3500.0).ln()) / 4.0;
        assert!((value(watts(&welfare)) - expected).abs() < 1e-15);
        assert_eq!(shortfall_total(&welfare), Ok(2500.0));
    }

    #[test]
    fn exactly_at_the_line_is_poor_only_where_the_rule_says_so() {
        let strict = Welfare::new(&GOLDEN, 3500.0);
        let lenient = Welfare { line_rule: LineRule::AtOrBelow, ..strict };
        assert_eq!(value(headcount(&strict)), 0.25);
        assert_eq!(value(headcount(&lenient)), 0.5);
        assert_eq!(value(poverty_gap(&strict)), value(poverty_gap(&lenient)));
    }

    #[test]
    fn the_standard_error_of_a_headcount_is_that_of_a_share() {
        let found = headcount(&Welfare::new(&GOLDEN, 4000.0)).expect("fair numbers");
        // p(1 − p)/(n − 1).
        let expected = (0.25f64 / 3.0).sqrt();
        assert!((found.standard_error.expect("four rows") - expected).abs() < 1e-15);
    }

    #[test]
    fn welfare_of_nought_has_no_watts_index() {
        let found = watts(&Welfare::new(&[1.0, 0.0], 2.0));
        assert_eq!(found, Err(MeasureError::OutOfRange { column: "value", row: 1, value: 0.0 }));
    }

    #[test]
    fn a_line_of_nought_is_refused() {
        assert!(headcount(&Welfare::new(&GOLDEN, 0.0)).is_err());
        assert!(fgt(&Welfare::new(&GOLDEN, 1.0), -1.0).is_err());
    }

    proptest! {
        #[test]
        fn the_indices_decompose_over_subgroups(
            rows in prop::collection::vec((0.0..2000.0f64, 0.1..9.0f64, any::<bool>()), 2..60),
            alpha in prop::sample::select(vec![0.0, 1.0, 1.5, 2.0]),
        ) {
            let of = |keep: &dyn Fn(bool) -> bool| -> (f64, f64) {
                let kept: Vec<_> = rows.iter().filter(|it| keep(it.2)).collect();
                let values: Vec<f64> = kept.iter().map(|it| it.0).collect();
                let weights: Vec<f64> = kept.iter().map(|it| it.1).collect();
                if values.is_empty() {
                    return (0.0, 0.0);
                }
                let index = fgt(&Welfare::new(&values, 800.0).weighted(&weights), alpha);
                (value(index), weights.iter().sum())
            };
            let (whole, total) = of(&|_| true);
            let ((one, ones), (other, others)) = (of(&|it| it), of(&|it| !it));
            prop_assert!((whole * total - (one * ones + other * others)).abs() < 1e-9 * total);
        }
    }
}
