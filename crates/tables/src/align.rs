//! Whole households, in order, from any files.
//!
//! One sorted Parquet file is read in place by row-group ranges, in parallel; several are woven
//! together by ranges of households; anything else is sorted, in memory or outside it, and merged.
//! Either way a batch holds whole households and partitions follow one another in the global order.

use crate::input::{Contents, Input};
use crate::merge::Merge;
use crate::misfits::Sound;
use crate::parquet_input::{ParquetFile, convert};
use crate::reject::Reject;
use crate::sort;
use crate::spec::ColumnKind;
use crate::weave::{Weave, woven};
use arrow::array::{Array, ArrayRef, AsArray, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::Int32Type;
use base::codes::tables as codes;
use base::{Diagnostic, Place};
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How to read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Rows in a batch, about.
    pub batch_rows: usize,
    /// Memory that sorting may use before it goes to disk.
    pub memory_bytes: usize,
    /// Sort whatever the files say of themselves.
    pub force_sort: bool,
    /// Where sorted runs are kept; the system's place for scratch files where absent.
    pub scratch: Option<PathBuf>,
    /// Counts rows as they are read.
    pub progress: Arc<AtomicU64>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            batch_rows: 16 * 1024,
            memory_bytes: 512 << 20,
            force_sort: false,
            scratch: None,
            progress: Arc::default(),
        }
    }
}

/// Where the rows of a batch stand in their files.
#[derive(Clone, Debug)]
pub enum Lines {
    /// Rows follow one another in one file.
    Contiguous {
        /// The file.
        file: Arc<str>,
        /// Row number of the first, from 1.
        first: u64,
    },
    /// The files, and of each row the file's position among them and the line.
    Each(Arc<[Arc<str>]>, Vec<(u32, u64)>),
}

impl Lines {
    /// The places of rows in another order, some of which (`None`) stand in no file.
    pub fn reordered(&self, order: &[Option<usize>]) -> Lines {
        let files = match self {
            Lines::Contiguous { file, .. } => std::slice::from_ref(file),
            Lines::Each(files, _) => files,
        };
        let place = |row: usize| match self {
            Lines::Contiguous { first, .. } => (0, first + row as u64),
            Lines::Each(_, lines) => lines[row],
        };
        let nowhere = (files.len() as u32, 0);
        let lines = order.iter().map(|it| it.map_or(nowhere, place)).collect();
        Lines::Each(files.iter().cloned().chain([Arc::from("")]).collect(), lines)
    }

    /// File and line of a row.
    pub fn of(&self, row: usize) -> (String, u64) {
        match self {
            Lines::Contiguous { file, first } => (file.to_string(), first + row as u64),
            Lines::Each(files, lines) => lines
                .get(row)
                .map_or((String::new(), 0), |it| (files[it.0 as usize].to_string(), it.1)),
        }
    }
}

/// Whole households.
pub struct Batch {
    /// The rows, sorted by household and then by period where there is one.
    pub rows: RecordBatch,
    /// Where they stand.
    pub lines: Lines,
}

/// Input cut into partitions.
pub struct Aligned {
    /// In the global order.
    pub partitions: Vec<Partition>,
    /// Rows that could not be read, where the files were read whole before.
    pub rejects: Vec<Reject>,
}

/// A run of households, read as it is asked for.
pub struct Partition(Source);

enum Source {
    Direct(Box<Direct>),
    Woven(Box<Weave>),
    Merged(Box<Merge>),
}

impl Partition {
    /// Several sorted files woven together.
    pub(crate) fn woven(weave: Weave) -> Self {
        Self(Source::Woven(Box::new(weave)))
    }
}

impl Iterator for Partition {
    type Item = Result<Batch, Diagnostic>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Source::Direct(direct) => direct.next(),
            Source::Woven(weave) => weave.next(),
            Source::Merged(merge) => merge.next(),
        }
    }
}

/// Why a sorted file goes the way of unsorted ones: after a row is left out, lines have to be
/// kept one by one, which only that way does.
pub(crate) const MISFIT: &str = "a row cannot be used";

/// Cuts inputs into partitions of whole households. The first column of each specification that is
/// a household id orders the rows; where there is a period it orders them within a household.
pub fn by_household(inputs: Vec<Input>, options: &ReadOptions) -> Result<Aligned, Diagnostic> {
    if let [input] = inputs.as_slice()
        && let Contents::Parquet(file) = &input.contents
        && !options.force_sort
        && input.sources_of_keys().is_some()
    {
        return direct(input, file, options);
    }
    let is_sorted_form =
        |it: &Input| matches!(it.contents, Contents::Parquet(_)) && it.sources_of_keys().is_some();
    if inputs.len() > 1 && !options.force_sort && inputs.iter().all(is_sorted_form) {
        let partitions = woven(inputs, options)?.into_iter().map(|it| it.1).collect();
        return Ok(Aligned { partitions, rejects: Vec::new() });
    }
    let (merge, rejects) = sort::sorted(inputs, options)?;
    Ok(Aligned { partitions: vec![Partition(Source::Merged(Box::new(merge)))], rejects })
}

