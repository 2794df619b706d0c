//! Long work: how far it is, what came of it, and its end before time.

#![expect(unused_qualifications, reason = "the description of a route repeats its path")]

use super::warnings::limit;
use crate::auth::Who;
use crate::body::Query;
use crate::clock::{now, shown};
use crate::cursor::fault;
use crate::problem::Problem;
use crate::spool;
use crate::state::Server;
use app::access::Principal;
use app::live::Live;
use app::live::jobs::{MAY, can_be_undone, request_of, within_of};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base::Diagnostic;
use base::codes::jobs as codes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::Path as FilePath;
use store::Tx;
use store::jobs::JobRow;
use utoipa::{IntoParams, ToSchema};

/// Long work.
#[derive(Serialize, ToSchema)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// Its place among all jobs.
    pub number: i64,
    /// What kind of work, as `import.facts` or `import.undo`.
    pub kind: String,
    /// `waiting`, `running`, `done`, `failed` or `cancelled`.
    #[schema(pattern = "^(waiting|running|done|failed|cancelled)$")]
    pub state: String,
    /// What is being done: `reading`, `storing` (rows), `undoing` (facts), `scoring` (households).
    pub phase: String,
    /// How much of that is done.
    pub done: i64,
    /// Of how much, where that is known.
    pub total: Option<i64>,
    /// Rows a second, since it began or while it ran.
    pub rows_per_s: Option<f64>,
    /// Whether nothing is kept.
    pub dry_run: bool,
    /// The name of its file.
    pub filename: Option<String>,
    /// Bytes of its file.
    pub bytes: u64,
    /// Who asked for it.
    pub actor: String,
    /// When.
    pub created_at: String,
    /// When work on it began.
    pub started_at: Option<String>,
    /// When it ended.
    pub ended_at: Option<String>,
    /// What came of it.
    #[schema(value_type = Option<Object>)]
    pub result: Option<Value>,
    /// The job whose facts it takes back.
    pub undoes: Option<String>,
    /// The job that took back what it recorded.
    pub undone_by: Option<String>,
    /// Whether what it recorded may be taken back, as far as is known without looking.
    pub can_be_undone: bool,
    /// Why nothing did: code, detail and hint of each finding.
    #[schema(value_type = Option<Vec<Object>>)]
    pub error: Option<Value>,
}

impl Job {
    /// From its row.
    pub fn of(row: JobRow) -> Self {
        let (request, can_be_undone) = (request_of(&row), can_be_undone(&row));
        let result: Option<Value> = row.result.and_then(|it| serde_json::from_str(&it).ok());
        let rows = result.as_ref().and_then(|it| it["rows"].as_i64());
        let rows = rows.or_else(|| (row.phase == "storing").then_some(row.done));
        let micros = row.started_at.map(|it| row.ended_at.unwrap_or_else(now) - it);
        let seconds = micros.filter(|it| *it > 0).map(|it| it as f64 / 1e6);
        Self {
            id: row.job_id,
            number: row.number,
            kind: row.kind,
            state: row.state,
            phase: row.phase,
            done: row.done,
            total: row.total,
            rows_per_s: rows
                .zip(seconds)
                .map(|(rows, it)| (rows as f64 / it * 10.0).round() / 10.0),
            dry_run: request.as_ref().is_some_and(|it| it.import.is_dry),
            bytes: request.as_ref().map_or(0, |it| it.bytes),
            undoes: request.as_ref().and_then(|it| it.undoes.clone()),
            undone_by: row.undone_by,
            can_be_undone,
            filename: request.and_then(|it| it.filename),
            actor: row.actor,
            created_at: shown(row.created_at),
            started_at: row.started_at.map(shown),
            ended_at: row.ended_at.map(shown),
            result,
            error: row.error.and_then(|it| serde_json::from_str(&it).ok()),
        }
    }
}

/// Which jobs.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Go on after a page
    #[param(minimum = 0)]
    cursor: Option<i64>,
    /// Rows of a page, 1 to 1000
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
}

