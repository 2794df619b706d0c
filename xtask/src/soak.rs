//! `cargo xtask soak`: what takes too long for every change.

use crate::run::{self, Result};
use std::process::Stdio;
use std::time::Instant;

/// Long fuzzing of every reader (`fuzz [CASES]`), then ten million households in flat memory
/// (`scale`); both where neither is named.
pub fn run(arguments: &[&str]) -> Result {
    let (part, rest) = match arguments {
        [part @ ("fuzz" | "scale"), rest @ ..] => (Some(*part), rest),
        rest => (None, rest),
    };
    if part != Some("scale") {
        fuzz(rest.first().copied().unwrap_or("20000"))?;
    }
    if part != Some("fuzz") {
        let started = Instant::now();
        crate::bench::scale(10_000_000)?;
        println!("ten million households in {:.0} s", started.elapsed().as_secs_f64());
    }
    Ok(())
}

fn fuzz(cases: &str) -> Result {
    println!("$ PROPTEST_CASES={cases} cargo test --workspace");
    let status = run::command("cargo", &["test", "--workspace"])
        .env("PROPTEST_CASES", cases)
        .stdin(Stdio::null())
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        _ => Err("a property failed; the seed is printed above".to_owned()),
    }
}
