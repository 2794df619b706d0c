//! Whose facts somebody may write: those of households in their own areas.

use base::Diagnostic;
use base::codes::access as codes;
use monitor::facts::AREA;
use std::collections::BTreeMap;
use store::facts::{FactRow, Subject};
use store::people::households;
use store::{Tx, Within, scores};

/// The areas of the households that some facts are about.
pub struct Permitted<'a> {
    within: &'a Within,
    areas: BTreeMap<String, Option<String>>,
}

impl<'a> Permitted<'a> {
    /// Looks the areas up, where it matters. A household that nobody knows yet lies where the
    /// facts themselves say.
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
