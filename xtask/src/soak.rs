//! `cargo xtask soak`: what takes too long for every change.

mod api;

use crate::run::Result;
use std::time::Instant;

/// Long fuzzing of every reader (`fuzz [CASES]`), servers killed again and again (`kills [N]`), the
/// API against its description (`api [EXAMPLES [SEED]]`), ten million households in flat memory
/// (`scale`); all of them where none is named.
pub fn run(arguments: &[&str]) -> Result {
    let (part, rest) = match arguments {
        [part @ ("fuzz" | "kills" | "api" | "scale"), rest @ ..] => (Some(*part), rest),
        rest => (None, rest),
    };
    let is_asked = |name: &str| part.is_none_or(|it| it == name);
    let number = |otherwise| rest.first().copied().unwrap_or(otherwise);
    if is_asked("fuzz") {
        println!("PROPTEST_CASES={}", number("20000"));
        crate::test::databases(&[], &[("PROPTEST_CASES", number("20000"))])
            .map_err(|error| format!("{error}; the seed of a property is printed above"))?;
    }
    if is_asked("kills") {
        crate::test::databases(&["--test", "kill"], &[("HOLDFAST_KILLS", number("200"))])?;
    }
    if is_asked("api") {
        api::run(number("50"), rest.get(1).copied().unwrap_or("20200610"))?;
    }
    if is_asked("scale") {
        let started = Instant::now();
        crate::bench::scale(10_000_000)?;
        println!("ten million households in {:.0} s", started.elapsed().as_secs_f64());
    }
    Ok(())
}
