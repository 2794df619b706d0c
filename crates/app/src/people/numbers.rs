//! Identity numbers: what one of a scheme looks like, and how it is written. Which schemes there
//! are is the policy's.

mod digits;

use base::Diagnostic;
use base::codes::people as codes;
use digits::{gb_11643, luhn, mod_11_2, mod_97_10, verhoeff};
use jiff::civil::Date;
use pack::{CheckDigit, IdentityScheme, People};

/// Shortest and longest number that anybody is looked for by.
const LENGTHS: std::ops::RangeInclusive<usize> = 4..=40;

/// An identity number that may be one.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// Its scheme.
    pub scheme: String,
    /// The number, in capitals and without gaps.
    pub number: String,
    /// What it says of whoever has it, where its scheme says anything.
    pub says: Option<Says>,
}

/// What a number of GB 11643 says of whoever has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Says {
    /// Day of birth, from 1970-01-01.
    pub birth_date: i64,
    /// Sex.
    pub sex: &'static str,
}

impl Identity {
    /// Reads a number of a scheme; of the policy's first where none is named.
    ///
    /// # Errors
    /// I001: the number is none of that scheme, or the policy has no such scheme.
    pub fn parse(people: &People, scheme: Option<&str>, text: &str) -> Result<Self, Diagnostic> {
        let named = scheme.map(str::to_lowercase);
        let found = match &named {
            Some(id) => people.scheme(id),
            None => people.schemes.first(),
        };
        let scheme = found.ok_or_else(|| unknown(people))?;
        let number = written(Some(scheme), text);
        if let Some(why) = fault_of(scheme, &number) {
            let message = format!("the identity number is none of `{}`: {why}", scheme.id);
            return Err(Diagnostic::new(&codes::BAD_IDENTITY_NUMBER, message)
                .hint("compare it with the document; name its scheme where it is another one"));
        }
        let says = if scheme.check == CheckDigit::Gb11643 { says(&number) } else { None };
        Ok(Self { scheme: scheme.id.clone(), number, says })
    }

    /// A text as a number of a scheme would be written; nothing where it can be no number.
    pub fn sought(people: &People, scheme: &str, text: &str) -> Option<String> {
        let number = written(people.scheme(scheme), text);
        let is_plain = number.chars().all(|it| it.is_ascii_alphanumeric());
        (is_plain && LENGTHS.contains(&number.len())).then_some(number)
    }
}

fn unknown(people: &People) -> Diagnostic {
    let names: Vec<&str> = people.schemes.iter().map(|it| it.id.as_str()).collect();
    let (message, hint) = if names.is_empty() {
        let hint = "add people.toml with a scheme to the policy".to_owned();
        ("the policy names no schemes of identity numbers", hint)
    } else {
        (
            "the policy has no such scheme of identity numbers",
            format!("one of {}", names.join(", ")),
        )
    };
    Diagnostic::new(&codes::BAD_IDENTITY_NUMBER, message).hint(hint)
}

/// In capitals and without gaps; numbers of GB 11643 with their century.
fn written(scheme: Option<&IdentityScheme>, text: &str) -> String {
    let number: String = text.chars().filter(|it| !it.is_whitespace() && *it != '-').collect();
    let number = number.to_uppercase();
    let is_short = number.len() == 15 && number.bytes().all(|it| it.is_ascii_digit());
    match scheme.map(|it| it.check) {
        Some(CheckDigit::Gb11643) if is_short => longer(&number),
        _ => number,
    }
}

/// Why a number is none of a scheme.
fn fault_of(scheme: &IdentityScheme, number: &str) -> Option<&'static str> {
    if !number.is_ascii() || !scheme.shape.is_match(number) {
        return Some("it has another shape");
    }
    if scheme.check == CheckDigit::Gb11643 && born(number).is_none() {
        return Some("digits 7 to 14 are no day");
    }
    let is_right = match scheme.check {
        CheckDigit::None => true,
        CheckDigit::Gb11643 => number.len() == 18 && mod_11_2(number),
        CheckDigit::Luhn => luhn(number),
        CheckDigit::Verhoeff => verhoeff(number),
        CheckDigit::Mod11x2 => mod_11_2(number),
        CheckDigit::Mod97x10 => mod_97_10(number),
    };
    (!is_right).then_some("the check digit is wrong")
}

