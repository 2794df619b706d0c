//! A job that takes back what another one recorded.

use super::{Far, InTurn, PIECE};
use crate::clock::now;
use crate::state::Server;
use app::live::jobs::{request_of, within_of};
use app::live::{Importer, Undo, Undone};
use base::Diagnostic;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use store::jobs::{self, JobRow};

/// Takes back what a job recorded.
pub fn undo(server: &Server, row: &JobRow, job: &str) -> Result<Value, Vec<Diagnostic>> {
    let before = server.live.store.read(|tx| jobs::by_id(tx, job));
    let before = before.map_err(|it| vec![it.into()])?;
    let importer = Importer { actor: row.actor.clone(), now: now(), within: within_of(row) };
    let state = Arc::new(Mutex::new(Far { phase: "undoing", done: 0, total: None }));
    let mut hand = InTurn { server, row, state };
    let undo = Undo { job: job.to_owned(), name: request_of(row).and_then(|it| it.filename) };
    let undone = server.live.undo_by(&undo, &importer, PIECE, &mut hand)?;
    Ok(result(&undone, job, before.as_ref()))
}

fn result(undone: &Undone, job: &str, before: Option<&JobRow>) -> Value {
    let left = undone.left.iter().map(|it| {
        json!({
            "fact_id": it.fact_id,
            "household_id": it.household_id,
            "corrected_by": it.corrected_by,
        })
    });
    // Whom the import registered stays in the registry: how many there are to be looked at.
    let told: Option<Value> =
        before.and_then(|it| it.result.as_deref()).and_then(|it| serde_json::from_str(it).ok());
    let people = told.map_or(Value::Null, |it| it["people"]["accepted"].clone());
    json!({
        "undoes": job,
        "taken_back": undone.taken_back,
        "known": undone.known,
        "corrected": undone.corrected,
        "left": left.collect::<Vec<_>>(),
        "elsewhere": undone.elsewhere,
        "people_kept": people,
        "households_scored": undone.scored,
    })
}
