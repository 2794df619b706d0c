//! Sends events to those who asked for them, beside the requests and never in their way.
//!
//! Each hook is worked on by itself: one that does not answer holds up nobody else. Only the
//! server that writes sends, because what it may send is claimed in a commit.

mod sender;

use crate::clock::now;
use crate::state::Server;
use app::hooks::{Claim, Letter, Outcome, Patience};
use app::live::Live;
use base::Diagnostic;
use base::codes::store::NOT_THE_WRITER;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::Tx;
use tokio::sync::Notify;

/// How webhooks are sent.
#[derive(Clone, Debug)]
pub struct HookSettings {
    /// Seconds that a receiver may take.
    pub seconds_max: u64,
    /// Tries before an event is given up.
    pub tries: i64,
    /// Whether receivers may have addresses of networks of one's own.
    pub may_be_private: bool,
}

impl Default for HookSettings {
    fn default() -> Self {
        Self { seconds_max: 10, tries: 16, may_be_private: false }
    }
}

/// How often it is looked for tries that have become due.
const TICK: Duration = Duration::from_secs(1);

/// Hooks that are being worked on.
#[derive(Clone, Default)]
struct Busy {
    hooks: Arc<Mutex<HashSet<String>>>,
    free: Arc<Notify>,
}

impl Busy {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.hooks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Server {
    /// Sends events to webhooks, in the background, until the server stops.
    pub fn send_webhooks(&self) {
        let server = self.clone();
        tokio::spawn(async move {
            let sender =
                Arc::new(sender::Sender::new(&server.settings.hooks, &server.settings.authorities));
            let busy = Busy::default();
            let mut seen = HashMap::new();
            let (mut committed, mut closing) =
                (server.committed.subscribe(), server.closing.subscribe());
            while !*closing.borrow_and_update() {
                committed.borrow_and_update();
                server.start_due(&mut seen, &busy, &sender).await;
                tokio::select! {
                    changed = committed.changed() => if changed.is_err() { return },
                    _ = closing.changed() => {}
                    () = busy.free.notified() => {}
                    () = tokio::time::sleep(TICK) => {}
                }
            }
        });
    }

    /// Starts work on every hook that is due and not worked on yet.
    async fn start_due(
        &self,
        seen: &mut HashMap<String, i64>,
        busy: &Busy,
        sender: &Arc<sender::Sender>,
    ) {
        let mut known = std::mem::take(seen);
        let due = self.ask(move |live| Ok((live.due_webhooks(now(), &mut known)?, known))).await;
        let Ok((due, known)) = due else { return };
        *seen = known;
        for hook in due {
            if !busy.lock().insert(hook.clone()) {
                continue;
            }
            let (server, busy, sender) = (self.clone(), busy.clone(), sender.clone());
            tokio::spawn(async move {
                let result = server.work_on(&hook, &sender).await;
                if let Err(finding) = result {
                    if finding.code.id != NOT_THE_WRITER.id {
                        tracing::warn!(code = finding.code.id, hook, "a webhook has to wait");
                    }
                    tokio::time::sleep(TICK).await;
                }
                busy.lock().remove(&hook);
                busy.free.notify_one();
            });
        }
    }

    /// Claims, sends and notes until nothing is left or a try failed.
    async fn work_on(&self, hook: &str, sender: &Arc<sender::Sender>) -> Result<(), Diagnostic> {
        while !*self.closing.borrow() {
            let (id, window) = (hook.to_owned(), self.window());
            let claim =
                move |live: &Live, tx: &mut Tx<'_>| live.claim_in(tx, &id, now(), now() + window);
            let Some(claim) = self.writer.write(claim).await? else { return Ok(()) };
            let outcomes = self.send(claim, sender).await?;
            let has_failed = outcomes.iter().any(|it| it.1.fault.is_some() && !it.0.is_by_hand);
            self.note(hook, outcomes).await?;
            if has_failed {
                return Ok(());
            }
        }
        Ok(())
    }

    /// How long a claim holds: longer than everything that is sent under it may take.
    fn window(&self) -> i64 {
        3 * self.settings.hooks.seconds_max as i64 * 1_000_000
    }

    async fn send(
        &self,
        claim: Claim,
        sender: &Arc<sender::Sender>,
    ) -> Result<Vec<(Letter, Outcome)>, Diagnostic> {
        let (sender, seconds) = (sender.clone(), self.settings.hooks.seconds_max);
        self.ask(move |live| {
            let (started, mut outcomes) = (Instant::now(), Vec::new());
            for letter in claim.letters {
                let outcome = sender.send(live, &claim.hook, &letter);
                // Events stay in order: those after one that failed wait with it.
                let is_end = outcome.fault.is_some() && !letter.is_by_hand;
                outcomes.push((letter, outcome));
                if is_end || started.elapsed() > Duration::from_secs(seconds) {
                    break;
                }
            }
            Ok(outcomes)
        })
        .await
    }

    async fn note(&self, hook: &str, outcomes: Vec<(Letter, Outcome)>) -> Result<(), Diagnostic> {
        let patience = Patience { tries: self.settings.hooks.tries };
        let hook = hook.to_owned();
        let random = random();
        let note = move |live: &Live, tx: &mut Tx<'_>| {
            live.note_deliveries_in(tx, &hook, &outcomes, (patience, random, now()))
        };
        self.writer.write(note).await
    }
}

/// A number that differs from one time to the next.
fn random() -> u32 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(now()) as u32
}
