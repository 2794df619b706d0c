//! Scores of one period as a table, one row per household.

use super::bands::Raw;
use super::contributions::{Contribution, Scratch};
use crate::evaluator::{Assessed, KeyPlace};
use crate::rows::{self, AREA, HOUSEHOLD, arrow_fault};
use arrow::array::{
    ArrayRef, DictionaryArray, Float64Array, Int32Array, RecordBatch, StringArray,
    StringDictionaryBuilder, UInt32Array,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, Int32Type, Schema, SchemaRef};
use base::{Band, Diagnostic, Score};
use foldhash::fast::RandomState;
use pack::Pack;
use smallvec::SmallVec;
use std::collections::HashMap;
use std::sync::Arc;

/// One household's scores in the assessed period.
#[derive(Clone, Debug)]
pub struct Scored {
    /// What the period says by itself.
    pub raw: Raw,
    /// The band that counts.
    pub band: Band,
    /// The greatest contributions, as many as the pack names as reasons.
    pub reasons: SmallVec<[Contribution; 4]>,
}

/// Scores every household of a batch.
pub fn score_all(assessed: &Assessed, pack: &Pack) -> Vec<Scored> {
    let mut scored = Vec::new();
    score_into(assessed, pack, &mut scored);
    scored
}

/// As [`score_all`], in place of what `scored` held: whoever scores batch after batch need not be
/// given memory for each.
pub fn score_into(assessed: &Assessed, pack: &Pack, scored: &mut Vec<Scored>) {
    let (mut slopes, mut scratch) = (Vec::new(), Scratch::default());
    let score = |household: usize| {
        let raw = assessed.raw(household, assessed.at, &mut slopes);
        let band = assessed.band(household, assessed.at, raw.band(), &mut slopes);
        let most = pack.scoring.reasons;
        let reasons = assessed.contributions(&raw, assessed.at, most, &mut scratch);
        let reasons = SmallVec::from_slice(reasons);
        Scored { raw, band, reasons }
    };
    scored.clear();
    scored.extend((0..assessed.households.len()).map(score));
}

fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// The columns of the score table: household_id, period, area_code, composite, band, confidence,
/// score_MODULE…, trend_MODULE…, overrides, unjudged, lifted_by, reasons. Scores and trends are
/// points; lists are ids separated by `;`.
pub fn schema(pack: &Pack) -> SchemaRef {
    let text = |name: &str, nullable| Field::new(name, dictionary(), nullable);
    let number = |name: String| Field::new(name, DataType::Float64, true);
    let mut fields = vec![
        Field::new(HOUSEHOLD, DataType::Utf8, false),
        text("period", false),
        text(AREA, true),
        number("composite".into()),
        text("band", false),
        number("confidence".into()),
    ];
    fields.extend(pack.modules.iter().map(|it| number(format!("score_{}", it.id))));
    fields.extend(pack.modules.iter().map(|it| number(format!("trend_{}", it.id))));
    let lists = ["overrides", "unjudged", "lifted_by", "reasons"];
    fields.extend(lists.map(|it| text(it, true)));
    Arc::new(Schema::new(fields))
}

/// The score table of a batch.
pub fn to_batch(
    assessed: &Assessed,
    pack: &Pack,
    keys: &[KeyPlace],
    scored: &[Scored],
) -> Result<RecordBatch, Diagnostic> {
    let starts = assessed.households.iter().map(|it| it.start as u32);
    let starts = UInt32Array::from_iter_values(starts);
    let take = |it: &ArrayRef| arrow::compute::take(it, &starts, None).map_err(arrow_fault);
    let ids = rows::column(&assessed.batch, HOUSEHOLD)?;
    let ids = arrow::compute::cast(&take(ids)?, &DataType::Utf8).map_err(arrow_fault)?;
    let mut columns: Vec<ArrayRef> = vec![ids];
    let period = assessed.at.to_string();
    columns.push(one_of(&[period.as_str()], scored.iter().map(|_| 0))?);
    columns.push(areas(assessed, scored)?);
    columns
        .push(numbers(scored, |it| (it.raw.confidence > Score::ZERO).then_some(it.raw.composite)));
    let bands = [Band::Unknown].into_iter().chain(Band::KNOWN);
    let names: Vec<&str> = bands.map(Band::name).collect();
    columns.push(one_of(&names, scored.iter().map(|it| it.band as i32))?);
    columns.push(numbers(scored, |it| Some(it.raw.confidence)));
    for module in assessed.modules(assessed.at) {
        let score = |row: usize| (module.known_weight[row] > 0.0).then(|| module.score[row]);
        columns.push(numbers(scored, |it| it.raw.row.and_then(score)));
    }
    for module in 0..pack.modules.len() {
        columns.push(numbers(scored, |it| it.raw.trends[module].slope));
    }
    let indicator = |it: usize| pack.indicators[it].id.as_str();
    let judgement = |bit: usize| indicator(keys[bit].indicator);
    let module = |it: usize| pack.modules[it].id.as_str();
    columns.push(lists(scored, judgement, |it, list| list.extend(bits(it.raw.fired)))?);
    columns.push(lists(scored, judgement, |it, list| list.extend(bits(it.raw.unjudged)))?);
    columns.push(lists(scored, module, |it, list| {
        let trends = it.raw.trends.iter().enumerate().filter(|_| it.raw.is_lifted);
        list.extend(trends.filter(|it| it.1.is_worsening).map(|it| it.0));
    })?);
    columns.push(lists(scored, indicator, |it, list| {
        list.extend(it.reasons.iter().map(|it| it.indicator));
    })?);
    RecordBatch::try_new(assessed.score_schema.clone(), columns).map_err(arrow_fault)
}

