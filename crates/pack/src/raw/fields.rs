//! The keys of one table: asked for by name, reported where they are missing, of another type, or
//! never asked for.

use super::sink::Sink;
use super::source::At;
use super::suggest::{hint_among, nearest};
use super::tree::{Entry, Item, Value};
use base::codes::pack as codes;
use std::cell::RefCell;

/// A table being read. Call [`Fields::finish`] when every key it may have was asked for.
pub(crate) struct Fields<'a> {
    item: &'a Item,
    sink: &'a Sink,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Fields<'a> {
    /// A table, or `None` after reporting that it is none.
    pub(crate) fn of(item: &'a Item, sink: &'a Sink) -> Option<Self> {
        if let Value::Table(_) = item.value {
            return Some(Self { item, sink, asked: RefCell::default() });
        }
        wrong_type(item, "a table", sink);
        None
    }

    /// Where findings go.
    pub(crate) fn sink(&self) -> &'a Sink {
        self.sink
    }

    /// Where the table stands.
    pub(crate) fn at(&self) -> &'a At {
        &self.item.at
    }

    /// A key that may be absent.
    pub(crate) fn optional(&self, name: &'static str) -> Option<&'a Entry> {
        self.asked.borrow_mut().push(name);
        self.item.entry(name)
    }

    /// A key that must be there.
    pub(crate) fn required(&self, name: &'static str) -> Option<&'a Entry> {
        let found = self.optional(name);
        if found.is_none() {
            let finding = self.item.at.finding(&codes::MISSING_KEY, format!("`{name}` is missing"));
            self.sink.report(finding.hint(format!("add `{name} = …`")));
        }
        found
    }

    /// Text that may be absent.
    pub(crate) fn text(&self, name: &'static str) -> Option<(&'a str, &'a At)> {
        self.optional(name).and_then(|it| text(&it.item, self.sink))
    }

    /// Text that must be there.
    pub(crate) fn required_text(&self, name: &'static str) -> Option<(&'a str, &'a At)> {
        self.required(name).and_then(|it| text(&it.item, self.sink))
    }

    /// A finite number that may be absent.
    pub(crate) fn number(&self, name: &'static str) -> Option<f64> {
        self.optional(name).and_then(|it| number(&it.item, self.sink))
    }

    /// A whole number from `min` on that may be absent.
    pub(crate) fn whole(&self, name: &'static str, min: i64) -> Option<u32> {
        self.optional(name).and_then(|it| whole(&it.item, min, self.sink))
    }

    /// A whole number from `min` on that must be there.
    pub(crate) fn required_whole(&self, name: &'static str, min: i64) -> Option<u32> {
        self.required(name).and_then(|it| whole(&it.item, min, self.sink))
    }

    /// True or false; false where absent.
    pub(crate) fn boolean(&self, name: &'static str) -> bool {
        match self.optional(name).map(|it| &it.item) {
            None => false,
            Some(Item { value: Value::Boolean(it), .. }) => *it,
            Some(other) => {
                wrong_type(other, "true or false", self.sink);
                false
            }
        }
    }

    /// A list; empty where absent.
    pub(crate) fn list(&self, name: &'static str) -> &'a [Item] {
        match self.optional(name).map(|it| &it.item) {
            None => &[],
            Some(Item { value: Value::List(it), .. }) => it,
            Some(other) => {
                wrong_type(other, "a list", self.sink);
                &[]
            }
        }
    }

    /// A list of texts; empty where absent.
    pub(crate) fn texts(&self, name: &'static str) -> Vec<String> {
        let texts = self.list(name).iter().filter_map(|it| text(it, self.sink));
        texts.map(|(it, _)| it.to_owned()).collect()
    }

    /// One of a list of words.
    pub(crate) fn word<T: Copy>(&self, name: &'static str, words: &[(&str, T)]) -> Option<T> {
        self.text(name).and_then(|it| word(it, words, self.sink))
    }

    /// One of a list of words that must be there.
    pub(crate) fn required_word<T: Copy>(
        &self,
        name: &'static str,
        words: &[(&str, T)],
    ) -> Option<T> {
        self.required_text(name).and_then(|it| word(it, words, self.sink))
    }

    /// Reports keys that nothing asked for.
    pub(crate) fn finish(self) {
        let Value::Table(entries) = &self.item.value else { return };
        let asked = self.asked.borrow();
        for entry in entries.iter().filter(|it| !asked.contains(&it.name.as_str())) {
            let hint = match nearest(&entry.name, asked.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => hint_among(&entry.name, &asked),
            };
            let message = format!("`{}` is not a key of this table", entry.name);
            self.sink.report(entry.at.finding(&codes::UNKNOWN_KEY, message).hint(hint));
        }
    }
}

/// Reports a value of another type.
pub(crate) fn wrong_type(item: &Item, wanted: &str, sink: &Sink) {
    let message = format!("{wanted} is needed here, this is {}", item.kind());
    let finding = item.at.finding(&codes::WRONG_TYPE, message);
    sink.report(finding.hint(format!("write {wanted}")));
}

/// A text that is not empty.
pub(crate) fn text<'a>(item: &'a Item, sink: &Sink) -> Option<(&'a str, &'a At)> {
    match &item.value {
        Value::Text(it) if !it.trim().is_empty() => Some((it, &item.at)),
        Value::Text(_) => {
            let finding = item.at.finding(&codes::BAD_VALUE, "the text is empty");
            sink.report(finding.hint("write something, or leave the key out"));
            None
        }
        _ => {
            wrong_type(item, "text", sink);
            None
        }
    }
}

/// A finite number.
pub(crate) fn number(item: &Item, sink: &Sink) -> Option<f64> {
    match item.value {
        Value::Whole(it) => Some(it as f64),
        Value::Number(it) if it.is_finite() => Some(it),
        _ => {
            wrong_type(item, "a finite number", sink);
            None
        }
    }
}

fn whole(item: &Item, min: i64, sink: &Sink) -> Option<u32> {
    let fitting = |it: i64| u32::try_from(it).ok().filter(|_| it >= min && it <= 100_000);
    match item.value {
        Value::Whole(it) if fitting(it).is_some() => fitting(it),
        Value::Whole(it) => {
            let message = format!("{it} is not a whole number from {min} to 100000");
            let finding = item.at.finding(&codes::BAD_VALUE, message);
            sink.report(finding.hint(format!("use at least {min}")));
            None
        }
        _ => {
            wrong_type(item, "a whole number", sink);
            None
        }
    }
}

fn word<T: Copy>((text, at): (&str, &At), words: &[(&str, T)], sink: &Sink) -> Option<T> {
    let found = words.iter().find(|it| it.0 == text).map(|it| it.1);
    if found.is_none() {
        let names: Vec<&str> = words.iter().map(|it| it.0).collect();
        let message = format!("`{text}` is not one of {}", names.join(", "));
        sink.report(at.finding(&codes::BAD_VALUE, message).hint(hint_among(text, &names)));
    }
    found
}
