//! Webhooks as receivers meet them: signed, in order, again and again until they were taken.

#[path = "databases/mod.rs"]
mod databases;
#[path = "http/mod.rs"]
mod http;
#[path = "receiver/mod.rs"]
mod receiver;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use databases::Database;
use hmac::{Hmac, KeyInit, Mac};
use http::{Client, Process, user};
use receiver::{Answer, Message, Receiver};
use serde_json::{Value, json};
use sha2::Sha256;
use std::path::PathBuf;
use std::time::Duration;

const HERE: &str = "610202";
const THERE: &str = "610203";

struct Setting {
    name: &'static str,
    database: Database,
    key: PathBuf,
    process: Process,
    _folder: tempfile::TempDir,
}

const OPTIONS: [&str; 5] =
    ["--webhooks-to-private", "--webhook-seconds", "1", "--webhook-tries", "3"];

impl Setting {
    fn client(&self, name: &str) -> Client {
        Client::signed_in(&self.process, name)
    }
}

fn settings() -> Vec<Setting> {
    let setting = |database: Database| {
        let folder = tempfile::tempdir().expect("a folder");
        let key = folder.path().join("key");
        user(&database.address, &key, "clinic", "officer", &["*"]);
        user(&database.address, &key, "admin", "administrator", &["*"]);
        user(&database.address, &key, "admin.here", "administrator", &[HERE]);
        let process = Process::start_with(&database.address, &key, &OPTIONS);
        Setting { name: database.name, database, key, process, _folder: folder }
    };
    databases::all().into_iter().map(setting).collect()
}

/// Facts that raise one warning.
fn accident(household: &str, county: &str) -> Vec<Value> {
    let fact = |part: &str, code: &str, value: &str, day: &str| {
        json!({
            "fact_id": format!("{household}-{part}"), "household_id": household, "fact": code,
            "value": value, "valid_from": day,
        })
    };
    let area = format!("{county}001001");
    vec![
        fact("area", "registry.area", &area, "2018-07-01"),
        fact("accident", "disaster.loss", "90000", "2020-06-10"),
    ]
}

fn raise(client: &Client, household: &str, county: &str) -> Vec<Value> {
    let body = json!({ "facts": accident(household, county) });
    loop {
        let (status, taken) = client.send("POST", "/api/v1/facts", Some(&body));
        // A server that was killed holds the right to write for a moment longer.
        if taken["code"] == "S003" {
            std::thread::sleep(Duration::from_millis(100));
            continue;
        }
        assert_eq!(status, 200, "{taken}");
        let events = taken["events"].as_array().expect("events").clone();
        assert!(!events.is_empty(), "nothing was raised: {taken}");
        return events;
    }
}

fn make(client: &Client, url: &str, kinds: &[&str], areas: &[&str]) -> (String, String) {
    let body = json!({ "url": url, "label": "test", "kinds": kinds, "areas": areas });
    let (status, made) = client.send("POST", "/api/v1/webhooks", Some(&body));
    assert_eq!(status, 201, "{made}");
    let text = |it: &Value| it.as_str().expect("a text").to_owned();
    (text(&made["webhook"]["webhook_id"]), text(&made["secret"]))
}

/// As a receiver verifies it, by the book.
fn is_signed(message: &Message, secret: &str) -> bool {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("base64");
    let (id, at) = (message.header("webhook-id"), message.header("webhook-timestamp"));
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key");
    mac.update(format!("{id}.{at}.{}", message.body).as_bytes());
    let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    message.header("webhook-signature").split(' ').any(|it| it == expected)
}

fn number(message: &Message) -> i64 {
    let body: Value = serde_json::from_str(&message.body).expect("JSON");
    body["data"]["number"].as_i64().expect("a number")
}

fn deliveries(client: &Client, hook: &str, state: &str) -> Vec<Value> {
    let path = format!("/api/v1/webhooks/{hook}/deliveries?state={state}");
    let (status, page) = client.get(&path);
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().expect("items").clone()
}

