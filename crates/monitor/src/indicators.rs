//! panel → indicators: each indicator's value and its severity, not applicable, or unknown.
//!
//! Works on all rows of a batch at once; looks at no other household and makes no sum.

use crate::columns::Columns;
use crate::program::{CompiledIndicator, KeyCondition, Program};
use crate::rows::{arrow_fault, column_type};
use crate::severity;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Float64Array};
use arrow::datatypes::DataType;
use base::{Diagnostic, Score};
use multiversion::multiversion;
use std::sync::Arc;

/// What is known of an indicator in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum State {
    /// Not enough is known.
    Unknown = 0,
    /// It has a severity.
    Known = 1,
    /// It does not concern this household.
    NotApplicable = 2,
}

/// One indicator over all rows of a batch.
pub struct IndicatorColumn {
    /// The value: a number, a truth value or a category; absent for levels without one.
    pub value: Option<ArrayRef>,
    /// 0–100 where known, else not a number: so that sums over many rows need no branch.
    pub severity: Vec<f64>,
    /// Whether it does not concern the household; empty where it concerns all.
    pub not_applicable: Vec<bool>,
}

impl IndicatorColumn {
    /// What is known in a row.
    #[inline]
    pub fn state(&self, row: usize) -> State {
        if !self.severity[row].is_nan() {
            State::Known
        } else if self.not_applicable.get(row) == Some(&true) {
            State::NotApplicable
        } else {
            State::Unknown
        }
    }

    /// A copy of one row.
    pub fn row(&self, row: usize) -> IndicatorColumn {
        IndicatorColumn {
            value: self.value.as_ref().map(|it| it.slice(row, 1)),
            severity: vec![self.severity[row]],
            not_applicable: self.not_applicable.get(row).copied().into_iter().collect(),
        }
    }

    /// The severity in a row, rounded, where it is known.
    pub fn score(&self, row: usize) -> Option<Score> {
        (self.state(row) == State::Known).then(|| Score::from_points(self.severity[row]))
    }
}

/// All indicators over all rows of a batch, and the key judgements made on them.
pub struct Indicators {
    /// In the pack's order.
    pub columns: Vec<IndicatorColumn>,
    /// Per row, bit n set where the pack's n-th key judgement fired.
    pub fired: Vec<u64>,
    /// Per row, bit n set where it could not be made.
    pub unjudged: Vec<u64>,
}

impl Indicators {
    /// A copy of one row.
    pub fn row(&self, row: usize) -> Indicators {
        Indicators {
            columns: self.columns.iter().map(|it| it.row(row)).collect(),
            fired: vec![self.fired[row]],
            unjudged: vec![self.unjudged[row]],
        }
    }
}

/// The one way in.
pub fn from_panel(program: &Program, columns: &Columns) -> Result<Indicators, Diagnostic> {
    let rows = columns.rows();
    let (mut fired, mut unjudged) = (vec![0u64; rows], vec![0u64; rows]);
    let mut judged = Vec::with_capacity(program.indicators.len());
    let mut key_position = 0;
    for indicator in &program.indicators {
        let column = judge(indicator, columns)?;
        for key in &indicator.keys {
            let bit = 1u64 << key_position;
            key_position += 1;
            match &key.when {
                KeyCondition::SeverityAtLeast(edge) => {
                    judge_by_severity(&column, *edge, bit, &mut fired, &mut unjudged);
                }
                KeyCondition::Expression(when) => {
                    let own = with_own(program, columns, &column);
                    let conditions = own.evaluate(when)?;
                    judge_by_condition(&column, &conditions, bit, &mut fired, &mut unjudged)?;
                }
            }
        }
        judged.push(column);
    }
    Ok(Indicators { columns: judged, fired, unjudged })
}

fn judge(indicator: &CompiledIndicator, columns: &Columns) -> Result<IndicatorColumn, Diagnostic> {
    let mut value = indicator.value.as_ref().map(|it| columns.evaluate(it)).transpose()?;
    let mut severity = severity::apply(&indicator.severity, columns, value.as_ref())?;
    let mut not_applicable = Vec::new();
    if let Some(applies) = &indicator.applies {
        let applies = columns.evaluate(applies)?;
        let applies = applies
            .as_boolean_opt()
            .ok_or_else(|| column_type("applies", applies.data_type(), "a condition"))?;
        if applies.true_count() < applies.len() {
            not_applicable = applies.iter().map(|it| it == Some(false)).collect();
            // Whether it applies may itself be unknown; then it is not judged either.
            let is_out: BooleanArray = applies.iter().map(|it| Some(it != Some(true))).collect();
            is_out.values().set_indices().for_each(|row| severity[row] = f64::NAN);
            let masked = value.map(|it| arrow::compute::nullif(&it, &is_out)).transpose();
            value = masked.map_err(arrow_fault)?;
        }
    }
    Ok(IndicatorColumn { value, severity, not_applicable })
}

/// Sets bits without a branch, so that rows are handled several at a time.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512bw+avx512dq", "x86_64+avx2"))]
fn judge_by_severity(
    column: &IndicatorColumn,
    edge: Score,
    bit: u64,
    fired: &mut [u64],
    unjudged: &mut [u64],
) {
    for ((fired, unjudged), severity) in fired.iter_mut().zip(&mut *unjudged).zip(&column.severity)
    {
        let is_known = !severity.is_nan();
        let is_reached = Score::from_points(*severity) >= edge;
        *fired |= if is_known & is_reached { bit } else { 0 };
        *unjudged |= if is_known { 0 } else { bit };
    }
    // One that does not concern the household is never known, and is not missed either.
    for (unjudged, is_out) in unjudged.iter_mut().zip(&column.not_applicable) {
        *unjudged &= if *is_out { !bit } else { u64::MAX };
    }
}

fn judge_by_condition(
    column: &IndicatorColumn,
    conditions: &ArrayRef,
    bit: u64,
    fired: &mut [u64],
    unjudged: &mut [u64],
) -> Result<(), Diagnostic> {
    let conditions = conditions
        .as_boolean_opt()
        .ok_or_else(|| column_type("a key", conditions.data_type(), "a condition"))?;
    for (row, condition) in conditions.iter().enumerate() {
        match condition {
            _ if column.state(row) == State::NotApplicable => {}
            Some(true) => fired[row] |= bit,
            Some(false) => {}
            None => unjudged[row] |= bit,
        }
    }
    Ok(())
}

/// The columns with this indicator's own value and rounded severity filled in.
fn with_own(program: &Program, columns: &Columns, column: &IndicatorColumn) -> Columns {
    let rounded = (0..columns.rows()).map(|row| column.score(row).map(Score::points));
    let severity: ArrayRef = Arc::new(rounded.collect::<Float64Array>());
    let value = match &column.value {
        Some(value) if value.data_type() == &DataType::Boolean => {
            let truths = value.as_boolean();
            let numbers = truths.iter().map(|it| it.map(|it| f64::from(u8::from(it))));
            Arc::new(numbers.collect::<Float64Array>()) as ArrayRef
        }
        Some(value) => value.clone(),
        None => severity.clone(),
    };
    columns.with_own(program.layout.own(), &value, severity)
}
