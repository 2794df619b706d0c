//! `holdfast export`.

use super::database::{Database, act, user};
use super::refuse;
use crate::progress::Bar;
use crate::show;
use app::live::What;
use base::codes::run::BAD_OPTION;
use base::codes::tables::CANNOT_WRITE;
use base::{Diagnostic, Place, exit};
use clap::Args;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use store::Within;
use tables::Format;

#[derive(Args)]
#[command(after_help = "Examples:\n  \
    holdfast export facts --out facts.parquet --pack packs/tongchuan --database holdfast.db\n  \
    holdfast export households --area 610202 --out households.xlsx --pack packs/tongchuan\n\n\
    Facts, households and members can be imported again and change nothing then. The file takes its \
    name when it is whole. Exit code 0: written; 1: refused.")]
pub struct Arguments {
    /// facts, households, members, scores or warnings
    what: String,
    /// File to write: .csv, .xlsx, .ndjson or .parquet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Folder of the policy pack
    #[arg(long, value_name = "FOLDER")]
    pack: PathBuf,
    #[command(flatten)]
    database: Database,
    /// Only households that live in an area
    #[arg(long, value_name = "CODE")]
    area: Option<String>,
}

/// Writes everything of a kind to a file.
pub fn run(arguments: &Arguments) -> u8 {
    let live = match arguments.database.live(&arguments.pack) {
        Ok(live) => live,
        Err(code) => return code,
    };
    match export(&live, arguments) {
        Ok(rows) => {
            show::line(&format!("{} rows in {}", show::count(rows), arguments.out.display()));
            exit::DONE
        }
        Err(finding) => refuse(&[finding]),
    }
}

fn export(live: &app::live::Live, arguments: &Arguments) -> Result<u64, Diagnostic> {
    let what = What::parse(&arguments.what).ok_or_else(|| {
        let message = format!("there is no `{}` to export", arguments.what);
        Diagnostic::new(&BAD_OPTION, message).hint("facts, households, members, scores or warnings")
    })?;
    let ending = arguments.out.extension().map(|it| it.to_string_lossy().to_lowercase());
    let format = ending.as_deref().and_then(Format::parse).ok_or_else(|| {
        Diagnostic::new(&BAD_OPTION, "--out: the ending of the name says no format")
            .hint("name it .csv, .xlsx, .ndjson or .parquet")
    })?;
    let area = arguments.area.clone();
    let within = area.clone().map_or(Within::Everywhere, |it| Within::Areas(vec![it]));
    let user = user();
    live.store.write(|tx| live.begin_export_in(tx, what, area.as_deref(), &act(&user)))?;
    let mut name = arguments.out.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    let partial = arguments.out.with_file_name(name);
    let bar = Bar::new("exporting", "rows", None);
    let rows =
        File::create(&partial).map_err(|error| fault(&arguments.out, &error)).and_then(|it| {
            let sink = BufWriter::new(it);
            live.export(what, &within, format, sink, &mut |rows| {
                bar.counter.store(rows, Ordering::Relaxed);
            })
        });
    drop(bar);
    let named = rows.and_then(|rows| {
        std::fs::rename(&partial, &arguments.out)
            .map_err(|error| fault(&arguments.out, &error))
            .map(|()| rows)
    });
    if named.is_err() {
        // Nothing half-written stays; it may never have been made.
        let _ = std::fs::remove_file(&partial);
    }
    named
}

fn fault(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(&CANNOT_WRITE, format!("the result cannot be written: {error}"))
        .at(Place::file(path.display().to_string()))
        .hint("check that the folder exists, may be written to and has room")
}
