//! Erasure: names and sealed fields go, keys and all; a marked gap stays.

use super::put::writing::parts_of;
use super::view::{reason, visible};
use super::{ACTIVE, ERASED, day_of, duplicates};
use crate::live::{Act, Live};
use base::Diagnostic;
use store::Tx;
use store::facts::erased;
use store::people::changes::{self, ChangeRow};
use store::people::persons::{self, PersonRow};
use store::people::{duplicates as pairs, merges, names, sealed};

impl Live {
    /// Erases somebody and every entry that was merged into theirs, as part of a transaction:
    /// names, birth, place, and the keys of what is sealed. Facts stay, under an id that says
    /// nothing of anybody, without the reasons for which they correct others. Erased already, it
    /// changes nothing. Gives how many entries were erased.
    ///
    /// # Errors
    /// I003; I002: no reason; those of the database.
    pub fn erase(
        &self,
        tx: &mut Tx<'_>,
        id: &str,
        reason: &str,
        act: &Act<'_>,
    ) -> Result<u64, Diagnostic> {
        let why = self::reason(reason)?;
        let found = visible(tx, id, act);
        if found.as_ref().is_err_and(|it| it.code.id == base::codes::people::ERASED.id) {
            return Ok(0);
        }
        found?;
        let (mut waiting, mut count) = (vec![id.to_owned()], 0);
        while let Some(id) = waiting.pop() {
            let Some((row, area)) = persons::by_id(tx, &id)? else { continue };
            if row.status == ERASED {
                continue;
            }
            let held = merges::of_person(tx, &id)?.into_iter();
            let held = held.filter(|it| it.kept == id && it.undone_at.is_none());
            waiting.extend(held.map(|it| it.merged));
            names::remove(tx, &parts_of(&row, area.as_deref().unwrap_or_default()))?;
            sealed::destroy(tx, row.number)?;
            erased::forget_reasons(tx, &id)?;
            persons::put(tx, &[&gap(&row, act)])?;
            pairs::move_of(tx, &id, duplicates::OPEN, ERASED)?;
            changes::append(tx, &[change(&row, act)])?;
            self.record(tx, act, "person.erase", Some(&id), why.as_bytes())?;
            count += 1;
        }
        Ok(count)
    }
}

/// What is left of somebody: that there was an entry, and where.
fn gap(row: &PersonRow, act: &Act<'_>) -> PersonRow {
    PersonRow {
        number: row.number,
        person_id: row.person_id.clone(),
        household_id: row.household_id.clone(),
        status: ERASED.to_owned(),
        status_from: Some(day_of(act.now)),
        merged_into: row.merged_into.clone(),
        created_at: row.created_at,
        updated_at: act.now,
        ..PersonRow::default()
    }
}

fn change(row: &PersonRow, act: &Act<'_>) -> ChangeRow {
    ChangeRow {
        household_id: row.household_id.clone(),
        person_id: Some(row.person_id.clone()),
        kind: ERASED.to_owned(),
        day: day_of(act.now),
        from_what: Some(row.status.clone()).filter(|it| it != ACTIVE),
        at: act.now,
        actor: act.actor.to_owned(),
        ..ChangeRow::default()
    }
}
