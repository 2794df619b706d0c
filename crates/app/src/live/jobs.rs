//! Jobs: work that takes longer than a request may, asked for in one and followed in others.
//!
//! A job is a row and a file. Whoever works on it does so from the beginning after an interruption:
//! what was stored before is known and not stored again.

mod undo;

pub use undo::{UNDO, can_be_undone};

use super::{Act, ImportRequest, Kind, Live};
use crate::access::{Action, Principal, Role, within};
use base::Diagnostic;
use base::codes::jobs as codes;
use base::codes::live::FACT_EXISTS;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::jobs::{self, JobRow};
use store::{Tx, Within};

/// Nobody works on it yet.
pub const WAITING: &str = "waiting";
/// Somebody works on it.
pub const RUNNING: &str = "running";
/// It did what was asked for.
pub const DONE: &str = "done";
/// It could not.
pub const FAILED: &str = "failed";
/// Somebody ended it.
pub const CANCELLED: &str = "cancelled";

/// Jobs read at once while looking for those that may be seen.
const PIECE: i64 = 200;

/// What was asked of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRequest {
    /// The import.
    pub import: ImportRequest,
    /// The name of the file, where one was given.
    pub filename: Option<String>,
    /// The ending that says its format.
    pub ending: String,
    /// Its bytes.
    pub bytes: u64,
    /// Their digest.
    pub digest: String,
    /// The job whose facts are taken back instead; the rest is what was asked of that one.
    #[serde(default)]
    pub undoes: Option<String>,
}

/// A new id that nobody guesses.
///
/// # Errors
/// The system has no randomness to give.
pub fn new_id() -> Result<String, Diagnostic> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        Diagnostic::new(&codes::JOB_FAILED, format!("no randomness to be had: {error}"))
    })?;
    Ok(bytes.iter().map(|it| format!("{it:02x}")).collect())
}

/// The id of the job that somebody asks for under a key: the same each time.
pub fn id_of(actor: &str, key: &str) -> String {
    let digest = blake3::hash(format!("{}/{actor}/{key}", actor.len()).as_bytes());
    digest.to_hex().as_str()[..32].to_owned()
}

fn areas(within: &Within) -> String {
    match within {
        Within::Everywhere => "*".to_owned(),
        Within::Areas(areas) => areas.join(";"),
    }
}

/// Whose rows a job may touch.
pub fn within_of(row: &JobRow) -> Within {
    within(&row.areas)
}

/// What was asked of a job.
pub fn request_of(row: &JobRow) -> Option<JobRequest> {
    serde_json::from_str(&row.request).ok()
}

/// Who may follow jobs: whoever may begin one.
pub const MAY: [Action; 2] = [Action::Import, Action::ManageAreas];

/// Whether somebody may see a job: the one who asked for it, and supervisors of all its areas, as
/// long as they may begin one of its kind.
fn may_see(who: &Principal, row: &JobRow) -> bool {
    let holds = || match within_of(row) {
        Within::Everywhere => who.within == Within::Everywhere,
        Within::Areas(areas) => areas.iter().all(|it| who.within.holds(Some(it))),
    };
    let kind = row.kind.strip_prefix("import.").and_then(Kind::parse);
    let may = who.may(kind.map_or(Action::Import, Kind::action)).is_ok();
    may && (row.actor == who.name || (who.role == Role::Supervisor && holds()))
}

impl Live {
    /// Asks, as part of a transaction, for a job under an id. The same request under the same id is
    /// the same job.
    ///
    /// # Errors
    /// Another request came under that id before; those of the database.
    pub fn begin_job_in(
        &self,
        tx: &mut Tx<'_>,
        id: &str,
        request: &JobRequest,
        spool: &str,
        act: &Act<'_>,
    ) -> Result<JobRow, Diagnostic> {
        if let Some(row) = jobs::by_id(tx, id)? {
            if request_of(&row).as_ref() == Some(request) {
                return Ok(row);
            }
            let message = "this Idempotency-Key came with another file before";
            return Err(Diagnostic::new(&FACT_EXISTS, message).hint("use a new key for every file"));
        }
        let text = serde_json::to_string(request).unwrap_or_default();
        let mut row = JobRow {
            job_id: id.to_owned(),
            number: 0,
            kind: format!("import.{}", request.import.kind.name()),
            state: WAITING.to_owned(),
            phase: WAITING.to_owned(),
            done: 0,
            total: None,
            actor: act.actor.to_owned(),
            areas: areas(act.within),
            request: text.clone(),
            spool: spool.to_owned(),
            holder: String::new(),
            is_cancelled: false,
            created_at: act.now,
            started_at: None,
            ended_at: None,
            result: None,
            error: None,
            undone_by: None,
        };
        jobs::add(tx, &mut row)?;
        self.record(tx, act, "import.begin", Some(id), text.as_bytes())?;
        Ok(row)
    }

