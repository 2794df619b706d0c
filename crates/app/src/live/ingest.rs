//! Facts in: checked, stored, and what they touch scored again, all in one transaction.

use super::derive::sets::Set;
use super::histories::{Links, reached};
use super::permitted::Permitted;
use super::retention::Rules;
use super::{Act, Live, OPEN, check};
use base::codes::live as codes;
use base::{Diagnostic, Period};
use monitor::panel::period_of;
use std::collections::{BTreeMap, HashMap};
use store::events::{self, EventRow};
use store::facts::{self, FactRow, Subject};
use store::situation::Counted;
use store::{Tx, Within, stale};

/// Households whose scores are made and written together: few enough to lie in memory with all of
/// their periods.
const SCORED_TOGETHER: usize = 1_000;

/// When the households that facts touch are scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scoring {
    /// In the same transaction.
    Now,
    /// Later, by [`Live::catch_up`]; until then they are noted as stale.
    Later,
}

/// A fact that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Its position among those given.
    pub position: usize,
    /// Why.
    pub finding: Diagnostic,
}

/// What became of facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Stored now.
    pub accepted: u64,
    /// Stored before, word for word.
    pub known: u64,
    /// Not taken.
    pub rejected: Vec<Rejected>,
    /// Households that were touched.
    pub touched: u64,
    /// Score rows that changed, by its facts and by those that were scored together with them.
    pub scores_changed: u64,
    /// What happened, with its numbers.
    pub events: Vec<EventRow>,
}

/// Facts that were stored, before what they touch is scored.
#[derive(Debug, Default)]
pub struct Stored {
    receipt: Receipt,
    /// Households with the first period that changes.
    touched: BTreeMap<String, i64>,
    /// The last period under watch; `None` where nothing was stored.
    open: Option<Period>,
}

impl Stored {
    /// What became of the facts.
    pub fn into_receipt(self) -> Receipt {
        self.receipt
    }
}

impl Live {
    /// Takes facts in one transaction of their own.
    ///
    /// # Errors
    /// Those of the database and of the evaluation; nothing is kept then. A fact that cannot be
    /// taken is no error: it stands in the receipt and the others go on.
    pub fn ingest(
        &self,
        facts: &[FactRow],
        scoring: Scoring,
        act: &Act<'_>,
    ) -> Result<Receipt, Diagnostic> {
        self.store.write(|tx| self.ingest_in(tx, facts, scoring, act))
    }

    /// Takes facts as part of a transaction.
    ///
    /// # Errors
    /// As [`Live::ingest`].
    pub fn ingest_in(
        &self,
        tx: &mut Tx<'_>,
        facts: &[FactRow],
        scoring: Scoring,
        act: &Act<'_>,
    ) -> Result<Receipt, Diagnostic> {
        let mut stored = self.store_in(tx, facts, act)?;
        match scoring {
            Scoring::Later => stale::add(tx, &stored.touched)?,
            Scoring::Now => self.score_stored(tx, &mut [&mut stored], act)?,
        }
        Ok(stored.receipt)
    }

    /// Stores facts as part of a transaction that goes on to score what they touch: see
    /// [`Live::score_stored`].
    ///
    /// # Errors
    /// As [`Live::ingest`].
    pub fn store_in(
        &self,
        tx: &mut Tx<'_>,
        facts: &[FactRow],
        act: &Act<'_>,
    ) -> Result<Stored, Diagnostic> {
        let mut receipt = Receipt::default();
        let frozen = self.frozen_before(tx)?;
        let limits = match frozen {
            Some(_) => Rules::of(self, tx)?,
            None => None,
        };
        let fresh = new_ones(tx, facts, act.within, limits.as_ref(), &mut receipt)?;
        if fresh.is_empty() {
            return Ok(Stored { receipt, touched: BTreeMap::new(), open: None });
        }
        receipt.accepted = fresh.len() as u64;
        facts::append(tx, &fresh)?;
        Links::of(&fresh).note(tx)?;
        self.follow_areas(tx, &fresh, act)?;
        self.follow_retractions(tx, &fresh, act)?;
        self.record(tx, act, "facts.append", None, &canonical(&fresh))?;
        let (first, open) = self.watch(tx, &fresh)?;
        let first = frozen.filter(|it| it.index() > first.index()).unwrap_or(first);
        let touched = self.touched(tx, &fresh, first)?;
        receipt.touched = touched.len() as u64;
        Ok(Stored { receipt, touched, open: Some(open) })
    }

