//! Sorting rows that come in any order, in memory or outside it.
//!
//! Rows are gathered up to the memory given, sorted by household, period and the order in which
//! they came, and kept as a run: in memory if it is the only one, else as a Parquet file. The runs
//! are then merged.

use crate::align::ReadOptions;
use crate::input::{Contents, Input};
use crate::merge::{Merge, Run};
use crate::misfits::Sound;
use crate::parquet_input::convert;
use crate::reject::Reject;
use crate::text_input;
use crate::texts::Texts;
use arrow::array::{Array, ArrayRef, Int32Array, RecordBatch, UInt32Array, UInt64Array};
use arrow::compute::{SortColumn, cast, concat_batches, lexsort_to_indices, take_record_batch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use base::codes::tables as codes;
use base::{Diagnostic, Place};
use parquet::arrow::ArrowWriter;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Added columns: index of the file, and line in it.
pub(crate) const FILE: &str = "__file";
pub(crate) const LINE: &str = "__line";

struct Sorter<'a> {
    options: &'a ReadOptions,
    schema: SchemaRef,
    household: usize,
    period: Option<usize>,
    held: Vec<RecordBatch>,
    held_bytes: usize,
    runs: Vec<Run>,
}

/// Reads everything and gives it back in order, with the rows that could not be read.
pub fn sorted(
    inputs: Vec<Input>,
    options: &ReadOptions,
) -> Result<(Merge, Vec<Reject>), Diagnostic> {
    let Some(first) = inputs.first() else {
        return Ok((Merge::empty(options), Vec::new()));
    };
    let mut fields: Vec<Field> =
        first.spec.schema().fields().iter().map(|it| it.as_ref().clone()).collect();
    fields.push(Field::new(FILE, DataType::UInt32, false));
    fields.push(Field::new(LINE, DataType::UInt64, false));
    let mut sorter = Sorter {
        options,
        schema: Arc::new(Schema::new(fields)),
        household: first.household_position().unwrap_or(0),
        period: first.period_position(),
        held: Vec::new(),
        held_bytes: 0,
        runs: Vec::new(),
    };
    let mut rejects = Vec::new();
    let mut names: Vec<Arc<str>> = Vec::new();
    for (file, input) in (0u32..).zip(&inputs) {
        names.push(input.path.display().to_string().into());
        match &input.contents {
            Contents::Text(format) => {
                let deliver: text_input::Deliver<'_> = &mut |batch, lines, mut bad| {
                    rejects.append(&mut bad);
                    sorter.add(&batch, file, &lines)
                };
                let rows = options.batch_rows;
                text_input::read(&input.path, *format, &input.spec, &input.sources, rows, deliver)?;
            }
            Contents::Parquet(parquet) => {
                let columns: Vec<&str> =
                    input.sources.iter().flatten().map(String::as_str).collect();
                let groups = (0..parquet.row_groups().len()).collect();
                let (mut line, mut checked) = (1u64, Sound::default());
                for batch in parquet.read(&columns, groups, options.batch_rows)? {
                    let batch = batch.map_err(|error| parquet.fault(error))?;
                    let columns = &input.spec.columns;
                    let converted = convert(columns, &input.sources, &batch, &mut checked)?;
                    let lines: Vec<u64> = (line..line + batch.num_rows() as u64).collect();
                    line += batch.num_rows() as u64;
                    let sound =
                        converted.sound(&input.spec.columns, &names[file as usize], lines)?;
                    rejects.extend(sound.2);
                    sorter.add(&sound.0, file, &sound.1)?;
                }
            }
        }
    }
    Ok((sorter.finish(names)?, rejects))
}

