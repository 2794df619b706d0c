//! Figures of this process, in the text form of Prometheus. Nothing of them names anybody.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

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
}

impl Metrics {
    /// Adds to a counter.
    pub fn add(counter: &AtomicU64, count: u64) {
        counter.fetch_add(count, Ordering::Relaxed);
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
