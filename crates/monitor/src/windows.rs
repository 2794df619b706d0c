//! Looking back over calendar periods within one household.
//!
//! A period without a row is unknown, exactly as a row with an unknown value. Nothing here ever
//! reads another household's row.

use crate::compile::WindowStep;
use crate::rows::column_type;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Float64Array, StringArray};
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
        let is_known = |row: usize| conditions.is_valid(row);
        let value = |row: usize| f64::from(u8::from(conditions.value(row)));
        return Ok(over(step, periods, households, is_known, value));
    }
    let numbers = argument
        .as_primitive_opt::<Float64Type>()
        .ok_or_else(|| column_type("a window", argument.data_type(), "a number"))?;
    let values = numbers.values();
    Ok(over(step, periods, households, |row| numbers.is_valid(row), |row| values[row]))
}

fn over(
    step: &WindowStep,
    periods: &[i32],
    households: &[Range<usize>],
    is_known: impl Fn(usize) -> bool,
    value: impl Fn(usize) -> f64,
) -> ArrayRef {
    let mut values = vec![0.0; periods.len()];
    let mut known = vec![false; periods.len()];
    for household in households {
        let mut first = household.start;
        for row in household.clone() {
            let earliest = periods[row] - (step.periods as i32 - 1);
            while periods[first] < earliest {
                first += 1;
            }
            let mut count = 0;
            let mut total = start(step.function);
            // Oldest first: one order of summing for every caller.
            for it in (first..=row).filter(|it| is_known(*it)) {
                count += 1;
                total = fold(step.function, total, value(it));
            }
            if step.function == WindowFunction::Mean && count > 0 {
                total /= f64::from(count);
            }
            known[row] = count >= step.min_known as i32 && count > 0 && !total.is_nan();
            values[row] = total + 0.0;
        }
    }
    let nulls = arrow::buffer::NullBuffer::from(known);
    Arc::new(Float64Array::new(values.into(), Some(nulls)))
}

fn start(function: WindowFunction) -> f64 {
    match function {
        WindowFunction::Min => f64::INFINITY,
        WindowFunction::Max => f64::NEG_INFINITY,
        _ => 0.0,
    }
}

fn fold(function: WindowFunction, total: f64, value: f64) -> f64 {
    match function {
        WindowFunction::Min => total.min(value),
        WindowFunction::Max => total.max(value),
        _ => total + value,
    }
}

fn lag(
    steps: i32,
    argument: &ArrayRef,
    periods: &[i32],
    households: &[Range<usize>],
) -> ArrayRef {
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
