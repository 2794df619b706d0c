//! dimensions.toml: modules, and dimensions with their module and weight.

use super::MergedFile;
use super::common::{Context, check_id, label, references, want_reference};
use crate::model::{Dimension, Module};
use crate::raw::Fields;
use crate::raw::suggest::hint_among;
use crate::raw::tree::Item;
use base::codes::pack as codes;

/// Modules and dimensions, in the order of the file.
pub(crate) fn read(files: &[MergedFile], context: &Context<'_>) -> (Vec<Module>, Vec<Dimension>) {
    let (mut modules, mut dimensions) = (Vec::new(), Vec::new());
    let Some(file) = files.iter().find(|it| it.path == "dimensions.toml") else {
        let root = files.iter().find(|it| it.path == "pack.toml");
        if let Some(root) = root {
            let finding =
                root.item.at.finding(&codes::MISSING_KEY, "the pack has no dimensions.toml");
            context.sink.report(finding.hint("add it, with a [[module]] and a [[dimension]]"));
        }
        return (modules, dimensions);
    };
    let Some(fields) = Fields::of(&file.item, context.sink) else { return (modules, dimensions) };
    for item in fields.list("module") {
        modules.extend(module(item, &modules, context));
    }
    for item in fields.list("dimension") {
        dimensions.extend(dimension(item, &modules, &dimensions, context));
    }
    fields.finish();
    (modules, dimensions)
}

fn id<'a>(fields: &Fields<'_>, mut taken: impl Iterator<Item = &'a str>) -> Option<String> {
    let (id, at) = fields.required_text("id")?;
    check_id(id, at, fields.sink());
    if taken.any(|it| it == id) {
        let finding = at.finding(&codes::DUPLICATE_ID, format!("`{id}` stands here twice"));
        fields.sink().report(finding.hint("rename one of the two"));
        return None;
    }
    Some(id.to_owned())
}

fn module(item: &Item, before: &[Module], context: &Context<'_>) -> Option<Module> {
    let fields = Fields::of(item, context.sink)?;
    let id = id(&fields, before.iter().map(|it| it.id.as_str()));
    let label = label(&fields, &context.header.languages);
    let references = references(&fields);
    fields.finish();
    Some(Module { id: id?, label, references })
}

fn dimension(
    item: &Item,
    modules: &[Module],
    before: &[Dimension],
    context: &Context<'_>,
) -> Option<Dimension> {
    let fields = Fields::of(item, context.sink)?;
    let id = id(&fields, before.iter().map(|it| it.id.as_str()));
    let label = label(&fields, &context.header.languages);
    let references = references(&fields);
    want_reference(&references, fields.at(), "the dimension's weight", context.sink);
    let mut module = None;
    if let Some((name, at)) = fields.text("module") {
        module = modules.iter().position(|it| it.id == name);
        if module.is_none() {
            let names: Vec<&str> = modules.iter().map(|it| it.id.as_str()).collect();
            let finding = at.finding(&codes::UNKNOWN_NAME, format!("there is no module `{name}`"));
            context.sink.report(finding.hint(hint_among(name, &names)));
        }
    }
    let weight = fields.optional("weight").map(|it| (&it.item, fields.number("weight")));
    let weight = match (module, weight) {
        (Some(_), Some((item, Some(weight)))) if weight <= 0.0 => {
            let finding = item.at.finding(&codes::BAD_VALUE, "a weight is greater than zero");
            context
                .sink
                .report(finding.hint("leave out `module` to show a dimension without weight"));
            0.0
        }
        (Some(_), Some((_, weight))) => weight.unwrap_or(0.0),
        (Some(_), None) => {
            fields.required("weight");
            0.0
        }
        (None, Some((item, Some(weight)))) if weight != 0.0 => {
            let message = "a dimension without a module has no weight";
            let finding = item.at.finding(&codes::BAD_VALUE, message);
            context.sink.report(finding.hint("name its module, or take the weight out"));
            0.0
        }
        (None, _) => 0.0,
    };
    fields.finish();
    Some(Dimension { id: id?, label, module, weight, references })
}
