//! Whether the server lives, whether it can work, and its figures.

use crate::problem::Problem;
use crate::state::Server;
use app::live::Live;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use base::Diagnostic;
use store::{events, stale};

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
    let counted = |live: &Live| {
        let counted = live
            .store
            .read(|tx| -> store::Result<_> { Ok((events::last(tx)?, stale::count(tx)?)) })?;
        Ok::<_, Diagnostic>(counted)
    };
    let (last, stale) = server.ask(counted).await?;
    let more = [("holdfast_events_last", "", last), ("holdfast_households_stale", "", stale)];
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    let rules = super::rules::figures(&server).await?;
    Ok((StatusCode::OK, kind, server.metrics.text(&more) + &rules))
}
