//! From a value to a severity between 0 and 100.

use crate::columns::Columns;
use crate::indicators::State;
use crate::program::{Bound, Compiled, CompiledSeverity, is_monotone};
use crate::rows::column_type;
use arrow::array::{Array, ArrayRef, AsArray, Float64Array, StringArray};
use arrow::datatypes::{DataType, Float64Type};
use base::Diagnostic;

/// Severities of a column of values, and which rows are known.
pub struct Judged {
    /// 0–100; meaningless where not known.
    pub severity: Vec<f64>,
    /// One entry per row; empty where every row is known.
    pub state: Vec<State>,
}

/// Applies a severity rule. `value` is `None` only for levels.
pub fn apply(
    rule: &CompiledSeverity,
    columns: &Columns,
    value: Option<&ArrayRef>,
) -> Result<Judged, Diagnostic> {
    match (rule, value) {
        (CompiledSeverity::Levels(levels), _) => by_levels(levels, columns),
        (CompiledSeverity::Map(map), Some(value)) => {
            let texts = value.as_string_opt::<i32>();
            let texts =
                texts.ok_or_else(|| column_type("a mapped value", value.data_type(), "text"))?;
            Ok(by_map(map, texts))
        }
        (CompiledSeverity::Scale { is_linear, points }, Some(value)) => {
            let numbers = numbers(value)?;
            by_scale(points, *is_linear, columns, &numbers)
        }
        (_, None) => Ok(Judged {
            severity: vec![0.0; columns.rows()],
            state: vec![State::Unknown; columns.rows()],
        }),
    }
}

/// A value as numbers; a truth value counts as 0 or 1.
fn numbers(value: &ArrayRef) -> Result<Float64Array, Diagnostic> {
    if let Some(numbers) = value.as_primitive_opt::<Float64Type>() {
        return Ok(numbers.clone());
    }
    let cast = arrow::compute::cast(value, &DataType::Float64);
    let cast = cast.map_err(|_| column_type("a value", value.data_type(), "a number"))?;
    Ok(cast.as_primitive().clone())
}

fn states(nulls: Option<&arrow::buffer::NullBuffer>) -> Vec<State> {
    match nulls {
        Some(nulls) if nulls.null_count() > 0 => {
            nulls.iter().map(|it| if it { State::Known } else { State::Unknown }).collect()
        }
        _ => Vec::new(),
    }
}

fn by_scale(
    points: &[(f64, Bound)],
    is_linear: bool,
    columns: &Columns,
    values: &Float64Array,
) -> Result<Judged, Diagnostic> {
    let mut state = states(values.nulls());
    let fixed = points.iter().map(|(severity, bound)| match bound {
        Bound::Fixed(bound) => Some((*severity, (*bound)?)),
        Bound::ByArea(_) => None,
    });
    if let Some(fixed) = fixed.collect::<Option<Vec<_>>>() {
        let bounds: Vec<f64> = fixed.iter().map(|it| it.1).collect();
        if is_monotone(&bounds) {
            let severity = along(&fixed, is_linear, values.values());
            return Ok(Judged { severity, state });
        }
    }
    if points.iter().all(|it| matches!(it.1, Bound::Fixed(_))) {
        // A bound is missing or bounds cross: said once when the program was compiled.
        return Ok(Judged {
            severity: vec![0.0; values.len()],
            state: vec![State::Unknown; values.len()],
        });
    }
    let bounds = points.iter().map(|(_, bound)| bound_column(bound, columns));
    let bounds = bounds.collect::<Result<Vec<Float64Array>, _>>()?;
    if state.is_empty() {
        state = vec![State::Known; values.len()];
    }
    let mut severity = vec![0.0; values.len()];
    for row in 0..values.len() {
        let here = bounds.iter().map(|it| it.is_valid(row).then(|| it.value(row)));
        match here.collect::<Option<Vec<f64>>>().filter(|it| is_monotone(it)) {
            Some(here) => {
                let scale: Vec<_> = points.iter().map(|it| it.0).zip(here).collect();
                severity[row] = along(&scale, is_linear, &[values.value(row)])[0];
            }
            None => state[row] = State::Unknown,
        }
    }
    Ok(Judged { severity, state })
}

