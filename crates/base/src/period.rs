//! Periods: months, quarters, half-years, years and numbered waves, as whole steps on one axis.

use jiff::civil::Date;
use std::fmt;

/// The length of one step. A pack has exactly one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PeriodKind {
    /// A calendar month, `2020-06`.
    Month,
    /// A calendar quarter, `2020-Q2`.
    Quarter,
    /// Half a calendar year, `2020-H1`.
    HalfYear,
    /// A calendar year, `2020`.
    Year,
    /// A numbered survey round, `3`; it has no dates.
    Wave,
}

/// One period: its kind and its place on the axis. Neighbouring periods differ by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    kind: PeriodKind,
    index: i32,
}

/// Why a text is not a period of the kind asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodError {
    /// What was given.
    pub given: String,
    /// The kind asked for.
    pub kind: PeriodKind,
}

impl PeriodKind {
    /// Every kind, shortest first.
    pub const ALL: [PeriodKind; 5] = [
        PeriodKind::Month,
        PeriodKind::Quarter,
        PeriodKind::HalfYear,
        PeriodKind::Year,
        PeriodKind::Wave,
    ];

    /// The word used in packs.
    pub const fn name(self) -> &'static str {
        match self {
            PeriodKind::Month => "month",
            PeriodKind::Quarter => "quarter",
            PeriodKind::HalfYear => "half-year",
            PeriodKind::Year => "year",
            PeriodKind::Wave => "wave",
        }
    }

    /// Parses [`PeriodKind::name`].
    pub fn parse(text: &str) -> Option<PeriodKind> {
        PeriodKind::ALL.into_iter().find(|it| it.name() == text)
    }

    /// How a period of this kind is written, for messages.
    pub const fn shape(self) -> &'static str {
        match self {
            PeriodKind::Month => "2020-06",
            PeriodKind::Quarter => "2020-Q2",
            PeriodKind::HalfYear => "2020-H1",
            PeriodKind::Year => "2020",
            PeriodKind::Wave => "3",
        }
    }

    /// A regular expression of periods of this kind as [`PeriodKind::shape`] writes them.
    pub const fn pattern(self) -> &'static str {
        match self {
            PeriodKind::Month => "^[1-9][0-9]{3}-(0[1-9]|1[0-2])$",
            PeriodKind::Quarter => "^[1-9][0-9]{3}-Q[1-4]$",
            PeriodKind::HalfYear => "^[1-9][0-9]{3}-H[12]$",
            PeriodKind::Year => "^[1-9][0-9]{3}$",
            PeriodKind::Wave => "^[0-9]{1,4}$",
        }
    }

    /// Steps in a year; `None` for waves.
    pub const fn steps_per_year(self) -> Option<i32> {
        match self {
            PeriodKind::Month => Some(12),
            PeriodKind::Quarter => Some(4),
            PeriodKind::HalfYear => Some(2),
            PeriodKind::Year => Some(1),
            PeriodKind::Wave => None,
        }
    }
}

impl Period {
    /// The period at a place on the axis of its kind: month = year × 12 + month − 1, likewise for
    /// the others; a year and a wave are their own number.
    pub const fn from_index(kind: PeriodKind, index: i32) -> Self {
        Self { kind, index }
    }

    /// Its kind.
    pub const fn kind(self) -> PeriodKind {
        self.kind
    }

    /// Its place on the axis.
    pub const fn index(self) -> i32 {
        self.index
    }

    /// The period `steps` later (earlier where negative).
    pub const fn offset(self, steps: i32) -> Self {
        Self { kind: self.kind, index: self.index + steps }
    }

    /// Reads a period of the given kind, e.g. `2020-06`, `2020-Q2`, `2020-H1`, `2020`, `3`. A day
    /// (`2020-06-30`) is read as the period it lies in, except for waves.
    pub fn parse(kind: PeriodKind, text: &str) -> Result<Self, PeriodError> {
        let text = text.trim();
        let index = match kind {
            PeriodKind::Wave => text.parse::<i32>().ok().filter(|it| (0..=9_999).contains(it)),
            _ => parse_dated(kind, text),
        };
        index
            .map(|index| Self { kind, index })
            .ok_or_else(|| PeriodError { given: text.to_owned(), kind })
    }

    /// The period that a day lies in; `None` for waves.
    pub fn containing(kind: PeriodKind, day: Date) -> Option<Self> {
        let steps = kind.steps_per_year()?;
        let months_per_step = 12 / steps;
        let within = (i32::from(day.month()) - 1) / months_per_step;
        Some(Self { kind, index: i32::from(day.year()) * steps + within })
    }

