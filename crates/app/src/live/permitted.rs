//! Whose facts somebody may write: those of households in their own areas.

use base::Diagnostic;
use base::codes::access as codes;
use monitor::facts::AREA;
use std::collections::{BTreeMap, BTreeSet};
use store::facts::{FactRow, Subject};
use store::people::households;
use store::{Tx, Within, scores};

/// The areas of the households that some facts are about.
pub struct Permitted<'a> {
    within: &'a Within,
    areas: BTreeMap<String, Option<String>>,
}

impl<'a> Permitted<'a> {
    /// Looks the areas up, where it matters. A household that waits to be scored lies where stored
    /// facts say, one that nobody knows yet where the facts themselves do.
    pub fn of(tx: &mut Tx<'_>, facts: &[FactRow], within: &'a Within) -> Result<Self, Diagnostic> {
        if *within == Within::Everywhere {
            return Ok(Self { within, areas: BTreeMap::new() });
        }
        let household = |it: &'_ FactRow| match &it.subject {
            Subject::Household(household) => Some(household.clone()),
            Subject::Member(_) | Subject::Site(_) => None,
        };
        let ids: Vec<String> = facts.iter().filter_map(household).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut areas = scores::areas(tx, &ids)?;
        said(tx, &ids, &mut areas)?;
        // Who is registered lives where the registry says, until facts say otherwise.
        for (id, home) in households::of(tx, &ids)? {
            areas.entry(id).or_insert(home.area_code);
        }
        for fact in facts.iter().filter(|it| it.fact == AREA && it.member_id.is_none()) {
            if let Some(household) = household(fact) {
                areas.entry(household).or_insert_with(|| Some(fact.value.clone()));
            }
        }
        Ok(Self { within, areas })
    }

    /// Why a fact may not be written, where it may not.
    pub fn fault(&self, fact: &FactRow) -> Option<Diagnostic> {
        if *self.within == Within::Everywhere {
            return None;
        }
        let area = match &fact.subject {
            Subject::Household(household) => self.areas.get(household).cloned().flatten(),
            Subject::Member(_) | Subject::Site(_) => None,
        };
        if self.within.holds(area.as_deref()) {
            return None;
        }
        // Not told: whether there is such a household, and where.
        let message = "the fact is about nobody in your areas";
        Some(Diagnostic::new(&codes::FORBIDDEN, message).hint("ask who is responsible for it"))
    }
}

/// Adds the areas of households that wait to be scored, as their latest facts say.
fn said(
    tx: &mut Tx<'_>,
    ids: &[&str],
    areas: &mut BTreeMap<String, Option<String>>,
) -> Result<(), Diagnostic> {
    let unscored: BTreeSet<&str> =
        ids.iter().copied().filter(|it| !areas.contains_key(*it)).collect();
    let subjects: Vec<Subject> =
        unscored.into_iter().map(|it| Subject::Household(it.to_owned())).collect();
    let mut latest: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    store::facts::of(tx, &subjects, &mut |fact| {
        if let Subject::Household(household) = fact.subject
            && fact.fact == AREA
            && fact.member_id.is_none()
        {
            let at = (fact.valid_from, fact.recorded_at);
            if latest.get(&household).is_none_or(|it| *it <= at) {
                latest.insert(household.clone(), at);
                areas.insert(household, Some(fact.value));
            }
        }
        Ok(())
    })?;
    Ok(())
}
