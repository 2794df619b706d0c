//! A cursor over one sorted Parquet file, from one household to another.
//!
//! Gives rows in slices of whole households and fails where the file is not sorted after all. It
//! never puts anything into order itself.

use crate::align::MISFIT;
use crate::input::{Contents, Input};
use crate::misfits::Sound;
use crate::parquet_input::{ParquetFile, convert};
use crate::texts::Texts;
use arrow::array::{AsArray, Int32Array, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::Int32Type;
use base::codes::tables as codes;
use base::{Diagnostic, Place};
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use std::sync::Arc;

/// Households from `low` on and before `high`; open where absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdRange {
    /// The first.
    pub low: Option<String>,
    /// The first that is not in it any more.
    pub high: Option<String>,
}

/// A batch under the hand, with the row of the file that it begins at.
struct Held {
    batch: RecordBatch,
    line: u64,
}

/// Rows of a sorted file, of the households in a range.
pub struct Cursor {
    inputs: Arc<Vec<Input>>,
    position: usize,
    household: usize,
    period: Option<usize>,
    range: IdRange,
    reader: ParquetRecordBatchReader,
    sound: Sound,
    next_line: u64,
    last: Option<(String, i32)>,
    held: Option<Held>,
    next: Option<Held>,
    is_ended: bool,
}

impl Cursor {
    /// Opens the `position`-th input for a range of households.
    pub fn open(
        inputs: Arc<Vec<Input>>,
        position: usize,
        range: IdRange,
        batch_rows: usize,
    ) -> Result<Self, Diagnostic> {
        let input = &inputs[position];
        let Contents::Parquet(file) = &input.contents else {
            return Err(unsorted(input, "it is not Parquet"));
        };
        let starts = first_ids(input, file)?;
        let groups = groups_of(starts, &range);
        let rows = file.row_groups();
        let before: u64 = rows[..groups.first().copied().unwrap_or(0)].iter().sum();
        let columns: Vec<&str> = input.sources.iter().flatten().map(String::as_str).collect();
        let reader = file.read(&columns, groups, batch_rows)?;
        let (household, period) =
            (input.household_position().unwrap_or(0), input.period_position());
        let mut cursor = Self {
            inputs,
            position,
            household,
            period,
            range,
            reader,
            sound: Sound::default(),
            next_line: before + 1,
            last: None,
            held: None,
            next: None,
            is_ended: false,
        };
        cursor.held = cursor.load()?;
        cursor.next = cursor.load()?;
        Ok(cursor)
    }

    /// Position of its input.
    pub fn position(&self) -> usize {
        self.position
    }

    fn input(&self) -> &Input {
        &self.inputs[self.position]
    }

    /// The next batch with rows in the range.
    fn load(&mut self) -> Result<Option<Held>, Diagnostic> {
        while !self.is_ended {
            let batch = self.reader.next().transpose();
            let Some(batch) = batch.map_err(|error| fault(self.input(), &error))? else {
                self.is_ended = true;
                break;
            };
            let line = self.next_line;
            self.next_line += batch.num_rows() as u64;
            let input = &self.inputs[self.position];
            let columns = &input.spec.columns;
            let converted = convert(columns, &input.sources, &batch, &mut self.sound)?;
            if !converted.misfits.is_empty() {
                return Err(unsorted(input, MISFIT));
            }
            let batch = converted.batch;
            let ids = texts(&batch, self.household, self.input())?;
            let rows = batch.num_rows();
            let (low, high) = (self.range.low.as_deref(), self.range.high.as_deref());
            let start = low.map_or(0, |low| partition_point(&ids, rows, |it| it < low));
            let end = high.map_or(rows, |high| partition_point(&ids, rows, |it| it < high));
            self.check_order(&batch)?;
            self.is_ended = end < rows;
            if start < end {
                let batch = batch.slice(start, end - start);
                return Ok(Some(Held { batch, line: line + start as u64 }));
            }
        }
        Ok(None)
    }

    fn check_order(&mut self, batch: &RecordBatch) -> Result<(), Diagnostic> {
        let rows = batch.num_rows();
        if rows == 0 {
            return Ok(());
        }
        let ids = texts(batch, self.household, self.input())?;
        let periods: Option<&Int32Array> =
            self.period.and_then(|it| batch.column(it).as_primitive_opt::<Int32Type>());
        let period = |row: usize| periods.map_or(0, |it| it.value(row));
        let mut before = self.last.as_ref().map(|it| (it.0.as_str(), it.1));
        for row in 0..rows {
            let own = (ids.get(row), period(row));
            if before.is_some_and(|it| it > own) {
                return Err(unsorted(self.input(), "households or periods are out of order"));
            }
            before = Some(own);
        }
        self.last = before.map(|it| (it.0.to_owned(), it.1));
        Ok(())
    }

    /// Whether there are rows left.
    pub fn is_empty(&self) -> bool {
        self.held.is_none()
    }

