//! Entries that may be one person: found on entry and in bulk, put on a list for somebody to look
//! at. Nobody is made one with anybody here.

mod like;

use super::put::drafts::Drafts;
use super::{ERASED, Field, MERGED};
use crate::live::{Act, Live};
use base::Diagnostic;
use like::likeness;
use pack::Duplicates;
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::people::duplicates::{self, PairRow};
use store::people::persons::{self, PersonRow, Placed};
use store::people::sealed;

/// Nobody has decided yet.
pub const OPEN: &str = "open";
/// Two people, whatever is found later.
pub const DISTINCT: &str = "distinct";
/// One person.
pub const ONE: &str = "merged";

/// Why a pair is suspected.
const SAME_NUMBER: &str = "identity_number";
const ALIKE: &str = "name_birth_place";

/// People born on one day that are compared with each other at most.
const BORN_MAX: i64 = 2_000;

/// Pairs that were found, each once.
#[derive(Default)]
pub struct Found(BTreeMap<(String, String), Why>);

/// Why a pair is suspected.
#[derive(Clone, Copy)]
struct Why {
    reason: &'static str,
    likeness: i64,
    /// Whether whoever acts may know of it.
    is_seen: bool,
}

impl Found {
    fn add(&mut self, a: &str, b: &str, why: Why) {
        if a != b {
            let pair = if a < b { (a, b) } else { (b, a) };
            let pair = (pair.0.to_owned(), pair.1.to_owned());
            self.0.entry(pair).or_insert(why);
        }
    }

    /// Adds them to the list; gives how many were not on it, as far as whoever acts may know.
    fn write(self, tx: &mut Tx<'_>, now: i64) -> Result<u64, Diagnostic> {
        let row = |((one, other), why): ((String, String), Why)| PairRow {
            number: 0,
            one,
            other,
            reason: why.reason.to_owned(),
            likeness: why.likeness,
            state: OPEN.to_owned(),
            found_at: now,
            decided_at: None,
            decided_by: None,
        };
        let (seen, hidden): (Vec<_>, Vec<_>) = self.0.into_iter().partition(|it| it.1.is_seen);
        duplicates::add(tx, &hidden.into_iter().map(row).collect::<Vec<_>>())?;
        Ok(duplicates::add(tx, &seen.into_iter().map(row).collect::<Vec<_>>())?)
    }
}

impl Drafts<'_> {
    /// Puts on the list who of those that were written may be somebody else; gives how many are new
    /// on it. With `compares` all who were born on the same day are looked at too.
    pub(super) fn suspect(
        &self,
        tx: &mut Tx<'_>,
        live: &Live,
        compares: bool,
    ) -> Result<u64, Diagnostic> {
        let mut found = Found::default();
        self.same_numbers(tx, &mut found)?;
        if let Some(rules) = Rules::of(live).filter(|_| compares) {
            for row in self.people.values().map(|it| &it.row).filter(|it| counts(it)) {
                let area = self.households.get(&row.household_id);
                let own = (row.clone(), area.and_then(|it| it.area_code.clone()));
                let Some(day) = row.birth_date else { continue };
                for other in persons::born_on(tx, day, BORN_MAX)? {
                    compare(tx, (&own, &other), &rules, self.act, &mut found)?;
                }
            }
        }
        found.write(tx, self.act.now)
    }

    fn same_numbers(&self, tx: &mut Tx<'_>, found: &mut Found) -> Result<(), Diagnostic> {
        let mut here: BTreeMap<&str, &str> = BTreeMap::new();
        let same = Why { reason: SAME_NUMBER, likeness: 1_000, is_seen: true };
        for (id, draft) in &self.people {
            let told = draft.told.get(&Field::IdentityNumber);
            let Some(lookup) = told.and_then(|it| it.lookup.as_deref()) else { continue };
            let others = self.holders.get(lookup).map_or(&[][..], Vec::as_slice);
            for other in others.iter().filter(|it| **it != draft.row.number) {
                let other = persons::by_number(tx, *other)?.filter(|it| it.0.status != ERASED);
                if let Some((other, area)) = other {
                    let is_seen = self.act.within.holds(area.as_deref());
                    found.add(id, &other.person_id, Why { is_seen, ..same });
                }
            }
            if let Some(other) = here.insert(lookup, id) {
                found.add(id, other, same);
            }
        }
        Ok(())
    }
}

