//! `holdfast audit verify`, `audit checkpoint` and `audit list`.

mod list;

use super::database::{Database, refused};
use crate::show;
use base::codes::live as codes;
use base::codes::run;
use base::{Diagnostic, exit};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};
use store::audit::{self, Verdict};

#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    part: Part,
}

#[derive(Subcommand)]
enum Part {
    /// Goes through the chain and names the first row that was changed, removed or moved
    #[command(after_help = "Example:\n  holdfast audit verify --database holdfast.db \
        --checkpoint audit.checkpoint\n\nExit code 0: whole; 1: broken.")]
    Verify {
        #[command(flatten)]
        database: Database,
        /// A checkpoint kept elsewhere: without it rows cut off the end are not seen
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
    },
    /// Writes the head of the chain to a file that is to be kept elsewhere
    #[command(after_help = "Example:\n  holdfast audit checkpoint --database holdfast.db \
        --out audit.checkpoint")]
    Checkpoint {
        #[command(flatten)]
        database: Database,
        /// The file
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Who did what, the latest first; never what was said
    #[command(after_help = "Example:\n  holdfast audit list --actor chief --limit 20 \
        --database holdfast.db")]
    List(list::Arguments),
}

/// Verifies, or writes a checkpoint of a chain that verifies.
pub fn run(arguments: &Arguments) -> u8 {
    let result = match &arguments.part {
        Part::Verify { database, checkpoint } => verify(database, checkpoint.as_deref()),
        Part::Checkpoint { database, out } => write(database, out),
        Part::List(it) => list::run(it),
    };
    result.unwrap_or_else(|code| code)
}

/// Number of rows and last seal of a whole chain.
fn head(database: &Database, upto: Option<(i64, &str)>) -> Result<(i64, String), u8> {
    let (store, master) = database.to_read()?;
    let vault = store.read(|tx| app::people::Vault::open(tx, &master)).map_err(refused)?;
    let key = vault.audit();
    let verdict = store.read(|tx| -> store::Result<_> {
        let verdict = audit::verify(tx, &key)?;
        let mut is_kept = true;
        if let Some((number, seal)) = upto.filter(|it| it.0 > 0) {
            is_kept = false;
            audit::each(tx, number - 1, &mut |row| {
                is_kept |= row.number == number && hex(&row.seal) == seal;
                Ok(())
            })?;
        }
        Ok((verdict, is_kept))
    });
    match verdict.map_err(|it| refused(it.into()))? {
        (Verdict::Whole(count, seal), true) => Ok((count, hex(&seal))),
        (Verdict::Whole(count, _), false) => {
            let message =
                format!("the chain ends at row {count}, which the checkpoint contradicts");
            Err(refused(broken(message)))
        }
        (Verdict::Broken(number), _) => {
            let message = format!("row {number} of the audit chain is not as it was written");
            Err(refused(broken(message)))
        }
    }
}

fn broken(message: String) -> Diagnostic {
    Diagnostic::new(&codes::AUDIT_BROKEN, message)
        .hint("keep this database as it is, and compare it with a backup from before")
}

fn verify(database: &Database, checkpoint: Option<&Path>) -> Result<u8, u8> {
    let text = match checkpoint {
        Some(path) => Some(std::fs::read_to_string(path).map_err(|error| {
            let message = format!("{} cannot be read: {error}", path.display());
            refused(Diagnostic::new(&run::BAD_OPTION, message).hint("check the path"))
        })?),
        None => None,
    };
    let kept = text.as_deref().and_then(|it| it.trim().split_once(' '));
    let kept = kept.and_then(|(number, seal)| Some((number.parse().ok()?, seal)));
    let (count, seal) = head(database, kept)?;
    show::line(&format!("{} rows, every one as it was written", show::count(count.unsigned_abs())));
    show::line(&format!("  head {count} {seal}"));
    Ok(exit::DONE)
}

fn write(database: &Database, out: &Path) -> Result<u8, u8> {
    let (count, seal) = head(database, None)?;
    std::fs::write(out, format!("{count} {seal}\n")).map_err(|error| {
        let message = format!("{} cannot be written: {error}", out.display());
        refused(
            Diagnostic::new(&base::codes::tables::CANNOT_WRITE, message).hint("check the folder"),
        )
    })?;
    show::line(&format!("wrote {}: row {count}; keep it where the database is not", out.display()));
    Ok(exit::DONE)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}
