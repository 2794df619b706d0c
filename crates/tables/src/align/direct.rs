//! One sorted Parquet file, read in place: a partition for each row group, from the first household
//! that begins in it to the end of the last. Whether the order holds is looked at on the way; a
//! file that is not sorted, or has a row that cannot be used, is an error here and goes another
//! way.

use super::{Aligned, Batch, Lines, MISFIT, Partition, ReadOptions, Source};
use crate::input::Input;
use crate::misfits::Sound;
use crate::parquet_input::{ParquetFile, convert};
use crate::texts::Texts;
use arrow::array::{AsArray, Int32Array, RecordBatch};
use base::codes::tables as codes;
use base::{Diagnostic, Place};
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Partitions of one sorted file, one for each row group that holds rows.
pub fn direct(
    input: &Input,
    file: &ParquetFile,
    options: &ReadOptions,
) -> Result<Aligned, Diagnostic> {
    let groups = file.row_groups();
    let id_column = input.sources_of_keys().unwrap_or_default();
    let name: Arc<str> = input.path.display().to_string().into();
    let mut partitions = Vec::with_capacity(groups.len());
    let mut before = 0u64;
    for (group, rows) in groups.iter().enumerate().filter(|it| *it.1 > 0) {
        let direct = Direct {
            input: SourceColumns {
                columns: input.spec.columns.clone(),
                sources: input.sources.clone(),
                household: input.household_position().unwrap_or(0),
                period: input.period_position(),
            },
            file: file.clone(),
            groups: (group..groups.len()).collect(),
            own_rows: *rows,
            skip: skipped(file, &id_column, &groups[..group])?,
            reader: None,
            seen: 0,
            first_line: before + 1,
            open: None,
            open_line: 0,
            pending: Vec::new(),
            last: None,
            is_done: false,
            name: name.clone(),
            sound: Sound::default(),
            batch_rows: options.batch_rows,
            progress: options.progress.clone(),
        };
        partitions.push(Partition(Source::Direct(Box::new(direct))));
        before += rows;
    }
    Ok(Aligned { partitions, rejects: Vec::new() })
}

/// The household that the row groups before one end in, where this one may begin with more of it.
/// What the file notes of its groups tells it at once, as long as they are sorted, and that
/// they are is looked at when they are read; where nothing is noted the last row is read.
fn skipped(file: &ParquetFile, ids: &str, before: &[u64]) -> Result<Option<String>, Diagnostic> {
    let Some(previous) = before.iter().rposition(|rows| *rows > 0) else { return Ok(None) };
    let noted = |group: usize| file.text_range(ids, group);
    match (noted(previous), noted(before.len())) {
        (Some((_, last)), Some((first, _))) => Ok((last == first).then(|| last.to_owned())),
        _ => file.text_at(ids, previous, before[previous] - 1).map(Some),
    }
}

struct SourceColumns {
    columns: Vec<crate::spec::ColumnSpec>,
    sources: Vec<Option<String>>,
    household: usize,
    period: Option<usize>,
}

/// One row group, from the first household that begins in it to the end of the last.
pub struct Direct {
    input: SourceColumns,
    file: ParquetFile,
    groups: Vec<usize>,
    own_rows: u64,
    /// The household that the previous partition reads to its end.
    skip: Option<String>,
    reader: Option<ParquetRecordBatchReader>,
    /// Rows read so far.
    seen: u64,
    first_line: u64,
    /// Rows of the household that the last batch ended in.
    open: Option<RecordBatch>,
    open_line: u64,
    pending: Vec<Batch>,
    last: Option<String>,
    is_done: bool,
    name: Arc<str>,
    sound: Sound,
    batch_rows: usize,
    progress: Arc<AtomicU64>,
}

impl Direct {
    /// The next batch of whole households.
    pub fn next(&mut self) -> Option<Result<Batch, Diagnostic>> {
        loop {
            if let Some(batch) = self.pending.pop() {
                return Some(Ok(batch));
            }
            if self.is_done {
                return None;
            }
            if let Err(finding) = self.advance() {
                self.is_done = true;
                return Some(Err(finding));
            }
        }
    }

    fn advance(&mut self) -> Result<(), Diagnostic> {
        if self.reader.is_none() {
            let columns: Vec<&str> =
                self.input.sources.iter().flatten().map(String::as_str).collect();
            self.reader = Some(self.file.read(&columns, self.groups.clone(), self.batch_rows)?);
        }
        let batch = self.reader.as_mut().and_then(Iterator::next).transpose();
        let Some(batch) = batch.map_err(|error| self.file.fault(error))? else {
            self.is_done = true;
            self.close();
            return Ok(());
        };
        let (columns, sources) = (&self.input.columns, &self.input.sources);
        let converted = convert(columns, sources, &batch, &mut self.sound)?;
        if !converted.misfits.is_empty() {
            return Err(self.unsorted(MISFIT));
        }
        let start = self.seen;
        self.seen += converted.batch.num_rows() as u64;
        self.progress.fetch_add(self.own_of(start, self.seen), Ordering::Relaxed);
        self.take_in(&converted.batch, start)
    }

