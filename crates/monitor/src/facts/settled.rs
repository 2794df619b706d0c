//! Which facts of a subject count: those that stand, each statement once, in one order.

use super::{Fact, RETRACTION, fallen};
use std::collections::HashSet;

/// Takes out facts that stand no more, retractions themselves, and all but the last recorded of
/// those that say the same of the same: a payment told by two departments counts once, two payments
/// that differ in amount or day count twice. The last, so that whoever says again what was said
/// before something else has the last word. The result is in one order whatever the order of the
/// input.
pub fn settle(mut facts: Vec<&Fact>) -> Vec<&Fact> {
    let fallen = fallen(facts.iter().copied().filter_map(Fact::claim));
    if !fallen.is_empty() {
        facts.retain(|it| it.code != RETRACTION && !fallen.contains(it.id.as_str()));
    }
    facts.sort_by(|a, b| {
        let key = |it: &Fact| (it.code, it.from, it.to, it.recorded_at);
        key(a).cmp(&key(b)).then_with(|| {
            (&a.member, &a.site, &a.text, &a.id).cmp(&(&b.member, &b.site, &b.text, &b.id))
        })
    });
    let mut keep = Vec::with_capacity(facts.len());
    let is_same_time = |a: &&Fact, b: &&Fact| (a.code, a.from, a.to) == (b.code, b.from, b.to);
    for run in facts.chunk_by(is_same_time) {
        last_of_each(run, &mut keep);
    }
    let mut keep = keep.into_iter();
    facts.retain(|_| keep.next().unwrap_or(true));
    facts
}

/// Facts of a run that are compared one with another; longer ones by their hashes.
const COMPARED_MAX: usize = 16;

fn says(fact: &Fact) -> (Option<&str>, Option<&str>, &str) {
    (fact.member.as_deref(), fact.site.as_deref(), &fact.text)
}

/// Says of facts of one code and one time which are the last to say what they say.
fn last_of_each(run: &[&Fact], keep: &mut Vec<bool>) {
    if run.len() <= COMPARED_MAX {
        let is_last = |(position, it): (usize, &&Fact)| {
            !run[position + 1..].iter().any(|later| says(later) == says(it))
        };
        keep.extend(run.iter().enumerate().map(is_last));
        return;
    }
    let mut seen = HashSet::new();
    let begin = keep.len();
    keep.extend(run.iter().rev().map(|it| seen.insert(says(it))));
    keep[begin..].reverse();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fact of code 1 about one day, recorded on a day.
    fn fact(id: &str, text: &str, recorded_at: i64) -> Fact {
        Fact {
            id: id.into(),
            household: "H".into(),
            member: None,
            site: None,
            code: 1,
            text: text.into(),
            number: None,
            from: 1,
            to: None,
            begins: Some(0),
            at: Some(0),
            recorded_at,
            supersedes: None,
        }
    }

    /// Ids of what counts, in its order, the same for every order of the input.
    fn check(facts: &[Fact]) -> Vec<String> {
        let ids = |facts: Vec<&Fact>| -> Vec<String> {
            settle(facts).into_iter().map(|it| it.id.to_string()).collect()
        };
        let settled = ids(facts.iter().collect());
        assert_eq!(ids(facts.iter().rev().collect()), settled);
        settled
    }

    #[test]
    fn a_retraction_is_no_fact_of_its_own() {
        let told = fact("a", "10", 0);
        let mended = Fact { supersedes: Some("a".into()), ..fact("b", "12", 0) };
        let retraction =
            Fact { code: RETRACTION, supersedes: Some("b".into()), ..fact("r", "", 0) };
        assert_eq!(check(&[told.clone(), mended.clone()]), ["b"]);
        assert_eq!(check(&[retraction, mended, told]), ["a"]);
    }

    #[test]
    fn what_two_departments_tell_counts_once() {
        let (one, other) = (fact("a", "10", 0), fact("b", "10", 3));
        let another = fact("c", "11", 1);
        assert_eq!(check(&[one, other, another]), ["c", "b"]);
    }

    #[test]
    fn whoever_says_again_what_was_said_before_has_the_last_word() {
        let there = |id, at| fact(id, "there", at);
        assert_eq!(check(&[there("a", 0), fact("b", "here", 1), there("c", 2)]), ["b", "c"]);
        let many = (0..40)
            .map(|it| fact(&format!("m{it:02}"), if it % 2 == 0 { "here" } else { "there" }, it));
        let many: Vec<Fact> = many.collect();
        assert!(many.len() > COMPARED_MAX);
        assert_eq!(check(&many), ["m38", "m39"]);
    }
}
