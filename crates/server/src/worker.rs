//! The one thread for long work. What it writes goes through the writing thread piece by piece, so
//! that requests are served between.
//!
//! A job that was interrupted is begun again by the next server that has its file: what was stored
//! is known and not stored twice.

mod undo;

use crate::clock::now;
use crate::spool;
use crate::state::Server;
use app::ReadOptions;
use app::live::jobs::{JobRequest, request_of, within_of};
use app::live::{Done, Hand, Imported, Importer, Live, Part, Piece, jobs, noted};
use base::Diagnostic;
use base::codes::jobs as codes;
use base::codes::store::{NOT_THE_WRITER, UNREACHABLE};
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::Tx;
use store::jobs::JobRow;

/// Facts of one piece: others wait for so many at most.
const PIECE: usize = 1_000;
/// How long the thread sleeps where nobody wakes it.
const NAP: Duration = Duration::from_secs(2);
/// How often a job says how far its reading is, and hears whether it shall end.
const TELL: Duration = Duration::from_millis(500);
/// Memory for sorting a file; what is larger is sorted on the disk.
const SORT_BYTES: usize = 128 << 20;
/// How often it is looked whether there is something that may not be kept any longer.
const DAY_MICROS: i64 = 86_400 * 1_000_000;
/// Jobs are forgotten so long after they ended.
const KEPT_MICROS: i64 = 30 * 86_400 * 1_000_000;

/// Works until the server stops.
pub fn work(server: &Server) {
    let spool = server.spool();
    let (mut swept, mut retained) = (0, 0);
    while !*server.closing.borrow() {
        if now() - swept > 3_600 * 1_000_000 {
            sweep(server, &spool);
            swept = now();
        }
        if now() - retained > DAY_MICROS && crate::retention::run(server) {
            retained = now();
        }
        match next(server, &spool) {
            Ok(Some(row)) => {
                if let Err(finding) = run(server, &row) {
                    tracing::warn!(code = finding.code.id, "a job waits to be gone on with");
                    server.sleep(NAP);
                }
            }
            Ok(None) => server.sleep(NAP),
            Err(finding) => {
                // Another server writes, or the database is away: this one looks again later.
                tracing::debug!(code = finding.code.id, "jobs wait");
                server.sleep(NAP);
            }
        }
    }
}

fn next(server: &Server, spool: &str) -> Result<Option<JobRow>, Diagnostic> {
    // Only who has something to write asks for the right to.
    if !server.live.has_work(spool)? {
        return Ok(None);
    }
    let (spool, holder) = (spool.to_owned(), server.holder().to_owned());
    server.writer.write_blocking(move |live, tx| live.claim_job_in(tx, &spool, &holder, now()))
}

/// Does a job. An error means that it could not be ended and will be begun again.
fn run(server: &Server, row: &JobRow) -> Result<(), Diagnostic> {
    let end = match catch_unwind(AssertUnwindSafe(|| asked(server, row))) {
        Ok(end) => end,
        Err(_) => {
            let message = "the file made the program stumble; nothing else was harmed";
            Err(vec![
                Diagnostic::new(&codes::JOB_FAILED, message)
                    .hint("save the file again, as CSV if it is none, and report what it was"),
            ])
        }
    };
    if let Err(findings) = &end {
        let is_passing =
            |it: &&Diagnostic| [NOT_THE_WRITER.id, UNREACHABLE.id].contains(&it.code.id);
        if let Some(finding) = findings.iter().find(is_passing) {
            return Err(finding.clone());
        }
    }
    let (id, holder) = (row.job_id.clone(), server.holder().to_owned());
    server.writer.write_blocking(move |live, tx| {
        let end = end.as_ref().map_err(Vec::as_slice);
        live.end_job_in(tx, (&id, &holder), end, now())
    })
}

/// Does what was asked for; gives what came of it.
fn asked(server: &Server, row: &JobRow) -> Result<Value, Vec<Diagnostic>> {
    let Some(request) = request_of(row) else {
        let message = "what was asked for cannot be read any more";
        return Err(vec![Diagnostic::new(&codes::JOB_FAILED, message).hint("ask for it again")]);
    };
    match &request.undoes {
        Some(job) => undo::undo(server, row, job),
        None => import(server, row, &request),
    }
}

