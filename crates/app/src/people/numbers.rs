//! Identity numbers: what one of a scheme looks like, and how it is written.

use base::Diagnostic;
use base::codes::people as codes;
use jiff::civil::Date;

/// The scheme that is meant where none is named.
pub const GB_11643: &str = "gb11643";
/// Shortest and longest number of any other scheme.
const LENGTHS: std::ops::RangeInclusive<usize> = 4..=40;

/// An identity number that may be one.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// Its scheme.
    pub scheme: String,
    /// The number, in capitals and without gaps.
    pub number: String,
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
    /// Reads a number of a scheme.
    ///
    /// # Errors
    /// I001: the number is none of that scheme.
    pub fn parse(scheme: Option<&str>, text: &str) -> Result<Self, Diagnostic> {
        let scheme = scheme.unwrap_or(GB_11643).to_lowercase();
        let number: String = text.chars().filter(|it| !it.is_whitespace() && *it != '-').collect();
        let number = number.to_uppercase();
        let is_word =
            |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || "_-".contains(it);
        if scheme.is_empty() || scheme.len() > 32 || !scheme.chars().all(is_word) {
            return Err(fault("the scheme of the identity number is no name of one".to_owned()));
        }
        if scheme == GB_11643 {
            let number = if number.len() == 15 { longer(&number) } else { number };
            if let Some(why) = not_gb_11643(&number) {
                return Err(fault(format!("the identity number is none of GB 11643: {why}")));
            }
            return Ok(Self { scheme, number });
        }
        let is_plain = number.chars().all(|it| it.is_ascii_alphanumeric());
        if !is_plain || !LENGTHS.contains(&number.len()) {
            return Err(fault("an identity number has 4 to 40 letters and digits".to_owned()));
        }
        Ok(Self { scheme, number })
    }

    /// What the number says, where its scheme says anything.
    pub fn says(&self) -> Option<Says> {
        if self.scheme != GB_11643 {
            return None;
        }
        let is_odd = self.number.as_bytes()[16] % 2 == 1;
        Some(Says { birth_date: born(&self.number)?, sex: if is_odd { "male" } else { "female" } })
    }
}

fn fault(message: String) -> Diagnostic {
    Diagnostic::new(&codes::BAD_IDENTITY_NUMBER, message)
        .hint("compare it with the card; name another scheme where it is no resident identity card")
}

/// A number of 15 digits as it was written since 1999: with the century and the check digit.
fn longer(number: &str) -> String {
    if !number.bytes().all(|it| it.is_ascii_digit()) {
        return number.to_owned();
    }
    let number = format!("{}19{}", &number[..6], &number[6..]);
    let check = check_digit(number.as_bytes());
    format!("{number}{check}")
}

/// ISO 7064 MOD 11-2 over the first 17 digits.
fn check_digit(number: &[u8]) -> char {
    let sum = number.iter().take(17).fold(0u32, |sum, it| (sum + u32::from(*it - b'0')) * 2 % 11);
    match (12 - sum) % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

fn born(number: &str) -> Option<i64> {
    let part = |from, to| number.get(from..to).and_then(|it| it.parse::<i16>().ok());
    let (month, day) = (part(10, 12)?.try_into().ok()?, part(12, 14)?.try_into().ok()?);
    let date = Date::new(part(6, 10)?, month, day).ok()?;
    Some(super::days(date))
}

/// Why a number is none of GB 11643.
fn not_gb_11643(number: &str) -> Option<&'static str> {
    let bytes = number.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return Some("it has 17 digits and a check digit");
    }
    if born(number).is_none() {
        return Some("digits 7 to 14 are no day");
    }
    (char::from(bytes[17]) != check_digit(bytes)).then_some("the check digit is wrong")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_is_one_and_any_other_check_digit_is_not() {
        let it = Identity::parse(None, "11010519491231002x").ok().expect("one");
        assert_eq!(it.number, "11010519491231002X");
        let says = it.says().expect("says");
        assert_eq!((says.sex, says.birth_date), ("female", -7_306));
        for last in "0123456789".chars() {
            assert!(Identity::parse(None, &format!("11010519491231002{last}")).is_err());
        }
        for bad in ["", "1101051949123100", "110105194913310022", "11010519491231002XX", "一二三"]
        {
            assert!(Identity::parse(None, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_number_of_fifteen_digits_gets_its_century_and_check_digit() {
        let it = Identity::parse(None, "110105491231002").ok().expect("one");
        assert_eq!(it.number, "11010519491231002X");
    }

    #[test]
    fn other_schemes_are_not_checked_beyond_letters_and_digits() {
        let it = Identity::parse(Some("passport"), "e 1234-5678").ok().expect("one");
        assert_eq!((it.scheme.as_str(), it.number.as_str()), ("passport", "E12345678"));
        assert!(it.says().is_none());
        assert!(Identity::parse(Some("pass port"), "E12345678").is_err());
        assert!(Identity::parse(Some("passport"), "E\u{0}345678").is_err());
    }
}
