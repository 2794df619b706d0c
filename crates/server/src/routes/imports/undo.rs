//! What an import recorded, taken back.

use crate::auth::Who;
use crate::clock::now;
use crate::problem::Problem;
use crate::routes::jobs::{Job, ended, found};
use crate::state::Server;
use app::access::Action;
use app::live::Live;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use store::Tx;

/// Take back what an import recorded
///
/// The answer is a job. Every fact that the import recorded is taken back by a retraction that
/// names the import, and its households are scored again; nothing is deleted. Facts that somebody
/// corrected since stay, and the result names them; people and areas stay too. Asked for again it
/// is the same job. The undo of an undo brings the facts back.
#[utoipa::path(post, path = "/api/v1/imports/{id}/undo", tag = "imports",
    params(("id" = String, Path, description = "Id of its job")),
    responses((status = 202, body = Job), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub async fn undo(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let principal = who.may(Action::Import)?;
    // Who has nothing to undo needs no right to write.
    ended(&found(&server, &principal, id.clone()).await?)?;
    let spool = server.spool();
    let work =
        move |live: &Live, tx: &mut Tx<'_>| live.begin_undo_in(tx, &principal, &id, &spool, now());
    let row = server.writer.write(work).await?.ok_or_else(|| Problem::not_found("job"))?;
    server.wake();
    let place = [(header::LOCATION, format!("/api/v1/jobs/{}", row.job_id))];
    Ok((StatusCode::ACCEPTED, place, Json(Job::of(row))))
}