    /// Scores what facts have touched that several requests stored in this transaction: each
    /// household once. Every receipt gets the events of the households that its own facts touched.
    ///
    /// # Errors
    /// As [`Live::ingest`].
    pub fn score_stored(
        &self,
        tx: &mut Tx<'_>,
        stored: &mut [&mut Stored],
        act: &Act<'_>,
    ) -> Result<(), Diagnostic> {
        let Some(open) = stored.iter().find_map(|it| it.open) else { return Ok(()) };
        let mut touched: BTreeMap<String, i64> = BTreeMap::new();
        for (household, period) in stored.iter().flat_map(|it| &it.touched) {
            let earliest = touched.entry(household.clone()).or_insert(*period);
            *earliest = (*earliest).min(*period);
        }
        let mut happened = Vec::new();
        let changed = self.score(tx, &touched, open, act, &mut happened)?;
        events::append(tx, &mut happened)?;
        for it in stored {
            it.receipt.scores_changed = changed;
            let is_own = |event: &&EventRow| {
                event.household_id.as_ref().is_some_and(|id| it.touched.contains_key(id))
            };
            it.receipt.events = happened.iter().filter(is_own).cloned().collect();
        }
        Ok(())
    }

    /// Scores up to so many stale households in one transaction; gives how many are left.
    ///
    /// # Errors
    /// Those of the database and of the evaluation.
    pub fn catch_up(&self, most: usize, act: &Act<'_>) -> Result<i64, Diagnostic> {
        self.store.write(|tx| self.catch_up_in(tx, most, act))
    }

    /// As [`Live::catch_up`], as part of a transaction.
    ///
    /// # Errors
    /// Those of the database and of the evaluation.
    pub fn catch_up_in(
        &self,
        tx: &mut Tx<'_>,
        most: usize,
        act: &Act<'_>,
    ) -> Result<i64, Diagnostic> {
        let households = stale::first(tx, most as i64)?;
        let (Some(open), Some(last)) = (self.period(tx, OPEN)?, households.keys().last()) else {
            return Ok(0);
        };
        let mut happened = Vec::new();
        self.score(tx, &households, open, act, &mut happened)?;
        events::append(tx, &mut happened)?;
        stale::done(tx, last)?;
        Ok(stale::count(tx)?)
    }

    /// Households that facts touch, each with the first period that changes, not before `first`.
    fn touched(
        &self,
        tx: &mut Tx<'_>,
        fresh: &[&FactRow],
        first: Period,
    ) -> Result<BTreeMap<String, i64>, Diagnostic> {
        let reached = reached(tx, fresh)?;
        let kind = self.pack().period_kind;
        let mut touched: BTreeMap<String, i64> = BTreeMap::new();
        for fact in fresh {
            let day = i32::try_from(fact.valid_from).ok();
            let period = day.and_then(|it| period_of(kind, it)).unwrap_or(first.index());
            // A correction may move a fact in time: what it corrects is not looked up.
            let period = if fact.supersedes.is_some() { first.index() } else { period };
            let period = i64::from(period.max(first.index()));
            let own = match &fact.subject {
                Subject::Household(household) => Some(household),
                Subject::Member(_) | Subject::Site(_) => None,
            };
            let site = match &fact.subject {
                Subject::Site(site) => reached.get(&format!("S{site}")),
                _ => None,
            };
            let member = fact.member_id.as_ref().and_then(|it| reached.get(&format!("M{it}")));
            for household in own.into_iter().chain(site.into_iter().chain(member).flatten()) {
                let earliest = touched.entry(household.clone()).or_insert(period);
                *earliest = period.min(*earliest);
            }
        }
        Ok(touched)
    }

    /// Derives and writes scores and warnings of households; gives how many score rows changed.
    pub(crate) fn score(
        &self,
        tx: &mut Tx<'_>,
        households: &BTreeMap<String, i64>,
        open: Period,
        act: &Act<'_>,
        events: &mut Vec<EventRow>,
    ) -> Result<u64, Diagnostic> {
        let (mut changed, mut counts) = (0, Counted::default());
        let frozen = self.frozen_before(tx)?.map_or(i32::MIN, Period::index);
        let all: Vec<(&str, i64)> = households.iter().map(|it| (it.0.as_str(), *it.1)).collect();
        let sets = all.chunks(SCORED_TOGETHER).map(|part| {
            let from = part.iter().map(|it| it.1).min().unwrap_or_default();
            let from = i32::try_from(from).unwrap_or(open.index()).max(frozen).min(open.index());
            let from = Period::from_index(open.kind(), from);
            Set { households: part.iter().map(|it| it.0).collect(), from }
        });
        let sets: Vec<Set<'_>> = sets.collect();
        self.derive_each(tx, &sets, open, &mut |tx, set, derived| {
            let ids = &set.households;
            self.count_impact(tx, ids, open, &derived)?;
            changed += self.keep(tx, ids, (set.from, open), &derived.scores, &mut counts)?;
            store::scored::add(tx, ids)?;
            self.warn(tx, ids, &derived.warnings, act, events)
        })?;
        self.count(tx, counts)?;
        Ok(changed)
    }
}

