//! Area codes: opaque text whose levels are prefixes of one another (GB/T 2260, P-codes).

use std::fmt;

/// A code of an administrative area. A longer code lies inside every shorter code that is its
/// prefix at a level boundary; which lengths are levels is the pack's to say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaCode(String);

impl AreaCode {
    /// Wraps a code as it stands; no check beyond trimming white space.
    pub fn new(code: impl AsRef<str>) -> Self {
        Self(code.as_ref().trim().to_owned())
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `self` is `scope` or lies inside it. An empty scope holds everywhere.
    pub fn is_within(&self, scope: &AreaCode) -> bool {
        self.0.starts_with(&scope.0)
    }

    /// This code cut to `length` bytes, or `None` where it is shorter or would be cut inside a
    /// character.
    pub fn at_length(&self, length: usize) -> Option<AreaCode> {
        self.0.get(..length).map(|it| AreaCode(it.to_owned()))
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_village_lies_in_its_county_and_not_in_the_next_one() {
        let village = AreaCode::new("610222100201");
        assert!(village.is_within(&AreaCode::new("610222")));
        assert!(!village.is_within(&AreaCode::new("610204")));
        assert_eq!(village.at_length(6), Some(AreaCode::new("610222")));
        assert_eq!(village.at_length(13), None);
    }
}
