//! What is shown of a field that is not shown.

use super::Field;

/// A field with stars for what nobody sees without a reason.
pub fn masked(field: Field, text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let length = characters.len();
    let (head, tail) = match field {
        Field::IdentityNumber if length >= 15 => (3, 4),
        Field::Phone if length >= 11 => (3, 4),
        Field::BankAccount if length >= 12 => (0, 4),
        Field::IdentityNumber | Field::Phone | Field::BankAccount if length >= 8 => (0, 2),
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
    use proptest::prelude::*;

    #[test]
    fn a_number_shows_its_beginning_and_end_and_a_note_nothing() {
        let number = masked(Field::IdentityNumber, "610202198001011234");
        assert_eq!(number, "610***********1234");
        assert_eq!(masked(Field::Phone, "19900001234"), "199****1234");
        assert_eq!(masked(Field::BankAccount, "6222000000001234"), "************1234");
        assert_eq!(masked(Field::Phone, "1234567"), "*******");
        assert_eq!(masked(Field::HealthNote, "dialysis"), "***");
    }

    proptest! {
        #[test]
        fn never_more_than_seven_characters_and_never_half_are_shown_but_of_a_phone(
            text in "[0-9A-Z]{1,40}",
        ) {
            for field in Field::ALL {
                let masked = masked(field, &text);
                let shown = masked.chars().filter(|it| *it != '*').count();
                prop_assert!(shown <= 7);
                prop_assert!(field == Field::Phone || shown * 2 < text.len());
                prop_assert!(shown * 3 <= text.len() * 2);
            }
        }
    }
}
