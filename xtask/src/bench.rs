//! `cargo xtask bench score`: the same job for Holdfast, DuckDB and Polars, from one file, in turn.
//!
//! Figures go to bench/results.ndjson and are never asserted: machines differ and are noisy.

mod monthly;
pub mod server;

use crate::run::{self, Result};
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 5;
const THREADS: &str = "2";
const WHOLE: &str = "whole process, Parquet to Parquet";

/// Runs the benchmark: `--households N` (default one million), `--months M` (12).
pub fn score(arguments: &[&str]) -> Result {
    let option = |name: &str, otherwise: &'static str| {
        let at = arguments.iter().position(|it| *it == name);
        at.and_then(|it| arguments.get(it + 1)).map_or(otherwise.to_owned(), |it| (*it).to_owned())
    };
    let (households, months) = (option("--households", "1000000"), option("--months", "12"));
    let holdfast = run::build(true)?;
    let folder = run::root().join("out/bench");
    let panel = panel(&holdfast, &folder, &households, &months)?;
    let python = environment()?;
    let machine = machine();
    println!("{machine}");
    let mut lines = Vec::new();
    for (engine, from_memory) in
        [("duckdb", false), ("polars", false), ("duckdb", true), ("polars", true)]
    {
        let more: &[&str] = if from_memory { &["--from-memory"] } else { &[] };
        lines.push(peer(&python, engine, &panel, &folder, more)?);
    }
    lines.push(own(&holdfast, &panel, &folder, &households)?);
    for engine in ["duckdb", "polars"] {
        lines.push(whole(&python, engine, &panel, &folder, &households)?);
        compare(&python, engine, &folder.join("holdfast"), &folder)?;
    }
    lines.extend(own_engine(&holdfast, &panel, &folder)?);
    lines.extend(monthly::rows(&holdfast, &python, &panel, &folder, &households)?);
    record(&machine, &households, &months, &lines)
}

/// A run over so many households, to see whether time grows in proportion and memory does not.
pub fn scale(households: u64) -> Result {
    let holdfast = run::build(true)?;
    let folder = run::root().join("out/bench");
    let households = households.to_string();
    let panel = panel(&holdfast, &folder, &households, "12")?;
    let line = own(&holdfast, &panel, &folder, &households)?;
    record(&machine(), &households, "12", &[line])
}

fn panel(holdfast: &Path, folder: &Path, households: &str, months: &str) -> Result<PathBuf> {
    let folder = folder.join(format!("{households}x{months}"));
    let path = folder.join("panel.parquet");
    if !path.is_file() {
        let (program, out) = (holdfast.to_string_lossy(), folder.to_string_lossy());
        let arguments =
            ["simulate", "--bench-panel", "--households", households, "--months", months, "--out"];
        run::run(&program, &[&arguments[..], &[&out]].concat())?;
    }
    Ok(path)
}

fn environment() -> Result<PathBuf> {
    let programs = crate::python::environment("bench-venv", "bench/peers/requirements.txt")?;
    Ok(programs.join("python"))
}

/// Processor and cores, as the results name the machine.
fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|it| it.strip_prefix("model name")).unwrap_or(": unknown");
    let model = model.trim_start_matches(['\t', ' ', ':']);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{model}, {cores} cores")
}

fn peer(python: &Path, engine: &str, panel: &Path, folder: &Path, more: &[&str]) -> Result<String> {
    let script = format!("bench/peers/score_{engine}.py");
    let out = folder.join(format!("{engine}.parquet"));
    let (panel, out, runs) = (panel.to_string_lossy(), out.to_string_lossy(), RUNS.to_string());
    let mut arguments = vec![script.as_str(), &panel, &out, "--runs", &runs, "--warmup", "1"];
    arguments.extend(more);
    let printed = run::output(&python.to_string_lossy(), &arguments)?;
    let line = printed.lines().rev().find(|it| it.starts_with('{')).unwrap_or("{}").to_owned();
    println!("{engine} {}: {line}", more.join(" "));
    // The peers' own line does not say which input it had.
    Ok(line.replacen('{', &format!("{{\"asked\":\"{}\",", more.first().unwrap_or(&"")), 1))
}

fn own(holdfast: &Path, panel: &Path, folder: &Path, households: &str) -> Result<String> {
    let out = folder.join("holdfast");
    let panel = ["--panel".as_ref(), panel.as_os_str(), "--out".as_ref(), out.as_os_str()];
    let measured = timed(holdfast, "2020-12", &panel, RUNS)?;
    let line = measured.line("holdfast", WHOLE, households);
    println!("holdfast: {line}");
    Ok(line)
}

/// Seconds of each run, sorted, and the greatest resident memory.
struct Measured {
    seconds: Vec<f64>,
    peak_kib: u64,
}