/// A page of jobs.
#[derive(Serialize, ToSchema)]
pub struct Jobs {
    /// The latest first: your own, and for supervisors those in their areas.
    items: Vec<Job>,
    /// Where the next page begins; nothing at the end.
    next: Option<i64>,
}

/// List jobs
#[utoipa::path(get, path = "/api/v1/jobs", tag = "jobs", params(Filter),
    responses((status = 200, body = Jobs)))]
pub async fn list(
    State(server): State<Server>,
    who: Who,
    Query(filter): Query<Filter>,
) -> Result<Json<Jobs>, Problem> {
    let principal = who.may_any(&MAY)?;
    let most = limit(filter.limit)?;
    let before = place(filter.cursor)?.unwrap_or(i64::MAX);
    let rows = server.ask(move |live| live.jobs(&principal, before, most as usize)).await?;
    let last = rows.last().filter(|_| rows.len() as i64 == most);
    let next = last.map(|it| it.number);
    Ok(Json(Jobs { items: rows.into_iter().map(Job::of).collect(), next }))
}

/// Where a page begins that was asked for by a number.
pub fn place(cursor: Option<i64>) -> Result<Option<i64>, Problem> {
    match cursor {
        Some(it) if it < 0 => Err(fault()),
        it => Ok(it),
    }
}

/// A job that somebody may see.
pub async fn found(server: &Server, who: &Principal, id: String) -> Result<JobRow, Problem> {
    if id.contains('\0') {
        return Err(Problem::not_found("job"));
    }
    let who = who.clone();
    let row = server.ask(move |live| live.job(&who, &id)).await?;
    row.ok_or_else(|| Problem::not_found("job"))
}

/// A job: how far it is, or what came of it
#[utoipa::path(get, path = "/api/v1/jobs/{id}", tag = "jobs", params(("id" = String, Path)),
    responses((status = 200, body = Job), (status = 404, body = Problem)))]
pub async fn one(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<Job>, Problem> {
    let principal = who.may_any(&MAY)?;
    if id.contains('\0') {
        return Err(Problem::not_found("job"));
    }
    let row = server.ask(move |live| live.job_or_undo(&principal, &id)).await?;
    row.map(Job::of).map(Json).ok_or_else(|| Problem::not_found("job"))
}

/// End a job before it is done; what it stored stays
#[utoipa::path(post, path = "/api/v1/jobs/{id}/cancel", tag = "jobs", params(("id" = String, Path)),
    responses((status = 200, body = Job), (status = 404, body = Problem)))]
pub async fn cancel(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<Job>, Problem> {
    let principal = who.may_any(&MAY)?;
    // Who has nothing to end needs no right to write.
    found(&server, &principal, id.clone()).await?;
    let work = move |live: &Live, tx: &mut Tx<'_>| live.cancel_job_in(tx, &principal, &id, now());
    let row = server.writer.write(work).await?;
    row.map(Job::of).map(Json).ok_or_else(|| Problem::not_found("job"))
}

/// Forget a job that has ended, with its file
#[utoipa::path(delete, path = "/api/v1/jobs/{id}", tag = "jobs", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn forget(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let principal = who.may_any(&MAY)?;
    let row = found(&server, &principal, id).await?;
    ended(&row)?;
    let folder = spool::folder(FilePath::new(&row.spool), &row.job_id);
    let work = move |live: &Live, tx: &mut Tx<'_>| {
        let act = app::live::Act { actor: &principal.name, now: now(), within: &within_of(&row) };
        live.forget_job_in(tx, &row.job_id, &act)
    };
    server.writer.write(work).await?;
    // Another server may hold the file; its own sweep takes it away.
    let _ = std::fs::remove_dir_all(folder);
    Ok(StatusCode::NO_CONTENT)
}

/// Refuses what can be asked only of a job that has ended.
pub fn ended(row: &JobRow) -> Result<(), Diagnostic> {
    if row.ended_at.is_some() {
        return Ok(());
    }
    Err(Diagnostic::new(&codes::NOT_ENDED, "the job has not ended yet")
        .hint("wait until GET /api/v1/jobs/{id} says done, or cancel it"))
}
