//! What time it is, in microseconds since 1970-01-01 UTC.

use std::time::{SystemTime, UNIX_EPOCH};

/// Now.
pub fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    now.as_micros().try_into().unwrap_or(i64::MAX)
}

/// An instant as RFC 3339.
pub fn shown(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros)
        .map_or_else(|_| micros.to_string(), |it| it.to_string())
}

/// A day counted from 1970-01-01, as written.
pub fn day(days: i64) -> String {
    use jiff::ToSpan;
    let days_only = i32::try_from(days).ok();
    let day = days_only.and_then(|it| jiff::civil::date(1970, 1, 1).checked_add(it.days()).ok());
    day.map_or_else(|| days.to_string(), |it| it.to_string())
}