    /// The household that the rows under the hand stop before; `None` where nothing follows.
    pub fn bound(&self) -> Result<Option<String>, Diagnostic> {
        let Some(next) = &self.next else { return Ok(None) };
        Ok(Some(texts(&next.batch, self.household, self.input())?.get(0).to_owned()))
    }

    /// Joins the batch that follows to the rows under the hand: one household fills both.
    pub fn extend(&mut self) -> Result<(), Diagnostic> {
        let (Some(held), Some(next)) = (&self.held, self.next.take()) else { return Ok(()) };
        let joined = concat_batches(&held.batch.schema(), [&held.batch, &next.batch]);
        let batch = joined.map_err(|error| fault(self.input(), &error))?;
        self.held = Some(Held { batch, line: held.line });
        self.next = self.load()?;
        Ok(())
    }

    /// The rows under the hand of households before `bound`, and the line of the first.
    pub fn take_before(
        &mut self,
        bound: Option<&str>,
    ) -> Result<Option<(RecordBatch, u64)>, Diagnostic> {
        let Some(held) = &self.held else { return Ok(None) };
        let (batch, line) = (held.batch.clone(), held.line);
        let rows = batch.num_rows();
        let ids = texts(&batch, self.household, self.input())?;
        let end = bound.map_or(rows, |bound| partition_point(&ids, rows, |it| it < bound));
        if end == rows {
            self.held = self.next.take();
            self.next = self.load()?;
        } else {
            let rest = batch.slice(end, rows - end);
            self.held = Some(Held { batch: rest, line: line + end as u64 });
        }
        Ok((end > 0).then(|| (batch.slice(0, end), line)))
    }

    /// Every row that is left of households up to and including `last`; all where it is absent.
    pub fn take_up_to(&mut self, last: Option<&str>) -> Result<Vec<RecordBatch>, Diagnostic> {
        // The least text that is greater than `last`.
        let bound = last.map(|it| format!("{it}\0"));
        let mut taken = Vec::new();
        while let Some(held) = &self.held {
            let rows = held.batch.num_rows();
            let Some((batch, _)) = self.take_before(bound.as_deref())? else { break };
            let is_whole = batch.num_rows() == rows;
            taken.push(batch);
            if !is_whole {
                break;
            }
        }
        Ok(taken)
    }
}

/// The first household of each row group that has rows.
pub(crate) fn first_ids<'a>(
    input: &'a Input,
    file: &ParquetFile,
) -> Result<&'a [(usize, String)], Diagnostic> {
    if let Some(known) = input.starts.get() {
        return Ok(known);
    }
    let column = input.sources_of_keys().unwrap_or_default();
    let groups = file.row_groups().into_iter().enumerate().filter(|it| it.1 > 0);
    let first = |group| Ok((group, file.text_at(&column, group, 0)?));
    let found = groups.map(|it| first(it.0)).collect::<Result<_, Diagnostic>>()?;
    Ok(input.starts.get_or_init(|| found))
}

/// Row groups that may hold households of a range.
fn groups_of(starts: &[(usize, String)], range: &IdRange) -> Vec<usize> {
    let low = range.low.as_deref().unwrap_or("");
    // A household may begin in the group before the one that starts with it.
    let first = starts.partition_point(|it| it.1.as_str() < low).saturating_sub(1);
    let end = range
        .high
        .as_deref()
        .map_or(starts.len(), |high| starts.partition_point(|it| it.1.as_str() < high));
    starts.get(first..end).unwrap_or(&[]).iter().map(|it| it.0).collect()
}

/// The first row whose id no longer satisfies `before`; ids ascend.
pub(crate) fn partition_point(
    ids: &Texts<'_>,
    rows: usize,
    before: impl Fn(&str) -> bool,
) -> usize {
    let (mut low, mut high) = (0, rows);
    while low < high {
        let middle = low.midpoint(high);
        if before(ids.get(middle)) { low = middle + 1 } else { high = middle }
    }
    low
}

fn texts<'a>(
    batch: &'a RecordBatch,
    column: usize,
    input: &Input,
) -> Result<Texts<'a>, Diagnostic> {
    Texts::of(batch.column(column)).ok_or_else(|| {
        Diagnostic::new(&codes::COLUMN_UNUSABLE, "the household id is not text").at(place(input))
    })
}

fn fault(input: &Input, error: &dyn std::fmt::Display) -> Diagnostic {
    let message = format!("the file cannot be read as Parquet: {error}");
    Diagnostic::new(&codes::NOT_PARQUET, message)
        .at(place(input))
        .hint("fetch or write the file again; it is damaged, cut short or another format")
}

fn unsorted(input: &Input, why: &str) -> Diagnostic {
    Diagnostic::new(&codes::UNSORTED, format!("the file had to be sorted first: {why}"))
        .at(place(input))
        .hint("sort it by household and period to save that step")
}

fn place(input: &Input) -> Place {
    Place::file(input.path().display().to_string())
}