/// Positions of the bits that are set.
pub fn bits(mask: u64) -> impl Iterator<Item = usize> {
    let rest = std::iter::successors(Some(mask), |it| Some(it & it.wrapping_sub(1)));
    rest.take_while(|it| *it != 0).map(|it| it.trailing_zeros() as usize)
}

fn areas(assessed: &Assessed, scored: &[Scored]) -> Result<ArrayRef, Diagnostic> {
    let Some(column) = assessed.batch.column_by_name(AREA) else {
        return Ok(texts(scored.iter().map(|_| None)));
    };
    // The area of the latest row that was looked at: households move.
    let latest = scored.iter().zip(&assessed.households);
    let latest = latest.map(|(it, rows)| it.raw.row.unwrap_or(rows.end - 1) as u32);
    let latest = UInt32Array::from_iter_values(latest);
    let taken = arrow::compute::take(column, &latest, None).map_err(arrow_fault)?;
    arrow::compute::cast(&taken, &dictionary()).map_err(arrow_fault)
}

fn numbers(scored: &[Scored], value: impl Fn(&Scored) -> Option<Score>) -> ArrayRef {
    let (mut values, mut known) = (Vec::with_capacity(scored.len()), Vec::new());
    // Rows are wide: one look at each.
    for (row, it) in scored.iter().enumerate() {
        let value = value(it);
        if value.is_none() && known.is_empty() {
            known.resize(scored.len(), true);
        }
        if let Some(known) = known.get_mut(row) {
            *known = value.is_some();
        }
        values.push(value.map_or(0.0, Score::points));
    }
    let nulls = (!known.is_empty()).then(|| NullBuffer::from(known));
    Arc::new(Float64Array::new(values.into(), nulls))
}

fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    let mut builder = StringDictionaryBuilder::<Int32Type>::new();
    values.for_each(|it| builder.append_option(it));
    Arc::new(builder.finish())
}

/// A column of texts from a short list.
fn one_of(list: &[&str], keys: impl Iterator<Item = i32>) -> Result<ArrayRef, Diagnostic> {
    let values = Arc::new(StringArray::from_iter_values(list));
    let keys = Int32Array::from_iter_values(keys);
    Ok(Arc::new(DictionaryArray::try_new(keys, values).map_err(arrow_fault)?))
}

/// A column of lists: `fill` gives each as positions, `name` says what stands at one. Few lists
/// are different, so that few are written out.
fn lists<'a>(
    scored: &[Scored],
    name: impl Fn(usize) -> &'a str,
    fill: impl Fn(&Scored, &mut Vec<usize>),
) -> Result<ArrayRef, Diagnostic> {
    let (mut list, mut found) = (Vec::new(), HashMap::<Vec<usize>, i32, RandomState>::default());
    let mut texts: Vec<String> = Vec::new();
    let mut keys = Vec::with_capacity(scored.len());
    for it in scored {
        list.clear();
        fill(it, &mut list);
        let known = if list.is_empty() { None } else { found.get(&list).copied() };
        keys.push(known.or_else(|| {
            let first = list.first()?;
            let joined =
                list[1..].iter().fold(name(*first).to_owned(), |all, it| all + ";" + name(*it));
            let key = texts.len() as i32;
            texts.push(joined);
            found.insert(list.clone(), key);
            Some(key)
        }));
    }
    let keys: Int32Array = keys.into_iter().collect();
    let texts = Arc::new(StringArray::from_iter_values(texts));
    Ok(Arc::new(DictionaryArray::try_new(keys, texts).map_err(arrow_fault)?))
}

/// A column of plain text, for small tables.
pub fn plain_texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}
