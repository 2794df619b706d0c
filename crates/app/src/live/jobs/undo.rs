//! Which jobs can be undone, and the job that does it.

use super::{CANCELLED, DONE, FAILED, JobRequest, WAITING, areas, may_see, request_of};
use crate::access::Principal;
use crate::live::{Act, Kind, Live};
use base::Diagnostic;
use base::codes::jobs as codes;
use store::jobs::{self, JobRow};
use store::{Tx, recorded};

/// What kind of work it is.
pub const UNDO: &str = "import.undo";

/// The job that undoes another one: the same whoever asks for it.
fn id_of(job: &str) -> String {
    blake3::hash(format!("undo/{job}").as_bytes()).to_hex().as_str()[..32].to_owned()
}

/// The job that a job takes back.
fn undoes(row: &JobRow) -> Option<String> {
    request_of(row)?.undoes
}

/// Whether what a job recorded may be taken back, as far as its row says.
pub fn can_be_undone(row: &JobRow) -> bool {
    row.undone_by.is_none() && fault(row).is_none()
}

/// Why a job that has ended cannot be undone, as far as its row says.
fn fault(row: &JobRow) -> Option<&'static str> {
    let request = request_of(row);
    let is_dry = request.as_ref().is_none_or(|it| it.import.is_dry);
    let is_areas = request.is_some_and(|it| it.undoes.is_none() && it.import.kind == Kind::Areas);
    match () {
        () if row.ended_at.is_none() => Some("the job has not ended yet"),
        () if is_dry => Some("a dry run kept nothing"),
        () if is_areas => Some("areas are not facts: an import of areas cannot be undone"),
        () => None,
    }
}

impl Live {
    /// Asks, as part of a transaction, for a job that takes back what another one recorded; gives
    /// `None` where that may not be seen. Asked for again it is the same job, and one that could
    /// not end goes on.
    ///
    /// # Errors
    /// J005: the other one has not ended; J009: it cannot be undone; those of the database.
    pub fn begin_undo_in(
        &self,
        tx: &mut Tx<'_>,
        who: &Principal,
        id: &str,
        spool: &str,
        now: i64,
    ) -> Result<Option<JobRow>, Diagnostic> {
        let found = jobs::by_id(tx, id)?;
        let Some(mut row) = found.filter(|it| may_see(who, it)) else { return Ok(None) };
        let undo = id_of(id);
        if let Some(before) = jobs::by_id(tx, &undo)? {
            return self.gone_on_with(tx, before, who, now).map(Some);
        }
        self.assert_undoable(tx, &row)?;
        let request = request_of(&row).ok_or_else(|| refused("nobody knows what it was"))?;
        let request = JobRequest { undoes: Some(id.to_owned()), ..request };
        let text = serde_json::to_string(&request).unwrap_or_default();
        let mut job = JobRow {
            job_id: undo.clone(),
            number: 0,
            kind: UNDO.to_owned(),
            state: WAITING.to_owned(),
            phase: WAITING.to_owned(),
            done: 0,
            total: None,
            actor: who.name.clone(),
            areas: areas(&who.within),
            request: text,
            spool: spool.to_owned(),
            holder: String::new(),
            is_cancelled: false,
            created_at: now,
            started_at: None,
            ended_at: None,
            result: None,
            error: None,
            undone_by: None,
        };
        jobs::add(tx, &mut job)?;
        row.undone_by = Some(undo);
        jobs::put(tx, &row)?;
        let act = Act { actor: &who.name, now, within: &who.within };
        self.record(tx, &act, "import.undo", Some(id), id.as_bytes())?;
        Ok(Some(job))
    }

    /// A job, where somebody may see it, or one that it undoes: whoever imported a file sees what
    /// became of that, whoever took it back.
    ///
    /// # Errors
    /// Those of the database.
    pub fn job_or_undo(&self, who: &Principal, id: &str) -> Result<Option<JobRow>, Diagnostic> {
        let found = self.store.read(|tx| -> store::Result<_> {
            let Some(row) = jobs::by_id(tx, id)? else { return Ok(None) };
            let (mut is_seen, mut undoes) = (may_see(who, &row), undoes(&row));
            // An undo is of a job that was there before: it ends.
            while let Some(id) = undoes.take().filter(|_| !is_seen) {
                let Some(before) = jobs::by_id(tx, &id)? else { break };
                is_seen = may_see(who, &before);
                undoes = self::undoes(&before);
            }
            Ok(is_seen.then_some(row))
        })?;
        Ok(found)
    }

    /// One that failed or was ended waits again.
    fn gone_on_with(
        &self,
        tx: &mut Tx<'_>,
        mut job: JobRow,
        who: &Principal,
        now: i64,
    ) -> Result<JobRow, Diagnostic> {
        if ![FAILED, CANCELLED].contains(&job.state.as_str()) {
            return Ok(job);
        }
        WAITING.clone_into(&mut job.state);
        WAITING.clone_into(&mut job.phase);
        (job.is_cancelled, job.ended_at, job.error) = (false, None, None);
        jobs::put(tx, &job)?;
        let act = Act { actor: &who.name, now, within: &who.within };
        self.record(tx, &act, "import.undo", Some(&job.job_id), job.job_id.as_bytes())?;
        Ok(job)
    }

    fn assert_undoable(&self, tx: &mut Tx<'_>, row: &JobRow) -> Result<(), Diagnostic> {
        if let Some(why) = fault(row) {
            return Err(refused(why));
        }
        if recorded::ranges(tx, &row.job_id)?.count() > 0 {
            return Ok(());
        }
        let result = row.result.as_deref().and_then(|it| serde_json::from_str(it).ok());
        let accepted = result.and_then(|it: serde_json::Value| it["accepted"].as_u64());
        Err(refused(match (row.state.as_str(), accepted) {
            (DONE, Some(1..)) => "it ran before it was noted which facts a job records",
            _ => "it recorded no facts",
        }))
    }
}

fn refused(why: &str) -> Diagnostic {
    let message = format!("this cannot be undone: {why}");
    Diagnostic::new(&codes::CANNOT_UNDO, message)
        .hint("correct single facts on the pages of their households")
}
