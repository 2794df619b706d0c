//! A progress bar for whatever takes longer than a second.

use indicatif::{ProgressBar, ProgressStyle};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// A bar that follows a counter until it is dropped. Shown on a terminal only.
pub struct Bar {
    /// The counter to add to.
    pub counter: Arc<AtomicU64>,
    stage: Arc<Mutex<Stage>>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// What is being counted.
#[derive(Clone)]
struct Stage {
    what: &'static str,
    unit: &'static str,
    total: Option<u64>,
    counter: Arc<AtomicU64>,
}

impl Bar {
    /// A bar over `total` of a unit; without a total it spins.
    pub fn new(what: &'static str, unit: &'static str, total: Option<u64>) -> Self {
        Self::over(what, unit, total, Arc::new(AtomicU64::new(0)))
    }

    /// A bar over a counter that somebody else adds to.
    pub fn over(
        what: &'static str,
        unit: &'static str,
        total: Option<u64>,
        counter: Arc<AtomicU64>,
    ) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let stage = Stage { what, unit, total, counter: counter.clone() };
        let stage = Arc::new(Mutex::new(stage));
        let (seen, over) = (stage.clone(), is_over.clone());
        let thread = std::thread::spawn(move || follow(&seen, &over));
        Self { counter, stage, is_over, thread: Some(thread) }
    }

    /// Goes on to what is done now: so much of a total, with a rate and the time left of its own.
    pub fn stage(&self, what: &'static str, unit: &'static str, done: u64, total: Option<u64>) {
        let mut stage = lock(&self.stage);
        if (stage.what, stage.total) != (what, total) {
            *stage = Stage { what, unit, total, counter: Arc::default() };
        }
        stage.counter.store(done, Ordering::Relaxed);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

fn lock(stage: &Mutex<Stage>) -> std::sync::MutexGuard<'_, Stage> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}

fn shown(stage: &Stage) -> ProgressBar {
    let bar = stage.total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    let shape = if stage.total.is_some() {
        "{msg} [{bar:30}] {human_pos}/{human_len} {unit} ({per_sec}, {eta} left)"
    } else {
        "{spinner} {msg} {human_pos} {unit} ({per_sec})"
    };
    let style = ProgressStyle::with_template(&shape.replace("{unit}", stage.unit));
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
    bar.set_message(stage.what);
    bar
}

fn follow(stage: &Mutex<Stage>, is_over: &AtomicBool) {
    // Short work shows nothing.
    std::thread::park_timeout(Duration::from_secs(1));
    if is_over.load(Ordering::Relaxed) {
        return;
    }
    let mut now = lock(stage).clone();
    let mut bar = shown(&now);
    while !is_over.load(Ordering::Relaxed) {
        let next = lock(stage).clone();
        if (next.what, next.total) != (now.what, now.total) {
            bar.finish_and_clear();
            bar = shown(&next);
            now = next;
        }
        bar.set_position(now.counter.load(Ordering::Relaxed));
        std::thread::park_timeout(Duration::from_millis(200));
    }
    bar.finish_and_clear();
}
