//! indicators → scores: dimension and module scores, composite, confidence, trends, band.
//!
//! Sums run in the pack's order and are rounded to millionths before anything is compared, so the
//! same rows give the same bytes alone, in a batch and in parts. Nothing here ranks households
//! against each other.

pub mod aggregate;
pub mod bands;
pub mod contributions;
pub mod modules;
pub mod table;
pub mod trend;

pub use bands::{Raw, RawScorer};
pub use contributions::{Contribution, Scratch};
pub use modules::{ModuleRows, Structure, from_indicators};
pub use table::{Scored, score_all, score_into};
pub use trend::ModuleTrend;
