//! What the band would be if some of the household's row were otherwise. Saves nothing.

use super::{About, Study, Value, unknown_then};
use crate::live::Live;
use crate::words::Both;
use arrow::array::{ArrayRef, AsArray, BooleanArray, Float64Array, Int32Array, StringArray};
use arrow::datatypes::{DataType, Float64Type, Int32Type};
use arrow::record_batch::RecordBatch;
use base::codes::tables as codes;
use base::{Band, Diagnostic};
use monitor::Assessed;
use pack::{Attribute, AttributeType, Node, Pack, SeverityRule};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{Tx, Within};

/// A household judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Its band.
    pub band: Band,
    /// Its composite, in points.
    pub composite: f64,
    /// Known share, 0–1.
    pub confidence: f64,
    /// Scores of modules in points, by id.
    pub modules: BTreeMap<String, Option<f64>>,
}

/// Before and after.
#[derive(Clone, Debug)]
pub struct Trial {
    /// As it is.
    pub before: Judged,
    /// As it would be.
    pub after: Judged,
}

/// An attribute that may be moved, within which range.
#[derive(Clone, Debug)]
pub struct Slider {
    /// Its id.
    pub attribute: String,
    /// Its name.
    pub label: Both,
    /// Its unit; empty for pure numbers.
    pub unit: String,
    /// Its value.
    pub value: Option<f64>,
    /// The least value that makes sense to try.
    pub min: f64,
    /// The greatest.
    pub max: f64,
    /// From one to the next.
    pub step: f64,
}

/// Sliders of a household.
const SLIDERS_MAX: usize = 12;

impl Live {
    /// Judges a household once more with some attributes set (`None`: unknown); `None` where it
    /// may not be seen.
    ///
    /// # Errors
    /// No such attribute, or a value that it cannot have; those of the database.
    pub fn trial(
        &self,
        tx: &mut Tx<'_>,
        about: &About<'_>,
        set: &BTreeMap<String, Option<Value>>,
    ) -> Result<Option<Trial>, Diagnostic> {
        let Some((_, at)) = self.asked_about(tx, about)? else { return Ok(None) };
        let found = self.study(tx, about.household, at, 0, about.as_of)?;
        let study = found.ok_or_else(unknown_then)?;
        let pack = study.policy.pack().clone();
        let mut rows = study.rows.clone();
        for (id, value) in set {
            let Some(attribute) = pack.attribute(id).map(|it| &pack.attributes[it]) else {
                let finding =
                    Diagnostic::new(&codes::COLUMN_MISSING, format!("`{id}` is no attribute"));
                return Err(finding.hint("GET /api/v1/households/{id}/sliders names some"));
            };
            check(attribute, value.as_ref())?;
            rows = with(&rows, attribute, value.as_ref(), at.index())?;
        }
        let evaluator = &study.policy.loaded.evaluator;
        let after = evaluator.assess_with_history(&rows, at, 1)?;
        Ok(Some(Trial { before: judged(&pack, &study.assessed), after: judged(&pack, &after) }))
    }

    /// Attributes worth trying: those of what weighs most.
    ///
    /// # Errors
    /// As [`Live::explained`].
    pub fn sliders(
        &self,
        tx: &mut Tx<'_>,
        household: &str,
        within: &Within,
    ) -> Result<Option<Vec<Slider>>, Diagnostic> {
        let about = About { household, within, period: None, as_of: None };
        let Some((_, at)) = self.asked_about(tx, &about)? else { return Ok(None) };
        let found = self.study(tx, household, at, 1, None)?;
        let study = found.ok_or_else(unknown_then)?;
        let evaluator = &study.policy.loaded.evaluator;
        let it = monitor::explain::explain(evaluator, &study.assessed, 0, 0);
        let pack = study.policy.pack();
        let mut sliders: Vec<Slider> = Vec::new();
        for part in &it.contributions {
            let indicator = &pack.indicators[part.indicator];
            for index in indicator.expressions().flat_map(pack::Expr::attributes) {
                let attribute = &pack.attributes[index];
                let is_known = sliders.iter().any(|it| it.attribute == attribute.id);
                if !is_known && !attribute.is_sensitive {
                    sliders.extend(study.slider(index, indicator));
                }
            }
        }
        sliders.truncate(SLIDERS_MAX);
        Ok(Some(sliders))
    }
}

impl Study {
    fn slider(&self, index: usize, indicator: &pack::Indicator) -> Option<Slider> {
        let attribute = &self.policy.pack().attributes[index];
        let AttributeType::Number { min, max, .. } = &attribute.ty else { return None };
        let value = match self.known(index) {
            Some(Value::Number(it)) => Some(it),
            _ => None,
        };
        let is_value = indicator.value.as_ref().is_some_and(|it| it.node == Node::Attribute(index));
        let anchors = match &indicator.severity {
            SeverityRule::Anchors(anchors) | SeverityRule::Steps(anchors) if is_value => {
                let bounds = anchors.iter().filter_map(|it| match it.bound.node {
                    Node::Number(it) => Some(it),
                    _ => None,
                });
                bounds.fold(0.0, f64::max)
            }
            _ => 0.0,
        };
        let reach = anchors.max(value.unwrap_or(0.0).abs() * 2.0);
        let top = max.unwrap_or(f64::INFINITY);
        let high = rounded_up(if reach > 0.0 { reach } else { top.min(10.0) }).min(top);
        let low = min.unwrap_or(0.0).max(-high);
        let low = if value.is_some_and(|it| it < 0.0) { low } else { low.max(0.0).min(high) };
        let step = if high - low > 50.0 { rounded_up((high - low) / 200.0) } else { 1.0 };
        let step = if high - low <= 5.0 && value.is_some_and(|it| it.fract() != 0.0) {
            0.05
        } else {
            step
        };
        Some(Slider {
            attribute: attribute.id.clone(),
            label: Both::of(&attribute.label),
            unit: crate::sentences::unit_of(attribute),
            value,
            min: low,
            max: high,
            step,
        })
    }
}