    /// Its first day; `None` for waves.
    pub fn first_day(self) -> Option<Date> {
        let steps = self.kind.steps_per_year()?;
        let year = i16::try_from(self.index.div_euclid(steps)).ok()?;
        let month = self.index.rem_euclid(steps) * (12 / steps) + 1;
        Date::new(year, i8::try_from(month).ok()?, 1).ok()
    }

    /// Its last day; `None` for waves.
    pub fn last_day(self) -> Option<Date> {
        self.offset(1).first_day()?.yesterday().ok()
    }
}

fn parse_dated(kind: PeriodKind, text: &str) -> Option<i32> {
    if text.len() == 10
        && let Ok(day) = text.parse::<Date>()
    {
        return Period::containing(kind, day).map(Period::index);
    }
    let (year, step) = match kind {
        PeriodKind::Year => (text.strip_suffix('年').unwrap_or(text), 1),
        PeriodKind::Month if text.ends_with('月') => {
            let (year, month) = text.strip_suffix('月')?.split_once('年')?;
            let is_month = month.len() <= 2 && month.bytes().all(|it| it.is_ascii_digit());
            (year, is_month.then(|| month.parse::<i32>().ok())??)
        }
        PeriodKind::Month => {
            let (year, month) = text.split_once('-')?;
            (year, (month.len() == 2).then(|| month.parse::<i32>().ok())??)
        }
        PeriodKind::Quarter => split_letter(text, 'Q')?,
        PeriodKind::HalfYear => split_letter(text, 'H')?,
        PeriodKind::Wave => return None,
    };
    let is_year = year.len() == 4 && year.bytes().all(|it| it.is_ascii_digit());
    let year = is_year.then(|| year.parse::<i32>().ok())??;
    let steps = kind.steps_per_year()?;
    (1..=steps).contains(&step).then_some(year * steps + step - 1)
}

fn split_letter(text: &str, letter: char) -> Option<(&str, i32)> {
    let (year, step) = text.split_once('-')?;
    let step =
        step.strip_prefix(letter).or_else(|| step.strip_prefix(letter.to_ascii_lowercase()))?;
    (step.len() == 1).then(|| step.parse::<i32>().ok())?.map(|it| (year, it))
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(steps) = self.kind.steps_per_year() else {
            return f.pad(&self.index.to_string());
        };
        let (year, step) = (self.index.div_euclid(steps), self.index.rem_euclid(steps) + 1);
        let text = match self.kind {
            PeriodKind::Month => format!("{year:04}-{step:02}"),
            PeriodKind::Quarter => format!("{year:04}-Q{step}"),
            PeriodKind::HalfYear => format!("{year:04}-H{step}"),
            PeriodKind::Year | PeriodKind::Wave => format!("{year:04}"),
        };
        f.pad(&text)
    }
}

impl fmt::Display for PeriodError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a {} (written like {})",
            self.given,
            self.kind.name(),
            self.kind.shape()
        )
    }
}

impl std::error::Error for PeriodError {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_kind_reads_its_own_shape() {
        for kind in PeriodKind::ALL {
            let period = Period::parse(kind, kind.shape()).expect("its own shape");
            assert_eq!(period.to_string(), kind.shape());
        }
    }

    #[test]
    fn a_thirteenth_month_and_a_fifth_quarter_do_not_exist() {
        for (kind, text) in [
            (PeriodKind::Month, "2020-13"),
            (PeriodKind::Month, "2020-00"),
            (PeriodKind::Month, "2020-6"),
            (PeriodKind::Month, "202-06"),
            (PeriodKind::Quarter, "2020-Q5"),
            (PeriodKind::HalfYear, "2020-H0"),
            (PeriodKind::Year, "20 20"),
            (PeriodKind::Wave, "-1"),
            (PeriodKind::Wave, "2020-06"),
        ] {
            assert!(Period::parse(kind, text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_last_day_of_february_knows_leap_years() {
        let period = Period::parse(PeriodKind::Month, "2020-02").expect("a month");
        assert_eq!(period.last_day(), Date::new(2020, 2, 29).ok());
        assert_eq!(Period::parse(PeriodKind::Month, "2020-02-29"), Ok(period));
    }

    proptest! {
        #[test]
        fn a_period_contains_its_first_and_last_day(index in 1200i32..25_000) {
            let period = Period::from_index(PeriodKind::Month, index);
            let days = [period.first_day(), period.last_day()];
            for day in days.into_iter().flatten() {
                prop_assert_eq!(Period::containing(PeriodKind::Month, day), Some(period));
            }
            prop_assert_eq!(Period::parse(PeriodKind::Month, &period.to_string()), Ok(period));
        }
    }
}
