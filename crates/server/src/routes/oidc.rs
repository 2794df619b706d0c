//! Sign-in by others: who they are, the way there, and the way back.

#![expect(unused_qualifications, reason = "the description of a route repeats its path")]

use super::access::session_cookie;
use crate::auth::cookie;
use crate::body::Query;
use crate::clock::now;
use crate::headers::Sender;
use crate::oidc::Attempt;
use crate::problem::Problem;
use crate::state::Server;
use app::live::Live;
use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use base::Diagnostic;
use base::codes::access as codes;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The cookie of a sign-in under way.
const COOKIE: &str = "holdfast-sign-in";
/// Seconds that somebody may take to sign in there.
const SECONDS: u32 = 600;
/// Where the cookie is sent.
const PATH: &str = "/api/v1/sign-in/oidc";

/// Somebody who signs users in.
#[derive(Serialize, ToSchema)]
pub struct Provider {
    /// Its name in addresses.
    id: String,
    /// Its name for people.
    label: Label,
}

/// What people read.
#[derive(Serialize, ToSchema)]
#[schema(as = ProviderLabel)]
pub struct Label {
    /// English.
    en: String,
    /// Chinese.
    zh: String,
}

/// Everybody who signs users in.
#[derive(Serialize, ToSchema)]
pub struct Providers {
    /// In the order of the settings.
    items: Vec<Provider>,
    /// Nothing: they are few.
    next: Option<String>,
}

/// Who else signs users in here
#[utoipa::path(get, path = "/api/v1/sign-in/providers", tag = "access",
    responses((status = 200, body = Providers)))]
pub async fn providers(State(server): State<Server>) -> Json<Providers> {
    let provider = |it: &crate::oidc::Provider| Provider {
        id: it.id().to_owned(),
        label: Label { en: it.label().en.clone(), zh: it.label().zh.clone() },
    };
    let items = server.settings.oidc.providers().iter().map(provider).collect();
    Json(Providers { items, next: None })
}

/// Sign in there: the browser is sent on
#[utoipa::path(get, path = "/api/v1/sign-in/oidc/{provider}", tag = "access",
    params(("provider" = String, Path)),
    responses((status = 303, description = "Go there"), (status = 404, body = Problem),
        (status = 502, body = Problem)))]
pub async fn begin(
    State(server): State<Server>,
    Extension(sender): Extension<Sender>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    match way(&server, sender, &id).await {
        Ok(response) => response,
        Err(problem) => told(problem, &headers, AppendHeaders(Vec::new())),
    }
}

/// The way there.
async fn way(server: &Server, sender: Sender, id: &str) -> Result<Response, Problem> {
    let oidc = server.settings.oidc.clone();
    let provider = oidc.provider(id)?.clone();
    if !server.limits.allows_sign_in(sender.0) {
        return Err(Problem::too_many("tries to sign in from this address"));
    }
    let secret = app::access::secret()?;
    let (attempt, redirect) = (Attempt::of(id, &secret), oidc.redirect(id));
    let address = server.ask(move |_| provider.address(&attempt, &redirect)).await?;
    let secure = if server.settings.is_secure { "; Secure" } else { "" };
    // Sent along when the browser comes back from elsewhere, and never by a form or a script.
    let cookie = format!(
        "{COOKIE}={secret}; Path={PATH}; HttpOnly; SameSite=Lax; Max-Age={SECONDS}{secure}"
    );
    let headers = [(header::SET_COOKIE, cookie), (header::LOCATION, address)];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// Somebody at a browser reads pages, and no problems of machines: the page of signing in says it.
fn told(
    problem: Problem,
    headers: &HeaderMap,
    cookies: AppendHeaders<Vec<(HeaderName, String)>>,
) -> Response {
    let accepted = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or_default();
    if !accepted.contains("text/html") {
        return (cookies, problem).into_response();
    }
    let to = [(header::LOCATION, format!("/?problem={}", problem.code))];
    (StatusCode::SEE_OTHER, cookies, to).into_response()
}

/// What a browser comes back with.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Back {
    /// What the sign-in service knows the sign-in by
    code: Option<String>,
    /// What was sent there
    state: Option<String>,
    /// Why nobody was signed in
    error: Option<String>,
    /// Who answers
    iss: Option<String>,
}

/// Come back from there: the answer sets the session's cookie
#[utoipa::path(get, path = "/api/v1/sign-in/oidc/{provider}/callback", tag = "access",
    params(("provider" = String, Path), Back),
    responses((status = 303, description = "Signed in"), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 502, body = Problem)))]
pub async fn back(
    State(server): State<Server>,
    Extension(sender): Extension<Sender>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Response {
    let clear = format!("{COOKIE}=; Path={PATH}; HttpOnly; SameSite=Lax; Max-Age=0");
    match finish(&server, sender, &id, &headers, back).await {
        Ok(session) => {
            let cookies = [(header::SET_COOKIE, session), (header::SET_COOKIE, clear)];
            let to = [(header::LOCATION, "/")];
            (StatusCode::SEE_OTHER, AppendHeaders(cookies), to).into_response()
        }
        Err(problem) => told(problem, &headers, AppendHeaders(vec![(header::SET_COOKIE, clear)])),
    }
}

fn refused(message: &str) -> Diagnostic {
    Diagnostic::new(&codes::NOT_VOUCHED, message).hint("begin to sign in once more")
}

/// The session's cookie.
async fn finish(
    server: &Server,
    sender: Sender,
    id: &str,
    headers: &HeaderMap,
    back: Back,
) -> Result<String, Problem> {
    let oidc = server.settings.oidc.clone();
    let provider = oidc.provider(id)?.clone();
    if !server.limits.allows_sign_in(sender.0) {
        return Err(Problem::too_many("tries to sign in from this address"));
    }
    let Some(secret) = cookie(headers, COOKIE).filter(|it| !it.is_empty()) else {
        return Err(refused("no sign-in was begun in this browser, or it took too long").into());
    };
    let attempt = Attempt::of(id, &secret);
    if back.state.as_deref() != Some(attempt.state.as_str()) {
        return Err(refused("this is the end of another sign-in").into());
    }
    if back.iss.is_some_and(|it| it != provider.issuer()) {
        return Err(refused("another sign-in service answers").into());
    }
    let Some(code) = back.code.filter(|_| back.error.is_none()) else {
        return Err(refused("the sign-in service signed nobody in").into());
    };
    let redirect = oidc.redirect(id);
    let at = now();
    let sign_in = move |live: &Live| {
        let claims = provider.claims(&attempt, &code, &redirect)?;
        live.sign_in_vouched(provider.trust(), &claims, at)
    };
    let session = server.ask(sign_in).await?;
    Ok(session_cookie(&session, at, server.settings.is_secure))
}
