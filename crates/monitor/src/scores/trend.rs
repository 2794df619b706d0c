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

/// Estimates the trend through points (period, score in millionths), ascending by period.
/// Least squares: (nΣxy − ΣxΣy) / (nΣx² − (Σx)²). Theil–Sen: the median of all pairwise slopes
/// (Theil 1950, Sen 1968); of an even number the mean of the middle two.
pub fn estimate(trend: &Trend, points: &[(i32, Score)], scratch: &mut Vec<f64>) -> ModuleTrend {
    if points.len() < 2 || points.len() < trend.min_known as usize {
        return ModuleTrend::default();
    }
    let slope = match trend.method {
        TrendMethod::LeastSquares => least_squares(points),
        TrendMethod::TheilSen => theil_sen(points, scratch),
    };
    // A slope in millionths fits: scores span 100 points and periods differ by at least one.
    let slope = Score::from_points(slope / 1e6);
    let ups = points.windows(2).filter(|it| it[1].1 > it[0].1).count() as f64;
    let steps = (points.len() - 1) as f64;
    let is_steep = slope >= Score::from_points(trend.slope_min);
    ModuleTrend { slope: Some(slope), is_worsening: is_steep && ups > trend.steps_up_min * steps }
}

fn least_squares(points: &[(i32, Score)]) -> f64 {
    let origin = i64::from(points[0].0);
    let (mut sx, mut sy, mut sxx, mut sxy) = (0i64, 0i64, 0i64, 0i64);
    for (period, score) in points {
        let (x, y) = (i64::from(*period) - origin, i64::from(score.micros()));
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
    }
    let n = points.len() as i64;
    (n * sxy - sx * sy) as f64 / (n * sxx - sx * sx) as f64
}

fn theil_sen(points: &[(i32, Score)], slopes: &mut Vec<f64>) -> f64 {
    slopes.clear();
    for (position, (from, low)) in points.iter().enumerate() {
        for (to, high) in &points[position + 1..] {
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
            let found = estimate(&trend(method), &line, &mut Vec::new());
            assert_eq!(found.slope, Some(Score::from_points(2.0)));
            assert!(found.is_worsening);
        }
    }

    #[test]
    fn one_outlier_moves_least_squares_and_not_theil_sen() {
        let line = points(&[(0, 10.0), (1, 10.0), (2, 10.0), (3, 10.0), (4, 90.0)]);
        let robust = estimate(&trend(TrendMethod::TheilSen), &line, &mut Vec::new());
        assert_eq!(robust.slope, Some(Score::ZERO));
        let squares = estimate(&trend(TrendMethod::LeastSquares), &line, &mut Vec::new());
        assert_eq!(squares.slope, Some(Score::from_points(16.0)));
        assert!(!squares.is_worsening, "only one step of four goes up");
    }

    #[test]
    fn too_few_known_periods_give_no_trend() {
        let line = points(&[(0, 10.0), (1, 20.0)]);
        let found = estimate(&trend(TrendMethod::TheilSen), &line, &mut Vec::new());
        assert_eq!(found, ModuleTrend::default());
    }
}
