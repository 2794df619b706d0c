//! An estimate, how far to trust it, and the weighted mean that most poverty figures are.
//!
//! Never a false precision: where a standard error is not defined it is absent, not zero.

use crate::error::{MeasureError, all_allowed, same_length};
use statrs::distribution::{ContinuousCDF, Normal};

/// A range of plausible values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// The same interval, cut to `low..=high`.
    pub fn within(self, low: f64, high: f64) -> Self {
        Self { low: self.low.clamp(low, high), high: self.high.clamp(low, high) }
    }
}

/// A figure with its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// Its standard error; `None` where too few rows (or clusters) were given to tell.
    pub standard_error: Option<f64>,
    /// Rows that it rests on.
    pub rows: usize,
}

impl Estimate {
    /// The normal interval, value ± z·se, of a confidence level such as 0.95.
    pub fn interval(&self, level: f64) -> Result<Option<Interval>, MeasureError> {
        let z = two_sided_quantile(level)?;
        let around = |se: f64| Interval { low: self.value - z * se, high: self.value + z * se };
        Ok(self.standard_error.map(around))
    }
}

/// The z for which a standard normal lies within ±z with probability `level`.
pub(crate) fn two_sided_quantile(level: f64) -> Result<f64, MeasureError> {
    if !(level > 0.0 && level < 1.0) {
        return Err(MeasureError::BadSetting { setting: "the confidence level", value: level });
    }
    Ok(Normal::standard().inverse_cdf(0.5 + level / 2.0))
}

/// The interval of a share after Wilson (1927, J. Am. Stat. Assoc. 22, 209–212), which stays
/// within 0…1 and holds its level with few trials; `None` where there were no trials.
pub fn wilson(successes: u64, trials: u64, level: f64) -> Result<Option<Interval>, MeasureError> {
    let z = two_sided_quantile(level)?;
    if trials == 0 {
        return Ok(None);
    }
    if successes > trials {
        return Err(MeasureError::BadSetting { setting: "successes", value: successes as f64 });
    }
    let (n, share) = (trials as f64, successes as f64 / trials as f64);
    let stretch = 1.0 + z * z / n;
    let centre = (share + z * z / (2.0 * n)) / stretch;
    let half = z / stretch * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    // At 0 and at all the formula's end is the share itself; rounding must not move it past.
    let low = if successes == 0 { 0.0 } else { (centre - half).clamp(0.0, share) };
    let high = if successes == trials { 1.0 } else { (centre + half).clamp(share, 1.0) };
    Ok(Some(Interval { low, high }))
}

/// Weighted mean Σwx/Σw with its linearised standard error.
///
/// Variance by Taylor linearisation of the ratio (Binder 1983, Int. Stat. Rev. 51, 279–292;
/// Wolter 2007, ch. 6), sampled with replacement and without strata: with t_g = Σ w(x − m)/Σw
/// over cluster g, it is G/(G−1)·Σ t_g². Without `clusters` each row of positive weight is its
/// own, which understates the error of a survey drawn in clusters. Without `weights` all are 1.
///
/// `clusters` names the primary sampling unit of each row.
pub fn weighted_mean(
    values: &[f64],
    weights: Option<&[f64]>,
    clusters: Option<&[u32]>,
) -> Result<Estimate, MeasureError> {
    check(values, weights, clusters)?;
    let weight = |row: usize| weights.map_or(1.0, |it| it[row]);
    let (mut sum, mut total) = (0.0, 0.0);
    for (row, value) in values.iter().enumerate() {
        sum += weight(row) * value;
        total += weight(row);
    }
    if total <= 0.0 {
        return Err(MeasureError::NoWeight);
    }
    let mean = sum / total;
    let part = |row: usize| weight(row) * (values[row] - mean) / total;
    let counted = (0..values.len()).filter(|row| weight(*row) > 0.0);
    let parts: Vec<f64> = match clusters {
        None => counted.map(part).collect(),
        Some(clusters) => by_cluster(clusters, counted, part),
    };
    Ok(Estimate { value: mean, standard_error: spread(&parts), rows: values.len() })
}

