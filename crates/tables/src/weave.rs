//! Several sorted Parquet files as one, as when every month has a file of its own.
//!
//! Rows of a household come together from all files, by period and then in the order of the
//! files, a range of households at a time, so that ranges can be read in parallel.

use crate::align::{Batch, Lines, Partition, ReadOptions};
use crate::input::{Contents, Input};
use crate::sort::fault;
use crate::sorted::{Cursor, IdRange, first_ids};
use crate::texts::Texts;
use arrow::array::{AsArray, RecordBatch};
use arrow::compute::{cast, interleave_record_batch};
use arrow::datatypes::{Field, Int32Type, Schema, SchemaRef};
use base::Diagnostic;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The fewest rows that are read of a file at a time.
const LEAST_ROWS: usize = 1024;

/// Ranges of households that cover everything: those that the row groups of the first of the
/// longest files begin with.
fn ranges(inputs: &[Input]) -> Result<Vec<IdRange>, Diagnostic> {
    let groups = |it: &Input| match &it.contents {
        Contents::Parquet(file) => file.row_groups().len(),
        Contents::Text(_) => 0,
    };
    let most = inputs.iter().map(groups).max().unwrap_or(0);
    let mut bounds = Vec::new();
    if let Some(input) = inputs.iter().find(|it| groups(it) == most)
        && let Contents::Parquet(file) = &input.contents
    {
        bounds.extend(first_ids(input, file)?.iter().skip(1).map(|it| it.1.clone()));
    }
    bounds.sort();
    bounds.dedup();
    let lows = std::iter::once(None).chain(bounds.iter().cloned().map(Some));
    let highs = bounds.iter().cloned().map(Some).chain(std::iter::once(None));
    Ok(lows.zip(highs).map(|(low, high)| IdRange { low, high }).collect())
}

/// Sorted Parquet inputs as partitions that know which households they cover.
pub fn woven(
    inputs: Vec<Input>,
    options: &ReadOptions,
) -> Result<Vec<(IdRange, Partition)>, Diagnostic> {
    let ranges = ranges(&inputs)?;
    let inputs = Arc::new(inputs);
    let partition = |range: IdRange| {
        let weave = Weave::new(inputs.clone(), range.clone(), options);
        (range, Partition::woven(weave))
    };
    Ok(ranges.into_iter().map(partition).collect())
}

/// The households of a range, from all files.
pub struct Weave {
    inputs: Arc<Vec<Input>>,
    range: IdRange,
    cursors: Option<Vec<Cursor>>,
    names: Arc<[Arc<str>]>,
    batch_rows: usize,
    household: usize,
    period: Option<usize>,
    progress: Arc<AtomicU64>,
    is_done: bool,
}

/// Rows of one file that are complete, with the line of the first.
struct Piece {
    position: u32,
    batch: RecordBatch,
    line: u64,
}

impl Weave {
    /// Weaves inputs of one specification together. Nothing is opened yet.
    pub fn new(inputs: Arc<Vec<Input>>, range: IdRange, options: &ReadOptions) -> Self {
        let names = inputs.iter().map(|it| it.path().display().to_string().into()).collect();
        let first = inputs.first();
        Self {
            range,
            cursors: None,
            names,
            batch_rows: (options.batch_rows / inputs.len().max(1))
                .max(LEAST_ROWS.min(options.batch_rows)),
            household: first.and_then(Input::household_position).unwrap_or(0),
            period: first.and_then(Input::period_position),
            progress: options.progress.clone(),
            is_done: false,
            inputs,
        }
    }

    /// The next batch of whole households.
    pub fn next(&mut self) -> Option<Result<Batch, Diagnostic>> {
        if self.is_done {
            return None;
        }
        let batch = self.advance().transpose();
        self.is_done = !matches!(batch, Some(Ok(_)));
        batch
    }

    fn open(&self) -> Result<Vec<Cursor>, Diagnostic> {
        let open = |position| {
            Cursor::open(self.inputs.clone(), position, self.range.clone(), self.batch_rows)
        };
        (0..self.inputs.len()).map(open).collect()
    }