impl Measured {
    fn line(&self, engine: &str, form: &str, households: &str) -> String {
        let list: Vec<String> = self.seconds.iter().map(|it| format!("{it:.3}")).collect();
        format!(
            "{{\"engine\":\"{engine}\",\"form\":\"{form}\",\"households\":{households},\
             \"runs_s\":[{}],\"median_s\":{:.3},\"peak_mb\":{}}}",
            list.join(","),
            self.seconds[self.seconds.len() / 2],
            self.peak_kib / 1024
        )
    }
}

/// Times whole processes that score a period.
fn timed(holdfast: &Path, period: &str, more: &[&OsStr], runs: usize) -> Result<Measured> {
    let fixed = ["assess", "--pack", "packs/bench_score", "--period", period];
    processes(runs, || {
        let mut command = run::command(&holdfast.to_string_lossy(), &fixed);
        command.args(["--until", "scores", "--threads", THREADS, "--top", "0"]).args(more);
        command
    })
}

/// A peer's whole processes, each with one run in it.
fn whole(
    python: &Path,
    engine: &str,
    panel: &Path,
    folder: &Path,
    households: &str,
) -> Result<String> {
    let script = format!("bench/peers/score_{engine}.py");
    let out = folder.join(format!("{engine}.parquet"));
    let measured = processes(RUNS, || {
        let mut command = run::command(&python.to_string_lossy(), &[&script]);
        command.args([panel, &out]).args(["--runs", "1", "--warmup", "0"]);
        command
    })?;
    let line = measured.line(engine, WHOLE, households);
    println!("{engine}: {line}");
    Ok(line)
}

/// Times processes from start to end; a first one, which is not counted, warms the caches.
fn processes(runs: usize, command: impl Fn() -> Command) -> Result<Measured> {
    let mut measured = Measured { seconds: Vec::new(), peak_kib: 0 };
    for number in 0..=runs {
        let mut command = command();
        let started = Instant::now();
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut child = child.map_err(|error| format!("{command:?} did not start: {error}"))?;
        let status = loop {
            measured.peak_kib = measured.peak_kib.max(resident_kib(child.id()));
            match child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) => std::thread::sleep(Duration::from_millis(5)),
                Err(error) => return Err(error.to_string()),
            }
        };
        if !status.success() {
            return Err(format!("{command:?} ended with {status}"));
        }
        if number > 0 {
            measured.seconds.push(started.elapsed().as_secs_f64());
        }
    }
    measured.seconds.sort_by(f64::total_cmp);
    Ok(measured)
}

/// The greatest resident memory of a process so far, in KiB; 0 where the system does not say.
fn resident_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|it| it.parse().ok()).unwrap_or(0)
}

/// Files to files as the peers are timed, inside a running process; then the engine alone, rows
/// already in memory; one household and a thousand live.
fn own_engine(holdfast: &Path, panel: &Path, folder: &Path) -> Result<Vec<String>> {
    let program = holdfast.with_file_name("holdfast-bench");
    let out = folder.join("holdfast-inside");
    let (panel, out, runs) = (panel.to_string_lossy(), out.to_string_lossy(), RUNS.to_string());
    let arguments = [&*panel, &*out, "2020-12", &runs, THREADS];
    let printed = run::output(&program.to_string_lossy(), &arguments)?;
    print!("{printed}");
    Ok(printed.lines().map(str::to_owned).collect())
}

fn compare(python: &Path, engine: &str, own: &Path, folder: &Path) -> Result {
    let (ours, theirs) = (own.join("scores.parquet"), folder.join(format!("{engine}.parquet")));
    let (ours, theirs) = (ours.to_string_lossy(), theirs.to_string_lossy());
    let printed =
        run::output(&python.to_string_lossy(), &["bench/peers/compare.py", &ours, &theirs])?;
    println!("holdfast and {engine}: {}", printed.trim());
    Ok(())
}

/// Lines of a benchmark, each with commit and machine.
fn record_lines(bench: &str, machine: &str, lines: &[String]) -> Result {
    append(lines, &|commit, line| {
        format!(
            "{{\"bench\":\"{bench}\",\"commit\":\"{commit}\",\"machine\":\"{machine}\",\"result\":{line}}}"
        )
    })
}

fn record(machine: &str, households: &str, months: &str, lines: &[String]) -> Result {
    append(lines, &|commit, line| {
        format!(
            "{{\"bench\":\"score\",\"commit\":\"{commit}\",\"machine\":\"{machine}\",\
             \"households\":{households},\"months\":{months},\"threads\":{THREADS},\"result\":{line}}}"
        )
    })
}

fn append(lines: &[String], form: &dyn Fn(&str, &str) -> String) -> Result {
    let commit = run::output("git", &["rev-parse", "--short", "HEAD"])?;
    let path = run::root().join("bench/results.ndjson");
    let file = std::fs::OpenOptions::new().create(true).append(true).open(&path);
    let mut file = file.map_err(|error| format!("bench/results.ndjson: {error}"))?;
    for line in lines {
        writeln!(file, "{}", form(commit.trim(), line)).map_err(|error| error.to_string())?;
    }
    Ok(())
}
