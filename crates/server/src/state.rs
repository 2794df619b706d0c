//! What all requests share.

use crate::clock::now;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::oidc::Oidc;
use crate::outgoing::Authorities;
use crate::rooms::Rooms;
use crate::webhooks::HookSettings;
use crate::writer::Writer;
use app::live::{Act, Live};
use base::Diagnostic;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use store::{Tx, Within, lease, stale};
use tokio::sync::watch;

/// How the server is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Most bytes of a request.
    pub body_bytes_max: usize,
    /// Seconds that a request may take.
    pub seconds_max: u64,
    /// Requests a minute that one sender may make.
    pub requests_a_minute: u32,
    /// Whether sessions are sent over TLS alone (a proxy in front speaks it).
    pub is_secure: bool,
    /// What every page says of the data, e.g. that it is simulated; nothing where it is real.
    pub notice: Option<String>,
    /// Most bytes of a file that is imported.
    pub upload_bytes_max: u64,
    /// The folder where files of jobs lie.
    pub spool: PathBuf,
    /// How webhooks are sent.
    pub hooks: HookSettings,
    /// Whom it trusts when it asks others itself.
    pub authorities: Authorities,
    /// Who else signs users in.
    pub oidc: Oidc,
    /// Most households that are read ahead for trials of a policy; 0: none.
    pub trials_ahead: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            body_bytes_max: 16 << 20,
            seconds_max: 60,
            requests_a_minute: 6_000,
            is_secure: false,
            notice: None,
            upload_bytes_max: 4 << 30,
            spool: std::env::temp_dir().join("holdfast-spool"),
            hooks: HookSettings::default(),
            authorities: Authorities::default(),
            oidc: Oidc::default(),
            trials_ahead: 300_000,
        }
    }
}

/// A server over a store.
#[derive(Clone)]
pub struct Server {
    /// The monitor.
    pub live: Arc<Live>,
    /// The way to write.
    pub writer: Writer,
    holder: String,
    /// Told after each commit.
    pub committed: watch::Sender<u64>,
    /// Told when streams shall end.
    pub closing: watch::Sender<bool>,
    /// Figures of this process.
    pub metrics: Arc<Metrics>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) rooms: Rooms,
    pub(crate) settings: Settings,
    asleep: Arc<(Mutex<bool>, Condvar)>,
}

impl Server {
    /// Puts a server over a monitor and starts its writing thread.
    pub fn new(live: Live, settings: Settings) -> Self {
        let live = Arc::new(live);
        let committed = watch::Sender::new(0);
        let tell = committed.clone();
        let holder = format!("server {} since {}", std::process::id(), now());
        let tell = move || tell.send_modify(|it| *it += 1);
        let writer = Writer::start(live.clone(), holder.clone(), tell);
        let limits = Arc::new(Limits::new(settings.requests_a_minute));
        let closing = watch::Sender::new(false);
        let (metrics, rooms, asleep) = Default::default();
        Self { live, writer, holder, committed, closing, metrics, limits, rooms, settings, asleep }
    }

    /// Starts the thread for long work.
    pub fn work(&self) {
        let server = self.clone();
        std::thread::spawn(move || crate::worker::work(&server));
    }

    /// The name of this server to others.
    pub(crate) fn holder(&self) -> &str {
        &self.holder
    }

    /// The folder where files of jobs lie, as it is written in their rows.
    pub(crate) fn spool(&self) -> String {
        self.settings.spool.display().to_string()
    }

    /// Sleeps until somebody has work, or so long.
    pub(crate) fn sleep(&self, most: Duration) {
        let (is_woken, bell) = &*self.asleep;
        let is_woken = is_woken.lock().unwrap_or_else(PoisonError::into_inner);
        let woken = bell.wait_timeout_while(is_woken, most, |it| !*it);
        *woken.unwrap_or_else(PoisonError::into_inner).0 = false;
    }

    /// Wakes the thread for long work.
    pub(crate) fn wake(&self) {
        *self.asleep.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.asleep.1.notify_all();
    }

    /// Scores households that wait, in the background, piece by piece between requests.
    pub fn catch_up(&self) {
        let server = self.clone();
        tokio::spawn(async move {
            // Only who has something to write asks for the right to.
            while server.is_behind().await {
                let work = |live: &Live, tx: &mut Tx<'_>| {
                    let act = Act { actor: "server", now: now(), within: &Within::Everywhere };
                    live.catch_up_in(tx, app::live::CHUNK, &act)
                };
                if let Err(finding) = server.writer.write(work).await {
                    tracing::warn!(code = finding.code.id, "households wait to be scored");
                    tokio::time::sleep(Duration::from_secs(5)).await;
                }
            }
        });
    }

    /// Whether households wait to be scored, or nobody can say.
    async fn is_behind(&self) -> bool {
        self.ask(|live| Ok(live.store.read(stale::count)?)).await.map_or(true, |it| it > 0)
    }

    /// Gives the right to write to whoever wants it next.
    pub(crate) async fn give_way(&self) {
        let holder = self.holder.clone();
        let given = move |live: &Live| Ok(live.store.write(|tx| lease::release(tx, &holder))?);
        if let Err(finding) = self.ask(given).await {
            tracing::warn!(code = finding.code.id, "the right to write was not given back");
        }
    }

    /// Asks something of the monitor that blocks, on a thread meant for that.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Live) -> Result<T, Diagnostic> + Send + 'static,
    ) -> Result<T, Diagnostic> {
        let live = self.live.clone();
        let answer = tokio::task::spawn_blocking(move || question(&live)).await;
        answer.unwrap_or_else(|error| {
            Err(store::Error::new(store::Kind::Fault, format!("a question failed: {error}")).into())
        })
    }
}
