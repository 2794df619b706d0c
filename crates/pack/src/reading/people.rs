//! people.toml.

use super::MergedFile;
use super::common::{Context, check_id, label, references, want_reference};
use crate::people::{CheckDigit, Duplicates, IdentityScheme, People, SEALED_FIELDS};
use crate::raw::tree::{Entry, Value};
use crate::raw::{At, Fields};
use base::codes::pack as codes;
use regex::{Regex, RegexBuilder};

/// Characters of an identity number that a mask leaves readable at most. A guard of the format and
/// no policy: which are shown is the pack's, and it may show fewer; but what is called a mask must
/// not be the number. A slip of the pen in a pack would else show everybody's to everybody who
/// reads people.
const SHOWN_MAX: u32 = 7;
/// What a shape may take when it is compiled, in bytes.
const SHAPE_BYTES_MAX: usize = 1 << 18;

/// Reads people.toml; a pack without it names no scheme and compares nobody's names.
pub(crate) fn read(files: &[MergedFile], context: &Context<'_>) -> People {
    let mut people = People::default();
    let Some(file) = files.iter().find(|it| it.path == "people.toml") else { return people };
    let Some(fields) = Fields::of(&file.item, context.sink) else { return people };
    if let Some(entry) = fields.optional("scheme")
        && Fields::of(&entry.item, context.sink).is_some()
        && let Value::Table(entries) = &entry.item.value
    {
        people.schemes = entries.iter().filter_map(|it| scheme(it, context)).collect();
    }
    if let Some(entry) = fields.optional("duplicates") {
        people.duplicates = duplicates(entry, context);
    }
    if let Some(entry) = fields.optional("retention_months")
        && let Some(own) = Fields::of(&entry.item, context.sink)
    {
        let months = SEALED_FIELDS.iter().filter_map(|it| Some((*it, own.whole(it, 1)?)));
        people.retention_months = months.map(|it| (it.0.to_owned(), it.1)).collect();
        own.finish();
    }
    fields.finish();
    people
}

fn scheme(entry: &Entry, context: &Context<'_>) -> Option<IdentityScheme> {
    let fields = Fields::of(&entry.item, context.sink)?;
    check_id(&entry.name, &entry.at, context.sink);
    let label = label(&fields, &context.header.languages);
    let shape = fields.required_text("shape").and_then(|it| shape(it, context));
    let check = fields.required_word("check", &CheckDigit::ALL);
    let shown = fields.required("shown").and_then(|it| shown(it, context));
    let references = references(&fields);
    fields.finish();
    let what = format!("the scheme `{}`", entry.name);
    want_reference(&references, &entry.at, &what, context.sink);
    let (head, tail) = shown?;
    let id = entry.name.clone();
    Some(IdentityScheme { id, label, shape: shape?, check: check?, head, tail, references })
}

/// The whole number has to fit.
fn shape((text, at): (&str, &At), context: &Context<'_>) -> Option<Regex> {
    let whole = format!("^(?:{text})$");
    // One by itself first: `a)|(b` closes a bracket that is not its own.
    let build = |it: &str| RegexBuilder::new(it).size_limit(SHAPE_BYTES_MAX).build();
    match build(text).and_then(|_| build(&whole)) {
        Ok(shape) => Some(shape),
        Err(error) => {
            let why = error.to_string();
            let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let finding = at.finding(&codes::BAD_SHAPE, format!("`{text}` is no shape: {why}"));
            let hint = "write a regular expression for the number in capitals and without gaps, \
                        for example [0-9]{17}[0-9X]";
            context.sink.report(finding.hint(hint));
            None
        }
    }
}

fn shown(entry: &Entry, context: &Context<'_>) -> Option<(usize, usize)> {
    let fields = Fields::of(&entry.item, context.sink)?;
    let (head, tail) = (fields.required_whole("head", 0), fields.required_whole("tail", 0));
    fields.finish();
    let (head, tail) = (head?, tail?);
    if head + tail > SHOWN_MAX {
        let message = format!("{} characters would be shown of a masked number", head + tail);
        let finding = entry.item.at.finding(&codes::MASK_SHOWS_TOO_MUCH, message);
        context
            .sink
            .report(finding.hint(format!("show at most {SHOWN_MAX}, head and tail together")));
        return None;
    }
    Some((head as usize, tail as usize))
}

fn duplicates(entry: &Entry, context: &Context<'_>) -> Option<Duplicates> {
    let fields = Fields::of(&entry.item, context.sink)?;
    let share = |name: &'static str| {
        let item = &fields.required(name)?.item;
        let number = crate::raw::fields::number(item, context.sink)?;
        if (0.0..=1.0).contains(&number) {
            return Some(number);
        }
        let finding = item.at.finding(&codes::BAD_VALUE, format!("{number} is no share"));
        context.sink.report(finding.hint("write a number from 0 to 1"));
        None
    };
    let (names_min, pinyin_weight) = (share("names_min"), share("pinyin_weight"));
    let references = references(&fields);
    want_reference(&references, &entry.at, "`duplicates`", context.sink);
    fields.finish();
    Some(Duplicates { names_min: names_min?, pinyin_weight: pinyin_weight?, references })
}
