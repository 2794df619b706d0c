//! parameters/ID.toml.

use super::MergedFile;
use super::attributes::unit;
use super::common::{Context, area, files_below, label, period, references, want_reference};
use crate::model::{Parameter, ParameterValue};
use crate::raw::Fields;
use crate::raw::fields::number;
use crate::raw::tree::Item;
use base::codes::pack as codes;

/// Every parameter, by id.
pub(crate) fn read(files: &[MergedFile], context: &Context<'_>) -> Vec<Parameter> {
    let own = files_below(files, "parameters/", context.sink);
    own.into_iter().filter_map(|(id, item)| parameter(id, item, context)).collect()
}

fn parameter(id: String, item: &Item, context: &Context<'_>) -> Option<Parameter> {
    let fields = Fields::of(item, context.sink)?;
    let label = label(&fields, &context.header.languages);
    let unit = unit(&fields);
    let mut values: Vec<ParameterValue> = Vec::new();
    let listed = fields.list("value");
    if listed.is_empty() {
        let finding = item.at.finding(&codes::MISSING_KEY, "the parameter has no [[value]]");
        context.sink.report(finding.hint("add a [[value]] with `from` and `value`"));
    }
    for entry in listed {
        let Some(value) = value(entry, context) else { continue };
        let is_same = |it: &ParameterValue| {
            it.area == value.area && it.from.map(|it| it.index()) == value.from.map(|it| it.index())
        };
        if values.iter().any(is_same) {
            let message = "another value holds from the same period in the same area";
            let finding = entry.at.finding(&codes::PARAMETER_TWICE, message);
            context.sink.report(finding.hint("keep one of the two, or let one start later"));
        }
        values.push(value);
    }
    let place = fields.at().place();
    fields.finish();
    Some(Parameter { id, label, unit: unit?, values, place })
}

fn value(item: &Item, context: &Context<'_>) -> Option<ParameterValue> {
    let fields = Fields::of(item, context.sink)?;
    let from = fields.optional("from").and_then(|it| period(&it.item, context));
    let area = fields.text("area").map(|it| area(it, context));
    let value = fields.required("value").and_then(|it| number(&it.item, context.sink));
    let references = references(&fields);
    want_reference(&references, fields.at(), "the value", context.sink);
    fields.finish();
    Some(ParameterValue { from, area, value: value?, references })
}
