//! Jobs under hardship: killed, cancelled, robbed of their file, fed with anything.

#[path = "databases/mod.rs"]
mod databases;
#[path = "http/mod.rs"]
mod http;

use http::{Client, Process, holdfast, user};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::{Address, Store, Within};
use tables::{Format, Stream};

fn facts(households: u32) -> String {
    let mut text = "fact_id,household_id,fact,value,valid_from,recorded_at\n".to_owned();
    for it in 0..households {
        let area = format!("610202001{:03}", it % 9);
        text += &format!("F{it}-a,H{it:05},registry.area,{area},2018-07-01,2018-07-01\n");
        for month in 1..=6 {
            let value = it * 7 + month;
            text +=
                &format!("F{it}-{month},H{it:05},debt.total,{value},2020-0{month}-15,2020-07-01\n");
        }
    }
    text
}

struct Setting {
    folder: tempfile::TempDir,
    key: PathBuf,
    address: Address,
}

impl Setting {
    fn new(address: &Address) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let key = folder.path().join("key");
        user(address, &key, "clinic", "officer", &["*"]);
        user(address, &key, "chief", "supervisor", &["*"]);
        Self { folder, key, address: address.clone() }
    }

    fn spool(&self) -> PathBuf {
        self.folder.path().join("spool")
    }

    fn start(&self, more: &[&str]) -> Process {
        let spool = self.spool().display().to_string();
        let words: Vec<&str> =
            ["--spool", &spool].into_iter().chain(more.iter().copied()).collect();
        Process::start_with(&self.address, &self.key, &words)
    }

    fn assert_rebuilt(&self, name: &str) {
        let words = ["rebuild", "--pack", "packs/tongchuan", "--format", "json"];
        let output = holdfast(&words, &self.address, &self.key).output().expect("ran");
        let rebuilt: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!((&rebuilt["differ"], &rebuilt["stale"]), (&json!(0), &json!(0)), "{name}");
    }
}

#[test]
fn a_job_whose_server_is_killed_is_gone_on_with_and_nothing_is_there_twice() {
    for database in databases::all() {
        let setting = Setting::new(&database.address);
        let mut generator = ChaCha8Rng::seed_from_u64(20_201_124);
        let mut process = setting.start(&[]);
        let client = Client::signed_in(&process, "clinic");
        let file = facts(1_500);
        let path = "/api/v1/imports?kind=facts&filename=a.csv";
        let (status, job) = client.upload(path, file.as_bytes(), &[]);
        assert_eq!(status, 202, "{job}");
        let id = job["id"].as_str().expect("an id").to_owned();
        for _ in 0..3 {
            std::thread::sleep(Duration::from_millis(generator.random_range(50..900)));
            process.kill();
            process = setting.start(&[]);
        }
        let ended = Client::signed_in(&process, "clinic").ended(&id);
        assert_eq!(ended["state"], "done", "{}: {ended}", database.name);
        let result = &ended["result"];
        let all = result["accepted"].as_u64().zip(result["known"].as_u64());
        assert_eq!(all.map(|it| it.0 + it.1), Some(10_500), "{}: {ended}", database.name);
        assert!(process.stop(), "{}", database.name);
        let store = Store::open_to_read(&database.address).expect("opened");
        assert_eq!(store.read(store::facts::last).expect("read"), 10_500, "{}", database.name);
        setting.assert_rebuilt(database.name);
    }
}

#[test]
fn others_are_served_while_a_job_runs_and_it_ends_when_it_is_told_to() {
    for database in databases::all() {
        let setting = Setting::new(&database.address);
        let process = setting.start(&[]);
        let client = Client::signed_in(&process, "clinic");
        let file = facts(4_000);
        let (_, job) = client.upload("/api/v1/imports?kind=facts", file.as_bytes(), &[]);
        let id = job["id"].as_str().expect("an id");
        let refused = client.get(&format!("/api/v1/imports/{id}/rows"));
        assert_eq!((refused.0, &refused.1["code"]), (409, &json!("J005")), "{}", refused.1);
        assert_eq!(client.send("DELETE", &format!("/api/v1/jobs/{id}"), None).1["code"], "J005");
        let fact = json!({ "facts": [{ "fact_id": "own", "household_id": "H-own",
            "fact": "disaster.loss", "value": "1", "valid_from": "2020-06-11" }] });
        let (status, taken) = client.send("POST", "/api/v1/facts", Some(&fact));
        assert_eq!((status, &taken["accepted"]), (200, &json!(1)), "{}", database.name);
        let (status, _) = client.send("POST", &format!("/api/v1/jobs/{id}/cancel"), None);
        assert_eq!(status, 200, "{}", database.name);
        let ended = client.ended(id);
        assert_eq!(ended["state"], "cancelled", "{}: {ended}", database.name);
        let again = client.import("kind=facts", file.as_bytes());
        let known = &again["result"]["known"];
        assert!(known.as_u64() < Some(28_000), "{}: it was done: {again}", database.name);
        assert!(process.stop(), "{}", database.name);
        setting.assert_rebuilt(database.name);
    }
}

