//! A server over a database, with users: what tests of requests begin with.

use crate::databases::{self, Database};
use crate::http::{Process, user};
use std::path::PathBuf;

/// A user: name, role and areas.
pub type User = (&'static str, &'static str, &'static [&'static str]);

/// A running server; it ends with the setting.
pub struct Setting {
    /// Which kind of database it has, for messages.
    pub name: &'static str,
    /// The server.
    pub process: Process,
    /// The file with its key.
    pub key: PathBuf,
    /// Its database.
    pub database: Database,
    _folder: tempfile::TempDir,
}

impl Setting {
    /// A server over an empty database with some users.
    pub fn of(database: Database, users: &[User]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let key = folder.path().join("key");
        for (name, role, areas) in users {
            user(&database.address, &key, name, role, areas);
        }
        let process = Process::start(&database.address, &key);
        Self { name: database.name, process, key, database, _folder: folder }
    }

    /// One over every kind of database that this machine can run.
    pub fn all(users: &[User]) -> Vec<Self> {
        databases::all().into_iter().map(|it| Self::of(it, users)).collect()
    }

    /// One, where the kind of database makes no difference.
    pub fn first(users: &[User]) -> Self {
        Self::of(databases::all().remove(0), users)
    }
}
