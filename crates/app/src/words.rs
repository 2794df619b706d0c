//! Explanations in plain words, for officers and for the household itself, in English and Chinese.

use base::Band;
use monitor::explain::{Explanation, Value};
use monitor::indicators::State;
use pack::{Indicator, Pack, Type};

/// The language of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Chinese.
    Zh,
}

impl Language {
    /// Its code in packs.
    pub const fn code(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Zh => "zh",
        }
    }
}

/// The same in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Both {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Both {
    /// A label of a pack.
    pub fn of(label: &pack::Label) -> Self {
        Self { en: label.get("en").to_owned(), zh: label.get("zh").to_owned() }
    }

    /// Made once in each language.
    pub fn each(make: impl Fn(Language) -> String) -> Self {
        Self { en: make(Language::En), zh: make(Language::Zh) }
    }
}

/// The unit of an indicator's value, where it is a number.
pub fn unit(indicator: &Indicator) -> String {
    match indicator.value.as_ref().map(|it| &it.ty) {
        Some(Type::Number(Some(unit))) if !unit.is_one() => format!(" {unit}"),
        _ => String::new(),
    }
}

/// A value as a person would write it.
pub fn value(indicator: &Indicator, value: Option<&Value>) -> String {
    match value {
        None => "unknown".to_owned(),
        Some(Value::Number(it)) if it.is_infinite() => "beyond all measure".to_owned(),
        Some(Value::Number(it)) if it.abs() >= 100.0 => format!("{it:.0}{}", unit(indicator)),
        Some(Value::Number(it)) => format!("{it:.2}{}", unit(indicator)),
        Some(Value::Boolean(it)) => it.to_string(),
        Some(Value::Text(it)) => it.clone(),
    }
}

/// What the person concerned should hear: what weighs, what is not known, what would help, and
/// that a person decides. No score, no code.
pub fn for_household(pack: &Pack, explanation: &Explanation, language: Language) -> Vec<String> {
    let label = |indicator: usize| pack.indicators[indicator].label.get(language.code());
    let is_zh = language == Language::Zh;
    let mut lines = Vec::new();
    lines.push(match (explanation.band, is_zh) {
        (Band::Unknown, false) => "We know too little about your household and will visit you.".to_owned(),
        (Band::Unknown, true) => "我们对您家的情况了解不够，将上门走访。".to_owned(),
        (Band::Green | Band::Blue, false) => {
            format!("In {} nothing says that your household is at risk.", explanation.at)
        }
        (Band::Green | Band::Blue, true) => {
            format!("{}，没有发现您家有返贫风险。", explanation.at)
        }
        (_, false) => format!(
            "In {} some things suggest that your household may need help. Someone will come and look \
             with you; nothing is decided by this.",
            explanation.at
        ),
        (_, true) => format!(
            "{}，有些情况表明您家可能需要帮助。我们会上门核实，系统结果不作任何决定。",
            explanation.at
        ),
    });
    let weighs: Vec<&str> =
        explanation.contributions.iter().take(3).map(|it| label(it.indicator)).collect();
    if !weighs.is_empty() && explanation.band.is_at_least(Band::Yellow) {
        let list = weighs.join(if is_zh { "、" } else { "; " });
        let intro = if is_zh { "主要原因：" } else { "What weighs most: " };
        lines.push(format!("{intro}{list}"));
    }
    let unknown: Vec<&str> = explanation
        .indicators
        .iter()
        .filter(|it| it.state == State::Unknown)
        .map(|it| label(it.indicator))
        .take(3)
        .collect();
    if !unknown.is_empty() {
        let list = unknown.join(if is_zh { "、" } else { "; " });
        let intro = if is_zh { "我们还不了解：" } else { "What we do not know yet: " };
        lines.push(format!("{intro}{list}"));
    }
    lines.push(if is_zh {
        "如果您认为有误，可以要求更正，也可以申请人工复核。".to_owned()
    } else {
        "If something is wrong you can have it corrected, and ask for a person to look again."
            .to_owned()
    });
    lines
}
