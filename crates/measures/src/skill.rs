//! How well scores and warnings told what then happened.
//!
//! One topic a file. A score is any number that ranks, higher for more danger; an event is what
//! was to be told. Rows without a score or an outcome are left out, and counted, by the caller.

mod auc;
mod brier;
mod budget;
mod confusion;
mod lead_time;
mod reliability;

pub use auc::{Auc, auc, auc_difference};
pub use brier::brier;
pub use budget::{AtBudget, at_budget, average_precision, ranked};
pub use confusion::Confusion;
pub use lead_time::{LeadTimes, Spell};
pub use reliability::{Bins, CalibrationBin, calibration_table};

use crate::error::{MeasureError, all_allowed, same_length};

/// Refuses columns of different lengths, none at all, and scores that do not rank.
fn check(scores: &[f64], events: &[bool]) -> Result<(), MeasureError> {
    if scores.is_empty() {
        return Err(MeasureError::Empty);
    }
    same_length("event", scores.len(), events.len())?;
    all_allowed("score", scores, |it| !it.is_nan())
}

/// The same for columns of probabilities.
fn check_probabilities(probabilities: &[f64], events: &[bool]) -> Result<(), MeasureError> {
    check(probabilities, events)?;
    all_allowed("probability", probabilities, |it| (0.0..=1.0).contains(&it))
}
