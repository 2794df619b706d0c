//! The audit: who did what, and whether the chain still holds. Never what was said.

#![expect(unused_qualifications, reason = "the description of a route repeats its path")]

use super::warnings::limit;
use super::webhooks::before;
use crate::auth::Who;
use crate::body::Query;
use crate::clock::shown;
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use app::live::Live;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use store::audit::{self, AuditRow, Verdict, Wanted};
use utoipa::{IntoParams, ToSchema};

/// What a look through the audit chain found.
#[derive(Serialize, ToSchema)]
pub struct Chain {
    /// Whether every row stands as it was written.
    is_whole: bool,
    /// How many rows there are.
    rows: Option<i64>,
    /// The first row that does not stand.
    broken_at: Option<i64>,
}

/// Verify the audit chain
#[utoipa::path(get, path = "/api/v1/audit/verification", tag = "access",
    responses((status = 200, body = Chain)))]
pub async fn verify_audit(State(server): State<Server>, who: Who) -> Result<Json<Chain>, Problem> {
    who.may(Action::ReadAudit)?;
    let verdict = server.ask(|live| live.verify_audit()).await?;
    Ok(Json(match verdict {
        Verdict::Whole(rows, _) => Chain { is_whole: true, rows: Some(rows), broken_at: None },
        Verdict::Broken(at) => Chain { is_whole: false, rows: None, broken_at: Some(at) },
    }))
}

/// What somebody did.
#[derive(Serialize, ToSchema)]
pub struct Done {
    /// Its number, without gaps.
    number: i64,
    /// When.
    at: String,
    /// Who.
    actor: String,
    /// What, as `noun.verb`.
    command: String,
    /// Whom or what it concerned.
    subject: Option<String>,
}

/// A page of the audit.
#[derive(Serialize, ToSchema)]
pub struct Audit {
    /// The latest first.
    items: Vec<Done>,
    /// Where the next page begins; nothing at the end.
    next: Option<String>,
}

/// Which rows.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// What one user did
    #[param(pattern = r"^[^\x00]*$")]
    actor: Option<String>,
    /// One command, e.g. `user.put`
    #[param(pattern = r"^[^\x00]*$")]
    command: Option<String>,
    /// Go on after a page
    cursor: Option<String>,
    /// Rows of a page, 1 to 1000
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
}

/// List what was done
#[utoipa::path(get, path = "/api/v1/audit", tag = "access", params(Filter),
    responses((status = 200, body = Audit)))]
pub async fn list(
    State(server): State<Server>,
    who: Who,
    Query(filter): Query<Filter>,
) -> Result<Json<Audit>, Problem> {
    who.may(Action::ReadAudit)?;
    let (most, before) = (limit(filter.limit)?, before(filter.cursor.as_deref())?);
    if [&filter.actor, &filter.command].into_iter().flatten().any(|it| it.contains('\0')) {
        return Err(Problem::bad_request("actor, command: no zero bytes"));
    }
    let rows = move |live: &Live| {
        let (actor, command) = (filter.actor.as_deref(), filter.command.as_deref());
        let wanted = Wanted { actor, command, before, most };
        Ok(live.store.read(|tx| audit::list(tx, &wanted))?)
    };
    let rows: Vec<AuditRow> = server.ask(rows).await?;
    let next = rows.last().filter(|_| rows.len() as i64 == most).map(|it| it.number.to_string());
    let done = |it: AuditRow| Done {
        number: it.number,
        at: shown(it.at),
        actor: it.actor,
        command: it.command,
        subject: it.subject,
    };
    Ok(Json(Audit { items: rows.into_iter().map(done).collect(), next }))
}
