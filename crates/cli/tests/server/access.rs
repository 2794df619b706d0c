//! Who may do what, and who sees what.

use crate::http::{self, Client, PASSWORD};
use crate::setting::Setting;
use crate::{HERE, THERE, USERS, fact, give, ids, matrix, misfortune, settings};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What a request may give: allowed, or refused with a code.
fn outcome(client: &Client, method: &str, path: &str, body: Option<&Value>) -> String {
    let (status, answer) = client.send(method, path, body);
    match status {
        200..=299 => "yes".to_owned(),
        404 => "hidden".to_owned(),
        _ => answer["code"].as_str().unwrap_or("?").to_owned(),
    }
}

#[test]
fn every_route_keeps_to_role_and_area() {
    let setting = Setting::first(USERS);
    let everywhere = Client::signed_in(&setting.process, "everywhere");
    give(&everywhere, misfortune("H-here", HERE));
    give(&everywhere, misfortune("H-there", THERE));
    let (_, page) = everywhere.get("/api/v1/warnings");
    let of = |household: &str| {
        let items = page["items"].as_array().expect("items");
        let found = items.iter().find(|it| it["household_id"] == household).expect("a warning");
        format!("/api/v1/warnings/{}/acknowledgement", found["warning_id"].as_str().expect("an id"))
    };
    let acknowledgements = [of("H-here"), of("H-there")];
    let routes = matrix::routes(PASSWORD, HERE, acknowledgements);
    let (_, description) = everywhere.get("/openapi.json");
    assert_eq!(matrix::holes(&description, &routes), Vec::<String>::new(), "not in the table");
    let shared = &description["components"]["schemas"]["BTreeMap"];
    assert!(shared.is_null(), "maps of different values would be described as one");
    let who = ["nobody", "counts", "here", "there", "admin", "everywhere"];
    let client = |name: &str| match name {
        "nobody" => Client::new(&setting.process),
        name => Client::signed_in(&setting.process, name),
    };
    let who = who.map(|name| (name, client(name)));
    let mut table = String::new();
    for (method, path, body) in &routes {
        let shown =
            path.replace(|it: char| it.is_ascii_hexdigit() && path.contains("acknowledgement"), "");
        let shown = if path.contains("acknowledgement") { "/api/v1/warnings/…" } else { &shown };
        table.push_str(&format!("{method:6} {shown:32}"));
        for (name, client) in &who {
            let outcome = outcome(client, method, path, body.as_ref());
            table.push_str(&format!(" {name}={outcome}"));
        }
        table.push('\n');
    }
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/authorisation.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &table).expect("written");
    }
    let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(table, reviewed, "who may do what has changed");
}

#[test]
fn lists_counts_and_events_hold_nothing_of_other_areas() {
    for setting in settings() {
        let everywhere = Client::signed_in(&setting.process, "everywhere");
        give(&everywhere, misfortune("H-here", HERE));
        give(&everywhere, misfortune("H-there", THERE));
        let all = everywhere.events(0, 2);
        let here = Client::signed_in(&setting.process, "here");
        for path in [
            "/api/v1/warnings",
            "/api/v1/households",
            "/api/v1/warnings?area=6102",
            "/api/v1/households?area=610202001001",
        ] {
            let (status, page) = here.get(path);
            assert_eq!(
                (status, ids(&page)),
                (200, BTreeSet::from(["H-here".to_owned()])),
                "{path}"
            );
        }
        for path in ["/api/v1/warnings?area=610203", "/api/v1/households?area=610203"] {
            assert_eq!(ids(&here.get(path).1), BTreeSet::new(), "{}: {path}", setting.name);
        }
        for name in ["here", "counts"] {
            let (_, counts) =
                Client::signed_in(&setting.process, name).get("/api/v1/situation?digits=6");
            let areas: Vec<&String> = counts["areas"].as_object().expect("areas").keys().collect();
            assert_eq!(areas, [HERE], "{}", setting.name);
            let total: i64 = counts["bands"]
                .as_object()
                .expect("bands")
                .values()
                .filter_map(Value::as_i64)
                .sum();
            assert_eq!(total, 1, "{}", setting.name);
        }
        let own = here.events(0, 1);
        assert!(all.len() == 2 && own.iter().all(|it| it["household_id"] == "H-here"), "{own:?}");
        let intruding = vec![fact("X1", "H-there", "disaster.loss", "1", "2020-06-11")];
        let taken = give(&here, intruding);
        assert_eq!(taken["rejected"][0]["code"], "A002", "{}", setting.name);
        let unknown = vec![fact("X2", "H-nobody", "disaster.loss", "1", "2020-06-11")];
        let detail = &give(&here, unknown)["rejected"][0]["detail"];
        assert_eq!(
            detail, &taken["rejected"][0]["detail"],
            "who is there can be told from the answer"
        );
    }
}

