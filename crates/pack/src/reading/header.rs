//! pack.toml.

use super::common::{check_id, label};
use crate::model::{Label, ReservedColumns};
use crate::raw::fields::number;
use crate::raw::tree::{Item, Value};
use crate::raw::{Fields, Sink};
use base::PeriodKind;
use base::codes::pack as codes;
use jiff::civil::Date;

/// What pack.toml says.
pub(crate) struct Header {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) label: Label,
    pub(crate) authority: String,
    pub(crate) effective_from: Option<Date>,
    pub(crate) period_kind: PeriodKind,
    pub(crate) currency: String,
    pub(crate) languages: Vec<String>,
    pub(crate) area_levels: Vec<usize>,
    pub(crate) columns: ReservedColumns,
}

/// Reads pack.toml; `folder` is the name that the id must equal.
pub(crate) fn read(item: &Item, folder: &str, sink: &Sink) -> Option<Header> {
    let fields = Fields::of(item, sink)?;
    let id = fields.required_text("id");
    if let Some((id, at)) = id {
        check_id(id, at, sink);
        if !folder.is_empty() && id != folder {
            let message = format!("the id is `{id}` but the folder is called `{folder}`");
            let finding = at.finding(&codes::BAD_VALUE, message);
            sink.report(finding.hint("give both the same name"));
        }
    }
    let version = fields.required_text("version").map(|it| it.0.to_owned());
    let authority = fields.required_text("authority").map(|it| it.0.to_owned());
    let kinds = PeriodKind::ALL.map(|it| (it.name(), it));
    let period_kind = fields.required_word("period", &kinds);
    let currency = fields.text("currency").map_or("", |it| it.0).to_owned();
    let mut languages = fields.texts("languages");
    if languages.is_empty() {
        languages.push("en".to_owned());
    }
    let label = label(&fields, &languages);
    let effective_from = effective_from(&fields, sink);
    let area_levels = area_levels(&fields, sink);
    let columns = columns(&fields, sink);
    fields.finish();
    Some(Header {
        id: id?.0.to_owned(),
        version: version?,
        label,
        authority: authority?,
        effective_from,
        period_kind: period_kind?,
        currency,
        languages,
        area_levels,
        columns,
    })
}

fn effective_from(fields: &Fields<'_>, sink: &Sink) -> Option<Date> {
    let entry = fields.optional("effective_from")?;
    let text = match &entry.item.value {
        Value::Date(it) => it.to_string(),
        Value::Text(it) => it.clone(),
        _ => String::new(),
    };
    let date = text.get(..10).and_then(|it| it.parse().ok());
    if date.is_none() {
        let finding = entry.item.at.finding(&codes::BAD_VALUE, "this is not a day");
        sink.report(finding.hint("write it like 2020-06-01, without quotes"));
    }
    date
}

fn area_levels(fields: &Fields<'_>, sink: &Sink) -> Vec<usize> {
    let items = fields.list("area_levels");
    let levels: Vec<f64> = items.iter().filter_map(|it| number(it, sink)).collect();
    let is_ascending = levels.windows(2).all(|it| it[0] < it[1]);
    let are_lengths = levels.iter().all(|it| *it >= 1.0 && *it <= 64.0 && it.fract() == 0.0);
    if let Some(first) = items.first().filter(|_| !is_ascending || !are_lengths) {
        let message = "levels are lengths of codes, ascending";
        let finding = first.at.finding(&codes::BAD_VALUE, message);
        sink.report(finding.hint("for example [2, 4, 6, 9, 12]"));
        return Vec::new();
    }
    levels.into_iter().map(|it| it as usize).collect()
}

fn columns(fields: &Fields<'_>, sink: &Sink) -> ReservedColumns {
    let mut columns = ReservedColumns {
        household_id: "household_id".to_owned(),
        period: "period".to_owned(),
        area_code: "area_code".to_owned(),
    };
    let own = fields.optional("columns").and_then(|it| Fields::of(&it.item, sink));
    if let Some(own) = own {
        let set = |name: &'static str, target: &mut String| {
            if let Some((it, _)) = own.text(name) {
                it.clone_into(target);
            }
        };
        set("household_id", &mut columns.household_id);
        set("period", &mut columns.period);
        set("area_code", &mut columns.area_code);
        own.finish();
    }
    columns
}
