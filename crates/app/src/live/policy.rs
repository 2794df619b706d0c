//! Policies in the database: installed, proposed, approved by a second person, in force by period.
//!
//! Every version ever installed is kept, under the hash of its files. Which of them judges a period
//! is a matter of approved activations alone, so that closed periods keep the policy of their time.

mod activate;
mod files;
mod install;
mod rules;
mod sheet;
mod timeline;
mod trial;
mod words;

pub use activate::{Proposal, Standing};
pub use files::Package;
pub use install::{Draft, Installed, Version};
pub use pack::{Change, ChangeKind, Module};
pub use rules::{FINDINGS, RuleCount, Rules, Volume, label_of};
pub use sheet::{Past, Sheet};
pub(super) use timeline::{Timelines, first};
pub(super) use trial::Registry;
pub use trial::{Bands, Behind, KeptForTrials, Method, Moved, Pace, Shift, Trial};

use super::Live;
use base::codes::policy as codes;
use base::{Diagnostic, Period};
use jiff::civil::Date;
use pack::Pack;
use std::sync::Arc;
use store::{Tx, settings};

/// Name of the setting that changes whenever an activation is approved.
pub(super) const APPROVED: &str = "policy";

/// A day as it is stored, counted from 1970-01-01.
pub fn number_of(day: Date) -> i64 {
    day.since(jiff::civil::date(1970, 1, 1)).map_or(0, |it| it.get_days().into())
}

/// The day of a number.
pub fn day_of(number: i64) -> Option<Date> {
    let span = jiff::Span::new().try_days(number).ok()?;
    jiff::civil::date(1970, 1, 1).checked_add(span).ok()
}

/// The last day of a period, as it is stored.
fn last_day(period: Period) -> i64 {
    period.last_day().map_or(i64::MAX, number_of)
}

/// The period under whose lines a policy is shown: the one under watch, else the first it is for.
pub fn shown_period(pack: &Pack, open: Option<Period>) -> Period {
    let first = pack.effective_from.and_then(|it| Period::containing(pack.period_kind, it));
    let steps = pack.period_kind.steps_per_year().unwrap_or(1);
    open.or(first).unwrap_or_else(|| Period::from_index(pack.period_kind, 2_020 * steps))
}

impl Live {
    /// The pack of a hash, where it is one of those in force in some period; else the one in force
    /// now. For what is stored beside the hash of the pack that made it.
    pub fn pack_of(&self, hash: &str) -> Arc<Pack> {
        self.timelines.policy(hash).map_or_else(|| self.pack(), |it| it.pack().clone())
    }
}

/// Whether a database has a policy in force.
///
/// # Errors
/// Those of the database.
pub fn is_begun(tx: &mut Tx<'_>) -> store::Result<bool> {
    Ok(settings::get(tx, APPROVED)?.is_some())
}

fn no_such_version(hash: &str) -> Diagnostic {
    let message = format!("no version is installed under `{hash}`");
    Diagnostic::new(&codes::NO_SUCH_VERSION, message)
        .hint("`holdfast policy list` and GET /api/v1/policy/versions show what is there")
}
