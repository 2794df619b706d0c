//! One connection to either database, spoken to in one SQL.
//!
//! Statements are written with `?1`, `?2` …; whole numbers are BIGINT, bytes BYTEA. A set of texts
//! is written `IN {texts}` and takes the place of one parameter.

use crate::error::{Error, Kind, Result};
use crate::tls;
use crate::value::{Row, Value};
use postgres::types::ToSql;
use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

/// An open connection.
pub(crate) enum Connection {
    Sqlite(rusqlite::Connection),
    Postgres(Box<Server>),
}

/// A connection to PostgreSQL with the statements it has prepared.
pub(crate) struct Server {
    client: postgres::Client,
    prepared: HashMap<String, postgres::Statement>,
}

/// How long a statement waits for a lock of another process.
const PATIENCE: Duration = Duration::from_secs(10);

impl Connection {
    /// Opens a file; one that may write makes it.
    pub(crate) fn open_file(path: &Path, writes: bool) -> Result<Self> {
        use rusqlite::OpenFlags;
        let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
        flags |= if writes {
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
        } else {
            OpenFlags::SQLITE_OPEN_READ_ONLY
        };
        let connection = rusqlite::Connection::open_with_flags(path, flags).map_err(|error| {
            Error::new(Kind::Unreachable, format!("{} cannot be opened: {error}", path.display()))
        })?;
        connection.busy_timeout(PATIENCE)?;
        connection.set_prepared_statement_cache_capacity(128);
        if writes {
            connection.pragma_update(None, "journal_mode", "wal")?;
            connection.pragma_update(None, "synchronous", "full")?;
            connection.pragma_update(None, "foreign_keys", true)?;
            // Fewer, larger checkpoints: the log is synced with every commit all the same.
            connection.pragma_update(None, "wal_autocheckpoint", 8_192)?;
            // What was erased is written over where its page is written anyway.
            connection.pragma_update(None, "secure_delete", "fast")?;
            assert_durable(&connection)?;
        }
        connection.pragma_update(None, "cache_size", -64 * 1024)?;
        connection.pragma_update(None, "temp_store", "memory")?;
        Ok(Self::Sqlite(connection))
    }

    /// Connects to a server.
    pub(crate) fn connect(url: &str) -> Result<Self> {
        let client = tls::connect(url, |config| {
            config.application_name("holdfast").connect_timeout(PATIENCE);
        })?;
        let mut server = Self::Postgres(Box::new(Server { client, prepared: HashMap::new() }));
        server.run("SET synchronous_commit = on")?;
        for setting in ["fsync", "full_page_writes"] {
            let value =
                server.one(&format!("SELECT current_setting('{setting}')"), &[], |row| {
                    row.text(0).map(str::to_owned)
                })?;
            if value.as_deref() != Some("on") {
                let message =
                    format!("`{setting}` of the database is off: a power cut would lose facts");
                return Err(Error::new(Kind::Unfit, message));
            }
        }
        Ok(server)
    }

    pub(crate) fn is_file(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Runs statements that take and give nothing.
    pub(crate) fn run(&mut self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(it) => Ok(it.execute_batch(sql)?),
            Self::Postgres(it) => Ok(it.client.batch_execute(sql)?),
        }
    }

    /// Runs a statement; gives how many rows it changed.
    pub(crate) fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        match self {
            Self::Sqlite(it) => {
                let mut statement = it.prepare_cached(sql)?;
                Ok(statement.execute(rusqlite::params_from_iter(values))? as u64)
            }
            Self::Postgres(it) => {
                let statement = it.prepare(sql)?;
                let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|it| it as _).collect();
                Ok(it.client.execute(&statement, &values)?)
            }
        }
    }

    /// Calls `each` with every row of an answer.
    pub(crate) fn each(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        match self {
            Self::Sqlite(it) => {
                let mut statement = it.prepare_cached(sql)?;
                let mut rows = statement.query(rusqlite::params_from_iter(values))?;
                while let Some(row) = rows.next()? {
                    each(&Row::Sqlite(row))?;
                }
                Ok(())
            }
            Self::Postgres(it) => {
                let statement = it.prepare(sql)?;
                let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|it| it as _).collect();
                for row in it.client.query(&statement, &values)? {
                    each(&Row::Postgres(&row))?;
                }
                Ok(())
            }
        }
    }

    /// The first row of an answer.
    pub(crate) fn one<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut found = None;
        self.each(sql, values, &mut |row| {
            if found.is_none() {
                found = Some(read(row)?);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// As [`Connection::each`]; `{texts}` in the statement stands for a set of texts, which comes
    /// after the other values.
    pub(crate) fn each_of(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        texts: &[&str],
        each: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let place = values.len() + 1;
        match self {
            Self::Sqlite(_) => {
                let set = format!("(SELECT value FROM json_each(?{place}))");
                let list = serde_json::to_string(texts)
                    .map_err(|error| Error::new(Kind::Fault, error.to_string()))?;
                let values: Vec<Value<'_>> =
                    values.iter().copied().chain([Value::Text(&list)]).collect();
                self.each(&sql.replace("{texts}", &set), &values, each)
            }
            Self::Postgres(it) => {
                // A set of rows would be joined, by way of the whole table where it is large.
                let set = format!("= ANY(?{place}::text[])");
                let statement = it.prepare(&sql.replace("IN {texts}", &set))?;
                let mut all: Vec<&(dyn ToSql + Sync)> = values.iter().map(|it| it as _).collect();
                all.push(&texts);
                for row in it.client.query(&statement, &all)? {
                    each(&Row::Postgres(&row))?;
                }
                Ok(())
            }
        }
    }

    pub(crate) fn server(&mut self) -> Option<&mut Server> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(it) => Some(it),
        }
    }
}

impl Server {
    /// A statement in the server's own writing, prepared once.
    pub(crate) fn prepare(&mut self, sql: &str) -> Result<postgres::Statement> {
        if let Some(known) = self.prepared.get(sql) {
            return Ok(known.clone());
        }
        let statement = self.client.prepare(&sql.replace('?', "$"))?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// A stream of rows into a table.
    pub(crate) fn copy_in(&mut self, sql: &str) -> Result<postgres::CopyInWriter<'_>> {
        Ok(self.client.copy_in(sql)?)
    }

    pub(crate) fn execute(&mut self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64> {
        let statement = self.prepare(sql)?;
        Ok(self.client.execute(&statement, values)?)
    }
}

fn assert_durable(connection: &rusqlite::Connection) -> Result<()> {
    let journal: String = connection.pragma_query_value(None, "journal_mode", |it| it.get(0))?;
    let synchronous: i64 = connection.pragma_query_value(None, "synchronous", |it| it.get(0))?;
    // 2 is `full`: the log is on the disk before a commit is acknowledged.
    if journal == "wal" && synchronous >= 2 {
        return Ok(());
    }
    let message =
        format!("the file is open with journal {journal}, sync {synchronous}: not durable");
    Err(Error::new(Kind::Unfit, message))
}
