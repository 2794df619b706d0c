//! Households in: their codes and heads, and how one came out of another or ended in one.

use super::{ACTIVE, check, day_of, nobody};
use crate::live::{Act, Live, Rejected};
use base::Diagnostic;
use base::codes::access;
use base::codes::people as codes;
use std::collections::BTreeMap;
use store::people::changes::{self, ChangeRow};
use store::people::households::{self, HouseholdRow};
use store::people::persons;
use store::{Tx, Within, scores};

/// It is no more: all who were in it are elsewhere.
pub const ENDED: &str = "ended";

/// A household as somebody tells of one. What is not told stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewHousehold {
    /// Its id, as in facts.
    pub household_id: String,
    /// The code that offices write.
    pub code: Option<String>,
    /// Where it lives, if neither facts nor the registry say.
    pub area_code: Option<String>,
    /// The person at its head: somebody who is registered in it.
    pub head: Option<String>,
    /// The household that it split off from.
    pub split_from: Option<String>,
    /// The household that it became part of; it ends with that.
    pub merged_into: Option<String>,
    /// Since which day; else the day on which it is told.
    pub day: Option<i64>,
    /// Who tells it.
    pub source: Option<String>,
}

/// What became of households.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HomesReceipt {
    /// New in the registry.
    pub accepted: u64,
    /// There before, and told otherwise now.
    pub changed: u64,
    /// There before, as told.
    pub known: u64,
    /// Not taken; the others were.
    pub rejected: Vec<Rejected>,
}

impl Live {
    /// Registers households, or changes what is kept of them, as part of a transaction. The same
    /// again changes nothing. Who lives in them is told with people.
    ///
    /// # Errors
    /// Those of the database. A household that cannot be taken is no error: see the receipt.
    pub fn put_households(
        &self,
        tx: &mut Tx<'_>,
        rows: &[NewHousehold],
        act: &Act<'_>,
    ) -> Result<HomesReceipt, Diagnostic> {
        let mut receipt = HomesReceipt::default();
        let (mut written, mut happened) = (BTreeMap::new(), Vec::new());
        let mut homes = Homes::load(tx, rows)?;
        for (position, row) in rows.iter().enumerate() {
            match homes.take(tx, row, act) {
                Ok((_, changes)) if changes.is_empty() => receipt.known += 1,
                Ok((home, changes)) => {
                    let is_new = !homes.there.contains_key(&row.household_id);
                    *if is_new { &mut receipt.accepted } else { &mut receipt.changed } += 1;
                    happened.extend(changes);
                    homes.there.insert(row.household_id.clone(), home.clone());
                    written.insert(row.household_id.clone(), home);
                }
                Err(finding) => receipt.rejected.push(Rejected { position, finding }),
            }
        }
        if !written.is_empty() {
            households::put(tx, &written.values().collect::<Vec<_>>())?;
            changes::append(tx, &happened)?;
            let content = format!("{:?}", written.values().collect::<Vec<_>>());
            let subject = written.keys().next().filter(|_| written.len() == 1);
            let subject = subject.map(String::as_str);
            self.record(tx, act, "households.put", subject, content.as_bytes())?;
        }
        Ok(receipt)
    }

    /// A household as it is registered, and what became of it; `None` where it is not registered
    /// within areas.
    ///
    /// # Errors
    /// Those of the database.
    pub fn household(
        &self,
        tx: &mut Tx<'_>,
        id: &str,
        within: &Within,
    ) -> Result<Option<(HouseholdRow, Vec<ChangeRow>)>, Diagnostic> {
        let home = households::of(tx, &[id])?.into_values().next();
        let Some(home) = home.filter(|it| within.holds(it.area_code.as_deref())) else {
            return Ok(None);
        };
        Ok(Some((home, changes::of_household(tx, id)?)))
    }
}

/// Households that are there, and where facts say that others live.
struct Homes {
    there: BTreeMap<String, HouseholdRow>,
    areas: BTreeMap<String, Option<String>>,
}

