//! Worked examples of rules.

use base::{AreaCode, Band, Period, Place};

/// A worked example, run by `check`.
#[derive(Clone, Debug)]
pub struct Example {
    /// A sentence.
    pub name: String,
    /// The assessed period, where it matters.
    pub period: Option<Period>,
    /// The household's area, where it matters.
    pub area: Option<AreaCode>,
    /// Attributes in the assessed period (first) and in the periods before it (second: one
    /// earlier, …). Attribute index and value; what is not listed is unknown.
    pub rows: Vec<Vec<(usize, ExampleValue)>>,
    /// The fact, for triggers.
    pub fact: Option<ExampleValue>,
    /// What must come out; only what is given is compared.
    pub expect: Expect,
    /// Where it stands.
    pub place: Place,
}

/// A value in an example.
#[derive(Clone, Debug, PartialEq)]
pub enum ExampleValue {
    /// A number.
    Number(f64),
    /// A truth value.
    Boolean(bool),
    /// A category.
    Text(String),
}

/// What an example must give.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expect {
    /// The indicator's value.
    pub value: Option<ExampleValue>,
    /// Its severity, compared to 1e-6.
    pub severity: Option<f64>,
    /// `unknown` or `not_applicable`.
    pub state: Option<ExpectState>,
    /// The band its key judgements force; `Some(Band::Unknown)`: none fires.
    pub key: Option<Band>,
    /// Whether the trigger fires.
    pub fires: Option<bool>,
}

/// A state without a severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectState {
    /// Not enough is known.
    Unknown,
    /// Does not concern this household.
    NotApplicable,
}
