//! Scores of closed periods, kept so that the next run need not make them again.
//!
//! What is kept of a household and period is what later periods ask for: module scores with what
//! they were made from (for trends), the period's own band and the key judgements that fired (for
//! its memory and for spells). Whether kept scores may be used at all is not decided here.

use crate::evaluator::Assessed;
use crate::rows::{AREA, HOUSEHOLD, Ids, arrow_fault, column, column_type};
use crate::scores::Scored;
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int8Array, Int32Array, Int64Array, RecordBatch,
    UInt32Array,
};
use arrow::compute::{cast, take};
use arrow::datatypes::{DataType, Field, Int32Type, Int64Type, Schema, SchemaRef};
use base::{Band, Diagnostic, Period, Score};
use pack::Pack;
use std::sync::Arc;

/// The period of the last row that was seen of a household.
pub const LAST_PERIOD: &str = "last_period";
/// Whether the household has a row in the period.
pub const HAS_ROW: &str = "has_row";
const BAND: &str = "own_band";
const FIRED: &str = "fired";

/// Kept scores of one period, sorted by household.
#[derive(Clone, Debug)]
pub struct StoredPeriod {
    /// The period.
    pub at: Period,
    /// Columns as [`schema`] has them; numbers may be of any type.
    pub rows: RecordBatch,
}

/// Columns of kept scores: household_id, area_code, last_period, has_row, own_band, fired, and
/// score_MODULE (millionths of a point) and known_MODULE (bit n: its n-th indicator is known) of
/// every module. Fields whose numbers repeat say so in their metadata.
pub fn schema(pack: &Pack) -> SchemaRef {
    let repeating = |name: &str, ty| {
        let note = ("repeats".to_owned(), "true".to_owned());
        Field::new(name, ty, false).with_metadata([note].into())
    };
    let encoded = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let mut fields = vec![
        Field::new(HOUSEHOLD, DataType::Utf8, false),
        Field::new(AREA, encoded, true),
        repeating(LAST_PERIOD, DataType::Int32),
        Field::new(HAS_ROW, DataType::Boolean, false),
        repeating(BAND, DataType::Int8),
        repeating(FIRED, DataType::Int64),
    ];
    for module in &pack.modules {
        fields.push(Field::new(format!("score_{}", module.id), DataType::Int32, true));
        fields.push(repeating(&format!("known_{}", module.id), DataType::Int64));
    }
    Arc::new(Schema::new(fields))
}

/// What is to be kept of the assessed period.
pub fn to_batch(
    assessed: &Assessed,
    pack: &Pack,
    scored: &[Scored],
) -> Result<RecordBatch, Diagnostic> {
    let schema = schema(pack);
    let rows = || scored.iter().map(|it| it.raw.row);
    // Without a row the last one that was seen speaks for where the household was.
    let last = rows().zip(&assessed.households).map(|it| it.0.unwrap_or(it.1.end - 1));
    let last: Vec<usize> = last.collect();
    let places = UInt32Array::from_iter_values(last.iter().map(|it| *it as u32));
    let taken = |name: &str, ty: &DataType| -> Result<ArrayRef, Diagnostic> {
        let found = take(column(&assessed.batch, name)?, &places, None).map_err(arrow_fault)?;
        cast(&found, ty).map_err(arrow_fault)
    };
    let area = schema.field(1).data_type();
    let area = match assessed.batch.column_by_name(AREA) {
        Some(_) => taken(AREA, area)?,
        None => arrow::array::new_null_array(area, scored.len()),
    };
    let periods = last.iter().map(|it| assessed.period_of(*it));
    let bits = |it: u64| it.cast_signed();
    let mut columns: Vec<ArrayRef> = vec![
        taken(HOUSEHOLD, &DataType::Utf8)?,
        area,
        Arc::new(Int32Array::from_iter_values(periods)),
        Arc::new(rows().map(|it| Some(it.is_some())).collect::<BooleanArray>()),
        Arc::new(Int8Array::from_iter_values(scored.iter().map(|it| it.raw.band() as i8))),
        Arc::new(Int64Array::from_iter_values(scored.iter().map(|it| bits(it.raw.fired)))),
    ];
    for module in assessed.modules(assessed.at) {
        let known = |it: Option<usize>| it.map_or(0, |row| bits(module.known_set[row]));
        let is_known = |it: &usize| module.known_set[*it] != 0;
        let score = |it: Option<usize>| it.filter(is_known).map(|row| module.score[row].micros());
        columns.push(Arc::new(rows().map(score).collect::<Int32Array>()));
        columns.push(Arc::new(Int64Array::from_iter_values(rows().map(known))));
    }
    RecordBatch::try_new(schema, columns).map_err(arrow_fault)
}

