//! People found by name, characters, pinyin, initials, the code of their household, or the whole of
//! a number; inside areas, a page at a time.

use super::view::View;
use super::{Field, Identity, names};
use crate::live::{Live, OPEN};
use base::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};
use store::people::names::{self as parts, Part};
use store::people::persons::{self, Placed};
use store::people::{households, sealed};
use store::{Tx, Within};

/// Where a page ends: in the order of names, or of households.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// After a part of a name.
    Name(Part),
    /// After a person of a household.
    Household(String, i64),
}

/// A page, and where the next begins.
pub type Page = (Vec<View>, Option<Place>);

/// A household as it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// Its id.
    pub household_id: String,
    /// The code that offices write.
    pub code: String,
    /// Where it lives.
    pub area_code: Option<String>,
}

impl Live {
    /// A page of people. Without a text everybody, household by household.
    ///
    /// # Errors
    /// Those of the database; I004.
    pub fn find_people(
        &self,
        tx: &mut Tx<'_>,
        text: &str,
        within: &Within,
        after: Option<&Place>,
        most: usize,
    ) -> Result<Page, Diagnostic> {
        let text = text.trim();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let (found, next) = if text.is_empty() {
            in_order(tx, within, after, most)?
        } else if digits > 0 {
            let by_number = self.by_number(tx, text, within)?;
            if by_number.is_empty() {
                (of_code(tx, text, within, most)?, None)
            } else {
                (by_number, None)
            }
        } else {
            by_name(tx, &names::wanted(text), within, after, most)?
        };
        Ok((self.views(tx, found)?, next))
    }

    /// Households whose code or id begins with a text.
    ///
    /// # Errors
    /// Those of the database.
    pub fn find_households(
        &self,
        tx: &mut Tx<'_>,
        text: &str,
        within: &Within,
        most: usize,
    ) -> Result<Vec<Home>, Diagnostic> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let registered = households::by_code(tx, text, within, most as i64)?.into_iter();
        let mut found: BTreeMap<String, Home> = registered
            .map(|it| {
                let (household_id, code, area_code) = (it.household_id, it.code, it.area_code);
                (household_id.clone(), Home { household_id, code, area_code })
            })
            .collect();
        if let Some(open) = self.period(tx, OPEN)? {
            let open = open.index().into();
            for (id, area_code) in households::scored(tx, text, open, within, most as i64)? {
                let code = id.clone();
                let home = Home { household_id: id.clone(), code, area_code };
                found.entry(id).or_insert(home);
            }
        }
        Ok(found.into_values().take(most).collect())
    }

    /// Whoever has exactly this number: of identity, of any scheme that is in use, or a telephone.
    fn by_number(
        &self,
        tx: &mut Tx<'_>,
        text: &str,
        within: &Within,
    ) -> Result<Vec<Placed>, Diagnostic> {
        let vault = self.vault();
        let pack = self.pack();
        let mut lookups = Vec::new();
        // Schemes that the policy has no more are still in use.
        for scheme in sealed::schemes(tx)? {
            if let Some(number) = Identity::sought(&pack.people, &scheme, text) {
                lookups.push(vault.lookup(Field::IdentityNumber.name(), &scheme, &number));
            }
        }
        for (field, most) in [(Field::Phone, 20), (Field::BankAccount, 34)] {
            if let Ok(it) = super::check::digits(field.name(), text, most) {
                lookups.push(vault.lookup(field.name(), "", &it));
            }
        }
        let lookups: Vec<&str> = lookups.iter().map(String::as_str).collect();
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for number in sealed::holders(tx, &lookups)?.into_values().flatten() {
            let mut person = persons::by_number(tx, number)?;
            // The number of an entry that counts no more leads to the one that does.
            while let Some(kept) = person.as_ref().and_then(|it| it.0.merged_into.clone()) {
                person = persons::by_id(tx, &kept)?;
            }
            let person = person.filter(|it| it.0.name.is_some() && within.holds(it.1.as_deref()));
            found.extend(person.filter(|it| seen.insert(it.0.number)));
        }
        Ok(found)
    }
}

fn in_order(
    tx: &mut Tx<'_>,
    within: &Within,
    after: Option<&Place>,
    most: usize,
) -> Result<(Vec<Placed>, Option<Place>), Diagnostic> {
    let after = match after {
        Some(Place::Household(household, number)) => (household.as_str(), *number),
        _ => ("", 0),
    };
    let found = persons::list(tx, within, after, most as i64)?;
    let last = found.last().filter(|_| found.len() == most);
    let next = last.map(|it| Place::Household(it.0.household_id.clone(), it.0.number));
    Ok((found, next))
}

fn of_code(
    tx: &mut Tx<'_>,
    text: &str,
    within: &Within,
    most: usize,
) -> Result<Vec<Placed>, Diagnostic> {
    let homes = households::by_code(tx, text, within, most as i64)?;
    let ids: Vec<&str> = homes.iter().map(|it| it.household_id.as_str()).collect();
    let areas: BTreeMap<&str, Option<String>> =
        homes.iter().map(|it| (it.household_id.as_str(), it.area_code.clone())).collect();
    let people = persons::in_households(tx, &ids)?.into_iter();
    let people = people.filter(|it| it.name.is_some() && it.merged_into.is_none());
    let placed = people.map(|it| {
        let area = areas.get(it.household_id.as_str()).cloned().flatten();
        (it, area)
    });
    Ok(placed.take(most).collect())
}

/// Everybody whose name has a text inside: by the first of the parts that begin with it, so that
/// nobody is on two pages.
fn by_name(
    tx: &mut Tx<'_>,
    wanted: &str,
    within: &Within,
    after: Option<&Place>,
    most: usize,
) -> Result<(Vec<Placed>, Option<Place>), Diagnostic> {
    let mut place = match after {
        Some(Place::Name(part)) => Some(part.clone()),
        _ => None,
    };
    let mut found = Vec::new();
    if wanted.is_empty() {
        return Ok((found, None));
    }
    loop {
        let wants = most - found.len();
        let hits = parts::find(tx, wanted, within, place.as_ref(), wants as i64)?;
        let is_last = hits.len() < wants;
        for hit in hits {
            let person = persons::by_number(tx, hit.number)?;
            found.extend(person.filter(|it| is_first(&it.0, wanted, &hit.part)));
            place = Some(hit);
        }
        if is_last {
            return Ok((found, None));
        }
        if found.len() >= most {
            return Ok((found, place.map(Place::Name)));
        }
    }
}

fn is_first(person: &persons::PersonRow, wanted: &str, part: &str) -> bool {
    let forms = names::Forms::of(person.name.as_deref().unwrap_or_default());
    forms.parts.iter().find(|it| it.starts_with(wanted)).is_some_and(|it| it == part)
}
