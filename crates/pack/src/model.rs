//! A checked pack: what everything downstream may rely on.
//!
//! Holds no raw text that still needs reading, no unresolved name and no default that an office
//! did not choose. Lists are ordered so that sums over them have one order.

use crate::expr::Expr;
use crate::people::People;
use crate::unit::Unit;
use base::{AreaCode, Band, Period, PeriodKind, Place, Score};
use jiff::civil::Date;

/// A whole policy, checked.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Lower-case id, the folder's name.
    pub id: String,
    /// Version as its authors write it, e.g. `2020.2`.
    pub version: String,
    /// Name for people.
    pub label: Label,
    /// Who decides on it.
    pub authority: String,
    /// The day from which it may be used.
    pub effective_from: Option<Date>,
    /// The length of its periods.
    pub period_kind: PeriodKind,
    /// ISO 4217 code.
    pub currency: String,
    /// Languages that every label has, e.g. `en`, `zh`.
    pub languages: Vec<String>,
    /// Hash of all its files, overlays included: 64 hexadecimal digits.
    pub hash: String,
    /// Code lengths that are levels of the area tree, ascending, e.g. 2, 4, 6, 9, 12.
    pub area_levels: Vec<usize>,
    /// Input columns for `household_id`, `period` and `area_code`, where they have other names.
    pub columns: ReservedColumns,
    /// Attributes by id.
    pub attributes: Vec<Attribute>,
    /// Parameters by id.
    pub parameters: Vec<Parameter>,
    /// Modules in the pack's order.
    pub modules: Vec<Module>,
    /// Dimensions in the pack's order.
    pub dimensions: Vec<Dimension>,
    /// Indicators: by dimension in the pack's order, then by id.
    pub indicators: Vec<Indicator>,
    /// How scores, trends, bands and warnings are made.
    pub scoring: Scoring,
    /// Triggers by id.
    pub triggers: Vec<Trigger>,
    /// How people are told apart.
    pub people: People,
}

/// A name in each of the pack's languages, in the order of [`Pack::languages`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label(pub Vec<(String, String)>);

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Title of the source.
    pub title: String,
    /// Address, where there is one.
    pub href: Option<String>,
    /// `true` where nobody published it and it is our own proposal.
    pub is_proposal: bool,
}

/// Input columns of the three reserved names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservedColumns {
    /// Column of the household id.
    pub household_id: String,
    /// Column of the period.
    pub period: String,
    /// Column of the area code.
    pub area_code: String,
}

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

/// A dated, area-scoped number.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Lower-case id: the file's name.
    pub id: String,
    /// Name for people.
    pub label: Label,
    /// Its unit.
    pub unit: Unit,
    /// Its values; see [`Parameter::at`].
    pub values: Vec<ParameterValue>,
    /// Where it is defined.
    pub place: Place,
}

/// One value of a parameter.
#[derive(Clone, Debug)]
pub struct ParameterValue {
    /// First period in which it holds; `None`: always.
    pub from: Option<Period>,
    /// Where it holds; `None`: everywhere.
    pub area: Option<AreaCode>,
    /// The value.
    pub value: f64,
    /// Sources.
    pub references: Vec<Reference>,
}

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

/// How scores, trends, bands and warnings are made.
#[derive(Clone, Debug)]
pub struct Scoring {
    /// Indicators to dimension.
    pub aggregate_dimension: Aggregate,
    /// Dimensions to module.
    pub aggregate_module: Aggregate,
    /// Modules to composite.
    pub aggregate_composite: Aggregate,
    /// Lowest composite of blue, yellow, orange and red, ascending.
    pub band_edges: [Score; 4],
    /// Confidence below which the band is unknown, 0–1.
    pub min_confidence: f64,
    /// A band holds until this many known periods in a row were better: the worst raw band of the
    /// last so many known periods counts. 1: no memory.
    pub clean_periods: u32,
    /// Calendar periods within which those known periods are looked for, the current included.
    pub clean_within: u32,
    /// Module trends.
    pub trend: Option<Trend>,
    /// Warnings.
    pub warnings: Warnings,
    /// How many contributions are named as reasons.
    pub reasons: usize,
    /// Sources.
    pub references: Vec<Reference>,
}

/// How parts become a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// Σw·s / Σw
    Mean,
    /// √(Σw·s² / Σw)
    Quadratic,
    /// The greatest s with w > 0
    Max,
}

