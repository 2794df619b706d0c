//! Columns of every household, kept in memory for the period under watch.
//!
//! Made when first asked for; after that only households that were scored since are read again,
//! whichever server scored them: the database numbers them in the order of commits.

use super::{Pair, all_households, no_period};
use crate::live::derive::{Part, in_pieces};
use crate::live::{Live, Policy};
use base::{AreaCode, Band, Diagnostic, Period};
use monitor::Evaluator;
use monitor::inputs::Inputs;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use store::{Tx, Within, scored};

/// Households of one piece.
const PIECE: usize = 500;

/// Everything that is kept, where anything is.
#[derive(Default)]
pub struct Registry(Mutex<Option<Kept>>);

struct Kept {
    policy: Arc<Policy>,
    at: Period,
    /// Up to which number households were read.
    number: i64,
    pieces: Vec<Arc<Piece>>,
    /// Piece and position of each household.
    places: HashMap<String, (usize, usize)>,
    /// Households that stand in a later piece by now.
    outdated: usize,
}

/// Some households.
#[derive(Clone)]
struct Piece {
    inputs: Arc<Inputs>,
    ids: Arc<Vec<String>>,
    areas: Arc<Vec<Option<AreaCode>>>,
    before: Arc<Vec<Band>>,
    is_outdated: Vec<bool>,
}

/// Every household as of one commit, ready to be judged.
pub struct Ready {
    pub(super) policy: Arc<Policy>,
    pub(super) at: Period,
    pieces: Vec<Arc<Piece>>,
}

impl Live {
    /// Reads what trials need, or what of it has changed; gives how many households were read.
    ///
    /// # Errors
    /// L002 before the first facts; those of the database and of the evaluation.
    pub fn prepare_trials(&self) -> Result<u64, Diagnostic> {
        Ok(self.store.read(|tx| self.refreshed(tx))?.1)
    }

    /// As [`Live::prepare_trials`], unless somebody is at it.
    ///
    /// # Errors
    /// As [`Live::prepare_trials`].
    pub fn prepare_trials_ahead(&self) -> Result<u64, Diagnostic> {
        let is_busy = self.registry.0.try_lock().is_err();
        if is_busy { Ok(0) } else { self.prepare_trials() }
    }

    pub(super) fn prepare(&self) -> Result<Ready, Diagnostic> {
        Ok(self.store.read(|tx| self.refreshed(tx))?.0)
    }

    /// What was read before, if anything was and nobody is reading now.
    pub(in crate::live::policy) fn ready(&self) -> Option<Ready> {
        let slot = self.registry.0.try_lock().ok()?;
        let kept = slot.as_ref().filter(|it| Arc::ptr_eq(&it.policy, &self.policy()))?;
        Some(Ready { policy: kept.policy.clone(), at: kept.at, pieces: kept.pieces.clone() })
    }

    fn refreshed(&self, tx: &mut Tx<'_>) -> Result<(Ready, u64), Diagnostic> {
        let Some((_, at)) = self.watched(tx)? else { return Err(no_period()) };
        let policy = self.timeline(tx)?.at(at).policy.clone();
        let (first, last) = (scored::first(tx)?, scored::last(tx)?);
        let mut slot = self.registry.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = slot.take().filter(|it| {
            let is_same = Arc::ptr_eq(&it.policy, &policy) && it.at.index() == at.index();
            // Notes may have been taken away that it has not read yet.
            is_same && it.number + 1 >= first
        });
        let mut read = 0;
        let mut kept = match known {
            Some(kept) => kept,
            None => {
                let empty = Kept::empty(policy.clone(), at, last);
                let households = all_households(tx)?;
                read += households.len();
                self.read_into(tx, empty, &households)?
            }
        };
        if kept.number < last {
            let mut changed = scored::after(tx, kept.number)?;
            if kept.outdated + changed.len() > kept.places.len() / 4 + PIECE {
                changed = all_households(tx)?;
                kept = Kept::empty(policy, at, last);
            }
            read += changed.len();
            kept = self.read_into(tx, kept, &changed)?;
            kept.number = last;
        }
        let pieces = kept.pieces.clone();
        let ready = Ready { policy: kept.policy.clone(), at, pieces };
        *slot = Some(kept);
        Ok((ready, read as u64))
    }

    /// Reads households and puts them in place of what was kept of them.
    fn read_into(
        &self,
        tx: &mut Tx<'_>,
        mut kept: Kept,
        households: &[String],
    ) -> Result<Kept, Diagnostic> {
        let policy = kept.policy.clone();
        let at = kept.at;
        let part = Part { policy: &policy, from: at, to: at, open: at };
        let ids: Vec<&str> = households.iter().map(String::as_str).collect();
        let mut read = |piece: &[&str]| self.histories(&mut *tx, &policy.codes, piece, None);
        let work = |histories| {
            let chunk = part.panel(histories)?;
            Piece::of(&policy.loaded.evaluator, &chunk.rows, at)
        };
        let mut pieces = in_pieces(&ids, PIECE, &mut read, &work)?;
        pieces.sort_by(|a, b| a.ids.first().cmp(&b.ids.first()));
        households.iter().for_each(|it| kept.forget(it));
        pieces.into_iter().for_each(|it| kept.add(it));
        Ok(kept)
    }
}