#[test]
fn wrong_passwords_lock_a_user_and_a_cookie_alone_changes_nothing() {
    let setting = Setting::first(USERS);
    let client = Client::new(&setting.process);
    let sign_in = |name: &str, password: &str| {
        let body = json!({ "name": name, "password": password });
        let (status, answer) = client.send("POST", "/api/v1/sign-in", Some(&body));
        (status, answer["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(sign_in("nobody", "some password"), (401, "A003".to_owned()));
    for _ in 0..5 {
        assert_eq!(sign_in("here", "a wrong password"), (401, "A003".to_owned()));
    }
    assert_eq!(sign_in("here", PASSWORD), (429, "A004".to_owned()));
    assert_eq!(sign_in("there", PASSWORD).0, 204);
    let answer = client.raw(
        "POST",
        "/api/v1/sign-in",
        Some(&json!({ "name": "there", "password": PASSWORD })),
        &[],
    );
    let cookie = answer.headers()["set-cookie"].to_str().expect("text").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let pair = cookie.split(';').next().expect("a pair");
    let forged =
        client.raw("POST", "/api/v1/facts", Some(&json!({ "facts": [] })), &[("cookie", pair)]);
    assert_eq!(http::document(forged).1["code"], "A002");
}

#[test]
fn a_new_user_changes_the_first_password_before_anything_else_and_a_token_keeps_to_its_scopes() {
    let setting = Setting::first(USERS);
    let admin = Client::signed_in(&setting.process, "admin");
    let user = json!({ "name": "new", "password": PASSWORD, "role": "officer", "areas": ["*"] });
    assert_eq!(admin.send("PUT", "/api/v1/users", Some(&user)).0, 204);
    let new = Client::signed_in(&setting.process, "new");
    assert_eq!(new.get("/api/v1/warnings").1["code"], "A002");
    let weak = json!({ "old": PASSWORD, "new": "short" });
    assert_eq!(new.send("POST", "/api/v1/me/password", Some(&weak)).1["code"], "A005");
    let change = json!({ "old": PASSWORD, "new": "a longer password" });
    assert_eq!(new.send("POST", "/api/v1/me/password", Some(&change)).0, 204);
    assert_eq!(new.get("/api/v1/me").0, 401, "old sessions end");
    let make = json!({ "label": "clinic", "scopes": ["facts:write"], "days": 30 });
    let (status, token) = admin.send("POST", "/api/v1/users/here/tokens", Some(&make));
    assert_eq!(status, 201, "{token}");
    let bearer = format!("Bearer {}", token["token"].as_str().expect("a token"));
    let machine = Client::new(&setting.process);
    let headers = [("authorization", bearer.as_str())];
    let facts = json!({ "facts": misfortune("H1", HERE) });
    let (status, taken) =
        http::document(machine.raw("POST", "/api/v1/facts", Some(&facts), &headers));
    assert_eq!((status, &taken["accepted"]), (200, &json!(5)));
    let (status, _) = http::document(machine.raw("GET", "/api/v1/warnings", None, &headers));
    assert_eq!(status, 403);
}
