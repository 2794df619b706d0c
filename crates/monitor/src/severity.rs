//! From a value to a severity between 0 and 100.

use crate::columns::Columns;
use crate::program::{Bound, Compiled, CompiledSeverity, is_monotone};
use crate::rows::column_type;
use arrow::array::{Array, ArrayRef, AsArray, Float64Array, StringArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Float64Type};
use base::Diagnostic;
use multiversion::multiversion;

/// Rows handled together, so that a severity under way stays in the first-level cache.
const TILE: usize = 512;

/// Applies a severity rule: 0–100 per row, not a number where unknown. `value` is `None` only for
/// levels.
pub fn apply(
    rule: &CompiledSeverity,
    columns: &Columns,
    value: Option<&ArrayRef>,
) -> Result<Vec<f64>, Diagnostic> {
    match (rule, value) {
        (CompiledSeverity::Levels(levels), _) => by_levels(levels, columns),
        (CompiledSeverity::Map(map), Some(value)) => {
            let texts = value.as_string_opt::<i32>();
            let texts =
                texts.ok_or_else(|| column_type("a mapped value", value.data_type(), "text"))?;
            Ok(by_map(map, texts))
        }
        (CompiledSeverity::Scale { is_linear, points }, Some(value)) => {
            by_scale(points, *is_linear, columns, &numbers(value)?)
        }
        (_, None) => Ok(unknown(columns.rows())),
    }
}

