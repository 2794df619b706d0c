//! Everything derived once more, from facts alone, and held against what is stored.

use super::periods::each_household;
use super::{Live, counted, warned};
use base::codes::live as codes;
use base::{Diagnostic, Period};
use monitor::warnings::Warning;
use std::collections::BTreeMap;
use store::scores::{self, ScoreRow};
use store::warnings::{self, WarningRow};
use store::{Tx, stale};

/// What a rebuild found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// The first period that was derived.
    pub from: String,
    /// Whether there are earlier ones that are frozen, because facts of theirs were forgotten.
    pub is_cut: bool,
    /// Households with facts.
    pub households: u64,
    /// Score rows that the facts give.
    pub scores: u64,
    /// Warnings of the period under watch that the facts give.
    pub warnings: u64,
    /// The first households whose stored scores or warnings differ.
    pub differing: Vec<String>,
    /// How many there are.
    pub differ: u64,
    /// Households whose scores are known to be older than their facts; they are not compared.
    pub stale: u64,
    /// Counts per period, area and band (or module) that are not those of the stored scores.
    pub counts_differ: u64,
    /// BLAKE3 over everything that was derived, in order.
    pub digest: String,
}

/// Households named in a report.
const NAMED_MAX: usize = 20;

impl Live {
    /// Derives scores and warnings of every household from facts known at `as_of` (microseconds;
    /// all where absent). Without `as_of` they are compared with what is stored. Writes nothing.
    ///
    /// # Errors
    /// No fact was ever taken; L026: facts that were known then were forgotten since; those of the
    /// database and of the evaluation.
    pub fn rebuild(
        &self,
        as_of: Option<i64>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Rebuilt, Diagnostic> {
        // From what the database holds, and not from what was read of it before.
        self.kept.forget();
        self.store.read(|tx| {
            let Some((first, open)) = self.watched(tx)? else {
                let finding = Diagnostic::new(&codes::NO_PERIOD, "no period is under watch");
                return Err(finding.hint("take facts first: `holdfast import`"));
            };
            self.assert_not_frozen(tx, None, as_of)?;
            let begins = self.not_frozen(tx, first)?;
            let mut rebuilt = Rebuilt { from: begins.to_string(), ..Rebuilt::default() };
            rebuilt.is_cut = begins != first;
            let first = begins;
            let mut hasher = blake3::Hasher::new();
            let stale = stale::first(tx, i64::MAX)?;
            rebuilt.stale = stale.len() as u64;
            each_household(tx, &mut |tx, households| {
                let ids: Vec<&str> = households.iter().map(String::as_str).collect();
                let derived = self.derive(tx, &ids, (first, open), as_of)?;
                rebuilt.households += ids.len() as u64;
                rebuilt.scores += derived.scores.len() as u64;
                rebuilt.warnings += derived.warnings.len() as u64;
                derived.scores.iter().for_each(|it| digest(&mut hasher, it));
                if as_of.is_none() {
                    let differing = differing(tx, &ids, &derived.scores, &derived.warnings, first)?;
                    let differing: Vec<_> =
                        differing.into_iter().filter(|it| !stale.contains_key(it)).collect();
                    rebuilt.differ += differing.len() as u64;
                    let room = NAMED_MAX - rebuilt.differing.len().min(NAMED_MAX);
                    rebuilt.differing.extend(differing.into_iter().take(room));
                }
                progress(rebuilt.households);
                Ok(())
            })?;
            if as_of.is_none() {
                let levels = self.levels(tx)?;
                rebuilt.counts_differ = counted::differing(tx, &levels)?;
            }
            rebuilt.digest = hasher.finalize().to_hex().to_string();
            Ok(rebuilt)
        })
    }
}

fn digest(hasher: &mut blake3::Hasher, row: &ScoreRow) {
    hasher.update(row.household_id.as_bytes()).update(&row.period.to_le_bytes());
    hasher.update(row.area_code.as_deref().unwrap_or_default().as_bytes());
    hasher.update(&(row.detail.len() as u64).to_le_bytes()).update(&row.detail);
    for number in [row.composite, row.confidence, row.band, row.warned.into()] {
        hasher.update(&number.to_le_bytes());
    }
}

/// Those of some households whose stored rows are not what was derived.
fn differing(
    tx: &mut Tx<'_>,
    households: &[&str],
    derived: &[ScoreRow],
    found: &[Warning],
    first: Period,
) -> Result<Vec<String>, Diagnostic> {
    let mut expected: BTreeMap<&str, Vec<&ScoreRow>> = BTreeMap::new();
    derived.iter().for_each(|it| expected.entry(&it.household_id).or_default().push(it));
    let raised = warnings::of_households(tx, households)?;
    let mut differing = Vec::new();
    for household in households {
        let mut stored = scores::of_household(tx, household)?;
        stored.retain(|it| it.period >= i64::from(first.index()));
        let expected = expected.get(household).map_or(&[][..], Vec::as_slice);
        let is_same = stored.iter().eq(expected.iter().copied());
        let standing = raised.iter().filter(|it| it.household_id == *household);
        let standing = standing.filter(|it| it.state != warned::ENDED).map(essence);
        let wanted = found.iter().filter(|it| it.household == *household);
        let mut standing: Vec<_> = standing.collect();
        let mut wanted: Vec<_> = wanted.map(essence_of).collect();
        standing.sort();
        wanted.sort();
        if !is_same || standing != wanted {
            differing.push((*household).to_owned());
        }
    }
    Ok(differing)
}

type Essence = (String, i64, i64, i64, i64, String, String);

/// What of a stored warning is derived.
fn essence(row: &WarningRow) -> Essence {
    (
        row.warning_id.clone(),
        row.period,
        row.urgency,
        row.band,
        row.composite,
        row.rules.clone(),
        row.reasons.clone(),
    )
}

fn essence_of(warning: &Warning) -> Essence {
    let rules: Vec<&str> = warning.rules.iter().map(|it| it.rule.as_str()).collect();
    (
        warning.id.clone(),
        warning.period.index().into(),
        warning.urgency as i64,
        warning.band as i64,
        warning.composite.micros().into(),
        rules.join(";"),
        warning.reasons.join(";"),
    )
}
