//! What another policy would change in the period under watch, saving nothing.
//!
//! The trial policy is compiled from the same files that would be installed, and judges every
//! household by the functions that would judge it after an activation. Two ways lead there: from
//! columns kept in memory where the changes leave those as they are, else from facts.

mod kept;

pub(in crate::live) use kept::Registry;
pub use kept::{Behind, Figures as KeptForTrials, Pace};

use crate::live::derive::{Part, in_pieces};
use crate::live::periods::each_household;
use crate::live::{Live, Policy};
use crate::{Loaded, Refused};
use base::codes::live as codes;
use base::{AreaCode, Band, Diagnostic, Period};
use monitor::Evaluator;
use pack::{Change, Pack};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{Tx, Within, stale};

/// How a trial was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// From kept columns.
    Kept,
    /// From all facts, because the changes reach what is made of earlier periods.
    Facts,
}

impl Method {
    /// The word used in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Facts => "facts",
        }
    }
}

/// Households by band, in the order of [`Band::ALL`].
pub type Bands = [u64; 6];

/// Before and after of some households.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    /// Households by band as it is.
    pub before: Bands,
    /// As it would be.
    pub after: Bands,
    /// Households that would be warned and are not.
    pub enter: u64,
    /// Households that are warned and would not be.
    pub leave: u64,
}

/// A household whose band would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The household.
    pub household: String,
    /// Its area.
    pub area: Option<AreaCode>,
    /// Its band as it is.
    pub from: Band,
    /// As it would be.
    pub to: Band,
}

/// What a trial found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The period.
    pub period: Period,
    /// Hash of the policy in force.
    pub base: String,
    /// How it was made.
    pub method: Method,
    /// Households judged.
    pub households: u64,
    /// Households that wait to be scored: what is learned of them is not in it.
    pub stale: u64,
    /// All of them.
    pub all: Shift,
    /// By area.
    pub areas: BTreeMap<AreaCode, Shift>,
    /// Those whose band would change, the greatest rise first.
    pub moved: Vec<Moved>,
}

/// A household before and after.
pub(super) struct Pair {
    pub(super) household: String,
    pub(super) area: Option<AreaCode>,
    pub(super) before: Band,
    pub(super) after: Band,
}

/// Households read together where a trial goes over facts.
const PIECE: usize = 250;

impl Live {
    /// Tries changes of the policy in force on every household within areas. Writes nothing.
    ///
    /// # Errors
    /// V010 and every finding of the pack that comes out; L002 before the first facts; those of
    /// the database.
    pub fn try_changes(&self, changes: &[Change], within: &Within) -> Result<Trial, Refused> {
        let one = |it: Diagnostic| vec![it];
        let ready = self.prepare().map_err(one)?;
        let evaluator = self.changed(&ready.policy, changes)?;
        self.try_evaluator(&ready, evaluator, within).map_err(one)
    }

    /// The policy in force with changes: read and checked as it would be installed, but for
    /// examples, which show the lines as they are.
    fn changed(&self, policy: &Policy, changes: &[Change]) -> Result<Evaluator, Refused> {
        let hash = &policy.pack().hash;
        let layers = self.overlaid(hash, changes, None, None)?;
        let (pack, findings) = pack::from_layers(&layers);
        let pack = pack.ok_or(findings)?;
        Evaluator::new(Arc::new(pack)).map_err(|it| vec![it])
    }

