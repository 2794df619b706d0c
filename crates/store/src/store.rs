//! The database: one connection that writes, others that read.

use crate::connection::Connection;
use crate::error::{Error, Kind, Result};
use crate::migrations;
use crate::transaction::Tx;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Where a database lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// One file.
    File(PathBuf),
    /// A PostgreSQL server, as its own kind of address.
    Server(String),
}

impl Address {
    /// Reads `sqlite://FILE`, `postgres://…`, or a plain path.
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Self::Server(text.to_owned());
        }
        let path = text.strip_prefix("sqlite://").unwrap_or(text);
        Self::File(Path::new(path).to_owned())
    }

    fn open(&self, writes: bool) -> Result<Connection> {
        match self {
            Self::File(path) => Connection::open_file(path, writes),
            Self::Server(url) => Connection::connect(url),
        }
    }
}

/// On the server too, one transaction writes at a time: whoever comes second waits for the first.
const ALONE: &str = "BEGIN; SELECT pg_advisory_xact_lock(20200610)";

/// An open database.
pub struct Store {
    address: Address,
    writing: Mutex<Option<Connection>>,
    reading: Mutex<Vec<Connection>>,
}

impl Store {
    /// Opens a database and brings its tables to the latest step.
    pub fn open(address: &Address) -> Result<Self> {
        let mut connection = address.open(true)?;
        migrations::migrate(&mut connection)?;
        let writing = Mutex::new(Some(connection));
        Ok(Self { address: address.clone(), writing, reading: Mutex::default() })
    }

    /// Opens a database that is there already and at the latest step, to read.
    pub fn open_to_read(address: &Address) -> Result<Self> {
        let mut connection = address.open(false)?;
        migrations::assert_current(&mut connection)?;
        let reading = Mutex::new(vec![connection]);
        Ok(Self { address: address.clone(), writing: Mutex::default(), reading })
    }

    /// Where it lies.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Runs `work` in one transaction: all of it is kept, or nothing.
    ///
    /// # Errors
    /// Those of `work`, and of the database. After a connection was lost the next call opens a new
    /// one, so that a database that went away and came back needs no restart.
    pub fn write<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let mut writing = lock(&self.writing);
        let begin = Begin { file: "BEGIN IMMEDIATE", server: ALONE, writes: true };
        let mut connection = self.begun(writing.take(), &begin)?;
        let (result, is_usable) = transaction(&mut connection, work);
        if is_usable {
            *writing = Some(connection);
        }
        result
    }

    /// Lets the database look at what its tables hold now, so that it finds the way to a few rows
    /// of many. To be called after much was written; changes nothing that can be read.
    ///
    /// # Errors
    /// Those of the database.
    pub fn look_over(&self) -> Result<()> {
        let mut writing = lock(&self.writing);
        let mut connection = match writing.take() {
            Some(connection) => connection,
            None => self.address.open(true)?,
        };
        let statement = if connection.is_file() { "PRAGMA optimize" } else { "ANALYZE" };
        connection.run(statement)?;
        *writing = Some(connection);
        Ok(())
    }

    /// Runs `work` over one state of the database, whatever is written meanwhile.
    ///
    /// # Errors
    /// Those of `work`, and of the database.
    pub fn read<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let server = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let begin = Begin { file: "BEGIN", server, writes: false };
        let spare = lock(&self.reading).pop();
        let mut connection = self.begun(spare, &begin)?;
        let (result, is_usable) = transaction(&mut connection, work);
        if is_usable {
            lock(&self.reading).push(connection);
        }
        result
    }

    /// A connection with a transaction begun. One that was lost since it was last used is replaced:
    /// nothing has been asked of it yet.
    fn begun(&self, spare: Option<Connection>, begin: &Begin) -> Result<Connection> {
        if let Some(mut connection) = spare {
            match connection.run(begin.of(&connection)) {
                Err(error) if error.kind == Kind::Unreachable && !connection.is_file() => {}
                result => return result.map(|()| connection),
            }
        }
        let mut connection = self.address.open(begin.writes)?;
        connection.run(begin.of(&connection))?;
        Ok(connection)
    }
}

/// How a transaction begins.
struct Begin {
    file: &'static str,
    server: &'static str,
    writes: bool,
}

impl Begin {
    fn of(&self, connection: &Connection) -> &'static str {
        if connection.is_file() { self.file } else { self.server }
    }
}

/// A thread that failed while it held the lock left nothing half-done in it: connections are put
/// back only when their transaction has ended.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Runs `work` up to the commit; says whether the connection may be used again.
fn transaction<T, E: From<Error>>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
) -> (std::result::Result<T, E>, bool) {
    let mut tx = Tx::new(connection);
    let result = work(&mut tx).and_then(|value| match tx.write_remembered() {
        Ok(()) => Ok(value),
        Err(error) => Err(error.into()),
    });
    match result {
        Ok(value) => match connection.run("COMMIT") {
            Ok(()) => (Ok(value), true),
            Err(error) => {
                let is_usable = connection.run("ROLLBACK").is_ok();
                let error = match error.kind {
                    Kind::Fault => Error::new(Kind::Unreachable, error.message),
                    _ => error,
                };
                (Err(error.into()), is_usable)
            }
        },
        Err(error) => {
            let is_usable = connection.run("ROLLBACK").is_ok();
            (Err(error), is_usable)
        }
    }
}
