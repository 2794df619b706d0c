//! Runs the examples that stand in a pack's own files.
//!
//! An example is a household with the rows it gives and nothing else; it is judged by the very
//! evaluator that judges a country.

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::{Field, Schema};
use base::codes::run as codes;
use base::{Band, Diagnostic, Period, PeriodKind, Score};
use monitor::explain::Value;
use monitor::indicators::State;
use monitor::warnings::{TriggerFact, triggers};
use monitor::{Assessed, Evaluator};
use pack::{AttributeType, Example, ExampleValue, ExpectState, Pack};
use std::sync::Arc;

/// Runs every example. Gives how many there were, and a finding for each that fails.
pub fn run(evaluator: &Evaluator) -> (usize, Vec<Diagnostic>) {
    let pack = evaluator.pack();
    let (mut count, mut findings) = (0, Vec::new());
    for (index, indicator) in pack.indicators.iter().enumerate() {
        for example in &indicator.examples {
            count += 1;
            findings.extend(indicator_example(evaluator, index, example));
        }
    }
    for (index, trigger) in pack.triggers.iter().enumerate() {
        for example in &trigger.examples {
            count += 1;
            findings.extend(trigger_example(evaluator, index, example));
        }
    }
    (count, findings)
}

fn failed(example: &Example, what: &str, expected: &str, got: &str) -> Diagnostic {
    let message = format!("example \"{}\": {what} should be {expected}, is {got}", example.name);
    Diagnostic::new(&codes::EXAMPLE_FAILED, message)
        .at(example.place.clone())
        .hint("change the rule or what the example expects; one of the two is not what was meant")
}

fn indicator_example(evaluator: &Evaluator, index: usize, example: &Example) -> Vec<Diagnostic> {
    let assessed = match assess(evaluator, example) {
        Ok(assessed) => assessed,
        Err(finding) => return vec![finding.at(example.place.clone())],
    };
    let Some(row) = assessed.row_of(0, assessed.at.index()) else { return Vec::new() };
    let column = &assessed.indicators(assessed.at).columns[index];
    let mut findings = Vec::new();
    let expect = &example.expect;
    if let Some(expected) = &expect.value {
        let got = column.value.as_ref().and_then(|it| Value::at(it, row));
        if !same_value(expected, got.as_ref()) {
            findings.push(failed(example, "value", &show(expected), &show_value(got.as_ref())));
        }
    }
    if let Some(expected) = expect.severity {
        let got = column.score(row);
        if got != Some(Score::from_points(expected)) {
            let got = got
                .map_or_else(|| state_name(column.state(row)).to_owned(), |it| format!("{it:.6}"));
            findings.push(failed(example, "severity", &format!("{expected}"), &got));
        }
    }
    if let Some(expected) = expect.state {
        let wanted = match expected {
            ExpectState::Unknown => State::Unknown,
            ExpectState::NotApplicable => State::NotApplicable,
        };
        let got = column.state(row);
        if got != wanted {
            findings.push(failed(example, "state", state_name(wanted), state_name(got)));
        }
    }
    if let Some(expected) = expect.key {
        let got = forced(evaluator, &assessed, index, row);
        if got != expected {
            findings.push(failed(example, "key", key_name(expected), key_name(got)));
        }
    }
    findings
}

fn forced(evaluator: &Evaluator, assessed: &Assessed, index: usize, row: usize) -> Band {
    let fired = assessed.indicators(assessed.at).fired[row];
    let places = evaluator.key_places().iter().copied().enumerate();
    let own = places.filter(|(bit, it)| it.indicator == index && fired >> bit & 1 == 1);
    own.map(|(bit, _)| evaluator.key_bands()[bit]).fold(Band::Unknown, Band::worse_of)
}

fn trigger_example(evaluator: &Evaluator, index: usize, example: &Example) -> Vec<Diagnostic> {
    let Some(expected) = example.expect.fires else { return Vec::new() };
    let pack = evaluator.pack();
    let assessed = match assess(evaluator, example) {
        Ok(assessed) => assessed,
        Err(finding) => return vec![finding.at(example.place.clone())],
    };
    let mut facts = Vec::new();
    if let (Some(fact), Some(value)) = (&pack.triggers[index].fact, &example.fact) {
        facts.push(TriggerFact {
            household: 0,
            fact: fact.clone(),
            number: match value {
                ExampleValue::Number(it) => Some(*it),
                ExampleValue::Boolean(it) => Some(f64::from(u8::from(*it))),
                ExampleValue::Text(_) => None,
            },
            text: Some(show(value)),
            period: assessed.at.index(),
        });
    }
    let fired = match triggers::firings(pack, &assessed, &facts) {
        Ok(firings) => {
            firings[0].iter().any(|it| it.trigger == index && it.period == assessed.at.index())
        }
        Err(finding) => return vec![finding.at(example.place.clone())],
    };
    if fired == expected {
        return Vec::new();
    }
    let name = |it: bool| if it { "true" } else { "false" };
    vec![failed(example, "fires", name(expected), name(fired))]
}

