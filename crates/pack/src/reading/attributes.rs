//! attributes/**/ID.toml.

use super::MergedFile;
use super::common::{Context, files_below, label, references};
use crate::model::{Attribute, AttributeType, Category, FactKind, FromFacts, Mark, Subject, Take};
use crate::raw::Fields;
use crate::raw::tree::Item;
use crate::unit::Unit;
use base::codes::pack as codes;

/// Every attribute, by id.
pub(crate) fn read(files: &[MergedFile], context: &Context<'_>) -> Vec<Attribute> {
    let own = files_below(files, "attributes/", context.sink);
    own.into_iter().filter_map(|(id, item)| attribute(id, item, context)).collect()
}

#[derive(Clone, Copy)]
enum Kind {
    Number,
    Boolean,
    Text,
}

fn attribute(id: String, item: &Item, context: &Context<'_>) -> Option<Attribute> {
    let fields = Fields::of(item, context.sink)?;
    let label = label(&fields, &context.header.languages);
    let words = [("number", Kind::Number), ("boolean", Kind::Boolean), ("text", Kind::Text)];
    let kind = fields.required_word("type", &words);
    let ty = kind.and_then(|it| attribute_type(it, &fields, context));
    let source = fields.text("source").map(|it| it.0.to_owned());
    let freshness_periods = fields.whole("freshness", 0);
    let retention_months = fields.whole("retention_months", 1);
    let is_sensitive = fields.boolean("sensitive");
    let columns = fields.texts("columns");
    let references = references(&fields);
    let from = fields.optional("from").and_then(|it| from_facts(&it.item, context));
    let mark = fields.optional("mark").and_then(|it| mark(&it.item, from.as_ref(), context));
    let place = fields.at().place();
    fields.finish();
    let ty = ty?;
    Some(Attribute {
        id,
        label,
        ty,
        source,
        freshness_periods,
        retention_months,
        is_sensitive,
        columns,
        from,
        mark,
        references,
        place,
    })
}

/// `[mark]`: only states of members that are counted say of each member whether they hold.
fn mark(item: &Item, from: Option<&FromFacts>, context: &Context<'_>) -> Option<Mark> {
    let fields = Fields::of(item, context.sink)?;
    let label = label(&fields, &context.header.languages);
    let is_health = fields.boolean("health");
    fields.finish();
    let is_counted = from.is_some_and(|it| {
        let takes = matches!(it.take, Take::Count | Take::Any);
        takes && (it.subject, it.kind) == (Subject::Member, FactKind::State)
    });
    if !is_counted {
        let message = "nothing here says of a member whether it holds";
        let finding = item.at.finding(&codes::BAD_VALUE, message);
        let hint = "a mark needs `[from]` with subject = \"member\", kind = \"state\" and take = \
                    \"count\" or \"any\"";
        context.sink.report(finding.hint(hint));
        return None;
    }
    Some(Mark { label, is_health })
}

fn attribute_type(kind: Kind, fields: &Fields<'_>, context: &Context<'_>) -> Option<AttributeType> {
    match kind {
        Kind::Boolean => Some(AttributeType::Boolean),
        Kind::Number => {
            let unit = unit(fields);
            let (min, max) = (fields.number("min"), fields.number("max"));
            if let (Some(min), Some(max)) = (min, max)
                && min > max
            {
                let finding = fields.at().finding(&codes::BAD_VALUE, "`min` is above `max`");
                context.sink.report(finding.hint("exchange the two"));
            }
            Some(AttributeType::Number { unit: unit?, min, max })
        }
        Kind::Text => {
            let mut categories: Vec<Category> = Vec::new();
            for item in fields.list("categories") {
                let Some(own) = Fields::of(item, context.sink) else { continue };
                let label = label(&own, &context.header.languages);
                let value = own.required_text("value");
                own.finish();
                let Some((value, at)) = value else { continue };
                if categories.iter().any(|it| it.value == value) {
                    let message = format!("the category `{value}` is listed twice");
                    let finding = at.finding(&codes::DUPLICATE_ID, message);
                    context.sink.report(finding.hint("take one of the two out"));
                }
                categories.push(Category { value: value.to_owned(), label });
            }
            Some(AttributeType::Text { categories })
        }
    }
}

/// `unit = "…"`, which must be there.
pub(super) fn unit(fields: &Fields<'_>) -> Option<Unit> {
    let (text, at) = fields.required_text("unit")?;
    let unit = Unit::parse(text);
    if unit.is_none() {
        let finding = at.finding(&codes::BAD_VALUE, format!("`{text}` is not a unit"));
        fields
            .sink()
            .report(finding.hint("write words joined by * and /, e.g. yuan/person/year, or 1"));
    }
    unit
}

fn from_facts(item: &Item, context: &Context<'_>) -> Option<FromFacts> {
    let fields = Fields::of(item, context.sink)?;
    let fact = fields.required_text("fact").map(|it| it.0.to_owned());
    let subjects =
        [("household", Subject::Household), ("member", Subject::Member), ("site", Subject::Site)];
    let subject = fields.required_word("subject", &subjects);
    let kinds = [
        ("amount", FactKind::Amount),
        ("cumulative_ytd", FactKind::CumulativeYtd),
        ("state", FactKind::State),
    ];
    let kind = fields.required_word("kind", &kinds);
    let takes = [
        ("sum", Take::Sum),
        ("latest", Take::Latest),
        ("max", Take::Max),
        ("min", Take::Min),
        ("count", Take::Count),
        ("any", Take::Any),
    ];
    let take = fields.required_word("take", &takes);
    let window_periods = fields.whole("window", 1);
    let absent = fields.number("absent");
    let matching = fields.texts("matching");
    if matches!(kind, Some(FactKind::Amount | FactKind::CumulativeYtd)) && window_periods.is_none()
    {
        let message = "an amount needs a `window`: over how many periods it is taken";
        let finding = item.at.finding(&codes::MISSING_KEY, message);
        context.sink.report(finding.hint("add `window = 12`"));
    }
    fields.finish();
    let (fact, subject, kind, take) = (fact?, subject?, kind?, take?);
    Some(FromFacts { fact, subject, kind, take, window_periods, absent, matching })
}
