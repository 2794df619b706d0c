//! Units of measure: products of base words with whole exponents, e.g. `yuan/person/year`.

use std::collections::BTreeMap;
use std::fmt;

/// A unit: base words with exponents, none of them zero. Empty is a pure number, written `1`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Unit(BTreeMap<String, i32>);

impl Unit {
    /// The pure number.
    pub fn one() -> Self {
        Self::default()
    }

    /// Reads `yuan/person/year`, `m2`, `%`, `1`, `yuan*month`. A word is letters, digits, `_` and
    /// `%`; `*` multiplies and `/` divides by the next word.
    pub fn parse(text: &str) -> Option<Unit> {
        let mut unit = Unit::one();
        let mut sign = 1;
        let mut rest = text.trim();
        loop {
            let end = rest.find(['*', '/']).unwrap_or(rest.len());
            let word = rest[..end].trim();
            let is_word = |it: char| it.is_alphanumeric() || it == '_' || it == '%';
            if word.is_empty() || !word.chars().all(is_word) {
                return None;
            }
            if word != "1" {
                unit.add(word, sign);
            }
            let Some(operator) = rest[end..].chars().next() else { return Some(unit) };
            sign = if operator == '/' { -1 } else { 1 };
            rest = &rest[end + 1..];
        }
    }

    /// The unit of a product.
    pub fn times(&self, other: &Unit) -> Unit {
        let mut unit = self.clone();
        other.0.iter().for_each(|(word, exponent)| unit.add(word, *exponent));
        unit
    }

    /// The unit of a quotient.
    pub fn per(&self, other: &Unit) -> Unit {
        let mut unit = self.clone();
        other.0.iter().for_each(|(word, exponent)| unit.add(word, -exponent));
        unit
    }

    /// Whether it is the pure number.
    pub fn is_one(&self) -> bool {
        self.0.is_empty()
    }

    fn add(&mut self, word: &str, exponent: i32) {
        let sum = self.0.get(word).copied().unwrap_or(0) + exponent;
        if sum == 0 {
            self.0.remove(word);
        } else {
            self.0.insert(word.to_owned(), sum);
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let repeat = |sign: i32| {
            let words = self.0.iter().filter(move |(_, it)| it.signum() == sign);
            words.flat_map(|(word, it)| vec![word.as_str(); it.unsigned_abs() as usize])
        };
        let above = repeat(1).collect::<Vec<_>>().join("*");
        f.write_str(if above.is_empty() { "1" } else { &above })?;
        repeat(-1).try_for_each(|word| write!(f, "/{word}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotient_of_amounts_per_head_is_a_pure_number() {
        let income = Unit::parse("yuan/person/year").expect("a unit");
        let line = Unit::parse("yuan / year / person").expect("a unit");
        assert_eq!(income, line);
        assert!(income.per(&line).is_one());
        assert_eq!(income.to_string(), "yuan/person/year");
        assert_eq!(Unit::parse("1/year").map(|it| it.to_string()), Some("1/year".into()));
        assert_eq!(Unit::parse("yuan//year"), None);
        assert_eq!(Unit::parse(""), None);
    }
}
