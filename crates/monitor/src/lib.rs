//! The chain: facts → panel → indicators → scores → warnings.
//!
//! One evaluator serves live, batch and cluster. This crate knows no file, no store, no user, no
//! wall clock and no randomness: the period and the cut through what was known are given.

mod columns;
pub mod compile;
pub mod condition;
mod evaluator;
pub mod explain;
pub mod facts;
mod functions;
pub mod indicators;
pub mod inputs;
pub mod panel;
mod program;
pub mod rows;
mod runs;
pub mod scores;
mod severity;
pub mod stored;
pub mod warnings;
mod windows;

pub use evaluator::{Assessed, Evaluator, KeyPlace};
pub use program::Program;
