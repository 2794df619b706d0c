//! "Did you mean": the nearest of a list of words.

/// The candidate nearest to `given`, where it is near enough to be a slip of the pen.
pub(crate) fn nearest<'a>(
    given: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // A word this long is no slip, and the table below grows with its length.
    if given.len() > 100 {
        return None;
    }
    let given: Vec<char> = given.to_lowercase().chars().collect();
    let distances = candidates.into_iter().filter(|it| it.len() <= 100).map(|it| {
        let other: Vec<char> = it.to_lowercase().chars().collect();
        (distance(&given, &other), it)
    });
    let limit = (given.len() / 3).clamp(1, 4);
    distances.filter(|(steps, _)| *steps <= limit).min().map(|(_, it)| it)
}

/// A hint that names the nearest candidate, else the whole list where it is short.
pub(crate) fn hint_among(given: &str, candidates: &[&str]) -> String {
    if let Some(word) = nearest(given, candidates.iter().copied()) {
        return format!("did you mean `{word}`?");
    }
    let mut sorted = candidates.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let shown = sorted.iter().take(12).map(|it| format!("`{it}`")).collect::<Vec<_>>();
    let more = if sorted.len() > shown.len() { ", …" } else { "" };
    match shown.as_slice() {
        [] => "there is none to choose from".to_owned(),
        [one] => format!("the only one is {one}"),
        _ => format!("one of {}{more}", shown.join(", ")),
    }
}

/// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, a) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, b) in right.iter().enumerate() {
            let replaced = above[column] + usize::from(a != b);
            let mut best = replaced.min(above[column + 1] + 1).min(current[column] + 1);
            let is_swap = row > 0 && column > 0 && left[row - 1] == *b && right[column - 1] == *a;
            if is_swap {
                best = best.min(before[column - 1] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut above, current);
    }
    above[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_named_and_another_word_is_not() {
        let words = ["anchors", "applies", "dimension"];
        assert_eq!(nearest("anchor", words), Some("anchors"));
        assert_eq!(nearest("dimenison", words), Some("dimension"));
        assert_eq!(nearest("weight", words), None);
        assert_eq!(hint_among("weight", &["b", "a"]), "one of `a`, `b`");
    }
}
