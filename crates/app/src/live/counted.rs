//! Scores as they are kept, and the counts of areas in step with them.
//!
//! Counts are never made again from all scores: what changes is subtracted as it was and added as
//! it is, in whole numbers, in the transaction that writes the scores.

use super::{Detail, Live};
use base::{Diagnostic, Period};
use std::collections::{BTreeMap, BTreeSet};
use store::scores::{self, ScoreRow};
use store::situation::{self, Counted, Kept, Place};
use store::{Result, Tx, settings};

impl Live {
    /// Writes those of some derived rows that are not stored like that, and takes away those that
    /// are stored and were not derived any more; gives how many there are. `households` are those
    /// that the rows are of, `range` their periods. What it changes of the counts is added to
    /// `change`, for [`Live::count`].
    pub(super) fn keep(
        &self,
        tx: &mut Tx<'_>,
        households: &[&str],
        (first, last): (Period, Period),
        rows: &[ScoreRow],
        change: &mut Counted,
    ) -> std::result::Result<u64, Diagnostic> {
        let range = (first.index().into(), last.index().into());
        let before = scores::of_households(tx, households, range)?;
        let mut before: BTreeMap<(&str, i64), &ScoreRow> =
            before.iter().map(|it| ((it.household_id.as_str(), it.period), it)).collect();
        let mut fresh = Vec::new();
        for row in rows {
            let known = before.remove(&(row.household_id.as_str(), row.period));
            if known == Some(row) {
                continue;
            }
            if let Some(known) = known {
                add(change, known, -1);
            }
            add(change, row, 1);
            fresh.push(row.clone());
        }
        // Facts that were taken back, or moved in time: the household was not there yet.
        before.values().for_each(|it| add(change, it, -1));
        scores::remove(tx, &before.keys().copied().collect::<Vec<_>>())?;
        let gone = before.len() as u64;
        if fresh.is_empty() { Ok(gone) } else { Ok(gone + scores::put(tx, &fresh)?) }
    }

    /// Brings the counts up to date: once for many households, which share their areas.
    pub(super) fn count(
        &self,
        tx: &mut Tx<'_>,
        mut change: Counted,
    ) -> std::result::Result<(), Diagnostic> {
        change.bands.retain(|_, it| *it != situation::Count::default());
        change.modules.retain(|_, it| *it != situation::Sum::default());
        if change == Counted::default() {
            return Ok(());
        }
        let places = change.bands.keys().chain(change.modules.keys());
        let packs: BTreeSet<&str> = places.map(|it| it.0.pack.as_str()).collect();
        for hash in packs {
            let pack = self.pack_of(hash);
            let modules: Vec<&str> = pack.modules.iter().map(|it| it.id.as_str()).collect();
            situation::note_modules(tx, hash, &modules)?;
        }
        self.note_levels(tx)?;
        let totals = totals(&change, &self.levels(tx)?);
        situation::add(tx, Kept::Areas, &change)?;
        Ok(situation::add(tx, Kept::Totals, &totals)?)
    }
}

impl Live {
    /// Lengths of codes for which totals are kept: those of the first pack that was in force, for
    /// as long as the database lasts.
    pub(super) fn levels(&self, tx: &mut Tx<'_>) -> Result<Vec<usize>> {
        let levels = match settings::get(tx, LEVELS)? {
            Some(text) => text,
            None => {
                let pack = self.pack();
                let levels = pack.area_levels.iter().map(usize::to_string);
                levels.collect::<Vec<_>>().join(",")
            }
        };
        Ok(levels.split(',').filter_map(|it| it.parse().ok()).collect())
    }

    fn note_levels(&self, tx: &mut Tx<'_>) -> Result<()> {
        if settings::get(tx, LEVELS)?.is_some() {
            return Ok(());
        }
        let levels: Vec<String> = self.levels(tx)?.iter().map(usize::to_string).collect();
        settings::set(tx, LEVELS, &levels.join(","));
        Ok(())
    }
}

/// Lengths of codes for which totals are kept.
const LEVELS: &str = "area_levels";

/// Counts of areas as counts of all areas around them, and of everywhere.
fn totals(of_areas: &Counted, levels: &[usize]) -> Counted {
    let around = |place: &Place| {
        let lengths = [0].into_iter().chain(levels.iter().copied());
        let codes = lengths.filter_map(|it| place.area_code.get(..it)).map(str::to_owned);
        codes.map(|area_code| Place { area_code, ..place.clone() }).collect::<Vec<_>>()
    };
    let mut totals = Counted::default();
    for ((place, band), count) in &of_areas.bands {
        for place in around(place) {
            let own = totals.bands.entry((place, *band)).or_default();
            own.households += count.households;
            own.warned += count.warned;
            own.known += count.known;
            own.composite += count.composite;
            own.confidence += count.confidence;
        }
    }
    for ((place, position), sum) in &of_areas.modules {
        for place in around(place) {
            let own = totals.modules.entry((place, *position)).or_default();
            own.households += sum.households;
            own.score += sum.score;
        }
    }
    totals
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
pub(super) fn differing(tx: &mut Tx<'_>, levels: &[usize]) -> Result<u64> {
    let mut recounted = Counted::default();
    scores::all(tx, &mut |row| {
        add(&mut recounted, &row, 1);
        Ok(())
    })?;
    let summed = totals(&recounted, levels);
    let mut differ = 0;
    for (kept, wanted) in [(Kept::Areas, recounted), (Kept::Totals, summed)] {
        let stored = situation::all(tx, kept)?;
        differ += apart(&wanted.bands, &stored.bands) + apart(&wanted.modules, &stored.modules);
    }
    Ok(differ)
}

fn apart<K: Ord, V: PartialEq>(one: &BTreeMap<K, V>, other: &BTreeMap<K, V>) -> u64 {
    let of = |one: &BTreeMap<K, V>, other: &BTreeMap<K, V>| {
        one.iter().filter(|(key, value)| other.get(key) != Some(value)).count() as u64
    };
    of(one, other) + other.keys().filter(|it| !one.contains_key(it)).count() as u64
}
