//! CSV, XLSX, NDJSON and Parquet to and from record batches.
//!
//! A file is opened against a [`TableSpec`]: which columns are wanted, by which names, of which
//! kind. What cannot be read is handed back as [`Reject`]s, row by row; the other rows go on. This
//! crate knows no rule of the domain: it does not know what a column is for.

mod align;
mod cells;
mod input;
mod marked;
mod merge;
mod misfits;
mod parquet_input;
mod raw;
mod reject;
mod sort;
mod sorted;
mod spec;
mod suggest;
mod text_input;
mod texts;
mod weave;
mod write;

pub use align::{
    Aligned, Batch, Lines, Partition, ReadOptions, by_household, each_batch, each_lined_batch,
};
pub use cells::cell_of;
pub use input::{Input, names, open, tables_in};
pub use marked::{ERROR, marked};
pub use raw::{RawRow, each_raw};
pub use reject::Reject;
pub use sorted::{Cursor, IdRange};
pub use spec::{ColumnKind, ColumnSpec, Mapping, TableSpec};
pub use suggest::closest;
pub use weave::woven;
pub use write::{Format, Layout, REPEATS, Stream, Writer, to_stream};
