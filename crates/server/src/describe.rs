//! What every route has in common, added to the description that their own words make: problems
//! with their own media type, the answers that any request may get, and how to say who one is.

use base::PeriodKind;
use serde_json::{Map, Value, json};

/// Answers that any request may get.
const ANY: [(&str, &str); 3] = [
    ("400", "Not understood"),
    ("429", "Too many requests, or locked"),
    ("503", "The database is away, or another server writes"),
];

/// Answers to requests that do not get so far as to any route: they have no body.
const BEFORE: [(&str, &str); 2] =
    [("414", "The address is too long"), ("431", "The headers are too large")];

/// Answers that any request with a body may get.
const WITH_BODY: [(&str, &str); 3] =
    [("413", "Too large"), ("415", "Not JSON"), ("422", "Understood, and not possible")];

/// Answers that a request of somebody may get.
const WITH_NAME: [(&str, &str); 2] =
    [("401", "Nobody is signed in"), ("403", "Role or areas do not go so far")];

/// Addresses that ask nobody who they are.
const OPEN: [&str; 8] = [
    "/api/v1/about",
    "/api/v1/sign-in",
    "/api/v1/sign-in/providers",
    "/api/v1/sign-in/oidc/{provider}",
    "/api/v1/sign-in/oidc/{provider}/callback",
    "/healthz",
    "/readyz",
    "/metrics",
];

/// The whole description, for policies with one kind of period.
pub fn completed(mut description: Value, kind: PeriodKind) -> Value {
    for (path, item) in entries(&mut description["paths"]) {
        let is_open = OPEN.contains(&path.as_str());
        for (method, operation) in entries(item) {
            complete(operation, is_open);
            operation["operationId"] = json!(name(method, path));
            let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
            for parameter in parameters.into_iter().flatten() {
                crate::written::describe(path, parameter, kind);
            }
        }
    }
    for (path, fields) in crate::fields::lists(&description) {
        description["paths"][path]["get"]["x-fields"] = json!(fields);
    }
    description["components"]["securitySchemes"] = json!({
        "token": { "type": "http", "scheme": "bearer" },
        "session": { "type": "apiKey", "in": "cookie", "name": crate::auth::COOKIE },
    });
    description
}

fn entries(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flat_map(Map::iter_mut)
}

/// The name of an operation, which no other has: `get_households_id_facts`.
fn name(method: &str, path: &str) -> String {
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    let words = path.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

fn complete(operation: &mut Value, is_open: bool) {
    let with_body: &[(&str, &str)] =
        if operation["requestBody"].is_null() { &[] } else { &WITH_BODY };
    let with_name: &[(&str, &str)] = if is_open { &[] } else { &WITH_NAME };
    let responses = &mut operation["responses"];
    for (status, meaning) in ANY.iter().chain(with_body).chain(with_name) {
        if responses[*status].is_null() {
            responses[*status] = json!({ "description": meaning });
        }
    }
    for (status, response) in entries(responses) {
        let is_problem = status.starts_with(['4', '5']);
        if is_problem {
            let schema = json!({ "$ref": "#/components/schemas/Problem" });
            response["content"] = json!({ "application/problem+json": { "schema": schema } });
            if response["description"].as_str().is_none_or(str::is_empty) {
                response["description"] = json!("A problem");
            }
        }
    }
    for (status, meaning) in BEFORE {
        operation["responses"][status] = json!({ "description": meaning });
    }
    if !is_open {
        operation["security"] = json!([{ "token": [] }, { "session": [] }]);
    }
}
