//! `cargo xtask bench server`: files into a database, facts over HTTP with scoring on, and how long
//! the event of a warning takes. The load comes from the same machine.

mod registry;

use super::{machine, record_lines};
use crate::cluster::Cluster;
use crate::run::{self, Result};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

const PASSWORD: &str = "only for the benchmark";

/// What can be measured by itself: facts over HTTP, a county, a list with few things known of each,
/// a million people.
const PARTS: [&str; 4] = ["load", "county", "few", "million"];

/// Runs it on a file and, where it is installed, on PostgreSQL; only the parts that are named, if
/// any are. `few` needs the county of the same run.
pub fn run(parts: &[&str]) -> Result {
    if let Some(unknown) = parts.iter().find(|it| !PARTS.contains(it)) {
        return Err(format!("`{unknown}` is no part of it: {}", PARTS.join(", ")));
    }
    let parts = if parts.is_empty() { &PARTS[..] } else { parts };
    let holdfast = run::build(true)?;
    let folder = run::root().join("out/bench/server");
    let _ = std::fs::remove_dir_all(&folder);
    let facts = city(&holdfast, &folder)?;
    let bare = run::output("python3", &["bench/bare.py", &folder.join("bare").to_string_lossy()])?;
    let mut lines = vec![format!("{{\"bare\":{}}}", bare.trim())];
    println!("bare: {}", bare.trim());
    let file = |name: &str| Ok(folder.join(format!("{name}.db")).to_string_lossy().into_owned());
    lines.extend(everything(&holdfast, &folder, "SQLite", &file, &facts, parts)?);
    match Cluster::start()? {
        Some(cluster) => {
            let database = |name: &str| cluster.database(name);
            lines.extend(everything(&holdfast, &folder, "PostgreSQL", &database, &facts, parts)?);
        }
        None => println!("PostgreSQL is not installed: left out"),
    }
    record_lines("server", &machine(), &lines)
}

/// All measurements on one kind of database; `address` makes an empty one.
fn everything(
    holdfast: &Path,
    folder: &Path,
    name: &str,
    address: &dyn Fn(&str) -> Result<String>,
    facts: &Path,
    parts: &[&str],
) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    if parts.contains(&"load") {
        lines.extend(database(holdfast, folder, name, &address("city")?, facts)?);
    }
    lines.extend(registry::run(holdfast, folder, name, address, parts)?);
    Ok(lines)
}

fn city(holdfast: &Path, folder: &Path) -> Result<PathBuf> {
    let out = folder.join("city");
    run::run(&holdfast.to_string_lossy(), &["simulate", "--out", &out.to_string_lossy()])?;
    Ok(out.join("facts.parquet"))
}

fn over(holdfast: &Path, folder: &Path, address: &str, words: &[&str]) -> Command {
    let mut command = run::command(&holdfast.to_string_lossy(), words);
    let key = folder.join("key");
    command.args(["--database", address, "--key-file"]).arg(key);
    command
}

fn database(
    holdfast: &Path,
    folder: &Path,
    name: &str,
    address: &str,
    facts: &Path,
) -> Result<Vec<String>> {
    let facts = facts.to_string_lossy();
    let words = ["import", &facts, "--pack", "packs/tongchuan", "--format", "json"];
    let started = Instant::now();
    let output = over(holdfast, folder, address, &words).output();
    let output = output.map_err(|error| error.to_string())?;
    let seconds = started.elapsed().as_secs_f64();
    let printed = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let import = format!(
        "{{\"database\":\"{name}\",\"form\":\"file import, stored, audited and scored\",\"batch\":50000,\
         \"seconds\":{seconds:.2},\"printed\":{printed}}}"
    );
    println!("{import}");
    let mut lines = vec![import];
    user(over(holdfast, folder, address, &USER))?;
    let (mut child, url) = serve(holdfast, folder, address)?;
    let loads = loads(&child, &url, name);
    let _ = child.kill();
    let _ = child.wait();
    lines.extend(loads?);
    Ok(lines)
}

/// A server over a database, and where it listens.
fn serve(holdfast: &Path, folder: &Path, address: &str) -> Result<(Child, String)> {
    let words = ["serve", "--pack", "packs/tongchuan", "--listen", "127.0.0.1:0"];
    let mut command = over(holdfast, folder, address, &words);
    command.args(["--requests", "10000000"]).stderr(Stdio::null());
    run::serve(command)
}

const USER: [&str; 8] =
    ["user", "put", "load", "--role", "supervisor", "--area", "*", "--keep-password"];

fn user(mut command: Command) -> Result {
    let child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn();
    let mut child = child.map_err(|error| error.to_string())?;
    if let Some(mut input) = child.stdin.take() {
        writeln!(input, "{PASSWORD}").map_err(|error| error.to_string())?;
    }
    match child.wait() {
        Ok(status) if status.success() => Ok(()),
        _ => Err("the user for the load could not be made".to_owned()),
    }
}

fn loads(child: &Child, url: &str, name: &str) -> Result<Vec<String>> {
    let throughput = ["1", "100", "500", "1000"].map(|it| ["throughput", "--batch", it]);
    let latency = ["500", "1000"].map(|it| ["latency", "--rate", it]);
    let mut lines = Vec::new();
    for form in throughput.into_iter().chain(latency) {
        let connections = if form[0] == "latency" { "32" } else { "3" };
        let fixed = ["bench/load.py", url, "load", PASSWORD];
        let more = ["--connections", connections, "--seconds", "10"];
        let printed = run::output("python3", &[&fixed[..], &form, &more].concat())?;
        println!("{name} {}: {}", form.join(" "), printed.trim());
        lines.push(format!(
            "{{\"database\":\"{name}\",\"asked\":\"{}\",\"load\":{}}}",
            form.join(" "),
            printed.trim()
        ));
    }
    let resident = super::resident_kib(child.id()) / 1024;
    println!("{name}: {resident} MB at most");
    lines.push(format!("{{\"database\":\"{name}\",\"peak_mb\":{resident}}}"));
    Ok(lines)
}