/// The example's household, judged in the example's period.
fn assess(evaluator: &Evaluator, example: &Example) -> Result<Assessed, Diagnostic> {
    let pack = evaluator.pack();
    let at = example.period.unwrap_or_else(|| default_period(pack));
    let batch = batch(pack, example, at)?;
    evaluator.assess(&batch, at)
}

/// Where an example names no period: the one the pack starts in.
fn default_period(pack: &Pack) -> Period {
    let start = pack.effective_from.and_then(|it| Period::containing(pack.period_kind, it));
    start.unwrap_or_else(|| match pack.period_kind {
        PeriodKind::Wave => Period::from_index(PeriodKind::Wave, 1),
        kind => {
            let steps = kind.steps_per_year().unwrap_or(1);
            Period::from_index(kind, 2020 * steps)
        }
    })
}

fn batch(pack: &Pack, example: &Example, at: Period) -> Result<RecordBatch, Diagnostic> {
    let rows = example.rows.len().max(1);
    // Oldest first, as a panel stands.
    let order: Vec<usize> = (0..rows).rev().collect();
    let periods = order.iter().map(|back| at.index() - *back as i32);
    let area = example.area.as_ref().map(|it| it.as_str());
    let mut fields = vec![
        Field::new(monitor::rows::HOUSEHOLD, arrow::datatypes::DataType::Utf8, false),
        Field::new(monitor::rows::PERIOD, arrow::datatypes::DataType::Int32, false),
        Field::new(monitor::rows::AREA, arrow::datatypes::DataType::Utf8, true),
    ];
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(vec!["example"; rows])),
        Arc::new(periods.collect::<Int32Array>()),
        Arc::new(StringArray::from(vec![area; rows])),
    ];
    for (index, attribute) in pack.attributes.iter().enumerate() {
        let given = |back: &usize| {
            let row = example.rows.get(*back)?;
            row.iter().find(|it| it.0 == index).map(|it| &it.1)
        };
        let values = order.iter().map(given);
        let column: ArrayRef = match &attribute.ty {
            AttributeType::Number { .. } => Arc::new(values.map(number).collect::<Float64Array>()),
            AttributeType::Boolean => Arc::new(values.map(truth).collect::<BooleanArray>()),
            AttributeType::Text { .. } => {
                Arc::new(values.map(|it| it.map(show)).collect::<StringArray>())
            }
        };
        fields.push(Field::new(&attribute.id, column.data_type().clone(), true));
        columns.push(column);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(|error| {
        Diagnostic::new(&codes::EXAMPLE_FAILED, format!("the example cannot be built: {error}"))
    })
}

fn number(value: Option<&ExampleValue>) -> Option<f64> {
    match value? {
        ExampleValue::Number(it) => Some(*it),
        ExampleValue::Boolean(it) => Some(f64::from(u8::from(*it))),
        ExampleValue::Text(_) => None,
    }
}

fn truth(value: Option<&ExampleValue>) -> Option<bool> {
    match value? {
        ExampleValue::Boolean(it) => Some(*it),
        ExampleValue::Number(_) | ExampleValue::Text(_) => None,
    }
}

fn same_value(expected: &ExampleValue, got: Option<&Value>) -> bool {
    match (expected, got) {
        (ExampleValue::Number(a), Some(Value::Number(b))) => {
            a == b || (a - b).abs() <= 1e-6 * a.abs().max(1.0)
        }
        (ExampleValue::Boolean(a), Some(Value::Boolean(b))) => a == b,
        (ExampleValue::Text(a), Some(Value::Text(b))) => a == b,
        _ => false,
    }
}

fn show(value: &ExampleValue) -> String {
    match value {
        ExampleValue::Number(it) => it.to_string(),
        ExampleValue::Boolean(it) => it.to_string(),
        ExampleValue::Text(it) => it.clone(),
    }
}

fn show_value(value: Option<&Value>) -> String {
    match value {
        Some(Value::Number(it)) => it.to_string(),
        Some(Value::Boolean(it)) => it.to_string(),
        Some(Value::Text(it)) => it.clone(),
        None => "unknown".to_owned(),
    }
}

fn state_name(state: State) -> &'static str {
    match state {
        State::Unknown => "unknown",
        State::Known => "known",
        State::NotApplicable => "not_applicable",
    }
}

fn key_name(band: Band) -> &'static str {
    if band.is_unknown() { "none" } else { band.name() }
}
