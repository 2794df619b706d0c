//! `holdfast key rotate`.

use super::database::{Database, act, refused, user};
use crate::progress::Bar;
use crate::show;
use base::exit;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::sync::atomic::Ordering;

#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    part: Part,
}

#[derive(Subcommand)]
enum Part {
    /// Puts a database under another master key
    #[command(after_help = "Example:\n  holdfast key rotate --database holdfast.db \
        --new-key-file holdfast.new.key\n\n\
        The data keys of sealed fields are wrapped anew, in one transaction; their contents stay as \
        they are. The audit chain goes on with the key it began with, which lies under the new master \
        key from now on: chain and checkpoints verify as before. Stop the server first, start it with \
        the new file, and keep the old one as long as backups from before.")]
    Rotate {
        #[command(flatten)]
        database: Database,
        /// File with the new master key; made where it is missing
        #[arg(long, value_name = "FILE")]
        new_key_file: PathBuf,
    },
}

/// Changes the key.
pub fn run(arguments: &Arguments) -> u8 {
    let Part::Rotate { database, new_key_file } = &arguments.part;
    rotate(database, new_key_file).unwrap_or_else(|code| code)
}

fn rotate(database: &Database, new: &std::path::Path) -> Result<u8, u8> {
    let (store, old) = database.to_write()?;
    let key = super::database::key_of(new, true).map_err(refused)?;
    let user = user();
    let bar = Bar::new("wrapping", "data keys", None);
    let mut progress = |count| bar.counter.store(count, Ordering::Relaxed);
    let done = app::people::rotate(&store, (&old, &key), &act(&user), &mut progress);
    drop(bar);
    let count = show::count(done.map_err(refused)?);
    show::line(&format!("{count} data keys are under {} now", new.display()));
    show::line("  name it with --key-file from now on, or put it where the old one lies");
    Ok(exit::DONE)
}
