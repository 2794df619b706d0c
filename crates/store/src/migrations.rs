//! The tables of a database, made and moved forward step by step.
//!
//! A step is one SQL text for both databases and is never changed once it was released.

use crate::connection::Connection;
use crate::error::{Error, Kind, Result};

/// Steps in order; the number of a database is how many it has been through.
const STEPS: &[(&str, &str)] = &[
    ("chain", include_str!("../migrations/0001_chain.sql")),
    ("access", include_str!("../migrations/0002_access.sql")),
    ("areas", include_str!("../migrations/0003_areas.sql")),
    ("reads", include_str!("../migrations/0004_reads.sql")),
    ("policy", include_str!("../migrations/0005_policy.sql")),
    ("jobs", include_str!("../migrations/0006_jobs.sql")),
    ("hooks", include_str!("../migrations/0007_hooks.sql")),
    ("people", include_str!("../migrations/0008_people.sql")),
    ("totals", include_str!("../migrations/0009_totals.sql")),
    ("names", include_str!("../migrations/0010_names.sql")),
    ("retention", include_str!("../migrations/0011_retention.sql")),
    ("ranks", include_str!("../migrations/0012_ranks.sql")),
    ("reasons", include_str!("../migrations/0013_reasons.sql")),
    ("undo", include_str!("../migrations/0014_undo.sql")),
];

/// Brings a database to the latest step; gives the names of the steps it took.
pub(crate) fn migrate(connection: &mut Connection) -> Result<Vec<&'static str>> {
    connection.run(
        "CREATE TABLE IF NOT EXISTS migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL)",
    )?;
    let done = number(connection)?;
    check(done)?;
    let mut taken = Vec::new();
    for (position, (name, text)) in STEPS.iter().enumerate().skip(done) {
        let clustered = if connection.is_file() { "WITHOUT ROWID" } else { "" };
        let mut text = text.replace("{clustered}", clustered);
        if !connection.is_file() {
            // Ids are ordered by their bytes, whatever language the server speaks.
            text = text.replace(" TEXT", " TEXT COLLATE \"C\"");
        }
        let note = format!("INSERT INTO migrations VALUES ({}, '{name}');", position + 1);
        let step = format!("BEGIN;\n{text}\n{note}\nCOMMIT;");
        if let Err(error) = connection.run(&step) {
            // What went before in the step is undone; the database is at the step before.
            let _ = connection.run("ROLLBACK");
            return Err(error);
        }
        taken.push(*name);
    }
    Ok(taken)
}

/// Refuses a database that is not at the latest step, for those who only read.
pub(crate) fn assert_current(connection: &mut Connection) -> Result<()> {
    let done = number(connection).map_err(|error| {
        Error::new(Kind::Unfit, format!("this is not a database of Holdfast: {error}"))
    })?;
    check(done)?;
    if done == STEPS.len() {
        return Ok(());
    }
    let message = format!(
        "the database is at step {done} of {}: a command that writes, such as `user list`, moves it on",
        STEPS.len()
    );
    Err(Error::new(Kind::Unfit, message))
}

fn number(connection: &mut Connection) -> Result<usize> {
    let found = connection.one("SELECT count(*) FROM migrations", &[], |row| row.int(0))?;
    Ok(found.unwrap_or(0).try_into().unwrap_or(0))
}

fn check(done: usize) -> Result<()> {
    if done <= STEPS.len() {
        return Ok(());
    }
    let message = format!(
        "the database has been through {done} steps and this program knows {}: it is older",
        STEPS.len()
    );
    Err(Error::new(Kind::Unfit, message))
}
