//! Whole households, in order, from any files.
//!
//! One sorted Parquet file is read in place by row-group ranges, in parallel; several are woven
//! together by ranges of households; anything else is sorted, in memory or outside it, and merged.
//! Either way a batch holds whole households and partitions follow one another in the global order.

mod direct;

use crate::input::{Contents, Input};
use crate::merge::Merge;
use crate::misfits::Sound;
use crate::parquet_input::convert;
use crate::reject::Reject;
use crate::sort;
use crate::spec::ColumnKind;
use crate::weave::{Weave, woven};
use arrow::array::RecordBatch;
use base::Diagnostic;
use direct::{Direct, direct};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

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
