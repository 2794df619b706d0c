//! `cargo xtask demo`: the simulated city, from nothing to ranked, explained warnings.

use crate::run::{self, Result};
use crate::web;

/// Builds, simulates, assesses, backtests, explains the first warning, and says what to try next.
pub fn run() -> Result {
    web::built()?;
    let holdfast = run::build(false)?;
    let holdfast = holdfast.to_string_lossy().into_owned();
    run::run(&holdfast, &["demo", "--out", "out/demo"])
}
