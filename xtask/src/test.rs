//! `cargo xtask test`: every test this machine can run.

use crate::cluster::Cluster;
use crate::run::{self, Result};
use crate::{codegen, tidy, web};
use std::process::Stdio;

/// House rules and lints first, for they answer in seconds; then tests and generated pages.
pub fn run() -> Result {
    tidy::run()?;
    run::run("cargo", &["fmt", "--all", "--check"])?;
    web::test()?;
    databases(&[], &[])?;
    web::browser()?;
    codegen::run(true)?;
    run::run("cargo", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
}

/// Where tests find the server database.
pub const SERVER: &str = "HOLDFAST_TEST_POSTGRES";

/// `cargo test` over the workspace beside a throw-away server database: with more words for it, and
/// settings for the tests' environment.
pub fn databases(more: &[&str], settings: &[(&str, &str)]) -> Result {
    let cluster = Cluster::start()?;
    let mut command = run::command("cargo", &[&["test", "--workspace"], more].concat());
    command.envs(settings.iter().copied()).stdin(Stdio::null());
    match &cluster {
        Some(cluster) => drop(command.env(SERVER, &cluster.url)),
        None => println!("PostgreSQL is not installed: tests on it are left out"),
    }
    println!("$ cargo test --workspace");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("tests ended with {status}")),
        Err(error) => Err(format!("cargo could not be started: {error}")),
    }
}
