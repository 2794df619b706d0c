//! `cargo xtask web`: the web UI, built into `web/dist/ui`, from where the server takes it into the
//! executable.

use crate::run::{self, Result, root};
use std::process::Stdio;

/// Installs what the lock file names, and builds.
pub fn run() -> Result {
    npm(&["ci"])?;
    npm(&["run", "build"])
}

/// Builds it where npm is there; says so where it is not: the server then serves a page that says
/// how to.
pub fn built() -> Result {
    if is_there() {
        return run();
    }
    println!("npm is not installed: the executable gets no web UI");
    Ok(())
}

/// Lints and tests of the UI, where npm is there; in a browser where `browser` is.
pub fn test() -> Result {
    if !is_there() {
        println!("npm is not installed: tests of the web UI are left out");
        return Ok(());
    }
    run()?;
    npm(&["run", "lint"])?;
    npm(&["test"])
}

/// The UI over a real server in a real browser, where there is one.
pub fn browser() -> Result {
    let browser = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    if !is_there() || !std::path::Path::new(&browser).exists() {
        println!("npm or Chromium is not installed: the web UI is tried in no browser");
        return Ok(());
    }
    run::build(false)?;
    npm(&["run", "e2e"])
}

fn is_there() -> bool {
    let mut asked = run::command("npm", &["--version"]);
    asked.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|it| it.success())
}

fn npm(arguments: &[&str]) -> Result {
    println!("$ npm {}", arguments.join(" "));
    let status = run::command("npm", arguments).current_dir(root().join("web")).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`npm {}` ended with {status}", arguments.join(" "))),
        Err(error) => Err(format!("npm could not be started: {error}")),
    }
}
