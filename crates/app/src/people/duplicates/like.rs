//! How alike two people are who were born on the same day.

use pack::Duplicates;
use store::people::persons::Placed;
use strsim::jaro_winkler;

/// Likeness in thousandths as the policy has it; `None`: nobody would take one for the other. It
/// decides who is looked at and nothing of anybody.
pub fn likeness(
    (one, other): (&Placed, &Placed),
    rules: &Duplicates,
    county: Option<usize>,
) -> Option<i64> {
    let (a, b) = (&one.0, &other.0);
    if differ(a.sex.as_ref(), b.sex.as_ref()) || !is_one_place(one, other, county) {
        return None;
    }
    let written = jaro_winkler(a.name.as_deref()?, b.name.as_deref()?);
    let said = match (&a.pinyin, &b.pinyin) {
        (Some(a), Some(b)) => jaro_winkler(a, b),
        _ => 0.0,
    };
    if written.max(said) < rules.names_min {
        return None;
    }
    Some((written.max(said * rules.pinyin_weight) * 1_000.0).round() as i64)
}

fn differ<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
    one.is_some() && other.is_some() && one != other
}

/// Born in one place, or, where that is not known of both, living in one county.
fn is_one_place(one: &Placed, other: &Placed, county: Option<usize>) -> bool {
    match (&one.0.birth_place, &other.0.birth_place) {
        (Some(a), Some(b)) => a.contains(b.as_str()) || b.contains(a.as_str()),
        _ => {
            let cut = |it: &Placed| {
                let area = it.1.clone()?;
                let end = county.unwrap_or(area.len());
                Some(area.get(..end).unwrap_or(&area).to_owned())
            };
            !differ(cut(one), cut(other))
        }
    }
}
