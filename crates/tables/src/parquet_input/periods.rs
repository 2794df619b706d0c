//! Columns of periods: text, days or whole numbers.

use super::convert::unusable;
use crate::cells::days;
use crate::spec::ColumnSpec;
use arrow::array::{Array, ArrayRef, AsArray, Int32Array, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Int32Type, Int64Type};
use base::{Diagnostic, Period, PeriodKind};
use std::sync::Arc;

/// Whether every number is a month as `yyyymm`.
fn are_months(numbers: &Int32Array) -> bool {
    let is_month = |it: &i32| (1..=12).contains(&(it % 100)) && (100_000..1_000_000).contains(it);
    numbers.null_count() == 0 && numbers.values().iter().fold(true, |all, it| all & is_month(it))
}

/// Periods may be text, days, or whole numbers: a year, a wave, or for months `yyyymm`. What is
/// no period becomes empty.
pub(super) fn period_column(
    column: &ColumnSpec,
    kind: PeriodKind,
    found: &ArrayRef,
) -> Result<ArrayRef, Diagnostic> {
    let ty = found.data_type();
    let by_text = |text: &str| Period::parse(kind, text).ok().map(Period::index);
    if let Some(encoded) = found.as_dictionary_opt::<Int32Type>() {
        let texts = cast(encoded.values(), &DataType::Utf8).map_err(|_| unusable(column, ty))?;
        let texts: &StringArray = texts.as_string();
        let known: Vec<Option<i32>> = texts.iter().map(|it| it.and_then(by_text)).collect();
        let keys = encoded.keys().iter();
        let indexes =
            keys.map(|key| key.and_then(|key| known.get(key as usize).copied().flatten()));
        return Ok(Arc::new(indexes.collect::<Int32Array>()));
    }
    match ty {
        DataType::Utf8 => {
            let texts: &StringArray = found.as_string();
            Ok(Arc::new(texts.iter().map(|it| it.and_then(by_text)).collect::<Int32Array>()))
        }
        DataType::Int32 if kind == PeriodKind::Month && are_months(found.as_primitive()) => {
            let months: &Int32Array = found.as_primitive();
            let index = |it| it / 100 * 12 + it % 100 - 1;
            Ok(Arc::new(months.unary::<_, Int32Type>(index)))
        }
        ty if ty.is_integer() => {
            let numbers = cast(found, &DataType::Int64).map_err(|_| unusable(column, ty))?;
            let numbers = numbers.as_primitive::<Int64Type>();
            let index = |it: i64| match kind {
                PeriodKind::Year | PeriodKind::Wave => i32::try_from(it).ok(),
                PeriodKind::Month => {
                    let (year, month) = (it / 100, it % 100);
                    let is_month = (1..=12).contains(&month) && (1000..=9999).contains(&year);
                    is_month.then(|| i32::try_from(year * 12 + month - 1).ok()).flatten()
                }
                PeriodKind::Quarter | PeriodKind::HalfYear => None,
            };
            Ok(Arc::new(numbers.iter().map(|it| it.and_then(index)).collect::<Int32Array>()))
        }
        ty if ty.is_temporal() => {
            let dates = cast(found, &DataType::Date32).map_err(|_| unusable(column, ty))?;
            let dates = dates.as_primitive::<Date32Type>();
            let epoch = jiff::civil::date(1970, 1, 1);
            let index = |it: i32| {
                let day = epoch.checked_add(jiff::Span::new().days(i64::from(it))).ok()?;
                debug_assert_eq!(days(day), it);
                Period::containing(kind, day).map(Period::index)
            };
            Ok(Arc::new(dates.iter().map(|it| it.and_then(index)).collect::<Int32Array>()))
        }
        _ => Err(unusable(column, ty)),
    }
}
