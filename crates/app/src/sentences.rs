//! Sentences about indicators, triggers and changes, in both languages: every template stands here,
//! names, values and units come from the pack.

mod amounts;

pub use amounts::{amount, plain, unit, unit_of, value};

use crate::words::{Both, Language};
use base::Band;
use monitor::explain::{Value, WayOut};
use pack::expr::{Arithmetic, Node};
use pack::functions::Function;
use pack::{Expr, Indicator, Label, Pack, SeverityRule};

/// What a household's row says of an attribute, by its index in the pack.
pub type Known<'a> = &'a dyn Fn(usize) -> Option<Value>;

/// Why an indicator weighs: its value in words, e.g. "All debt, 30,000 yuan, is 68 % of net income
/// of the last twelve months, 44,000 yuan a year".
pub fn of_indicator(
    pack: &Pack,
    indicator: &Indicator,
    value: Option<&Value>,
    known: Known<'_>,
) -> Both {
    let made = Share::of(pack, indicator, known);
    let plain = match indicator.value.as_ref().map(|it| &it.node) {
        Some(Node::Attribute(index)) => known(*index),
        _ => None,
    };
    Both::each(|language| match (&made, value.or(plain.as_ref())) {
        (Some(share), _) => share.sentence(language),
        (None, Some(value)) => {
            let shown = own_value(pack, indicator, value, language);
            joined(indicator.label.get(language.code()), &shown, language)
        }
        (None, None) => from_attributes(pack, indicator, known, language),
    })
}

/// The value of an indicator as its own pack would name it.
fn own_value(pack: &Pack, indicator: &Indicator, value: &Value, language: Language) -> String {
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

/// An indicator that is one amount against another.
struct Share<'a> {
    above: (&'a Label, f64, String),
    below: (&'a Label, f64, String),
}

impl<'a> Share<'a> {
    fn of(pack: &'a Pack, indicator: &Indicator, known: Known<'_>) -> Option<Self> {
        let (above, below) = operands(indicator.value.as_ref()?)?;
        if !is_pure(indicator) {
            return None;
        }
        let part = |expr: &Expr| match expr.node {
            Node::Attribute(index) => {
                let Some(Value::Number(number)) = known(index) else { return None };
                let attribute = &pack.attributes[index];
                Some((&attribute.label, number, unit_of(attribute)))
            }
            _ => None,
        };
        let share = Self { above: part(above)?, below: part(below)? };
        (share.above.1 > 0.0).then_some(share)
    }

    fn sentence(&self, language: Language) -> String {
        let side = |it: &(&Label, f64, String)| {
            (it.0.get(language.code()).to_owned(), amount(it.1, Some(&it.2), language))
        };
        let ((a, above), (b, below)) = (side(&self.above), side(&self.below));
        let share = self.above.1 / self.below.1;
        match (language, self.below.1 > 0.0) {
            (Language::En, true) => {
                let share = amounts::share(share, language);
                format!("{a}, {above}, is {share} of {}, {below}", lower(&b))
            }
            (Language::En, false) => format!("{a}, {above}, against {}, {below}", lower(&b)),
            (Language::Zh, true) => {
                format!("{a}{above}，为{b}（{below}）的{}", amounts::share(share, language))
            }
            (Language::Zh, false) => format!("{a}{above}，而{b}为{below}"),
        }
    }
}

/// The two sides of a ratio or quotient.
pub fn operands(expr: &Expr) -> Option<(&Expr, &Expr)> {
    match &expr.node {
        Node::Call(Function::Ratio, arguments) => Some((arguments.first()?, arguments.get(1)?)),
        Node::Arithmetic(Arithmetic::Divide, above, below) => Some((above, below)),
        _ => None,
    }
}

/// An indicator without a value of its own: what its rules look at, as far as it is known.
fn from_attributes(
    pack: &Pack,
    indicator: &Indicator,
    known: Known<'_>,
    language: Language,
) -> String {
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
        let value = known(index)?;
        let is_nothing = matches!(value, Value::Number(it) if it == 0.0);
        if is_nothing || value == Value::Boolean(false) {
            return None;
        }
        let attribute = &pack.attributes[index];
        let shown = amounts::value(attribute, &value, language);
        let name = attribute.label.get(language.code());
        let name = if language == Language::En { lower(name) } else { name.to_owned() };
        Some(if language == Language::En {
            format!("{name} {shown}")
        } else {
            format!("{name}{shown}")
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

/// A change that would leave the band: what would have to be which, instead of what.
pub fn of_way_out(name: &Label, from: &Both, to: &Both, falls: Option<bool>, way: &WayOut) -> Both {
    let (name_en, name_zh) = (lower(name.get("en")), name.get("zh"));
    let (least, least_zh) = match falls {
        Some(true) => ("at most ", "不超过"),
        Some(false) => ("at least ", "不低于"),
        None => ("", "为"),
    };
    Both {
        en: format!(
            "If {name_en} were {least}{} instead of {}, it would be {}",
            to.en, from.en, way.band
        ),
        zh: format!(
            "若{name_zh}{least_zh}{}（现为{}），则为{}色",
            to.zh,
            from.zh,
            way.band.name_zh()
        ),
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
