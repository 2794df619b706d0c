//! A server over a small city, with users of every role.

use crate::databases::{self, Database};
use crate::http::{Client, Process, holdfast, user};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// Two counties.
pub const HERE: &str = "610202";
pub const THERE: &str = "610203";

pub struct Setting {
    pub name: &'static str,
    pub process: Process,
    pub key: PathBuf,
    pub database: Database,
    pub folder: tempfile::TempDir,
}

/// A server over every kind of database; each holds the areas, and the facts of a small city from
/// `first` on where one is given.
pub fn settings(households: u64, first: &str) -> Vec<Setting> {
    databases::all().into_iter().map(|it| setting(it, households, first)).collect()
}

pub fn setting(database: Database, households: u64, first: &str) -> Setting {
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("key");
    let mut config = sim::Config::tongchuan(5);
    config.households = households.max(1);
    config.people = households.max(1) * 3;
    sim::simulate(&config, folder.path(), &mut |_| {}).expect("simulated");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (facts, areas) = (path("facts.parquet"), path("areas.csv"));
    let mut words = vec!["import", "--pack", "packs/tongchuan", "--areas", areas.as_str()];
    if households > 0 {
        words.extend(["--watch-from", first, facts.as_str()]);
    }
    run(&words, &database, &key);
    user(&database.address, &key, "everywhere", "supervisor", &["*"]);
    user(&database.address, &key, "here", "officer", &[HERE]);
    user(&database.address, &key, "there", "officer", &[THERE]);
    user(&database.address, &key, "counts", "statistician", &[HERE]);
    user(&database.address, &key, "admin", "administrator", &["*"]);
    let process = Process::start(&database.address, &key);
    Setting { name: database.name, process, key, database, folder }
}

/// Runs a command over a database; it has to end well.
pub fn run(words: &[&str], database: &Database, key: &Path) {
    let mut command = holdfast(words, &database.address, key);
    let status = command.stdout(Stdio::null()).status().expect("ran");
    assert!(status.success(), "{}: {words:?}", database.name);
}

impl Setting {
    pub fn client(&self, name: &str) -> Client {
        Client::signed_in(&self.process, name)
    }

    pub fn run(&self, words: &[&str]) {
        run(words, &self.database, &self.key);
    }
}

/// One field of every item of a list.
pub fn each<'a>(page: &'a Value, field: &str) -> Vec<&'a str> {
    let items = page["items"].as_array().unwrap_or_else(|| panic!("no items: {page}"));
    items.iter().filter_map(|it| it[field].as_str()).collect()
}
