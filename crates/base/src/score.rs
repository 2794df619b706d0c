//! A score between 0 and 100 in whole millionths.
//!
//! Sums are made in `f64` in one fixed order; a score is what they are rounded to before any
//! comparison. Integers make "equal" mean equal on every machine and in every run.

use std::fmt;

/// A score, kept in millionths of a point so that comparisons are exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(i32);

impl Score {
    /// No trouble at all.
    pub const ZERO: Score = Score(0);
    /// The far end of the scale.
    pub const FULL: Score = Score(100_000_000);
    /// Millionths in one point.
    pub const MICROS_PER_POINT: i32 = 1_000_000;

    /// A score from whole millionths.
    pub const fn from_micros(micros: i32) -> Self {
        Self(micros)
    }

    /// Millionths of a point.
    pub const fn micros(self) -> i32 {
        self.0
    }

    /// Rounds points to millionths, half away from zero. `value` must be a number within ±2,000;
    /// beyond that it saturates, and NaN becomes 0, neither of which a checked pack can produce.
    #[inline(always)]
    pub fn from_points(value: f64) -> Self {
        let scaled = value * 1e6;
        let half = if scaled < 0.0 { -0.5 } else { 0.5 };
        Self((scaled + half) as i32)
    }

    /// Points as a floating-point number.
    #[inline(always)]
    pub fn points(self) -> f64 {
        f64::from(self.0) / 1e6
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let precision = f.precision().unwrap_or(1);
        write!(f, "{:.*}", precision, self.points())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_a_millionth_goes_away_from_zero() {
        assert_eq!(Score::from_points(0.000_000_5).micros(), 1);
        assert_eq!(Score::from_points(-0.000_000_5).micros(), -1);
        assert_eq!(Score::from_points(0.000_000_4).micros(), 0);
    }

    proptest! {
        #[test]
        fn every_score_survives_the_way_to_points_and_back(micros in 0i32..=100_000_000) {
            let score = Score::from_micros(micros);
            prop_assert_eq!(Score::from_points(score.points()), score);
        }
    }
}