    /// Jobs that somebody may see and that were asked for before a number, the latest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn jobs(
        &self,
        who: &Principal,
        before: i64,
        most: usize,
    ) -> Result<Vec<JobRow>, Diagnostic> {
        let (mut found, mut before) = (Vec::new(), before);
        while found.len() < most {
            let rows = self.store.read(|tx| jobs::before(tx, before, PIECE))?;
            let Some(last) = rows.last() else { break };
            before = last.number;
            found.extend(rows.into_iter().filter(|it| may_see(who, it)));
        }
        found.truncate(most);
        Ok(found)
    }

    /// A job, where somebody may see it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn job(&self, who: &Principal, id: &str) -> Result<Option<JobRow>, Diagnostic> {
        let found = self.store.read(|tx| jobs::by_id(tx, id))?;
        Ok(found.filter(|it| may_see(who, it)))
    }

    /// Ends a job, as part of a transaction: at once where nobody works on it, else with its next
    /// piece. A second time changes nothing.
    ///
    /// # Errors
    /// Those of the database.
    pub fn cancel_job_in(
        &self,
        tx: &mut Tx<'_>,
        who: &Principal,
        id: &str,
        now: i64,
    ) -> Result<Option<JobRow>, Diagnostic> {
        let found = jobs::by_id(tx, id)?;
        let Some(mut row) = found.filter(|it| may_see(who, it)) else { return Ok(None) };
        if row.ended_at.is_some() || row.is_cancelled {
            return Ok(Some(row));
        }
        row.is_cancelled = true;
        if row.state == WAITING {
            CANCELLED.clone_into(&mut row.state);
            row.ended_at = Some(now);
        }
        jobs::put(tx, &row)?;
        let act = Act { actor: &who.name, now, within: &who.within };
        self.record(tx, &act, "job.cancel", Some(id), id.as_bytes())?;
        Ok(Some(row))
    }

    /// Forgets a job, as part of a transaction.
    ///
    /// # Errors
    /// Those of the database.
    pub fn forget_job_in(
        &self,
        tx: &mut Tx<'_>,
        id: &str,
        act: &Act<'_>,
    ) -> Result<(), Diagnostic> {
        jobs::forget(tx, id)?;
        self.record(tx, act, "job.forget", Some(id), id.as_bytes())
    }

    /// Whether a job of a spool folder waits, or was left by whoever worked on it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn has_work(&self, spool: &str) -> Result<bool, Diagnostic> {
        let is_there = |tx: &mut Tx<'_>| -> store::Result<bool> {
            let left = jobs::in_state(tx, spool, RUNNING)?;
            Ok(!left.is_empty() || !jobs::in_state(tx, spool, WAITING)?.is_empty())
        };
        Ok(self.store.read(is_there)?)
    }

    /// Takes the next job of a spool folder, one that was left first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn claim_job_in(
        &self,
        tx: &mut Tx<'_>,
        spool: &str,
        holder: &str,
        now: i64,
    ) -> Result<Option<JobRow>, Diagnostic> {
        let mut all = jobs::in_state(tx, spool, RUNNING)?;
        all.extend(jobs::in_state(tx, spool, WAITING)?);
        let Some(mut row) = all.into_iter().next() else { return Ok(None) };
        RUNNING.clone_into(&mut row.state);
        holder.clone_into(&mut row.holder);
        row.started_at = row.started_at.or(Some(now));
        jobs::put(tx, &row)?;
        Ok(Some(row))
    }

    /// Notes how far a job is.
    ///
    /// # Errors
    /// It shall end, or somebody else works on it now.
    pub fn job_goes_on_in(
        &self,
        tx: &mut Tx<'_>,
        (id, holder): (&str, &str),
        (phase, done, total): (&str, u64, Option<u64>),
    ) -> Result<(), Diagnostic> {
        let found = jobs::by_id(tx, id)?;
        let own = found.filter(|it| it.state == RUNNING && it.holder == holder && !it.is_cancelled);
        let Some(mut row) = own else {
            let finding = Diagnostic::new(&codes::JOB_CANCELLED, "the job was ended");
            return Err(
                finding.hint("what was stored before stays; import the file again to go on")
            );
        };
        phase.clone_into(&mut row.phase);
        row.done = done.try_into().unwrap_or(i64::MAX);
        row.total = total.map(|it| it.try_into().unwrap_or(i64::MAX));
        jobs::put(tx, &row)?;
        Ok(())
    }

    /// Ends a job: with what came of it, or why nothing did.
    ///
    /// # Errors
    /// Those of the database.
    pub fn end_job_in(
        &self,
        tx: &mut Tx<'_>,
        (id, holder): (&str, &str),
        end: Result<&serde_json::Value, &[Diagnostic]>,
        now: i64,
    ) -> Result<(), Diagnostic> {
        let found = jobs::by_id(tx, id)?.filter(|it| it.holder == holder);
        let Some(mut row) = found.filter(|it| it.state == RUNNING) else { return Ok(()) };
        let was_cancelled = |findings: &[Diagnostic]| {
            findings.iter().any(|it| it.code.id == codes::JOB_CANCELLED.id)
        };
        let (state, command) = match end {
            Ok(_) => (DONE, "job.done"),
            Err(findings) if was_cancelled(findings) => (CANCELLED, "job.cancelled"),
            Err(_) => (FAILED, "job.failed"),
        };
        state.clone_into(&mut row.state);
        state.clone_into(&mut row.phase);
        row.ended_at = Some(now);
        row.result = end.ok().map(ToString::to_string);
        row.error = end.err().map(|it| json!(it.iter().map(told).collect::<Vec<_>>()).to_string());
        jobs::put(tx, &row)?;
        let content = row.result.as_ref().or(row.error.as_ref()).cloned().unwrap_or_default();
        let within = within_of(&row);
        let act = Act { actor: &row.actor, now, within: &within };
        self.record(tx, &act, command, Some(id), content.as_bytes())
    }
}

/// A finding as JSON, without the place of a file that only the server has.
pub fn told(it: &Diagnostic) -> serde_json::Value {
    json!({ "code": it.code.id, "detail": it.message, "hint": it.hint })
}
