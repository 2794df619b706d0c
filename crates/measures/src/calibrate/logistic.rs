//! Logistic regression: the probability of an event from one score or from several columns.
//!
//! Never picks columns, and never hides that they tell the classes apart perfectly: then the
//! coefficients run away and the fit is refused, unless a ridge holds them.

use super::symmetric::Triangle;
use crate::error::{MeasureError, all_allowed, same_length};

/// How a fit is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogisticOptions {
    /// Penalty λ on ½Σβ² of all coefficients but the intercept; 0 for plain maximum likelihood.
    pub ridge: f64,
    /// Steps after which the fit gives up.
    pub steps_max: usize,
    /// The last step is made when it can raise the log-likelihood by no more than about this,
    /// relative to its size. Steps converge quadratically: what is then left is its square.
    pub tolerance: f64,
}

/// A gain of more than this share of the last one is not the fall of a fit that settles.
const QUADRATIC_FALL_MAX: f64 = 0.05;

impl Default for LogisticOptions {
    fn default() -> Self {
        Self { ridge: 0.0, steps_max: 50, tolerance: 1e-14 }
    }
}

/// A fitted model, p = 1/(1 + exp(−(β₀ + Σ βx))).
#[derive(Clone, Debug, PartialEq)]
pub struct Logistic {
    /// β₀.
    pub intercept: f64,
    /// β, one a column.
    pub coefficients: Vec<f64>,
    /// Standard errors from the inverse information matrix: the intercept's, then one a column.
    pub standard_errors: Vec<f64>,
    /// Newton steps that the fit took.
    pub steps: usize,
}

impl Logistic {
    /// Maximum likelihood by Newton's method, which is iteratively re-weighted least squares
    /// (McCullagh and Nelder 1989, §4.4), with steps halved where the likelihood would fall.
    ///
    /// `columns` are the explaining columns, each of one number a row. A single column of scores
    /// is the calibration of Platt (1999), without his smoothing of the targets.
    pub fn fit(
        columns: &[&[f64]],
        events: &[bool],
        options: LogisticOptions,
    ) -> Result<Self, MeasureError> {
        check(columns, events, options)?;
        let design = Design::of(columns, events, options.ridge);
        let mut beta = vec![0.0; design.width];
        let mut likelihood = design.likelihood(&beta);
        let mut gain_before = f64::INFINITY;
        for step in 1..=options.steps_max {
            let (gradient, information) = design.slopes(&beta);
            let triangle = Triangle::of(&information, design.width).map_err(|at| match step {
                // The intercept stands first. Later on it is separation that empties the matrix.
                1 => MeasureError::Dependent { column: at.saturating_sub(1) },
                _ => MeasureError::NotSettled { steps: step },
            })?;
            let direction = triangle.solve(&gradient);
            let gain: f64 = direction.iter().zip(&gradient).map(|(d, g)| d * g).sum();
            // Where the classes are told apart perfectly gains shrink too, but only by a constant
            // factor near 1/e a step, while the coefficients run away.
            let is_quadratic = gain <= QUADRATIC_FALL_MAX * gain_before;
            if is_quadratic && gain <= options.tolerance * (1.0 + likelihood.abs()) {
                beta.iter_mut().zip(&direction).for_each(|(it, step)| *it += step);
                return design.finish(&beta, step);
            }
            (beta, likelihood) = design.advance(&beta, &direction, likelihood);
            gain_before = gain;
        }
        Err(MeasureError::NotSettled { steps: options.steps_max })
    }

    /// The probability of a row, one number a column.
    pub fn probability(&self, row: &[f64]) -> f64 {
        let sum: f64 = self.coefficients.iter().zip(row).map(|(beta, x)| beta * x).sum();
        logistic(self.intercept + sum)
    }
}

fn check(
    columns: &[&[f64]],
    events: &[bool],
    options: LogisticOptions,
) -> Result<(), MeasureError> {
    if !(options.ridge.is_finite() && options.ridge >= 0.0) {
        return Err(MeasureError::BadSetting { setting: "the ridge", value: options.ridge });
    }
    for column in columns {
        same_length("column", events.len(), column.len())?;
        all_allowed("column", column, f64::is_finite)?;
    }
    let happened = events.iter().filter(|it| **it).count();
    let not = events.len() - happened;
    if happened == 0 || not == 0 {
        return Err(MeasureError::OneClass { events: happened, non_events: not });
    }
    Ok(())
}