impl Live {
    /// Compares everybody with everybody who was born on the same day, and puts on the list who may
    /// be one person; gives how many pairs are new on it. `progress` counts people.
    ///
    /// # Errors
    /// Those of the database; what was found before stays on the list.
    pub fn find_duplicates(
        &self,
        act: &Act<'_>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<u64, Diagnostic> {
        /// Days of one look into the registry.
        const DAYS: usize = 500;
        let (mut day, mut people, mut suspected) = (i64::MIN, 0, 0);
        // Who has the same identity number was put on the list when it was told.
        let Some(rules) = Rules::of(self) else { return Ok(0) };
        loop {
            let mut found = Found::default();
            let done = self.store.read(|tx| -> Result<bool, Diagnostic> {
                for _ in 0..DAYS {
                    let Some(next) = persons::next_birth(tx, day)? else { return Ok(true) };
                    day = next;
                    let born = persons::born_on(tx, day, BORN_MAX)?;
                    people += born.len() as u64;
                    for (at, one) in born.iter().enumerate().filter(|it| counts(&it.1.0)) {
                        for other in &born[at + 1..] {
                            compare(tx, (one, other), &rules, act, &mut found)?;
                        }
                    }
                }
                Ok(false)
            })?;
            suspected += self.store.write(|tx| found.write(tx, act.now))?;
            progress(people);
            if done {
                return Ok(suspected);
            }
        }
    }
}

/// What the policy says of who is looked at.
struct Rules {
    alike: Duplicates,
    /// How long the codes of counties are, or whatever stands in the middle of the pack's areas.
    county: Option<usize>,
}

impl Rules {
    /// `None` where the policy has nobody's name compared.
    fn of(live: &Live) -> Option<Self> {
        let pack = live.pack();
        let county = pack.area_levels.get(pack.area_levels.len() / 2).copied();
        Some(Self { alike: pack.people.duplicates.clone()?, county })
    }
}

/// Whether an entry counts by itself.
fn counts(row: &PersonRow) -> bool {
    row.name.is_some() && ![MERGED, ERASED].contains(&row.status.as_str())
}

fn compare(
    tx: &mut Tx<'_>,
    (one, other): (&Placed, &Placed),
    rules: &Rules,
    act: &Act<'_>,
    found: &mut Found,
) -> Result<(), Diagnostic> {
    if one.0.person_id == other.0.person_id || !counts(&other.0) {
        return Ok(());
    }
    let Some(likeness) = likeness((one, other), &rules.alike, rules.county) else { return Ok(()) };
    // Two numbers of one kind are two people: twins have nearly everything else in common.
    if !have_two_numbers(tx, one.0.number, other.0.number)? {
        let is_seen = [one, other].iter().all(|it| act.within.holds(it.1.as_deref()));
        let why = Why { reason: ALIKE, likeness, is_seen };
        found.add(&one.0.person_id, &other.0.person_id, why);
    }
    Ok(())
}

fn have_two_numbers(tx: &mut Tx<'_>, one: i64, other: i64) -> Result<bool, Diagnostic> {
    let numbers =
        |tx: &mut Tx<'_>, number| -> Result<BTreeSet<(String, Option<String>)>, Diagnostic> {
            let fields = sealed::of(tx, number)?.into_iter();
            let fields = fields.filter(|it| it.field == Field::IdentityNumber.name());
            Ok(fields.map(|it| (it.scheme, it.lookup)).collect())
        };
    let (one, other) = (numbers(tx, one)?, numbers(tx, other)?);
    Ok(one.iter().any(|a| other.iter().any(|b| a.0 == b.0 && a.1 != b.1)))
}
