//! Every route with what is sent to it, for the table of who may do what.

use serde_json::{Value, json};

/// A method, an address and a body.
pub type Route = (&'static str, String, Option<Value>);

/// Fixed ids: households of two counties are `H-here` and `H-there`, their people `P-here` and
/// `P-there`.
pub fn routes(password: &str, county: &str, acknowledgements: [String; 2]) -> Vec<Route> {
    let parts = [
        chain(acknowledgements),
        pages(),
        people(),
        files(),
        policy(),
        edges(),
        users(password, county),
        // Ends the period that everything above is about.
        vec![post("period/close", Value::Null)],
    ];
    parts.into_iter().flatten().collect()
}

fn route(method: &'static str, path: &str, body: Value) -> Route {
    (method, format!("/api/v1/{path}"), Some(body).filter(|it| !it.is_null()))
}

fn get(path: &str) -> Route {
    route("GET", path, Value::Null)
}

fn post(path: &str, body: Value) -> Route {
    route("POST", path, body)
}

fn put(path: &str, body: Value) -> Route {
    route("PUT", path, body)
}

fn delete(path: &str) -> Route {
    route("DELETE", path, Value::Null)
}

fn chain(acknowledgements: [String; 2]) -> Vec<Route> {
    let mut routes = vec![
        get("me"),
        get("situation"),
        get("period"),
        get("warnings"),
        get("households"),
        get("households/H-here"),
        get("households/H-there"),
        post("facts", json!({ "facts": [] })),
    ];
    routes.extend(acknowledgements.map(|it| ("POST", it, None)));
    routes
}

fn pages() -> Vec<Route> {
    let deed = |action: &str| json!({ "ids": ["none"], "action": action });
    let of_households = ["H-here", "H-there"].into_iter().flat_map(|id| {
        let parts = ["explanation", "history", "timeline", "facts", "sliders"];
        let mut routes = parts.map(|it| get(&format!("households/{id}/{it}"))).to_vec();
        routes.push(post(&format!("households/{id}/trial"), json!({ "set": {} })));
        routes
    });
    let mut routes = vec![
        get("areas"),
        get("areas?codes=610202,610203"),
        get("areas/610202"),
        get("boundaries"),
        get("forms"),
        get("situation/children"),
        get("situation/history"),
        get("situation/summary"),
        get("warnings/counts"),
        post("warnings/actions", deed("acknowledge")),
        post("warnings/actions", deed("assign")),
    ];
    routes.extend(of_households);
    routes
}

fn people() -> Vec<Route> {
    let person = |household: &str| json!({ "household_id": household, "name": "王小明" });
    let unmasking = || json!({ "reason": "a visit at home", "fields": ["phone"] });
    let erasure = || json!({ "reason": "asked for it" });
    vec![
        get("people"),
        get("search?q=wang"),
        put("people/P-here", person("H-here")),
        put("people/P-there", person("H-there")),
        get("people/P-here"),
        get("people/P-there"),
        get("households/H-here/members"),
        get("households/H-there/members"),
        get("households/H-here/registration"),
        get("households/H-there/registration"),
        put("households/H-here/registration", json!({ "code": "610-1" })),
        put("households/H-there/registration", json!({ "code": "610-2" })),
        post("people/P-here/unmasking", unmasking()),
        post("people/P-there/unmasking", unmasking()),
        get("people/P-here/unmaskings"),
        get("unmaskings"),
        get("duplicates"),
        post("duplicates/1/decision", json!({ "decision": "distinct" })),
        post("merges/1/undo", Value::Null),
        post("people/P-here/erasure", erasure()),
        post("people/P-there/erasure", erasure()),
    ]
}

fn files() -> Vec<Route> {
    let mapping = json!({ "kind": "facts", "columns": { "value": "v" } });
    vec![
        post("imports?kind=facts", json!({ "facts": [] })),
        post("imports/columns?kind=facts", json!({ "facts": [] })),
        post("imports?kind=areas", json!({ "facts": [] })),
        post("imports/columns?kind=areas", json!({ "facts": [] })),
        get("imports/none/rejects"),
        get("imports/none/rows"),
        post("imports/none/undo", Value::Null),
        get("jobs"),
        get("jobs/none"),
        post("jobs/none/cancel", Value::Null),
        delete("jobs/none"),
        get("mappings"),
        put("mappings/m", mapping),
        get("mappings/m"),
        delete("mappings/m"),
        get("exports/facts"),
        get("exports/members"),
        get("exports/areas"),
    ]
}

fn policy() -> Vec<Route> {
    let proposal = json!({ "hash": "0".repeat(64), "from": "2020-07-01" });
    let trial = json!({ "changes": [{ "kind": "edge", "id": "red", "value": 50 }] });
    vec![
        get("policy"),
        get("policy/indicators/visits"),
        get("policy/versions"),
        get("policy/changes"),
        get("policy/activations"),
        post("policy/versions", json!({ "files": {} })),
        post("policy/activations", proposal),
        post("policy/activations/9/approval", Value::Null),
        post("policy/activations/9/refusal", Value::Null),
        post("policy/trials", trial),
        get("rules"),
    ]
}

fn edges() -> Vec<Route> {
    let hook = json!({ "url": "https://example.org/hook", "areas": ["*"] });
    vec![
        get("sign-in/providers"),
        get("sign-in/oidc/none"),
        get("sign-in/oidc/none/callback"),
        get("webhooks"),
        post("webhooks", hook),
        delete("webhooks/none"),
        get("webhooks/none/deliveries"),
        post("webhooks/none/deliveries/1/retry", Value::Null),
    ]
}

fn users(password: &str, county: &str) -> Vec<Route> {
    let user = json!({ "name": "new", "password": password, "role": "officer", "areas": [county] });
    let token = json!({ "label": "machine", "days": 1, "scopes": ["facts:write"] });
    vec![
        get("users"),
        put("users", user),
        post("users/new/tokens", token),
        get("users/new/sessions"),
        delete("users/new/sessions"),
        get("tokens"),
        delete("tokens/none"),
        get("audit/verification"),
        get("audit"),
        delete("users/new"),
    ]
}

/// Routes of a description that the table lacks. Signing in and out, what everybody may ask and the
/// stream without an end are tested by themselves.
pub fn holes(description: &Value, routes: &[Route]) -> Vec<String> {
    const BY_THEMSELVES: [&str; 5] = [
        "/api/v1/about",
        "/api/v1/sign-in",
        "/api/v1/sign-out",
        "/api/v1/me/password",
        "/api/v1/events",
    ];
    let paths = description["paths"].as_object().expect("paths");
    let mut holes = Vec::new();
    for (path, item) in paths.iter().filter(|it| it.0.starts_with("/api/")) {
        for method in item.as_object().expect("methods").keys() {
            let is_there = routes.iter().any(|it| {
                it.0.eq_ignore_ascii_case(method)
                    && fits(path, it.1.split('?').next().unwrap_or(""))
            });
            if !is_there && !BY_THEMSELVES.contains(&path.as_str()) {
                holes.push(format!("{method} {path}"));
            }
        }
    }
    holes
}

/// Whether an address is one of a template's.
fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) =
        (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template.iter().zip(&path).all(|(part, own)| part == own || part.starts_with('{'))
}
