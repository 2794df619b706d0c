//! What a person must have before it is taken.

use super::{Identity, NewPerson, STATUSES};
use base::codes::people as codes;
use base::{Diagnostic, HouseholdId};
use pack::People;

/// Longest name and longest other text, in characters.
const NAME_CHARACTERS_MAX: usize = 64;
pub const TEXT_CHARACTERS_MAX: usize = 128;
const NOTE_CHARACTERS_MAX: usize = 2_000;
/// Days from 1970-01-01 to the first and last that anybody is born or anything happens on.
const DAYS: std::ops::RangeInclusive<i64> = -54_786..=47_481;

fn fault(message: String, hint: &str) -> Diagnostic {
    Diagnostic::new(&codes::BAD_PERSON, message).hint(hint.to_owned())
}

/// An id, as of facts.
pub fn id(name: &str, id: &str) -> Result<(), Diagnostic> {
    let why = HouseholdId::check(id).map_err(|error| error.to_string());
    let why = why.and_then(|()| if id.contains('\0') { Err("a zero byte".into()) } else { Ok(()) });
    why.map_err(|why| fault(format!("`{name}` cannot be used: {why}"), "an id has 1 to 64 bytes"))
}

/// A text of one line.
pub fn text(name: &str, text: Option<&str>, most: usize) -> Result<(), Diagnostic> {
    let Some(text) = text else { return Ok(()) };
    if text.is_empty() || text.chars().count() > most || text.chars().any(char::is_control) {
        let message =
            format!("`{name}` has none or more than {most} characters, or one that is none");
        return Err(fault(message, "shorten it or leave it out; no line ends and tabulators"));
    }
    Ok(())
}

/// A day that may be one.
pub fn day(name: &str, day: Option<i64>) -> Result<(), Diagnostic> {
    match day {
        Some(day) if !DAYS.contains(&day) => {
            Err(fault(format!("`{name}` lies outside 1820 to 2099"), "check the year"))
        }
        _ => Ok(()),
    }
}

/// Digits with what is usually written between them, without that.
pub fn digits(name: &str, text: &str, most: usize) -> Result<String, Diagnostic> {
    let plain: String = text.chars().filter(|it| !" -()".contains(*it)).collect();
    let is_number = plain.strip_prefix('+').unwrap_or(&plain).bytes().all(|it| it.is_ascii_digit());
    if is_number && (5..=most).contains(&plain.len()) {
        return Ok(plain);
    }
    Err(fault(format!("`{name}` is no number of 5 to {most} digits"), "write digits alone"))
}

/// Checks everything about a person that needs no look into the registry; gives the identity
/// number.
pub fn person(new: &NewPerson, people: &People) -> Result<Option<Identity>, Diagnostic> {
    id("person_id", &new.person_id)?;
    if let Some(it) = &new.household_id {
        id("household_id", it)?;
    }
    if new.name.as_deref().is_some_and(|it| super::names::wanted(it).is_empty()) {
        return Err(fault("`name` has no letter".to_owned(), "write the name, or leave it out"));
    }
    text("name", new.name.as_deref(), NAME_CHARACTERS_MAX)?;
    let short = [
        ("household_code", &new.household_code),
        ("area_code", &new.area_code),
        ("birth_place", &new.birth_place),
        ("relation", &new.relation),
        ("source", &new.source),
    ];
    for (name, it) in short {
        text(name, it.as_deref(), TEXT_CHARACTERS_MAX)?;
    }
    text("health_note", new.health_note.as_deref(), NOTE_CHARACTERS_MAX)?;
    day("birth_date", new.birth_date)?;
    day("day", new.day)?;
    if let Some(it) = new.status.as_deref().filter(|it| !STATUSES.contains(it)) {
        let it: String = it.chars().take(20).collect();
        return Err(fault(format!("`{it}` is no status"), "active, moved or dead"));
    }
    let number = new.identity_number.as_deref();
    number.map(|it| Identity::parse(people, new.identity_scheme.as_deref(), it)).transpose()
}

/// A sex as it is kept.
pub fn sex(text: &str) -> Result<&'static str, Diagnostic> {
    match text.trim().to_lowercase().as_str() {
        "male" | "m" | "1" | "男" => Ok("male"),
        "female" | "f" | "2" | "女" => Ok("female"),
        "other" | "x" | "9" => Ok("other"),
        _ => Err(fault("`sex` is none of male, female, other".to_owned(), "also 男 and 女")),
    }
}
