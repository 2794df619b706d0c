//! Whether it happens as often as was said: predicted probability against observed share.
//!
//! Never smooths: each bin shows its rows, and how far they can be trusted.

use super::check_probabilities;
use crate::error::MeasureError;
use crate::estimate::{Interval, wilson};

/// How probabilities are put in bins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bins {
    /// So many bins of equal width over 0…1; the last one holds 1 itself. Empty ones are left out.
    EqualWidth(usize),
    /// So many bins of about equal rows; rows of one probability are never parted, so there may
    /// be fewer.
    EqualCount(usize),
}

/// One bin of a calibration table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CalibrationBin {
    /// Lowest probability in it.
    pub lowest: f64,
    /// Highest probability in it.
    pub highest: f64,
    /// Rows in it.
    pub rows: u64,
    /// Rows in it where the event happened.
    pub events: u64,
    /// Mean of its probabilities.
    pub mean_predicted: f64,
    /// Share in which it happened.
    pub observed: f64,
    /// Wilson's interval of the observed share.
    pub interval: Interval,
}

/// The reliability table (Murphy and Winkler 1977, J. R. Stat. Soc. C 26, 41–47), ascending by
/// probability, with intervals of a confidence level such as 0.95.
pub fn calibration_table(
    probabilities: &[f64],
    events: &[bool],
    bins: Bins,
    level: f64,
) -> Result<Vec<CalibrationBin>, MeasureError> {
    check_probabilities(probabilities, events)?;
    let (Bins::EqualWidth(count) | Bins::EqualCount(count)) = bins;
    if count == 0 {
        return Err(MeasureError::BadSetting { setting: "the number of bins", value: 0.0 });
    }
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|one, other| probabilities[*one].total_cmp(&probabilities[*other]));
    let bin_of = assign(probabilities, &order, bins);
    let parts = order.chunk_by(|one, other| bin_of[*one] == bin_of[*other]);
    parts.map(|rows| bin(probabilities, events, rows, level)).collect()
}

/// The bin of each row.
fn assign(probabilities: &[f64], order: &[usize], bins: Bins) -> Vec<usize> {
    let mut bin_of = vec![0; order.len()];
    match bins {
        Bins::EqualWidth(count) => {
            for (bin, p) in bin_of.iter_mut().zip(probabilities) {
                *bin = ((p * count as f64) as usize).min(count - 1);
            }
        }
        Bins::EqualCount(count) => {
            let mut before = 0;
            for tied in order.chunk_by(|one, other| probabilities[*one] == probabilities[*other]) {
                // Tied rows go where the middle one of them would.
                let bin = (2 * before + tied.len()) * count / (2 * order.len());
                tied.iter().for_each(|row| bin_of[*row] = bin.min(count - 1));
                before += tied.len();
            }
        }
    }
    bin_of
}

fn bin(
    probabilities: &[f64],
    events: &[bool],
    rows: &[usize],
    level: f64,
) -> Result<CalibrationBin, MeasureError> {
    let happened = rows.iter().filter(|row| events[**row]).count() as u64;
    let sum: f64 = rows.iter().map(|row| probabilities[*row]).sum();
    let count = rows.len() as u64;
    let interval = wilson(happened, count, level)?.ok_or(MeasureError::Empty)?;
    Ok(CalibrationBin {
        lowest: probabilities[rows[0]],
        highest: probabilities[rows[rows.len() - 1]],
        rows: count,
        events: happened,
        mean_predicted: sum / count as f64,
        observed: happened as f64 / count as f64,
        interval,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn probabilities_fall_into_bins_of_equal_width_and_empty_ones_are_left_out() {
        let table = calibration_table(
            &[0.0, 0.05, 0.1, 1.0, 0.95],
            &[false, false, true, true, true],
            Bins::EqualWidth(10),
            0.95,
        );
        let table = table.expect("probabilities");
        let rows: Vec<_> = table.iter().map(|it| (it.lowest, it.highest, it.rows)).collect();
        assert_eq!(rows, [(0.0, 0.05, 2), (0.1, 0.1, 1), (0.95, 1.0, 2)]);
        assert_eq!(table[2].mean_predicted, 0.975);
        assert_eq!((table[0].observed, table[1].observed), (0.0, 1.0));
    }

    #[test]
    fn rows_of_one_probability_are_never_parted() {
        let probabilities = [0.1, 0.1, 0.1, 0.1, 0.1, 0.9];
        let table = calibration_table(&probabilities, &[false; 6], Bins::EqualCount(3), 0.9);
        let rows: Vec<_> = table.expect("probabilities").iter().map(|it| it.rows).collect();
        assert_eq!(rows, [5, 1]);
    }

    #[test]
    fn ten_distinct_rows_fill_five_bins_evenly() {
        let probabilities: Vec<f64> = (0..10).map(|it| f64::from(it) / 10.0).collect();
        let table = calibration_table(&probabilities, &[true; 10], Bins::EqualCount(5), 0.9);
        assert!(table.expect("probabilities").iter().all(|it| it.rows == 2));
    }

    proptest! {
        #[test]
        fn every_row_is_in_one_bin_and_bins_ascend(
            rows in prop::collection::vec((0.0..=1.0f64, any::<bool>()), 1..80),
            count in 1usize..12,
            is_equal_width in any::<bool>(),
        ) {
            let (p, events): (Vec<f64>, Vec<bool>) = rows.into_iter().unzip();
            let kind = if is_equal_width { Bins::EqualWidth } else { Bins::EqualCount };
            let bins = kind(count);
            let table = calibration_table(&p, &events, bins, 0.95).expect("probabilities");
            prop_assert!(table.len() <= count);
            prop_assert_eq!(table.iter().map(|it| it.rows).sum::<u64>(), p.len() as u64);
            prop_assert!(table.windows(2).all(|it| it[0].highest < it[1].lowest));
            for bin in &table {
                prop_assert!(bin.lowest <= bin.mean_predicted + 1e-12);
                prop_assert!(bin.mean_predicted <= bin.highest + 1e-12);
            }
        }
    }
}