/// The next of 1, 2, 5, 10, 20, 50 …
fn rounded_up(value: f64) -> f64 {
    let magnitude = 10f64.powf(value.max(1e-9).log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|it| it * magnitude);
    steps.into_iter().find(|it| *it >= value * (1.0 - 1e-9)).unwrap_or(value)
}

fn judged(pack: &Pack, assessed: &Assessed) -> Judged {
    let mut scratch = Vec::new();
    let raw = assessed.raw(0, assessed.at, &mut scratch);
    let band = assessed.band(0, assessed.at, raw.band(), &mut scratch);
    let score = |module: usize| {
        raw.row
            .and_then(|row| assessed.module_score(assessed.at, module, row))
            .map(|it| it.points())
    };
    let modules = pack.modules.iter().enumerate().map(|(index, it)| (it.id.clone(), score(index)));
    Judged {
        band,
        composite: raw.composite.points(),
        confidence: raw.confidence.points(),
        modules: modules.collect(),
    }
}

/// Refuses a value that an attribute cannot have.
fn check(attribute: &Attribute, value: Option<&Value>) -> Result<(), Diagnostic> {
    let fault = |code, message: String, hint: &str| {
        Err(Diagnostic::new(code, format!("{}: {message}", attribute.id)).hint(hint.to_owned()))
    };
    match (&attribute.ty, value) {
        (_, None) | (AttributeType::Boolean, Some(Value::Boolean(_))) => Ok(()),
        (AttributeType::Number { min, max, .. }, Some(Value::Number(it))) => {
            if min.is_some_and(|min| *it < min) || max.is_some_and(|max| *it > max) {
                return fault(
                    &codes::OUT_OF_RANGE,
                    format!("{it} is out of range"),
                    "see the forms",
                );
            }
            Ok(())
        }
        (AttributeType::Text { categories }, Some(Value::Text(it))) => {
            if !categories.is_empty() && !categories.iter().any(|known| known.value == *it) {
                let message = format!("`{it}` is no category");
                return fault(&codes::BAD_CATEGORY, message, "see the forms");
            }
            Ok(())
        }
        (AttributeType::Number { .. }, _) => {
            fault(&codes::BAD_NUMBER, "a number is needed".to_owned(), "give a number or null")
        }
        (AttributeType::Boolean, _) => {
            fault(&codes::BAD_BOOLEAN, "true or false is needed".to_owned(), "or null")
        }
        (AttributeType::Text { .. }, _) => {
            fault(&codes::BAD_CATEGORY, "a text is needed".to_owned(), "give a text or null")
        }
    }
}

/// Rows with one attribute of one period set, as observed in that period.
fn with(
    rows: &RecordBatch,
    attribute: &Attribute,
    value: Option<&Value>,
    at: i32,
) -> Result<RecordBatch, Diagnostic> {
    let schema = rows.schema();
    let periods = rows.column_by_name(monitor::rows::PERIOD);
    let periods = periods.and_then(|it| it.as_primitive_opt::<Int32Type>());
    let Some(row) = periods.and_then(|it| it.iter().position(|it| it == Some(at))) else {
        return Ok(rows.clone());
    };
    let observed = format!("{}__observed", attribute.id);
    let columns = schema.fields().iter().zip(rows.columns()).map(|(field, column)| {
        if *field.name() == observed {
            let old = column.as_primitive_opt::<Int32Type>();
            return old.map_or(column.clone(), |old| {
                let new =
                    old.iter().enumerate().map(|(n, it)| if n == row { Some(at) } else { it });
                Arc::new(new.collect::<Int32Array>()) as ArrayRef
            });
        }
        if *field.name() == attribute.id { replaced(column, row, value) } else { column.clone() }
    });
    RecordBatch::try_new(schema.clone(), columns.collect()).map_err(|error| {
        Diagnostic::new(&codes::COLUMN_UNUSABLE, format!("{}: {error}", attribute.id))
    })
}

fn replaced(column: &ArrayRef, row: usize, value: Option<&Value>) -> ArrayRef {
    let position = 0..column.len();
    match column.data_type() {
        DataType::Float64 => {
            let new = if let Some(Value::Number(it)) = value { Some(*it) } else { None };
            let old = column.as_primitive::<Float64Type>().iter().zip(position);
            Arc::new(old.map(|(it, n)| if n == row { new } else { it }).collect::<Float64Array>())
        }
        DataType::Boolean => {
            let new = if let Some(Value::Boolean(it)) = value { Some(*it) } else { None };
            let old = column.as_boolean().iter().zip(position);
            Arc::new(old.map(|(it, n)| if n == row { new } else { it }).collect::<BooleanArray>())
        }
        DataType::Utf8 => {
            let new = if let Some(Value::Text(it)) = value { Some(it.as_str()) } else { None };
            let old = column.as_string::<i32>().iter().zip(position);
            Arc::new(old.map(|(it, n)| if n == row { new } else { it }).collect::<StringArray>())
        }
        _ => column.clone(),
    }
}