#[test]
fn a_job_whose_file_is_gone_says_so_and_a_file_too_large_is_not_taken() {
    let database = databases::all().remove(0);
    let setting = Setting::new(&database.address);
    let process = setting.start(&["--upload-limit", "1"]);
    let client = Client::signed_in(&process, "clinic");
    let large = vec![b'x'; (1 << 20) + 1];
    let (status, problem) = client.upload("/api/v1/imports?kind=facts", &large, &[]);
    assert_eq!((status, &problem["code"]), (413, &json!("J004")), "{problem}");
    let kept = std::fs::read_dir(setting.spool()).expect("a folder").count();
    assert_eq!(kept, 0, "what was not taken lies about");
    assert_eq!(client.upload("/api/v1/imports?kind=facts", b"", &[]).0, 400);
    assert!(process.stop());
    let store = Store::open(&database.address).expect("opened");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/tongchuan");
    let pack = app::load(&folder).unwrap_or_else(|findings| panic!("{findings:?}"));
    let text = std::fs::read_to_string(&setting.key).expect("a key");
    let byte = |at: usize| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).expect("digits");
    let live = app::live::Live::new(store, pack, std::array::from_fn(byte)).expect("live");
    let import = app::live::ImportRequest::facts(&[], false).expect("a request");
    let request = app::live::jobs::JobRequest {
        import,
        filename: None,
        ending: "csv".to_owned(),
        bytes: 1,
        digest: String::new(),
        undoes: None,
    };
    let spool = setting.spool().canonicalize().expect("a folder").display().to_string();
    let act = app::live::Act { actor: "clinic", now: 1, within: &Within::Everywhere };
    let begin = |tx: &mut store::Tx<'_>| live.begin_job_in(tx, "gone", &request, &spool, &act);
    live.store.write(begin).expect("begun");
    drop(live);
    let process = setting.start(&[]);
    let ended = Client::signed_in(&process, "clinic").ended("gone");
    assert_eq!((&ended["state"], &ended["error"][0]["code"]), (&json!("failed"), &json!("J001")));
}

/// A whole file of facts in a format.
fn file(format: Format) -> Vec<u8> {
    let text = facts(3);
    let mut rows = text.lines().map(|it| it.split(',').collect::<Vec<_>>());
    let names = rows.next().expect("a header");
    let rows: Vec<_> = rows.collect();
    let field =
        |it: &&str| arrow::datatypes::Field::new(*it, arrow::datatypes::DataType::Utf8, true);
    let schema = arrow::datatypes::Schema::new(names.iter().map(field).collect::<Vec<_>>());
    let schema = std::sync::Arc::new(schema);
    let column = |at: usize| -> arrow::array::ArrayRef {
        std::sync::Arc::new(
            rows.iter().map(|it| Some(it[at])).collect::<arrow::array::StringArray>(),
        )
    };
    let columns = (0..names.len()).map(column).collect();
    let batch = arrow::array::RecordBatch::try_new(schema.clone(), columns).expect("a batch");
    let mut bytes = Vec::new();
    let mut stream = Stream::new(&mut bytes, format, &schema).expect("begun");
    stream.write(&batch).expect("written");
    stream.finish().expect("ended");
    bytes
}

/// Rounds of files that are none; the long test asks for more.
fn rounds() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(60)
}

#[test]
fn whatever_bytes_come_as_a_file_the_server_lives_and_the_job_ends() {
    let database = databases::all().remove(0);
    let setting = Setting::new(&database.address);
    let process = setting.start(&[]);
    let client = Client::signed_in(&process, "chief");
    let mut generator = ChaCha8Rng::seed_from_u64(7);
    let formats = [Format::Csv, Format::Ndjson, Format::Parquet, Format::Xlsx];
    let whole = formats.map(file);
    for format in formats {
        let query = format!("kind=facts&dry_run=true&filename=a.{}", format.ending());
        let ended = client.import(&query, &whole[format as usize]);
        assert_eq!(ended["result"]["accepted"], 21, "{format:?}: {ended}");
    }
    for round in 0..rounds() {
        let kind = ["facts", "households", "members", "areas"][generator.random_range(0..4)];
        let ending = ["csv", "tsv", "ndjson", "parquet", "xlsx", "xls", "ods", "bin"];
        let ending = ending[generator.random_range(0..ending.len())];
        let mut bytes = whole[generator.random_range(0..4usize)].clone();
        match generator.random_range(0..3u32) {
            0 => bytes.truncate(generator.random_range(1..bytes.len())),
            1 => {
                for _ in 0..generator.random_range(1..40u32) {
                    let at = generator.random_range(0..bytes.len());
                    bytes[at] = generator.random();
                }
            }
            _ => {
                bytes = (0..generator.random_range(1..400u32)).map(|_| generator.random()).collect()
            }
        }
        let path = format!("/api/v1/imports/columns?kind={kind}&filename=a.{ending}");
        let (status, answer) = client.upload(&path, &bytes, &[]);
        assert!(status < 500, "round {round}: {answer}");
        let ended = client.import(&format!("kind={kind}&filename=a.{ending}"), &bytes);
        let id = ended["id"].as_str().expect("an id");
        for what in ["rows", "rejects", "rejects?format=csv", "rejects?format=ndjson"] {
            let status =
                client.raw("GET", &format!("/api/v1/imports/{id}/{what}"), None, &[]).status();
            assert!(status.as_u16() < 500, "round {round}: {what}: {status}");
        }
    }
    assert_eq!(client.get("/readyz").0, 200);
    let (_, jobs) = client.get("/api/v1/jobs?limit=1000");
    let left =
        jobs["items"].as_array().expect("items").iter().filter(|it| it["ended_at"].is_null());
    assert_eq!(left.count(), 0, "a job was left running");
}
