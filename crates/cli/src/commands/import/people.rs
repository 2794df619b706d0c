//! `holdfast import --people`.

use super::{Arguments, COLUMNS, reject, tell_rejects};
use crate::answer::{Answer, table};
use crate::commands::database::{act, user};
use crate::commands::refuse;
use crate::progress::Bar;
use crate::show;
use app::input::Files;
use app::live::Live;
use app::people::ImportedPeople;
use base::exit;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;
use tables::ReadOptions;

/// Imports people and says what became of every row.
pub fn run(arguments: &Arguments, live: &Live) -> u8 {
    let files = Files { paths: arguments.people.clone(), columns: arguments.column.clone() };
    let user = user();
    let bar = Bar::new("importing", "people", None);
    let done = live.import_people(
        &files,
        &ReadOptions::default(),
        arguments.dry_run,
        &act(&user),
        &mut |_, count| bar.counter.store(count, Ordering::Relaxed),
    );
    drop(bar);
    let imported = match done {
        Ok(imported) => imported,
        Err(findings) => return refuse(&findings),
    };
    let is_whole = imported.rejects.is_empty();
    let answer = Answer {
        read: || tell(&imported, arguments.dry_run),
        whole: || whole(&imported, arguments.dry_run),
        main: || table(COLUMNS, &imported.rejects.iter().map(reject).collect::<Vec<_>>()),
    };
    answer.print(arguments.format, if is_whole { exit::DONE } else { exit::DONE_WITH_REJECTS })
}

fn tell(imported: &ImportedPeople, is_dry: bool) {
    let (verb, end) = if is_dry { ("would be", "; nothing was kept") } else { ("were", "") };
    let receipt = &imported.receipt;
    show::line(&format!(
        "{} people {verb} new, {} changed, {} known, {} rows not taken; {} pairs may be one person{end}",
        show::count(receipt.accepted),
        show::count(receipt.changed),
        show::count(receipt.known),
        show::count(imported.rejects.len() as u64),
        show::count(receipt.suspected),
    ));
    tell_rejects(&imported.rejects);
}

fn whole(imported: &ImportedPeople, is_dry: bool) -> Value {
    let receipt = &imported.receipt;
    json!({
        "dry_run": is_dry,
        "accepted": receipt.accepted,
        "changed": receipt.changed,
        "known": receipt.known,
        "suspected": receipt.suspected,
        "rejects": imported.rejects.iter().map(reject).collect::<Vec<_>>(),
    })
}
