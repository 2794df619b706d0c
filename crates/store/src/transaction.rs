//! What happens together.

use crate::connection::Connection;
use crate::error::{Error, Kind, Result};
use crate::insert::Column;
use crate::remembered::Remembered;
use crate::value::{Row, Value};

/// A transaction under way. The functions of this crate take it; nobody else speaks SQL.
pub struct Tx<'a> {
    connection: &'a mut Connection,
    /// What the database itself failed with, no room or no connection: it may have ended the whole
    /// transaction with that.
    failed: Option<Error>,
    /// The number of the first fact that was appended in it, by whatever part of it.
    pub(crate) first_new_fact: Option<i64>,
    /// What need not be asked again.
    pub(crate) remembered: Remembered,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(connection: &'a mut Connection) -> Self {
        Self { connection, failed: None, first_new_fact: None, remembered: Remembered::default() }
    }

    fn noted<T>(&mut self, result: Result<T>) -> Result<T> {
        if let Err(error) = &result
            && matches!(error.kind, Kind::Full | Kind::Unreachable)
        {
            self.failed = Some(error.clone());
        }
        result
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
        let mut part = Tx {
            first_new_fact: self.first_new_fact,
            remembered: self.remembered.clone(),
            ..Tx::new(self.connection)
        };
        let result = work(&mut part);
        let failed = part.failed.take();
        // Also where the part is undone: its numbers are given again.
        self.first_new_fact = part.first_new_fact;
        if result.is_ok() {
            self.remembered = part.remembered;
        }
        let end = match &result {
            Ok(_) => "RELEASE SAVEPOINT part",
            Err(_) => "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part",
        };
        if let Err(error) = self.connection.run(end) {
            // Nothing is left that this part could be undone in; why, was told before.
            self.failed.clone_from(&failed);
            return Err(failed.unwrap_or(error).into());
        }
        result
    }

    /// Writes what was set and only remembered so far: before the end.
    pub(crate) fn write_remembered(&mut self) -> Result<()> {
        let values = self.remembered.take_unwritten();
        let text = |of: fn(&(String, String)) -> &String| {
            Column::Texts(values.iter().map(|it| of(it).as_str()).collect())
        };
        let columns = [("name", text(|it| &it.0)), ("value", text(|it| &it.1))];
        let conflict = "ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.insert("settings", &columns, conflict).map(drop)
    }

    pub(crate) fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        let result = self.connection.execute(sql, values);
        self.noted(result)
    }

    pub(crate) fn each(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let result = self.connection.each(sql, values, each);
        self.noted(result)
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
        let result = self.connection.each_of(sql, values, texts, each);
        self.noted(result)
    }

    pub(crate) fn one<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let result = self.connection.one(sql, values, read);
        self.noted(result)
    }

    pub(crate) fn insert(
        &mut self,
        table: &str,
        columns: &[(&str, Column<'_>)],
        conflict: &str,
    ) -> Result<u64> {
        let result = self.connection.insert(table, columns, conflict);
        self.noted(result)
    }
}