/// Waits until a hook has so many deliveries in a state.
fn wait_for(client: &Client, hook: &str, state: &str, count: usize) -> Vec<Value> {
    for _ in 0..600 {
        let found = deliveries(client, hook, state);
        if found.len() >= count {
            return found;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{count} {state} awaited: {:?}", deliveries(client, hook, state));
}

#[test]
fn events_of_the_wanted_kinds_and_areas_come_signed_and_in_order() {
    for setting in settings() {
        let (clinic, admin) = (setting.client("clinic"), setting.client("admin"));
        let (all, some) = (Receiver::start(), Receiver::start());
        raise(&clinic, "H0", HERE);
        let (_, secret) = make(&admin, &all.url, &[], &["*"]);
        let (hook, _) = make(&admin, &some.url, &["warning.raised"], &[HERE]);
        let there = raise(&clinic, "H1", THERE);
        let here = raise(&clinic, "H2", HERE);
        let told = there.iter().chain(&here).collect::<Vec<_>>();
        let messages = all.wait(told.len());
        let numbers: Vec<i64> = messages.iter().map(number).collect();
        let expected: Vec<i64> = told.iter().filter_map(|it| it["number"].as_i64()).collect();
        assert_eq!(numbers, expected, "{}", setting.name);
        assert!(messages.iter().all(|it| is_signed(it, &secret)), "{}", setting.name);
        assert!(!messages.iter().any(|it| is_signed(it, "whsec_AAAA")), "{}", setting.name);
        let body: Value = serde_json::from_str(&messages[0].body).expect("JSON");
        assert_eq!(body["type"], told[0]["kind"], "{}", setting.name);
        assert_eq!(body["data"]["household_id"], "H1", "{}", setting.name);
        let raised = here.iter().filter(|it| it["kind"] == "warning.raised").count();
        let own = some.wait(raised);
        assert!(own.iter().all(|it| it.body.contains("\"H2\"")), "{}: {own:?}", setting.name);
        wait_for(&admin, &hook, "delivered", raised);
        assert_eq!(some.messages().len(), raised, "{}: sent twice", setting.name);
    }
}

#[test]
fn messages_after_a_change_of_the_master_key_verify_with_the_secret_of_before() {
    for setting in settings() {
        let receiver = Receiver::start();
        let (clinic, admin) = (setting.client("clinic"), setting.client("admin"));
        let (hook, secret) = make(&admin, &receiver.url, &["warning.raised"], &["*"]);
        raise(&clinic, "H1", HERE);
        wait_for(&admin, &hook, "delivered", 1);
        let Setting { name, database, key, process, _folder } = setting;
        assert!(process.stop(), "{name}: it did not stop");
        let new = key.with_extension("new");
        let words = ["key", "rotate", "--new-key-file", new.to_str().expect("a path")];
        let done = http::holdfast(&words, &database.address, &key).output().expect("ran");
        assert!(done.status.success(), "{name}: {}", String::from_utf8_lossy(&done.stderr));
        let process = Process::start_with(&database.address, &new, &OPTIONS);
        raise(&Client::signed_in(&process, "clinic"), "H2", HERE);
        let messages = receiver.wait(2);
        assert!(messages[1].body.contains("\"H2\""), "{name}: {messages:?}");
        assert!(messages.iter().all(|it| is_signed(it, &secret)), "{name}: {messages:?}");
    }
}

#[test]
fn a_receiver_that_fails_gets_the_same_message_again_and_holds_up_nobody() {
    for setting in settings() {
        let (clinic, admin) = (setting.client("clinic"), setting.client("admin"));
        let (failing, silent, good) = (Receiver::start(), Receiver::start(), Receiver::start());
        failing.answer(Answer::Status(500));
        silent.answer(Answer::Never);
        let (hook, _) = make(&admin, &failing.url, &["warning.raised"], &["*"]);
        make(&admin, &silent.url, &[], &["*"]);
        make(&admin, &good.url, &["warning.raised"], &["*"]);
        raise(&clinic, "H1", HERE);
        raise(&clinic, "H2", HERE);
        // Taken by one, while another fails and a third does not answer.
        assert_eq!(good.wait(2).len(), 2, "{}", setting.name);
        let first = failing.wait(1)[0].clone();
        failing.answer(Answer::Status(204));
        let messages = failing.wait(3);
        let taken: Vec<&Message> =
            messages.iter().filter(|it| it.answer == Answer::Status(204)).collect();
        assert_eq!(taken[0].header("webhook-id"), first.header("webhook-id"), "{}", setting.name);
        assert_eq!(taken[0].body, first.body, "{}", setting.name);
        assert_ne!(taken[1].header("webhook-id"), first.header("webhook-id"), "{}", setting.name);
        let delivered = wait_for(&admin, &hook, "delivered", 2);
        assert!(delivered[1]["attempts"].as_i64() > Some(1), "{}: {delivered:?}", setting.name);
        silent.wait(2);
        silent.answer(Answer::Status(200));
        assert!(setting.process.stop(), "{}: it did not stop", setting.name);
    }
}

#[test]
fn what_was_given_up_is_listed_and_sent_once_more_when_somebody_asks() {
    for setting in settings() {
        let (clinic, admin) = (setting.client("clinic"), setting.client("admin"));
        let receiver = Receiver::start();
        receiver.answer(Answer::Status(503));
        let (hook, _) = make(&admin, &receiver.url, &["warning.raised"], &["*"]);
        raise(&clinic, "H1", HERE);
        let dead = wait_for(&admin, &hook, "dead", 1);
        assert_eq!((&dead[0]["attempts"], &dead[0]["answer"]), (&json!(3), &json!(503)));
        receiver.answer(Answer::Status(204));
        // Later events go on without the one that was given up.
        raise(&clinic, "H2", HERE);
        wait_for(&admin, &hook, "delivered", 1);
        let number = dead[0]["number"].as_i64().expect("a number");
        let path = format!("/api/v1/webhooks/{hook}/deliveries/{number}/retry");
        let (status, row) = admin.send("POST", &path, None);
        assert_eq!((status, &row["state"]), (200, &json!("waiting")), "{}: {row}", setting.name);
        wait_for(&admin, &hook, "delivered", 2);
        assert!(deliveries(&admin, &hook, "dead").is_empty(), "{}", setting.name);
        assert_eq!(admin.send("POST", &path, None).1["state"], "delivered", "{}", setting.name);
        let last = receiver.messages().pop().expect("a message");
        assert_eq!(self::number(&last), number, "{}", setting.name);
    }
}

#[test]
fn a_server_killed_between_delivery_and_note_sends_the_same_message_again() {
    for mut setting in settings() {
        let (clinic, admin) = (setting.client("clinic"), setting.client("admin"));
        let receiver = Receiver::start();
        receiver.answer(Answer::Never);
        let (hook, secret) = make(&admin, &receiver.url, &["warning.raised"], &["*"]);
        raise(&clinic, "H1", HERE);
        let first = receiver.wait(1)[0].clone();
        // It was received, and the server does not know yet.
        setting.process.kill();
        receiver.answer(Answer::Status(204));
        setting.process = Process::start_with(&setting.database.address, &setting.key, &OPTIONS);
        let admin = setting.client("admin");
        wait_for(&admin, &hook, "delivered", 1);
        let messages = receiver.messages();
        let ids: Vec<&str> = messages.iter().map(|it| it.header("webhook-id")).collect();
        assert!(ids.len() >= 2 && ids.iter().all(|it| *it == ids[0]), "{}: {ids:?}", setting.name);
        assert!(messages.iter().all(|it| it.body == first.body), "{}", setting.name);
        assert!(messages.iter().all(|it| is_signed(it, &secret)), "{}", setting.name);
        raise(&setting.client("clinic"), "H2", HERE);
        wait_for(&admin, &hook, "delivered", 2);
    }
}

#[test]
fn of_two_servers_one_sends_and_nothing_is_sent_twice() {
    for setting in settings() {
        let second = Process::start_with(&setting.database.address, &setting.key, &OPTIONS);
        let (clinic, admin) = (setting.client("clinic"), setting.client("admin"));
        let receiver = Receiver::start();
        let (hook, _) = make(&admin, &receiver.url, &["warning.raised"], &["*"]);
        for number in 0..5 {
            raise(&clinic, &format!("H{number}"), HERE);
        }
        wait_for(&admin, &hook, "delivered", 5);
        assert!(setting.process.stop(), "{}", setting.name);
        raise(&Client::signed_in(&second, "clinic"), "H9", HERE);
        wait_for(&Client::signed_in(&second, "admin"), &hook, "delivered", 6);
        assert_eq!(receiver.messages().len(), 6, "{}", setting.name);
    }
}

#[test]
fn a_hook_keeps_to_the_areas_of_who_made_it_and_the_same_request_makes_one() {
    for setting in settings() {
        let (admin, other) = (setting.client("admin"), setting.client("admin.here"));
        let body = json!({ "url": "https://example.org/hook", "areas": ["*"] });
        let (status, problem) = other.send("POST", "/api/v1/webhooks", Some(&body));
        assert_eq!((status, &problem["code"]), (422, &json!("W001")), "{}", setting.name);
        let send = |body: &Value| {
            let headers = [("idempotency-key", "hook-1")];
            http::document(admin.raw("POST", "/api/v1/webhooks", Some(body), &headers))
        };
        let first = send(&body);
        assert_eq!(first.0, 201, "{}", first.1);
        assert_eq!(send(&body), first, "{}", setting.name);
        let changed = json!({ "url": "https://example.org/other", "areas": ["*"] });
        assert_eq!(send(&changed).1["code"], "W003", "{}", setting.name);
        let id = first.1["webhook"]["webhook_id"].as_str().expect("an id");
        let path = format!("/api/v1/webhooks/{id}");
        assert_eq!(other.get("/api/v1/webhooks").1["items"], json!([]), "{}", setting.name);
        assert_eq!(other.send("DELETE", &path, None).0, 404, "{}", setting.name);
        assert_eq!(other.get(&format!("{path}/deliveries")).0, 404, "{}", setting.name);
        let listed = &admin.get("/api/v1/webhooks").1["items"];
        assert_eq!(listed.as_array().map(Vec::len), Some(1), "{}", setting.name);
        assert!(listed[0]["secret"].is_null(), "{}: the secret is told twice", setting.name);
        assert_eq!(admin.send("DELETE", &path, None).0, 204, "{}", setting.name);
        assert_eq!(admin.send("DELETE", &path, None).1["code"], "W002", "{}", setting.name);
        for url in ["ftp://example.org/", "https://", "https://a:b@example.org/", "https://x/#y"] {
            let body = json!({ "url": url, "areas": ["*"] });
            let (status, problem) = admin.send("POST", "/api/v1/webhooks", Some(&body));
            assert_eq!((status, &problem["code"]), (422, &json!("W001")), "{url}");
        }
    }
}

#[test]
fn nothing_is_sent_to_this_machine_unless_it_is_allowed() {
    let database = databases::all().remove(0);
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("key");
    user(&database.address, &key, "clinic", "officer", &["*"]);
    user(&database.address, &key, "admin", "administrator", &["*"]);
    let process = Process::start_with(&database.address, &key, &["--webhook-tries", "1"]);
    let receiver = Receiver::start();
    let admin = Client::signed_in(&process, "admin");
    let by_name = receiver.url.replace("127.0.0.1", "localhost");
    let hooks = [&receiver.url, &by_name].map(|url| make(&admin, url, &[], &["*"]).0);
    raise(&Client::signed_in(&process, "clinic"), "H1", HERE);
    for hook in hooks {
        let dead = wait_for(&admin, &hook, "dead", 1);
        let fault = dead[0]["fault"].as_str().expect("a fault");
        assert!(fault.contains("network of one's own"), "{fault}");
    }
    assert!(receiver.messages().is_empty());
}
