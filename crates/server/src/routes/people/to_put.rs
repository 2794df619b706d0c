//! Somebody to be registered, as told over the wire.

use crate::clock::read_day;
use app::people::NewPerson;
use base::Diagnostic;
use base::codes::people;
use base::codes::tables as codes;
use serde::Deserialize;
use utoipa::ToSchema;

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
