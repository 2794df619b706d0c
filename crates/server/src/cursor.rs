//! Where a page of a list ends, as it is told and understood: parts with points between them.
//! Numbers stand as they are; texts in the base64 of addresses, because an id or a name may be
//! written with anything.
//!
//! What is written like a cursor is one: a text that no id can be is a place between two ids all
//! the same, and the page after it is answered.

use crate::problem::Problem;
use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::str::Split;

/// How a number is written.
pub const NUMBER: &str = "-?[0-9]{1,18}";
/// How a text is written.
pub const TEXT: &str = "([0-9A-Za-z_-]{4}){0,255}([0-9A-Za-z_-]{2,3})?";
/// Most letters of a text.
const LETTERS_MAX: usize = 255 * 4 + 3;

const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_encode_padding(false)
    .with_decode_padding_mode(DecodePaddingMode::RequireNone)
    .with_decode_allow_trailing_bits(true);
const BASE64: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, CONFIG);

/// A text as it stands in a cursor.
pub fn text(it: &str) -> String {
    BASE64.encode(it)
}

/// Something that is no cursor.
pub fn fault() -> Problem {
    Problem::bad_request("cursor: take the `next` of a page as it is")
}

/// A cursor that is read part by part.
pub struct Parts<'a>(Split<'a, char>);

impl<'a> Parts<'a> {
    /// Of a cursor.
    pub fn of(cursor: &'a str) -> Self {
        Self(cursor.split('.'))
    }

    /// The next part as it stands.
    ///
    /// # Errors
    /// There is none.
    pub fn word(&mut self) -> Result<&'a str, Problem> {
        self.0.next().ok_or_else(fault)
    }

    /// The next part as a number.
    ///
    /// # Errors
    /// It is none.
    pub fn number(&mut self) -> Result<i64, Problem> {
        let word = self.word()?;
        let digits = word.strip_prefix('-').unwrap_or(word);
        let is_number = (1..=18).contains(&digits.len()) && digits.bytes().all(is_digit);
        if is_number { word.parse().map_err(|_| fault()) } else { Err(fault()) }
    }

    /// The next part as a text.
    ///
    /// # Errors
    /// It is none.
    pub fn text(&mut self) -> Result<String, Problem> {
        let word = self.word().ok().filter(|it| it.len() <= LETTERS_MAX).ok_or_else(fault)?;
        let bytes = BASE64.decode(word).map_err(|_| fault())?;
        // No database takes a zero byte for a text.
        Ok(String::from_utf8_lossy(&bytes).replace('\0', "\u{fffd}"))
    }

    /// What was read, if nothing is left.
    ///
    /// # Errors
    /// Something is.
    pub fn end<T>(mut self, read: T) -> Result<T, Problem> {
        if self.0.next().is_none() { Ok(read) } else { Err(fault()) }
    }
}

fn is_digit(it: u8) -> bool {
    it.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;

    /// A number and a text.
    fn read(cursor: &str) -> Option<(i64, String)> {
        let mut parts = Parts::of(cursor);
        let number = parts.number().ok()?;
        let text = parts.text().ok()?;
        parts.end((number, text)).ok()
    }

    #[test]
    fn what_was_told_is_understood_and_written_as_described() {
        let pattern = Regex::new(&format!("^{NUMBER}\\.{TEXT}$")).expect("a pattern");
        for id in ["", "H1", "户-1", "a.b", "𠀀\u{1f}é/?#", &"名".repeat(21)] {
            let cursor = format!("-17.{}", text(id));
            assert!(pattern.is_match(&cursor), "{cursor}");
            assert_eq!(read(&cursor), Some((-17, id.to_owned())), "{cursor}");
        }
    }

    #[test]
    fn whatever_is_written_like_a_cursor_is_one() {
        // Half a character, bits too many, a zero byte.
        for cursor in ["0.4A", "0.ZZ", "0.ZZZ", "0.AAAA", "999999999999999999.", "-0.__8"] {
            let text = read(cursor).map(|it| it.1);
            assert!(text.is_some_and(|it| !it.contains('\0')), "{cursor}");
        }
        assert!(read(&format!("0.{}", "A".repeat(LETTERS_MAX))).is_some());
    }

    #[test]
    fn what_is_written_otherwise_is_none() {
        let long = format!("0.{}", "A".repeat(LETTERS_MAX + 1));
        for cursor in
            ["", "1", "1.A", "1.AA==", "1.A+AA", "+1.AA", "x.AA", "1.AA.", "-.AA", long.as_str()]
        {
            assert!(read(cursor).is_none(), "{cursor}");
        }
        assert!(read("1000000000000000000.").is_none());
    }
}
