//! Figures of this process, in the text form of Prometheus. Nothing of them names anybody.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Counters since the start.
#[derive(Default)]
pub struct Metrics {
    /// Requests answered, by the first digit of their status.
    pub answers: [AtomicU64; 6],
    /// Facts stored.
    pub facts: AtomicU64,
    /// Facts not taken.
    pub rejected: AtomicU64,
    /// Score rows that changed.
    pub scores: AtomicU64,
    /// Microseconds spent in answering.
    pub micros: AtomicU64,
    /// Microseconds spent in reading ahead for trials.
    pub ahead_micros: AtomicU64,
    /// Figures of rules, and when they were made.
    rules: Mutex<Option<(Instant, String)>>,
}

/// Figures of rules go over all warnings: they are made no more often than this.
const RULES_AFTER: Duration = Duration::from_secs(60);

impl Metrics {
    /// Adds to a counter.
    pub fn add(counter: &AtomicU64, count: u64) {
        counter.fetch_add(count, Ordering::Relaxed);
    }

    /// Figures of rules that are fresh enough.
    pub fn recent_rules(&self) -> Option<String> {
        let kept = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = kept.as_ref().filter(|it| it.0.elapsed() < RULES_AFTER);
        fresh.map(|it| it.1.clone())
    }

    /// Keeps figures of rules for a while.
    pub fn keep_rules(&self, text: &str) {
        let mut kept = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((Instant::now(), text.to_owned()));
    }

    /// All figures; `more` are taken from the store at this moment.
    pub fn text(&self, more: &[(&str, &str, i64)]) -> String {
        let mut text = String::new();
        let of = |it: &AtomicU64| it.load(Ordering::Relaxed);
        let _ = writeln!(text, "# TYPE holdfast_http_answers_total counter");
        for (digit, count) in self.answers.iter().enumerate().skip(1) {
            let _ =
                writeln!(text, "holdfast_http_answers_total{{class=\"{digit}xx\"}} {}", of(count));
        }
        let counters = [
            ("holdfast_http_answer_microseconds_total", &self.micros),
            ("holdfast_facts_stored_total", &self.facts),
            ("holdfast_facts_rejected_total", &self.rejected),
            ("holdfast_scores_changed_total", &self.scores),
            ("holdfast_trials_ahead_microseconds_total", &self.ahead_micros),
        ];
        for (name, count) in counters {
            let _ = writeln!(text, "# TYPE {name} counter\n{name} {}", of(count));
        }
        for (name, labels, value) in more {
            let _ = writeln!(text, "{name}{labels} {value}");
        }
        text
    }
}
