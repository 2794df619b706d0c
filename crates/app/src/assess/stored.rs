//! Reusing scores of closed periods: what a run may take from an earlier one, and what it leaves.
//!
//! A table of kept scores carries a seal: the engine, the pack's hash, the mapped columns and the
//! BLAKE3 of every panel file that had rows up to its period. It is used only where all of that is
//! the same now, so that a reused score is the score that would be made again. Whatever else
//! happens, the run is made from the rows, and says why.

mod chunks;

pub use chunks::chunks;

use crate::input::Files;
use crate::{Loaded, Refused};
use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Int32Type, Schema, SchemaRef};
use base::codes::run as codes;
use base::{Diagnostic, Period};
use monitor::Program;
use pack::Pack;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tables::{ColumnKind, ColumnSpec, Format, Layout, ReadOptions, TableSpec, Writer};

/// Changes whenever the same rows and pack give other scores, or the table other columns.
const FORMAT: &str = "2";

/// Rows of a row group of kept scores: a run begins at any household and reads few in vain.
const GROUP_ROWS: usize = 32 * 1024;

/// A folder of kept scores, and the panel that a run is made from.
pub struct Store {
    folder: PathBuf,
    pack: String,
    columns: String,
    files: Vec<PanelFile>,
}

/// A panel file: which periods it has and what it is.
struct PanelFile {
    path: PathBuf,
    first: i32,
    last: i32,
    digest: String,
}

/// What a run takes from kept scores.
pub struct Reuse {
    /// The panel files that still have to be read.
    pub files: Files,
    /// Tables of kept scores, ascending by period.
    pub tables: Vec<(Period, PathBuf)>,
}

impl Store {
    /// Looks at the panel: the periods of every file, from their period columns alone, and its
    /// digest. `threads` files are read at a time.
    pub fn open(
        folder: &Path,
        loaded: &Loaded,
        panel: &Files,
        threads: usize,
    ) -> Result<Self, Refused> {
        let pack = loaded.pack();
        let period = ColumnSpec {
            name: monitor::rows::PERIOD.to_owned(),
            sources: vec![pack.columns.period.clone()],
            kind: ColumnKind::Period(pack.period_kind),
            is_required: true,
        };
        let spec = TableSpec { columns: vec![period] };
        let next = AtomicUsize::new(0);
        let work = || -> Result<Vec<(usize, PanelFile)>, Refused> {
            let mut done = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(path) = panel.paths.get(index) else { return Ok(done) };
                let one = Files { paths: vec![path.clone()], columns: panel.columns.clone() };
                done.push((index, look_at(&one, path, &spec)?));
            }
        };
        let found = std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
            let joined = running.into_iter().map(|it| it.join().unwrap_or_else(|_| Ok(Vec::new())));
            joined.collect::<Result<Vec<_>, _>>()
        })?;
        let mut files: Vec<_> = found.into_iter().flatten().collect();
        files.sort_by_key(|it| it.0);
        Ok(Self {
            folder: folder.to_owned(),
            pack: pack.hash.clone(),
            columns: panel.columns.join(" "),
            files: files.into_iter().map(|it| it.1).collect(),
        })
    }

    /// What a run at a period may reuse, looking `earlier` more periods back than its bands do;
    /// or why it may not.
    pub fn reuse(&self, loaded: &Loaded, at: Period, earlier: u32) -> Result<Reuse, String> {
        let pack = loaded.pack();
        let lookback = pack.lookback() as i32;
        let depth = (loaded.evaluator.history_depth() + earlier) as i32;
        let oldest = self.files.iter().map(|it| it.first).min().unwrap_or(at.index());
        let epoch = Program::epoch(pack, at);
        let mut tables = Vec::new();
        for back in (1..depth - lookback).rev() {
            let closed = at.offset(-back);
            // Before the first row there is nothing to keep.
            if closed.index() < oldest {
                continue;
            }
            if Program::epoch(pack, closed) != epoch {
                return Err(format!("other parameter values were in force in {closed}"));
            }
            tables.push((closed, self.checked(closed)?));
        }
        if tables.is_empty() {
            return Err("no earlier period is looked at".to_owned());
        }
        let needed = at.index() - lookback..=at.index();
        let overlaps = |it: &&PanelFile| it.last >= *needed.start() && it.first <= *needed.end();
        let paths: Vec<_> = self.files.iter().filter(overlaps).map(|it| it.path.clone()).collect();
        if paths.is_empty() {
            return Err(format!("no file has rows of {at} or shortly before"));
        }
        let columns = self.columns.split_whitespace().map(str::to_owned).collect();
        Ok(Reuse { files: Files { paths, columns }, tables })
    }

    /// The table of a period, if its seal holds.
    fn checked(&self, period: Period) -> Result<PathBuf, String> {
        let path = self.path(period);
        if !path.is_file() {
            return Err(format!("there are none of {period}"));
        }
        let id = ColumnSpec {
            name: monitor::rows::HOUSEHOLD.to_owned(),
            sources: Vec::new(),
            kind: ColumnKind::HouseholdId,
            is_required: true,
        };
        let opened = tables::open(&path, &TableSpec { columns: vec![id] }, &Default::default());
        let opened = opened.map_err(|_| format!("those of {period} cannot be read"))?;
        let (found, wanted) = (opened.schema_notes(), self.seal(period));
        for (part, what) in [
            ("holdfast.engine", "another version of Holdfast"),
            ("holdfast.pack", "another version of the pack"),
            ("holdfast.columns", "other columns"),
            ("holdfast.files", "other panel files"),
        ] {
            if found.get(part) != wanted.get(part) {
                return Err(format!("those of {period} were made from {what}"));
            }
        }
        Ok(path)
    }

    fn path(&self, period: Period) -> PathBuf {
        self.folder.join(format!("{period}.parquet"))
    }

    /// What kept scores of a period depend on.
    fn seal(&self, period: Period) -> HashMap<String, String> {
        // A file that begins later has no row that a score of the period could depend on.
        let files = self.files.iter().filter(|it| it.first <= period.index());
        let files: BTreeSet<&str> = files.map(|it| it.digest.as_str()).collect();
        let engine = format!("{} {FORMAT}", env!("CARGO_PKG_VERSION"));
        let files = files.into_iter().collect::<Vec<_>>().join(" ");
        let parts = [
            ("holdfast.engine", engine),
            ("holdfast.pack", self.pack.clone()),
            ("holdfast.columns", self.columns.clone()),
            ("holdfast.files", files),
        ];
        parts.into_iter().map(|(part, value)| (part.to_owned(), value)).collect()
    }

    /// Begins to keep the scores of a period.
    pub fn keep(&self, pack: &Pack, period: Period) -> Keeper {
        let schema = monitor::stored::schema(pack);
        let sealed = Schema::new_with_metadata(schema.fields().clone(), self.seal(period));
        Keeper { target: self.path(period), schema: Arc::new(sealed), writer: None }
    }
}

