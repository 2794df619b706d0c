//! The mean squared error of probabilities.
//!
//! Only for probabilities: a score must be mapped first, on an earlier period (`calibrate`).

use super::check_probabilities;
use crate::error::MeasureError;
use crate::estimate::{Estimate, weighted_mean};

/// Σ(p − e)²/n with e 1 where it happened and 0 where not (Brier 1950, Mon. Weather Rev. 78, 1–3,
/// in the usual two-class half of his form). 0 is perfect; always saying the base rate b gives
/// b(1 − b). The standard error is that of a mean.
pub fn brier(probabilities: &[f64], events: &[bool]) -> Result<Estimate, MeasureError> {
    check_probabilities(probabilities, events)?;
    let rows = probabilities.iter().zip(events);
    let squares: Vec<f64> = rows.map(|(p, e)| (p - f64::from(u8::from(*e))).powi(2)).collect();
    weighted_mean(&squares, None, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certainty_that_is_right_scores_nought_and_a_coin_a_quarter() {
        let events = [true, false, false, true];
        let value = |p: &[f64]| brier(p, &events).expect("probabilities").value;
        assert_eq!(value(&[1.0, 0.0, 0.0, 1.0]), 0.0);
        assert_eq!(value(&[0.5; 4]), 0.25);
        assert_eq!(value(&[0.0, 1.0, 1.0, 0.0]), 1.0);
    }

    #[test]
    fn a_score_of_forty_is_no_probability() {
        let found = brier(&[0.2, 40.0], &[true, false]);
        assert!(matches!(found, Err(MeasureError::OutOfRange { row: 1, .. })));
    }
}
