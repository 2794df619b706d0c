//! What a fact must have before it is taken.

use base::codes::tables as codes;
use base::{Diagnostic, HouseholdId};
use monitor::facts::RETRACTED;
use store::facts::{FactRow, Subject};

/// Texts longer than this are no value of a fact.
const TEXT_BYTES_MAX: usize = 4_096;
/// Reasons are a sentence, and no file.
const REASON_CHARACTERS_MAX: usize = 500;

/// The first thing wrong with a fact, where anything is.
pub fn fault(fact: &FactRow) -> Option<Diagnostic> {
    let required = [("fact_id", &fact.fact_id), ("fact", &fact.fact), ("value", &fact.value)];
    for (name, text) in required {
        if text.is_empty() {
            return Some(
                Diagnostic::new(&codes::EMPTY_KEY, format!("`{name}` is empty"))
                    .hint("a fact needs an id, a code, a value and a first day"),
            );
        }
    }
    let id = match &fact.subject {
        Subject::Household(it) | Subject::Member(it) | Subject::Site(it) => it,
    };
    let member = fact.member_id.as_deref();
    for id in [Some(id.as_str()), Some(fact.fact_id.as_str()), member].into_iter().flatten() {
        if let Err(error) = HouseholdId::check(id) {
            let message = format!("an id cannot be used: {error}");
            return Some(Diagnostic::new(&codes::BAD_HOUSEHOLD_ID, message).hint("shorten the id"));
        }
    }
    if fact.value.len() > TEXT_BYTES_MAX || fact.value.contains('\0') || fact.fact.contains('\0') {
        let message = format!("the value has more than {TEXT_BYTES_MAX} bytes, or a zero byte");
        return Some(Diagnostic::new(&codes::BAD_CATEGORY, message).hint("shorten the value"));
    }
    let is_long = |it: &str| it.chars().count() > REASON_CHARACTERS_MAX;
    if fact.reason.as_deref().is_some_and(|it| is_long(it) || it.contains(char::is_control)) {
        // Its words may be about a person, and are not repeated.
        let message = format!(
            "the reason has more than {REASON_CHARACTERS_MAX} characters, or several lines"
        );
        return Some(Diagnostic::new(&codes::BAD_CATEGORY, message).hint("say it in one sentence"));
    }
    if fact.fact == RETRACTED && fact.supersedes.is_none() {
        let message = "nothing is named that is taken back";
        return Some(Diagnostic::new(&codes::EMPTY_KEY, message).hint("name it in `supersedes`"));
    }
    if fact.valid_to.is_some_and(|it| it < fact.valid_from) {
        return Some(
            Diagnostic::new(&codes::BAD_DATE, "the last day lies before the first")
                .hint("correct `valid_from` or `valid_to`"),
        );
    }
    None
}
