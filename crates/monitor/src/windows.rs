//! Looking back over calendar periods within one household.
//!
//! A period without a row is unknown, exactly as a row with an unknown value. Nothing here ever
//! reads another household's row.

mod reach;

use self::reach::{Fold, Reach};
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
        return Ok(over(step, periods, households, &cells, Fold::Sum));
    }
    let numbers = argument
        .as_primitive_opt::<Float64Type>()
        .ok_or_else(|| column_type("a window", argument.data_type(), "a number"))?;
    let fold = match step.function {
        WindowFunction::Min => Fold::Least,
        WindowFunction::Max => Fold::Greatest,
        _ => Fold::Sum,
    };
    let cells = Cells::new(numbers.values().to_vec(), numbers.nulls(), fold.neutral());
    Ok(over(step, periods, households, &cells, fold))
}

/// Values with a neutral one wherever there is none, so that a window may fold over all.
struct Cells {
    values: Vec<f64>,
    /// 1 or 0 for each; empty where all are known.
    known: Vec<f64>,
}

impl Cells {
    fn new(mut values: Vec<f64>, nulls: Option<&NullBuffer>, neutral: f64) -> Self {
        let mut known = Vec::new();
        if let Some(nulls) = nulls.filter(|it| it.null_count() > 0) {
            known.resize(values.len(), 1.0);
            for row in (!nulls.inner()).set_indices() {
                (values[row], known[row]) = (neutral, 0.0);
            }
        }
        Self { values, known }
    }
}

fn over(
    step: &WindowStep,
    periods: &[i32],
    households: &[Range<usize>],
    cells: &Cells,
    fold: Fold,
) -> ArrayRef {
    let least = f64::from(step.min_known.max(1));
    let is_mean = step.function == WindowFunction::Mean;
    let reach = Reach::of(step.periods as usize, periods, households);
    // Oldest first: one order of summing for every caller.
    let mut totals = reach.folded(&cells.values, fold);
    let counts = match cells.known.is_empty() {
        true => reach.lengths(),
        false => reach.folded(&cells.known, Fold::Sum),
    };
    let mut is_known = Vec::with_capacity(totals.len());
    for (total, count) in totals.iter_mut().zip(&counts) {
        let value = if is_mean { *total / count.max(1.0) } else { *total };
        // Minus zero never leaves a window.
        *total = value + 0.0;
        is_known.push((*count >= least) & !value.is_nan());
    }
    let nulls = is_known.contains(&false).then(|| NullBuffer::from(is_known));
    Arc::new(Float64Array::new(totals.into(), nulls))
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
