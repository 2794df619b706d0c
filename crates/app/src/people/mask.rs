//! What is shown of a field that is not shown.

use super::Field;
use pack::IdentityScheme;

/// A field with stars for what nobody sees without a reason. Of an identity number as much is shown
/// as its scheme says, and of none the half.
pub fn masked(field: Field, scheme: Option<&IdentityScheme>, text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let length = characters.len();
    let (head, tail) = match field {
        Field::IdentityNumber => match scheme.map(|it| (it.head, it.tail)) {
            Some((head, tail)) if (head + tail) * 2 < length => (head, tail),
            _ if length >= 8 => (0, 2),
            _ => (0, 0),
        },
        Field::Phone if length >= 11 => (3, 4),
        Field::BankAccount if length >= 12 => (0, 4),
        Field::Phone | Field::BankAccount if length >= 8 => (0, 2),
        // Not even how long it is.
        Field::HealthNote => return "***".to_owned(),
        _ => (0, 0),
    };
    let shown = |(at, it): (usize, &char)| {
        if at < head || at >= length - tail { *it } else { '*' }
    };
    characters.iter().enumerate().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pack::{CheckDigit, Label};
    use proptest::prelude::*;

    fn scheme(head: usize, tail: usize) -> IdentityScheme {
        let shape = regex::Regex::new("").expect("a shape");
        let (id, label) = ("x".to_owned(), Label::default());
        let check = CheckDigit::None;
        IdentityScheme { id, label, shape, check, head, tail, references: Vec::new() }
    }

    #[test]
    fn a_number_shows_its_beginning_and_end_and_a_note_nothing() {
        let number =
            |head, tail, text| masked(Field::IdentityNumber, Some(&scheme(head, tail)), text);
        assert_eq!(number(3, 4, "610202198001011234"), "610***********1234");
        assert_eq!(number(0, 2, "E12345678"), "*******78");
        assert_eq!(number(3, 4, "E12345678"), "*******78", "no half of it");
        assert_eq!(masked(Field::IdentityNumber, None, "E12345678"), "*******78");
        assert_eq!(masked(Field::Phone, None, "19900001234"), "199****1234");
        assert_eq!(masked(Field::BankAccount, None, "6222000000001234"), "************1234");
        assert_eq!(masked(Field::Phone, None, "1234567"), "*******");
        assert_eq!(masked(Field::HealthNote, None, "dialysis"), "***");
    }

    proptest! {
        #[test]
        fn never_more_than_seven_characters_and_never_half_are_shown_but_of_a_phone(
            text in "[0-9A-Z]{1,40}", head in 0usize..5, tail in 0usize..4,
        ) {
            for field in Field::ALL {
                let masked = masked(field, Some(&scheme(head, tail)), &text);
                let shown = masked.chars().filter(|it| *it != '*').count();
                prop_assert!(shown <= 7);
                prop_assert!(field == Field::Phone || shown * 2 < text.len());
                prop_assert!(shown * 3 <= text.len() * 2);
            }
        }
    }
}
