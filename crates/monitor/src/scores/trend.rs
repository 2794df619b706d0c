//! The trend of one module of one household over a window of calendar periods.
//!
//! Scores are whole millionths, so slopes are exact up to one division.

use base::Score;
use pack::{Trend, TrendMethod};

/// The trend of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ModuleTrend {
    /// Points per period in millionths; `None` where too few periods can be compared.
    pub slope: Option<Score>,
    /// Steep enough upwards, and most steps go up.
    pub is_worsening: bool,
}

/// As [`estimate`], through rows that follow each other: periods, ascending, and their scores.
pub fn along(
    trend: &Trend,
    periods: &[i32],
    scores: &[Score],
    scratch: &mut Vec<f64>,
) -> ModuleTrend {
    let points = periods.iter().copied().zip(scores.iter().copied());
    judge(trend, &Line::along(periods, scores), points, scratch)
}

/// Estimates the trend through points (period, score), ascending by period.
/// Least squares: (nΣxy − ΣxΣy) / (nΣx² − (Σx)²). Theil–Sen: the median of all pairwise slopes
/// (Theil 1950, Sen 1968); of an even number the mean of the middle two.
pub fn estimate(
    trend: &Trend,
    points: impl Iterator<Item = (i32, Score)> + Clone,
    scratch: &mut Vec<f64>,
) -> ModuleTrend {
    judge(trend, &Line::through(points.clone()), points, scratch)
}

fn judge(
    trend: &Trend,
    line: &Line,
    points: impl Iterator<Item = (i32, Score)> + Clone,
    scratch: &mut Vec<f64>,
) -> ModuleTrend {
    if line.n < 2 || line.n < i64::from(trend.min_known) {
        return ModuleTrend::default();
    }
    let slope = match trend.method {
        TrendMethod::LeastSquares => line.slope(),
        TrendMethod::TheilSen => theil_sen(points, scratch),
    };
    // A slope in millionths fits: scores span 100 points and periods differ by at least one.
    let slope = Score::from_points(slope / 1e6);
    let is_steep = slope >= Score::from_points(trend.slope_min);
    let goes_up = line.ups as f64 > trend.steps_up_min * (line.n - 1) as f64;
    ModuleTrend { slope: Some(slope), is_worsening: is_steep && goes_up }
}

/// Whole sums over points, x counted from the first, and how many steps go up.
#[derive(Default)]
struct Line {
    n: i64,
    x: i64,
    y: i64,
    xx: i64,
    xy: i64,
    ups: i64,
}

impl Line {
    fn through(points: impl Iterator<Item = (i32, Score)>) -> Self {
        let mut line = Line::default();
        let (mut origin, mut before) = (0, 0);
        for (period, score) in points {
            let (at, y) = (i64::from(period), i64::from(score.micros()));
            if line.n == 0 {
                (origin, before) = (at, y);
            }
            let x = at - origin;
            line.ups += i64::from(y > before);
            before = y;
            line.n += 1;
            line.x += x;
            line.y += y;
            line.xx += x * x;
            line.xy += x * y;
        }
        line
    }

    /// As [`Line::through`]; without a gap in time the sums over x alone are known beforehand.
    fn along(periods: &[i32], scores: &[Score]) -> Self {
        let (Some(first), Some(last)) = (periods.first(), periods.last()) else {
            return Self::default();
        };
        let n = periods.len() as i64;
        if i64::from(*last) - i64::from(*first) != n - 1 {
            return Self::through(periods.iter().copied().zip(scores.iter().copied()));
        }
        let ups = scores.windows(2).map(|it| i64::from(it[1] > it[0])).sum();
        let (mut y, mut xy) = (0, 0);
        for (x, score) in (0..).zip(scores) {
            let score = i64::from(score.micros());
            y += score;
            xy += x * score;
        }
        Self { n, x: n * (n - 1) / 2, y, xx: (n - 1) * n * (2 * n - 1) / 6, xy, ups }
    }

    fn slope(&self) -> f64 {
        (self.n * self.xy - self.x * self.y) as f64 / (self.n * self.xx - self.x * self.x) as f64
    }
}

fn theil_sen(points: impl Iterator<Item = (i32, Score)> + Clone, slopes: &mut Vec<f64>) -> f64 {
    slopes.clear();
    let mut later = points.clone();
    for (from, low) in points {
        later.next();
        for (to, high) in later.clone() {
            let rise = f64::from(high.micros()) - f64::from(low.micros());
            slopes.push(rise / f64::from(to - from));
        }
    }
    slopes.sort_unstable_by(f64::total_cmp);
    let middle = slopes.len() / 2;
    if slopes.len() % 2 == 1 { slopes[middle] } else { (slopes[middle - 1] + slopes[middle]) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trend(method: TrendMethod) -> Trend {
        Trend {
            method,
            window: 6,
            min_known: 3,
            slope_min: 2.0,
            steps_up_min: 0.5,
            lift_within: None,
        }
    }

    fn points(scores: &[(i32, f64)]) -> Vec<(i32, Score)> {
        scores.iter().map(|(period, score)| (*period, Score::from_points(*score))).collect()
    }

    #[test]
    fn a_gap_counts_on_the_calendar_and_not_by_position() {
        let line = points(&[(0, 10.0), (1, 12.0), (5, 20.0)]);
        for method in [TrendMethod::LeastSquares, TrendMethod::TheilSen] {
            let found = estimate(&trend(method), line.iter().copied(), &mut Vec::new());
            assert_eq!(found.slope, Some(Score::from_points(2.0)));
            assert!(found.is_worsening);
        }
    }

    #[test]
    fn one_outlier_moves_least_squares_and_not_theil_sen() {
        let line = points(&[(0, 10.0), (1, 10.0), (2, 10.0), (3, 10.0), (4, 90.0)]);
        let robust = estimate(&trend(TrendMethod::TheilSen), line.iter().copied(), &mut Vec::new());
        assert_eq!(robust.slope, Some(Score::ZERO));
        let squares =
            estimate(&trend(TrendMethod::LeastSquares), line.iter().copied(), &mut Vec::new());
        assert_eq!(squares.slope, Some(Score::from_points(16.0)));
        assert!(!squares.is_worsening, "only one step of four goes up");
    }

    #[test]
    fn too_few_known_periods_give_no_trend() {
        let line = points(&[(0, 10.0), (1, 20.0)]);
        let found = estimate(&trend(TrendMethod::TheilSen), line.iter().copied(), &mut Vec::new());
        assert_eq!(found, ModuleTrend::default());
    }
}