impl Homes {
    fn load(tx: &mut Tx<'_>, rows: &[NewHousehold]) -> Result<Self, Diagnostic> {
        let others = |it: &'_ NewHousehold| {
            let ids = [Some(&it.household_id), it.split_from.as_ref(), it.merged_into.as_ref()];
            ids.into_iter().flatten().filter(|it| !it.contains('\0')).cloned().collect::<Vec<_>>()
        };
        let ids: Vec<String> = rows.iter().flat_map(others).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        Ok(Self { there: households::of(tx, &ids)?, areas: scores::areas(tx, &ids)? })
    }

    /// The household as it will be, and what has happened to it by that; nothing where it is so.
    fn take(
        &self,
        tx: &mut Tx<'_>,
        new: &NewHousehold,
        act: &Act<'_>,
    ) -> Result<(HouseholdRow, Vec<ChangeRow>), Diagnostic> {
        is_shaped(new)?;
        let before = self.there.get(&new.household_id);
        let day = new.day.unwrap_or_else(|| day_of(act.now));
        let mut home = before.cloned().unwrap_or_else(|| HouseholdRow {
            household_id: new.household_id.clone(),
            code: new.household_id.clone(),
            area_code: self.areas.get(&new.household_id).cloned().flatten(),
            area_from: i64::MIN,
            head: None,
            state: ACTIVE.to_owned(),
            created_at: act.now,
            updated_at: act.now,
        });
        if home.area_code.is_none() {
            home.area_code.clone_from(&new.area_code);
        }
        self.is_permitted(&home.area_code, act)?;
        let change = |kind: &str, from: Option<&str>, to: Option<&str>| ChangeRow {
            household_id: new.household_id.clone(),
            kind: kind.to_owned(),
            day,
            from_what: from.map(str::to_owned),
            to_what: to.map(str::to_owned),
            source: new.source.clone(),
            at: act.now,
            actor: act.actor.to_owned(),
            ..ChangeRow::default()
        };
        let mut changes = Vec::new();
        if before.is_none() {
            let from = new.split_from.as_deref();
            if let Some(from) = from {
                self.is_there(from, act)?;
            }
            let kind = if from.is_some() { "split" } else { "registered" };
            changes.push(change(kind, from, None));
        }
        if let Some(code) = new.code.as_ref().filter(|it| **it != home.code) {
            changes.push(change("code", Some(&home.code), Some(code)));
            home.code.clone_from(code);
        }
        if let Some(head) = new.head.as_ref().filter(|it| home.head.as_ref() != Some(*it)) {
            is_in(tx, head, &home)?;
            changes.push(change("head", home.head.as_deref(), Some(head)));
            home.head = Some(head.clone());
        }
        if let Some(into) = new.merged_into.as_ref().filter(|_| home.state != ENDED) {
            self.is_there(into, act)?;
            is_empty(tx, &home)?;
            changes.push(change("merged", None, Some(into)));
            ENDED.clone_into(&mut home.state);
        }
        let area_before = before.and_then(|it| it.area_code.as_ref());
        if before.is_some() && area_before != home.area_code.as_ref() {
            changes.push(change("moved", None, home.area_code.as_deref()));
        }
        home.updated_at = act.now;
        Ok((home, changes))
    }

    fn is_permitted(&self, area: &Option<String>, act: &Act<'_>) -> Result<(), Diagnostic> {
        if act.within.holds(area.as_deref()) {
            return Ok(());
        }
        // Not told: whether there is such a household, and where.
        let message = "the household is in none of your areas";
        Err(Diagnostic::new(&access::FORBIDDEN, message).hint("ask who is responsible for it"))
    }

    /// Whether another household is registered, for whoever acts.
    fn is_there(&self, id: &str, act: &Act<'_>) -> Result<(), Diagnostic> {
        let home = self.there.get(id);
        let seen = home.filter(|it| act.within.holds(it.area_code.as_deref()));
        seen.map(|_| ()).ok_or_else(|| {
            let message = "the other household is not registered, or in none of your areas";
            Diagnostic::new(&codes::BAD_PERSON, message).hint("register it first")
        })
    }
}

/// Everything about a household that needs no look into the registry.
fn is_shaped(new: &NewHousehold) -> Result<(), Diagnostic> {
    check::id("household_id", &new.household_id)?;
    for (name, id) in [("split_from", &new.split_from), ("merged_into", &new.merged_into)] {
        id.as_deref().map_or(Ok(()), |it| check::id(name, it))?;
    }
    let texts = [("code", &new.code), ("area_code", &new.area_code), ("source", &new.source)];
    for (name, text) in texts {
        check::text(name, text.as_deref(), check::TEXT_CHARACTERS_MAX)?;
    }
    check::day("day", new.day)
}

fn is_in(tx: &mut Tx<'_>, person: &str, home: &HouseholdRow) -> Result<(), Diagnostic> {
    check::id("head", person).map_err(|_| nobody())?;
    let row = persons::of(tx, &[person])?.into_values().next();
    if row.is_some_and(|it| it.household_id == home.household_id && it.status == ACTIVE) {
        return Ok(());
    }
    let message = "the head of a household lives in it";
    Err(Diagnostic::new(&codes::BAD_PERSON, message).hint("register the person there first"))
}

/// A household that ends has nobody left in it.
fn is_empty(tx: &mut Tx<'_>, home: &HouseholdRow) -> Result<(), Diagnostic> {
    let people = persons::in_households(tx, &[&home.household_id])?;
    if people.iter().all(|it| it.status != ACTIVE) {
        return Ok(());
    }
    let message = "somebody still lives in the household";
    Err(Diagnostic::new(&codes::BAD_PERSON, message)
        .hint("register them in the other household first"))
}
