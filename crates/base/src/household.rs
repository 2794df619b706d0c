//! Household ids: opaque UTF-8 of at most 64 bytes, ordered bytewise.

use std::fmt;

/// The id of a household. What the bytes mean is the office's business.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HouseholdId(String);

/// Why a text is not a household id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HouseholdIdError {
    /// The text is empty.
    Empty,
    /// The text is longer than [`HouseholdId::BYTES_MAX`]; holds its length in bytes.
    TooLong(usize),
}

impl HouseholdId {
    /// The longest id in bytes.
    pub const BYTES_MAX: usize = 64;

    /// Takes a text as an id, unchanged.
    pub fn new(text: &str) -> Result<Self, HouseholdIdError> {
        Self::check(text).map(|()| Self(text.to_owned()))
    }

    /// Whether a text can be an id.
    pub const fn check(text: &str) -> Result<(), HouseholdIdError> {
        match text.len() {
            0 => Err(HouseholdIdError::Empty),
            n if n > Self::BYTES_MAX => Err(HouseholdIdError::TooLong(n)),
            _ => Ok(()),
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HouseholdId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for HouseholdIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the household id is empty"),
            Self::TooLong(n) => {
                write!(f, "the household id has {n} bytes, more than {}", HouseholdId::BYTES_MAX)
            }
        }
    }
}

impl std::error::Error for HouseholdIdError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_four_bytes_are_an_id_and_sixty_five_are_not() {
        assert!(HouseholdId::new(&"x".repeat(64)).is_ok());
        assert_eq!(HouseholdId::new(&"x".repeat(65)), Err(HouseholdIdError::TooLong(65)));
        assert_eq!(HouseholdId::new(""), Err(HouseholdIdError::Empty));
    }
}
