//! What goes over the wire: texts for instants, words for bands, points for scores.

use crate::clock::{read_day, read_instant, shown};
use app::live::{Detail, Live};
use base::codes::tables as codes;
use base::{Band, Code, Diagnostic, Period, PeriodKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::events::EventRow;
use store::facts::{FactRow, Subject};
use store::scores::ScoreRow;
use store::warnings::WarningRow;
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::{Object, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// A dated, sourced observation.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Its id; a UUID of version 7 is stored fastest. The same id twice is one fact.
    pub fact_id: String,
    /// The household it is recorded under; without one it is about a site or a member.
    pub household_id: Option<String>,
    /// The member it is about.
    pub member_id: Option<String>,
    /// The settlement site it is about.
    pub site_id: Option<String>,
    /// Its code, e.g. `medical.self_pay`.
    pub fact: String,
    /// Its value as text.
    pub value: String,
    /// First day, e.g. `2020-06-01`.
    #[schema(format = Date)]
    pub valid_from: String,
    /// Last day.
    #[schema(format = Date)]
    pub valid_to: Option<String>,
    /// When it was learned, RFC 3339; now where absent.
    #[schema(format = DateTime)]
    pub recorded_at: Option<String>,
    /// Who told it.
    pub source: Option<String>,
    /// The fact it corrects.
    pub supersedes: Option<String>,
    /// Why it corrects that one, up to 500 characters on one line. It is shown to whoever may see
    /// the household, written into no log and told in no event.
    pub reason: Option<String>,
}

/// A name in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Label {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl From<app::words::Both> for Label {
    fn from(it: app::words::Both) -> Self {
        Self { en: it.en, zh: it.zh }
    }
}

/// The name of an area in each language in which one was told. An area that nobody named has none:
/// show its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AreaName {
    /// English.
    pub en: Option<String>,
    /// Chinese.
    pub zh: Option<String>,
}

/// A text in both languages, or in the one that was asked for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Told {
    /// In both.
    Both(Label),
    /// In one.
    One(String),
}

impl Told {
    /// The text in a language, `en` or `zh`; in both where absent.
    pub fn of(it: app::words::Both, language: Option<&str>) -> Self {
        match language {
            None => Told::Both(it.into()),
            Some("zh") => Told::One(it.zh),
            Some(_) => Told::One(it.en),
        }
    }
}

/// A value of an attribute or an indicator: a number, a truth value or a text.
pub struct Scalar;

impl PartialSchema for Scalar {
    fn schema() -> RefOr<Schema> {
        let types = [Type::Number, Type::Boolean, Type::String];
        let told = "A number, a truth value or a text; `infinite` at the far end of a ratio.";
        let scalar = Object::builder().schema_type(SchemaType::from_iter(types));
        scalar.description(Some(told)).into()
    }
}

impl ToSchema for Scalar {}

/// A value as JSON. It has no infinity: the far end of a ratio is told as a word.
pub fn shown_value(it: Option<app::live::Value>) -> serde_json::Value {
    use app::live::Value;
    match it {
        None => serde_json::Value::Null,
        Some(Value::Number(it)) if it.is_infinite() => "infinite".into(),
        Some(Value::Number(it)) => it.into(),
        Some(Value::Boolean(it)) => it.into(),
        Some(Value::Text(it)) => it.into(),
    }
}

fn fault(code: &'static Code, message: String, hint: &str) -> Diagnostic {
    Diagnostic::new(code, message).hint(hint.to_owned())
}

fn day(name: &str, text: &str) -> Result<i64, Diagnostic> {
    read_day(text).ok_or_else(|| {
        fault(&codes::BAD_DATE, format!("{name}: `{text}` is no day"), "write days like 2020-06-30")
    })
}

