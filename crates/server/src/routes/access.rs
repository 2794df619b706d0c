//! Signing in and out, users, tokens, the audit.

use crate::auth::{COOKIE, Who};
use crate::body::Body;
use crate::clock::{now, shown};
use crate::headers::Sender;
use crate::problem::Problem;
use crate::state::Server;
use app::access::{Action, NewUser, Session};
use app::live::Act;
use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// Name to sign in with.
    name: String,
    /// The password.
    password: String,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// The name.
    name: String,
    /// The role.
    role: String,
    /// Area codes; nothing: everywhere.
    areas: Option<Vec<String>>,
    /// What the role and the token allow.
    actions: Vec<String>,
    /// Whether the password has to be changed first.
    must_change_password: bool,
}

/// Sign in: the answer sets a cookie
#[utoipa::path(post, path = "/api/v1/sign-in", tag = "access", request_body = Credentials,
    responses((status = 204, description = "Signed in"), (status = 401, description = "Wrong")))]
pub async fn sign_in(
    State(server): State<Server>,
    Extension(sender): Extension<Sender>,
    Body(it): Body<Credentials>,
) -> Result<Response, Problem> {
    if !server.limits.allows_sign_in(sender.0) {
        return Err(Problem::too_many("tries to sign in from this address"));
    }
    let at = now();
    let session = server.ask(move |live| live.sign_in(&it.name, &it.password, at)).await?;
    let cookie = session_cookie(&session, at, server.settings.is_secure);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// The cookie of a session that was begun.
pub fn session_cookie(session: &Session, now: i64, is_secure: bool) -> String {
    let secure = if is_secure { "; Secure" } else { "" };
    let age = (session.until - now) / 1_000_000;
    let secret = &session.secret;
    format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{secure}")
}

/// Sign out: the session ends
#[utoipa::path(post, path = "/api/v1/sign-out", tag = "access",
    responses((status = 204, description = "Signed out")))]
pub async fn sign_out(State(server): State<Server>, who: Who) -> Result<Response, Problem> {
    server.ask(move |live| live.sign_out(&who.0, now())).await?;
    let cookie = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Who is signed in
#[utoipa::path(get, path = "/api/v1/me", tag = "access",
    responses((status = 200, body = Me)))]
pub async fn me(who: Who) -> Json<Me> {
    let it = who.0.principal;
    let actions = Action::ALL.into_iter().filter(|action| it.may(*action).is_ok());
    Json(Me {
        actions: actions.map(|it| it.name().to_owned()).collect(),
        role: it.role.name().to_owned(),
        areas: match it.within {
            store::Within::Everywhere => None,
            store::Within::Areas(areas) => Some(areas),
        },
        must_change_password: it.must_change,
        name: it.name,
    })
}

/// The old password and a new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Passwords {
    /// As it is.
    old: String,
    /// As it shall be: ten characters or more.
    #[schema(min_length = 10, max_length = 64)]
    new: String,
}

/// Change one's own password: all sessions end
#[utoipa::path(post, path = "/api/v1/me/password", tag = "access", request_body = Passwords,
    responses((status = 204, description = "Changed")))]
pub async fn password(
    State(server): State<Server>,
    who: Who,
    Body(it): Body<Passwords>,
) -> Result<StatusCode, Problem> {
    let name = who.0.principal.name;
    server.ask(move |live| live.change_password(&name, (&it.old, &it.new), now())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A user.
#[derive(Serialize, ToSchema)]
pub struct User {
    name: String,
    role: String,
    areas: Vec<String>,
    created_at: String,
    is_locked: bool,
    is_disabled: bool,
}

/// All users
#[utoipa::path(get, path = "/api/v1/users", tag = "access",
    responses((status = 200, body = Vec<User>)))]
pub async fn users(State(server): State<Server>, who: Who) -> Result<Json<Vec<User>>, Problem> {
    who.may(Action::ManageUsers)?;
    let rows = server.ask(|live| Ok(live.store.read(store::users::all)?)).await?;
    let at = now();
    let user = |it: store::users::UserRow| User {
        areas: it.areas.split(';').filter(|it| !it.is_empty()).map(str::to_owned).collect(),
        created_at: shown(it.created_at),
        is_locked: it.locked_until > at,
        is_disabled: it.is_disabled,
        name: it.name,
        role: it.role,
    };
    Ok(Json(rows.into_iter().map(user).collect()))
}

/// A user to be made or changed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserToPut {
    /// Name to sign in with: letters of any writing, digits and `_ . @ -`.
    #[schema(pattern = r"^[\p{L}\p{M}\p{N}_.@-]{1,64}$")]
    name: String,
    /// First password; it is changed at the first sign-in.
    #[schema(min_length = 10, max_length = 64)]
    password: String,
    /// `officer`, `supervisor`, `statistician` or `administrator`.
    #[schema(pattern = "^(officer|supervisor|statistician|administrator)$")]
    role: String,
    /// Area codes; with `*` among them everywhere.
    #[schema(value_type = Vec<Area>)]
    areas: Vec<String>,
}

/// Make a user, or change one: its sessions end
#[utoipa::path(put, path = "/api/v1/users", tag = "access", request_body = UserToPut,
    responses((status = 204, description = "Made or changed")))]
pub async fn put_user(
    State(server): State<Server>,
    who: Who,
    Body(it): Body<UserToPut>,
) -> Result<StatusCode, Problem> {
    let principal = who.may(Action::ManageUsers)?;
    let new = NewUser {
        name: it.name,
        password: it.password,
        role: it.role,
        areas: it.areas,
        must_change: true,
    };
    let put = move |live: &app::live::Live| {
        live.put_user(&new, &Act { actor: &principal.name, now: now(), within: &principal.within })
    };
    server.ask(put).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keep a user from signing in: its sessions end
#[utoipa::path(delete, path = "/api/v1/users/{name}", tag = "access", params(("name" = String, Path)),
    responses((status = 204, description = "Disabled"),
        (status = 404, body = Problem)))]
pub async fn disable_user(
    State(server): State<Server>,
    who: Who,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let principal = who.may(Action::ManageUsers)?;
    let disable = move |live: &app::live::Live| {
        let act = Act { actor: &principal.name, now: now(), within: &principal.within };
        live.disable_user(&name, &act)
    };
    server.ask(disable).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a token may be good for.
#[derive(ToSchema)]
#[schema(pattern = "^(counts:read|households:read|facts:write|warnings:acknowledge|periods:close|\
        users:manage|audit:read|people:read|people:write|people:unmask|people:merge|people:erase|\
        warnings:manage|imports:write|exports:read|policy:read|policy:try|policy:propose|\
        policy:approve|webhooks:manage|areas:manage)$")]
#[expect(dead_code, reason = "only described")]
pub struct Scope(String);

/// An area code, or * for everywhere.
#[derive(ToSchema)]
#[schema(as = AreaCode, pattern = r"^([0-9A-Za-z_.-]{1,32}|\*)$")]
#[expect(dead_code, reason = "only described")]
pub struct Area(String);
