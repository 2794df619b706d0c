//! `check`: everything wrong with a pack, its examples run, and what it asks of its input.

use crate::examples;
use base::Diagnostic;
use monitor::Evaluator;
use pack::Pack;
use std::path::Path;
use std::sync::Arc;

/// What a check found.
pub struct Report {
    /// The pack, where it could be read.
    pub pack: Option<Arc<Pack>>,
    /// All findings: of the reading, then of the examples.
    pub diagnostics: Vec<Diagnostic>,
    /// Examples that were run.
    pub examples: usize,
    /// Examples that failed.
    pub failed: usize,
}

/// Reads a pack and runs its examples.
pub fn run(folder: &Path) -> Report {
    let (pack, mut diagnostics) = pack::read(folder);
    let Some(pack) = pack else {
        return Report { pack: None, diagnostics, examples: 0, failed: 0 };
    };
    let pack = Arc::new(pack);
    match Evaluator::new(pack.clone()) {
        Ok(evaluator) => {
            let (examples, failures) = examples::run(&evaluator);
            let failed = failures.len();
            diagnostics.extend(failures);
            Report { pack: Some(pack), diagnostics, examples, failed }
        }
        Err(finding) => {
            diagnostics.push(finding);
            Report { pack: Some(pack), diagnostics, examples: 0, failed: 0 }
        }
    }
}