impl Fact {
    /// As it is stored.
    ///
    /// # Errors
    /// No subject, or a day or instant that is none.
    pub fn row(self, now: i64) -> Result<FactRow, Diagnostic> {
        let recorded_at = match &self.recorded_at {
            None => now,
            Some(text) => read_instant(text).ok_or_else(|| {
                let message = format!("recorded_at: `{text}` is no instant");
                fault(&codes::BAD_DATE, message, "write instants like 2020-06-30T08:00:00Z")
            })?,
        };
        let subject = match (self.household_id, self.site_id, &self.member_id) {
            (Some(it), _, _) => Subject::Household(it),
            (None, Some(it), _) => Subject::Site(it),
            (None, None, Some(it)) => Subject::Member(it.clone()),
            (None, None, None) => {
                let message = "a fact is about a household, a member or a site".to_owned();
                return Err(fault(&codes::EMPTY_KEY, message, "fill in household_id"));
            }
        };
        Ok(FactRow {
            subject,
            fact_id: self.fact_id,
            member_id: self.member_id,
            fact: self.fact,
            // As in files: blanks around a value are none of it.
            value: self.value.trim().to_owned(),
            valid_from: day("valid_from", &self.valid_from)?,
            valid_to: self.valid_to.as_deref().map(|it| day("valid_to", it)).transpose()?,
            recorded_at,
            source: self.source,
            supersedes: self.supersedes,
            reason: self.reason.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()),
        })
    }
}

/// A warning.
#[derive(Debug, Serialize, ToSchema)]
pub struct Warning {
    /// Its id.
    pub warning_id: String,
    /// The household.
    pub household_id: String,
    /// The period it was last found in.
    pub period: String,
    /// The household's area.
    pub area_code: Option<String>,
    /// How urgent it is, as a band.
    pub urgency: String,
    /// The household's band.
    pub band: String,
    /// The band one period earlier.
    pub previous_band: String,
    /// The composite, 0–100.
    pub composite: f64,
    /// Known share, 0–1.
    pub confidence: f64,
    /// The first period of its spell.
    pub first_period: String,
    /// The rules that hold.
    pub rules: Vec<String>,
    /// The indicators that contribute most.
    pub reasons: Vec<String>,
    /// `open`, `acknowledged` or `ended`.
    pub state: String,
    /// Its place in the order of the last closed period.
    pub rank: Option<i64>,
    /// Whether that place lies within the budget.
    pub within_budget: Option<bool>,
    /// When it was raised.
    pub raised_at: String,
    /// When somebody took note.
    pub acknowledged_at: Option<String>,
    /// Who did.
    pub acknowledged_by: Option<String>,
    /// The strongest kind among its rules: `band`, `key` or `trigger`.
    pub kind: String,
    /// Why, in words.
    pub sentence: Option<Label>,
    /// Who is to see to it.
    pub assignee: Option<String>,
    /// Held back until then.
    pub suppressed_until: Option<String>,
    /// Who held it back.
    pub suppressed_by: Option<String>,
    /// Why.
    pub suppressed_reason: Option<String>,
}

/// The word of a band's number.
pub fn band(number: i64) -> String {
    let band = u8::try_from(number).ok().and_then(Band::from_number);
    band.unwrap_or(Band::Unknown).name().to_owned()
}

/// The name of a period's index.
pub fn period(kind: PeriodKind, index: i64) -> String {
    Period::from_index(kind, index.try_into().unwrap_or_default()).to_string()
}

fn points(micros: i64) -> f64 {
    micros as f64 / 1e6
}

