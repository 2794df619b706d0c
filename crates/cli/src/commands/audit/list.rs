//! `holdfast audit list`.

use super::super::database::{Database, refused};
use crate::answer::{self, Answer, Columns, Form};
use crate::show;
use arrow::datatypes::DataType;
use base::exit;
use clap::Args;
use serde_json::{Value, json};
use store::audit::{self, AuditRow, Wanted};

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    database: Database,
    /// What one user did
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,
    /// One command, e.g. user.put
    #[arg(long, value_name = "NOUN.VERB")]
    command: Option<String>,
    /// Rows before this number
    #[arg(long, value_name = "NUMBER")]
    before: Option<i64>,
    /// At most so many rows
    #[arg(long, default_value = "50", value_name = "N",
        value_parser = clap::value_parser!(i64).range(1..))]
    limit: i64,
    /// What to print
    #[arg(long, value_enum, default_value_t = Form::Table)]
    format: Form,
}

const COLUMNS: &Columns = &[
    ("number", DataType::Int64),
    ("at", DataType::Utf8),
    ("actor", DataType::Utf8),
    ("command", DataType::Utf8),
    ("subject", DataType::Utf8),
];

fn row(it: &AuditRow) -> Value {
    let at = server::shown(it.at);
    json!({
        "number": it.number, "at": at, "actor": it.actor, "command": it.command,
        "subject": it.subject,
    })
}

/// Prints rows of the chain.
pub fn run(it: &Arguments) -> Result<u8, u8> {
    let (store, _) = it.database.to_read()?;
    let wanted = Wanted {
        actor: it.actor.as_deref(),
        command: it.command.as_deref(),
        before: it.before.unwrap_or(i64::MAX),
        most: it.limit,
    };
    let rows = store.read(|tx| audit::list(tx, &wanted)).map_err(|it| refused(it.into()))?;
    let rows: Vec<Value> = rows.iter().map(row).collect();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let answer = Answer {
        read: || {
            let cells = |it: &Value| {
                let number = it["number"].to_string();
                let texts = ["at", "actor", "command", "subject"].map(|name| text(&it[name]));
                [number].into_iter().chain(texts).collect()
            };
            let header = ["number", "at", "actor", "command", "subject"];
            show::line(&show::table(&header, &[0], rows.iter().map(cells).collect()));
        },
        whole: || json!({ "items": rows }),
        main: || answer::table(COLUMNS, &rows),
    };
    Ok(answer.print(it.format, exit::DONE))
}
