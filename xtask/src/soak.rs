//! `cargo xtask soak`: what takes too long for every change.

use crate::run::{self, Result};
use std::process::Stdio;
use std::time::Instant;

/// Long fuzzing of every reader, then ten million households in flat memory.
pub fn run(arguments: &[&str]) -> Result {
    let cases = arguments.first().copied().unwrap_or("20000");
    println!("$ PROPTEST_CASES={cases} cargo test --workspace");
    let status = run::command("cargo", &["test", "--workspace"])
        .env("PROPTEST_CASES", cases)
        .stdin(Stdio::null())
        .status();
    match status {
        Ok(status) if status.success() => {}
        _ => return Err("a property failed; the seed is printed above".to_owned()),
    }
    let started = Instant::now();
    crate::bench::scale(10_000_000)?;
    println!("ten million households in {:.0} s", started.elapsed().as_secs_f64());
    Ok(())
}
