//! Scores as they are kept, and the counts of areas in step with them.
//!
//! Counts are never made again from all scores: what changes is subtracted as it was and added as
//! it is, in whole numbers, in the transaction that writes the scores.

use super::{Detail, Live};
use base::{Diagnostic, Period};
use std::collections::{BTreeMap, BTreeSet};
use store::scores::{self, ScoreRow};
use store::situation::{self, Counted, Place};
use store::{Result, Tx};

impl Live {
    /// Writes those of some derived rows that are not stored like that, and counts them; gives how
    /// many there are. `households` are those that the rows are of, `range` their periods.
    pub(super) fn keep(
        &self,
        tx: &mut Tx<'_>,
        households: &[&str],
        (first, last): (Period, Period),
        rows: &[ScoreRow],
    ) -> std::result::Result<u64, Diagnostic> {
        let range = (first.index().into(), last.index().into());
        let before = scores::of_households(tx, households, range)?;
        let before: BTreeMap<(&str, i64), &ScoreRow> =
            before.iter().map(|it| ((it.household_id.as_str(), it.period), it)).collect();
        let (mut fresh, mut change) = (Vec::new(), Counted::default());
        for row in rows {
            let known = before.get(&(row.household_id.as_str(), row.period));
            if known.is_some_and(|it| *it == row) {
                continue;
            }
            if let Some(known) = known {
                add(&mut change, known, -1);
            }
            add(&mut change, row, 1);
            fresh.push(row.clone());
        }
        if fresh.is_empty() {
            return Ok(0);
        }
        let packs: BTreeSet<&str> = fresh.iter().map(|it| it.pack.as_str()).collect();
        for hash in packs {
            let pack = self.pack_of(hash);
            let modules: Vec<&str> = pack.modules.iter().map(|it| it.id.as_str()).collect();
            situation::note_modules(tx, hash, &modules)?;
        }
        change.bands.retain(|_, it| *it != situation::Count::default());
        change.modules.retain(|_, it| *it != situation::Sum::default());
        situation::add(tx, &change)?;
        Ok(scores::put(tx, &fresh)?)
    }
}

/// Adds a row to what is counted, or takes it away.
fn add(counted: &mut Counted, row: &ScoreRow, sign: i64) {
    let place = Place {
        period: row.period,
        area_code: row.area_code.clone().unwrap_or_default(),
        pack: row.pack.clone(),
    };
    let modules = Detail::from_bytes(&row.detail).map(|it| it.modules).unwrap_or_default();
    for (position, module) in (0..).zip(modules) {
        let Some(score) = module.score else { continue };
        let sum = counted.modules.entry((place.clone(), position)).or_default();
        sum.households += sign;
        sum.score += sign * score;
    }
    let count = counted.bands.entry((place, row.band)).or_default();
    count.households += sign;
    count.warned += sign * i64::from(row.warned);
    count.known += sign * i64::from(row.confidence > 0);
    count.composite += sign * row.composite;
    count.confidence += sign * row.confidence;
}

/// How many counts are not those of the stored scores.
pub(super) fn differing(tx: &mut Tx<'_>) -> Result<u64> {
    let mut recounted = Counted::default();
    scores::all(tx, &mut |row| {
        add(&mut recounted, &row, 1);
        Ok(())
    })?;
    let stored = situation::all(tx)?;
    Ok(apart(&recounted.bands, &stored.bands) + apart(&recounted.modules, &stored.modules))
}

fn apart<K: Ord, V: PartialEq>(one: &BTreeMap<K, V>, other: &BTreeMap<K, V>) -> u64 {
    let of = |one: &BTreeMap<K, V>, other: &BTreeMap<K, V>| {
        one.iter().filter(|(key, value)| other.get(key) != Some(value)).count() as u64
    };
    of(one, other) + other.keys().filter(|it| !one.contains_key(it)).count() as u64
}
