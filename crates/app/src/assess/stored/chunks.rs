//! Panel rows beside kept scores, a range of households at a time.

use super::Reuse;
use crate::assess::{Chunk, Chunks};
use crate::{Loaded, Refused};
use arrow::array::{Array, ArrayRef, RecordBatch, UInt32Array, new_null_array};
use arrow::compute::{cast, concat_batches, interleave_record_batch, take};
use arrow::datatypes::{DataType, SchemaRef};
use base::codes::monitor::ENGINE_FAULT;
use base::{Diagnostic, Period};
use monitor::rows::{AREA, HOUSEHOLD, Ids, PERIOD};
use monitor::stored::{LAST_PERIOD, StoredPeriod, schema};
use std::sync::Arc;
use tables::{
    ColumnKind, ColumnSpec, Cursor, IdRange, Input, Lines, Mapping, Partition, ReadOptions,
    TableSpec,
};

/// The one way in: chunks as the driver judges them.
pub fn chunks(
    loaded: &Loaded,
    reuse: &Reuse,
    spec: &TableSpec,
    read: &ReadOptions,
) -> Result<(Vec<Chunks>, Vec<Diagnostic>), Refused> {
    let panel = reuse.files.open(spec)?;
    let notes = panel.iter().flat_map(|it| it.notes().to_vec()).collect();
    let mut kept = Vec::new();
    for (_, path) in &reuse.tables {
        kept.push(tables::open(path, &stored_spec(loaded), &Mapping::default())?);
    }
    let kept = Arc::new(kept);
    let periods: Vec<Period> = reuse.tables.iter().map(|it| it.0).collect();
    let chunk = |(range, rows): (IdRange, Partition)| {
        Box::new(Beside {
            rows,
            range,
            kept: kept.clone(),
            periods: periods.clone(),
            cursors: None,
            batch_rows: read.batch_rows,
            panel: spec.schema(),
            empty: schema(loaded.pack()),
            is_done: false,
        }) as Chunks
    };
    let woven = tables::woven(panel, read).map_err(|it| vec![it])?;
    Ok((woven.into_iter().map(chunk).collect(), notes))
}

fn stored_spec(loaded: &Loaded) -> TableSpec {
    let kind = |name: &str, ty: &DataType| match ty {
        _ if name == HOUSEHOLD => ColumnKind::HouseholdId,
        DataType::Dictionary(..) => ColumnKind::Text { categories: Vec::new() },
        DataType::Boolean => ColumnKind::Boolean,
        _ => ColumnKind::Number { min: None, max: None },
    };
    let column = |it: &Arc<arrow::datatypes::Field>| ColumnSpec {
        name: it.name().clone(),
        sources: Vec::new(),
        kind: kind(it.name(), it.data_type()),
        is_required: true,
    };
    TableSpec { columns: schema(loaded.pack()).fields().iter().map(column).collect() }
}

/// Panel rows of a range of households, each batch with the kept scores of its households.
struct Beside {
    rows: Partition,
    range: IdRange,
    kept: Arc<Vec<Input>>,
    periods: Vec<Period>,
    cursors: Option<Vec<Cursor>>,
    batch_rows: usize,
    panel: SchemaRef,
    empty: SchemaRef,
    is_done: bool,
}

impl Iterator for Beside {
    type Item = Result<Chunk, Diagnostic>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        let batch = match self.rows.next() {
            Some(Ok(batch)) => batch,
            Some(Err(finding)) => {
                self.is_done = true;
                return Some(Err(finding));
            }
            // Households that kept scores know and these rows do not may be left.
            None => {
                self.is_done = true;
                let rows = RecordBatch::new_empty(self.panel.clone());
                tables::Batch { rows, lines: Lines::Each(Arc::default(), Vec::new()) }
            }
        };
        Some(self.beside(batch))
    }
}