fn listed(text: &str) -> Vec<String> {
    text.split(';').filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

impl Warning {
    /// From its row.
    pub fn of(kind: PeriodKind, row: WarningRow) -> Self {
        Self {
            warning_id: row.warning_id,
            household_id: row.household_id,
            period: period(kind, row.period),
            area_code: row.area_code,
            urgency: band(row.urgency),
            band: band(row.band),
            previous_band: band(row.previous_band),
            composite: points(row.composite),
            confidence: points(row.confidence),
            first_period: period(kind, row.first_period),
            rules: listed(&row.rules),
            reasons: listed(&row.reasons),
            state: row.state,
            rank: row.rank,
            within_budget: row.within_budget.map(|it| it != 0),
            raised_at: shown(row.raised_at),
            acknowledged_at: row.acknowledged_at.map(shown),
            acknowledged_by: row.acknowledged_by,
            kind: row.kind,
            sentence: None,
            assignee: row.assignee,
            suppressed_until: row.suppressed_until.map(shown),
            suppressed_by: row.suppressed_by,
            suppressed_reason: row.suppressed_reason,
        }
    }

    /// From rows, with their reasons in words.
    pub fn all(
        kind: PeriodKind,
        rows: Vec<WarningRow>,
        mut reasons: BTreeMap<String, app::words::Both>,
    ) -> Vec<Self> {
        let warning = |row: WarningRow| {
            let sentence = reasons.remove(&row.warning_id).map(Into::into);
            Self { sentence, ..Self::of(kind, row) }
        };
        rows.into_iter().map(warning).collect()
    }
}

/// Scores of a household in a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct Score {
    /// The household.
    pub household_id: String,
    /// The period.
    pub period: String,
    /// Its area.
    pub area_code: Option<String>,
    /// The band that counts.
    pub band: String,
    /// The composite, 0–100.
    pub composite: f64,
    /// Known share, 0–1.
    pub confidence: f64,
    /// Modules in the pack's order.
    pub modules: Vec<Module>,
    /// The indicators that contribute most.
    pub reasons: Vec<Reason>,
}

/// A module of a score.
#[derive(Debug, Serialize, ToSchema)]
pub struct Module {
    /// Its id.
    pub module: String,
    /// Its score; nothing where nothing of it is known.
    pub score: Option<f64>,
    /// Points a period.
    pub slope: Option<f64>,
    /// Whether it worsens.
    pub is_worsening: bool,
}

/// A reason of a score.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reason {
    /// The indicator.
    pub indicator: String,
    /// Its points of the composite.
    pub points: f64,
}

impl Score {
    /// From its row.
    pub fn of(live: &Live, row: ScoreRow) -> Self {
        // The pack that made it: in a closed period it may be another than today's.
        let pack = live.pack_of(&row.pack);
        let detail = Detail::from_bytes(&row.detail);
        let modules = detail.iter().flat_map(|it| it.modules.iter().zip(&pack.modules));
        let modules = modules.map(|(it, module)| Module {
            module: module.id.clone(),
            score: it.score.map(points),
            slope: it.slope.map(points),
            is_worsening: it.is_worsening,
        });
        let reasons = detail.iter().flat_map(|it| &it.reasons).filter_map(|(index, micros)| {
            let indicator = pack.indicators.get(usize::from(*index))?.id.clone();
            Some(Reason { indicator, points: points(*micros) })
        });
        Self {
            period: period(pack.period_kind, row.period),
            area_code: row.area_code,
            band: band(row.band),
            composite: points(row.composite),
            confidence: points(row.confidence),
            modules: modules.collect(),
            reasons: reasons.collect(),
            household_id: row.household_id,
        }
    }
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct Event {
    /// Its number; gaps are events of areas that are not yours.
    pub number: i64,
    /// When.
    pub at: String,
    /// What, as `noun.verb`.
    pub kind: String,
    /// The area.
    pub area_code: Option<String>,
    /// The household.
    pub household_id: Option<String>,
    /// The rest.
    #[schema(value_type = Object)]
    pub body: serde_json::Value,
}

impl From<EventRow> for Event {
    fn from(row: EventRow) -> Self {
        Self {
            number: row.number,
            at: shown(row.at),
            kind: row.kind,
            area_code: row.area_code,
            household_id: row.household_id,
            body: serde_json::from_str(&row.body).unwrap_or_default(),
        }
    }
}
