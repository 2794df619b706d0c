//! Periods of a panel with what is asked of each again and again: index and last day.

use base::{Period, PeriodKind};
use jiff::civil::Date;

/// A period.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// As `Period::index`.
    pub index: i32,
    /// Its last day, in days since 1970-01-01.
    pub end: i32,
}

impl Step {
    /// Of a period.
    pub fn of(period: Period) -> Self {
        Self { index: period.index(), end: last_day(period) }
    }
}

/// Days since 1970-01-01 as a period.
pub fn period_of(kind: PeriodKind, day: i32) -> Option<i32> {
    let epoch = jiff::civil::date(1970, 1, 1);
    let day: Date = epoch.checked_add(jiff::Span::new().try_days(i64::from(day)).ok()?).ok()?;
    Period::containing(kind, day).map(Period::index)
}

/// The last day of a period in days since 1970-01-01.
fn last_day(period: Period) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    let last = period.last_day().and_then(|it| it.since(epoch).ok());
    last.map_or(i32::MAX, |it| it.get_days())
}
