//! Killed in the middle of an import and of its undo: the next server goes on with them, and what
//! they do is done once.

use crate::databases::{self, Database};
use crate::http::{Client, Process, user};
use crate::{assert_sound, kills};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;
use store::{Store, facts, jobs};

/// Kills of one job.
const KILLS: u32 = 2;
/// Households of a file: they have three facts each, which are stored in pieces of a thousand.
const HOUSEHOLDS: u32 = 1_500;

/// An office whose server is killed.
struct Office {
    database: Database,
    key: PathBuf,
    generator: ChaCha8Rng,
    /// How often a job was left in the middle.
    left: u32,
    _folder: tempfile::TempDir,
}

/// Every round says something else of every household, later than the one before: other amounts,
/// and another village, which is seen from outside.
fn file(households: std::ops::Range<u32>, round: u32) -> String {
    let mut text = "fact_id,household_id,fact,value,valid_from,recorded_at\n".to_owned();
    let told = format!("2020-07-01T{:02}:{:02}:00Z", round / 60, round % 60);
    for it in households {
        let area = format!("610202001{:03}", (it + round) % 9);
        text += &format!("A{it}-{round},H{it:05},registry.area,{area},2020-03-01,{told}\n");
        let (loss, debt) = (40_000 + it + round, 90_000 - it);
        text += &format!("L{it}-{round},H{it:05},disaster.loss,{loss},2020-06-10,{told}\n");
        text += &format!("D{it}-{round},H{it:05},debt.total,{debt},2020-05-01,{told}\n");
    }
    text
}

/// How far a job is, as it is told.
fn seen(client: &Client, id: &str) -> Value {
    let (_, job) = client.get(&format!("/api/v1/jobs/{id}"));
    json!([job["phase"], job["done"], job["ended_at"].is_null()])
}

impl Office {
    fn of(database: Database) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let key = folder.path().join("key");
        user(&database.address, &key, "chief", "supervisor", &["*"]);
        let generator = ChaCha8Rng::seed_from_u64(20_201_127);
        Self { database, key, generator, left: 0, _folder: folder }
    }

    fn served(&self) -> (Process, Client) {
        let process = Process::start(&self.database.address, &self.key);
        let client = Client::signed_in(&process, "chief");
        (process, client)
    }

    /// Begins a job by `ask`, kills its server some times while it works on it, and gives the job
    /// once it has ended, with a server that goes on.
    fn through_kills(
        &mut self,
        (process, client): (Process, Client),
        ask: impl FnOnce(&Client) -> (u16, Value),
    ) -> ((Process, Client), Value) {
        let (status, job) = ask(&client);
        assert_eq!(status, 202, "{job}");
        let id = job["id"].as_str().expect("an id").to_owned();
        let mut serving = (process, client);
        for _ in 0..KILLS {
            let before = seen(&serving.1, &id);
            // It goes on as soon as the right to write of the killed one has run out.
            while seen(&serving.1, &id) == before && before[2] == true {
                std::thread::sleep(Duration::from_millis(2));
            }
            std::thread::sleep(Duration::from_millis(self.generator.random_range(0..400)));
            serving.0.kill();
            self.left += u32::from(self.is_running(&id));
            serving = self.served();
        }
        let job = serving.1.ended(&id);
        assert_eq!(job["state"], "done", "{}: {job}", self.database.name);
        (serving, job)
    }

    fn is_running(&self, id: &str) -> bool {
        let store = Store::open(&self.database.address).expect("opened");
        let row = store.read(|tx| jobs::by_id(tx, id)).expect("read").expect("the job");
        row.state == "running"
    }

    /// Which of some facts are there.
    fn known(&self, ids: &[String]) -> usize {
        let store = Store::open(&self.database.address).expect("opened");
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        store.read(|tx| facts::known(tx, &ids)).expect("read").len()
    }
}

/// Scores and counts as they are shown.
fn shown(client: &Client) -> (Value, Value) {
    let households = client.get("/api/v1/households?limit=1000").1["items"].clone();
    (households, client.get("/api/v1/situation").1)
}

fn count(job: &Value, names: [&str; 2]) -> u64 {
    names.iter().filter_map(|it| job["result"][*it].as_u64()).sum()
}

fn one_round(office: &mut Office, round: u32, serving: (Process, Client)) -> (Process, Client) {
    let name = office.database.name;
    let before = shown(&serving.1);
    let text = file(0..HOUSEHOLDS, round);
    let total = u64::from(HOUSEHOLDS) * 3;
    let (serving, import) = office.through_kills(serving, |client| {
        client.upload("/api/v1/imports?kind=facts", text.as_bytes(), &[])
    });
    assert_eq!(count(&import, ["accepted", "known"]), total, "{name}: {import}");
    let ids: Vec<String> =
        text.lines().skip(1).filter_map(|it| it.split(',').next()).map(str::to_owned).collect();
    assert_eq!(office.known(&ids), ids.len(), "{name}");
    let after = shown(&serving.1);
    assert!(after != before, "{name}: nothing came of round {round}");
    assert_sound(&office.database, &office.key);

    let id = import["id"].as_str().expect("an id");
    let (serving, undo) = office.through_kills(serving, |client| {
        client.send("POST", &format!("/api/v1/imports/{id}/undo"), None)
    });
    assert_eq!(count(&undo, ["taken_back", "known"]), total, "{name}: {undo}");
    assert!(shown(&serving.1) == before, "{name}: the undo of round {round} left something");
    assert_sound(&office.database, &office.key);

    // Whatever the kills left out or did twice would show in what comes back.
    let id = undo["id"].as_str().expect("an id");
    let (_, back) = serving.1.send("POST", &format!("/api/v1/imports/{id}/undo"), None);
    let back = serving.1.ended(back["id"].as_str().expect("an id"));
    assert_eq!(count(&back, ["taken_back", "known"]), total, "{name}: {back}");
    assert!(shown(&serving.1) == after, "{name}: round {round} did not come back");
    serving
}

#[test]
fn an_import_and_its_undo_are_done_once_however_often_the_server_is_killed_at_them() {
    for database in databases::all() {
        let mut office = Office::of(database);
        let mut serving = office.served();
        serving.1.import("kind=facts", file(0..60, 0).as_bytes());
        for round in 1..=(kills() / 10).max(1) {
            serving = one_round(&mut office, round, serving);
        }
        drop(serving);
        assert!(office.left > 0, "{}: every job had ended before", office.database.name);
        assert_sound(&office.database, &office.key);
    }
}
