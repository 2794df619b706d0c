//! The monthly run: a file for every month, and stored scores of the closed ones.
//!
//! Holdfast gets all twelve files, proves by their digests which stored scores still hold, reads
//! three months and stores this month's scores too. The peers get the same stored scores, and the
//! three months alone.

use super::{Result, compare, peer, timed};
use crate::run;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

const RUNS: usize = 5;

/// One line for Holdfast and one for each peer.
pub fn rows(
    holdfast: &Path,
    python: &Path,
    panel: &Path,
    folder: &Path,
    households: &str,
) -> Result<Vec<String>> {
    let monthly = panel.with_file_name("monthly");
    prepare(python, "split", &[panel, &monthly])?;
    let stored = folder.join("stored");
    // From nothing: what was kept of another pack or panel would only be refused.
    let _ = std::fs::remove_dir_all(&stored);
    let out = folder.join("holdfast-monthly");
    let mut measured = None;
    for month in 2..=12u32 {
        let mut arguments: Vec<OsString> = Vec::new();
        for file in (1..=month).map(|it| monthly.join(format!("panel-2020{it:02}.parquet"))) {
            arguments.extend(["--panel".into(), file.into()]);
        }
        arguments.extend(["--stored".into(), stored.clone().into()]);
        arguments.extend(["--out".into(), out.clone().into()]);
        let arguments: Vec<_> = arguments.iter().map(OsString::as_os_str).collect();
        let runs = if month == 12 { RUNS } else { 0 };
        measured = Some(timed(holdfast, &format!("2020-{month:02}"), &arguments, runs)?);
    }
    let measured = measured.ok_or("no month was run")?;
    let line =
        measured.line("holdfast", "monthly run from stored scores, Parquet to Parquet", households);
    println!("holdfast: {line}");
    let mut lines = vec![line];
    prepare(python, "tables", &[panel, &stored, folder])?;
    let (recent, table) = (folder.join("recent.parquet"), folder.join("stored.parquet"));
    for engine in ["duckdb", "polars"] {
        let more = ["--stored", &table.to_string_lossy()];
        lines.push(peer(python, engine, &recent, folder, &more)?);
        compare(python, engine, &out, folder)?;
    }
    Ok(lines)
}

fn prepare(python: &Path, step: &str, paths: &[&Path]) -> Result {
    let paths: Vec<PathBuf> = paths.iter().map(|it| it.to_path_buf()).collect();
    let paths: Vec<_> = paths.iter().map(|it| it.to_string_lossy().into_owned()).collect();
    let mut arguments = vec!["bench/peers/monthly.py", step];
    arguments.extend(paths.iter().map(String::as_str));
    run::run(&python.to_string_lossy(), &arguments)
}
