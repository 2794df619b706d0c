//! The edges of the server: limits, time, headers, stopping, and what lists hold.

#[path = "databases/mod.rs"]
mod databases;
#[path = "http/mod.rs"]
mod http;

use databases::Database;
use http::{Client, Process, user};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::time::Duration;
use store::Address;

struct Setting {
    database: Database,
    process: Process,
    key: PathBuf,
    _folder: tempfile::TempDir,
}

fn setting(options: &[&str]) -> Setting {
    let database = databases::all().remove(0);
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("key");
    user(&database.address, &key, "everywhere", "supervisor", &["*"]);
    let process = Process::start_with(&database.address, &key, options);
    Setting { database, process, key, _folder: folder }
}

fn facts(number: u32) -> Value {
    let fact = |part: &str, code: &str, value: &str| {
        json!({
            "fact_id": format!("H{number}-{part}"), "household_id": format!("H{number}"),
            "fact": code, "value": value, "valid_from": "2020-06-10",
        })
    };
    let facts =
        [fact("area", "registry.area", "610202001001"), fact("loss", "disaster.loss", "90000")];
    json!({ "facts": facts })
}

/// Somebody else's hold on the file, so that whoever wants to write waits.
struct Hold(rusqlite::Connection);

impl Hold {
    fn of(database: &Database) -> Self {
        let Address::File(path) = &database.address else { panic!("a file is asked for") };
        let connection = rusqlite::Connection::open(path).expect("opened");
        connection.execute_batch("BEGIN IMMEDIATE").expect("held");
        Self(connection)
    }

    fn let_go(self) {
        self.0.execute_batch("ROLLBACK").expect("let go");
    }
}

#[test]
fn a_request_that_waits_too_long_is_answered_while_it_still_waits() {
    let setting = setting(&["--seconds", "1"]);
    let client = Client::signed_in(&setting.process, "everywhere");
    assert_eq!(client.send("POST", "/api/v1/facts", Some(&facts(1))).0, 200);
    let hold = Hold::of(&setting.database);
    let (status, problem) = client.send("POST", "/api/v1/facts", Some(&facts(2)));
    // The answer is here and the file is still held: nobody waited for it.
    assert_eq!((status, &problem["code"]), (503, &json!("S006")), "{problem}");
    assert_eq!(client.get("/api/v1/warnings").0, 200, "others are answered meanwhile");
    hold.let_go();
    // The same facts again: taken once, whether they were taken meanwhile or not.
    let taken = loop {
        let (status, taken) = client.send("POST", "/api/v1/facts", Some(&facts(2)));
        if status == 200 {
            break taken;
        }
        assert_eq!(status, 503, "{taken}");
    };
    let count = taken["accepted"].as_i64().zip(taken["known"].as_i64()).map(|it| it.0 + it.1);
    assert_eq!(count, Some(2), "{taken}");
}

#[test]
fn a_server_that_is_told_to_stop_answers_what_it_was_asked_first() {
    let setting = setting(&[]);
    let client = Client::signed_in(&setting.process, "everywhere");
    assert_eq!(client.send("POST", "/api/v1/facts", Some(&facts(1))).0, 200);
    let hold = Hold::of(&setting.database);
    let (tell, told) = channel();
    std::thread::scope(|scope| {
        let asked = scope.spawn(|| {
            tell.send(()).expect("heard");
            client.send("POST", "/api/v1/facts", Some(&facts(2)))
        });
        told.recv().expect("told");
        std::thread::sleep(Duration::from_millis(500));
        setting.process.ask_to_stop();
        std::thread::sleep(Duration::from_millis(500));
        hold.let_go();
        let (status, taken) = asked.join().expect("answered");
        assert_eq!((status, &taken["accepted"]), (200, &json!(2)), "{taken}");
    });
    assert!(setting.process.stop(), "it did not stop in good order");
    let process = Process::start(&setting.database.address, &setting.key);
    let again = Client::signed_in(&process, "everywhere");
    assert_eq!(again.send("POST", "/api/v1/facts", Some(&facts(2))).1["known"], 2);
}

