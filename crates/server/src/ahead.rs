//! Reads what trials of another policy need before anybody asks for one: beside the requests and
//! never in their way, on a thread of its own that writes nothing.
//!
//! A server that only reads does so too: it answers trials as well.

use crate::metrics::Metrics;
use crate::state::Server;
use app::live::Live;
use app::live::policy::{Behind, Pace};
use base::Diagnostic;
use std::time::{Duration, Instant};
use store::{Tx, stale};

/// How often it is looked whether there is something to read.
const LOOK: Duration = Duration::from_secs(2);
/// Households that have to be new: fewer are read by the next trial and nobody notices.
const MANY: u64 = 500;
/// Households scored between two looks beyond which the machine is left to whoever sends facts.
const BUSY: u64 = 200;

impl Server {
    /// Starts the thread that reads ahead, unless the settings want none.
    pub fn read_ahead(&self) {
        if self.settings.trials_ahead == 0 {
            return;
        }
        let server = self.clone();
        // Left alone at the end of the process: it holds nothing that has to be put away.
        std::thread::spawn(move || {
            let mut scored = None;
            while server.goes_on() {
                if let Err(finding) = look(&server, &mut scored) {
                    tracing::debug!(code = finding.code.id, "what trials need was not read ahead");
                }
                std::thread::sleep(LOOK);
            }
        });
    }

    /// Reads what trials need, because one may be asked for soon.
    pub(crate) async fn expect_trial(self) {
        let server = self.clone();
        let read = move |live: &Live| live.prepare_trials_ahead(&Pace::ahead(&|| server.goes_on()));
        if let Err(finding) = self.ask(read).await {
            tracing::debug!(code = finding.code.id, "what trials need was not read ahead");
        }
    }

    /// Whether nobody told the server to stop.
    fn goes_on(&self) -> bool {
        !*self.closing.borrow()
    }
}

/// Reads ahead where that is worth it and hinders nobody. `scored` is how far scores were at the
/// look before.
fn look(server: &Server, scored: &mut Option<u64>) -> Result<(), Diagnostic> {
    let live = &server.live;
    let both = |tx: &mut Tx<'_>| -> Result<_, Diagnostic> {
        Ok((live.behind_for_trials(tx)?, stale::count(tx)?))
    };
    let (Some(behind), waiting) = live.store.read(both)? else { return Ok(()) };
    let before = scored.replace(behind.scored).unwrap_or(behind.scored);
    let is_quiet = waiting == 0 && behind.scored - before.min(behind.scored) <= BUSY;
    if !is_quiet || !is_worth_it(&behind, server.settings.trials_ahead) {
        return Ok(());
    }
    let started = Instant::now();
    let read = live.prepare_trials_ahead(&Pace::ahead(&|| server.goes_on()))?;
    if read > 0 {
        let micros = started.elapsed().as_micros().try_into().unwrap_or(u64::MAX);
        Metrics::add(&server.metrics.ahead_micros, micros);
        tracing::info!(households = read, "what trials need was read ahead");
    }
    Ok(())
}

/// Whether so much is new, and not more kept than the settings allow.
fn is_worth_it(behind: &Behind, most: u64) -> bool {
    behind.households <= most && behind.unread >= MANY.min(behind.households).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behind(households: u64, unread: u64) -> Behind {
        Behind { households, unread, scored: 0 }
    }

    #[test]
    fn a_small_registry_is_read_whole_and_a_large_one_when_many_are_new() {
        assert!(is_worth_it(&behind(40, 40), 1_000));
        assert!(!is_worth_it(&behind(40, 39), 1_000));
        assert!(is_worth_it(&behind(900, MANY), 1_000));
        assert!(!is_worth_it(&behind(900, MANY - 1), 1_000));
    }

    #[test]
    fn nothing_is_read_of_no_households_and_of_more_than_may_be_kept() {
        assert!(!is_worth_it(&behind(0, 0), 1_000));
        assert!(is_worth_it(&behind(1_000, 1_000), 1_000));
        assert!(!is_worth_it(&behind(1_001, 1_001), 1_000));
    }
}
