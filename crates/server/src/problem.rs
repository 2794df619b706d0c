//! Errors as RFC 9457 problems, with the codes of the command line.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::Diagnostic;
use base::codes::{policy, run as codes};
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
    /// Everything that was found, where there is more to tell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// One of several findings.
#[derive(Debug, Serialize, ToSchema)]
pub struct Finding {
    /// Its code, as on the command line.
    pub code: String,
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// What is wrong.
    pub message: String,
    /// The file.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column, from 1.
    pub column: Option<u32>,
    /// The line itself.
    pub excerpt: Option<String>,
    /// The next step.
    pub hint: Option<String>,
}

/// Findings of one answer.
const FINDINGS_MAX: usize = 200;

impl From<&Diagnostic> for Finding {
    fn from(finding: &Diagnostic) -> Self {
        let place = finding.place.as_ref();
        Self {
            code: finding.code.id.to_owned(),
            severity: finding.code.severity.to_string(),
            message: finding.message.clone(),
            file: place.map(|it| it.file.clone()),
            line: place.map(|it| it.line).filter(|it| *it > 0),
            column: place.map(|it| it.column).filter(|it| *it > 0),
            excerpt: place.and_then(|it| it.excerpt.clone()),
            hint: finding.hint.clone(),
        }
    }
}

impl From<Vec<Diagnostic>> for Problem {
    /// A single finding that lies nowhere is the problem itself; several are told one by one.
    fn from(mut findings: Vec<Diagnostic>) -> Self {
        if let [only] = findings.as_slice()
            && only.place.is_none()
        {
            return only.clone().into();
        }
        findings.sort_by_key(|it| !it.is_error());
        let errors = findings.iter().filter(|it| it.is_error()).count();
        let finding =
            Diagnostic::new(&policy::PACK_REFUSED, format!("the pack has {errors} errors"))
                .hint("mend what `findings` names, and send it again");
        let told = findings.iter().take(FINDINGS_MAX).map(Finding::from).collect();
        Self { findings: told, ..finding.into() }
    }
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
            findings: Vec::new(),
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

    /// A request that is understood and cannot be done.
    pub fn unprocessable(detail: impl Into<String>) -> Self {
        refused(StatusCode::UNPROCESSABLE_ENTITY, detail.into())
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