/// Those of some facts that are not stored yet; the others are counted or rejected.
fn new_ones<'f>(
    tx: &mut Tx<'_>,
    facts: &'f [FactRow],
    within: &Within,
    limits: Option<&Rules>,
    receipt: &mut Receipt,
) -> Result<Vec<&'f FactRow>, Diagnostic> {
    let permitted = Permitted::of(tx, facts, within)?;
    let ids: Vec<&str> = facts.iter().map(|it| it.fact_id.as_str()).collect();
    let stored = facts::known(tx, &ids)?;
    let mut known: HashMap<&str, &FactRow> =
        stored.iter().filter_map(|it| Some((it.0.as_str(), it.1.as_ref()?))).collect();
    let is_erased = |id: &str| stored.get(id).is_some_and(Option::is_none);
    let mut fresh = Vec::with_capacity(facts.len());
    for (position, fact) in facts.iter().enumerate() {
        let before = known.get(fact.fact_id.as_str()).copied();
        let is_known = before.is_some() || is_erased(&fact.fact_id);
        let is_past = || !is_known && limits.is_some_and(|it| it.is_past(fact));
        let fault = check::fault(fact).or_else(|| permitted.fault(fact));
        let fault = fault.or_else(|| is_past().then(|| past(fact))).or_else(|| {
            let before = before.filter(|it| !is_same(it, fact))?;
            let message = format!("fact `{}` is there already and says otherwise", before.fact_id);
            Some(Diagnostic::new(&codes::FACT_EXISTS, message).hint(
                "facts are never changed: send a new one whose `supersedes` names the old one",
            ))
        });
        if let Some(finding) = fault {
            receipt.rejected.push(Rejected { position, finding });
        } else if is_known {
            receipt.known += 1;
        } else {
            known.insert(&fact.fact_id, fact);
            fresh.push(fact);
        }
    }
    Ok(fresh)
}

/// Why a fact is not taken that would have to be forgotten at once.
fn past(fact: &FactRow) -> Diagnostic {
    let message = format!("facts `{}` of that time may not be kept any more", fact.fact);
    Diagnostic::new(&codes::PAST_RETENTION, message)
        .hint("leave it out; `retention_months` of the policy says how long such facts are kept")
}

/// Whether two facts say the same. When it was learned and why it was told are not part of that:
/// the first time stands.
fn is_same(one: &FactRow, other: &FactRow) -> bool {
    let said = |it: &FactRow| FactRow { recorded_at: 0, reason: None, ..it.clone() };
    said(one) == said(other)
}

/// Facts as the audit's digest is made of them: every part with its length, so that no two facts
/// are written alike.
fn canonical(facts: &[&FactRow]) -> Vec<u8> {
    fn text(bytes: &mut Vec<u8>, text: Option<&str>) {
        let length = text.map_or(u64::MAX, |it| it.len() as u64);
        bytes.extend(length.to_le_bytes());
        bytes.extend(text.unwrap_or_default().as_bytes());
    }
    let mut bytes = Vec::with_capacity(facts.len() * 160);
    for fact in facts {
        let (kind, subject) = match &fact.subject {
            Subject::Household(it) => (b'H', it),
            Subject::Member(it) => (b'M', it),
            Subject::Site(it) => (b'S', it),
        };
        bytes.push(kind);
        for part in [subject, &fact.fact_id, &fact.fact, &fact.value] {
            text(&mut bytes, Some(part));
        }
        for part in [&fact.member_id, &fact.source, &fact.supersedes, &fact.reason] {
            text(&mut bytes, part.as_deref());
        }
        for part in [fact.valid_from, fact.valid_to.unwrap_or(i64::MAX), fact.recorded_at] {
            bytes.extend(part.to_le_bytes());
        }
    }
    bytes
}
