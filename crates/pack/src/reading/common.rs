//! What several kinds of files have: labels, references, ids, periods, areas.

use super::MergedFile;
use super::header::Header;
use crate::model::{Label, Reference};
use crate::raw::fields::{text, wrong_type};
use crate::raw::tree::{Item, Value};
use crate::raw::{At, Fields, Sink};
use base::codes::pack as codes;
use base::{AreaCode, Period};

/// What every reader needs.
pub(crate) struct Context<'a> {
    pub(crate) sink: &'a Sink,
    pub(crate) header: &'a Header,
}

/// The files below a folder, with their ids, sorted by id.
pub(crate) fn files_below<'a>(
    files: &'a [MergedFile],
    folder: &str,
    sink: &Sink,
) -> Vec<(String, &'a Item)> {
    let mut found: Vec<(String, &Item)> = Vec::new();
    for file in files.iter().filter(|it| it.path.starts_with(folder)) {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let id = name.trim_end_matches(".toml").to_owned();
        check_id(&id, &file.item.at, sink);
        if found.iter().any(|it| it.0 == id) {
            let message = format!("`{id}` stands in two files of {folder}");
            let hint = "the file's name is the id: rename one of the two";
            sink.report(file.item.at.finding(&codes::DUPLICATE_ID, message).hint(hint));
            continue;
        }
        found.push((id, &file.item));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// Ids are lower-case words that can stand in an expression.
pub(crate) fn check_id(id: &str, at: &At, sink: &Sink) {
    let is_word = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
    let reserved = ["value", "severity", "fact_value", "fact_text", "household_id", "period"];
    let starts_well = id.starts_with(|it: char| it.is_ascii_lowercase());
    if !starts_well || !id.chars().all(is_word) || id.contains("__") || reserved.contains(&id) {
        let message = format!("`{id}` cannot be an id");
        let hint = "use lower-case letters, digits and single `_`, and none of the reserved names";
        sink.report(at.finding(&codes::BAD_VALUE, message).hint(hint));
    }
}

/// `label = { en = "…", zh = "…" }` in every language of the pack.
pub(crate) fn label(fields: &Fields<'_>, languages: &[String]) -> Label {
    let Some(entry) = fields.required("label") else { return Label::default() };
    let Value::Table(entries) = &entry.item.value else {
        wrong_type(&entry.item, "a table of languages", fields.sink());
        return Label::default();
    };
    let mut label = Vec::new();
    for language in languages {
        match entries.iter().find(|it| it.name == *language) {
            Some(found) => {
                if let Some((it, _)) = text(&found.item, fields.sink()) {
                    label.push((language.clone(), it.to_owned()));
                }
            }
            None => {
                let message = format!("the label has no `{language}`");
                let finding = entry.item.at.finding(&codes::LABEL_INCOMPLETE, message);
                fields.sink().report(finding.hint(format!("add `{language} = \"…\"`")));
            }
        }
    }
    for entry in entries.iter().filter(|it| !languages.contains(&it.name)) {
        let message = format!("`{}` is not a language of this pack", entry.name);
        let finding = entry.at.finding(&codes::UNKNOWN_KEY, message);
        fields.sink().report(finding.hint("add it to `languages` in pack.toml, or take it out"));
    }
    Label(label)
}

/// `reference = [{ title, href }]` or `[{ title, proposal = true }]`.
pub(crate) fn references(fields: &Fields<'_>) -> Vec<Reference> {
    let mut references = Vec::new();
    for item in fields.list("reference") {
        let Some(own) = Fields::of(item, fields.sink()) else { continue };
        let title = own.required_text("title").map(|it| it.0.to_owned());
        let href = own.text("href").map(|it| it.0.to_owned());
        let is_proposal = own.boolean("proposal");
        own.finish();
        if let Some(title) = title {
            references.push(Reference { title, href, is_proposal });
        }
    }
    references
}

/// A lint where nothing says where a value comes from.
pub(crate) fn want_reference(references: &[Reference], at: &At, what: &str, sink: &Sink) {
    if references.is_empty() {
        let hint = "add `reference = [{ title = \"…\", href = \"…\" }]`, or `proposal = true` where \
                    nobody published it";
        sink.report(
            at.finding(&codes::NO_REFERENCE, format!("{what} has no reference")).hint(hint),
        );
    }
}

/// A period of the pack's kind: text, a date, or for years and waves a number.
pub(crate) fn period(item: &Item, context: &Context<'_>) -> Option<Period> {
    let kind = context.header.period_kind;
    let text = match &item.value {
        Value::Text(it) => it.clone(),
        Value::Whole(it) => it.to_string(),
        Value::Date(it) => it.to_string().chars().take(10).collect(),
        _ => {
            wrong_type(item, "a period", context.sink);
            return None;
        }
    };
    match Period::parse(kind, &text) {
        Ok(period) => Some(period),
        Err(error) => {
            let finding = item.at.finding(&codes::BAD_VALUE, error.to_string());
            let hint = format!("this pack's periods are written like {}", kind.shape());
            context.sink.report(finding.hint(hint));
            None
        }
    }
}

/// An area code whose length is one of the pack's levels.
pub(crate) fn area(given: (&str, &At), context: &Context<'_>) -> AreaCode {
    let (text, at) = given;
    let levels = &context.header.area_levels;
    if !levels.is_empty() && !levels.contains(&text.len()) {
        let lengths: Vec<String> = levels.iter().map(usize::to_string).collect();
        let message = format!("`{text}` has {} characters, no level of the areas", text.len());
        let hint = format!("codes of this pack have {} characters", lengths.join(", "));
        context.sink.report(at.finding(&codes::BAD_VALUE, message).hint(hint));
    }
    AreaCode::new(text)
}
