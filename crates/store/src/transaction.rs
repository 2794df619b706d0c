//! What happens together.

use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::insert::Column;
use crate::value::{Row, Value};

/// A transaction under way. The functions of this crate take it; nobody else speaks SQL.
pub struct Tx<'a> {
    connection: &'a mut Connection,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(connection: &'a mut Connection) -> Self {
        Self { connection }
    }

    /// Runs `work`; where it fails, what it wrote is undone and the transaction goes on.
    ///
    /// # Errors
    /// Those of `work`, and of the database.
    pub fn nested<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.connection.run("SAVEPOINT part")?;
        let result = work(&mut Tx::new(self.connection));
        let end = match &result {
            Ok(_) => "RELEASE SAVEPOINT part",
            Err(_) => "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part",
        };
        self.connection.run(end)?;
        result
    }

    pub(crate) fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        self.connection.execute(sql, values)
    }

    pub(crate) fn each(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        self.connection.each(sql, values, each)
    }

    pub(crate) fn each_of(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        texts: &[&str],
        each: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        if texts.is_empty() {
            return Ok(());
        }
        self.connection.each_of(sql, values, texts, each)
    }

    pub(crate) fn one<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        self.connection.one(sql, values, read)
    }

    pub(crate) fn insert(
        &mut self,
        table: &str,
        columns: &[(&str, Column<'_>)],
        conflict: &str,
    ) -> Result<u64> {
        self.connection.insert(table, columns, conflict)
    }
}
