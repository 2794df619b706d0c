//! Columns of every household, kept in memory for the period under watch.
//!
//! Made when first asked for or ahead of that; after that only households that were scored since
//! are read again, whichever server scored them: the database numbers them in the order of commits.
//! Much is read in parts, each over a state of the database of its own, so that no state is held up
//! for long: what was scored meanwhile has a later number and is read again.

mod piece;
mod reading;
mod ready;

use crate::live::{Live, Policy};
use base::{Diagnostic, Period};
use piece::Piece;
use reading::Due;
pub use reading::Pace;
pub use ready::Ready;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use store::{Tx, Within, scored, scores};

/// Households of one piece.
const PIECE: usize = 500;
/// Pieces with fewer households that still count are read anew with what changed: so there are at
/// most twice as many rows as households, and no more pieces than that makes.
const PIECE_MIN: usize = PIECE / 2;

/// Everything that is kept, where anything is.
#[derive(Default)]
pub struct Registry {
    kept: Mutex<Option<Kept>>,
    figures: Mutex<Figures>,
    /// How many wait for whoever is reading.
    waiting: AtomicUsize,
}

/// What is kept for trials, in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Households whose columns are kept.
    pub households: u64,
    /// Bytes that these take.
    pub bytes: u64,
    /// Households that were read since the start, each as often as it was.
    pub read: u64,
}

/// What trials would have to read first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behind {
    /// Households under watch.
    pub households: u64,
    /// Those that are not kept as they are now; one that was scored twice counts twice.
    pub unread: u64,
    /// How many scores of households were made so far: grows with each.
    pub scored: u64,
}

struct Kept {
    policy: Arc<Policy>,
    at: Period,
    /// Up to which number households were read.
    number: i64,
    pieces: Vec<Arc<Piece>>,
    /// Piece and position of each household.
    places: HashMap<String, (usize, usize)>,
}

impl Live {
    /// Reads what trials need, or what of it has changed; gives how many households were read.
    ///
    /// # Errors
    /// L002 before the first facts; those of the database and of the evaluation.
    pub fn prepare_trials(&self) -> Result<u64, Diagnostic> {
        Ok(self.refresh(&mut self.registry.lock(), &Pace::at_once())?.1)
    }

    /// As [`Live::prepare_trials`] at a pace of its own, unless somebody is at it.
    ///
    /// # Errors
    /// As [`Live::prepare_trials`], and where the pace ended it.
    pub fn prepare_trials_ahead(&self, pace: &Pace<'_>) -> Result<u64, Diagnostic> {
        match self.registry.try_lock() {
            Some(mut slot) => Ok(self.refresh(&mut slot, pace)?.1),
            None => Ok(0),
        }
    }

    pub(super) fn prepare(&self) -> Result<Ready, Diagnostic> {
        Ok(self.refresh(&mut self.registry.lock(), &Pace::at_once())?.0)
    }

    /// What was read before, if anything was and nobody is reading now.
    pub(in crate::live::policy) fn ready(&self) -> Option<Ready> {
        let slot = self.registry.try_lock()?;
        let kept = slot.as_ref().filter(|it| Arc::ptr_eq(&it.policy, &self.policy()))?;
        Some(kept.ready())
    }

