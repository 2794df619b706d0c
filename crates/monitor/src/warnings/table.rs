//! Warnings as a table.

use super::Ranked;
use crate::rows::arrow_fault;
use crate::scores::table::plain_texts;
use arrow::array::{ArrayRef, BooleanArray, Float64Array, RecordBatch, UInt64Array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use base::{AreaCode, Diagnostic};
use std::sync::Arc;

/// The columns of the warning table. Lists are separated by `;`.
pub fn schema() -> SchemaRef {
    let text = |name: &str, nullable| Field::new(name, DataType::Utf8, nullable);
    Arc::new(Schema::new(vec![
        text("warning_id", false),
        text("household_id", false),
        text("period", false),
        Field::new("rank", DataType::UInt64, false),
        Field::new("within_budget", DataType::Boolean, false),
        text("urgency", false),
        text("band", false),
        text("previous_band", false),
        Field::new("composite", DataType::Float64, false),
        Field::new("confidence", DataType::Float64, false),
        text("kind", false),
        text("first_period", false),
        text("rules", false),
        text("reasons", true),
        text("area_code", true),
    ]))
}

/// The warning table, in the given order.
pub fn to_batch(ranked: &[Ranked]) -> Result<RecordBatch, Diagnostic> {
    let text = |value: &dyn Fn(&Ranked) -> String| -> ArrayRef {
        let values: Vec<String> = ranked.iter().map(value).collect();
        plain_texts(values.iter().map(|it| (!it.is_empty()).then_some(it.as_str())))
    };
    let rules = |it: &Ranked| {
        let rules: Vec<&str> = it.warning.rules.iter().map(|it| it.rule.as_str()).collect();
        rules.join(";")
    };
    let area = |it: &Ranked| it.warning.area.as_ref().map(AreaCode::to_string).unwrap_or_default();
    let points = |value: &dyn Fn(&Ranked) -> f64| -> ArrayRef {
        Arc::new(
            ranked.iter().map(value).collect::<Vec<f64>>().into_iter().collect::<Float64Array>(),
        )
    };
    let columns: Vec<ArrayRef> = vec![
        text(&|it| it.warning.id.clone()),
        text(&|it| it.warning.household.clone()),
        text(&|it| it.warning.period.to_string()),
        Arc::new(ranked.iter().map(|it| Some(it.rank)).collect::<UInt64Array>()),
        Arc::new(ranked.iter().map(|it| Some(it.is_within_budget)).collect::<BooleanArray>()),
        text(&|it| it.warning.urgency.to_string()),
        text(&|it| it.warning.band.to_string()),
        text(&|it| it.warning.previous_band.to_string()),
        points(&|it| it.warning.composite.points()),
        points(&|it| it.warning.confidence.points()),
        text(&|it| it.warning.kind.name().to_owned()),
        text(&|it| it.warning.first_period.to_string()),
        text(&rules),
        text(&|it| it.warning.reasons.join(";")),
        text(&area),
    ];
    RecordBatch::try_new(schema(), columns).map_err(arrow_fault)
}
