//! `holdfast rebuild`.

use super::database::{Database, refused};
use crate::answer::{Answer, Columns, Form, table};
use crate::progress::Bar;
use crate::show;
use app::live::Rebuilt;
use arrow::datatypes::DataType;
use base::codes::live as codes;
use base::{Diagnostic, exit};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

#[derive(Args)]
#[command(after_help = "Example:\n  \
    holdfast rebuild --pack packs/tongchuan --database holdfast.db\n\n\
    Scores and warnings are made again from facts alone and held against what is stored; nothing is \
    written. Exit code 0: the same; 1: something differs.")]
pub struct Arguments {
    /// Folder of the policy pack; once a policy is in force in the database that one counts
    #[arg(long, value_name = "FOLDER")]
    pack: Option<PathBuf>,
    #[command(flatten)]
    database: Database,
    /// The cut through what was known, e.g. 2020-07-05: only the digest is told, nothing compared
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<String>,
    /// What is printed; as csv and parquet: the households that differ
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
}

/// Derives everything again and says whether it is the same.
pub fn run(arguments: &Arguments) -> u8 {
    let live = match arguments.database.live_to_read(arguments.pack.as_deref()) {
        Ok(live) => live,
        Err(code) => return code,
    };
    let as_of = match arguments.as_of.as_deref().map(app::instant).transpose() {
        Ok(as_of) => as_of,
        Err(finding) => return refused(finding),
    };
    let bar = Bar::new("rebuilding", "households", None);
    let done = live.rebuild(as_of, &mut |count| bar.counter.store(count, Ordering::Relaxed));
    drop(bar);
    let rebuilt = match done {
        Ok(rebuilt) => rebuilt,
        Err(finding) => return refused(finding),
    };
    let is_same = rebuilt.differ == 0 && rebuilt.counts_differ == 0;
    let code = if is_same { exit::DONE } else { refused(differs(&rebuilt)) };
    let answer = Answer {
        read: || tell(&rebuilt),
        whole: || {
            json!({
                "from": rebuilt.from,
                "is_cut": rebuilt.is_cut,
                "households": rebuilt.households,
                "scores": rebuilt.scores,
                "warnings": rebuilt.warnings,
                "stale": rebuilt.stale,
                "differ": rebuilt.differ,
                "counts_differ": rebuilt.counts_differ,
                "differing": rebuilt.differing,
                "digest": rebuilt.digest,
            })
        },
        main: || {
            let rows = rebuilt.differing.iter().map(|it| json!({ "household_id": it }));
            table(COLUMNS, &rows.collect::<Vec<_>>())
        },
    };
    answer.print(arguments.format, code)
}

const COLUMNS: &Columns = &[("household_id", DataType::Utf8)];

fn differs(rebuilt: &Rebuilt) -> Diagnostic {
    let message = format!(
        "stored scores or warnings of {} households differ from what their facts give, and {} counts \
         of areas from their scores: {}",
        show::count(rebuilt.differ),
        show::count(rebuilt.counts_differ),
        rebuilt.differing.join(", ")
    );
    Diagnostic::new(&codes::NOT_THE_SAME, message)
        .hint("look into `audit verify`; was the pack changed without scoring everything again?")
}

fn tell(rebuilt: &Rebuilt) {
    show::line(&format!(
        "{} households: {} scores and {} warnings made again, {} households differ",
        show::count(rebuilt.households),
        show::count(rebuilt.scores),
        show::count(rebuilt.warnings),
        show::count(rebuilt.differ),
    ));
    if rebuilt.is_cut {
        let from = &rebuilt.from;
        show::line(&format!(
            "  from {from} on: facts of before were forgotten, scores of then are frozen"
        ));
    }
    if rebuilt.stale > 0 {
        let stale = show::count(rebuilt.stale);
        show::line(&format!("  {stale} households wait to be scored and were not compared"));
    }
    show::line(&format!("  digest {}", rebuilt.digest));
}