    /// What is kept for trials.
    pub fn kept_for_trials(&self) -> Figures {
        *self.registry.figures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What trials would have to read first; `None` where nothing is under watch yet, and as long
    /// as somebody is reading.
    ///
    /// # Errors
    /// Those of the database.
    pub fn behind_for_trials(&self, tx: &mut Tx<'_>) -> Result<Option<Behind>, Diagnostic> {
        let Some((_, at)) = self.watched(tx)? else { return Ok(None) };
        let Some(slot) = self.registry.try_lock() else { return Ok(None) };
        let (first, last) = (scored::first(tx)?, scored::last(tx)?);
        let policy = self.timeline(tx)?.at(at).policy.clone();
        let number = slot.as_ref().filter(|it| it.holds(&policy, at, first)).map(|it| it.number);
        drop(slot);
        let counts = scores::counts(tx, at.index().into(), &Within::Everywhere)?;
        let households = counts.iter().map(|it| it.2.unsigned_abs()).sum();
        let since = |number: i64| last.abs_diff(number).min(households);
        let unread = number.map_or(households, since);
        Ok(Some(Behind { households, unread, scored: last.unsigned_abs() }))
    }

    /// Reads what is due and puts it in place.
    fn refresh(
        &self,
        slot: &mut Option<Kept>,
        pace: &Pace<'_>,
    ) -> Result<(Ready, u64), Diagnostic> {
        let mut read = 0;
        for is_last in [false, false, true] {
            let (due, pieces) = self.store.read(|tx| {
                let due = self.due(tx, slot)?;
                let at_once = is_last || !due.is_much();
                let pieces = at_once.then(|| self.read_now(tx, &due)).transpose()?;
                Ok::<_, Diagnostic>((due, pieces))
            })?;
            let is_done = pieces.is_some();
            let pieces = pieces.map_or_else(|| self.read_in_parts(&due, pace), Ok)?;
            read += due.households.len() as u64;
            let kept = slot.get_or_insert_with(|| Kept::empty(due.policy.clone(), due.at));
            if !due.households.is_empty() {
                kept.put(&due, pieces);
                self.registry.note(kept, due.households.len());
            }
            kept.number = due.last;
            if is_done {
                return Ok((kept.ready(), read));
            }
        }
        Err(store::Error::new(store::Kind::Fault, "the last reading was not the last").into())
    }

    /// What has to be read. What is kept of another policy or period goes.
    fn due(&self, tx: &mut Tx<'_>, slot: &mut Option<Kept>) -> Result<Due, Diagnostic> {
        let Some((_, at)) = self.watched(tx)? else { return Err(super::no_period()) };
        let policy = self.timeline(tx)?.at(at).policy.clone();
        let (first, last) = (scored::first(tx)?, scored::last(tx)?);
        if slot.as_ref().is_some_and(|it| !it.holds(&policy, at, first)) {
            *slot = None;
        }
        let households = match slot {
            None => super::all_households(tx)?,
            Some(kept) if kept.number < last => kept.due(scored::after(tx, kept.number)?),
            Some(_) => Vec::new(),
        };
        Ok(Due { policy, at, last, households })
    }
}

impl Registry {
    fn lock(&self) -> MutexGuard<'_, Option<Kept>> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let slot = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        slot
    }

    /// Whether somebody waits for whoever is reading.
    fn is_awaited(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// `None` where somebody is reading.
    fn try_lock(&self) -> Option<MutexGuard<'_, Option<Kept>>> {
        match self.kept.try_lock() {
            Ok(slot) => Some(slot),
            Err(TryLockError::Poisoned(it)) => Some(it.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    fn note(&self, kept: &Kept, read: usize) {
        let mut figures = self.figures.lock().unwrap_or_else(PoisonError::into_inner);
        figures.households = kept.places.len() as u64;
        figures.bytes = kept.pieces.iter().map(|it| it.bytes() as u64).sum();
        figures.read += read as u64;
    }
}

impl Kept {
    fn empty(policy: Arc<Policy>, at: Period) -> Self {
        Self { policy, at, number: 0, pieces: Vec::new(), places: HashMap::new() }
    }

    /// Whether it is of that policy and period, and every note after its own is still there.
    fn holds(&self, policy: &Arc<Policy>, at: Period, first: i64) -> bool {
        let is_same = Arc::ptr_eq(&self.policy, policy) && self.at.index() == at.index();
        is_same && self.number + 1 >= first
    }

    fn ready(&self) -> Ready {
        Ready::of(self.policy.clone(), self.at, self.pieces.clone())
    }

    /// Households that changed, and those of pieces in which too few would be left.
    fn due(&self, mut changed: Vec<String>) -> Vec<String> {
        let mut left: Vec<usize> = self.pieces.iter().map(|it| it.count()).collect();
        for (piece, _) in changed.iter().filter_map(|it| self.places.get(it)) {
            left[*piece] -= 1;
        }
        let worn = self.pieces.iter().zip(left).filter(|it| (1..PIECE_MIN).contains(&it.1));
        changed.extend(worn.flat_map(|it| it.0.households()));
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    /// Puts what was read in place of what was kept.
    fn put(&mut self, due: &Due, pieces: Vec<Piece>) {
        due.households.iter().for_each(|it| self.forget(it));
        let empty = |it: &usize| self.pieces[*it].count() == 0;
        let mut free: Vec<usize> = (0..self.pieces.len()).filter(empty).collect();
        for piece in pieces {
            let number = free.pop().unwrap_or(self.pieces.len());
            for (position, id) in piece.ids.iter().enumerate() {
                self.places.insert(id.clone(), (number, position));
            }
            match self.pieces.get_mut(number) {
                Some(slot) => *slot = Arc::new(piece),
                None => self.pieces.push(Arc::new(piece)),
            }
        }
    }

    fn forget(&mut self, household: &str) {
        if let Some((piece, position)) = self.places.remove(household) {
            Arc::make_mut(&mut self.pieces[piece]).forget(position);
        }
    }
}
