//! What is measured, how a value becomes a severity, and what belongs together.

use super::{Example, Label, Reference};
use crate::expr::Expr;
use base::{Band, Place};

/// A group of dimensions: one of the pack's analyses.
#[derive(Clone, Debug)]
pub struct Module {
    /// Lower-case id.
    pub id: String,
    /// Name for people.
    pub label: Label,
    /// Sources.
    pub references: Vec<Reference>,
}

/// A group of indicators.
#[derive(Clone, Debug)]
pub struct Dimension {
    /// Lower-case id.
    pub id: String,
    /// Name for people.
    pub label: Label,
    /// Index of its module; `None`: shown, may trigger, never in the coefficient.
    pub module: Option<usize>,
    /// Weight in its module and in the composite; 0 where it has no module.
    pub weight: f64,
    /// Sources.
    pub references: Vec<Reference>,
}

/// One measured item.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// Lower-case id: the file's name.
    pub id: String,
    /// Name for people.
    pub label: Label,
    /// Index of its dimension.
    pub dimension: usize,
    /// Weight within its dimension; 1 unless stated.
    pub weight: f64,
    /// Where false the indicator is not applicable; unknown makes it unknown.
    pub applies: Option<Expr>,
    /// What is measured. `None` only with `levels`.
    pub value: Option<Expr>,
    /// How a value becomes a severity.
    pub severity: SeverityRule,
    /// Bands that it forces.
    pub keys: Vec<KeyRule>,
    /// Sources.
    pub references: Vec<Reference>,
    /// Examples, run by `check`.
    pub examples: Vec<Example>,
    /// Where it is defined.
    pub place: Place,
}

/// How a value becomes a severity 0–100.
#[derive(Clone, Debug)]
pub enum SeverityRule {
    /// Linear between neighbours, 0 beyond `none`, flat beyond the last given.
    Anchors(Vec<Anchor>),
    /// As anchors without interpolation: the severity of the worst anchor reached.
    Steps(Vec<Anchor>),
    /// Category to severity; an unlisted category is unknown, with a diagnostic.
    Map(Vec<(String, f64)>),
    /// First true wins; none true: unknown if any was unknown, else 0.
    Levels(Vec<Level>),
}

/// A point of the severity scale.
#[derive(Clone, Debug)]
pub struct Anchor {
    /// Severity: none 0, yellow 40, orange 60, red 80, full 100.
    pub severity: f64,
    /// The value at which it is reached: a number or an expression over parameters alone.
    /// Anchors stand in order of severity, and are strictly monotone in their bound.
    pub bound: Expr,
}

/// One level.
#[derive(Clone, Debug)]
pub struct Level {
    /// Condition.
    pub when: Expr,
    /// Severity 0–100.
    pub severity: f64,
}

/// A key-indicator judgement: where true the household's band is at least this.
#[derive(Clone, Debug)]
pub struct KeyRule {
    /// The least band.
    pub band: Band,
    /// Condition over attributes, parameters, `value` and `severity`.
    pub when: Expr,
}

impl Indicator {
    /// Every expression that is evaluated on panel rows.
    pub fn expressions(&self) -> impl Iterator<Item = &Expr> {
        let levels = match &self.severity {
            SeverityRule::Levels(levels) => levels.as_slice(),
            _ => &[],
        };
        let keys = self.keys.iter().map(|it| &it.when);
        let levels = levels.iter().map(|it| &it.when);
        self.applies.iter().chain(self.value.iter()).chain(levels).chain(keys)
    }
}
