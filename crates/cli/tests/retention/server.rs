//! The server forgets by itself what may not be kept any longer, and says what it no longer knows.

use crate::databases;
use crate::http::{Client, Process, user};
use serde_json::{Value, json};
use std::time::Duration;

fn fact(id: &str, code: &str, value: &str, day: &str) -> Value {
    json!({
        "fact_id": id, "household_id": "H1", "fact": code, "value": value, "valid_from": day,
        "member_id": code.starts_with("medical").then_some("P1"),
        "recorded_at": format!("{day}T08:00:00Z"),
    })
}

/// Waits until the audit has a run; gives what it says of it.
fn noted(admin: &Client) -> String {
    for _ in 0..300 {
        let (_, page) = admin.get("/api/v1/audit?command=retention.run");
        if let Some(subject) = page["items"][0]["subject"].as_str() {
            return subject.to_owned();
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("nothing was forgotten within half a minute");
}

#[test]
fn a_server_forgets_once_a_day_and_refuses_what_it_has_forgotten() {
    for database in databases::all() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = folder.path().join("key");
        user(&database.address, &key, "everywhere", "supervisor", &["*"]);
        user(&database.address, &key, "admin", "administrator", &["*"]);
        let process = Process::start(&database.address, &key);
        let client = Client::signed_in(&process, "everywhere");
        // Medical bills are kept for five years by the shipped policy, and scores look back.
        let facts = json!({ "facts": [
            fact("area", "registry.area", "610202001001", "2008-01-01"),
            fact("bill", "medical.self_pay", "41234", "2008-03-10"),
            fact("now", "medical.self_pay", "500", "2020-06-10"),
        ] });
        let (status, taken) = client.send("POST", "/api/v1/facts", Some(&facts));
        assert_eq!((status, &taken["accepted"]), (200, &json!(3)), "{}: {taken}", database.name);
        assert!(process.stop());
        let process = Process::start(&database.address, &key);
        let admin = Client::signed_in(&process, "admin");
        assert!(noted(&admin).contains(" 1 facts"), "{}: {}", database.name, noted(&admin));
        let client = Client::signed_in(&process, "everywhere");
        let (_, bytes) = client.fetch("/api/v1/exports/facts?format=csv");
        let text = String::from_utf8(bytes).expect("text");
        assert!(!text.contains("41234") && !text.contains("bill"), "{}: {text}", database.name);
        assert!(text.contains("now"), "{}: {text}", database.name);
        let timeline = client.get("/api/v1/households/H1/timeline").1.to_string();
        assert!(!timeline.contains("bill") && timeline.contains("now"), "{timeline}");
        let late = json!({ "facts": [fact("late", "medical.self_pay", "1", "2009-03-10")] });
        let (_, taken) = client.send("POST", "/api/v1/facts", Some(&late));
        assert_eq!(taken["rejected"][0]["code"], "L027", "{}: {taken}", database.name);
        let path = "/api/v1/households/H1/explanation?period=2014-06";
        let (status, problem) = client.get(path);
        assert_eq!((status, &problem["code"]), (410, &json!("L026")), "{}", database.name);
        assert_eq!(client.get("/api/v1/households/H1/explanation").0, 200);
        assert_eq!(admin.get("/api/v1/audit/verification").1["is_whole"], true);
    }
}
