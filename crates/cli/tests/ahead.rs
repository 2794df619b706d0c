//! What trials of another policy need is read before anybody asks for one.

#[path = "databases/mod.rs"]
mod databases;
#[path = "http/mod.rs"]
mod http;

use databases::Database;
use http::{Client, Process, user};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// More than are left to the next trial.
const MANY: std::ops::Range<u32> = 0..700;

/// A database, and the key to it.
struct Office {
    database: Database,
    key: PathBuf,
    _folder: tempfile::TempDir,
}

impl Office {
    fn all() -> Vec<Self> {
        let office = |database: Database| {
            let folder = tempfile::tempdir().expect("a folder");
            let key = folder.path().join("key");
            user(&database.address, &key, "one", "supervisor", &["*"]);
            Self { database, key, _folder: folder }
        };
        databases::all().into_iter().map(office).collect()
    }

    fn served(&self, more: &[&str]) -> (Process, Client) {
        let spool = self.key.with_extension("spool").display().to_string();
        let words = [&["--spool", &spool], more].concat();
        let process = Process::start_with(&self.database.address, &self.key, &words);
        let client = Client::signed_in(&process, "one");
        (process, client)
    }
}

/// Where each household lives, what it owes and what it lost.
fn file(households: std::ops::Range<u32>, round: u32) -> String {
    let mut text = "fact_id,household_id,fact,value,valid_from,recorded_at\n".to_owned();
    let told = format!("2018-09-{:02}", round + 1);
    for it in households {
        let debt = 10_000 + 37 * it + round;
        text += &format!(
            "A{it}-{round},H{it:06},registry.area,610202001{:03},2018-08-01,{told}\n",
            it % 9
        );
        text += &format!("D{it}-{round},H{it:06},debt.total,{debt},2018-08-05,{told}\n");
        text += &format!("L{it}-{round},H{it:06},disaster.loss,{},2018-08-10,{told}\n", debt / 2);
    }
    text
}

fn import(client: &Client, households: std::ops::Range<u32>, round: u32) {
    let job = client.import("kind=facts", file(households, round).as_bytes());
    assert_eq!(job["result"]["rejected"], 0, "{job}");
}

fn figure(client: &Client, name: &str) -> u64 {
    let (_, text) = client.get("/metrics");
    let mut lines = text.as_str().expect("text").lines().filter_map(|it| it.split_once(' '));
    let found = lines.find(|it| it.0 == name).unwrap_or_else(|| panic!("{name}: {text}"));
    found.1.parse().expect("a number")
}

fn read(client: &Client) -> u64 {
    figure(client, "holdfast_trials_read_households_total")
}

/// Waits until so many households were read since the start.
fn wait_until_read(client: &Client, enough: u64) {
    for _ in 0..600 {
        if read(client) >= enough {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{} of {enough} households were read", read(client));
}

fn tried(client: &Client) -> Value {
    let edges = [("blue", 1), ("yellow", 2), ("orange", 3), ("red", 4)];
    let edges = edges.map(|(id, value)| json!({ "kind": "edge", "id": id, "value": value }));
    let body = json!({ "changes": edges });
    let (status, trial) = client.send("POST", "/api/v1/policy/trials", Some(&body));
    assert_eq!(status, 200, "{trial}");
    trial
}

#[test]
fn the_first_trial_after_a_start_and_the_first_after_an_import_read_nothing() {
    for office in Office::all() {
        let name = office.database.name;
        let (process, client) = office.served(&[]);
        assert_eq!(read(&client), 0, "{name}: there is nothing to read yet");
        import(&client, MANY, 0);
        wait_until_read(&client, 700);
        assert!(process.stop(), "{name}");

        let (process, client) = office.served(&[]);
        wait_until_read(&client, 700);
        assert_eq!(figure(&client, "holdfast_trials_kept_households"), 700, "{name}");
        assert!(figure(&client, "holdfast_trials_kept_bytes") > 700, "{name}");
        let trial = tried(&client);
        assert_eq!((&trial["total"], &trial["method"]), (&json!(700), &json!("kept")), "{trial}");
        assert_eq!(read(&client), 700, "{name}: the trial read something");

        import(&client, 0..600, 1);
        wait_until_read(&client, 1_300);
        let after = read(&client);
        tried(&client);
        assert_eq!(read(&client), after, "{name}: the trial read something");
        assert_eq!(figure(&client, "holdfast_trials_kept_households"), 700, "{name}");
        assert!(process.stop(), "{name}");
    }
}

#[test]
fn nothing_is_read_ahead_where_the_settings_want_none_or_where_there_are_more_households() {
    for office in Office::all() {
        let name = office.database.name;
        for most in ["0", "699"] {
            let (process, client) = office.served(&["--trials-ahead", most]);
            import(&client, MANY, 0);
            // Longer than it takes to look, and to read so few.
            std::thread::sleep(Duration::from_secs(5));
            assert_eq!(read(&client), 0, "{name}, {most}");
            assert_eq!(tried(&client)["total"], 700, "{name}, {most}");
            assert_eq!(read(&client), 700, "{name}, {most}: a trial reads what it needs");
            assert!(process.stop(), "{name}");
        }
    }
}

/// What departments report of as many households in two months.
fn simulated() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().display().to_string();
    let words = ["simulate", "--households", "700", "--months", "2", "--out", &out];
    let made = Command::new(env!("CARGO_BIN_EXE_holdfast")).args(words).output().expect("ran");
    assert!(made.status.success(), "{made:?}");
    std::fs::read(folder.path().join("facts.parquet")).expect("facts")
}

#[test]
fn what_a_trial_finds_is_the_same_whether_it_was_read_whole_or_bit_by_bit() {
    let office = Office::all().remove(0);
    let (process, client) = office.served(&["--trials-ahead", "0"]);
    let job = client.import("kind=facts&filename=facts.parquet", &simulated());
    assert_eq!(job["result"]["rejected"], 0, "{job}");
    assert_eq!(tried(&client)["total"], 700, "{job}");
    // Few, then enough to leave little of the first piece, then one alone.
    for (round, households) in [(1, 3..20), (2, 1..400), (3, 650..651), (4, 300..690)] {
        import(&client, households, round);
        tried(&client);
    }
    let mut bit_by_bit = tried(&client);
    assert_ne!(bit_by_bit["before"], bit_by_bit["after"], "the change changes something");
    assert!(process.stop());
    let (_process, client) = office.served(&["--trials-ahead", "0"]);
    let mut whole = tried(&client);
    for it in [&mut bit_by_bit, &mut whole] {
        it["seconds"] = Value::Null;
        it["seconds_prepared"] = Value::Null;
    }
    assert_eq!(bit_by_bit, whole);
}
