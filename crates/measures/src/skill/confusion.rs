//! Warned or not against happened or not, and the shares made of the four counts.
//!
//! Where a share has nothing to be a share of, it is absent and not nought.

use crate::error::{MeasureError, same_length};
use crate::estimate::{Interval, wilson};

/// The four counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    /// Warned, and it happened.
    pub true_positives: u64,
    /// Warned, and it did not happen.
    pub false_positives: u64,
    /// Not warned, and it happened.
    pub false_negatives: u64,
    /// Not warned, and it did not happen.
    pub true_negatives: u64,
}

impl Confusion {
    /// Counts rows.
    pub fn of(warned: &[bool], events: &[bool]) -> Result<Self, MeasureError> {
        same_length("event", warned.len(), events.len())?;
        let mut counts = Self::default();
        for row in warned.iter().zip(events) {
            *match row {
                (true, true) => &mut counts.true_positives,
                (true, false) => &mut counts.false_positives,
                (false, true) => &mut counts.false_negatives,
                (false, false) => &mut counts.true_negatives,
            } += 1;
        }
        Ok(counts)
    }

    /// Rows that were warned.
    pub fn warned(&self) -> u64 {
        self.true_positives + self.false_positives
    }

    /// Rows where it happened.
    pub fn events(&self) -> u64 {
        self.true_positives + self.false_negatives
    }

    /// Of those warned, the share where it happened.
    pub fn precision(&self) -> Option<f64> {
        share(self.true_positives, self.warned())
    }

    /// Of those where it happened, the share warned.
    pub fn recall(&self) -> Option<f64> {
        share(self.true_positives, self.events())
    }

    /// The harmonic mean of precision and recall, 2TP/(2TP + FP + FN) (van Rijsbergen 1979, ch. 7).
    pub fn f1(&self) -> Option<f64> {
        share(2 * self.true_positives, self.warned() + self.events())
    }

    /// Wilson's interval of the precision.
    pub fn precision_interval(&self, level: f64) -> Result<Option<Interval>, MeasureError> {
        wilson(self.true_positives, self.warned(), level)
    }

    /// Wilson's interval of the recall.
    pub fn recall_interval(&self, level: f64) -> Result<Option<Interval>, MeasureError> {
        wilson(self.true_positives, self.events(), level)
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_counts_give_precision_recall_and_their_mean() {
        let warned = [true, true, true, false, false, false, false];
        let events = [true, true, false, true, false, false, false];
        let found = Confusion::of(&warned, &events).expect("columns of one length");
        let (precision, recall) = (2.0 / 3.0, 2.0 / 3.0);
        assert_eq!(found.precision(), Some(precision));
        assert_eq!(found.recall(), Some(recall));
        assert_eq!(found.f1(), Some(4.0 / 6.0));
        assert_eq!(found.true_negatives, 3);
    }

    #[test]
    fn nobody_warned_has_no_precision_and_a_recall_of_nought() {
        let found = Confusion::of(&[false, false], &[true, false]).expect("one length");
        assert_eq!((found.precision(), found.recall(), found.f1()), (None, Some(0.0), Some(0.0)));
        assert_eq!(found.precision_interval(0.95), Ok(None));
    }
}