fn check(
    values: &[f64],
    weights: Option<&[f64]>,
    clusters: Option<&[u32]>,
) -> Result<(), MeasureError> {
    if values.is_empty() {
        return Err(MeasureError::Empty);
    }
    all_allowed("value", values, f64::is_finite)?;
    if let Some(weights) = weights {
        same_length("weight", values.len(), weights.len())?;
        all_allowed("weight", weights, |it| it.is_finite() && it >= 0.0)?;
    }
    clusters.map_or(Ok(()), |it| same_length("cluster", values.len(), it.len()))
}

/// Sums of `part` over the rows of each cluster, clusters in ascending order.
fn by_cluster(
    clusters: &[u32],
    rows: impl Iterator<Item = usize>,
    part: impl Fn(usize) -> f64,
) -> Vec<f64> {
    let mut sums = std::collections::BTreeMap::new();
    rows.for_each(|row| *sums.entry(clusters[row]).or_insert(0.0) += part(row));
    sums.into_values().collect()
}

fn spread(parts: &[f64]) -> Option<f64> {
    let n = parts.len() as f64;
    let squares: f64 = parts.iter().map(|it| it * it).sum();
    (parts.len() > 1).then(|| (n / (n - 1.0) * squares).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_unweighted_mean_has_the_textbook_standard_error() {
        let found = weighted_mean(&[1.0, 2.0, 3.0, 4.0], None, None).expect("plain numbers");
        assert_eq!(found.value, 2.5);
        // s² = 5/3, se = sqrt(5/3/4).
        let expected = (5.0f64 / 12.0).sqrt();
        assert!((found.standard_error.expect("four rows") - expected).abs() < 1e-15);
    }

    #[test]
    fn clusters_of_equal_rows_count_once_each() {
        let doubled = [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0];
        let found = weighted_mean(&doubled, None, Some(&[7, 7, 3, 3, 9, 9, 1, 1]));
        let single = weighted_mean(&[1.0, 2.0, 3.0, 4.0], None, None).expect("plain numbers");
        let found = found.expect("plain numbers").standard_error.expect("four clusters");
        assert!((found - single.standard_error.expect("four rows")).abs() < 1e-15);
    }

    #[test]
    fn one_row_has_a_mean_and_no_standard_error() {
        let found = weighted_mean(&[3.0], Some(&[2.0]), None);
        assert_eq!(found, Ok(Estimate { value: 3.0, standard_error: None, rows: 1 }));
    }

    #[test]
    fn weights_that_are_all_zero_are_refused() {
        assert_eq!(weighted_mean(&[1.0], Some(&[0.0]), None), Err(MeasureError::NoWeight));
    }

    #[test]
    fn wilsons_interval_is_the_published_one() {
        // Newcombe (1998, Stat. Med. 17, 857–872), table I: 81/263 gives 0.2553 to 0.3662.
        let found = wilson(81, 263, 0.95).expect("a fair level").expect("some trials");
        assert!((found.low - 0.2553).abs() < 5e-5, "{found:?}");
        assert!((found.high - 0.3662).abs() < 5e-5, "{found:?}");
    }

    proptest! {
        #[test]
        fn wilsons_interval_stays_within_nought_and_one_and_holds_the_share(
            trials in 1u64..100_000, share in 0.0..=1.0f64, level in 0.5..0.999f64,
        ) {
            let successes = (trials as f64 * share) as u64;
            let found = wilson(successes, trials, level).expect("a level").expect("trials");
            let share = successes as f64 / trials as f64;
            prop_assert!(0.0 <= found.low && found.low <= share);
            prop_assert!(share <= found.high && found.high <= 1.0);
            prop_assert!(found.low < found.high);
        }
    }
}