fn bound_column(bound: &Bound, columns: &Columns) -> Result<Float64Array, Diagnostic> {
    match bound {
        Bound::Fixed(value) => Ok(Float64Array::from(vec![*value; columns.rows()])),
        Bound::ByArea(expr) => numbers(&columns.evaluate(expr)?),
    }
}

/// The scale as a sum over its segments: each adds its share of the rise, cut to 0…1. Written so
/// that no row takes a branch.
fn along(points: &[(f64, f64)], is_linear: bool, values: &[f64]) -> Vec<f64> {
    let is_rising = points.first().map(|it| it.1) < points.last().map(|it| it.1);
    if !is_linear || points.len() < 2 {
        let reached = |bound: f64, value: f64| {
            if is_rising || points.len() < 2 { value >= bound } else { value <= bound }
        };
        let worst = |value: &f64| {
            points.iter().filter(|(_, bound)| reached(*bound, *value)).map(|it| it.0).next_back()
        };
        return values.iter().map(|it| worst(it).unwrap_or(0.0)).collect();
    }
    let base = points[0].0;
    let mut severity = vec![base; values.len()];
    for pair in points.windows(2) {
        let ((low, from), (high, to)) = (pair[0], pair[1]);
        let (inverse, rise) = (1.0 / (to - from), high - low);
        for (severity, value) in severity.iter_mut().zip(values) {
            let share = (value - from) * inverse;
            let share = if share > 0.0 { share } else { 0.0 };
            let share = if share < 1.0 { share } else { 1.0 };
            *severity += share * rise;
        }
    }
    severity
}

fn by_map(map: &[(String, f64)], texts: &StringArray) -> Judged {
    let mut severity = vec![0.0; texts.len()];
    let mut state = vec![State::Unknown; texts.len()];
    for (row, text) in texts.iter().enumerate() {
        let listed = text.and_then(|text| map.iter().find(|it| it.0 == text));
        if let Some((_, found)) = listed {
            severity[row] = *found;
            state[row] = State::Known;
        }
    }
    Judged { severity, state }
}

fn by_levels(levels: &[(Compiled, f64)], columns: &Columns) -> Result<Judged, Diagnostic> {
    let rows = columns.rows();
    let mut severity = vec![0.0; rows];
    let mut state = vec![State::Known; rows];
    let mut is_decided = vec![false; rows];
    for (when, level) in levels {
        let column = columns.evaluate(when)?;
        let conditions = column
            .as_boolean_opt()
            .ok_or_else(|| column_type("a level", column.data_type(), "a condition"))?;
        for row in (0..rows).filter(|it| !is_decided[*it]).collect::<Vec<_>>() {
            if conditions.is_null(row) {
                // Not true, and if nothing later is true the level is not known either.
                state[row] = State::Unknown;
            } else if conditions.value(row) {
                severity[row] = *level;
                state[row] = State::Known;
                is_decided[row] = true;
            }
        }
    }
    Ok(Judged { severity, state })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCALE: [(f64, f64); 4] = [(0.0, 0.0), (40.0, 0.2), (60.0, 0.4), (80.0, 1.0)];

    #[test]
    fn a_scale_is_linear_between_its_anchors_and_flat_beyond_the_last() {
        let values = [-1.0, 0.0, 0.1, 0.2, 0.3, 0.4, 1.0, 7.0, f64::INFINITY];
        let expected = [0.0, 0.0, 20.0, 40.0, 50.0, 60.0, 80.0, 80.0, 80.0];
        for (got, expected) in along(&SCALE, true, &values).into_iter().zip(expected) {
            assert!((got - expected).abs() < 1e-12, "{got} {expected}");
        }
    }

    #[test]
    fn a_falling_scale_is_the_mirror_of_a_rising_one() {
        let falling: Vec<_> = SCALE.iter().map(|(severity, bound)| (*severity, -bound)).collect();
        let values = [-1.0, -0.5, -0.2, 0.0, 3.0];
        let mirrored = values.map(|it: f64| -it);
        assert_eq!(along(&falling, true, &values), along(&SCALE, true, &mirrored));
    }

    #[test]
    fn steps_give_the_severity_of_the_worst_anchor_reached() {
        let values = [-1.0, 0.0, 0.19, 0.2, 0.99, 1.0];
        assert_eq!(along(&SCALE, false, &values), [0.0, 0.0, 0.0, 40.0, 60.0, 80.0]);
    }
}
