//! People over the wire.

use crate::clock::shown;
use crate::cursor::{Parts, fault, text};
use crate::dto::Label;
use crate::problem::Problem;
use app::people::{Mark, Marks, Place, Shown, View};
use serde::Serialize;
use store::people::changes::ChangeRow;
use store::people::merges::MergeRow;
use store::people::names::Part;
use utoipa::ToSchema;

/// A sealed field as it is shown.
#[derive(Serialize, ToSchema)]
pub struct SealedField {
    /// `identity_number`, `phone`, `bank_account` or `health_note`.
    #[schema(pattern = "^(identity_number|phone|bank_account|health_note)$")]
    field: String,
    /// The scheme of an identity number.
    scheme: Option<String>,
    /// With stars, unless it was asked for with a reason.
    text: String,
}

impl SealedField {
    /// As it is shown.
    pub fn of(it: Shown) -> Self {
        Self { field: it.field.name().to_owned(), scheme: it.scheme, text: it.text }
    }
}

/// Somebody.
#[derive(Serialize, ToSchema)]
pub struct Person {
    /// The member of facts.
    person_id: String,
    /// The household; the last one of somebody who left.
    household_id: String,
    /// The code that offices write for it.
    household_code: String,
    /// Where it lives.
    area_code: Option<String>,
    /// Name; nothing of somebody who was erased.
    name: Option<String>,
    /// How it is said.
    pinyin: Option<String>,
    /// Its initials.
    initials: Option<String>,
    /// `male`, `female` or `other`.
    sex: Option<String>,
    /// Day of birth.
    #[schema(format = Date)]
    birth_date: Option<String>,
    /// Place of birth.
    birth_place: Option<String>,
    /// Relation to the head of the household.
    relation: Option<String>,
    /// `active`, `moved`, `dead`, `merged` or `erased`.
    #[schema(pattern = "^(active|moved|dead|merged|erased)$")]
    status: String,
    /// Since which day.
    #[schema(format = Date)]
    status_from: Option<String>,
    /// The entry that counts instead.
    merged_into: Option<String>,
    /// Who told it last.
    source: Option<String>,
    /// What identifies or exposes them, masked.
    masked: Vec<SealedField>,
}

impl Person {
    /// As others see them.
    pub fn of(view: View) -> Self {
        let row = view.row;
        Self {
            person_id: row.person_id,
            household_id: row.household_id,
            household_code: view.household_code,
            area_code: view.area_code,
            name: row.name,
            pinyin: row.pinyin,
            initials: row.initials,
            sex: row.sex,
            birth_date: row.birth_date.map(date),
            birth_place: row.birth_place,
            relation: row.relation,
            status: row.status,
            status_from: row.status_from.map(date),
            merged_into: row.merged_into,
            source: row.source,
            masked: view.fields.into_iter().map(SealedField::of).collect(),
        }
    }
}

/// What somebody is, as far as facts say so: a student, able to work, chronically ill.
#[derive(Serialize, ToSchema)]
pub struct PersonMark {
    /// The attribute of the policy that it is counted in; nothing where it is masked.
    code: Option<String>,
    /// The word for one person.
    label: Label,
    /// Since which day, as far as facts say.
    #[schema(format = Date)]
    since: Option<String>,
    /// Whether only that there is something of health may be seen, and not what: without
    /// `people:unmask`.
    is_masked: bool,
}

impl PersonMark {
    /// As it is shown.
    pub fn of(it: Mark) -> Self {
        match it {
            Mark::Told(code, label, since) => Self {
                code: Some(code),
                label: label.into(),
                since: Some(date(since)),
                is_masked: false,
            },
            Mark::Masked => Self {
                code: None,
                label: Label {
                    en: "Health, masked".to_owned(),
                    zh: "健康信息（已遮蔽）".to_owned(),
                },
                since: None,
                is_masked: true,
            },
        }
    }
}

/// A member of a household.
#[derive(Serialize, ToSchema)]
pub struct HouseholdMember {
    /// Who it is.
    #[serde(flatten)]
    person: Person,
    /// What they are, in the order of the policy; nothing of those who no longer belong to it.
    marks: Vec<PersonMark>,
}

impl HouseholdMember {
    /// As others see them.
    pub fn of(view: View, marks: &mut Marks) -> Self {
        let marks = marks.remove(&view.row.person_id).unwrap_or_default();
        Self { person: Person::of(view), marks: marks.into_iter().map(PersonMark::of).collect() }
    }
}

/// A day from 1970-01-01 as it is written.
pub fn date(days: i64) -> String {
    let span = jiff::Span::new().try_days(days);
    let date = span.and_then(|it| jiff::civil::date(1970, 1, 1).checked_add(it));
    date.map_or_else(|_| days.to_string(), |it| it.to_string())
}

/// What became of somebody.
#[derive(Serialize, ToSchema)]
pub struct PersonChange {
    /// `joined`, `left`, `died`, `status`, `erased`; of households `code`, `moved`.
    kind: String,
    /// On which day.
    #[schema(format = Date)]
    day: String,
    /// The household.
    household_id: String,
    /// What was before.
    from: Option<String>,
    /// What is since.
    to: Option<String>,
    /// Who told it.
    source: Option<String>,
    /// When it was learned.
    recorded_at: String,
    /// Who wrote it.
    actor: String,
}

impl PersonChange {
    /// From its row.
    pub fn of(row: ChangeRow) -> Self {
        Self {
            kind: row.kind,
            day: date(row.day),
            household_id: row.household_id,
            from: row.from_what,
            to: row.to_what,
            source: row.source,
            recorded_at: shown(row.at),
            actor: row.actor,
        }
    }
}

/// Two entries made one.
#[derive(Serialize, ToSchema)]
pub struct PersonMerge {
    /// Its number.
    id: i64,
    /// The entry that counts.
    kept: String,
    /// The entry that counts no more.
    merged: String,
    /// When.
    at: String,
    /// Who.
    actor: String,
    /// When it was undone.
    undone_at: Option<String>,
    /// By whom.
    undone_by: Option<String>,
}

impl PersonMerge {
    /// From its row.
    pub fn of(row: MergeRow) -> Self {
        Self {
            id: row.number,
            kept: row.kept,
            merged: row.merged,
            at: shown(row.at),
            actor: row.actor,
            undone_at: row.undone_at.map(shown),
            undone_by: row.undone_by,
        }
    }
}

/// A place between two pages as it is told.
pub fn cursor(place: &Place) -> String {
    match place {
        Place::Name(it) => format!("n.{}.{}.{}", text(&it.part), text(&it.area_code), it.number),
        Place::Household(id, number) => format!("h.{}.{number}", text(id)),
    }
}

/// Reads [`cursor`].
pub fn place(cursor: &str) -> Result<Place, Problem> {
    let mut parts = Parts::of(cursor);
    let place = match parts.word()? {
        "n" => {
            let (part, area_code) = (parts.text()?, parts.text()?);
            Place::Name(Part { part, area_code, number: parts.number()? })
        }
        "h" => Place::Household(parts.text()?, parts.number()?),
        _ => return Err(fault()),
    };
    parts.end(place)
}
