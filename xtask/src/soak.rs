//! `cargo xtask soak`: what takes too long for every change.

use crate::run::Result;
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
    println!("PROPTEST_CASES={cases}");
    crate::test::databases(&[("PROPTEST_CASES", cases)])
        .map_err(|error| format!("{error}; the seed of a property that failed is printed above"))
}