    fn try_evaluator(
        &self,
        ready: &kept::Ready,
        evaluator: Evaluator,
        within: &Within,
    ) -> Result<Trial, Diagnostic> {
        let from = |it: &Evaluator| it.pack().scoring.warnings.from;
        let lines = (from(&ready.policy.loaded.evaluator), from(&evaluator));
        let (method, pairs) = match ready.judge(&evaluator, within)? {
            Some(pairs) => (Method::Kept, pairs),
            None => (Method::Facts, self.over_facts(ready, evaluator, within)?),
        };
        let stale = self.store.read(stale::count)?.unsigned_abs();
        let mut trial = Trial {
            period: ready.at,
            base: ready.policy.pack().hash.clone(),
            method,
            households: pairs.len() as u64,
            stale,
            all: Shift::default(),
            areas: BTreeMap::new(),
            moved: Vec::new(),
        };
        for it in pairs {
            trial.all.add(&it, lines);
            if let Some(area) = &it.area {
                match trial.areas.get_mut(area) {
                    Some(shift) => shift.add(&it, lines),
                    None => {
                        let mut shift = Shift::default();
                        shift.add(&it, lines);
                        trial.areas.insert(area.clone(), shift);
                    }
                }
            }
            if it.before != it.after {
                let Pair { household, area, before: from, after: to } = it;
                trial.moved.push(Moved { household, area, from, to });
            }
        }
        trial.moved.sort_by(|a, b| {
            let rise = |it: &Moved| it.to as i32 - it.from as i32;
            rise(b).cmp(&rise(a)).then_with(|| a.household.cmp(&b.household))
        });
        Ok(trial)
    }

    /// The same, for changes that reach further than what is kept.
    fn over_facts(
        &self,
        ready: &kept::Ready,
        evaluator: Evaluator,
        within: &Within,
    ) -> Result<Vec<Pair>, Diagnostic> {
        let policy = Policy::of(Loaded { evaluator, diagnostics: Vec::new() })?;
        let (codes, before) = (&policy.codes, ready.before(within));
        let part = Part { policy: &policy, from: ready.at, to: ready.at, open: ready.at };
        let judged = self.store.read(|tx| {
            let households = all_households(tx)?;
            let ids: Vec<&str> = households.iter().map(String::as_str).collect();
            let mut read = |piece: &[&str]| self.histories_once(&mut *tx, codes, piece);
            in_pieces(&ids, PIECE, &mut read, &|it| part.bands(it))
        })?;
        let mut pairs = Vec::new();
        for (household, area, after) in judged.into_iter().flatten() {
            if let Some(before) = before.get(household.as_str()).copied() {
                let area = area.map(AreaCode::new);
                pairs.push(Pair { household, area, before, after });
            }
        }
        Ok(pairs)
    }
}

impl Trial {
    /// By area of the level that somebody looks at: counties, or what lies next below `area`.
    pub fn areas_below(&self, pack: &Pack, area: Option<&str>) -> BTreeMap<AreaCode, Shift> {
        let levels = &pack.area_levels;
        let county = levels.get(2).or(levels.last()).copied().unwrap_or(usize::MAX);
        let given = area.map_or(0, str::len);
        let below = levels.iter().copied().find(|it| *it > given).unwrap_or(usize::MAX);
        let level = if given < county { county } else { below };
        let mut areas: BTreeMap<AreaCode, Shift> = BTreeMap::new();
        for (area, shift) in &self.areas {
            let area = area.at_length(level).unwrap_or_else(|| area.clone());
            areas.entry(area).or_default().plus(shift);
        }
        areas
    }
}

impl Shift {
    fn add(&mut self, pair: &Pair, (line_before, line_after): (Band, Band)) {
        self.before[pair.before as usize] += 1;
        self.after[pair.after as usize] += 1;
        let was = pair.before.is_at_least(line_before);
        let would = pair.after.is_at_least(line_after);
        self.enter += u64::from(would && !was);
        self.leave += u64::from(was && !would);
    }

    /// The two added up.
    pub fn plus(&mut self, other: &Shift) {
        for (own, it) in self.before.iter_mut().zip(other.before) {
            *own += it;
        }
        for (own, it) in self.after.iter_mut().zip(other.after) {
            *own += it;
        }
        self.enter += other.enter;
        self.leave += other.leave;
    }
}

/// Ids of all households with facts.
fn all_households(tx: &mut Tx<'_>) -> Result<Vec<String>, Diagnostic> {
    let mut all = Vec::new();
    each_household(tx, &mut |_, households| {
        all.extend_from_slice(households);
        Ok(())
    })?;
    Ok(all)
}

fn no_period() -> Diagnostic {
    Diagnostic::new(&codes::NO_PERIOD, "no period is under watch")
        .hint("take facts first: `holdfast import`")
}
