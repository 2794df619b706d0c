//! Columns of the panel, and how they come from facts.

use super::{Label, Reference};
use crate::unit::Unit;
use base::Place;

/// One typed column of the panel.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Lower-case id: the file's name and the panel's column.
    pub id: String,
    /// Name for people.
    pub label: Label,
    /// What it holds.
    pub ty: AttributeType,
    /// Department or person it comes from.
    pub source: Option<String>,
    /// Calendar periods after which an observation is stale; `None` never goes stale.
    pub freshness_periods: Option<u32>,
    /// Months for which it may be kept.
    pub retention_months: Option<u32>,
    /// May be reported by, never scored on.
    pub is_sensitive: bool,
    /// Other names its column has in input files.
    pub columns: Vec<String>,
    /// How it is made from facts.
    pub from: Option<FromFacts>,
    /// What each member is who is counted in it; nothing where nobody is called so.
    pub mark: Option<Mark>,
    /// Sources.
    pub references: Vec<Reference>,
    /// Where it is defined.
    pub place: Place,
}

/// What somebody is of whom a state holds: a student, chronically ill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The word for one person.
    pub label: Label,
    /// Whether it says something of health, and is masked as other health is.
    pub is_health: bool,
}

/// The type of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributeType {
    /// A number in a unit, with the plausible range where one is given.
    Number {
        /// Its unit.
        unit: Unit,
        /// Values below it are rejected on reading.
        min: Option<f64>,
        /// Values above it are rejected on reading.
        max: Option<f64>,
    },
    /// True or false.
    Boolean,
    /// One of a list; empty list: any text.
    Text {
        /// The categories.
        categories: Vec<Category>,
    },
}

/// A category of a text attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// The value in the data.
    pub value: String,
    /// Name for people.
    pub label: Label,
}

/// How an attribute is made from facts.
#[derive(Clone, Debug, PartialEq)]
pub struct FromFacts {
    /// Code of the fact, e.g. `medical.self_pay`.
    pub fact: String,
    /// Whom the fact is about.
    pub subject: Subject,
    /// What its number means.
    pub kind: FactKind,
    /// How several become one.
    pub take: Take,
    /// Calendar periods looked at, the assessed one included; `None`: all.
    pub window_periods: Option<u32>,
    /// Value where the registry is complete and no fact means none, e.g. 0 deaths. Absent: unknown.
    pub absent: Option<f64>,
    /// For member states taken by `count` or `any`: the texts that count; empty: true or non-zero.
    pub matching: Vec<String>,
}

/// Whom a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The household; stays with the household that keeps its id.
    Household,
    /// A member; follows the member.
    Member,
    /// The settlement site; shared by all who live there.
    Site,
}

/// What a fact's number means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactKind {
    /// An amount that belongs to its valid period; amounts add up.
    Amount,
    /// A running total since the start of the calendar year.
    CumulativeYtd,
    /// A state that holds from its valid start until superseded or stale.
    State,
}

/// How several facts become one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// Their sum.
    Sum,
    /// The latest by (valid end, recorded at, source rank, fact id).
    Latest,
    /// The greatest.
    Max,
    /// The least.
    Min,
    /// How many (members whose latest state is true or matches, or amounts).
    Count,
    /// Whether there is any (true or matching).
    Any,
}
