//! Which facts stand. A correction takes the place of the fact that it names; a retraction takes a
//! fact back as if it had never been told, with everything that it corrected standing again.
//!
//! Facts of one subject are looked at together, whoever recorded them and when.

use std::collections::{HashMap, HashSet};

/// What a fact says of another one.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// Its own id.
    pub id: &'a str,
    /// The one that it corrects or takes back.
    pub of: &'a str,
    /// Whether it takes it back.
    pub is_retraction: bool,
}

/// Retractions of retractions of …: nobody goes so far but files made to do harm.
const DEEP: usize = 16;

/// Retractions by the fact that they take back.
struct Retractions<'a>(HashMap<&'a str, Vec<&'a str>>);

impl<'a> Retractions<'a> {
    /// The one that takes a fact back and is not taken back itself.
    fn of(&self, id: &str, depth: usize) -> Option<&'a str> {
        let all = self.0.get(id).filter(|_| depth < DEEP)?;
        all.iter().copied().find(|it| self.of(it, depth + 1).is_none())
    }
}

/// Claims that hold: those of facts that were not taken back themselves.
pub fn holding<'a>(claims: impl Iterator<Item = Claim<'a>>) -> Vec<Claim<'a>> {
    let mut claims: Vec<Claim<'a>> = claims.collect();
    let mut retractions = Retractions(HashMap::new());
    for it in claims.iter().filter(|it| it.is_retraction) {
        retractions.0.entry(it.of).or_default().push(it.id);
    }
    if !retractions.0.is_empty() {
        claims.retain(|it| retractions.of(it.id, 0).is_none());
    }
    claims
}

/// Ids of facts that stand no more.
pub fn fallen<'a>(claims: impl Iterator<Item = Claim<'a>>) -> HashSet<&'a str> {
    holding(claims).into_iter().map(|it| it.of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ids that stand no more of claims written `id>corrected` or `id!taken back`, sorted.
    fn check(text: &str) -> Vec<&str> {
        let claims = text.split_whitespace().filter_map(|it| {
            let (id, of) = it.split_once(['>', '!'])?;
            Some(Claim { id, of, is_retraction: it.contains('!') })
        });
        let mut ids: Vec<&str> = fallen(claims).into_iter().collect();
        ids.sort_unstable();
        ids
    }

    #[test]
    fn what_a_retracted_fact_corrected_stands_again() {
        assert_eq!(check("b>a"), ["a"]);
        assert_eq!(
            check("b>a c>b"),
            ["a", "b"],
            "a correction of a correction brings nothing back"
        );
        assert_eq!(check("b>a r!b"), ["b"]);
        assert_eq!(check("r!b c>b b>a"), ["b"], "whoever corrected it too");
        assert_eq!(check("b>a r!b s!r"), ["a", "r"], "the retraction was a mistake");
        assert_eq!(check("r!b q!b s!r"), ["b", "r"], "one of two was");
    }

    #[test]
    fn retractions_that_take_back_each_other_end() {
        assert!(check("r!s s!r b>a").contains(&"a"));
        assert_eq!(check("r!r"), ["r"]);
    }
}
