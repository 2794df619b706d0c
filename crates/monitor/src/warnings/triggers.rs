//! Triggers: a condition on one fact, or on the panel's row.

use crate::columns::Columns;
use crate::evaluator::Assessed;
use crate::rows::column_type;
use arrow::array::{Array, ArrayRef, AsArray, Float64Array, StringArray, UInt32Array};
use base::Diagnostic;
use pack::Pack;
use std::sync::Arc;

/// A trigger that fired for a household in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Firing {
    /// Index of the trigger in the pack.
    pub trigger: usize,
    /// The period, as `Period::index`.
    pub period: i32,
}

/// A fact as triggers see it.
#[derive(Clone, Debug)]
pub struct TriggerFact {
    /// Position of the household in [`Assessed::households`].
    pub household: usize,
    /// Code of the fact.
    pub fact: String,
    /// Its value as a number, where it is one.
    pub number: Option<f64>,
    /// Its value as text.
    pub text: Option<String>,
    /// The period that it belongs to.
    pub period: i32,
}

/// Which triggers fired, per household. Facts are looked at beside the household's panel row of
/// the fact's period; where that row is missing its attributes are unknown.
pub fn firings(
    pack: &Pack,
    assessed: &Assessed,
    facts: &[TriggerFact],
) -> Result<Vec<Vec<Firing>>, Diagnostic> {
    let mut firings = vec![Vec::new(); assessed.households.len()];
    if pack.triggers.is_empty() {
        return Ok(firings);
    }
    for (trigger, rule) in pack.triggers.iter().enumerate() {
        match &rule.fact {
            Some(code) => {
                let own: Vec<&TriggerFact> = facts.iter().filter(|it| it.fact == *code).collect();
                on_facts(assessed, trigger, &own, &mut firings)?;
            }
            None => on_rows(assessed, trigger, &mut firings)?,
        }
    }
    Ok(firings)
}

fn conditions(
    assessed: &Assessed,
    columns: &Columns,
    trigger: usize,
) -> Result<ArrayRef, Diagnostic> {
    let program = assessed.program(assessed.at);
    let column = columns.evaluate(&program.triggers[trigger])?;
    match column.as_boolean_opt() {
        Some(_) => Ok(column),
        None => Err(column_type("a trigger", column.data_type(), "a condition")),
    }
}

fn on_rows(
    assessed: &Assessed,
    trigger: usize,
    firings: &mut [Vec<Firing>],
) -> Result<(), Diagnostic> {
    let column = conditions(assessed, assessed.columns(), trigger)?;
    let fired = column.as_boolean();
    for (household, rows) in assessed.households.iter().enumerate() {
        for row in rows.clone().filter(|row| fired.is_valid(*row) && fired.value(*row)) {
            firings[household].push(Firing { trigger, period: assessed.period_of(row) });
        }
    }
    Ok(())
}

fn on_facts(
    assessed: &Assessed,
    trigger: usize,
    facts: &[&TriggerFact],
    firings: &mut [Vec<Firing>],
) -> Result<(), Diagnostic> {
    if facts.is_empty() {
        return Ok(());
    }
    let rows = facts.iter().map(|it| assessed.row_of(it.household, it.period).map(|it| it as u32));
    let beside = assessed.columns().take(&rows.collect::<UInt32Array>())?;
    let numbers: ArrayRef = Arc::new(facts.iter().map(|it| it.number).collect::<Float64Array>());
    let texts = facts.iter().map(|it| it.text.as_deref()).collect::<StringArray>();
    let own = assessed.program(assessed.at).layout.own();
    let columns = beside.with_fact(own, numbers, Arc::new(texts));
    let column = conditions(assessed, &columns, trigger)?;
    for (fact, fired) in facts.iter().zip(column.as_boolean()) {
        if fired == Some(true) {
            firings[fact.household].push(Firing { trigger, period: fact.period });
        }
    }
    Ok(())
}
