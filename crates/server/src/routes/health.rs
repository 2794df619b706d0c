//! Whether the server lives, whether it can work, and its figures.

use crate::problem::Problem;
use crate::state::Server;
use app::live::Live;
use app::live::policy::KeptForTrials;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use base::Diagnostic;
use store::{Tx, events, stale};

/// Whether the process answers
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, body = String)))]
pub async fn alive() -> &'static str {
    "ok"
}

/// Whether the database answers
#[utoipa::path(get, path = "/readyz", tag = "health",
    responses((status = 200, body = String)))]
pub async fn ready(State(server): State<Server>) -> Result<&'static str, Problem> {
    server.ask(|live| Ok(live.store.read(events::last)?)).await?;
    Ok("ok")
}

/// Figures for Prometheus
#[utoipa::path(get, path = "/metrics", tag = "health",
    responses((status = 200, body = String)))]
pub async fn metrics(State(server): State<Server>) -> Result<impl IntoResponse, Problem> {
    let ((last, stale), trials) = server.ask(counted).await?;
    let count = |it: u64| i64::try_from(it).unwrap_or(i64::MAX);
    let more = [
        ("holdfast_events_last", "", last),
        ("holdfast_households_stale", "", stale),
        ("holdfast_trials_kept_households", "", count(trials.households)),
        ("holdfast_trials_kept_bytes", "", count(trials.bytes)),
        ("holdfast_trials_read_households_total", "", count(trials.read)),
    ];
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    let rules = super::rules::figures(&server).await?;
    Ok((StatusCode::OK, kind, server.metrics.text(&more) + &rules))
}

/// The last event, households that wait, and what is kept for trials.
fn counted(live: &Live) -> Result<((i64, i64), KeptForTrials), Diagnostic> {
    let in_store =
        |tx: &mut Tx<'_>| -> store::Result<_> { Ok((events::last(tx)?, stale::count(tx)?)) };
    Ok((live.store.read(in_store)?, live.kept_for_trials()))
}
