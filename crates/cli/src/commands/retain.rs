//! `holdfast retain`.

use super::database::{Database, act, refused, user};
use crate::answer::{Answer, Columns, Form, table};
use crate::show;
use app::live::Retained;
use arrow::datatypes::DataType;
use base::exit;
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "Examples:\n  \
    holdfast retain --dry-run --database holdfast.db   what would be forgotten, by attribute\n  \
    holdfast retain --database holdfast.db             forget it; it cannot be undone\n\n\
    The policy says how long (`retention_months`). Facts are erased that can touch no score any more \
    that may still change; scores of before stay as they are. The server that writes does the same \
    once a day. A run that was interrupted is gone on with.")]
pub struct Arguments {
    /// Folder of the policy pack; once a policy is in force in the database that one counts
    #[arg(long, value_name = "FOLDER")]
    pack: Option<PathBuf>,
    #[command(flatten)]
    database: Database,
    /// Only tell what would be forgotten
    #[arg(long)]
    dry_run: bool,
    /// What is printed
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
}

/// Forgets, or tells what would be forgotten.
pub fn run(arguments: &Arguments) -> u8 {
    let live = if arguments.dry_run {
        arguments.database.live_to_read(arguments.pack.as_deref())
    } else {
        arguments.database.live_in_force(arguments.pack.as_deref())
    };
    let live = match live {
        Ok(live) => live,
        Err(code) => return code,
    };
    let name = user();
    let done = if arguments.dry_run {
        live.store.read(|tx| live.retention_plan(tx))
    } else {
        live.retain(&act(&name))
    };
    let retained = match done {
        Ok(retained) => retained,
        Err(finding) => return refused(finding),
    };
    let answer = Answer {
        read: || tell(&retained, arguments.dry_run),
        whole: || {
            json!({
                "dry_run": arguments.dry_run,
                "frozen_before": retained.frozen_before,
                "facts": retained.facts,
                "facts_of": retained.facts_of,
                "cells_of": retained.cells_of,
                "sealed_of": retained.sealed_of,
            })
        },
        main: || table(COLUMNS, &rows(&retained)),
    };
    answer.print(arguments.format, exit::DONE)
}

const COLUMNS: &Columns =
    &[("kind", DataType::Utf8), ("name", DataType::Utf8), ("count", DataType::Int64)];

fn parts(it: &Retained) -> [(&'static str, &BTreeMap<String, u64>); 3] {
    [("facts", &it.facts_of), ("cells", &it.cells_of), ("sealed", &it.sealed_of)]
}

fn rows(it: &Retained) -> Vec<Value> {
    let row = |kind: &str, (name, count): (&String, &u64)| json!({ "kind": kind, "name": name, "count": count });
    let parts = parts(it).into_iter();
    parts.flat_map(|(kind, counts)| counts.iter().map(move |it| row(kind, it))).collect()
}

fn tell(it: &Retained, is_dry: bool) {
    let verb = if is_dry { "would be forgotten" } else { "were forgotten" };
    show::line(&format!("{} facts {verb}", show::count(it.facts)));
    for (kind, counts) in parts(it) {
        for (name, count) in counts {
            show::line(&format!("  {name}: {} {kind}", show::count(*count)));
        }
    }
    if let Some(before) = &it.frozen_before {
        let stay = if is_dry { "would stay" } else { "stay" };
        show::line(&format!("Scores before {before} {stay} as they are, whatever is told later"));
    }
}
