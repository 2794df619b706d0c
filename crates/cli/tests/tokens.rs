//! Tokens, sessions, locks and the audit, as those who answer for them see them.

#[path = "databases/mod.rs"]
mod databases;
#[path = "http/mod.rs"]
mod http;

use databases::Database;
use http::{Client, PASSWORD, Process, holdfast, user};
use serde_json::{Value, json};
use std::path::PathBuf;

struct Setting {
    name: &'static str,
    database: Database,
    key: PathBuf,
    process: Process,
    _folder: tempfile::TempDir,
}

impl Setting {
    fn client(&self, name: &str) -> Client {
        Client::signed_in(&self.process, name)
    }
}

fn settings() -> Vec<Setting> {
    let setting = |database: Database| {
        let folder = tempfile::tempdir().expect("a folder");
        let key = folder.path().join("key");
        user(&database.address, &key, "li.na", "officer", &["610202"]);
        user(&database.address, &key, "wang", "officer", &["610203"]);
        user(&database.address, &key, "admin", "administrator", &["*"]);
        let process = Process::start(&database.address, &key);
        Setting { name: database.name, database, key, process, _folder: folder }
    };
    databases::all().into_iter().map(setting).collect()
}

fn token(admin: &Client, user: &str, scopes: &[&str]) -> String {
    let make = json!({ "label": format!("of {user}"), "scopes": scopes, "days": 30 });
    let (status, made) = admin.send("POST", &format!("/api/v1/users/{user}/tokens"), Some(&make));
    assert_eq!(status, 201, "{made}");
    format!("Bearer {}", made["token"].as_str().expect("a token"))
}

fn with(process: &Process, bearer: &str, method: &str, path: &str) -> (u16, Value) {
    let headers = [("authorization", bearer)];
    http::document(Client::new(process).raw(method, path, None, &headers))
}

fn items(client: &Client, path: &str) -> Vec<Value> {
    let (status, page) = client.get(path);
    assert_eq!(status, 200, "{path}: {page}");
    page["items"].as_array().expect("items").clone()
}

#[test]
fn tokens_are_listed_without_their_secret_and_end_when_somebody_ends_them() {
    for setting in settings() {
        let (admin, own) = (setting.client("admin"), setting.client("li.na"));
        let (one, other) = (token(&admin, "li.na", &["facts:write"]), token(&admin, "wang", &[]));
        let all = items(&admin, "/api/v1/tokens");
        assert_eq!(all.len(), 2, "{}: {all:?}", setting.name);
        let seen = items(&own, "/api/v1/tokens");
        assert_eq!(seen.len(), 1, "{}: {seen:?}", setting.name);
        assert_eq!((&seen[0]["user"], &seen[0]["label"]), (&json!("li.na"), &json!("of li.na")));
        assert_eq!(seen[0]["scopes"], json!(["facts:write"]), "{}", setting.name);
        assert_eq!(seen[0]["last_used"], Value::Null, "{}", setting.name);
        let id = seen[0]["id"].as_str().expect("an id").to_owned();
        assert!(!one.contains(&id), "{}: the id is part of the secret", setting.name);
        assert_eq!(with(&setting.process, &one, "GET", "/api/v1/me").0, 200, "{}", setting.name);
        let used = items(&own, "/api/v1/tokens")[0]["last_used"].clone();
        assert_eq!(used.as_str().map(str::len), Some(10), "{}: {used}", setting.name);
        let foreign = all.iter().find(|it| it["user"] == "wang").expect("a token");
        let path = format!("/api/v1/tokens/{}", foreign["id"].as_str().expect("an id"));
        assert_eq!(own.send("DELETE", &path, None).1["code"], "A008", "{}", setting.name);
        // A token made for facts manages no tokens.
        assert_eq!(with(&setting.process, &one, "GET", "/api/v1/tokens").0, 403);
        let path = format!("/api/v1/tokens/{id}");
        assert_eq!(with(&setting.process, &one, "DELETE", &path).0, 403, "{}", setting.name);
        assert_eq!(own.send("DELETE", &path, None).0, 204, "{}", setting.name);
        assert_eq!(with(&setting.process, &one, "GET", "/api/v1/me").0, 401, "{}", setting.name);
        assert_eq!(with(&setting.process, &other, "GET", "/api/v1/me").0, 200, "{}", setting.name);
    }
}

