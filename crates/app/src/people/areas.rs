//! Households live where their facts say: the registry follows.

use super::put::writing::parts_of;
use crate::live::{Act, Live, is_retraction, standing};
use base::Diagnostic;
use monitor::facts::AREA;
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::facts::{FactRow, Subject};
use store::people::changes::{self, ChangeRow};
use store::people::households::{self, HouseholdRow};
use store::people::{names, persons};

impl Live {
    /// Moves registered households to where new facts say that they live, if no later word is
    /// known.
    pub(crate) fn follow_areas(
        &self,
        tx: &mut Tx<'_>,
        facts: &[&FactRow],
        act: &Act<'_>,
    ) -> Result<(), Diagnostic> {
        let mut latest: BTreeMap<&str, &FactRow> = BTreeMap::new();
        for fact in facts.iter().copied().filter(|it| it.fact == AREA && it.member_id.is_none()) {
            let Subject::Household(household) = &fact.subject else { continue };
            let known = latest.entry(household).or_insert(fact);
            if (known.valid_from, known.recorded_at) < (fact.valid_from, fact.recorded_at) {
                *known = fact;
            }
        }
        let ids: Vec<&str> = latest.keys().copied().collect();
        for (id, home) in households::of(tx, &ids)? {
            let Some(fact) = latest.get(id.as_str()) else { continue };
            if fact.valid_from >= home.area_from {
                move_to(tx, &home, fact, act)?;
            }
        }
        Ok(())
    }

    /// Moves registered households, of which something was taken back, to where their facts say now
    /// that they live; where none says any more, they stay.
    pub(crate) fn follow_retractions(
        &self,
        tx: &mut Tx<'_>,
        facts: &[&FactRow],
        act: &Act<'_>,
    ) -> Result<(), Diagnostic> {
        let of_home = |it: &&&FactRow| is_retraction(it) && it.member_id.is_none();
        let ids = facts.iter().filter(of_home).filter_map(|it| match &it.subject {
            Subject::Household(household) => Some(household.as_str()),
            Subject::Member(_) | Subject::Site(_) => None,
        });
        let ids: BTreeSet<&str> = ids.collect();
        for (id, home) in households::of(tx, &ids.into_iter().collect::<Vec<_>>())? {
            let mut told = Vec::new();
            store::facts::of(tx, &[Subject::Household(id)], &mut |fact| {
                told.push(fact);
                Ok(())
            })?;
            let told = standing(told).into_iter();
            let latest = told
                .filter(|it| it.fact == AREA && it.member_id.is_none())
                .max_by(|a, b| (a.valid_from, a.recorded_at).cmp(&(b.valid_from, b.recorded_at)));
            let stays = |it: &FactRow| {
                (Some(&it.value), it.valid_from) == (home.area_code.as_ref(), home.area_from)
            };
            if let Some(fact) = latest.filter(|it| !stays(it)) {
                move_to(tx, &home, &fact, act)?;
            }
        }
        Ok(())
    }
}

fn move_to(
    tx: &mut Tx<'_>,
    home: &HouseholdRow,
    fact: &FactRow,
    act: &Act<'_>,
) -> Result<(), Diagnostic> {
    let moved = HouseholdRow {
        area_code: Some(fact.value.clone()),
        area_from: fact.valid_from,
        updated_at: act.now,
        ..home.clone()
    };
    households::put(tx, &[&moved])?;
    if moved.area_code == home.area_code {
        return Ok(());
    }
    let before = home.area_code.as_deref().unwrap_or_default();
    let people = persons::in_households(tx, &[&home.household_id])?;
    let gone: Vec<_> = people.iter().flat_map(|it| parts_of(it, before)).collect();
    let fresh = people.iter().flat_map(|it| parts_of(it, &fact.value)).collect();
    names::remove(tx, &gone)?;
    names::add(tx, fresh)?;
    let change = ChangeRow {
        household_id: home.household_id.clone(),
        kind: "moved".to_owned(),
        day: fact.valid_from,
        from_what: home.area_code.clone(),
        to_what: moved.area_code,
        source: fact.source.clone(),
        at: act.now,
        actor: act.actor.to_owned(),
        ..ChangeRow::default()
    };
    Ok(changes::append(tx, &[change])?)
}
