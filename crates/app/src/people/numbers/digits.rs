//! Check digits, each as its standard has it. What is no digit where one is needed fails the check.

fn value(byte: u8) -> Option<u32> {
    char::from(byte).to_digit(10)
}

/// The check digit of the first 17 digits of GB 11643.
pub fn gb_11643(number: &str) -> char {
    let digits = number.bytes().take(17).map(|it| value(it).unwrap_or(0));
    let sum = digits.fold(0, |sum, it| (sum + it) * 2 % 11);
    match (12 - sum) % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

/// ISO/IEC 7064 MOD 11-2: the sum of digits, each doubled once more than the one behind it, is 1.
pub fn mod_11_2(number: &str) -> bool {
    let last = number.len().saturating_sub(1);
    let digit = |(at, it): (usize, u8)| match it {
        b'X' if at == last => Some(10),
        _ => value(it),
    };
    let sum = number.bytes().enumerate().try_fold(0, |sum, it| Some((sum * 2 + digit(it)?) % 11));
    sum == Some(1)
}

/// ISO/IEC 7064 MOD 97-10: the number leaves 1 when divided by 97.
pub fn mod_97_10(number: &str) -> bool {
    let rest = number.bytes().try_fold(0, |rest, it| Some((rest * 10 + value(it)?) % 97));
    number.len() > 2 && rest == Some(1)
}

/// ISO/IEC 7812-1, annex B: every second digit doubled from the right, digits summed up.
pub fn luhn(number: &str) -> bool {
    let sum = number.bytes().rev().enumerate().try_fold(0, |sum, (at, it)| {
        let digit = value(it)?;
        let doubled = if at % 2 == 1 { digit * 2 } else { digit };
        Some(sum + doubled / 10 + doubled % 10)
    });
    number.len() > 1 && sum.is_some_and(|it| it % 10 == 0)
}

/// Verhoeff, Error Detecting Decimal Codes (1969): products in the dihedral group of order ten.
pub fn verhoeff(number: &str) -> bool {
    let product = number.bytes().rev().enumerate().try_fold(0, |product, (at, it)| {
        let mut digit = value(it)?;
        for _ in 0..at % 8 {
            digit = PERMUTATION[digit as usize];
        }
        Some(times(product, digit))
    });
    number.len() > 1 && product == Some(0)
}

/// Applied once for each place from the right; eight times it is none.
const PERMUTATION: [u32; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/// The product of two symmetries of a pentagon: 0 to 4 turn it, 5 to 9 turn it over.
fn times(one: u32, other: u32) -> u32 {
    match (one < 5, other < 5) {
        (true, true) => (one + other) % 5,
        (true, false) => 5 + (one + other) % 5,
        (false, true) => 5 + (one - other % 5) % 5,
        (false, false) => (one + 5 - other) % 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Check = fn(&str) -> bool;

    #[test]
    fn products_are_those_of_the_group_of_the_pentagon() {
        // Rows of the table as it is usually printed.
        assert_eq!(
            (0..10).map(|it| times(5, it)).collect::<Vec<_>>(),
            [5, 9, 8, 7, 6, 0, 4, 3, 2, 1]
        );
        assert_eq!(
            (0..10).map(|it| times(6, it)).collect::<Vec<_>>(),
            [6, 5, 9, 8, 7, 1, 0, 4, 3, 2]
        );
        assert_eq!(
            (0..10).map(|it| times(3, it)).collect::<Vec<_>>(),
            [3, 4, 0, 1, 2, 8, 9, 5, 6, 7]
        );
    }

    #[test]
    fn every_wrong_digit_and_every_swap_of_neighbours_is_found() {
        let cases: [(&str, Check, bool); 4] = [
            ("79927398713", luhn, false),
            ("2363", verhoeff, true),
            ("07940", mod_11_2, true),
            ("79444", mod_97_10, true),
        ];
        for (right, check, finds_swaps) in cases {
            assert!(check(right), "{right}");
            for at in 0..right.len() {
                for digit in "0123456789".chars().filter(|it| !right[at..].starts_with(*it)) {
                    let wrong = format!("{}{digit}{}", &right[..at], &right[at + 1..]);
                    assert!(!check(&wrong), "{wrong} for {right}");
                }
            }
            let bytes = right.as_bytes();
            for at in (1..right.len()).filter(|it| finds_swaps && bytes[*it] != bytes[it - 1]) {
                let mut swapped = bytes.to_vec();
                swapped.swap(at, at - 1);
                let swapped = String::from_utf8(swapped).expect("digits");
                assert!(!check(&swapped), "{swapped} for {right}");
            }
            for none in ["", "A", "1A3"] {
                assert!(!check(none), "{none:?}");
            }
        }
    }
}