    fn own_of(&self, start: u64, end: u64) -> u64 {
        end.min(self.own_rows).saturating_sub(start)
    }

    /// Splits a batch at household boundaries: what completes the open household, whole
    /// households, and the new open one.
    fn take_in(&mut self, batch: &RecordBatch, start: u64) -> Result<(), Diagnostic> {
        let rows = batch.num_rows();
        let starts = self.run_starts(batch)?;
        let ids = Texts::of(batch.column(self.input.household)).ok_or_else(|| self.no_text())?;
        let line = |row: usize| self.first_line + start + row as u64;
        let mut from = 0;
        if let Some(open) = self.open.take() {
            let held =
                Texts::of(open.column(self.input.household)).ok_or_else(|| self.no_text())?;
            let is_same = rows > 0 && held.get(0) == ids.get(0);
            let end = if is_same { starts.get(1).copied().unwrap_or(rows) } else { 0 };
            let joined =
                arrow::compute::concat_batches(&open.schema(), [&open, &batch.slice(0, end)]);
            let joined = joined.map_err(|error| self.file.fault(error))?;
            from = end;
            if is_same && end == rows {
                self.open = Some(joined);
                return Ok(());
            }
            let lines = Lines::Contiguous { file: self.name.clone(), first: self.open_line };
            self.pending.push(Batch { rows: joined, lines });
        } else if let Some(skipped) = &self.skip {
            let is_same = rows > 0 && ids.get(0) == skipped;
            from = if is_same { starts.get(1).copied().unwrap_or(rows) } else { 0 };
            if from == rows && start + rows as u64 >= self.own_rows {
                self.is_done = true;
            }
            if from < rows {
                self.skip = None;
            }
        }
        // Households that begin at or after the end of the own rows belong to the next partition.
        let own_end =
            usize::try_from(self.own_rows.saturating_sub(start)).unwrap_or(rows).min(rows);
        let beyond = starts.iter().copied().find(|it| *it >= own_end && *it >= from);
        let last_start = match beyond {
            Some(beyond) => {
                self.is_done = true;
                beyond
            }
            None => starts.iter().copied().rev().find(|it| *it >= from).unwrap_or(rows),
        };
        if last_start > from {
            let lines = Lines::Contiguous { file: self.name.clone(), first: line(from) };
            let whole = batch.slice(from, last_start - from);
            // Taken from the back: what completes the open household must come first.
            self.pending.insert(0, Batch { rows: whole, lines });
        }
        if !self.is_done && last_start < rows {
            self.open = Some(batch.slice(last_start, rows - last_start));
            self.open_line = line(last_start);
        }
        Ok(())
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            let lines = Lines::Contiguous { file: self.name.clone(), first: self.open_line };
            self.pending.push(Batch { rows: open, lines });
        }
    }

    /// Rows at which a household begins; fails where the order is broken.
    fn run_starts(&mut self, batch: &RecordBatch) -> Result<Vec<usize>, Diagnostic> {
        let rows = batch.num_rows();
        let column = batch.column(self.input.household).clone();
        let ids = Texts::of(&column).ok_or_else(|| self.no_text())?;
        let periods = self.input.period.map(|it| batch.column(it).clone());
        let periods: Option<&Int32Array> = periods.as_ref().and_then(|it| it.as_primitive_opt());
        let mut starts = Vec::with_capacity(rows / 8 + 1);
        for row in 0..rows {
            if row > 0 && ids.is_same(row - 1, row) {
                if periods.is_some_and(|it| it.value(row) < it.value(row - 1)) {
                    return Err(self.unsorted("periods are out of order"));
                }
                continue;
            }
            let id = ids.get(row);
            let before = if row > 0 { Some(ids.get(row - 1)) } else { self.last.as_deref() };
            if before.is_some_and(|it| it > id) {
                return Err(self.unsorted("households are out of order"));
            }
            starts.push(row);
        }
        if rows > 0 {
            self.last = Some(ids.get(rows - 1).to_owned());
        }
        Ok(starts)
    }

    fn unsorted(&self, why: &str) -> Diagnostic {
        Diagnostic::new(&codes::UNSORTED, format!("the file had to be sorted first: {why}"))
            .at(Place::file(self.name.to_string()))
            .hint("sort it by household and period to save that step")
    }

    fn no_text(&self) -> Diagnostic {
        Diagnostic::new(&codes::COLUMN_UNUSABLE, "the household id is not text")
            .at(Place::file(self.name.to_string()))
    }
}
