//! What a pack says of people: which identity numbers there are, and who may be one person.
//!
//! Shapes and algorithms are named here; numbers are looked at where people are kept.

use crate::model::{Label, Reference};
use regex::Regex;
use std::collections::BTreeMap;

/// How people are told apart.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// Schemes of identity numbers in the order of the file; the first is meant where none is
    /// named.
    pub schemes: Vec<IdentityScheme>,
    /// When two entries are looked at as one person; absent: where a number is the same.
    pub duplicates: Option<Duplicates>,
    /// Sealed fields that may not be kept for ever, and for how many months they may.
    pub retention_months: BTreeMap<String, u32>,
}

/// Fields of a person that are sealed.
pub const SEALED_FIELDS: [&str; 4] = ["identity_number", "phone", "bank_account", "health_note"];

impl People {
    /// The scheme of a name.
    pub fn scheme(&self, id: &str) -> Option<&IdentityScheme> {
        self.schemes.iter().find(|it| it.id == id)
    }
}

/// A kind of identity number.
#[derive(Clone, Debug)]
pub struct IdentityScheme {
    /// Lower-case id.
    pub id: String,
    /// Name for people.
    pub label: Label,
    /// What the whole number, in capitals and without gaps, looks like.
    pub shape: Regex,
    /// How its check digit is made.
    pub check: CheckDigit,
    /// Characters at its beginning that a mask leaves readable.
    pub head: usize,
    /// Characters at its end that a mask leaves readable.
    pub tail: usize,
    /// Sources.
    pub references: Vec<Reference>,
}

/// How a check digit is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckDigit {
    /// There is none.
    None,
    /// GB 11643-1999: 17 digits with a day of birth, and ISO 7064 MOD 11-2.
    Gb11643,
    /// Every second digit doubled, from the right (ISO/IEC 7812-1, annex B).
    Luhn,
    /// The dihedral group of order ten (Verhoeff 1969), as of India's Aadhaar.
    Verhoeff,
    /// ISO/IEC 7064 MOD 11-2: digits, the last one perhaps an X.
    Mod11x2,
    /// ISO/IEC 7064 MOD 97-10: two digits at the end.
    Mod97x10,
}

impl CheckDigit {
    /// Every way, by the word that packs use.
    pub const ALL: [(&'static str, CheckDigit); 6] = [
        ("none", CheckDigit::None),
        ("gb11643", CheckDigit::Gb11643),
        ("luhn", CheckDigit::Luhn),
        ("verhoeff", CheckDigit::Verhoeff),
        ("mod11_2", CheckDigit::Mod11x2),
        ("mod97_10", CheckDigit::Mod97x10),
    ];
}

/// When two entries of the same day of birth and place are looked at as one person.
#[derive(Clone, Debug)]
pub struct Duplicates {
    /// Names less alike than this (Jaro–Winkler, 0 to 1) are names of two people.
    pub names_min: f64,
    /// What the likeness of names as they are said counts, against names as they are written.
    pub pinyin_weight: f64,
    /// Sources.
    pub references: Vec<Reference>,
}