impl Kept {
    fn empty(policy: Arc<Policy>, at: Period, number: i64) -> Self {
        let (pieces, places) = (Vec::new(), HashMap::new());
        Self { policy, at, number, pieces, places, outdated: 0 }
    }

    fn forget(&mut self, household: &str) {
        if let Some((piece, position)) = self.places.remove(household) {
            Arc::make_mut(&mut self.pieces[piece]).is_outdated[position] = true;
            self.outdated += 1;
        }
    }

    fn add(&mut self, piece: Piece) {
        let number = self.pieces.len();
        for (position, id) in piece.ids.iter().enumerate() {
            self.places.insert(id.clone(), (number, position));
        }
        self.pieces.push(Arc::new(piece));
    }
}

impl Piece {
    fn of(
        evaluator: &Evaluator,
        rows: &arrow::array::RecordBatch,
        at: Period,
    ) -> Result<Self, Diagnostic> {
        let inputs = Inputs::of(evaluator, rows, at)?;
        let before = match evaluator.bands(&inputs)? {
            Some(bands) => bands,
            // Something of it cannot be kept: judged from the panel, as everything else will be.
            None => {
                let assessed = evaluator.assess(rows, at)?;
                let scored = monitor::scores::score_all(&assessed, evaluator.pack());
                scored.iter().map(|it| it.band).collect()
            }
        };
        let is_outdated = vec![false; inputs.len()];
        let (ids, areas) = (Arc::new(inputs.ids()?), Arc::new(inputs.areas()?));
        Ok(Self { inputs: Arc::new(inputs), ids, areas, before: Arc::new(before), is_outdated })
    }

    /// Positions of households within areas.
    fn within(&self, within: &Within) -> impl Iterator<Item = usize> {
        let holds = |it: usize| within.holds(self.areas[it].as_ref().map(AreaCode::as_str));
        (0..self.ids.len()).filter(move |it| !self.is_outdated[*it] && holds(*it))
    }

    fn judge(
        &self,
        evaluator: &Evaluator,
        within: &Within,
    ) -> Result<Option<Vec<Pair>>, Diagnostic> {
        if self.within(within).next().is_none() {
            return Ok(Some(Vec::new()));
        }
        let Some(after) = evaluator.bands(&self.inputs)? else { return Ok(None) };
        let pair = |it: usize| Pair {
            household: self.ids[it].clone(),
            area: self.areas[it].clone(),
            before: self.before[it],
            after: after[it],
        };
        Ok(Some(self.within(within).map(pair).collect()))
    }
}

impl Ready {
    /// Bands under another policy, on all cores; `None` where it reads what is not kept.
    pub(super) fn judge(
        &self,
        evaluator: &Evaluator,
        within: &Within,
    ) -> Result<Option<Vec<Pair>>, Diagnostic> {
        let next = AtomicUsize::new(0);
        let work = || -> Result<Option<Vec<Pair>>, Diagnostic> {
            let mut all = Vec::new();
            while let Some(piece) = self.pieces.get(next.fetch_add(1, Ordering::Relaxed)) {
                match piece.judge(evaluator, within)? {
                    Some(pairs) => all.extend(pairs),
                    None => return Ok(None),
                }
            }
            Ok(Some(all))
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let parts: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            running.into_iter().filter_map(|it| it.join().ok()).collect()
        });
        let mut all = Vec::new();
        for part in parts {
            match part? {
                Some(pairs) => all.extend(pairs),
                None => return Ok(None),
            }
        }
        Ok(Some(all))
    }

    /// Values of an indicator, where they are known, of households within areas.
    pub fn values(&self, indicator: usize, within: &Within) -> Result<Vec<f64>, Diagnostic> {
        let mut all = Vec::new();
        for piece in &self.pieces {
            let values = self.policy.loaded.evaluator.values(&piece.inputs, indicator)?;
            all.extend(piece.within(within).filter_map(|it| values[it]));
        }
        Ok(all)
    }

    /// Bands as they are, of households within areas.
    pub(super) fn before(&self, within: &Within) -> BTreeMap<&str, Band> {
        let pieces = self.pieces.iter().flat_map(|piece| {
            piece.within(within).map(|it| (piece.ids[it].as_str(), piece.before[it]))
        });
        pieces.collect()
    }
}
