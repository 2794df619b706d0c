//! Use cases, one file each: check, assess, explain, backtest.
//!
//! The only place where packs, tables, the chain and measures meet. It knows no terminal and no
//! HTTP: it takes requests and gives reports, with progress told through a counter.

pub mod access;
pub mod assess;
pub mod backtest;
pub mod check;
pub mod examples;
pub mod explain;
pub mod forms;
pub mod hooks;
pub mod input;
pub mod live;
pub mod people;
pub mod sentences;
pub mod words;

pub use assess::instant;
pub use tables::{Format, ReadOptions};

use base::Diagnostic;
use monitor::Evaluator;
use pack::Pack;
use std::path::Path;
use std::sync::Arc;

/// What can go wrong before anything is written: all findings, errors among them.
pub type Refused = Vec<Diagnostic>;

/// A pack read, with the findings that are no errors.
pub struct Loaded {
    /// The pack, ready to judge.
    pub evaluator: Evaluator,
    /// Warnings and notes of the reading.
    pub diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// The pack.
    pub fn pack(&self) -> &Arc<Pack> {
        self.evaluator.pack()
    }
}

/// Reads and compiles a pack; refused with every finding where any is an error.
pub fn load(folder: &Path) -> Result<Loaded, Refused> {
    let (pack, diagnostics) = pack::read(folder);
    let Some(pack) = pack else { return Err(diagnostics) };
    match Evaluator::new(Arc::new(pack)) {
        Ok(evaluator) => Ok(Loaded { evaluator, diagnostics }),
        Err(finding) => Err(diagnostics.into_iter().chain([finding]).collect()),
    }
}