#[test]
fn an_administrator_ends_sessions_and_gives_a_locked_user_a_new_password() {
    for setting in settings() {
        let (admin, li_na) = (setting.client("admin"), setting.client("li.na"));
        let bearer = token(&admin, "li.na", &[]);
        let sessions = items(&admin, "/api/v1/users/li.na/sessions");
        assert_eq!(sessions.len(), 1, "{}: {sessions:?}", setting.name);
        assert_eq!(li_na.get("/api/v1/users/li.na/sessions").0, 403, "{}", setting.name);
        assert_eq!(admin.send("DELETE", "/api/v1/users/li.na/sessions", None).0, 204);
        assert_eq!(li_na.get("/api/v1/me").0, 401, "{}", setting.name);
        assert_eq!(with(&setting.process, &bearer, "GET", "/api/v1/me").0, 200, "a token stays");
        let nobody = Client::new(&setting.process);
        let sign_in = |password: &str| {
            let body = json!({ "name": "li.na", "password": password });
            nobody.send("POST", "/api/v1/sign-in", Some(&body))
        };
        for _ in 0..5 {
            assert_eq!(sign_in("a wrong password").1["code"], "A003", "{}", setting.name);
        }
        assert_eq!(sign_in(PASSWORD).1["code"], "A004", "{}", setting.name);
        let listed = admin.get("/api/v1/users").1;
        let listed = listed.as_array().expect("users").iter().find(|it| it["name"] == "li.na");
        assert_eq!(listed.expect("a user")["is_locked"], true, "{}", setting.name);
        let put = json!({
            "name": "li.na", "password": "another long one", "role": "officer",
            "areas": ["610202"],
        });
        assert_eq!(admin.send("PUT", "/api/v1/users", Some(&put)).0, 204, "{}", setting.name);
        assert_eq!(sign_in("another long one").0, 204, "{}: still locked", setting.name);
        assert_eq!(admin.get("/api/v1/users/nobody/sessions").1["code"], "A006");
    }
}

#[test]
fn of_guesses_made_at_once_each_one_counts() {
    for setting in settings() {
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    let body = json!({ "name": "li.na", "password": "a wrong password" });
                    Client::new(&setting.process).send("POST", "/api/v1/sign-in", Some(&body))
                });
            }
        });
        let body = json!({ "name": "li.na", "password": PASSWORD });
        let (_, answer) =
            Client::new(&setting.process).send("POST", "/api/v1/sign-in", Some(&body));
        assert_eq!(answer["code"], "A004", "{}: {answer}", setting.name);
    }
}

#[test]
fn the_audit_says_who_did_what_and_never_what_was_said() {
    for setting in settings() {
        let admin = setting.client("admin");
        token(&admin, "wang", &["facts:write"]);
        let done = items(&admin, "/api/v1/audit?actor=admin");
        let commands: Vec<_> = done.iter().filter_map(|it| it["command"].as_str()).collect();
        assert_eq!(commands, ["token.make", "session.start"], "{}", setting.name);
        assert_eq!(done[0]["subject"], "wang", "{}", setting.name);
        let keys: Vec<&String> = done[0].as_object().expect("a row").keys().collect();
        assert_eq!(keys, ["number", "at", "actor", "command", "subject"], "{}", setting.name);
        let puts = items(&admin, "/api/v1/audit?command=user.put");
        assert_eq!(puts.len(), 3, "{}: {puts:?}", setting.name);
        let (mut numbers, mut cursor) = (Vec::new(), String::new());
        loop {
            let (_, page) = admin.get(&format!("/api/v1/audit?limit=2{cursor}"));
            let rows = page["items"].as_array().expect("items");
            numbers.extend(rows.iter().filter_map(|it| it["number"].as_i64()));
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let expected: Vec<i64> = (1..=numbers.len() as i64).rev().collect();
        assert_eq!(numbers, expected, "{}", setting.name);
        assert_eq!(setting.client("li.na").get("/api/v1/audit").1["code"], "A002");
        for query in ["cursor=x", "limit=0", "actor=%00", "unknown=1"] {
            assert_eq!(admin.get(&format!("/api/v1/audit?{query}")).0, 400, "{query}");
        }
        let words = ["audit", "list", "--command", "user.put", "--format", "json"];
        let output = holdfast(&words, &setting.database.address, &setting.key).output();
        let listed: Value = serde_json::from_slice(&output.expect("ran").stdout).expect("JSON");
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(3), "{}", setting.name);
    }
}
