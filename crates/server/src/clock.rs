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

/// A day as the description writes it, counted from 1970-01-01; nothing where it is none. Other
/// writings of a day that a library would read are none of the description's.
pub fn read_day(text: &str) -> Option<i64> {
    let is_plain = |(at, it): (usize, u8)| match at {
        4 | 7 => it == b'-',
        _ => it.is_ascii_digit(),
    };
    if text.len() != 10 || !text.bytes().enumerate().all(is_plain) {
        return None;
    }
    let day = text.parse::<jiff::civil::Date>().ok()?;
    Some(day.since(jiff::civil::date(1970, 1, 1)).ok()?.get_days().into())
}

/// An instant as RFC 3339 writes it, in microseconds; nothing where it is none.
pub fn read_instant(text: &str) -> Option<i64> {
    let (day, time) = text.split_once(['T', 't'])?;
    read_day(day)?;
    let (clock, offset) = match time.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock, "+00:00"),
        None => time.split_at_checked(time.len().checked_sub(6)?)?,
    };
    let digits = |it: &str, places: &[usize], marks: &[u8]| {
        let is_fit = |(at, it): (usize, u8)| match places.iter().position(|place| *place == at) {
            Some(place) => marks[place] == it,
            None => it.is_ascii_digit(),
        };
        it.bytes().enumerate().all(is_fit)
    };
    let (whole, part) = clock.split_at_checked(8)?;
    let is_part = part.is_empty()
        || part.strip_prefix('.').is_some_and(|it| !it.is_empty() && digits(it, &[], &[]));
    let is_offset = offset.starts_with(['+', '-']) && digits(&offset[1..], &[2], b":");
    if !digits(whole, &[2, 5], b"::") || !is_part || !is_offset {
        return None;
    }
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_microsecond)
}

/// A day counted from 1970-01-01, as written.
pub fn day(days: i64) -> String {
    use jiff::ToSpan;
    let days_only = i32::try_from(days).ok();
    let day = days_only.and_then(|it| jiff::civil::date(1970, 1, 1).checked_add(it.days()).ok());
    day.map_or_else(|| days.to_string(), |it| it.to_string())
}

#[cfg(test)]
mod tests {
    use super::{read_day, read_instant};

    #[test]
    fn a_day_has_one_writing() {
        assert_eq!(read_day("1970-01-02"), Some(1));
        for text in ["19700102", "1970-01-02T00:00", "+001970-01-02", "1970-02-30", "1970-1-2", ""]
        {
            assert_eq!(read_day(text), None, "{text}");
        }
    }

    #[test]
    fn an_instant_is_one_of_rfc_3339_and_nothing_else() {
        assert_eq!(read_instant("1970-01-01T00:00:01Z"), Some(1_000_000));
        assert_eq!(read_instant("1970-01-01t08:00:00.5+08:00"), Some(500_000));
        for text in [
            "1970-01-01",
            "1970-01-01T00Z",
            "1970-01-01 00:00:00Z",
            "19700101T000000Z",
            "1970-01-01T00:00:00",
            "1970-01-01T00:00:00+08:00[Asia/Shanghai]",
            "1970-01-01T00:00:00.Z",
            "1970-01-01T24:00:00Z",
            "1970-01-01T00:00:0年Z",
        ] {
            assert_eq!(read_instant(text), None, "{text}");
        }
    }
}
