//! `cargo xtask test`: every test this machine can run.

use crate::run::{self, Result};
use crate::{codegen, tidy};

/// Tests, lints, generated pages and house rules.
pub fn run() -> Result {
    run::run("cargo", &["test", "--workspace"])?;
    codegen::run(true)?;
    tidy::run()?;
    run::run("cargo", &["fmt", "--all", "--check"])?;
    run::run("cargo", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
}
