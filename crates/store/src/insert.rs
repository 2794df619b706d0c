//! Many rows in one go: copied or set by set on the server, one prepared statement on the file.

use crate::connection::{Connection, Server};
use crate::error::Result;
use crate::value::Value;
use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::{ToSql, Type};

/// A column of rows to be written; all columns of a table have the same length.
pub enum Column<'a> {
    /// Whole numbers.
    Ints(Vec<i64>),
    /// Whole numbers, some unknown.
    OptInts(Vec<Option<i64>>),
    /// Texts.
    Texts(Vec<&'a str>),
    /// Texts, some unknown.
    OptTexts(Vec<Option<&'a str>>),
    /// Bytes.
    Bytes(Vec<&'a [u8]>),
}

impl Column<'_> {
    fn len(&self) -> usize {
        match self {
            Column::Ints(it) => it.len(),
            Column::OptInts(it) => it.len(),
            Column::Texts(it) => it.len(),
            Column::OptTexts(it) => it.len(),
            Column::Bytes(it) => it.len(),
        }
    }

    fn value(&self, row: usize) -> Value<'_> {
        match self {
            Column::Ints(it) => it[row].into(),
            Column::OptInts(it) => it[row].into(),
            Column::Texts(it) => it[row].into(),
            Column::OptTexts(it) => it[row].into(),
            Column::Bytes(it) => it[row].into(),
        }
    }

    const fn ty(&self) -> Type {
        match self {
            Column::Ints(_) | Column::OptInts(_) => Type::INT8,
            Column::Texts(_) | Column::OptTexts(_) => Type::TEXT,
            Column::Bytes(_) => Type::BYTEA,
        }
    }

    const fn array(&self) -> &'static str {
        match self {
            Column::Ints(_) | Column::OptInts(_) => "bigint[]",
            Column::Texts(_) | Column::OptTexts(_) => "text[]",
            Column::Bytes(_) => "bytea[]",
        }
    }

    fn values(&self) -> &(dyn ToSql + Sync) {
        match self {
            Column::Ints(it) => it,
            Column::OptInts(it) => it,
            Column::Texts(it) => it,
            Column::OptTexts(it) => it,
            Column::Bytes(it) => it,
        }
    }
}

/// So many rows and more are copied to a server, which takes less of it than to insert them.
const COPIED: usize = 1_000;

impl Server {
    /// Copies rows into a table whose columns are named behind it.
    fn copy(&mut self, into: &str, columns: &[(&str, Column<'_>)]) -> Result<u64> {
        let types: Vec<Type> = columns.iter().map(|it| it.1.ty()).collect();
        let sink = self.copy_in(&format!("COPY {into} FROM STDIN BINARY"))?;
        let mut writer = BinaryCopyInWriter::new(sink, &types);
        for row in 0..columns.first().map_or(0, |it| it.1.len()) {
            let values: Vec<Value<'_>> = columns.iter().map(|it| it.1.value(row)).collect();
            let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|it| it as _).collect();
            writer.write(&values)?;
        }
        Ok(writer.finish()?)
    }
}

impl Connection {
    /// Inserts rows given by column; `conflict` says what happens to one that is there already
    /// (`ON CONFLICT …`, or nothing). Gives how many rows were written.
    pub(crate) fn insert(
        &mut self,
        table: &str,
        columns: &[(&str, Column<'_>)],
        conflict: &str,
    ) -> Result<u64> {
        let rows = columns.first().map_or(0, |it| it.1.len());
        if rows == 0 {
            return Ok(0);
        }
        let names = columns.iter().map(|it| it.0).collect::<Vec<_>>().join(", ");
        let places = (1..=columns.len()).map(|it| format!("?{it}"));
        if let Some(server) = self.server() {
            if conflict.is_empty() && rows >= COPIED {
                return server.copy(&format!("{table} ({names})"), columns);
            }
            let arrays =
                places.zip(columns).map(|(place, it)| format!("{place}::{}", it.1.array()));
            let arrays = arrays.collect::<Vec<_>>().join(", ");
            let sql =
                format!("INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays}) {conflict}");
            let values: Vec<_> = columns.iter().map(|it| it.1.values()).collect();
            return server.execute(&sql, &values);
        }
        let places = places.collect::<Vec<_>>().join(", ");
        let sql = format!("INSERT INTO {table} ({names}) VALUES ({places}) {conflict}");
        let mut written = 0;
        let mut values = Vec::with_capacity(columns.len());
        for row in 0..rows {
            values.clear();
            values.extend(columns.iter().map(|it| it.1.value(row)));
            written += self.execute(&sql, &values)?;
        }
        Ok(written)
    }
}