fn import(server: &Server, row: &JobRow, request: &JobRequest) -> Result<Value, Vec<Diagnostic>> {
    let folder = Path::new(&row.spool);
    let path = spool::upload(folder, &row.job_id, &request.ending);
    if !path.is_file() {
        let message = "the file of the job is gone; it may have been removed from the spool folder";
        return Err(vec![
            Diagnostic::new(&codes::UPLOAD_GONE, message).hint("send the file again"),
        ]);
    }
    let importer = Importer { actor: row.actor.clone(), now: now(), within: within_of(row) };
    let read = ReadOptions {
        batch_rows: PIECE,
        memory_bytes: SORT_BYTES,
        scratch: Some(spool::folder(folder, &row.job_id)),
        ..ReadOptions::default()
    };
    let state = Arc::new(Mutex::new(Far { phase: "reading", done: 0, total: None }));
    let (is_over, progress) = (AtomicBool::new(false), read.progress.clone());
    let done = std::thread::scope(|scope| {
        let teller = scope.spawn(|| tell(server, row, &state, &progress, &is_over));
        let mut hand = InTurn { server, row, state: state.clone() };
        let import = || {
            let paths = std::slice::from_ref(&path);
            server.live.import_by(paths, &request.import, &importer, &read, PIECE, &mut hand)
        };
        let done = catch_unwind(AssertUnwindSafe(import));
        is_over.store(true, Ordering::Relaxed);
        teller.thread().unpark();
        done
    });
    let imported = done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    for (sheet, part) in [(1, Part::First), (2, Part::Second)] {
        let path = spool::refusals(folder, &row.job_id, sheet);
        imported.keep_rejects(part, &path).map_err(|it| vec![it])?;
    }
    Ok(result(&imported, request.import.is_dry))
}

fn result(imported: &Imported, is_dry: bool) -> Value {
    json!({
        "dry_run": is_dry,
        "rows": imported.rows,
        "accepted": imported.accepted,
        "known": imported.known,
        "unchanged": imported.unchanged,
        "superseded": imported.superseded,
        "rejected": imported.rejected_rows(),
        "reasons": imported.reasons(),
        "households_scored": imported.scored,
        "people": {
            "accepted": imported.people.accepted,
            "changed": imported.people.changed,
            "known": imported.people.known,
            "suspected": imported.people.suspected,
        },
        "notes": imported.notes.iter().map(jobs::told).collect::<Vec<_>>(),
    })
}

/// How far a job is.
#[derive(Clone, Copy)]
struct Far {
    phase: &'static str,
    done: u64,
    total: Option<u64>,
}

/// Writes pieces in turn with the requests of others.
struct InTurn<'a> {
    server: &'a Server,
    row: &'a JobRow,
    state: Arc<Mutex<Far>>,
}

impl Hand for InTurn<'_> {
    fn write(&mut self, piece: Piece) -> Result<Done, Diagnostic> {
        if *self.server.closing.borrow() {
            let error = store::Error::new(store::Kind::Unreachable, "the server is stopping");
            return Err(error.into());
        }
        let far = *lock(&self.state);
        let (id, holder) = (self.row.job_id.clone(), self.server.holder().to_owned());
        self.server.writer.write_blocking(move |live, tx| {
            live.job_goes_on_in(tx, (&id, &holder), (far.phase, far.done, far.total))?;
            noted(live, tx, &id, piece)
        })
    }

    fn progress(
        &mut self,
        phase: &'static str,
        done: u64,
        total: Option<u64>,
    ) -> Result<(), Diagnostic> {
        *lock(&self.state) = Far { phase, done, total };
        Ok(())
    }
}

/// Tells how far the reading of a file is, while nothing else is written of the job.
fn tell(
    server: &Server,
    row: &JobRow,
    state: &Mutex<Far>,
    progress: &AtomicU64,
    is_over: &AtomicBool,
) {
    loop {
        std::thread::park_timeout(TELL);
        let far = *lock(state);
        if is_over.load(Ordering::Relaxed) || far.phase != "reading" {
            return;
        }
        let done = progress.load(Ordering::Relaxed);
        let (id, holder) = (row.job_id.clone(), server.holder().to_owned());
        // Whether the job shall end is heard with the next piece.
        let _ = server.writer.write_blocking(move |live, tx| {
            live.job_goes_on_in(tx, (&id, &holder), (far.phase, done, far.total))
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forgets jobs that ended long ago, and files whose job nobody knows.
fn sweep(server: &Server, spool: &str) {
    let before = now() - KEPT_MICROS;
    let old = |live: &Live| live.store.read(|tx| store::jobs::ended_before(tx, spool, before));
    for row in old(&server.live).unwrap_or_default() {
        let id = row.job_id.clone();
        let forget = move |_: &Live, tx: &mut Tx<'_>| Ok(store::jobs::forget(tx, &id)?);
        if server.writer.write_blocking(forget).is_ok() {
            let _ = std::fs::remove_dir_all(spool::folder(Path::new(spool), &row.job_id));
        }
    }
    let entries = std::fs::read_dir(spool).into_iter().flatten().flatten();
    for entry in entries.filter(|it| it.path().is_dir()) {
        let age =
            entry.metadata().and_then(|it| it.modified()).ok().and_then(|it| it.elapsed().ok());
        let id = entry.file_name().to_string_lossy().into_owned();
        let known = server.live.store.read(|tx| store::jobs::by_id(tx, &id));
        let is_ours = id.len() == 32 && id.bytes().all(|it| it.is_ascii_hexdigit());
        if is_ours && matches!(known, Ok(None)) && age.is_some_and(|it| it.as_secs() > 86_400) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