#[test]
fn a_user_is_limited_from_wherever_and_an_address_whoever_asks() {
    let setting = setting(&["--requests", "30", "--secure"]);
    let client = Client::signed_in(&setting.process, "everywhere");
    let from = |it: u32| format!("203.0.113.1, 198.51.100.{it}");
    let ask = |client: &Client, path: &str, sender: &str| {
        http::document(client.raw("GET", path, None, &[("x-forwarded-for", sender)]))
    };
    // Each from another address: nobody is limited as an address.
    let statuses: Vec<u16> = (0..60).map(|it| ask(&client, "/api/v1/me", &from(it)).0).collect();
    assert_eq!(statuses[0], 200);
    assert!(statuses.contains(&429), "a user may ask without end: {statuses:?}");
    let nobody = Client::new(&setting.process);
    assert!((100..160).all(|it| ask(&nobody, "/healthz", &from(it)).0 == 200));
    // What stands first may be anybody's invention: the last address counts.
    let invented = |it: u32| format!("203.0.113.{it}, 198.51.100.250");
    let statuses: Vec<u16> = (0..60).map(|it| ask(&nobody, "/healthz", &invented(it)).0).collect();
    assert!(statuses.contains(&429), "an address may ask without end: {statuses:?}");
    let (status, problem) = ask(&nobody, "/healthz", &invented(1));
    assert_eq!((status, &problem["status"]), (429, &json!(429)), "{problem}");
}

#[test]
fn every_answer_tells_browsers_what_they_may_do_with_it() {
    let setting = setting(&["--secure"]);
    let client = Client::new(&setting.process);
    for path in ["/docs/", "/api/v1/me", "/healthz", "/nothing"] {
        let answer = client.raw("GET", path, None, &[]);
        let header = |name: &str| {
            let value = answer.headers().get(name).expect(name);
            value.to_str().expect("a text").to_owned()
        };
        let content = header("content-security-policy");
        assert!(content.contains("script-src 'self';"), "{path}: {content}");
        assert!(!content.contains("unsafe-eval"), "{path}: {content}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert!(header("strict-transport-security").contains("max-age"), "{path}");
    }
}

#[test]
fn lists_hold_the_fields_that_were_asked_for() {
    let setting = setting(&[]);
    let client = Client::signed_in(&setting.process, "everywhere");
    for number in 1..=3 {
        assert_eq!(client.send("POST", "/api/v1/facts", Some(&facts(number))).0, 200);
    }
    let (status, page) = client.get("/api/v1/warnings?fields=warning_id,band&limit=2");
    assert_eq!(status, 200, "{page}");
    let items = page["items"].as_array().expect("items");
    assert_eq!(items.len(), 2, "{page}");
    for item in items {
        let keys: Vec<&String> = item.as_object().expect("an item").keys().collect();
        assert_eq!(keys, ["warning_id", "band"]);
    }
    let next = page["next"].as_str().expect("a next page");
    let path = format!("/api/v1/warnings?cursor={next}&fields=band%2Curgency");
    assert_eq!(client.get(&path).1["items"].as_array().map(Vec::len), Some(1));
    for path in [
        "/api/v1/warnings?fields=password",
        "/api/v1/warnings?fields=",
        "/api/v1/situation?fields=bands",
        "/api/v1/warnings?fields=band&limit=0",
    ] {
        let (status, problem) = client.get(path);
        assert_eq!((status, &problem["code"]), (400, &json!("R011")), "{path}: {problem}");
    }
    assert_eq!(Client::new(&setting.process).get("/api/v1/warnings?fields=band").0, 401);
    let description = client.get("/openapi.json").1;
    let fields = &description["paths"]["/api/v1/warnings"]["get"]["x-fields"];
    assert!(fields.as_array().is_some_and(|it| it.contains(&json!("band"))), "{fields}");
}
