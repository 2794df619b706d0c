//! Looking back over calendar periods within one household.
//!
//! A period without a row is unknown, exactly as a row with an unknown value. Nothing here ever
//! reads another household's row.

use crate::compile::WindowStep;
use crate::rows::column_type;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Float64Array, StringArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Float64Type};
use base::Diagnostic;
use pack::WindowFunction;
use std::ops::Range;
use std::sync::Arc;

/// The column of a window call. `periods` are the rows' periods, ascending within a household.
pub fn apply(
    step: &WindowStep,
    argument: &ArrayRef,
    periods: &[i32],
    households: &[Range<usize>],
) -> Result<ArrayRef, Diagnostic> {
    if step.function == WindowFunction::Lag {
        return Ok(lag(step.periods as i32, argument, periods, households));
    }
    if step.function == WindowFunction::Count {
        let conditions = argument
            .as_boolean_opt()
            .ok_or_else(|| column_type("count_over", argument.data_type(), "a condition"))?;
        let values = conditions.values().iter().map(|it| f64::from(u8::from(it))).collect();
        let cells = Cells::new(values, conditions.nulls(), 0.0);
        return Ok(over(step, periods, households, &cells, |total, value| total + value));
    }
    let numbers = argument
        .as_primitive_opt::<Float64Type>()
        .ok_or_else(|| column_type("a window", argument.data_type(), "a number"))?;
    let cells = |neutral| Cells::new(numbers.values().to_vec(), numbers.nulls(), neutral);
    Ok(match step.function {
        WindowFunction::Min => over(step, periods, households, &cells(f64::INFINITY), f64::min),
        WindowFunction::Max => over(step, periods, households, &cells(f64::NEG_INFINITY), f64::max),
        _ => over(step, periods, households, &cells(0.0), |total, value| total + value),
    })
}

/// Values with a neutral one wherever there is none, so that a window may fold over all.
struct Cells {
    values: Vec<f64>,
    /// 1 or 0 for each; empty where all are known.
    known: Vec<u8>,
    neutral: f64,
}

impl Cells {
    fn new(mut values: Vec<f64>, nulls: Option<&NullBuffer>, neutral: f64) -> Self {
        let mut known = Vec::new();
        if let Some(nulls) = nulls.filter(|it| it.null_count() > 0) {
            known.resize(values.len(), 1);
            for row in (!nulls.inner()).set_indices() {
                (values[row], known[row]) = (neutral, 0);
            }
        }
        Self { values, known, neutral }
    }
}

fn over(
    step: &WindowStep,
    periods: &[i32],
    households: &[Range<usize>],
    cells: &Cells,
    fold: impl Fn(f64, f64) -> f64,
) -> ArrayRef {
    let least = step.min_known.max(1);
    let is_mean = step.function == WindowFunction::Mean;
    let mut values = Vec::with_capacity(periods.len());
    let mut known = Vec::with_capacity(periods.len());
    for household in households {
        // Oldest first: one order of summing for every caller.
        each_window(step.periods as usize, periods, household, |rows| {
            let total = cells.values[rows.clone()].iter().fold(cells.neutral, |a, b| fold(a, *b));
            let count = match cells.known.get(rows.clone()) {
                Some(known) => known.iter().map(|it| u32::from(*it)).sum::<u32>(),
                None => rows.len() as u32,
            };
            let total = if is_mean { total / f64::from(count.max(1)) } else { total };
            known.push(count >= least && !total.is_nan());
            // Minus zero never leaves a window.
            values.push(total + 0.0);
        });
    }
    let nulls = known.contains(&false).then(|| NullBuffer::from(known));
    Arc::new(Float64Array::new(values.into(), nulls))
}

/// Calls `each` with the rows of every window of so many periods that ends at a row of a household.
#[inline(always)]
fn each_window(
    length: usize,
    periods: &[i32],
    household: &Range<usize>,
    mut each: impl FnMut(Range<usize>),
) {
    let own = &periods[household.clone()];
    let (Some(earliest), Some(latest)) = (own.first(), own.last()) else { return };
    if (latest - earliest) as usize == own.len() - 1 {
        // Without a gap, as most are, rows are periods.
        for row in household.clone() {
            each((row + 1).saturating_sub(length).max(household.start)..row + 1);
        }
        return;
    }
    let mut first = household.start;
    for row in household.clone() {
        while periods[first] < periods[row] - (length as i32 - 1) {
            first += 1;
        }
        each(first..row + 1);
    }
}

fn lag(steps: i32, argument: &ArrayRef, periods: &[i32], households: &[Range<usize>]) -> ArrayRef {
    let mut source: Vec<Option<usize>> = vec![None; periods.len()];
    for household in households {
        for row in household.clone() {
            let wanted = periods[row] - steps;
            let earlier = &periods[household.start..=row];
            source[row] = earlier.binary_search(&wanted).ok().map(|it| household.start + it);
        }
    }
    match argument.data_type() {
        DataType::Boolean => {
            let from: &BooleanArray = argument.as_boolean();
            let pick = |it: usize| from.is_valid(it).then(|| from.value(it));
            Arc::new(source.into_iter().map(|it| it.and_then(pick)).collect::<BooleanArray>())
        }
        DataType::Utf8 => {
            let from: &StringArray = argument.as_string();
            let pick = |it: usize| from.is_valid(it).then(|| from.value(it));
            Arc::new(source.into_iter().map(|it| it.and_then(pick)).collect::<StringArray>())
        }
        _ => {
            let from: &Float64Array = argument.as_primitive();
            let pick = |it: usize| from.is_valid(it).then(|| from.value(it));
            Arc::new(source.into_iter().map(|it| it.and_then(pick)).collect::<Float64Array>())
        }
    }
}
