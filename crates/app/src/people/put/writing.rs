//! What was told of people into the registry: rows, fields, parts of names, changes, suspicions.

use super::drafts::{Draft, Drafts};
use crate::live::Live;
use crate::people::{ERASED, MERGED, names};
use base::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::people::changes;
use store::people::households::{self, HouseholdRow};
use store::people::names::{self as parts, Part};
use store::people::persons::{self, PersonRow};
use store::people::sealed::{self, SealedRow};

impl Drafts<'_> {
    /// Writes everything that is not as it was; gives how many pairs are suspected of being one
    /// person. With `compares` everybody is compared with all who are like them.
    pub fn write(
        mut self,
        live: &Live,
        tx: &mut Tx<'_>,
        compares: bool,
    ) -> Result<u64, Diagnostic> {
        self.people.retain(|_, it| it.before.as_ref() != Some(&it.row) || !it.told.is_empty());
        let before = &self.households_before;
        let homes: Vec<&HouseholdRow> = self
            .households
            .values()
            .filter(|it| before.get(&it.household_id) != Some(it))
            .collect();
        if self.people.is_empty() && homes.is_empty() {
            return Ok(0);
        }
        households::put(tx, &homes)?;
        number(tx, &mut self.people)?;
        let rows: Vec<&PersonRow> = self.people.values().map(|it| &it.row).collect();
        persons::put(tx, &rows)?;
        self.write_names(tx)?;
        let sealed = self.sealed()?;
        if !sealed.is_empty() {
            self.vault.note(tx)?;
            let schemes: BTreeSet<&str> =
                sealed.iter().map(|it| it.scheme.as_str()).filter(|it| !it.is_empty()).collect();
            sealed::note_schemes(tx, &schemes.into_iter().collect::<Vec<_>>())?;
            sealed::put(tx, &sealed)?;
        }
        changes::append(tx, &self.changes)?;
        live.record(tx, self.act, "people.put", self.subject(), &self.canonical())?;
        self.suspect(tx, live, compares)
    }

    /// Whom it is about, where it is about one.
    fn subject(&self) -> Option<&str> {
        let mut ids = self.people.keys();
        ids.next().filter(|_| self.people.len() == 1).map(String::as_str)
    }

    fn area(&self, household: &str) -> &str {
        self.households.get(household).and_then(|it| it.area_code.as_deref()).unwrap_or_default()
    }

    fn write_names(&self, tx: &mut Tx<'_>) -> Result<(), Diagnostic> {
        let (mut gone, mut fresh) = (Vec::new(), Vec::new());
        for it in self.people.values() {
            let area_before = it.area_before.as_deref().unwrap_or_default();
            let before = it.before.as_ref().map(|row| parts_of(row, area_before));
            let now = parts_of(&it.row, self.area(&it.row.household_id));
            match before {
                Some(before) if before == now => {}
                before => {
                    gone.extend(before.unwrap_or_default());
                    fresh.extend(now);
                }
            }
        }
        parts::remove(tx, &gone)?;
        Ok(parts::add(tx, fresh)?)
    }

    fn sealed(&self) -> Result<Vec<SealedRow>, Diagnostic> {
        let mut rows = Vec::new();
        for draft in self.people.values() {
            for it in draft.told.values() {
                let at = self.act.now;
                let row = self.vault.seal(draft.row.number, it.field.name(), &it.text, at)?;
                let (scheme, lookup) = (it.scheme.clone(), it.lookup.clone());
                rows.push(SealedRow { scheme, lookup, ..row });
            }
        }
        Ok(rows)
    }

    /// What was done, as the audit's digest is made of it. Only that digest is kept.
    fn canonical(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for Draft { row, told, .. } in self.people.values() {
            bytes.extend(format!("{row:?}\n").into_bytes());
            for it in told.values() {
                let line = format!("{} {} {:?}\n", it.field.name(), it.scheme, it.text);
                bytes.extend(line.into_bytes());
            }
        }
        for row in self.households.values() {
            bytes.extend(format!("{row:?}\n").into_bytes());
        }
        bytes
    }
}

/// Gives numbers to those who have none.
fn number(tx: &mut Tx<'_>, people: &mut BTreeMap<String, Draft>) -> Result<(), Diagnostic> {
    let fresh: Vec<&mut Draft> = people.values_mut().filter(|it| it.row.number == 0).collect();
    if fresh.is_empty() {
        return Ok(());
    }
    let first = persons::numbers(tx, fresh.len())?;
    for (number, draft) in (first..).zip(fresh) {
        draft.row.number = number;
    }
    Ok(())
}

/// Everything that somebody is found by, in an area; nothing of entries that count no more.
pub(crate) fn parts_of(row: &PersonRow, area: &str) -> Vec<Part> {
    let Some(name) = row.name.as_deref().filter(|_| ![MERGED, ERASED].contains(&&*row.status))
    else {
        return Vec::new();
    };
    let part = |part| Part { part, area_code: area.to_owned(), number: row.number };
    names::Forms::of(name).parts.into_iter().map(part).collect()
}
