//! The database goes away and comes back, or runs full, under a server that goes on.

#[path = "cluster/mod.rs"]
mod cluster;
#[path = "http/mod.rs"]
mod http;

use cluster::{Cluster, is_root};
use http::{Client, Process, user};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use store::Address;

fn facts(number: u32) -> Value {
    let fact = |part: u32, code: &str, value: String| {
        json!({
            "fact_id": format!("F-{number}-{part}"), "household_id": format!("H-{number}"),
            "fact": code, "value": value, "valid_from": "2020-06-10",
        })
    };
    let losses = (1..40).map(|part| fact(part, "disaster.loss", format!("{}", 900 + part)));
    let area = fact(0, "registry.area", "610202001001".to_owned());
    let all: Vec<Value> = [area].into_iter().chain(losses).collect();
    json!({ "facts": all })
}

fn give(client: &Client, number: u32) -> (u16, Value) {
    client.send("POST", "/api/v1/facts", Some(&facts(number)))
}

/// A folder that holds a few megabytes, gone with what lies in it.
struct Small(tempfile::TempDir);

impl Small {
    #[expect(clippy::print_stderr, reason = "a test that is left out has to say so")]
    fn of(megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(folder.path())
            .output();
        if is_root() && mounted.is_ok_and(|it| it.status.success()) {
            return Some(Self(folder));
        }
        eprintln!("left out: a small disk needs somebody who may mount one");
        None
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Fills it to the last byte; removing the file makes room again.
    fn fill(&self) -> std::path::PathBuf {
        use std::io::Write;
        let path = self.path().join("ballast");
        let mut file = std::fs::File::create(&path).expect("a file");
        while file.write_all(&[0u8; 4096]).is_ok() {}
        path
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["--lazy"]).arg(self.path()).status();
    }
}

/// Gives facts until there is no room; then makes room, and gives the same again.
fn run_full(small: &Small, address: &Address, name: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("key");
    user(address, &key, "chief", "supervisor", &["*"]);
    user(address, &key, "admin", "administrator", &["*"]);
    let process = Process::start(address, &key);
    let (client, admin) =
        (Client::signed_in(&process, "chief"), Client::signed_in(&process, "admin"));
    assert_eq!(give(&client, 0).0, 200, "{name}");
    let ballast = small.fill();
    // What lies in files already may have a little room left.
    let refused = (1..400).find(|number| {
        let (status, answer) = give(&client, *number);
        if status != 200 {
            assert_eq!((status, &answer["code"]), (507, &json!("S004")), "{name}: {answer}");
        }
        status != 200
    });
    let refused = refused.unwrap_or_else(|| panic!("{name}: the disk does not run full"));
    assert_eq!(client.get("/api/v1/warnings").0, 200, "{name}: it reads");
    std::fs::remove_file(ballast).expect("removed");
    let (status, taken) = give(&client, refused);
    assert_eq!((status, &taken["accepted"]), (200, &json!(40)), "{name}: {taken}");
    for number in 0..=refused {
        let (status, taken) = give(&client, number);
        assert_eq!((status, &taken["known"]), (200, &json!(40)), "{name}: {taken}");
    }
    assert_eq!(admin.get("/api/v1/audit/verification").1["is_whole"], true, "{name}");
}

#[test]
fn a_file_without_room_refuses_and_goes_on_when_there_is_room() {
    let Some(small) = Small::of(8) else { return };
    run_full(&small, &Address::File(small.path().join("holdfast.db")), "SQLite");
}

#[test]
fn a_server_database_without_room_refuses_and_goes_on_when_there_is_room() {
    let Some(cluster) = Cluster::start() else { return };
    let Some(small) = Small::of(48) else { return };
    let tables = small.path().join("tables");
    std::fs::create_dir(&tables).expect("a folder");
    // The way to the folder is open to the server's user, the folder itself is its own.
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(small.path(), open).expect("opened");
    cluster.give(&tables);
    let url = cluster.url("127.0.0.1", "postgres");
    let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("connected");
    let sql = format!("CREATE TABLESPACE small LOCATION '{}'", tables.display());
    client.batch_execute(&sql).expect("a place");
    let url = cluster.database("holdfast", "TABLESPACE small");
    run_full(&small, &Address::Server(url), "PostgreSQL");
}

#[test]
fn a_database_that_goes_away_and_comes_back_needs_no_new_start() {
    let Some(cluster) = Cluster::start() else { return };
    let address = Address::Server(cluster.database("holdfast", ""));
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("key");
    user(&address, &key, "chief", "supervisor", &["*"]);
    let process = Process::start(&address, &key);
    let client = Client::signed_in(&process, "chief");
    assert_eq!(give(&client, 1).0, 200);
    // Several connections that read, as many requests at once make them.
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(client.get("/api/v1/warnings").0, 200));
        }
    });
    for _ in 0..2 {
        cluster.stop();
        for path in ["/readyz", "/api/v1/warnings"] {
            let (status, problem) = client.get(path);
            assert_eq!((status, &problem["code"]), (503, &json!("S001")), "{path}: {problem}");
        }
        let (status, problem) = give(&client, 2);
        assert_eq!((status, &problem["code"]), (503, &json!("S001")), "{problem}");
        assert_eq!(client.get("/healthz").0, 200, "the process lives");
        cluster.go_on();
        // At once: connections that were lost are seen and made anew.
        assert_eq!(client.get("/readyz").0, 200);
        assert_eq!(client.get("/api/v1/warnings").0, 200);
        assert_eq!(give(&client, 1).1["known"], 40);
    }
    let (status, taken) = give(&client, 2);
    assert_eq!((status, &taken["accepted"]), (200, &json!(40)), "{taken}");
}
