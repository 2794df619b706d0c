//! Poverty statistics, backtest and calibration figures on plain slices.
//!
//! Knows no file, no pack, no household and no clock: numbers come in, figures come out, the
//! same to the last bit for the same input in the same order. Every function's docs name the
//! source of its formula.
//!
//! Unknown values are the caller's to leave out *and to count*: a figure here is about the rows
//! that it was given, and says how many those were. Nothing is filled in.

pub mod calibrate;
mod error;
mod estimate;
pub mod poverty;
pub mod skill;
pub mod transitions;

pub use error::MeasureError;
pub use estimate::{Estimate, Interval, weighted_mean, wilson};