    fn advance(&mut self) -> Result<Option<Batch>, Diagnostic> {
        let mut cursors = match self.cursors.take() {
            Some(cursors) => cursors,
            None => self.open()?,
        };
        cursors.retain(|it| !it.is_empty());
        let pieces = complete(&mut cursors)?;
        self.cursors = Some(cursors);
        let rows: usize = pieces.iter().map(|it| it.batch.num_rows()).sum();
        self.progress.fetch_add(rows as u64, Ordering::Relaxed);
        match pieces.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(self.alone(only))),
            _ => self.woven(&pieces).map(Some),
        }
    }

    fn alone(&self, piece: &Piece) -> Batch {
        let file = self.names[piece.position as usize].clone();
        let lines = Lines::Contiguous { file, first: piece.line };
        Batch { rows: piece.batch.clone(), lines }
    }

    fn woven(&self, pieces: &[Piece]) -> Result<Batch, Diagnostic> {
        let order = self.order(pieces)?;
        let batches = one_schema(pieces, &self.inputs[0])?;
        let batches: Vec<&RecordBatch> = batches.iter().collect();
        let rows = interleave_record_batch(&batches, &order).map_err(fault)?;
        let line = |(piece, row): &(usize, usize)| {
            (pieces[*piece].position, pieces[*piece].line + *row as u64)
        };
        let lines = order.iter().map(line).collect();
        Ok(Batch { rows, lines: Lines::Each(self.names.clone(), lines) })
    }

    /// Piece and row of every row, by household, period and piece.
    fn order(&self, pieces: &[Piece]) -> Result<Vec<(usize, usize)>, Diagnostic> {
        let ids: Option<Vec<Texts<'_>>> =
            pieces.iter().map(|it| Texts::of(it.batch.column(self.household))).collect();
        let ids = ids.unwrap_or_default();
        let period = |piece: usize, row: usize| {
            let column = self.period.map(|it| pieces[piece].batch.column(it));
            column.and_then(|it| it.as_primitive_opt::<Int32Type>()).map_or(0, |it| it.value(row))
        };
        let ends: Vec<usize> = pieces.iter().map(|it| it.batch.num_rows()).collect();
        let mut heads = vec![0; ids.len()];
        let mut order = Vec::with_capacity(ends.iter().sum());
        loop {
            let live = (0..heads.len()).filter(|it| heads[*it] < ends[*it]);
            let Some(least) = live.map(|it| ids[it].get(heads[it])).min() else { break };
            let start = order.len();
            let mut is_ordered = true;
            for piece in 0..heads.len() {
                while heads[piece] < ends[piece] && ids[piece].get(heads[piece]) == least {
                    let row = heads[piece];
                    let before = order[start..].last();
                    is_ordered &= before
                        .is_none_or(|it: &(usize, usize)| period(it.0, it.1) <= period(piece, row));
                    order.push((piece, row));
                    heads[piece] += 1;
                }
            }
            if !is_ordered {
                order[start..].sort_by_key(|it| (period(it.0, it.1), it.0, it.1));
            }
        }
        Ok(order)
    }
}

/// What every file has under the hand of households that no file has more of.
fn complete(cursors: &mut [Cursor]) -> Result<Vec<Piece>, Diagnostic> {
    loop {
        let mut bound: Option<(String, usize)> = None;
        for (index, cursor) in cursors.iter().enumerate() {
            if let Some(own) = cursor.bound()?
                && bound.as_ref().is_none_or(|it| own < it.0)
            {
                bound = Some((own, index));
            }
        }
        let mut pieces = Vec::new();
        for cursor in cursors.iter_mut() {
            let position = cursor.position() as u32;
            let taken = cursor.take_before(bound.as_ref().map(|it| it.0.as_str()))?;
            pieces.extend(taken.map(|(batch, line)| Piece { position, batch, line }));
        }
        match bound {
            // One household fills the whole batch of a file: it needs the next one too.
            Some((_, index)) if pieces.is_empty() => cursors[index].extend()?,
            _ => return Ok(pieces),
        }
    }
}

/// The pieces in one schema: the first's where all agree, else the types of the specification.
fn one_schema(pieces: &[Piece], input: &Input) -> Result<Vec<RecordBatch>, Diagnostic> {
    let first = pieces[0].batch.schema();
    if pieces.iter().all(|it| it.batch.schema() == first) {
        return Ok(pieces.iter().map(|it| it.batch.clone()).collect());
    }
    let same = |column: usize| {
        pieces
            .iter()
            .all(|it| it.batch.column(column).data_type() == first.field(column).data_type())
    };
    let field = |(column, spec): (usize, &crate::spec::ColumnSpec)| {
        let ty = if same(column) {
            first.field(column).data_type().clone()
        } else {
            spec.kind.data_type()
        };
        Field::new(&spec.name, ty, true)
    };
    let fields: Vec<Field> = input.spec.columns.iter().enumerate().map(field).collect();
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    let retyped = |piece: &Piece| {
        let pairs = piece.batch.columns().iter().zip(schema.fields());
        let columns = pairs.map(|(column, field)| cast(column, field.data_type()));
        let columns = columns.collect::<Result<Vec<_>, _>>().map_err(fault)?;
        RecordBatch::try_new(schema.clone(), columns).map_err(fault)
    };
    pieces.iter().map(retyped).collect()
}