/// Kept scores of a period beside the households of an assessment.
pub(crate) struct Earlier {
    /// The period, as `Period::index`.
    pub period: i32,
    /// Row of each household; none where it was not kept or has no row in the period.
    rows: Vec<Option<u32>>,
    bands: Int64Array,
    fired: Int64Array,
    modules: Vec<(Int32Array, Int64Array)>,
}

impl Earlier {
    /// Finds the households of a batch in kept scores; both ascend by household.
    pub fn beside(
        stored: &StoredPeriod,
        batch: &RecordBatch,
        households: &[std::ops::Range<usize>],
        pack: &Pack,
    ) -> Result<Self, Diagnostic> {
        let own = Ids::of(column(batch, HOUSEHOLD)?)?;
        let kept = Ids::of(column(&stored.rows, HOUSEHOLD)?)?;
        let has_row = column(&stored.rows, HAS_ROW)?;
        let has_row = has_row
            .as_boolean_opt()
            .ok_or_else(|| column_type(HAS_ROW, has_row.data_type(), "true or false"))?;
        let (mut next, count) = (0, stored.rows.num_rows());
        let find = |household: &std::ops::Range<usize>| {
            let id = own.get(household.start);
            while next < count && kept.get(next) < id {
                next += 1;
            }
            let is_found = next < count && kept.get(next) == id && has_row.value(next);
            is_found.then_some(next as u32)
        };
        let rows = households.iter().map(find).collect();
        let typed =
            |name: &str, ty: &DataType| cast(column(&stored.rows, name)?, ty).map_err(arrow_fault);
        let whole = |name: &str| -> Result<Int64Array, Diagnostic> {
            Ok(typed(name, &DataType::Int64)?.as_primitive::<Int64Type>().clone())
        };
        let module = |it: &pack::Module| -> Result<(Int32Array, Int64Array), Diagnostic> {
            let scores = typed(&format!("score_{}", it.id), &DataType::Int32)?;
            let known = whole(&format!("known_{}", it.id))?;
            Ok((scores.as_primitive::<Int32Type>().clone(), known))
        };
        Ok(Self {
            period: stored.at.index(),
            rows,
            bands: whole(BAND)?,
            fired: whole(FIRED)?,
            modules: pack.modules.iter().map(module).collect::<Result<_, _>>()?,
        })
    }

    /// The period's own band and the keys that fired; unknown without a row.
    pub fn band(&self, household: usize) -> (Band, u64) {
        let Some(row) = self.rows[household].map(|it| it as usize) else {
            return (Band::Unknown, 0);
        };
        let known = usize::try_from(self.bands.value(row)).ok();
        let band = known.and_then(|it| Band::ALL.into_iter().find(|band| *band as usize == it));
        (band.unwrap_or(Band::Unknown), self.fired.value(row).cast_unsigned())
    }

    /// The score of a module, where it was made from exactly these indicators.
    pub fn score(&self, household: usize, module: usize, known_set: u64) -> Option<Score> {
        let row = self.rows[household]? as usize;
        let (scores, known) = &self.modules[module];
        let is_same = known.value(row).cast_unsigned() == known_set && scores.is_valid(row);
        is_same.then(|| Score::from_micros(scores.value(row)))
    }
}
