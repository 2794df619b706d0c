//! Which policy judges which period.

use super::{APPROVED, files, last_day};
use crate::Loaded;
use crate::live::{Live, OPEN, Policy};
use base::codes::policy as codes;
use base::{Diagnostic, Period};
use monitor::Evaluator;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use store::{Tx, policies, settings};

/// An activation that was approved, with its policy.
#[derive(Clone)]
pub struct Entry {
    /// Its number; `None` where the policy comes from elsewhere than the database.
    pub number: Option<i64>,
    /// From which day it holds.
    from_day: i64,
    /// What holds then.
    pub policy: Arc<Policy>,
}

/// Approved activations, by the day from which they hold; of several of one day the last.
#[derive(Clone)]
pub struct Timeline {
    entries: Vec<Entry>,
}

impl Timeline {
    /// One policy for all times.
    fn only(policy: Arc<Policy>) -> Self {
        Self { entries: vec![Entry { number: None, from_day: i64::MIN, policy }] }
    }

    /// What holds in a period: the latest that begins by its last day; the first of all before
    /// that.
    pub fn at(&self, period: Period) -> &Entry {
        let last = last_day(period);
        let found = self.entries.iter().rev().find(|it| it.from_day <= last);
        found.unwrap_or(&self.entries[0])
    }

    /// What holds now: in the period under watch, else the latest of all.
    fn now(&self, open: Option<Period>) -> &Entry {
        open.map_or(&self.entries[self.entries.len() - 1], |it| self.at(it))
    }

    /// A stretch of periods, divided where another policy comes into force.
    pub fn parts(&self, (from, to): (Period, Period)) -> Vec<(Arc<Policy>, Period, Period)> {
        let mut parts: Vec<(Arc<Policy>, Period, Period)> = Vec::new();
        for index in from.index()..=to.index() {
            let at = Period::from_index(from.kind(), index);
            let policy = &self.at(at).policy;
            match parts.last_mut() {
                Some(last) if Arc::ptr_eq(&last.0, policy) => last.2 = at,
                _ => parts.push((policy.clone(), at, at)),
            }
        }
        parts
    }
}

/// Timelines that were read, and policies that were made ready.
#[derive(Default)]
pub struct Timelines {
    known: Mutex<Option<(String, Arc<Timeline>)>>,
    policies: Mutex<BTreeMap<String, Arc<Policy>>>,
}

impl Timelines {
    /// A policy that is ready.
    pub fn policy(&self, hash: &str) -> Option<Arc<Policy>> {
        let policies = self.policies.lock().unwrap_or_else(PoisonError::into_inner);
        policies.get(hash).cloned()
    }

    /// Keeps a policy that is ready.
    pub fn keep(&self, policy: &Arc<Policy>) {
        let mut policies = self.policies.lock().unwrap_or_else(PoisonError::into_inner);
        policies.insert(policy.pack().hash.clone(), policy.clone());
    }
}

impl Live {
    /// Which policy judges which period, as a transaction sees it.
    ///
    /// # Errors
    /// V001 where there is none at all; those of the database.
    pub(in crate::live) fn timeline(&self, tx: &mut Tx<'_>) -> Result<Arc<Timeline>, Diagnostic> {
        let Some(version) = settings::get(tx, APPROVED)? else {
            let given = self.given.clone().ok_or_else(no_policy)?;
            return Ok(Arc::new(Timeline::only(given)));
        };
        let known = self.timelines.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, timeline)) = known.filter(|it| it.0 == version) {
            return Ok(timeline);
        }
        let timeline = Arc::new(self.read_timeline(tx)?);
        let mut known = self.timelines.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some((version, timeline.clone()));
        Ok(timeline)
    }

    fn read_timeline(&self, tx: &mut Tx<'_>) -> Result<Timeline, Diagnostic> {
        let mut by_day: BTreeMap<i64, Entry> = BTreeMap::new();
        let mut rows = policies::activations(tx)?;
        rows.retain(|it| it.approved_at.is_some());
        rows.sort_by_key(|it| (it.approved_at, it.number));
        for row in rows {
            let policy = self.policy_of(tx, &row.hash)?;
            let entry = Entry { number: Some(row.number), from_day: row.from_day, policy };
            by_day.insert(row.from_day, entry);
        }
        let entries: Vec<Entry> = by_day.into_values().collect();
        if entries.is_empty() { Err(no_policy()) } else { Ok(Timeline { entries }) }
    }

    /// An installed policy, ready to judge.
    pub(in crate::live) fn policy_of(
        &self,
        tx: &mut Tx<'_>,
        hash: &str,
    ) -> Result<Arc<Policy>, Diagnostic> {
        if let Some(policy) = self.timelines.policy(hash) {
            return Ok(policy);
        }
        let policy = ready(tx, hash)?;
        self.timelines.keep(&policy);
        Ok(policy)
    }

    /// Looks whether another policy holds now, and goes by that from here on.
    ///
    /// # Errors
    /// As [`Live::timeline`].
    pub(crate) fn notice(&self, tx: &mut Tx<'_>) -> Result<(), Diagnostic> {
        let timeline = self.timeline(tx)?;
        let open = self.period_of_kind(tx, OPEN, timeline.entries[0].policy.pack().period_kind)?;
        let now = &timeline.now(open).policy;
        let mut policy = self.policy.write().unwrap_or_else(PoisonError::into_inner);
        if policy.pack().hash != now.pack().hash {
            *policy = now.clone();
        }
        Ok(())
    }
}

/// A policy to begin with: the one given, else any of the database's.
pub(in crate::live) fn first(
    tx: &mut Tx<'_>,
    given: Option<&Arc<Policy>>,
) -> Result<Arc<Policy>, Diagnostic> {
    if let Some(given) = given {
        return Ok(given.clone());
    }
    let rows = policies::activations(tx)?;
    let approved = rows.iter().find(|it| it.approved_at.is_some()).ok_or_else(no_policy)?;
    ready(tx, &approved.hash)
}

/// An installed policy made ready to judge.
fn ready(tx: &mut Tx<'_>, hash: &str) -> Result<Arc<Policy>, Diagnostic> {
    let row = policies::by_hash(tx, hash)?.ok_or_else(|| super::no_such_version(hash))?;
    let layers = files::from_bytes(&row.files).unwrap_or_default();
    let (pack, findings) = pack::from_layers(&layers);
    let Some(pack) = pack else {
        // It was read when it was installed: this program knows another format.
        let first = findings.into_iter().find(Diagnostic::is_error);
        return Err(first.unwrap_or_else(|| super::no_such_version(hash)));
    };
    let loaded = Loaded { evaluator: Evaluator::new(Arc::new(pack))?, diagnostics: findings };
    Ok(Arc::new(Policy::of(loaded)?))
}

fn no_policy() -> Diagnostic {
    let message = "the database has no policy in force, and no pack was given";
    Diagnostic::new(&codes::NO_POLICY, message)
        .hint("name one with --pack FOLDER the first time; it is installed and stays")
}
