//! `check`: everything wrong with a pack, its examples run, and what it says of a given input.

use crate::{Loaded, examples};
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
    /// The pack ready to judge, where nothing stands against it.
    pub loaded: Option<Loaded>,
}

/// Reads a pack and runs its examples.
pub fn run(folder: &Path) -> Report {
    let (pack, diagnostics) = pack::read(folder);
    of(pack, diagnostics)
}

/// Runs the examples of a pack that was read, wherever its files lie.
pub fn of(pack: Option<Pack>, mut diagnostics: Vec<Diagnostic>) -> Report {
    let Some(pack) = pack else {
        return Report { pack: None, diagnostics, examples: 0, failed: 0, loaded: None };
    };
    let pack = Arc::new(pack);
    match Evaluator::new(pack.clone()) {
        Ok(evaluator) => {
            let (examples, failures) = examples::run(&evaluator);
            let failed = failures.len();
            diagnostics.extend(failures);
            let loaded = Some(Loaded { evaluator, diagnostics: Vec::new() });
            Report { pack: Some(pack), diagnostics, examples, failed, loaded }
        }
        Err(finding) => {
            diagnostics.push(finding);
            Report { pack: Some(pack), diagnostics, examples: 0, failed: 0, loaded: None }
        }
    }
}
