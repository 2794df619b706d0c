//! Merging sorted runs into batches of whole households.

use crate::align::{Batch, Lines, ReadOptions};
use crate::sort::fault;
use crate::texts::Texts;
use arrow::array::{AsArray, Int32Array, RecordBatch};
use arrow::compute::{concat_batches, interleave_record_batch};
use arrow::datatypes::{SchemaRef, UInt32Type, UInt64Type};
use base::Diagnostic;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::fs::File;
use std::sync::Arc;

/// A sorted run of rows.
pub struct Run {
    batches: Batches,
    current: Option<RecordBatch>,
    row: usize,
}

enum Batches {
    Memory(Option<RecordBatch>),
    Disk(Box<ParquetRecordBatchReader>),
}

impl Run {
    /// A run that fits in memory.
    pub fn in_memory(batch: RecordBatch) -> Self {
        Self { batches: Batches::Memory(Some(batch)), current: None, row: 0 }
    }

    /// A run kept in a file.
    pub fn on_disk(file: File, batch_rows: usize) -> Result<Self, parquet::errors::ParquetError> {
        let reader = ParquetRecordBatchReaderBuilder::try_new(file)?;
        let reader = reader.with_batch_size(batch_rows).build()?;
        Ok(Self { batches: Batches::Disk(Box::new(reader)), current: None, row: 0 })
    }

    /// Makes sure that there is a current row; false at the end.
    fn fill(&mut self) -> Result<bool, Diagnostic> {
        loop {
            if self.current.as_ref().is_some_and(|it| self.row < it.num_rows()) {
                return Ok(true);
            }
            self.row = 0;
            self.current = match &mut self.batches {
                Batches::Memory(batch) => batch.take(),
                Batches::Disk(reader) => reader.next().transpose().map_err(fault)?,
            };
            if self.current.is_none() {
                return Ok(false);
            }
        }
    }
}

/// Several runs as one, in batches of whole households.
pub struct Merge {
    runs: Vec<Run>,
    schema: Option<SchemaRef>,
    household: usize,
    period: Option<usize>,
    names: Arc<[Arc<str>]>,
    batch_rows: usize,
}

impl Merge {
    /// Nothing at all.
    pub fn empty(options: &ReadOptions) -> Self {
        Self {
            runs: Vec::new(),
            schema: None,
            household: 0,
            period: None,
            names: Arc::default(),
            batch_rows: options.batch_rows,
        }
    }

    /// Merges runs of one schema.
    pub fn new(
        runs: Vec<Run>,
        schema: SchemaRef,
        household: usize,
        period: Option<usize>,
        names: Vec<Arc<str>>,
        options: &ReadOptions,
    ) -> Result<Self, Diagnostic> {
        let batch_rows = options.batch_rows;
        let names = names.into();
        Ok(Self { runs, schema: Some(schema), household, period, names, batch_rows })
    }

    /// The next batch.
    pub fn next(&mut self) -> Option<Result<Batch, Diagnostic>> {
        self.gather().transpose()
    }

    fn gather(&mut self) -> Result<Option<Batch>, Diagnostic> {
        let Some(schema) = self.schema.clone() else { return Ok(None) };
        let mut pieces: Vec<RecordBatch> = Vec::new();
        let mut rows = 0;
        while rows < self.batch_rows {
            let mut live = Vec::new();
            for (position, run) in self.runs.iter_mut().enumerate() {
                if run.fill()? {
                    live.push(position);
                }
            }
            match live.as_slice() {
                [] => break,
                // One run left: take all whole households of its batch at once.
                [only] => rows += self.take_whole(*only, &mut pieces)?,
                _ => rows += self.take_household(&live, &mut pieces)?,
            }
        }
        if rows == 0 {
            return Ok(None);
        }
        let batch = concat_batches(&schema, &pieces).map_err(fault)?;
        self.finish(&batch).map(Some)
    }

