//! Sets of households derived one after another: this thread reads and writes, others judge. While
//! what came out of one set is written the next is judged already.

use super::{Derived, Histories, Live, PIECE, Part, failed};
use crate::live::Policy;
use base::{Diagnostic, Period};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Scope;
use store::Tx;

/// Households that are derived and written together.
pub struct Set<'a> {
    /// Their ids.
    pub households: Vec<&'a str>,
    /// The first period.
    pub from: Period,
}

/// What to do with what came out of a set, in the transaction that it was read in.
pub type Write<'a> = dyn FnMut(&mut Tx<'_>, &Set<'_>, Derived) -> Result<(), Diagnostic> + 'a;

impl Live {
    /// Derives sets up to the period `open` as [`Live::derive`] does, and gives each in its turn
    /// to `write`. The next set is read before: `write` changes nothing that it depends on, which
    /// are facts, links of members, and policies.
    ///
    /// # Errors
    /// Those of the database and of the evaluation, and the first of `write`.
    pub(in crate::live) fn derive_each(
        &self,
        tx: &mut Tx<'_>,
        sets: &[Set<'_>],
        open: Period,
        write: &mut Write<'_>,
    ) -> Result<(), Diagnostic> {
        if let [set] = sets
            && set.households.len() <= PIECE
        {
            let derived = self.derive(tx, &set.households, (set.from, open), None)?;
            return write(tx, set, derived);
        }
        std::thread::scope(|scope| {
            let mut judges = Judges::start(scope);
            let mut next = sets.iter();
            self.give(tx, next.next(), open, &mut judges)?;
            for set in sets {
                // The results of this set are counted before those of the next join them.
                let pieces = std::mem::take(&mut judges.given);
                self.give(tx, next.next(), open, &mut judges)?;
                let derived = judges.derived(pieces)?;
                write(tx, set, derived)?;
            }
            Ok(())
        })
    }

    /// Reads a set and hands it to the judges piece by piece.
    fn give(
        &self,
        tx: &mut Tx<'_>,
        set: Option<&Set<'_>>,
        open: Period,
        judges: &mut Judges,
    ) -> Result<(), Diagnostic> {
        let Some(set) = set else { return Ok(()) };
        for (policy, from, to) in self.timeline(tx)?.parts((set.from, open)) {
            for piece in set.households.chunks(PIECE) {
                let histories = self.histories(tx, &policy.codes, piece, None)?;
                judges.give(Piece { policy: policy.clone(), from, to, open, histories });
            }
        }
        Ok(())
    }
}

/// Work for one thread.
struct Piece {
    policy: Arc<Policy>,
    from: Period,
    to: Period,
    open: Period,
    histories: Histories,
}

impl Piece {
    fn derive(self) -> Result<Derived, Diagnostic> {
        let Self { policy, from, to, open, histories } = self;
        Part { policy: &policy, from, to, open }.derive(histories)
    }
}

/// Threads that judge. They end when this is dropped.
struct Judges {
    pieces: Sender<(usize, Piece)>,
    results: Receiver<(usize, Result<Derived, Diagnostic>)>,
    /// Number of the next piece.
    number: usize,
    /// Pieces given since this was last taken.
    given: usize,
    /// Numbers below this belong to sets that were taken.
    taken: usize,
    /// Results of pieces whose set has not had its turn.
    early: Vec<Result<Derived, Diagnostic>>,
}

impl Judges {
    fn start<'scope>(scope: &'scope Scope<'scope, '_>) -> Self {
        let (pieces, taken) = channel::<(usize, Piece)>();
        let (done, results) = channel();
        let taken = Arc::new(Mutex::new(taken));
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..threads {
            let (taken, done) = (taken.clone(), done.clone());
            scope.spawn(move || {
                loop {
                    let next = taken.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((number, piece)) = next else { return };
                    // Whoever waits for a result gets one even where the judging fails.
                    let derived = catch_unwind(AssertUnwindSafe(|| piece.derive()));
                    if done.send((number, derived.unwrap_or_else(|_| Err(failed())))).is_err() {
                        return;
                    }
                }
            });
        }
        Self { pieces, results, number: 0, given: 0, taken: 0, early: Vec::new() }
    }

    fn give(&mut self, piece: Piece) {
        // Nobody takes it where every thread has failed; then no result comes either.
        let _ = self.pieces.send((self.number, piece));
        self.number += 1;
        self.given += 1;
    }

    /// What came out of the oldest `pieces` that were given and not yet asked for; the same
    /// whatever the number of threads.
    fn derived(&mut self, pieces: usize) -> Result<Derived, Diagnostic> {
        self.taken += pieces;
        let mut own = std::mem::take(&mut self.early);
        while own.len() < pieces {
            let (number, result) = self.results.recv().map_err(|_| failed())?;
            if number < self.taken { own.push(result) } else { self.early.push(result) }
        }
        let mut derived = Derived::default();
        for part in own {
            let part = part?;
            derived.scores.extend(part.scores);
            derived.warnings.extend(part.warnings);
        }
        derived.sort();
        Ok(derived)
    }
}