impl Input {
    /// The file's column of the household id.
    pub(crate) fn sources_of_keys(&self) -> Option<String> {
        self.sources.get(self.household_position()?)?.clone()
    }

    /// Position of the household id among the wanted columns.
    pub(crate) fn household_position(&self) -> Option<usize> {
        let is_household = |kind: &ColumnKind| {
            matches!(kind, ColumnKind::HouseholdId | ColumnKind::OptionalHouseholdId)
        };
        self.spec.columns.iter().position(|it| is_household(&it.kind))
    }

    /// Position of the first period among the wanted columns that identifies a row.
    pub(crate) fn period_position(&self) -> Option<usize> {
        let is_period = |kind: &ColumnKind| matches!(kind, ColumnKind::Period(_));
        self.spec.columns.iter().position(|it| is_period(&it.kind) && it.is_required)
    }
}

fn direct(input: &Input, file: &ParquetFile, options: &ReadOptions) -> Result<Aligned, Diagnostic> {
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
struct Direct {
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
    fn next(&mut self) -> Option<Result<Batch, Diagnostic>> {
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

/// Texts of a column, however encoded.
pub(crate) enum Texts<'a> {
    Plain(&'a StringArray),
    Dictionary(&'a Int32Array, &'a StringArray),
}

impl<'a> Texts<'a> {
    pub(crate) fn of(column: &'a ArrayRef) -> Option<Self> {
        if let Some(plain) = column.as_string_opt::<i32>() {
            return Some(Texts::Plain(plain));
        }
        let encoded = column.as_dictionary_opt::<Int32Type>()?;
        Some(Texts::Dictionary(encoded.keys(), encoded.values().as_string_opt::<i32>()?))
    }

    pub(crate) fn get(&self, row: usize) -> &'a str {
        match self {
            Texts::Plain(it) => it.value(row),
            Texts::Dictionary(keys, texts) => texts.value(keys.value(row) as usize),
        }
    }

    pub(crate) fn is_null(&self, row: usize) -> bool {
        match self {
            Texts::Plain(it) => it.is_null(row),
            Texts::Dictionary(keys, _) => keys.is_null(row),
        }
    }

    pub(crate) fn is_same(&self, a: usize, b: usize) -> bool {
        match self {
            Texts::Plain(it) => it.value(a) == it.value(b),
            Texts::Dictionary(keys, _) => {
                keys.value(a) == keys.value(b) || self.get(a) == self.get(b)
            }
        }
    }
}

/// Calls `each` with the batches of one input in the order of the file, without aligning them.
/// Rows that cannot be read are left out and handed back.
pub fn each_batch(
    input: Input,
    options: &ReadOptions,
    each: &mut dyn FnMut(&RecordBatch),
) -> Result<Vec<Reject>, Diagnostic> {
    each_lined_batch(input, options, &mut |batch, _| each(batch))
}

/// As [`each_batch`], with the line of each row.
pub fn each_lined_batch(
    input: Input,
    options: &ReadOptions,
    each: &mut dyn FnMut(&RecordBatch, &[u64]),
) -> Result<Vec<Reject>, Diagnostic> {
    let mut rejects = Vec::new();
    match &input.contents {
        Contents::Text(format) => {
            let deliver: crate::text_input::Deliver<'_> = &mut |batch, lines, more| {
                rejects.extend(more);
                each(&batch, &lines);
                Ok(())
            };
            let rows = options.batch_rows;
            crate::text_input::read(
                &input.path,
                *format,
                &input.spec,
                &input.sources,
                rows,
                deliver,
            )?;
        }
        Contents::Parquet(file) => {
            let columns: Vec<&str> = input.sources.iter().flatten().map(String::as_str).collect();
            let groups = (0..file.row_groups().len()).collect();
            let (name, mut next) = (input.path.display().to_string(), 1);
            let mut sound = Sound::default();
            for batch in file.read(&columns, groups, options.batch_rows)? {
                let batch = batch.map_err(|error| file.fault(error))?;
                let lines: Vec<u64> = (next..next + batch.num_rows() as u64).collect();
                next += batch.num_rows() as u64;
                let columns = &input.spec.columns;
                let converted = convert(columns, &input.sources, &batch, &mut sound)?;
                let sound = converted.sound(&input.spec.columns, &name, lines)?;
                rejects.extend(sound.2);
                each(&sound.0, &sound.1);
            }
        }
    }
    Ok(rejects)
}
