//! The project's own commands: `cargo xtask demo|web|test|soak|bench|codegen|tidy`.
//!
//! No shell scripts: what builds, tests and measures Holdfast is this program. It depends on
//! nothing, so that it starts in seconds on a fresh clone.

mod bench;
mod cluster;
mod codegen;
mod demo;
mod python;
mod run;
mod soak;
mod test;
mod tidy;
mod web;

use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask COMMAND

  web             build the web UI, to become part of the executable
  demo            build, simulate the city, assess it, show what it says
  test            every test this machine can run, lints and tidy
  soak            the long ones: fuzz [CASES], kills [N] of the server, api [EXAMPLES [SEED]]
                  against its description, scale (ten million)
  bench score     the same job for Holdfast, DuckDB and Polars from one file
  bench server    imports, facts over HTTP, events, trials; on a file and on PostgreSQL
                  [load] [county] [few] [million]: only those parts
  codegen         write the generated pages again (--check: only compare)
  tidy            house rules: crate direction, line length, module docs, stale files
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["demo", ..] => demo::run(),
        ["web", ..] => web::run(),
        ["test", ..] => test::run(),
        ["soak", rest @ ..] => soak::run(rest),
        ["bench", "score", rest @ ..] => bench::score(rest),
        ["bench", "server", rest @ ..] => bench::server::run(rest),
        ["codegen", rest @ ..] => codegen::run(rest.contains(&"--check")),
        ["tidy", ..] => tidy::run(),
        _ => {
            print!("{HELP}");
            return if words.is_empty() || words[0] == "--help" {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(2)
            };
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}
