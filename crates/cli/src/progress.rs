//! A progress bar for whatever takes longer than a second.

use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// A bar that follows a counter until it is dropped. Shown on a terminal only.
pub struct Bar {
    /// The counter to add to.
    pub counter: Arc<AtomicU64>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Bar {
    /// A bar over `total` of a unit; without a total it spins.
    pub fn new(what: &'static str, unit: &'static str, total: Option<u64>) -> Self {
        let counter = Arc::new(AtomicU64::new(0));
        let is_over = Arc::new(AtomicBool::new(false));
        let (seen, over) = (counter.clone(), is_over.clone());
        let thread = std::thread::spawn(move || follow(what, unit, total, &seen, &over));
        Self { counter, is_over, thread: Some(thread) }
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

fn follow(
    what: &'static str,
    unit: &'static str,
    total: Option<u64>,
    counter: &AtomicU64,
    is_over: &AtomicBool,
) {
    // Short work shows nothing.
    std::thread::park_timeout(Duration::from_secs(1));
    if is_over.load(Ordering::Relaxed) {
        return;
    }
    let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    let shape = if total.is_some() {
        "{msg} [{bar:30}] {human_pos}/{human_len} {unit} ({per_sec}, {eta} left)"
    } else {
        "{spinner} {msg} {human_pos} {unit} ({per_sec})"
    };
    let style = ProgressStyle::with_template(&shape.replace("{unit}", unit));
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
    bar.set_message(what);
    while !is_over.load(Ordering::Relaxed) {
        bar.set_position(counter.load(Ordering::Relaxed));
        std::thread::park_timeout(Duration::from_millis(200));
    }
    bar.finish_and_clear();
}
