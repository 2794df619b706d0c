//! Ids, periods, scores, bands, area codes, diagnostics and the table of message codes.
//!
//! Everything else stands on this crate. It does no I/O, reads no clock and knows no rule.

mod area;
mod band;
pub mod codes;
mod diagnostic;
mod household;
mod period;
mod score;

pub use area::AreaCode;
pub use band::{Band, BandLetter};
pub use codes::{Code, Severity};
pub use diagnostic::{Diagnostic, Place, worst_exit};
pub use household::{HouseholdId, HouseholdIdError};
pub use period::{Period, PeriodError, PeriodKind};
pub use score::Score;

/// Process exit codes of the executable; a stable part of its interface.
pub mod exit {
    /// Done, nothing was left out.
    pub const DONE: u8 = 0;
    /// The pack or the input has errors; nothing was written.
    pub const REFUSED: u8 = 1;
    /// The command line could not be understood.
    pub const USAGE: u8 = 2;
    /// Done, but some rows or households were set aside; they are listed in `rejects`.
    pub const DONE_WITH_REJECTS: u8 = 3;
    /// A fault of the program itself; please report it.
    pub const FAULT: u8 = 70;
}
