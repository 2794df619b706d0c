//! The period under watch, and its end.

use crate::auth::Who;
use crate::clock::now;
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use app::live::{Act, Live};
use axum::Json;
use axum::extract::State;
use base::Diagnostic;
use base::codes::access as codes;
use serde::Serialize;
use store::Within;
use utoipa::ToSchema;

/// The period under watch.
#[derive(Serialize, ToSchema)]
pub struct Watched {
    /// Nothing before the first facts.
    period: Option<String>,
    /// Households that wait to be scored.
    stale: i64,
}

/// The period under watch
#[utoipa::path(get, path = "/api/v1/period", tag = "periods",
    responses((status = 200, body = Watched)))]
pub async fn read(State(server): State<Server>, who: Who) -> Result<Json<Watched>, Problem> {
    who.may(Action::ReadCounts)?;
    let watched = |live: &Live| {
        let period = live.open_period()?.map(|it| it.to_string());
        Ok::<_, Diagnostic>(Watched { period, stale: live.store.read(store::stale::count)? })
    };
    Ok(Json(server.ask(watched).await?))
}

/// What closing a period gave.
#[derive(Serialize, ToSchema)]
pub struct Closed {
    /// The period that was closed.
    closed: String,
    /// The one under watch now; its households are scored one after another.
    open: String,
    /// Warnings within the budget.
    within_budget: u64,
    /// Warnings that wait.
    waiting: u64,
}

/// Close the period under watch: rank its warnings within the budget, go on to the next
#[utoipa::path(post, path = "/api/v1/period/close", tag = "periods",
    responses((status = 200, body = Closed), (status = 422, description = "No facts yet")))]
pub async fn close(State(server): State<Server>, who: Who) -> Result<Json<Closed>, Problem> {
    let principal = who.may(Action::ClosePeriod)?;
    if principal.within != Within::Everywhere {
        let finding =
            Diagnostic::new(&codes::FORBIDDEN, "a period is closed for all areas at once");
        return Err(finding.hint("ask somebody who is responsible for all of them").into());
    }
    let closed = server
        .ask(move |live| {
            let act = Act { actor: &principal.name, now: now(), within: &Within::Everywhere };
            live.close_period(&act)
        })
        .await?;
    server.catch_up();
    Ok(Json(Closed {
        closed: closed.closed,
        open: closed.open,
        within_budget: closed.ranked.0,
        waiting: closed.ranked.1,
    }))
}