fn says(number: &str) -> Option<Says> {
    let is_odd = number.as_bytes().get(16)? % 2 == 1;
    Some(Says { birth_date: born(number)?, sex: if is_odd { "male" } else { "female" } })
}

/// A number of 15 digits as it was written since 1999: with the century and the check digit.
fn longer(number: &str) -> String {
    let number = format!("{}19{}", &number[..6], &number[6..]);
    let check = gb_11643(&number);
    format!("{number}{check}")
}

fn born(number: &str) -> Option<i64> {
    let part = |from, to| number.get(from..to).and_then(|it| it.parse::<i16>().ok());
    let (month, day) = (part(10, 12)?.try_into().ok()?, part(12, 14)?.try_into().ok()?);
    let date = Date::new(part(6, 10)?, month, day).ok()?;
    Some(super::days(date))
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;

    fn scheme(id: &str, shape: &str, check: CheckDigit) -> IdentityScheme {
        let label = pack::Label(vec![("en".to_owned(), id.to_owned())]);
        let shape = Regex::new(&format!("^(?:{shape})$")).expect("a shape");
        let id = id.to_owned();
        IdentityScheme { id, label, shape, check, head: 0, tail: 2, references: Vec::new() }
    }

    fn people() -> People {
        let schemes = vec![
            scheme("gb11643", "[0-9]{17}[0-9X]", CheckDigit::Gb11643),
            scheme("passport", "[0-9A-Z]{5,9}", CheckDigit::None),
        ];
        People { schemes, ..People::default() }
    }

    #[test]
    fn the_example_of_the_standard_is_one_and_any_other_check_digit_is_not() {
        let it = Identity::parse(&people(), None, "11010519491231002x").expect("one");
        assert_eq!(it.number, "11010519491231002X");
        let says = it.says.expect("says");
        assert_eq!((says.sex, says.birth_date), ("female", -7_306));
        for last in "0123456789".chars() {
            let number = format!("11010519491231002{last}");
            assert!(Identity::parse(&people(), None, &number).is_err());
        }
        for bad in ["", "1101051949123100", "110105194913310022", "11010519491231002XX", "一二三"]
        {
            assert!(Identity::parse(&people(), None, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_number_of_fifteen_digits_gets_its_century_and_check_digit() {
        let it = Identity::parse(&people(), None, "110105491231002").expect("one");
        assert_eq!(it.number, "11010519491231002X");
        let sought = Identity::sought(&people(), "gb11643", "110105491231002");
        assert_eq!(sought.as_deref(), Some("11010519491231002X"));
    }

    #[test]
    fn a_scheme_is_named_by_the_policy_and_its_number_has_its_shape() {
        let it = Identity::parse(&people(), Some("Passport"), "e 1234-5678").expect("one");
        assert_eq!((it.scheme.as_str(), it.number.as_str()), ("passport", "E12345678"));
        assert!(it.says.is_none());
        for (scheme, number) in
            [("pass port", "E12345678"), ("passport", "E\u{0}345678"), ("passport", "E123456789")]
        {
            assert!(Identity::parse(&people(), Some(scheme), number).is_err(), "{number:?}");
        }
        let none = People::default();
        let Err(finding) = Identity::parse(&none, None, "110105491231002") else {
            panic!("taken without a scheme");
        };
        assert!(finding.message.contains("names no schemes"), "{}", finding.message);
    }

    #[test]
    fn a_wrong_check_digit_of_any_scheme_is_told_and_the_number_is_not() {
        let cases = [
            (CheckDigit::Luhn, "79927398713", "79927398710"),
            (CheckDigit::Verhoeff, "2363", "2364"),
            (CheckDigit::Mod11x2, "07940", "07941"),
            (CheckDigit::Mod97x10, "79444", "79445"),
        ];
        for (check, right, wrong) in cases {
            let schemes = vec![scheme("x", "[0-9X]+", check)];
            let people = People { schemes, ..People::default() };
            assert!(Identity::parse(&people, None, right).is_ok(), "{check:?}");
            let Err(finding) = Identity::parse(&people, None, wrong) else {
                panic!("{check:?} takes a wrong digit");
            };
            assert!(finding.message.contains("check digit"), "{check:?}");
            assert!(!format!("{finding:?}").contains(wrong), "{check:?}");
        }
    }
}
