//! Values as people write them: thousands apart, units in words.

use crate::words::Language;
use monitor::explain::Value;
use pack::{Attribute, AttributeType};

/// Words of units, English and Chinese; others stand as they are.
const UNITS: &[(&str, &str, &str)] = &[
    ("yuan", "yuan", "元"),
    ("year", "years", "年"),
    ("month", "months", "个月"),
    ("day", "days", "天"),
    ("person", "people", "人"),
    ("litre", "litres", "升"),
    ("minute", "minutes", "分钟"),
    ("m2", "m²", "平方米"),
    ("event", "times", "次"),
    ("item", "items", "项"),
    ("measure", "measures", "项"),
    ("risk", "risks", "项"),
    ("service", "services", "项"),
    ("source", "kinds", "种"),
    ("complaint", "complaints", "件"),
];

/// A number in a unit, e.g. `21,400 yuan a year`.
pub fn amount(number: f64, unit_text: Option<&str>, language: Language) -> String {
    let shown = number_text(number, language);
    match unit_text.map(|it| unit(it, number, language)).filter(|it| !it.is_empty()) {
        Some(unit) if language == Language::En => format!("{shown} {unit}"),
        Some(unit) => format!("{shown}{unit}"),
        None => shown,
    }
}

/// A unit in words; empty for pure numbers.
pub fn unit(text: &str, number: f64, language: Language) -> String {
    if text == "1" || text.is_empty() {
        return String::new();
    }
    let mut parts = text.split('/');
    let first = parts.next().unwrap_or_default();
    let known = |part: &str| UNITS.iter().find(|it| it.0 == part);
    let is_one = (number.abs() - 1.0).abs() < f64::EPSILON;
    match language {
        Language::En => {
            let mut words = match known(first) {
                Some(it) if !is_one => it.1.to_owned(),
                _ => first.to_owned(),
            };
            parts.for_each(|it| words.push_str(&format!(" a {it}")));
            words
        }
        Language::Zh => {
            let mut words = known(first).map_or(first, |it| it.2).to_owned();
            for part in parts {
                words.push('/');
                words.push_str(known(part).map_or(part, |it| it.2.trim_start_matches('个')));
            }
            words
        }
    }
}

/// A share as percent, e.g. `68 %`.
pub fn share(share: f64, language: Language) -> String {
    if share.is_infinite() {
        return number_text(share, language);
    }
    let percent = number_text((share * 100.0).round(), language);
    if language == Language::En { format!("{percent} %") } else { format!("{percent}%") }
}

/// The unit of an attribute; empty where it has none.
pub fn unit_of(attribute: &Attribute) -> String {
    match &attribute.ty {
        AttributeType::Number { unit, .. } if !unit.is_one() => unit.to_string(),
        _ => String::new(),
    }
}

/// The value of an attribute: with its unit, as percent where it is a share of one, or its
/// category's name.
pub fn value(attribute: &Attribute, it: &Value, language: Language) -> String {
    match (&attribute.ty, it) {
        (AttributeType::Number { unit, max: Some(max), .. }, Value::Number(number))
            if unit.is_one() && *max == 1.0 =>
        {
            share(*number, language)
        }
        (AttributeType::Number { .. }, Value::Number(number)) => {
            amount(*number, Some(&unit_of(attribute)), language)
        }
        (AttributeType::Text { categories }, Value::Text(text)) => {
            let category = categories.iter().find(|it| it.value == *text);
            let label = category.map(|it| it.label.get(language.code()));
            label.filter(|it| !it.is_empty()).unwrap_or(text).to_owned()
        }
        _ => plain(it, language),
    }
}

/// A value without anything known about it.
pub fn plain(it: &Value, language: Language) -> String {
    let is_en = language == Language::En;
    match it {
        Value::Number(number) => number_text(*number, language),
        Value::Boolean(true) => (if is_en { "yes" } else { "是" }).to_owned(),
        Value::Boolean(false) => (if is_en { "no" } else { "否" }).to_owned(),
        Value::Text(text) => text.clone(),
    }
}

/// A number with its thousands apart and at most two decimals.
fn number_text(number: f64, language: Language) -> String {
    if !number.is_finite() {
        return (if language == Language::En { "beyond all measure" } else { "远超" }).to_owned();
    }
    let decimals = if number.abs() >= 100.0 { 0 } else { 2 };
    let text = format!("{:.decimals$}", number.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let rest = rest.trim_end_matches('0');
    let sign = if number < 0.0 && (whole != "0" || !rest.is_empty()) { "−" } else { "" };
    if rest.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_write_them() {
        let en = |number, unit| amount(number, Some(unit), Language::En);
        assert_eq!(en(21_400.0, "yuan/year"), "21,400 yuan a year");
        assert_eq!(en(1.0, "month"), "1 month");
        assert_eq!(en(-0.001, "1"), "0");
        assert_eq!(en(1_234_567.8, "yuan"), "1,234,568 yuan");
        assert_eq!(amount(13.5, Some("m2/person"), Language::Zh), "13.5平方米/人");
        assert_eq!(amount(3.0, Some("month"), Language::Zh), "3个月");
        assert_eq!(share(0.678, Language::En), "68 %");
    }
}
