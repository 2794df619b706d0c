//! Tokens of machines, and sessions of people: made, listed and ended.

use super::access::Scope;
use crate::auth::Who;
use crate::body::Body;
use crate::clock::{now, shown};
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use app::live::Act;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::users::SessionRow;
use utoipa::ToSchema;

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenToMake {
    /// What people call it.
    label: String,
    /// What it is good for, e.g. `facts:write`; nothing: everything its user may.
    #[serde(default)]
    #[schema(value_type = Vec<Scope>)]
    scopes: Vec<String>,
    /// Days until it ends.
    #[schema(value_type = u16, minimum = 1, maximum = 3650)]
    days: f64,
}

/// A token: the only time that its secret is told.
#[derive(Serialize, ToSchema)]
pub struct Token {
    /// To be sent as `Authorization: Bearer …`.
    token: String,
    /// Until when.
    until: String,
}

/// Make a token for a machine that acts as a user
#[utoipa::path(post, path = "/api/v1/users/{name}/tokens", tag = "access", params(("name" = String, Path)),
    request_body = TokenToMake,
    responses((status = 201, body = Token), (status = 404, body = Problem)))]
pub async fn make_token(
    State(server): State<Server>,
    who: Who,
    Path(name): Path<String>,
    Body(it): Body<TokenToMake>,
) -> Result<(StatusCode, Json<Token>), Problem> {
    let principal = who.may(Action::ManageUsers)?;
    // A whole number may be written like 30.0.
    if !(1.0..=3650.0).contains(&it.days) || it.days.fract() != 0.0 {
        return Err(Problem::bad_request("days: a whole number between 1 and 3650"));
    }
    let at = now();
    let until = at + it.days as i64 * 86_400 * 1_000_000;
    let make = move |live: &app::live::Live| {
        let act = Act { actor: &principal.name, now: at, within: &principal.within };
        live.make_token(&name, &it.label, &it.scopes, until, &act)
    };
    let session = server.ask(make).await?;
    let token = Token { token: session.secret, until: shown(session.until) };
    Ok((StatusCode::CREATED, Json(token)))
}

/// A token or session, without its secret.
#[derive(Serialize, ToSchema)]
#[schema(as = TokenEntry)]
pub struct Entry {
    /// Its id: nobody gets in with it.
    id: String,
    /// Whom it acts as.
    user: String,
    /// What people call it.
    label: String,
    /// What it is good for; none: everything its user may.
    scopes: Vec<String>,
    /// Since when.
    created_at: String,
    /// Until when.
    until: String,
    /// The last day it was used.
    last_used: Option<String>,
}

impl From<SessionRow> for Entry {
    fn from(it: SessionRow) -> Self {
        let day = it.used_day.map(|it| shown(it * 86_400 * 1_000_000));
        Self {
            id: it.id().to_owned(),
            scopes: it.scopes.split(';').filter(|it| !it.is_empty()).map(str::to_owned).collect(),
            created_at: shown(it.created_at),
            until: shown(it.until),
            last_used: day.map(|it| it.chars().take(10).collect()),
            user: it.user_name,
            label: it.label,
        }
    }
}

/// Tokens or sessions.
#[derive(Serialize, ToSchema)]
pub struct Entries {
    /// The latest first.
    items: Vec<Entry>,
    /// Nothing: they are few.
    next: Option<String>,
}

fn entries(rows: Vec<SessionRow>) -> Json<Entries> {
    Json(Entries { items: rows.into_iter().map(Entry::from).collect(), next: None })
}

/// List tokens: one's own; for administrators everybody's
#[utoipa::path(get, path = "/api/v1/tokens", tag = "access",
    responses((status = 200, body = Entries)))]
pub async fn list(State(server): State<Server>, who: Who) -> Result<Json<Entries>, Problem> {
    Ok(entries(server.ask(move |live| live.tokens(&who.0, now())).await?))
}

/// End a token
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "access", params(("id" = String, Path)),
    responses((status = 204, description = "Ended"), (status = 404, body = Problem)))]
pub async fn end(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    if id.contains('\0') {
        return Err(Problem::not_found("token"));
    }
    server.ask(move |live| live.end_token(&who.0, &id, now())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the sessions of a user
#[utoipa::path(get, path = "/api/v1/users/{name}/sessions", tag = "access",
    params(("name" = String, Path)),
    responses((status = 200, body = Entries), (status = 404, body = Problem)))]
pub async fn sessions(
    State(server): State<Server>,
    who: Who,
    Path(name): Path<String>,
) -> Result<Json<Entries>, Problem> {
    who.may(Action::ManageUsers)?;
    if name.contains('\0') {
        return Err(Problem::not_found("user"));
    }
    Ok(entries(server.ask(move |live| live.sessions_of(&name, now())).await?))
}

/// End the sessions of a user; tokens stay
#[utoipa::path(delete, path = "/api/v1/users/{name}/sessions", tag = "access",
    params(("name" = String, Path)),
    responses((status = 204, description = "Ended"), (status = 404, body = Problem)))]
pub async fn end_sessions(
    State(server): State<Server>,
    who: Who,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let principal = who.may(Action::ManageUsers)?;
    if name.contains('\0') {
        return Err(Problem::not_found("user"));
    }
    let end = move |live: &app::live::Live| {
        let act = Act { actor: &principal.name, now: now(), within: &principal.within };
        live.end_sessions(&name, &act)
    };
    server.ask(end).await?;
    Ok(StatusCode::NO_CONTENT)
}
