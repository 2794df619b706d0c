//! From scores to probabilities: fitted on one period, applied on a later one.
//!
//! Never fits and judges on the same rows: a fit is a value of its own, and what it is then
//! applied to is the caller's affair. Deterministic, no start at random, no early stop by time.

mod isotonic;
mod logistic;
mod symmetric;

pub use isotonic::Isotonic;
pub use logistic::{Logistic, LogisticOptions};