impl Beside {
    fn beside(&mut self, batch: tables::Batch) -> Result<Chunk, Diagnostic> {
        let mut cursors = match self.cursors.take() {
            Some(cursors) => cursors,
            None => self.open()?,
        };
        let last = last_id(&batch.rows)?;
        let mut stored = Vec::with_capacity(cursors.len());
        for (at, cursor) in self.periods.iter().zip(&mut cursors) {
            let pieces = cursor.take_up_to(last.as_deref())?;
            let schema = pieces.first().map(RecordBatch::schema);
            let rows = match schema {
                Some(schema) => concat_batches(&schema, &pieces).map_err(fault)?,
                None => RecordBatch::new_empty(self.empty.clone()),
            };
            stored.push(StoredPeriod { at: *at, rows });
        }
        self.cursors = Some(cursors);
        let rows_read = batch.rows.num_rows() as u64;
        // The latest table names every household that there ever was.
        let known = stored.last().map(|it| it.rows.clone());
        let batch = match known {
            Some(known) => with_absent(batch, &known)?,
            None => batch,
        };
        let (rows, lines) = (batch.rows, batch.lines);
        let (facts, rejects) = (Vec::new(), Vec::new());
        Ok(Chunk { rows, lines, facts, rejects, rows_read, stored: Some(stored) })
    }

    fn open(&self) -> Result<Vec<Cursor>, Diagnostic> {
        let open = |position| {
            Cursor::open(self.kept.clone(), position, self.range.clone(), self.batch_rows)
        };
        (0..self.kept.len()).map(open).collect()
    }
}

fn last_id(rows: &RecordBatch) -> Result<Option<String>, Diagnostic> {
    let Some(column) = rows.column_by_name(HOUSEHOLD).filter(|it| !it.is_empty()) else {
        return Ok(None);
    };
    Ok(Some(Ids::of(column)?.get(column.len() - 1).to_owned()))
}

/// Adds a row for every household that is known but has none here: its id, its last period and
/// where it was, so that it is not lost but judged as unknown.
fn with_absent(batch: tables::Batch, known: &RecordBatch) -> Result<tables::Batch, Diagnostic> {
    let (rows, lines) = (batch.rows, batch.lines);
    let own = rows.column_by_name(HOUSEHOLD).map(Ids::of).transpose()?;
    let all = known.column_by_name(HOUSEHOLD).map(Ids::of).transpose()?;
    let (Some(own), Some(all)) = (own, all) else { return Ok(tables::Batch { rows, lines }) };
    let (mut absent, mut order, mut next) = (Vec::new(), Vec::new(), 0);
    let pass = |next: &mut usize, order: &mut Vec<(usize, usize)>, until: Option<&str>| {
        while *next < rows.num_rows() && until.is_none_or(|it| own.get(*next) < it) {
            order.push((0, *next));
            *next += 1;
        }
    };
    for row in 0..known.num_rows() {
        let id = all.get(row);
        pass(&mut next, &mut order, Some(id));
        if next >= rows.num_rows() || own.get(next) != id {
            order.push((1, absent.len()));
            absent.push(row as u32);
        }
    }
    if absent.is_empty() {
        return Ok(tables::Batch { rows, lines });
    }
    pass(&mut next, &mut order, None);
    let added = absent_rows(&rows.schema(), known, &UInt32Array::from(absent))?;
    let woven = interleave_record_batch(&[&rows, &added], &order).map_err(fault)?;
    let places: Vec<_> = order.iter().map(|it| (it.0 == 0).then_some(it.1)).collect();
    Ok(tables::Batch { rows: woven, lines: lines.reordered(&places) })
}

fn absent_rows(
    schema: &SchemaRef,
    known: &RecordBatch,
    places: &UInt32Array,
) -> Result<RecordBatch, Diagnostic> {
    let column = |field: &Arc<arrow::datatypes::Field>| -> Result<ArrayRef, Diagnostic> {
        let name = match field.name().as_str() {
            PERIOD => LAST_PERIOD,
            name if name == HOUSEHOLD || name == AREA => name,
            _ => return Ok(new_null_array(field.data_type(), places.len())),
        };
        let Some(found) = known.column_by_name(name) else {
            return Ok(new_null_array(field.data_type(), places.len()));
        };
        let found = take(found, places, None).map_err(fault)?;
        cast(&found, field.data_type()).map_err(fault)
    };
    let columns = schema.fields().iter().map(column).collect::<Result<Vec<_>, _>>()?;
    RecordBatch::try_new(schema.clone(), columns).map_err(fault)
}

#[expect(clippy::needless_pass_by_value, reason = "used as a function in map_err")]
fn fault(error: arrow::error::ArrowError) -> Diagnostic {
    Diagnostic::new(&ENGINE_FAULT, format!("stored scores could not be laid out: {error}"))
        .hint("run without --stored, and report it with the pack and a few rows of the input")
}
