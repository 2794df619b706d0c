//! `cargo xtask demo`: the simulated city, from nothing to ranked, explained warnings.

use crate::run::{self, Result};

/// Builds, simulates, assesses, backtests, explains the first warning, and says what to try next.
pub fn run() -> Result {
    let holdfast = run::build(false)?;
    let holdfast = holdfast.to_string_lossy().into_owned();
    run::run(&holdfast, &["demo", "--out", "out/demo"])
}
