//! "Did you mean …": the closest of a list of names.

/// The name that takes the fewest edits, where that is at most a third of its length.
pub fn closest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = wanted.to_lowercase();
    let scored = names.into_iter().map(|it| (edits(&lower, &it.to_lowercase()), it));
    let (distance, name) = scored.min()?;
    (distance <= (wanted.chars().count() / 3).max(1)).then_some(name)
}

/// Levenshtein distance in characters.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            let change = diagonal + usize::from(x != *y);
            row[j + 1] = change.min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_recognised_and_a_stranger_is_not() {
        let names = ["household_id", "period", "net_income"];
        assert_eq!(closest("houshold_id", names), Some("household_id"));
        assert_eq!(closest("height", names), None);
    }
}
