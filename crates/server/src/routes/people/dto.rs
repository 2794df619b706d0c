//! People over the wire.

use crate::clock::{read_day, shown};
use crate::dto::Label;
use crate::problem::Problem;
use app::people::{Mark, Marks, NewPerson, Place, Shown, View};
use base::Diagnostic;
use base::codes::people;
use base::codes::tables as codes;
use serde::{Deserialize, Serialize};
use store::people::changes::ChangeRow;
use store::people::merges::MergeRow;
use store::people::names::Part;
use utoipa::ToSchema;

/// What stands between the parts of a cursor.
const GAP: char = '\u{1f}';

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

/// Somebody to be registered. What is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonToPut {
    /// The household; needed for somebody new.
    #[schema(pattern = r"^[^\x00]{1,64}$")]
    household_id: Option<String>,
    /// The code that offices write for that household.
    #[schema(pattern = r"^[^\x00-\x1f]{1,128}$")]
    household_code: Option<String>,
    /// Where that household lives, if nobody said so before.
    #[schema(pattern = r"^[^\x00-\x1f]{1,128}$")]
    area_code: Option<String>,
    /// Name.
    #[schema(pattern = r"^[^\x00-\x1f]{1,64}$")]
    name: Option<String>,
    /// Sex.
    #[schema(pattern = "^(male|female|other|男|女)$")]
    sex: Option<String>,
    /// Day of birth, 1820 to 2099; else what the identity number says.
    #[schema(format = Date)]
    birth_date: Option<String>,
    /// Place of birth.
    #[schema(pattern = r"^[^\x00-\x1f]{1,128}$")]
    birth_place: Option<String>,
    /// Relation to the head; `head` for that one.
    #[schema(pattern = r"^[^\x00-\x1f]{1,128}$")]
    relation: Option<String>,
    /// Status.
    #[schema(pattern = "^(active|moved|dead)$")]
    status: Option<String>,
    /// Since which day household and status are so; today where absent.
    #[schema(format = Date)]
    day: Option<String>,
    /// The scheme of the identity number; the policy's first where absent.
    #[schema(pattern = "^[a-z0-9_-]{1,32}$")]
    identity_scheme: Option<String>,
    /// Identity number.
    identity_number: Option<String>,
    /// Telephone.
    #[schema(pattern = r"^\+?[0-9 ()-]{5,24}$")]
    phone: Option<String>,
    /// Account that money is sent to.
    #[schema(pattern = "^[0-9 -]{5,40}$")]
    bank_account: Option<String>,
    /// What somebody has to know of the person's health.
    #[schema(pattern = r"^[^\x00-\x1f]{1,2000}$")]
    health_note: Option<String>,
    /// Who tells it.
    #[schema(pattern = r"^[^\x00-\x1f]{1,128}$")]
    source: Option<String>,
}

impl PersonToPut {
    /// As the registry takes it.
    ///
    /// # Errors
    /// A day that is none.
    pub fn row(self, person_id: String) -> Result<NewPerson, Diagnostic> {
        let words = [
            ("sex", &self.sex, is_sex as fn(&str) -> bool),
            ("identity_scheme", &self.identity_scheme, is_scheme),
            ("phone", &self.phone, is_phone),
            ("bank_account", &self.bank_account, is_account),
        ];
        for (name, text, is_right) in words {
            if text.as_deref().is_some_and(|it| !is_right(it)) {
                let message = format!("`{name}` is not written as it should be");
                return Err(Diagnostic::new(&people::BAD_PERSON, message)
                    .hint("the description of the API stands at /openapi.json"));
            }
        }
        Ok(NewPerson {
            person_id,
            birth_date: day("birth_date", self.birth_date.as_deref())?,
            day: day("day", self.day.as_deref())?,
            household_id: self.household_id,
            household_code: self.household_code,
            area_code: self.area_code,
            name: self.name,
            sex: self.sex,
            birth_place: self.birth_place,
            relation: self.relation,
            status: self.status,
            identity_scheme: self.identity_scheme,
            identity_number: self.identity_number,
            phone: self.phone,
            bank_account: self.bank_account,
            health_note: self.health_note,
            source: self.source,
        })
    }
}

fn is_sex(text: &str) -> bool {
    ["male", "female", "other", "男", "女"].contains(&text)
}

fn is_scheme(text: &str) -> bool {
    let is_word = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || "_-".contains(it);
    (1..=32).contains(&text.len()) && text.chars().all(is_word)
}

fn is_phone(text: &str) -> bool {
    let rest = text.strip_prefix('+').unwrap_or(text);
    let is_part = |it: char| it.is_ascii_digit() || " ()-".contains(it);
    (5..=24).contains(&rest.len()) && rest.chars().all(is_part)
}

fn is_account(text: &str) -> bool {
    let is_part = |it: char| it.is_ascii_digit() || " -".contains(it);
    (5..=40).contains(&text.len()) && text.chars().all(is_part)
}

/// A day as it is kept.
///
/// # Errors
/// It is none.
pub fn day(name: &str, text: Option<&str>) -> Result<Option<i64>, Diagnostic> {
    let Some(text) = text else { return Ok(None) };
    read_day(text).map(Some).ok_or_else(|| {
        Diagnostic::new(&codes::BAD_DATE, format!("{name}: this is no day"))
            .hint("write days like 2020-06-30")
    })
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
    let text = match place {
        Place::Name(it) => format!("n{GAP}{}{GAP}{}{GAP}{}", it.part, it.area_code, it.number),
        Place::Household(id, number) => format!("h{GAP}{id}{GAP}{number}"),
    };
    text.bytes().map(|it| format!("{it:02x}")).collect()
}

/// Reads [`cursor`].
pub fn place(cursor: &str) -> Result<Place, Problem> {
    let fault = || Problem::bad_request("cursor: take the `next` of a page as it is");
    if cursor.len() > 1_600 || !cursor.bytes().all(|it| b"0123456789abcdef".contains(&it)) {
        return Err(fault());
    }
    let byte = |at: usize| u8::from_str_radix(cursor.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..cursor.len()).step_by(2).map(byte).collect();
    let text = bytes.and_then(|it| String::from_utf8(it).ok()).ok_or_else(fault)?;
    let parts: Vec<&str> = text.split(GAP).collect();
    let number = |it: &str| it.parse::<i64>().map_err(|_| fault());
    match parts[..] {
        _ if text.contains('\0') => Err(fault()),
        ["n", part, area, at] => Ok(Place::Name(Part {
            part: part.to_owned(),
            area_code: area.to_owned(),
            number: number(at)?,
        })),
        ["h", id, at] => Ok(Place::Household(id.to_owned(), number(at)?)),
        _ => Err(fault()),
    }
}
