//! Values that go into a statement and come out of a row, the same for both databases.

use crate::error::{Error, Kind, Result};
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};
use std::error::Error as StdError;

/// A value for a statement. Whole numbers and truth values share one kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing known.
    Null,
    /// A whole number.
    Int(i64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

impl From<i64> for Value<'_> {
    fn from(it: i64) -> Self {
        Value::Int(it)
    }
}

impl From<bool> for Value<'_> {
    fn from(it: bool) -> Self {
        Value::Int(i64::from(it))
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(it: &'a str) -> Self {
        Value::Text(it)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(it: &'a String) -> Self {
        Value::Text(it)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(it: &'a [u8]) -> Self {
        Value::Bytes(it)
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(it: &'a Vec<u8>) -> Self {
        Value::Bytes(it)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(it: Option<T>) -> Self {
        it.map_or(Value::Null, Into::into)
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Value::Null => ToSqlOutput::Owned(Owned::Null),
            Value::Int(it) => ToSqlOutput::Owned(Owned::Integer(*it)),
            Value::Text(it) => ToSqlOutput::Borrowed(ValueRef::Text(it.as_bytes())),
            Value::Bytes(it) => ToSqlOutput::Borrowed(ValueRef::Blob(it)),
        })
    }
}

type Written = std::result::Result<IsNull, Box<dyn StdError + Sync + Send>>;

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut postgres::types::private::BytesMut) -> Written {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(it) => it.to_sql(ty, out),
            Value::Text(it) => it.to_sql(ty, out),
            Value::Bytes(it) => it.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::BYTEA].contains(ty)
    }

    to_sql_checked!();
}

/// A row of an answer, while it is under the hand.
pub enum Row<'a> {
    /// From the file database.
    Sqlite(&'a rusqlite::Row<'a>),
    /// From the server database.
    Postgres(&'a postgres::Row),
}

impl Row<'_> {
    /// A whole number.
    pub fn int(&self, column: usize) -> Result<i64> {
        match self {
            Row::Sqlite(it) => Ok(it.get(column)?),
            Row::Postgres(it) => Ok(it.try_get(column)?),
        }
    }

    /// A whole number, where there is one.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>> {
        match self {
            Row::Sqlite(it) => Ok(it.get(column)?),
            Row::Postgres(it) => Ok(it.try_get(column)?),
        }
    }

    /// Text.
    pub fn text(&self, column: usize) -> Result<&str> {
        self.opt_text(column)?.ok_or_else(|| missing(column))
    }

    /// Text, where there is any.
    pub fn opt_text(&self, column: usize) -> Result<Option<&str>> {
        match self {
            Row::Sqlite(it) => {
                let found = it.get_ref(column)?.as_str_or_null();
                found.map_err(|error| Error::new(Kind::Fault, error.to_string()))
            }
            Row::Postgres(it) => Ok(it.try_get(column)?),
        }
    }

    /// Bytes.
    pub fn bytes(&self, column: usize) -> Result<&[u8]> {
        match self {
            Row::Sqlite(it) => {
                let found = it.get_ref(column)?.as_blob();
                found.map_err(|error| Error::new(Kind::Fault, error.to_string()))
            }
            Row::Postgres(it) => Ok(it.try_get(column)?),
        }
    }
}

fn missing(column: usize) -> Error {
    Error::new(Kind::Fault, format!("column {column} of an answer is empty"))
}
