//! Stored rows as tables.

use crate::live::Detail;
use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use base::codes::tables::CANNOT_WRITE;
use base::{Band, Diagnostic, Period};
use pack::Pack;
use std::sync::Arc;
use store::areas::{ALWAYS, AreaRow};
use store::facts::{FactRow, Subject};
use store::scores::ScoreRow;
use store::warnings::WarningRow;

fn instant() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

fn schema(columns: &[(&str, DataType)]) -> SchemaRef {
    let field = |it: &(&str, DataType)| Field::new(it.0, it.1.clone(), true);
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}

/// A table of columns.
pub fn batch(schema: &SchemaRef, columns: Vec<ArrayRef>) -> Result<RecordBatch, Diagnostic> {
    RecordBatch::try_new(schema.clone(), columns).map_err(|error| {
        Diagnostic::new(&CANNOT_WRITE, format!("rows cannot be written: {error}"))
            .hint("choose another format")
    })
}

fn texts<'a>(texts: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(texts.collect::<StringArray>())
}

fn days(days: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(days.map(|it| it.and_then(|it| i32::try_from(it).ok())).collect::<Date32Array>())
}

fn instants(instants: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(instants.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
}

fn points(micros: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(micros.map(|it| it.map(|it| it as f64 / 1e6)).collect::<Float64Array>())
}

/// The columns of areas, as they are imported.
pub fn areas_schema() -> SchemaRef {
    let text = |name| (name, DataType::Utf8);
    let day = |name| (name, DataType::Date32);
    schema(&[
        text("code"),
        ("level", DataType::Int64),
        text("name_en"),
        text("name_zh"),
        text("parent"),
        day("valid_from"),
        day("valid_to"),
    ])
}

/// Areas as they are imported: one that holds from the beginning says no first day.
pub fn areas(schema: &SchemaRef, rows: &[AreaRow]) -> Result<RecordBatch, Diagnostic> {
    let text = |of: fn(&AreaRow) -> Option<&str>| texts(rows.iter().map(of));
    let columns = vec![
        text(|it| Some(&it.code)),
        Arc::new(rows.iter().map(|it| Some(it.level)).collect::<Int64Array>()),
        text(|it| it.name_en.as_deref()),
        text(|it| it.name_zh.as_deref()),
        text(|it| it.parent.as_deref()),
        days(rows.iter().map(|it| Some(it.valid_from).filter(|it| *it != ALWAYS))),
        days(rows.iter().map(|it| it.valid_to)),
    ];
    batch(schema, columns)
}

/// The columns of facts, as they are imported.
pub fn facts_schema() -> SchemaRef {
    crate::assess::fact_spec().schema()
}

/// Facts as they are imported.
pub fn facts(schema: &SchemaRef, rows: &[FactRow]) -> Result<RecordBatch, Diagnostic> {
    let text = |of: fn(&FactRow) -> Option<&str>| texts(rows.iter().map(of));
    let columns = vec![
        text(|it| match &it.subject {
            Subject::Household(it) => Some(it),
            Subject::Member(_) | Subject::Site(_) => None,
        }),
        text(|it| Some(&it.fact_id)),
        text(|it| it.member_id.as_deref()),
        text(|it| match &it.subject {
            Subject::Site(it) => Some(it),
            Subject::Household(_) | Subject::Member(_) => None,
        }),
        text(|it| Some(&it.fact)),
        text(|it| Some(&it.value)),
        days(rows.iter().map(|it| Some(it.valid_from))),
        days(rows.iter().map(|it| it.valid_to)),
        instants(rows.iter().map(|it| Some(it.recorded_at).filter(|it| *it != i64::MIN))),
        text(|it| it.source.as_deref()),
        text(|it| it.supersedes.as_deref()),
        text(|it| it.reason.as_deref()),
    ];
    batch(schema, columns)
}

fn period(pack: &Pack, index: i64) -> String {
    Period::from_index(pack.period_kind, index.try_into().unwrap_or_default()).to_string()
}

fn band(number: i64) -> &'static str {
    u8::try_from(number).ok().and_then(Band::from_number).unwrap_or(Band::Unknown).name()
}

