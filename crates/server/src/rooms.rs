//! How many files come and go at once. Each takes a thread as long as it lasts, and who sends or
//! takes one may be slow: a few hundred of them would leave no thread to answer anybody with.

use crate::problem::Problem;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Files that are sent at once: each has a connection of the database too.
const OUT: usize = 16;
/// Files that are taken at once.
const IN: usize = 64;

/// Room for files; what is taken of it is given back when it is dropped.
#[derive(Clone)]
pub struct Rooms {
    out: Arc<Semaphore>,
    within: Arc<Semaphore>,
}

impl Default for Rooms {
    fn default() -> Self {
        Self { out: Arc::new(Semaphore::new(OUT)), within: Arc::new(Semaphore::new(IN)) }
    }
}

impl Rooms {
    /// Room for a file that is sent.
    ///
    /// # Errors
    /// So many are being sent already.
    pub fn to_send(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let permit = self.out.clone().try_acquire_owned();
        permit.map_err(|_| Problem::too_many("files are sent at once"))
    }

    /// Room for a file that is taken.
    ///
    /// # Errors
    /// So many are being taken already.
    pub fn to_take(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let permit = self.within.clone().try_acquire_owned();
        permit.map_err(|_| Problem::too_many("files are taken at once"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_files_come_and_go_at_once() {
        let rooms = Rooms::default();
        let mut out: Vec<_> = (0..OUT).map(|_| rooms.to_send()).collect();
        let mut within: Vec<_> = (0..IN).map(|_| rooms.to_take()).collect();
        assert!(out.iter().chain(&within).all(Result::is_ok));
        assert_eq!(rooms.to_send().err().map(|it| it.status), Some(429));
        assert_eq!(rooms.to_take().err().map(|it| it.status), Some(429));
        drop((out.pop(), within.pop()));
        assert!(rooms.to_send().is_ok() && rooms.to_take().is_ok(), "room was not given back");
    }
}
