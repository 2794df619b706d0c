//! Which of the facts of a subject stand, as they lie in the store.

use monitor::facts::{Claim, RETRACTED, fallen, holding};
use std::collections::{BTreeMap, HashSet};
use store::facts::FactRow;

fn claims(facts: &[FactRow]) -> impl Iterator<Item = Claim<'_>> {
    facts.iter().filter_map(|it| {
        let of = it.supersedes.as_deref()?;
        Some(Claim { id: &it.fact_id, of, is_retraction: is_retraction(it) })
    })
}

/// Whether a fact takes another one back.
pub fn is_retraction(fact: &FactRow) -> bool {
    fact.fact == RETRACTED
}

/// Those of the facts of whole subjects that say something which stands.
pub fn standing(facts: Vec<FactRow>) -> Vec<FactRow> {
    let fallen: HashSet<String> = fallen(claims(&facts)).into_iter().map(str::to_owned).collect();
    let stands = |it: &FactRow| !is_retraction(it) && !fallen.contains(&it.fact_id);
    facts.into_iter().filter(stands).collect()
}

/// For facts of whole subjects that stand no more, what took their place or took them back: the
/// last one that does.
pub fn falls(facts: &[FactRow]) -> BTreeMap<&str, &FactRow> {
    if facts.iter().all(|it| it.supersedes.is_none()) {
        return BTreeMap::new();
    }
    let by_id: BTreeMap<&str, &FactRow> =
        facts.iter().map(|it| (it.fact_id.as_str(), it)).collect();
    let holding = holding(claims(facts)).into_iter();
    holding.filter_map(|it| Some((it.of, *by_id.get(it.id)?))).collect()
}
