//! Sentences about indicators, triggers and changes, in both languages: every template stands here,
//! names, values and units come from the pack.

mod amounts;
mod known;
mod share;

pub use amounts::{amount, plain, unit, unit_of, value};
pub use known::Known;

use crate::words::{Both, Language};
use base::Band;
use monitor::explain::{Value, WayOut};
use pack::expr::Node;
use pack::functions::Function;
use pack::{Expr, Indicator, Label, Pack, SeverityRule};
use share::Share;

/// Why an indicator weighs: its value in words, e.g. "All debt, 30,000 yuan, is 68 % of net income
/// of the last twelve months, 44,000 yuan a year".
pub fn of_indicator(indicator: &Indicator, value: Option<&Value>, known: &Known<'_>) -> Both {
    let made = Share::of(indicator, known);
    let plain = match indicator.value.as_ref().map(|it| &it.node) {
        Some(Node::Attribute(index)) => known.attribute(*index),
        _ => None,
    };
    Both::each(|language| match (&made, value.or(plain.as_ref())) {
        (Some(share), _) => share.sentence(language),
        (None, Some(value)) => {
            let shown = own_value(known.pack, indicator, value, language);
            joined(indicator.label.get(language.code()), &shown, language)
        }
        (None, None) => from_attributes(indicator, known, language),
    })
}

/// The value of an indicator as its own pack would name it.
pub fn own_value(pack: &Pack, indicator: &Indicator, value: &Value, language: Language) -> String {
    let node = indicator.value.as_ref().map(|it| &it.node);
    match (node, value) {
        (Some(Node::Attribute(it)), _) => amounts::value(&pack.attributes[*it], value, language),
        (Some(Node::Call(Function::Ratio, _)), Value::Number(number)) if is_pure(indicator) => {
            amounts::share(*number, language)
        }
        (_, Value::Number(number)) => {
            let unit = indicator.value.as_ref().and_then(unit_of_expr).map(ToString::to_string);
            amount(*number, unit.as_deref(), language)
        }
        (_, other) => plain(other, language),
    }
}

fn is_pure(indicator: &Indicator) -> bool {
    indicator.value.as_ref().and_then(unit_of_expr).is_none_or(pack::Unit::is_one)
}

/// The unit of an expression that gives a number.
pub fn unit_of_expr(expr: &Expr) -> Option<&pack::Unit> {
    if let pack::Type::Number(unit) = &expr.ty { unit.as_ref() } else { None }
}

/// An indicator without a value of its own: what its rules look at, as far as it is known.
fn from_attributes(indicator: &Indicator, known: &Known<'_>, language: Language) -> String {
    let label = indicator.label.get(language.code());
    let levels = match &indicator.severity {
        SeverityRule::Levels(levels) => levels.iter().map(|it| &it.when).collect(),
        _ => Vec::new(),
    };
    let mut read: Vec<usize> = Vec::new();
    for index in indicator.value.iter().chain(levels).flat_map(Expr::attributes) {
        if !read.contains(&index) {
            read.push(index);
        }
    }
    let told = read.into_iter().filter_map(|index| {
        let value = known.attribute(index)?;
        let is_nothing = matches!(value, Value::Number(it) if it == 0.0);
        if is_nothing || value == Value::Boolean(false) {
            return None;
        }
        let attribute = &known.pack.attributes[index];
        let name = attribute.label.get(language.code());
        let name = if language == Language::En { lower(name) } else { name.to_owned() };
        let shown = amounts::value(attribute, &value, language);
        Some(match (value, language) {
            // What is so is told by its name alone, and a name is not told twice.
            (Value::Boolean(true), _) => name,
            _ if name == lower(label) => shown,
            (_, Language::En) => format!("{name} {shown}"),
            (_, Language::Zh) => format!("{name}{shown}"),
        })
    });
    let told: Vec<String> = told.take(2).collect();
    if told.is_empty() {
        return label.to_owned();
    }
    joined(label, &told.join(if language == Language::En { ", " } else { "，" }), language)
}

