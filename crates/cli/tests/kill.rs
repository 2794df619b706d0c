//! The server is killed in the middle of its work, again and again: what it acknowledged is there.

#[path = "databases/mod.rs"]
mod databases;
#[path = "http/mod.rs"]
mod http;
#[path = "kill/jobs.rs"]
mod jobs;

use databases::Database;
use http::{Client, Process, holdfast, user};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;
use store::{Store, audit, facts};

/// Kills of a database; the long test asks for more.
fn kills() -> u32 {
    std::env::var("HOLDFAST_KILLS").ok().and_then(|it| it.parse().ok()).unwrap_or(5)
}

fn batch(generator: &mut ChaCha8Rng, round: u32, number: u32) -> Vec<Value> {
    let fact = |part: u32| {
        let household = generator.random_range(0..40);
        let codes = ["disaster.loss", "income.wage", "debt.total", "registry.area"];
        let code = codes[generator.random_range(0..codes.len())];
        let value = match code {
            "registry.area" => format!("6102020010{:02}", household % 7),
            _ => generator.random_range(0..90_000).to_string(),
        };
        let month = generator.random_range(1..=6);
        json!({
            "fact_id": format!("F-{round}-{number}-{part}"), "household_id": format!("H{household}"),
            "fact": code, "value": value, "valid_from": format!("2020-{month:02}-15"),
        })
    };
    (0..20).map(fact).collect()
}

/// Sends batches until the server is gone; notes what it acknowledged.
fn send(client: &Client, round: u32, seed: u64, acknowledged: &Mutex<BTreeSet<String>>) {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    for number in 0.. {
        let facts = batch(&mut generator, round, number);
        let (status, taken) = loop {
            match client.try_facts(&facts) {
                None => return,
                // The one that was killed holds the right to write for a moment longer.
                Some((503, _)) => std::thread::sleep(Duration::from_millis(50)),
                Some(answer) => break answer,
            }
        };
        assert_eq!((status, &taken["accepted"]), (200, &json!(20)), "{taken}");
        let ids = facts.iter().filter_map(|it| it["fact_id"].as_str()).map(str::to_owned);
        acknowledged.lock().expect("unharmed").extend(ids);
    }
}

#[test]
fn nothing_acknowledged_is_lost_however_often_the_server_is_killed() {
    for database in databases::all() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = folder.path().join("key");
        user(&database.address, &key, "clinic", "officer", &["*"]);
        let mut generator = ChaCha8Rng::seed_from_u64(20_200_610);
        let acknowledged = Mutex::new(BTreeSet::new());
        for round in 0..kills() {
            let mut process = Process::start(&database.address, &key);
            let clients = [(); 3].map(|()| Client::signed_in(&process, "clinic"));
            let pause = Duration::from_millis(generator.random_range(3_100..3_900));
            std::thread::scope(|scope| {
                for (position, client) in (0u32..).zip(&clients) {
                    let (seed, round) = (generator.random(), round * 10 + position);
                    let acknowledged = &acknowledged;
                    scope.spawn(move || send(client, round, seed, acknowledged));
                }
                std::thread::sleep(pause);
                process.kill();
            });
        }
        let acknowledged = acknowledged.into_inner().expect("unharmed");
        assert!(acknowledged.len() >= 20, "{}: hardly anything was sent", database.name);
        let store = Store::open(&database.address).expect("opened");
        let ids: Vec<&str> = acknowledged.iter().map(String::as_str).collect();
        let found = store.read(|tx| facts::known(tx, &ids)).expect("read");
        assert_eq!(found.len(), ids.len(), "{}: acknowledged facts are lost", database.name);
        drop(store);
        assert_sound(&database, &key);
    }
}

/// The audit chain is whole, and what is derived of facts is what they give.
fn assert_sound(database: &Database, key: &Path) {
    let text = std::fs::read_to_string(key).expect("the key");
    let byte = |at: usize| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).expect("digits");
    let store = Store::open(&database.address).expect("opened");
    let chain = store.read(|tx| audit::verify(tx, &std::array::from_fn(byte))).expect("read");
    assert!(matches!(chain, audit::Verdict::Whole(..)), "{}: {chain:?}", database.name);
    drop(store);
    let words = ["rebuild", "--pack", "packs/tongchuan", "--format", "json"];
    let output = holdfast(&words, &database.address, key).output().expect("ran");
    let rebuilt: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let told = ["differ", "stale", "counts_differ"].map(|it| &rebuilt[it]);
    assert_eq!(told, [&json!(0); 3], "{}: {rebuilt}", database.name);
}
