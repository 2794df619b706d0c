//! The registry as of one reading, judged on all cores.

use super::super::Pair;
use super::piece::Piece;
use crate::live::Policy;
use crate::live::derive::failed;
use base::{Band, Diagnostic, Period};
use monitor::Evaluator;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::ScopedJoinHandle;
use store::Within;

/// Every household, ready to be judged.
pub struct Ready {
    pub policy: Arc<Policy>,
    pub at: Period,
    pieces: Vec<Arc<Piece>>,
}

impl Ready {
    /// Of some pieces.
    pub(super) fn of(policy: Arc<Policy>, at: Period, pieces: Vec<Arc<Piece>>) -> Self {
        Self { policy, at, pieces }
    }

    /// Bands under another policy, on all cores; `None` where it reads what is not kept.
    pub fn judge(
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
            let done = |it: ScopedJoinHandle<'_, _>| it.join().unwrap_or_else(|_| Err(failed()));
            running.into_iter().map(done).collect()
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
    pub fn before(&self, within: &Within) -> BTreeMap<&str, Band> {
        let pieces = self.pieces.iter().flat_map(|piece| {
            piece.within(within).map(|it| (piece.ids[it].as_str(), piece.before[it]))
        });
        pieces.collect()
    }
}
