//! TOML as a tree whose every key and value knows the file and place it came from.
//!
//! Trees of an overlay and its base are merged here; nothing is checked against the format.

use super::sink::Sink;
use super::source::{At, Source};
use base::codes::pack as codes;
use std::sync::Arc;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

/// Syntax errors reported per file; those after the first few are mostly echoes.
const SYNTAX_ERRORS_MAX: usize = 5;

/// A value and its place.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// Where it stands.
    pub(crate) at: At,
    /// What it is.
    pub(crate) value: Value,
}

/// A TOML value.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Whole(i64),
    Number(f64),
    Boolean(bool),
    Date(Datetime),
    List(Vec<Item>),
    Table(Vec<Entry>),
}

/// A key of a table and its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The key, unquoted.
    pub(crate) name: String,
    /// Where the key stands.
    pub(crate) at: At,
    /// Its value.
    pub(crate) item: Item,
}

/// Reads a file; `None` where it is not TOML, after reporting why.
pub(crate) fn parse(source: &Arc<Source>, sink: &Sink) -> Option<Item> {
    let (table, errors) = DeTable::parse_recoverable(source.text());
    for error in errors.iter().take(SYNTAX_ERRORS_MAX) {
        let at = error.span().map_or_else(|| source.whole(), |it| source.at(it));
        let finding = at.finding(&codes::TOML_SYNTAX, error.message().trim().to_owned());
        sink.report(finding.hint("fix the TOML here; nothing else in this file was looked at"));
    }
    let value = Value::Table(entries(source, table.get_ref()));
    errors.is_empty().then(|| Item { at: source.whole(), value })
}

fn entries(source: &Arc<Source>, table: &DeTable<'_>) -> Vec<Entry> {
    let convert = |(key, value): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| {
        let name: &std::borrow::Cow<'_, str> = key.get_ref();
        let item = item(source, value);
        Entry { name: name.to_string(), at: source.at(key.span()), item }
    };
    let mut entries: Vec<Entry> = table.iter().map(convert).collect();
    // The parser sorts by name; people expect the order of the file.
    entries.sort_by_key(|it| it.at.start());
    entries
}

fn item(source: &Arc<Source>, value: &toml::Spanned<DeValue<'_>>) -> Item {
    let at = source.at(value.span());
    let value = match value.get_ref() {
        DeValue::String(it) => Value::Text(it.to_string()),
        DeValue::Integer(it) => i64::from_str_radix(it.as_str(), it.radix())
            .map_or(Value::Number(f64::INFINITY), Value::Whole),
        DeValue::Float(it) => Value::Number(it.as_str().parse().unwrap_or(f64::INFINITY)),
        DeValue::Boolean(it) => Value::Boolean(*it),
        DeValue::Datetime(it) => Value::Date(*it),
        DeValue::Array(list) => Value::List(list.iter().map(|it| item(source, it)).collect()),
        DeValue::Table(table) => Value::Table(entries(source, table)),
    };
    Item { at, value }
}

/// Lays `over` on `under`, table by table: keys of `over` win, everything but a table is replaced
/// whole, and every value keeps its own place.
pub(crate) fn merge(under: &mut Item, over: Item) {
    match (&mut under.value, over.value) {
        (Value::Table(below), Value::Table(above)) => {
            // What stands on top is what someone changed last and will look at.
            under.at = over.at;
            for entry in above {
                match below.iter_mut().find(|it| it.name == entry.name) {
                    Some(found) => {
                        found.at = entry.at;
                        merge(&mut found.item, entry.item);
                    }
                    None => below.push(entry),
                }
            }
        }
        (_, value) => *under = Item { at: over.at, value },
    }
}

impl Item {
    /// What it is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Text(_) => "text",
            Value::Whole(_) => "a whole number",
            Value::Number(_) => "a number",
            Value::Boolean(_) => "true or false",
            Value::Date(_) => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }

    /// The value of a key, where this is a table that has it.
    pub(crate) fn entry(&self, name: &str) -> Option<&Entry> {
        let Value::Table(entries) = &self.value else { return None };
        entries.iter().find(|it| it.name == name)
    }

    /// Takes keys out, where this is a table.
    pub(crate) fn drop_keys(&mut self, names: &[&str]) {
        if let Value::Table(entries) = &mut self.value {
            entries.retain(|it| !names.contains(&it.name.as_str()));
        }
    }
}