/// The columns of scores: one for each module of the pack behind the others.
pub fn scores_schema(pack: &Pack) -> SchemaRef {
    let columns = [
        ("household_id", DataType::Utf8),
        ("period", DataType::Utf8),
        ("area_code", DataType::Utf8),
        ("band", DataType::Utf8),
        ("composite", DataType::Float64),
        ("confidence", DataType::Float64),
        ("pack", DataType::Utf8),
    ];
    let modules: Vec<String> = pack.modules.iter().map(|it| format!("module_{}", it.id)).collect();
    let modules = modules.iter().map(|it| (it.as_str(), DataType::Float64));
    schema(&columns.into_iter().chain(modules).collect::<Vec<_>>())
}

/// Scores by household and period.
pub fn scores(
    schema: &SchemaRef,
    pack: &Pack,
    rows: &[ScoreRow],
) -> Result<RecordBatch, Diagnostic> {
    let periods: Vec<String> = rows.iter().map(|it| period(pack, it.period)).collect();
    let details: Vec<Option<Detail>> =
        rows.iter().map(|it| Detail::from_bytes(&it.detail)).collect();
    let mut columns = vec![
        texts(rows.iter().map(|it| Some(it.household_id.as_str()))),
        texts(periods.iter().map(|it| Some(it.as_str()))),
        texts(rows.iter().map(|it| it.area_code.as_deref())),
        texts(rows.iter().map(|it| Some(band(it.band)))),
        points(rows.iter().map(|it| Some(it.composite))),
        points(rows.iter().map(|it| Some(it.confidence))),
        texts(rows.iter().map(|it| Some(it.pack.as_str()))),
    ];
    for module in 0..pack.modules.len() {
        let score = |it: &Option<Detail>| it.as_ref()?.modules.get(module)?.score;
        columns.push(points(details.iter().map(score)));
    }
    batch(schema, columns)
}

/// The columns of warnings.
pub fn warnings_schema() -> SchemaRef {
    schema(&[
        ("warning_id", DataType::Utf8),
        ("household_id", DataType::Utf8),
        ("area_code", DataType::Utf8),
        ("period", DataType::Utf8),
        ("first_period", DataType::Utf8),
        ("state", DataType::Utf8),
        ("urgency", DataType::Utf8),
        ("band", DataType::Utf8),
        ("previous_band", DataType::Utf8),
        ("composite", DataType::Float64),
        ("confidence", DataType::Float64),
        ("kind", DataType::Utf8),
        ("rules", DataType::Utf8),
        ("reasons", DataType::Utf8),
        ("rank", DataType::Int64),
        ("within_budget", DataType::Boolean),
        ("raised_at", instant()),
        ("acknowledged_at", instant()),
        ("acknowledged_by", DataType::Utf8),
    ])
}

/// Warnings by household.
pub fn warnings(
    schema: &SchemaRef,
    pack: &Pack,
    rows: &[WarningRow],
) -> Result<RecordBatch, Diagnostic> {
    let text = |of: fn(&WarningRow) -> Option<&str>| texts(rows.iter().map(of));
    let periods = |of: fn(&WarningRow) -> i64| -> ArrayRef {
        Arc::new(rows.iter().map(|it| Some(period(pack, of(it)))).collect::<StringArray>())
    };
    let columns = vec![
        text(|it| Some(&it.warning_id)),
        text(|it| Some(&it.household_id)),
        text(|it| it.area_code.as_deref()),
        periods(|it| it.period),
        periods(|it| it.first_period),
        text(|it| Some(&it.state)),
        text(|it| Some(band(it.urgency))),
        text(|it| Some(band(it.band))),
        text(|it| Some(band(it.previous_band))),
        points(rows.iter().map(|it| Some(it.composite))),
        points(rows.iter().map(|it| Some(it.confidence))),
        text(|it| Some(&it.kind)),
        text(|it| Some(&it.rules)),
        text(|it| Some(&it.reasons)),
        Arc::new(rows.iter().map(|it| it.rank).collect::<Int64Array>()),
        Arc::new(
            rows.iter().map(|it| it.within_budget.map(|it| it != 0)).collect::<BooleanArray>(),
        ),
        instants(rows.iter().map(|it| Some(it.raised_at))),
        instants(rows.iter().map(|it| it.acknowledged_at)),
        text(|it| it.acknowledged_by.as_deref()),
    ];
    batch(schema, columns)
}