/// Module trends.
#[derive(Clone, Debug)]
pub struct Trend {
    /// Estimator.
    pub method: TrendMethod,
    /// Calendar periods, the current included.
    pub window: u32,
    /// How many must be known with the same known set as today's.
    pub min_known: u32,
    /// Least slope that is worsening, points per period.
    pub slope_min: f64,
    /// More than this share of the steps between known periods must go up.
    pub steps_up_min: f64,
    /// Points below the next edge within which a worsening module lifts the band by one; `None`:
    /// trends are shown and do not lift.
    pub lift_within: Option<Score>,
}

/// Trend estimators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrendMethod {
    /// Median of the slopes of all pairs.
    TheilSen,
    /// Ordinary least squares on the calendar.
    LeastSquares,
}

/// How warnings are made and ranked.
#[derive(Clone, Debug)]
pub struct Warnings {
    /// The least band that warns.
    pub from: Band,
    /// Calendar periods over which the start of a spell is looked for, the current included.
    pub spell_periods: u32,
    /// Days after which a warning that nobody took note of is overdue; `None`: no deadline.
    pub acknowledge_days: Option<u32>,
    /// How many warnings a period may hand out overall; `None`: no budget.
    pub budget: Option<Budget>,
    /// Budgets of areas.
    pub area_budgets: Vec<(AreaCode, Budget)>,
}

/// How many warnings may be handed out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    /// So many.
    Count(u64),
    /// So large a share of the households assessed (of the area), rounded up.
    Share(f64),
}

/// A rule on a fact, or on the panel's row where `fact` is absent.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// Lower-case id: the file's name.
    pub id: String,
    /// Name for people.
    pub label: Label,
    /// Department that sends it.
    pub department: Option<String>,
    /// Code of the fact looked at.
    pub fact: Option<String>,
    /// Condition over `fact_value`, `fact_text`, attributes and parameters.
    pub when: Expr,
    /// How urgent its warning is.
    pub urgency: Band,
    /// Sources.
    pub references: Vec<Reference>,
    /// Examples, run by `check`.
    pub examples: Vec<Example>,
    /// Where it is defined.
    pub place: Place,
}

impl Label {
    /// The name in a language, else in the first.
    pub fn get(&self, language: &str) -> &str {
        let found = self.0.iter().find(|(it, _)| it == language).or_else(|| self.0.first());
        found.map_or("", |(_, text)| text)
    }
}

impl Parameter {
    /// The value in force in a period and area: the most specific area first, then the latest
    /// start. `None` before the first start or where no scope fits.
    pub fn at(&self, period: Period, area: Option<&AreaCode>) -> Option<f64> {
        let in_time = |it: &&ParameterValue| it.from.is_none_or(|at| at.index() <= period.index());
        let in_place = |it: &&ParameterValue| match (&it.area, area) {
            (None, _) => true,
            (Some(scope), Some(area)) => area.is_within(scope),
            (Some(_), None) => false,
        };
        let rank = |it: &ParameterValue| {
            let length = it.area.as_ref().map_or(0, |it| it.as_str().len());
            (length, it.from.map_or(i32::MIN, Period::index))
        };
        let fitting = self.values.iter().filter(in_time).filter(in_place);
        fitting.max_by_key(|it| rank(it)).map(|it| it.value)
    }

    /// Whether any value is scoped to an area.
    pub fn is_area_scoped(&self) -> bool {
        self.values.iter().any(|it| it.area.is_some())
    }
}

impl Pack {
    /// The index of an attribute.
    pub fn attribute(&self, id: &str) -> Option<usize> {
        self.attributes.iter().position(|it| it.id == id)
    }

    /// The index of an indicator.
    pub fn indicator(&self, id: &str) -> Option<usize> {
        self.indicators.iter().position(|it| it.id == id)
    }

    /// Periods that expressions may read before the one they are evaluated in.
    pub fn lookback(&self) -> u32 {
        let indicators = self.indicators.iter().flat_map(Indicator::expressions);
        let triggers = self.triggers.iter().map(|it| &it.when);
        indicators.chain(triggers).map(Expr::lookback).max().unwrap_or(0)
    }

    /// Periods, the assessed one included, that its band depends on: look-back of expressions,
    /// then the trend's window, then the periods searched for clean ones.
    pub fn history_depth(&self) -> u32 {
        let trend = self.scoring.trend.as_ref().map_or(1, |it| it.window);
        self.lookback() + trend.max(1) + self.scoring.clean_within.max(1) - 1
    }
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