fn unknown(rows: usize) -> Vec<f64> {
    vec![f64::NAN; rows]
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

fn by_scale(
    points: &[(f64, Bound)],
    is_linear: bool,
    columns: &Columns,
    values: &Float64Array,
) -> Result<Vec<f64>, Diagnostic> {
    let fixed = points.iter().map(|(severity, bound)| match bound {
        Bound::Fixed(bound) => Some((*severity, (*bound)?)),
        Bound::ByArea(_) => None,
    });
    if let Some(fixed) = fixed.collect::<Option<Vec<_>>>() {
        let bounds: Vec<f64> = fixed.iter().map(|it| it.1).collect();
        if is_monotone(&bounds) {
            return Ok(along(&fixed, is_linear, values.values(), values.nulls()));
        }
    }
    if points.iter().all(|it| matches!(it.1, Bound::Fixed(_))) {
        // A bound is missing or bounds cross: said once when the program was compiled.
        return Ok(unknown(values.len()));
    }
    let bounds = points.iter().map(|(_, bound)| bound_column(bound, columns));
    let bounds = bounds.collect::<Result<Vec<Float64Array>, _>>()?;
    let mut severity = unknown(values.len());
    for row in (0..values.len()).filter(|it| values.is_valid(*it)) {
        let here = bounds.iter().map(|it| it.is_valid(row).then(|| it.value(row)));
        if let Some(here) = here.collect::<Option<Vec<f64>>>().filter(|it| is_monotone(it)) {
            let scale: Vec<_> = points.iter().map(|it| it.0).zip(here).collect();
            severity[row] = along(&scale, is_linear, &[values.value(row)], None)[0];
        }
    }
    Ok(severity)
}

/// A bound as it is for one row; `None` where a parameter has no value in force there.
pub fn bound_of_row(bound: &Bound, columns: &Columns, row: usize) -> Option<f64> {
    match bound {
        Bound::Fixed(value) => *value,
        Bound::ByArea(expr) => {
            let values = numbers(&columns.evaluate(expr).ok()?).ok()?;
            values.is_valid(row).then(|| values.value(row))
        }
    }
}

fn bound_column(bound: &Bound, columns: &Columns) -> Result<Float64Array, Diagnostic> {
    match bound {
        Bound::Fixed(value) => Ok(Float64Array::from(vec![*value; columns.rows()])),
        Bound::ByArea(expr) => numbers(&columns.evaluate(expr)?),
    }
}

/// The scale as a sum over its segments: each adds its share of the rise, cut to 0…1. Written so
/// that no row takes a branch.
fn along(
    points: &[(f64, f64)],
    is_linear: bool,
    values: &[f64],
    nulls: Option<&NullBuffer>,
) -> Vec<f64> {
    let base = if is_linear && points.len() > 1 { points[0].0 } else { 0.0 };
    let is_rising = points.first().map(|it| it.1) <= points.last().map(|it| it.1);
    let mut severity = Vec::with_capacity(values.len());
    for values in values.chunks(TILE) {
        // A tile is begun, filled and ended while it is near: clearing all rows first would fetch
        // them twice.
        let start = severity.len();
        severity.resize(start + values.len(), base);
        let tile = &mut severity[start..];
        if is_linear && points.len() > 1 {
            points.windows(2).for_each(|pair| climb(pair[0], pair[1], values, tile));
        } else {
            points.iter().for_each(|point| step(*point, is_rising, values, tile));
        }
    }
    if let Some(nulls) = nulls.filter(|it| it.null_count() > 0) {
        (!nulls.inner()).set_indices().for_each(|row| severity[row] = f64::NAN);
    }
    severity
}

/// Adds one segment's share.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512bw+avx512dq", "x86_64+avx2"))]
fn climb((low, from): (f64, f64), (high, to): (f64, f64), values: &[f64], severity: &mut [f64]) {
    let (inverse, rise) = (1.0 / (to - from), high - low);
    for (severity, value) in severity.iter_mut().zip(values) {
        let share = (value - from) * inverse;
        let share = if share > 0.0 { share } else { 0.0 };
        let share = if share < 1.0 { share } else { 1.0 };
        *severity += share * rise;
    }
}

/// Takes a point's severity where it is reached; points come in order, so the worst one stays.
fn step((level, bound): (f64, f64), is_rising: bool, values: &[f64], severity: &mut [f64]) {
    for (severity, value) in severity.iter_mut().zip(values) {
        let is_reached = if is_rising { *value >= bound } else { *value <= bound };
        *severity = if is_reached { level } else { *severity };
    }
}

fn by_map(map: &[(String, f64)], texts: &StringArray) -> Vec<f64> {
    let found = |text: &str| map.iter().find(|it| it.0 == text).map(|it| it.1);
    texts.iter().map(|it| it.and_then(found).unwrap_or(f64::NAN)).collect()
}

fn by_levels(levels: &[(Compiled, f64)], columns: &Columns) -> Result<Vec<f64>, Diagnostic> {
    let rows = columns.rows();
    let mut severity = vec![0.0; rows];
    let mut is_decided = vec![false; rows];
    for (when, level) in levels {
        let column = columns.evaluate(when)?;
        let conditions = column
            .as_boolean_opt()
            .ok_or_else(|| column_type("a level", column.data_type(), "a condition"))?;
        for (row, condition) in conditions.iter().enumerate() {
            match condition {
                _ if is_decided[row] => {}
                // Not true, and if nothing later is true the level is not known either.
                None => severity[row] = f64::NAN,
                Some(true) => (severity[row], is_decided[row]) = (*level, true),
                Some(false) => {}
            }
        }
    }
    Ok(severity)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCALE: [(f64, f64); 4] = [(0.0, 0.0), (40.0, 0.2), (60.0, 0.4), (80.0, 1.0)];

    #[test]
    fn a_scale_is_linear_between_its_anchors_and_flat_beyond_the_last() {
        let values = [-1.0, 0.0, 0.1, 0.2, 0.3, 0.4, 1.0, 7.0, f64::INFINITY];
        let expected = [0.0, 0.0, 20.0, 40.0, 50.0, 60.0, 80.0, 80.0, 80.0];
        for (got, expected) in along(&SCALE, true, &values, None).into_iter().zip(expected) {
            assert!((got - expected).abs() < 1e-12, "{got} {expected}");
        }
    }

    #[test]
    fn a_falling_scale_is_the_mirror_of_a_rising_one() {
        let falling: Vec<_> = SCALE.iter().map(|(severity, bound)| (*severity, -bound)).collect();
        let values = [-1.0, -0.5, -0.2, 0.0, 3.0];
        let mirrored = values.map(|it: f64| -it);
        assert_eq!(along(&falling, true, &values, None), along(&SCALE, true, &mirrored, None));
    }

    #[test]
    fn steps_give_the_severity_of_the_worst_anchor_reached() {
        let values = [-1.0, 0.0, 0.19, 0.2, 0.99, 1.0];
        assert_eq!(along(&SCALE, false, &values, None), [0.0, 0.0, 0.0, 40.0, 60.0, 80.0]);
    }
}