/// Neither branch raises e to a large power, so no sum overflows.
fn logistic(x: f64) -> f64 {
    if x >= 0.0 { 1.0 / (1.0 + (-x).exp()) } else { x.exp() / (1.0 + x.exp()) }
}

/// The rows of a fit. Columns are centred and scaled inside, so that incomes in the thousands and
/// shares below one meet on equal terms; the ridge is meant for the columns as given.
struct Design<'a> {
    width: usize,
    /// Row by row: 1, then the scaled columns.
    rows: Vec<f64>,
    events: &'a [bool],
    /// Mean and spread of each column.
    scales: Vec<(f64, f64)>,
    /// Ridge of each scaled coefficient, the intercept's first.
    ridge: Vec<f64>,
}

impl<'a> Design<'a> {
    fn of(columns: &[&[f64]], events: &'a [bool], ridge: f64) -> Self {
        let scales: Vec<(f64, f64)> = columns.iter().map(|it| scale_of(it)).collect();
        let width = columns.len() + 1;
        let mut rows = Vec::with_capacity(width * events.len());
        for row in 0..events.len() {
            rows.push(1.0);
            let scaled = columns.iter().zip(&scales).map(|(it, (mean, by))| (it[row] - mean) / by);
            rows.extend(scaled);
        }
        let own = scales.iter().map(|(_, by)| ridge / (by * by));
        let ridge = std::iter::once(0.0).chain(own).collect();
        Self { width, rows, events, scales, ridge }
    }

    fn lines(&self) -> impl Iterator<Item = (&[f64], f64)> {
        let events = self.events.iter().map(|it| f64::from(u8::from(*it)));
        self.rows.chunks_exact(self.width).zip(events)
    }

    /// Log-likelihood less the penalty.
    fn likelihood(&self, beta: &[f64]) -> f64 {
        let own = |(row, event): (&[f64], f64)| {
            let x = dot(row, beta);
            // −ln(1 + e^x) without overflow.
            event * x - x.max(0.0) - (-x.abs()).exp().ln_1p()
        };
        let penalty: f64 = self.ridge.iter().zip(beta).map(|(by, it)| 0.5 * by * it * it).sum();
        self.lines().map(own).sum::<f64>() - penalty
    }

    /// Gradient, and information matrix (lower half).
    fn slopes(&self, beta: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let width = self.width;
        let penalties = self.ridge.iter().zip(beta);
        let mut gradient: Vec<f64> = penalties.map(|(by, it)| -by * it).collect();
        let mut information = vec![0.0; width * width];
        (0..width).for_each(|it| information[it * width + it] = self.ridge[it]);
        for (row, event) in self.lines() {
            let p = logistic(dot(row, beta));
            let weight = p * (1.0 - p);
            for at in 0..width {
                gradient[at] += row[at] * (event - p);
                let scaled = weight * row[at];
                let line = &mut information[at * width..=at * width + at];
                line.iter_mut().zip(row).for_each(|(sum, other)| *sum += scaled * other);
            }
        }
        (gradient, information)
    }

    /// The longest of the steps 1, ½, ¼ … that does not lower the likelihood.
    fn advance(&self, beta: &[f64], direction: &[f64], likelihood: f64) -> (Vec<f64>, f64) {
        let mut length = 1.0;
        while length > 1e-6 {
            let steps = beta.iter().zip(direction);
            let next: Vec<f64> = steps.map(|(it, step)| it + length * step).collect();
            let reached = self.likelihood(&next);
            // A sum over many rows is no better than this; nearer the top it is all rounding.
            if reached >= likelihood - 1e-12 * (1.0 + likelihood.abs()) {
                return (next, reached);
            }
            length /= 2.0;
        }
        (beta.to_vec(), likelihood)
    }

