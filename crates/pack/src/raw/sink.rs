//! Where findings are gathered while a pack is read.

use base::Diagnostic;
use std::cell::RefCell;

/// More findings than a person would read; a broken file must not fill the memory.
const FINDINGS_MAX: usize = 1_000;

/// A list of findings that many readers may add to.
#[derive(Debug, Default)]
pub(crate) struct Sink(RefCell<Vec<Diagnostic>>);

impl Sink {
    /// Adds a finding.
    pub(crate) fn report(&self, finding: Diagnostic) {
        let mut findings = self.0.borrow_mut();
        let is_room = findings.len() < FINDINGS_MAX;
        let has_error = findings.iter().any(Diagnostic::is_error);
        // Whatever else is dropped, an error never turns a refused pack into an accepted one.
        if is_room || (finding.is_error() && !has_error) {
            findings.push(finding);
        }
    }

    /// How many errors there are so far.
    pub(crate) fn errors(&self) -> usize {
        self.0.borrow().iter().filter(|it| it.is_error()).count()
    }

    /// All of them by file, line and column, each once.
    pub(crate) fn into_sorted(self) -> Vec<Diagnostic> {
        let mut findings = self.0.into_inner();
        let key = |it: &Diagnostic| {
            let place = it.place.clone().unwrap_or_default();
            (place.file, place.line, place.column, it.code.id)
        };
        findings.sort_by_cached_key(key);
        findings.dedup();
        findings
    }
}