impl Sorter<'_> {
    fn add(&mut self, batch: &RecordBatch, file: u32, lines: &[u64]) -> Result<(), Diagnostic> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        self.options.progress.fetch_add(batch.num_rows() as u64, Ordering::Relaxed);
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        for (column, field) in batch.columns().iter().zip(self.schema.fields()) {
            columns.push(cast(column, field.data_type()).map_err(fault)?);
        }
        columns.push(Arc::new(UInt32Array::from(vec![file; lines.len()])));
        columns.push(Arc::new(UInt64Array::from(lines.to_vec())));
        let batch = RecordBatch::try_new(self.schema.clone(), columns).map_err(fault)?;
        self.held_bytes += batch.get_array_memory_size();
        self.held.push(batch);
        // Sorting needs the rows twice.
        if self.held_bytes * 2 > self.options.memory_bytes { self.spill() } else { Ok(()) }
    }

    fn sort(&mut self) -> Result<Option<RecordBatch>, Diagnostic> {
        if self.held.is_empty() {
            return Ok(None);
        }
        let all = concat_batches(&self.schema, &self.held).map_err(fault)?;
        self.held.clear();
        self.held_bytes = 0;
        if is_sorted(&all, self.household, self.period) {
            return Ok(Some(all));
        }
        let key =
            |position: usize| SortColumn { values: all.column(position).clone(), options: None };
        let file = self.schema.fields().len() - 2;
        let keys = [Some(self.household), self.period, Some(file), Some(file + 1)];
        let keys: Vec<SortColumn> = keys.into_iter().flatten().map(key).collect();
        let order = lexsort_to_indices(&keys, None).map_err(fault)?;
        take_record_batch(&all, &order).map(Some).map_err(fault)
    }

    fn spill(&mut self) -> Result<(), Diagnostic> {
        let Some(sorted) = self.sort()? else { return Ok(()) };
        let scratch = match &self.options.scratch {
            Some(folder) => tempfile::tempfile_in(folder),
            None => tempfile::tempfile(),
        };
        let file = scratch.map_err(scratch_fault)?;
        let copy = file.try_clone().map_err(scratch_fault)?;
        let mut writer =
            ArrowWriter::try_new(copy, self.schema.clone(), None).map_err(scratch_fault)?;
        let mut start = 0;
        while start < sorted.num_rows() {
            let rows = self.options.batch_rows.min(sorted.num_rows() - start);
            writer.write(&sorted.slice(start, rows)).map_err(scratch_fault)?;
            start += rows;
        }
        writer.close().map_err(scratch_fault)?;
        self.runs.push(Run::on_disk(file, self.options.batch_rows).map_err(scratch_fault)?);
        Ok(())
    }

    fn finish(mut self, names: Vec<Arc<str>>) -> Result<Merge, Diagnostic> {
        if let Some(last) = self.sort()? {
            self.runs.push(Run::in_memory(last));
        }
        Merge::new(self.runs, self.schema, self.household, self.period, names, self.options)
    }
}

fn is_sorted(batch: &RecordBatch, household: usize, period: Option<usize>) -> bool {
    let Some(ids) = Texts::of(batch.column(household)) else { return false };
    let periods = period.and_then(|it| batch.column(it).as_any().downcast_ref::<Int32Array>());
    let period = |row: usize| periods.map_or(0, |it| it.value(row));
    let key = |row: usize| (if ids.is_null(row) { None } else { Some(ids.get(row)) }, period(row));
    (1..batch.num_rows()).all(|row| key(row - 1) <= key(row))
}

pub(crate) fn fault(error: arrow::error::ArrowError) -> Diagnostic {
    Diagnostic::new(&codes::FILE_UNREADABLE, format!("rows could not be sorted: {error}"))
        .hint("check that all files have the same kinds of columns")
}

fn scratch_fault(error: impl std::fmt::Display) -> Diagnostic {
    let message = format!("sorted rows could not be kept aside: {error}");
    Diagnostic::new(&codes::CANNOT_WRITE, message)
        .at(Place::file("scratch file"))
        .hint("free some disk space, or point --scratch at a folder that has some")
}
