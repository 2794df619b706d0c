//! triggers/**/ID.toml.

use super::MergedFile;
use super::common::{Context, files_below, label, references, want_reference};
use super::examples;
use super::scoring::BANDS;
use crate::expr::Type;
use crate::expression::{self, Scope};
use crate::model::{Attribute, Parameter, Trigger};
use crate::raw::Fields;
use crate::raw::tree::Item;
use base::codes::pack as codes;

/// Every trigger, by id.
pub(crate) fn read(
    files: &[MergedFile],
    context: &Context<'_>,
    attributes: &[Attribute],
    parameters: &[Parameter],
) -> Vec<Trigger> {
    let own = files_below(files, "triggers/", context.sink).into_iter();
    own.filter_map(|(id, item)| trigger(id, item, context, attributes, parameters)).collect()
}

fn trigger(
    id: String,
    item: &Item,
    context: &Context<'_>,
    attributes: &[Attribute],
    parameters: &[Parameter],
) -> Option<Trigger> {
    let sink = context.sink;
    let fields = Fields::of(item, sink)?;
    let label = label(&fields, &context.header.languages);
    let department = fields.text("department").map(|it| it.0.to_owned());
    let fact = fields.text("fact").map(|it| it.0.to_owned());
    let scope = Scope {
        attributes,
        parameters,
        with_attributes: true,
        own: None,
        with_fact: fact.is_some(),
    };
    let when = fields.required_text("when").and_then(|(text, at)| {
        let expr = expression::read(text, at, &scope, sink)?;
        if expr.ty == Type::Boolean {
            return Some(expr);
        }
        let finding = at.finding(&codes::EXPRESSION_TYPE, "a condition is needed here");
        sink.report(finding.hint("compare with something, for example `fact_value >= 5000`"));
        None
    });
    let urgency = fields.required_word("urgency", &BANDS);
    let references = references(&fields);
    want_reference(&references, fields.at(), "the trigger", sink);
    let mut examples = Vec::new();
    for item in fields.list("example") {
        examples.extend(examples::read(item, context, attributes, fact.is_some()));
    }
    let place = fields.at().place();
    fields.finish();
    Some(Trigger {
        id,
        label,
        department,
        fact,
        when: when?,
        urgency: urgency?,
        references,
        examples,
        place,
    })
}