/// A table of kept scores under way.
pub struct Keeper {
    target: PathBuf,
    schema: SchemaRef,
    writer: Option<Writer>,
}

impl Keeper {
    /// Adds households.
    pub fn write(&mut self, rows: &RecordBatch) -> Result<(), Diagnostic> {
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => {
                let layout = Layout { row_group_rows: Some(GROUP_ROWS), is_read_often: true };
                let format = Format::Parquet;
                let writer = Writer::with_layout(&self.target, format, &self.schema, &layout)?;
                self.writer.insert(writer)
            }
        };
        writer.write(rows)
    }

    /// Gives the table its name. Where `is_whole` is false, because something was set aside, it
    /// is dropped: the next run must see what was wrong again.
    pub fn finish(self, is_whole: bool) -> Result<Option<PathBuf>, Diagnostic> {
        self.writer.filter(|_| is_whole).map(Writer::finish).transpose()
    }
}

fn look_at(files: &Files, path: &Path, spec: &TableSpec) -> Result<PanelFile, Refused> {
    let (mut first, mut last) = (i32::MAX, i32::MIN);
    let mut digest = String::new();
    for input in files.open(spec)? {
        digest = input.digest().map_err(|error| {
            let message = format!("`{}` cannot be read: {error}", path.display());
            vec![Diagnostic::new(&base::codes::tables::FILE_UNREADABLE, message)]
        })?;
        tables::each_batch(input, &ReadOptions::default(), &mut |rows| {
            let Some(periods) = rows.column(0).as_primitive_opt::<Int32Type>() else { return };
            first = first.min(arrow::compute::min(periods).unwrap_or(i32::MAX));
            last = last.max(arrow::compute::max(periods).unwrap_or(i32::MIN));
        })
        .map_err(|it| vec![it])?;
    }
    Ok(PanelFile { path: path.to_owned(), first, last, digest })
}

/// The note that says why kept scores were not used.
pub fn not_reused(why: &str) -> Diagnostic {
    let message = format!("everything was made from the rows: stored scores cannot be used, {why}");
    Diagnostic::new(&codes::NOT_REUSED, message)
        .hint("run every period once with --stored; a panel file of its own for every period helps")
}

/// The note that says why no scores were kept.
pub fn not_kept() -> Diagnostic {
    let message = "no scores were stored: rows or households were set aside, see the rejects";
    Diagnostic::new(&codes::NOT_REUSED, message).hint("mend the panel files and run again")
}