fn joined(label: &str, value: &str, language: Language) -> String {
    match language {
        Language::En => format!("{label}: {value}"),
        Language::Zh => format!("{label}：{value}"),
    }
}

/// A name inside a sentence: its first letter small, unless it is an abbreviation.
fn lower(name: &str) -> String {
    let mut rest = name.chars();
    match (rest.next(), rest.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(rest).collect()
        }
        _ => name.to_owned(),
    }
}

/// A key judgement that fired.
pub fn of_key(reason: &Both, band: Band) -> Both {
    Both {
        en: format!("{}; this alone makes it at least {band}", reason.en),
        zh: format!("{}；仅此一项即不低于{}色", reason.zh, band.name_zh()),
    }
}

/// A key judgement that could not be made.
pub fn of_unjudged(label: &Label) -> Both {
    Both {
        en: format!("{}: not known, so it could not be judged", label.get("en")),
        zh: format!("{}：情况不明，无法研判", label.get("zh")),
    }
}

/// A trigger that fired.
pub fn of_trigger(label: &Label, department: Option<&str>) -> Both {
    let told = department.map(|it| format!(" ({})", it.replace('_', " "))).unwrap_or_default();
    Both { en: format!("{}{told}", label.get("en")), zh: label.get("zh").to_owned() }
}

/// A change that would leave the band: what would have to be which, instead of what; of a state
/// without a measure only that it would have to be better.
pub fn of_way_out(name: &Label, moves: Option<(&Both, &Both, Option<bool>)>, way: &WayOut) -> Both {
    let (en, zh) = (lower(name.get("en")), name.get("zh"));
    let (band, band_zh) = (way.band, way.band.name_zh());
    let Some((from, to, falls)) = moves else {
        return Both {
            en: format!("If it were better about {en}, it would be {band}"),
            zh: format!("若{zh}好转，则为{band_zh}色"),
        };
    };
    let (least, least_zh) = match falls {
        Some(true) => ("at most ", "不超过"),
        Some(false) => ("at least ", "不低于"),
        None => ("", "为"),
    };
    Both {
        en: format!("If {en} were {least}{} instead of {}, it would be {band}", to.en, from.en),
        zh: format!("若{zh}{least_zh}{}（现为{}），则为{band_zh}色", to.zh, from.zh),
    }
}

/// A band that changed.
pub fn of_band(before: Option<Band>, band: Band, period: &str) -> Both {
    match before {
        Some(before) => Both {
            en: format!("{period}: {before} became {band}"),
            zh: format!("{period}：由{}转为{}", before.name_zh(), band.name_zh()),
        },
        None => {
            Both { en: format!("{period}: {band}"), zh: format!("{period}：{}", band.name_zh()) }
        }
    }
}

/// A warning that was raised, taken note of, or ended.
pub fn of_warning(deed: Deed, urgency: Band) -> Both {
    let (en, zh) = match deed {
        Deed::Raised => ("Warning raised", "发出预警"),
        Deed::Acknowledged => ("Warning acknowledged", "预警已签收"),
        Deed::Ended => ("Warning ended", "预警已解除"),
    };
    Both { en: format!("{en}: {urgency}"), zh: format!("{zh}：{}", urgency.name_zh()) }
}

/// What became of a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It was raised.
    Raised,
    /// Somebody took note.
    Acknowledged,
    /// Its rules do not hold any more.
    Ended,
}

/// A fact, and what it was before where it corrects another one.
pub fn of_fact(name: &Both, value: &Both, before: Option<&Both>) -> Both {
    match before {
        Some(before) => Both {
            en: format!("{}: {} instead of {}", name.en, value.en, before.en),
            zh: format!("{}：{}更正为{}", name.zh, before.zh, value.zh),
        },
        None => Both {
            en: format!("{}: {}", name.en, value.en),
            zh: format!("{}：{}", name.zh, value.zh),
        },
    }
}

/// A fact that was taken back, as it was told.
pub fn of_retraction(told: &Both) -> Both {
    Both { en: format!("Taken back: {}", told.en), zh: format!("已撤回：{}", told.zh) }
}
