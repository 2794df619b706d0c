//! Households read for trials: a few over one state of the database, many in parts.

use super::{PIECE, Piece};
use crate::live::derive::{Part, failed, in_pieces};
use crate::live::{Live, Policy};
use base::{Diagnostic, Period};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use store::Tx;

/// Households read over one state of the database, where there are many.
const PART: usize = 10 * PIECE;

/// How often threads that are left to others look whether they are needed.
const NAP: Duration = Duration::from_millis(20);

/// How fast is read, and how long.
pub struct Pace<'a> {
    /// Threads that read and judge, where there is much to read and nobody waits for it.
    threads: usize,
    /// Asked now and then whether to go on.
    goes_on: &'a (dyn Fn() -> bool + Sync),
}

impl Pace<'_> {
    /// On all cores to the end: somebody waits for it.
    pub fn at_once() -> Self {
        Self { threads: cores(), goes_on: &|| true }
    }
}

impl<'a> Pace<'a> {
    /// On half of the cores, one at least, as long as nobody waits: the others are for requests.
    pub fn ahead(goes_on: &'a (dyn Fn() -> bool + Sync)) -> Self {
        Self { threads: (cores() / 2).max(1), goes_on }
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// What has to be read, as of one state of the database.
pub struct Due {
    pub policy: Arc<Policy>,
    pub at: Period,
    /// The number of the last household that was scored.
    pub last: i64,
    pub households: Vec<String>,
}

impl Due {
    /// Whether it is to be read in parts.
    pub fn is_much(&self) -> bool {
        self.households.len() > PART
    }

    fn ids(&self) -> Vec<&str> {
        self.households.iter().map(String::as_str).collect()
    }

    fn part(&self) -> Part<'_> {
        Part { policy: &self.policy, from: self.at, to: self.at, open: self.at }
    }
}

impl Live {
    /// Reads all of it over the state that the transaction sees.
    pub(super) fn read_now(&self, tx: &mut Tx<'_>, due: &Due) -> Result<Vec<Piece>, Diagnostic> {
        let (part, codes) = (due.part(), &due.policy.codes);
        let mut read = |piece: &[&str]| self.histories(&mut *tx, codes, piece, None);
        let work = |histories| {
            let chunk = part.panel(histories)?;
            Piece::of(&due.policy.loaded.evaluator, &chunk.rows, due.at)
        };
        let mut pieces = in_pieces(&due.ids(), PIECE, &mut read, &work)?;
        pieces.sort_by(|a, b| a.ids.first().cmp(&b.ids.first()));
        Ok(pieces)
    }

    /// Reads it part by part, each over a state of its own.
    pub(super) fn read_in_parts(
        &self,
        due: &Due,
        pace: &Pace<'_>,
    ) -> Result<Vec<Piece>, Diagnostic> {
        let ids = due.ids();
        let parts: Vec<&[&str]> = ids.chunks(PART).collect();
        let next = AtomicUsize::new(0);
        let is_over = || next.load(Ordering::Relaxed) >= parts.len();
        let work = |thread: usize| -> Result<Vec<Piece>, Diagnostic> {
            while thread >= pace.threads && !self.registry.is_awaited() && !is_over() {
                std::thread::sleep(NAP);
            }
            let mut all = Vec::new();
            while let Some(ids) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
                let read = self.store.read(|tx| self.read_part(tx, due, ids, pace));
                // Where one part failed the others are for nothing.
                all.extend(read.inspect_err(|_| next.store(parts.len(), Ordering::Relaxed))?);
            }
            Ok(all)
        };
        let threads: Vec<_> = std::thread::scope(|scope| {
            let work = &work;
            let running = (0..cores()).map(|thread| scope.spawn(move || work(thread)));
            let running: Vec<_> = running.collect();
            running.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
        });
        let mut pieces = Vec::new();
        for read in threads {
            pieces.extend(read.unwrap_or_else(|_| Err(failed()))?);
        }
        pieces.sort_by(|a, b| a.ids.first().cmp(&b.ids.first()));
        Ok(pieces)
    }

    fn read_part(
        &self,
        tx: &mut Tx<'_>,
        due: &Due,
        ids: &[&str],
        pace: &Pace<'_>,
    ) -> Result<Vec<Piece>, Diagnostic> {
        let mut pieces = Vec::with_capacity(ids.len().div_ceil(PIECE));
        for piece in ids.chunks(PIECE) {
            if !(pace.goes_on)() {
                let message = "the reading for trials was ended";
                return Err(store::Error::new(store::Kind::Unreachable, message).into());
            }
            let histories = self.histories_once(tx, &due.policy.codes, piece)?;
            let chunk = due.part().panel(histories)?;
            pieces.push(Piece::of(&due.policy.loaded.evaluator, &chunk.rows, due.at)?);
        }
        Ok(pieces)
    }
}
