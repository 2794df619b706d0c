//! `holdfast policy`: versions in the database, who wants which of them from when, and what one
//! would change.

mod trial;
mod versions;

use super::database::{Database, act, refused, user};
use super::refuse;
use crate::show;
use app::live::Live;
use app::live::policy::{Package, Proposal, Version};
use base::codes::run as codes;
use base::{Diagnostic, exit};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    part: Part,
}

#[derive(Subcommand)]
enum Part {
    /// Puts a pack into the database; the first one holds from the beginning
    #[command(after_help = "Example:\n  \
        holdfast policy install packs/tongchuan --database holdfast.db\n\n\
        A pack with errors, or with an example that does not come out, is refused with every finding. \
        A second time changes nothing.")]
    Install {
        /// Folder of the pack
        folder: PathBuf,
        /// Why
        #[arg(long)]
        note: Option<String>,
        #[command(flatten)]
        database: Database,
    },
    /// Versions, and what was proposed of them
    List {
        #[command(flatten)]
        database: Database,
    },
    /// Proposes that a version hold from a day on
    #[command(after_help = "Example:\n  \
        holdfast policy propose 4b384868790e --from 2020-07-01 --database holdfast.db")]
    Propose {
        /// Hash of the version, or its beginning
        version: String,
        /// From which day
        #[arg(long, value_name = "DAY")]
        from: String,
        /// Why
        #[arg(long)]
        note: Option<String>,
        #[command(flatten)]
        database: Database,
    },
    /// Approves what somebody else proposed
    Approve {
        /// Number of the proposal
        number: i64,
        #[command(flatten)]
        database: Database,
    },
    /// Refuses what was proposed
    Refuse {
        /// Number of the proposal
        number: i64,
        #[command(flatten)]
        database: Database,
    },
    /// What changes of the policy in force would change, saving nothing
    #[command(after_help = "Example:\n  \
        holdfast policy try --set weight:income=30 --set edge:yellow=35 \\\n      \
        --set anchor:debt_to_income:red=3 --set parameter:monitoring_line=6000 --database holdfast.db")]
    Try(trial::Arguments),
}

/// Does one of them.
pub fn run(arguments: &Arguments) -> u8 {
    match &arguments.part {
        Part::Install { folder, note, database } => install(folder, note.as_ref(), database),
        Part::List { database } => with(database, versions::list),
        Part::Propose { version, from, note, database } => {
            with(database, |live| propose(live, version, from, note.as_ref()))
        }
        Part::Approve { number, database } => with(database, |live| {
            let row = live.store.write(|tx| live.approve_in(tx, *number, &act(&user())))?;
            let day = versions::day(row.from_day);
            show::line(&format!("{} holds from {day}", short(&row.hash)));
            let waiting = live.store.read(store::stale::count)?;
            if waiting > 0 {
                let waiting = show::count(waiting.unsigned_abs());
                show::line(&format!("  {waiting} households are scored again by the server"));
            }
            Ok(())
        }),
        Part::Refuse { number, database } => with(database, |live| {
            let row = live.store.write(|tx| live.refuse_in(tx, *number, &act(&user())))?;
            show::line(&format!("proposal {} of {} is refused", row.number, short(&row.hash)));
            Ok(())
        }),
        Part::Try(it) => trial::run(it),
    }
}

fn with(database: &Database, work: impl FnOnce(&Live) -> Result<(), Diagnostic>) -> u8 {
    let live = match database.live_in_force(None) {
        Ok(live) => live,
        Err(code) => return code,
    };
    work(&live).map_or_else(refused, |()| exit::DONE)
}

fn install(folder: &Path, note: Option<&String>, database: &Database) -> u8 {
    let package = match Package::read(folder) {
        Ok(package) => package,
        Err(findings) => return refuse(&findings),
    };
    show::findings(&package.loaded.diagnostics);
    // In an empty database it is the first, which needs no second person.
    let live = match database.live_in_force_or(folder) {
        Ok(live) => live,
        Err(code) => return code,
    };
    let version = Version { note: note.cloned(), ..package.into() };
    let done = live.store.write(|tx| live.install_in(tx, &version, &act(&user())));
    match done {
        Ok(installed) => {
            let pack = version.package.pack();
            let is_new = if installed.is_new { "is installed" } else { "was installed before" };
            show::line(&format!("{} {} {is_new}", pack.id, pack.version));
            show::line(&format!("  {}", installed.hash));
            exit::DONE
        }
        Err(finding) => refused(finding),
    }
}

fn propose(
    live: &Live,
    version: &str,
    from: &str,
    note: Option<&String>,
) -> Result<(), Diagnostic> {
    let from = from.parse().map_err(|_| {
        Diagnostic::new(&codes::BAD_OPTION, format!("`{from}` is no day"))
            .hint("write days like 2020-07-01")
    })?;
    let all = live.store.read(store::policies::all)?;
    let mut found = all.iter().filter(|it| it.hash.starts_with(version));
    let hash = match (found.next(), found.next()) {
        (Some(one), None) => one.hash.clone(),
        _ => version.to_owned(),
    };
    let proposal = Proposal { hash, from, note: note.cloned() };
    let row = live.store.write(|tx| live.propose_in(tx, &proposal, &act(&user())))?;
    show::line(&format!(
        "proposal {}: {} from {from}; somebody else has to approve it",
        row.number,
        short(&row.hash)
    ));
    Ok(())
}

/// The part of a hash that people read.
pub fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}
