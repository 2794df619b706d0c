//! Databases for tests: a file always, and one of the server that the tests were given.

#![expect(clippy::print_stderr, reason = "a test that is left out has to say so")]

use std::sync::atomic::{AtomicU32, Ordering};
use store::Address;

/// A database that is removed with its folder; those of the server go with the cluster.
pub struct Database {
    /// What it is, for messages.
    pub name: &'static str,
    /// Where it lies.
    pub address: Address,
    _folder: Option<tempfile::TempDir>,
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// An empty database of every kind that this machine can run.
pub fn all() -> Vec<Database> {
    let folder = tempfile::tempdir().expect("a folder");
    let address = Address::File(folder.path().join("holdfast.db"));
    let mut databases = vec![Database { name: "SQLite", address, _folder: Some(folder) }];
    match std::env::var("HOLDFAST_TEST_POSTGRES") {
        Ok(url) => databases.push(on_server(&url)),
        Err(_) => eprintln!("left out on PostgreSQL: HOLDFAST_TEST_POSTGRES names no server"),
    }
    databases
}

fn on_server(url: &str) -> Database {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("test_{}_{number}", std::process::id());
    let mut client = postgres::Client::connect(url, postgres::NoTls).expect("the server");
    client.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database");
    let (server, _) = url.rsplit_once('/').expect("an address with a database");
    Database {
        name: "PostgreSQL",
        address: Address::Server(format!("{server}/{name}")),
        _folder: None,
    }
}
