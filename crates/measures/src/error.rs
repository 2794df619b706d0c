//! Why a figure cannot be given. Never a panic, never a NaN in its place.

use std::fmt;

/// Why a figure cannot be given.
#[derive(Clone, Debug, PartialEq)]
pub enum MeasureError {
    /// No row was given.
    Empty,
    /// Two columns of one table differ in length.
    LengthsDiffer {
        /// The column.
        column: &'static str,
        /// Rows it should have.
        expected: usize,
        /// Rows it has.
        found: usize,
    },
    /// A number is NaN or infinite, or outside what the figure is defined for.
    OutOfRange {
        /// The column.
        column: &'static str,
        /// The row, from 0.
        row: usize,
        /// The number.
        value: f64,
    },
    /// A setting of the figure makes no sense.
    BadSetting {
        /// The setting.
        setting: &'static str,
        /// Its value.
        value: f64,
    },
    /// All weights are zero.
    NoWeight,
    /// Events alone, or no event at all: there is nothing to tell apart.
    OneClass {
        /// Rows where it happened.
        events: usize,
        /// Rows where it did not.
        non_events: usize,
    },
    /// A column is a combination of those before it, so that its coefficient has no one value.
    Dependent {
        /// The column, from 0; the intercept is not counted.
        column: usize,
    },
    /// The fit did not settle; mostly because the columns tell the classes apart perfectly.
    NotSettled {
        /// Steps made.
        steps: usize,
    },
}

impl fmt::Display for MeasureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "there is no row to measure"),
            Self::LengthsDiffer { column, expected, found } => {
                write!(f, "column {column} has {found} rows where {expected} are expected")
            }
            Self::OutOfRange { column, row, value } => {
                write!(f, "column {column} has {value} in row {row}, which the figure is not for")
            }
            Self::BadSetting { setting, value } => write!(f, "{setting} cannot be {value}"),
            Self::NoWeight => write!(f, "all weights are zero"),
            Self::OneClass { events, non_events } => write!(
                f,
                "there is nothing to tell apart: it happened in {events} rows and not in {non_events}"
            ),
            Self::Dependent { column } => {
                write!(f, "column {column} follows from the columns before it")
            }
            Self::NotSettled { steps } => {
                write!(f, "the fit did not settle in {steps} steps; a small ridge makes it")
            }
        }
    }
}

impl std::error::Error for MeasureError {}

/// Refuses a column whose length differs from the others'.
pub(crate) fn same_length(
    column: &'static str,
    expected: usize,
    found: usize,
) -> Result<(), MeasureError> {
    if expected == found {
        return Ok(());
    }
    Err(MeasureError::LengthsDiffer { column, expected, found })
}

/// Refuses a column in which a number fails `is_allowed`.
pub(crate) fn all_allowed(
    column: &'static str,
    values: &[f64],
    is_allowed: impl Fn(f64) -> bool,
) -> Result<(), MeasureError> {
    match values.iter().position(|it| !is_allowed(*it)) {
        None => Ok(()),
        Some(row) => Err(MeasureError::OutOfRange { column, row, value: values[row] }),
    }
}
