//! Running other programs from the root of the project, showing what is run.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Why a step failed, for people.
pub type Result<T = ()> = std::result::Result<T, String>;

/// The root of the project.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// A command that runs in the root.
pub fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Runs a command and fails where it fails.
pub fn run(program: &str, arguments: &[&str]) -> Result {
    println!("$ {program} {}", arguments.join(" "));
    let status = command(program, arguments).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{program} {}` ended with {status}", arguments.join(" "))),
        Err(error) => Err(format!("`{program}` could not be started: {error}")),
    }
}

/// Runs a command and hands back what it prints.
pub fn output(program: &str, arguments: &[&str]) -> Result<String> {
    let output = command(program, arguments).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("`{program}` could not be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{program} {}` ended with {}", arguments.join(" "), output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Builds the executable and gives its path. One selection for every command, so that nothing
/// heavy is built twice.
pub fn build(is_release: bool) -> Result<PathBuf> {
    let mut arguments = vec!["build", "--workspace", "--bins"];
    if is_release {
        arguments.push("--release");
    }
    run("cargo", &arguments)?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root().join("target"), PathBuf::from);
    Ok(target.join(if is_release { "release" } else { "debug" }).join("holdfast"))
}

/// Starts a server and waits until it says where it listens: the child, and its address.
pub fn serve(mut command: Command) -> Result<(Child, String)> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
    let mut line = String::new();
    let output = child.stdout.take().ok_or("the server has no output")?;
    BufReader::new(output).read_line(&mut line).map_err(|error| error.to_string())?;
    Ok((child, line.split_whitespace().next().unwrap_or_default().to_owned()))
}
