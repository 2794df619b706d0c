//! Errors as RFC 9457 problems, with the codes of the command line.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::Diagnostic;
use base::codes::run as codes;
use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A name for the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same for people.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// What is wrong with this request.
    pub detail: String,
    /// The code, as on the command line.
    pub code: String,
    /// The next step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl From<Diagnostic> for Problem {
    fn from(finding: Diagnostic) -> Self {
        Self {
            kind: format!("urn:holdfast:problem:{}", finding.code.name),
            title: finding.code.summary.to_owned(),
            status: finding.code.http_status,
            detail: finding.message,
            code: finding.code.id.to_owned(),
            hint: finding.hint,
        }
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        Diagnostic::from(error).into()
    }
}

fn refused(status: StatusCode, detail: String) -> Problem {
    let finding = Diagnostic::new(&codes::BAD_REQUEST, detail)
        .hint("the description of the API stands at /openapi.json");
    Problem { status: status.as_u16(), ..finding.into() }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        refused(rejection.status(), rejection.body_text())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        refused(rejection.status(), rejection.body_text())
    }
}

impl Problem {
    /// A request that cannot be understood.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        refused(StatusCode::BAD_REQUEST, detail.into())
    }

    /// Somebody asks more often than anybody may.
    pub fn too_many(what: &str) -> Self {
        let problem = refused(StatusCode::TOO_MANY_REQUESTS, format!("too many {what}"));
        Self { hint: Some("wait a moment, then go on more slowly".to_owned()), ..problem }
    }

    /// No such thing, or none that this user may see.
    pub fn not_found(what: &str) -> Self {
        refused(StatusCode::NOT_FOUND, format!("there is no {what}, or none that you may see"))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status.is_server_error() {
            tracing::warn!(code = self.code, status = self.status, "a request failed");
        }
        let mut response = (status, Json(self)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}
