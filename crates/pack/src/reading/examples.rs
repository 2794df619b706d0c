//! `[[example]]` of indicators and triggers.

use super::common::{Context, area, period};
use super::scoring::BANDS;
use crate::model::{Attribute, AttributeType, Example, ExampleValue, Expect, ExpectState};
use crate::raw::fields::{number, wrong_type};
use crate::raw::suggest::hint_among;
use crate::raw::tree::{Item, Value};
use crate::raw::{Fields, Sink};
use base::Band;
use base::codes::pack as codes;

/// Reads an example.
pub(crate) fn read(
    item: &Item,
    context: &Context<'_>,
    attributes: &[Attribute],
    with_fact: bool,
) -> Option<Example> {
    let sink = context.sink;
    let fields = Fields::of(item, sink)?;
    let name = fields.required_text("name").map(|it| it.0.to_owned());
    let period = fields.optional("period").and_then(|it| period(&it.item, context));
    let area = fields.text("area").map(|it| area(it, context));
    let given = fields.optional("given").map(|it| row(&it.item, attributes, sink));
    let mut rows = vec![given.unwrap_or_default()];
    for earlier in fields.list("history") {
        rows.push(row(earlier, attributes, sink));
    }
    let fact = if with_fact {
        fields.required("fact_value").and_then(|it| value(&it.item, sink))
    } else {
        None
    };
    let expect = fields.required("expect").and_then(|it| expect(&it.item, sink));
    let place = fields.at().place();
    fields.finish();
    Some(Example { name: name?, period, area, rows, fact, expect: expect?, place })
}

fn value(item: &Item, sink: &Sink) -> Option<ExampleValue> {
    match &item.value {
        Value::Boolean(it) => Some(ExampleValue::Boolean(*it)),
        Value::Text(it) => Some(ExampleValue::Text(it.clone())),
        Value::Whole(_) | Value::Number(_) => number(item, sink).map(ExampleValue::Number),
        _ => {
            wrong_type(item, "a number, true or false, or text", sink);
            None
        }
    }
}

fn row(item: &Item, attributes: &[Attribute], sink: &Sink) -> Vec<(usize, ExampleValue)> {
    let Value::Table(entries) = &item.value else {
        wrong_type(item, "a table of attributes", sink);
        return Vec::new();
    };
    let mut row = Vec::new();
    for entry in entries {
        let Some(index) = attributes.iter().position(|it| it.id == entry.name) else {
            let names: Vec<&str> = attributes.iter().map(|it| it.id.as_str()).collect();
            let message = format!("there is no attribute `{}`", entry.name);
            let finding = entry.at.finding(&codes::UNKNOWN_NAME, message);
            sink.report(finding.hint(hint_among(&entry.name, &names)));
            continue;
        };
        let Some(given) = value(&entry.item, sink) else { continue };
        let fits = match (&attributes[index].ty, &given) {
            (AttributeType::Number { .. }, ExampleValue::Number(_)) => true,
            (AttributeType::Boolean, ExampleValue::Boolean(_)) => true,
            (AttributeType::Text { categories }, ExampleValue::Text(text)) => {
                categories.is_empty() || categories.iter().any(|it| it.value == *text)
            }
            _ => false,
        };
        if !fits {
            let message = format!("`{}` cannot have this value", entry.name);
            let finding = entry.item.at.finding(&codes::BAD_EXAMPLE, message);
            sink.report(finding.hint("look at the attribute's type and categories"));
            continue;
        }
        row.push((index, given));
    }
    row
}

fn expect(item: &Item, sink: &Sink) -> Option<Expect> {
    let fields = Fields::of(item, sink)?;
    let states =
        [("unknown", ExpectState::Unknown), ("not_applicable", ExpectState::NotApplicable)];
    let mut bands: Vec<(&str, Band)> = BANDS.to_vec();
    bands.push(("none", Band::Unknown));
    let expect = Expect {
        value: fields.optional("value").and_then(|it| value(&it.item, sink)),
        severity: fields.number("severity"),
        state: fields.word("state", &states),
        key: fields.word("key", &bands),
        fires: fields.optional("fires").map(|_| fields.boolean("fires")),
    };
    fields.finish();
    if expect == Expect::default() {
        let finding = item.at.finding(&codes::BAD_EXAMPLE, "the example expects nothing");
        sink.report(finding.hint("expect a value, a severity, a state, a key or fires"));
        return None;
    }
    Some(expect)
}
