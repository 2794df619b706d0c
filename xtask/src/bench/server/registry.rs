//! A registry of a large county: households with members out of a file, people found by name,
//! another policy tried, memory.

use super::{PASSWORD, USER, over, user};
use crate::bench::resident_kib;
use crate::run::{self, Result};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Households of the registry, and of the one whose people are searched: a million people.
const HOUSEHOLDS: &str = "100000";
const OF_A_MILLION: &str = "330000";
/// The day of everything whose row says none: simulated months begin in July 2018.
const DAY: &str = "2018-08-31";
/// What a first list has of each household.
const FEW: [&str; 5] =
    ["registry.area", "registry.poor", "income.net_12m", "debt.total", "job.months_worked_12m"];

/// Runs it over databases of its own; `address` makes an empty one.
pub fn run(
    holdfast: &Path,
    folder: &Path,
    name: &str,
    address: &dyn Fn(&str) -> Result<String>,
    parts: &[&str],
) -> Result<Vec<String>> {
    let mut bench = Bench { holdfast, folder, name, lines: Vec::new() };
    if parts.contains(&"county") {
        bench.county(&address("county")?, &address("table")?)?;
    }
    if parts.contains(&"few") {
        bench.few(&address("few")?)?;
    }
    if parts.contains(&"million") {
        bench.million(&address("million")?)?;
    }
    Ok(bench.lines)
}

struct Bench<'a> {
    holdfast: &'a Path,
    folder: &'a Path,
    name: &'a str,
    lines: Vec<String>,
}

impl Bench<'_> {
    /// Facts of 100,000 households, a trial over all of them at once after a start and one when the
    /// server has read for it; then the same households and their
    /// members as tables, a row each, into an empty database.
    fn county(&mut self, address: &str, empty: &str) -> Result {
        let city = self.simulated("county", &["--households", HOUSEHOLDS, "--months", "2"])?;
        let facts = city.join("facts.parquet").to_string_lossy().into_owned();
        self.timed("facts of 100,000 households, stored, audited and scored", address, &[&facts])?;
        let people = city.join("people.parquet").to_string_lossy().into_owned();
        self.timed("their people", address, &["--people", &people])?;
        self.served(address, &["trial", "--rounds", "5"])?;
        self.served(address, &["trial", "--rounds", "5", "--ahead"])?;
        for what in ["households", "members"] {
            let table = city.join(format!("{what}.csv")).to_string_lossy().into_owned();
            let words = ["export", what, "--pack", "packs/tongchuan", "--out", &table];
            succeed(&mut over(self.holdfast, self.folder, address, &words))?;
            let form = format!("{what} as a table, stored, audited and scored");
            self.timed(&form, empty, &[&table, "--kind", what, "--date", DAY])?;
        }
        Ok(())
    }

    /// The same households with the few things that a first list has of each.
    fn few(&mut self, empty: &str) -> Result {
        let [all, few] =
            ["households", "few"].map(|it| self.folder.join("county").join(format!("{it}.csv")));
        let (all, few) = (all.to_string_lossy(), few.to_string_lossy().into_owned());
        let words = [&["bench/narrow.py", &all, &few, "household_id"], &FEW[..]].concat();
        run::run("python3", &words)?;
        let form = "households with five things known, stored, audited and scored";
        self.timed(form, empty, &[&few, "--kind", "households", "--date", DAY])
    }

    /// People alone, a million of them, and searches among them.
    fn million(&mut self, address: &str) -> Result {
        let city = self.simulated("million", &["--households", OF_A_MILLION, "--people-only"])?;
        let people = city.join("people.parquet").to_string_lossy().into_owned();
        self.timed("a million people", address, &["--people", &people])?;
        self.served(address, &["search", "--rounds", "300"])
    }

    fn simulated(&self, name: &str, more: &[&str]) -> Result<PathBuf> {
        let out = self.folder.join(name);
        if !out.is_dir() {
            let out = out.to_string_lossy();
            run::run(
                &self.holdfast.to_string_lossy(),
                &[&["simulate", "--out", &out], more].concat(),
            )?;
        }
        Ok(out)
    }

    fn timed(&mut self, form: &str, address: &str, more: &[&str]) -> Result {
        let words = ["import", "--pack", "packs/tongchuan", "--format", "json"];
        let started = Instant::now();
        let mut command = over(self.holdfast, self.folder, address, &[&words[..], more].concat());
        let printed = succeed(&mut command)?;
        let seconds = started.elapsed().as_secs_f64();
        let printed = printed.trim();
        self.note(format!("\"form\":\"{form}\",\"seconds\":{seconds:.2},\"printed\":{printed}"));
        Ok(())
    }

    /// Asks a server over the database, and how much memory it takes.
    fn served(&mut self, address: &str, asks: &[&str]) -> Result {
        user(over(self.holdfast, self.folder, address, &USER))?;
        let (mut child, url) = super::serve(self.holdfast, self.folder, address)?;
        let words = [&["bench/asks.py", &url, "load", PASSWORD], asks].concat();
        let said = run::output("python3", &words);
        let resident = resident_kib(child.id()) / 1024;
        let _ = child.kill();
        let _ = child.wait();
        self.note(format!("\"said\":{},\"peak_mb\":{resident}", said?.trim()));
        Ok(())
    }

    fn note(&mut self, what: String) {
        let line = format!("{{\"database\":\"{}\",{what}}}", self.name);
        println!("{line}");
        self.lines.push(line);
    }
}

fn succeed(command: &mut Command) -> Result<String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
}