    /// Back to the columns as they were given.
    fn finish(&self, beta: &[f64], steps: usize) -> Result<Logistic, MeasureError> {
        let triangle = Triangle::of(&self.slopes(beta).1, self.width)
            .map_err(|_| MeasureError::NotSettled { steps })?;
        let scaled = beta[1..].iter().zip(&self.scales);
        let coefficients: Vec<f64> = scaled.map(|(it, (_, by))| it / by).collect();
        let moved = coefficients.iter().zip(&self.scales).map(|(it, (mean, _))| it * mean);
        // Var(β₀ − Σ mβ) needs the whole inverse: solve for its row once.
        let back: Vec<f64> =
            std::iter::once(1.0).chain(self.scales.iter().map(|(mean, by)| -mean / by)).collect();
        let intercept_variance = dot(&triangle.solve(&back), &back);
        let own = triangle.inverse_diagonal();
        let own = own[1..].iter().zip(&self.scales).map(|(it, (_, by))| it.sqrt() / by);
        Ok(Logistic {
            intercept: beta[0] - moved.sum::<f64>(),
            standard_errors: std::iter::once(intercept_variance.sqrt()).chain(own).collect(),
            coefficients,
            steps,
        })
    }
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// Mean and standard deviation; 1 in place of a spread of nought, which the matrix then refuses.
fn scale_of(column: &[f64]) -> (f64, f64) {
    let n = column.len() as f64;
    let mean = column.iter().sum::<f64>() / n;
    let spread = (column.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / n).sqrt();
    (mean, if spread > 0.0 { spread } else { 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(columns: &[&[f64]], events: &[bool]) -> Result<Logistic, MeasureError> {
        Logistic::fit(columns, events, LogisticOptions::default())
    }

    #[test]
    fn one_yes_or_no_column_gives_the_logarithm_of_the_odds_ratio() {
        // Exposed 3 of 4, not exposed 1 of 4: odds 3 and 1/3, ratio 9.
        let exposed = [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0];
        let events = [true, true, true, false, true, false, false, false];
        let fit = plain(&[&exposed], &events).expect("an overlap");
        assert!((fit.coefficients[0] - 9.0f64.ln()).abs() < 1e-9);
        assert!((fit.intercept - (1.0f64 / 3.0).ln()).abs() < 1e-9);
        // Woolf: √(1/3 + 1/1 + 1/1 + 1/3), and √(1/1 + 1/3) for the intercept.
        assert!((fit.standard_errors[1] - (8.0f64 / 3.0).sqrt()).abs() < 1e-9);
        assert!((fit.standard_errors[0] - (4.0f64 / 3.0).sqrt()).abs() < 1e-9);
        assert!((fit.probability(&[1.0]) - 0.75).abs() < 1e-12);
    }

    #[test]
    fn a_perfect_split_is_refused_and_a_ridge_holds_it() {
        let (scores, events) = ([1.0, 2.0, 3.0, 4.0], [false, false, true, true]);
        let found = plain(&[&scores], &events);
        assert!(matches!(found, Err(MeasureError::NotSettled { .. })), "{found:?}");
        let options = LogisticOptions { ridge: 0.1, ..LogisticOptions::default() };
        let held = Logistic::fit(&[&scores], &events, options).expect("a ridge");
        assert!(held.coefficients[0] > 0.0 && held.coefficients[0] < 20.0);
    }

    #[test]
    fn a_column_that_repeats_another_is_named() {
        let one = [1.0, 2.0, 3.0, 4.0, 2.5];
        let twice = one.map(|it| 2.0 * it - 1.0);
        let events = [false, true, false, true, true];
        assert_eq!(plain(&[&one, &twice], &events), Err(MeasureError::Dependent { column: 1 }));
        assert_eq!(plain(&[&[7.0; 5]], &events), Err(MeasureError::Dependent { column: 0 }));
    }

    proptest! {
        #[test]
        fn at_the_fit_the_gradient_is_nought(
            rows in prop::collection::vec((-3.0..3.0f64, 0.0..1e6f64, any::<bool>()), 12..60),
            ridge in 0.01..1.0f64,
        ) {
            let mut rows = rows;
            rows.extend([(-2.5, 5e5, true), (2.5, 4e5, false)]);
            let one: Vec<f64> = rows.iter().map(|it| it.0).collect();
            let other: Vec<f64> = rows.iter().map(|it| it.1).collect();
            let events: Vec<bool> = rows.iter().map(|it| it.2).collect();
            let options = LogisticOptions { ridge, ..LogisticOptions::default() };
            let fit = Logistic::fit(&[&one, &other], &events, options).expect("a ridge");
            let left = |row: usize| {
                f64::from(u8::from(events[row])) - fit.probability(&[one[row], other[row]])
            };
            let sum: f64 = (0..rows.len()).map(left).sum();
            let slope: f64 = (0..rows.len()).map(|row| left(row) * one[row]).sum();
            prop_assert!(sum.abs() < 1e-6, "{}", sum);
            prop_assert!((slope - ridge * fit.coefficients[0]).abs() < 1e-6, "{}", slope);
        }
    }
}
