//! `cargo xtask test`: every test this machine can run.

use crate::run::{self, Result};
use crate::{codegen, tidy};

/// House rules and lints first, for they answer in seconds; then tests and generated pages.
pub fn run() -> Result {
    tidy::run()?;
    run::run("cargo", &["fmt", "--all", "--check"])?;
    run::run("cargo", &["test", "--workspace"])?;
    codegen::run(true)?;
    run::run("cargo", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
}
