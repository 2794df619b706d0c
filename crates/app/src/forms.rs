//! Entry forms: which facts a policy asks for, what they may be, and why they are asked.

use crate::sentences::unit_of;
use crate::words::Both;
use pack::{Attribute, AttributeType, Expr, FactKind, FromFacts, Pack, Subject, Take};
use std::collections::BTreeMap;

/// One fact to be filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// Its code.
    pub fact: String,
    /// Its name.
    pub label: Both,
    /// `number`, `boolean` or `text`.
    pub ty: &'static str,
    /// Its unit; empty for pure numbers and what is no number.
    pub unit: String,
    /// The least plausible value.
    pub min: Option<f64>,
    /// The greatest.
    pub max: Option<f64>,
    /// Values to choose from; empty: any.
    pub categories: Vec<(String, Both)>,
    /// `household`, `member` or `site`.
    pub subject: &'static str,
    /// `amount`, `cumulative_ytd` (a total since the start of the year) or `state`.
    pub kind: &'static str,
    /// What it is needed for.
    pub why: Both,
    /// Who tells it as a rule.
    pub source: Option<String>,
    /// Calendar periods after which it is stale.
    pub freshness_periods: Option<u32>,
    /// Whether it may be reported by and never scored on.
    pub is_sensitive: bool,
}

/// The forms of a pack, by the code of the fact.
pub fn of(pack: &Pack) -> Vec<Form> {
    let mut forms: BTreeMap<&str, Form> = BTreeMap::new();
    for (index, attribute) in pack.attributes.iter().enumerate() {
        let Some(from) = &attribute.from else { continue };
        let form = form(pack, index, attribute, from);
        match forms.get_mut(from.fact.as_str()) {
            // Several attributes may be made of one fact: it is asked once, for all of them.
            Some(known) => {
                known.why.en = joined(&known.why.en, &form.why.en, "; ");
                known.why.zh = joined(&known.why.zh, &form.why.zh, "；");
            }
            None => drop(forms.insert(&from.fact, form)),
        }
    }
    forms.into_values().collect()
}

fn joined(one: &str, other: &str, by: &str) -> String {
    let parts = [one, other].into_iter().filter(|it| !it.is_empty());
    parts.collect::<Vec<_>>().join(by)
}

fn form(pack: &Pack, index: usize, attribute: &Attribute, from: &FromFacts) -> Form {
    // What is counted or looked for among members is told of each as yes or no.
    let is_told_each = matches!(from.take, Take::Count | Take::Any) && from.kind == FactKind::State;
    let (ty, min, max, categories) = match &attribute.ty {
        _ if is_told_each && from.matching.is_empty() => ("boolean", None, None, Vec::new()),
        _ if is_told_each => {
            let plain = |it: &String| (it.clone(), Both { en: it.clone(), zh: it.clone() });
            ("text", None, None, from.matching.iter().map(plain).collect())
        }
        AttributeType::Number { min, max, .. } => ("number", *min, *max, Vec::new()),
        AttributeType::Boolean => ("boolean", None, None, Vec::new()),
        AttributeType::Text { categories } => {
            let category = |it: &pack::Category| (it.value.clone(), Both::of(&it.label));
            ("text", None, None, categories.iter().map(category).collect())
        }
    };
    Form {
        fact: from.fact.clone(),
        label: Both::of(&attribute.label),
        ty,
        unit: if ty == "number" { unit_of(attribute) } else { String::new() },
        min,
        max,
        categories,
        subject: match from.subject {
            Subject::Household => "household",
            Subject::Member => "member",
            Subject::Site => "site",
        },
        kind: match from.kind {
            FactKind::Amount => "amount",
            FactKind::CumulativeYtd => "cumulative_ytd",
            FactKind::State => "state",
        },
        why: why(pack, index, &from.fact),
        source: attribute.source.clone(),
        freshness_periods: attribute.freshness_periods,
        is_sensitive: attribute.is_sensitive,
    }
}

/// Indicators and triggers that look at an attribute or its fact.
fn why(pack: &Pack, attribute: usize, fact: &str) -> Both {
    let reads = |expr: &Expr| expr.attributes().contains(&attribute);
    let indicators = pack.indicators.iter().filter(|it| it.expressions().any(reads));
    let triggers = pack.triggers.iter();
    let triggers = triggers.filter(|it| it.fact.as_deref() == Some(fact) || reads(&it.when));
    let labels: Vec<Both> =
        indicators.map(|it| &it.label).chain(triggers.map(|it| &it.label)).map(Both::of).collect();
    let listed =
        |of: fn(&Both) -> &str, by: &str| labels.iter().map(of).collect::<Vec<_>>().join(by);
    Both { en: listed(|it| &it.en, "; "), zh: listed(|it| &it.zh, "；") }
}
