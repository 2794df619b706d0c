//! Who sends a request: a session's cookie, or a token.

use crate::clock::now;
use crate::problem::Problem;
use crate::state::Server;
use app::access::{Action, Principal, Signed};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base::Diagnostic;
use base::codes::access as codes;

/// The cookie's name.
pub const COOKIE: &str = "holdfast";

/// Somebody who is signed in.
pub struct Who(pub Signed);

impl Who {
    /// The same, if an action is allowed.
    pub fn may(self, action: Action) -> Result<Principal, Problem> {
        self.0.principal.may(action)?;
        Ok(self.0.principal)
    }

    /// The same, if one of some actions is allowed.
    pub fn may_any(self, actions: &[Action]) -> Result<Principal, Problem> {
        let mut refused = None;
        for action in actions {
            match self.0.principal.may(*action) {
                Ok(()) => return Ok(self.0.principal),
                Err(finding) => refused = refused.or(Some(finding)),
            }
        }
        Err(refused.unwrap_or_else(nobody).into())
    }
}

impl FromRequestParts<Server> for Who {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        let from_cookie = cookie(&parts.headers, COOKIE);
        let Some(secret) = bearer(&parts.headers).or_else(|| from_cookie.clone()) else {
            return Err(nobody().into());
        };
        // A page elsewhere can make a browser send the cookie, but not this header.
        let is_cookie = from_cookie.is_some() && bearer(&parts.headers).is_none();
        let is_safe = parts.method.is_safe() || parts.headers.contains_key("x-holdfast");
        if is_cookie && !is_safe {
            let finding = Diagnostic::new(&codes::FORBIDDEN, "the header X-Holdfast is missing");
            return Err(finding.hint("send X-Holdfast: 1 with every change").into());
        }
        let signed = server.ask(move |live| live.signed_in(&secret, now())).await?;
        if !server.limits.allows_user(&signed.principal.name) {
            return Err(Problem::too_many("requests of this user"));
        }
        Ok(Self(signed))
    }
}

fn nobody() -> Diagnostic {
    Diagnostic::new(&codes::NOT_SIGNED_IN, "nobody is signed in")
        .hint("sign in: POST /api/v1/sign-in; or send Authorization: Bearer TOKEN")
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(|it| it.trim().to_owned())
}

/// A cookie by its name.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|it| it.to_str().ok());
    let parts = all.flat_map(|it| it.split(';'));
    let mut pairs = parts.filter_map(|it| it.trim().split_once('='));
    pairs.find(|it| it.0 == name).map(|it| it.1.to_owned())
}
