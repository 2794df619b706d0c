//! Lists that hold only what was asked for: `?fields=a,b` leaves those fields of every item.
//!
//! Works on any route whose answer is described as `{items, next}`: the fields that there are come
//! from the description, so that a new route needs nothing.

use crate::problem::Problem;
use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Fields of the items of every list, by the route's address.
pub type Lists = BTreeMap<String, BTreeSet<String>>;

/// Largest answer that is looked into.
const BYTES_MAX: usize = 256 << 20;

/// Reads from the description of the API what its lists hold.
pub fn lists(description: &Value) -> Lists {
    let paths = description["paths"].as_object().into_iter().flatten();
    paths.filter_map(|(path, item)| Some((path.clone(), of_list(description, item)?))).collect()
}

fn of_list(description: &Value, item: &Value) -> Option<BTreeSet<String>> {
    let answer = &item["get"]["responses"]["200"]["content"]["application/json"]["schema"];
    let page = resolved(description, answer)?;
    let one = resolved(description, &page["properties"]["items"]["items"])?;
    Some(one["properties"].as_object()?.keys().cloned().collect())
}

fn resolved<'a>(description: &'a Value, schema: &'a Value) -> Option<&'a Value> {
    match schema["$ref"].as_str() {
        Some(path) => description.pointer(path.strip_prefix('#')?),
        None => schema.is_object().then_some(schema),
    }
}

/// Takes `fields` out of the query, lets the route answer, and leaves in the answer what was asked
/// for.
pub async fn pruned(State(lists): State<Arc<Lists>>, mut request: Request, next: Next) -> Response {
    let known = request.extensions().get::<MatchedPath>().and_then(|it| lists.get(it.as_str()));
    let Some(known) = known.filter(|_| request.method() == Method::GET) else {
        return next.run(request).await;
    };
    let (rest, asked) = taken(request.uri());
    let Some(asked) = asked else { return next.run(request).await };
    let wanted: BTreeSet<&str> = asked.split(',').collect();
    if let Some(unknown) = wanted.iter().find(|it| !known.contains(**it)) {
        let all: Vec<&str> = known.iter().map(String::as_str).collect();
        let message = format!("fields: `{unknown}` is none of {}", all.join(", "));
        return Problem::bad_request(message).into_response();
    }
    match rest.parse() {
        Ok(uri) => *request.uri_mut() = uri,
        Err(_) => return Problem::bad_request("the query cannot be read").into_response(),
    }
    let response = next.run(request).await;
    if response.status() == StatusCode::OK { only(response, &wanted).await } else { response }
}

/// The address without `fields`, and what it asked for.
fn taken(uri: &Uri) -> (String, Option<String>) {
    let (mut rest, mut asked) = (Vec::new(), None);
    for part in uri.query().unwrap_or_default().split('&') {
        match form_urlencoded::parse(part.as_bytes()).next() {
            Some((name, value)) if name == "fields" => asked = Some(value.into_owned()),
            _ => rest.push(part),
        }
    }
    let query = rest.join("&");
    let query = if query.is_empty() { query } else { format!("?{query}") };
    (format!("{}{query}", uri.path()), asked)
}

async fn only(response: Response, wanted: &BTreeSet<&str>) -> Response {
    let (mut parts, body) = response.into_parts();
    let page = to_bytes(body, BYTES_MAX).await.ok();
    let Some(Ok(mut page)) = page.map(|it| serde_json::from_slice::<Value>(&it)) else {
        return Problem::bad_request("fields: the answer is too large; ask for smaller pages")
            .into_response();
    };
    for item in page["items"].as_array_mut().into_iter().flatten() {
        if let Some(item) = item.as_object_mut() {
            item.retain(|name, _| wanted.contains(name.as_str()));
        }
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(page.to_string()))
}