    fn id(&self, run: usize, row: usize) -> Option<String> {
        let batch = self.runs[run].current.as_ref()?;
        let ids = Texts::of(batch.column(self.household))?;
        (!ids.is_null(row)).then(|| ids.get(row).to_owned())
    }

    /// Takes the rest of a run's batch up to where its last household begins, and that household
    /// to its end.
    fn take_whole(
        &mut self,
        run: usize,
        pieces: &mut Vec<RecordBatch>,
    ) -> Result<usize, Diagnostic> {
        let Some(batch) = self.runs[run].current.clone() else { return Ok(0) };
        let (start, end) = (self.runs[run].row, batch.num_rows());
        let wanted = (start + self.batch_rows).min(end);
        let last = self.id(run, wanted - 1);
        pieces.push(batch.slice(start, wanted - start));
        self.runs[run].row = wanted;
        let more = self.take_same(run, &last, pieces)?;
        Ok(wanted - start + more)
    }

    /// Takes rows of a household from a run, across its batches.
    fn take_same(
        &mut self,
        run: usize,
        household: &Option<String>,
        pieces: &mut Vec<RecordBatch>,
    ) -> Result<usize, Diagnostic> {
        let mut taken = 0;
        while self.runs[run].fill()? {
            let Some(batch) = self.runs[run].current.clone() else { break };
            let start = self.runs[run].row;
            let mut end = start;
            while end < batch.num_rows() && self.id(run, end) == *household {
                end += 1;
            }
            if end == start {
                break;
            }
            pieces.push(batch.slice(start, end - start));
            self.runs[run].row = end;
            taken += end - start;
            if end < batch.num_rows() {
                break;
            }
        }
        Ok(taken)
    }

    /// Takes the least household from every run that has it, and orders its rows.
    fn take_household(
        &mut self,
        live: &[usize],
        pieces: &mut Vec<RecordBatch>,
    ) -> Result<usize, Diagnostic> {
        let first = |run: &usize| self.id(*run, self.runs[*run].row);
        let Some(least) = live.iter().map(first).min() else { return Ok(0) };
        let mut own: Vec<RecordBatch> = Vec::new();
        let mut rows = 0;
        for run in live {
            if self.id(*run, self.runs[*run].row) == least {
                rows += self.take_same(*run, &least, &mut own)?;
            }
        }
        pieces.push(self.ordered(&own)?);
        Ok(rows)
    }

    /// Rows of one household from several runs, by period, then in the order of the files.
    fn ordered(&self, own: &[RecordBatch]) -> Result<RecordBatch, Diagnostic> {
        let mut order = Vec::new();
        for (piece, batch) in own.iter().enumerate() {
            let periods = self.period.map(|it| batch.column(it));
            let periods: Option<&Int32Array> = periods.and_then(|it| it.as_primitive_opt());
            let columns = batch.num_columns();
            let files = batch.column(columns - 2).as_primitive::<UInt32Type>();
            let lines = batch.column(columns - 1).as_primitive::<UInt64Type>();
            for row in 0..batch.num_rows() {
                let period = periods.map_or(0, |it| it.value(row));
                order.push((period, files.value(row), lines.value(row), (piece, row)));
            }
        }
        order.sort_unstable();
        let order: Vec<(usize, usize)> = order.into_iter().map(|it| it.3).collect();
        let batches: Vec<&RecordBatch> = own.iter().collect();
        interleave_record_batch(&batches, &order).map_err(fault)
    }

    /// Takes the added columns off again.
    fn finish(&self, batch: &RecordBatch) -> Result<Batch, Diagnostic> {
        let columns = batch.num_columns();
        let files = batch.column(columns - 2).as_primitive::<UInt32Type>();
        let lines = batch.column(columns - 1).as_primitive::<UInt64Type>();
        let each = files.values().iter().zip(lines.values());
        let each = each.map(|(file, line)| (*file, *line)).collect();
        let keep: Vec<usize> = (0..columns - 2).collect();
        let rows = batch.project(&keep).map_err(fault)?;
        Ok(Batch { rows, lines: Lines::Each(self.names.clone(), each) })
    }
}
