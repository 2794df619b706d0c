//! An explanation for programs.

use crate::answer::{Columns, table};
use app::explain::Report;
use app::words::Language;
use arrow::array::RecordBatch;
use arrow::datatypes::DataType;
use base::{Diagnostic, Score};
use monitor::explain::{Change, Value as Shown, WayOut};
use monitor::indicators::State;
use pack::Pack;
use serde_json::{Value, json};

const COLUMNS: &Columns = &[
    ("household_id", DataType::Utf8),
    ("period", DataType::Utf8),
    ("indicator", DataType::Utf8),
    ("label", DataType::Utf8),
    ("module", DataType::Utf8),
    ("state", DataType::Utf8),
    ("value", DataType::Utf8),
    ("severity", DataType::Float64),
    ("points", DataType::Float64),
];

/// One row per indicator: state, value, severity, and its points of the composite.
pub fn main(pack: &Pack, report: &Report, language: Language) -> Result<RecordBatch, Diagnostic> {
    let it = &report.explanation;
    let rows: Vec<Value> = indicators(pack, report, language)
        .into_iter()
        .map(|mut row| {
            row["household_id"] = json!(it.household);
            row["period"] = json!(it.at.to_string());
            // A column has one kind; numbers, truth values and categories share this one.
            row["value"] = match row["value"].take() {
                Value::Null => Value::Null,
                Value::String(text) => Value::String(text),
                other => Value::String(other.to_string()),
            };
            row
        })
        .collect();
    table(COLUMNS, &rows)
}

/// Everything.
pub fn whole(pack: &Pack, report: &Report, language: Language) -> Value {
    let it = &report.explanation;
    let id = |indicator: usize| pack.indicators[indicator].id.as_str();
    let module = |index: usize| pack.modules[index].id.as_str();
    let forced = it
        .forced
        .iter()
        .map(|forced| json!({ "indicator": id(forced.indicator), "at_least": forced.band.name() }));
    let history = it.history.iter().map(|(at, band, composite)| {
        json!({ "period": at.to_string(), "band": band.name(), "composite": points(*composite) })
    });
    let modules = it.modules.iter().map(|part| {
        json!({
            "module": module(part.module),
            "score": points(part.score),
            "known_weight": part.known_weight,
            "applicable_weight": part.applicable_weight,
            "slope": points(part.trend.slope),
            "is_worsening": part.trend.is_worsening,
        })
    });
    let facts = report.facts.iter().map(|fact| {
        json!({
            "fact_id": fact.id, "fact": fact.fact, "value": fact.value, "valid": fact.valid,
            "recorded_at": fact.recorded_at, "source": fact.source,
        })
    });
    json!({
        "household_id": it.household,
        "period": it.at.to_string(),
        "pack": { "id": pack.id, "version": pack.version, "hash": pack.hash },
        "has_row": it.has_row,
        "band": it.band.name(),
        "band_of_period": it.raw_band.name(),
        "band_of_composite": it.coefficient_band.map(|it| it.name()),
        "previous_band": it.previous_band.name(),
        "composite": it.composite.points(),
        "confidence": it.confidence.points(),
        "forced": forced.collect::<Vec<_>>(),
        "lifted_by": it.lifted_by.iter().map(|it| module(*it)).collect::<Vec<_>>(),
        "unjudged": it.unjudged.iter().map(|it| id(*it)).collect::<Vec<_>>(),
        "modules": modules.collect::<Vec<_>>(),
        "indicators": indicators(pack, report, language),
        "changes": it.changes.iter().map(|it| change(id(it.indicator), it)).collect::<Vec<_>>(),
        "ways_out": it.ways_out.iter().map(|it| way_out(id(it.indicator), it)).collect::<Vec<_>>(),
        "history": history.collect::<Vec<_>>(),
        "facts": facts.collect::<Vec<_>>(),
    })
}

fn indicators(pack: &Pack, report: &Report, language: Language) -> Vec<Value> {
    let it = &report.explanation;
    let row = |part: &monitor::explain::IndicatorPart| {
        let indicator = &pack.indicators[part.indicator];
        let module = pack.dimensions[indicator.dimension].module.map(|it| &pack.modules[it].id);
        let share = it.contributions.iter().find(|it| it.indicator == part.indicator);
        json!({
            "indicator": indicator.id,
            "label": indicator.label.get(language.code()),
            "module": module,
            "state": state(part.state),
            "value": shown(part.value.as_ref()),
            "severity": points(part.severity),
            "points": share.map(|it| it.points.points()),
        })
    };
    it.indicators.iter().map(row).collect()
}

fn change(indicator: &str, it: &Change) -> Value {
    let side = |it: &monitor::explain::Side| {
        json!({
            "state": state(it.state),
            "value": shown(it.value.as_ref()),
            "severity": points(it.severity),
        })
    };
    json!({
        "indicator": indicator,
        "from": side(&it.from),
        "to": side(&it.to),
        "points": it.points.points(),
    })
}

fn way_out(indicator: &str, it: &WayOut) -> Value {
    json!({
        "indicator": indicator,
        "severity": it.severity.points(),
        "severity_needed": it.severity_needed.points(),
        "value_needed": shown(it.value_needed.as_ref()),
        "composite": it.composite.points(),
        "band": it.band.name(),
    })
}

fn points(score: Option<Score>) -> Option<f64> {
    score.map(|it| it.points())
}

fn state(it: State) -> &'static str {
    match it {
        State::Known => "known",
        State::Unknown => "unknown",
        State::NotApplicable => "not_applicable",
    }
}

fn shown(value: Option<&Shown>) -> Value {
    match value {
        None => Value::Null,
        // JSON has no infinity; the far end of a ratio is told as a word.
        Some(Shown::Number(it)) if it.is_infinite() => json!("infinite"),
        Some(Shown::Number(it)) => json!(it),
        Some(Shown::Boolean(it)) => json!(it),
        Some(Shown::Text(it)) => json!(it),
    }
}
