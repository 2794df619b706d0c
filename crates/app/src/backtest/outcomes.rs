//! What became of households: an expression over the panel, or over a table of outcomes.

use super::Question;
use crate::Refused;
use crate::input::Files;
use arrow::array::{Array, AsArray};
use arrow::datatypes::Int32Type;
use base::{Period, PeriodKind, Place};
use monitor::rows::{HOUSEHOLD, Ids, PERIOD};
use pack::{Attribute, AttributeType, Expr, Label, Pack, Unit};
use std::collections::BTreeMap;
use tables::{ColumnKind, ColumnSpec, ReadOptions, TableSpec};

/// Outcomes, known beforehand or to be computed from panel rows.
pub enum Outcomes {
    /// An expression over the pack's attributes.
    OfPanel(Expr),
    /// Household → (period index, fallen), ascending.
    Known(BTreeMap<String, Vec<(i32, bool)>>),
}

impl Outcomes {
    /// Parses the expression, and reads the table where one is named.
    pub fn read(pack: &Pack, question: &Question) -> Result<Self, Refused> {
        let Some(path) = &question.outcomes else {
            let parsed = pack::read_condition(
                &question.outcome,
                "--outcome",
                &pack.attributes,
                &pack.parameters,
            );
            return parsed.map(Outcomes::OfPanel);
        };
        let names = tables::names(path).map_err(|it| vec![it])?;
        let (household, period) = (&pack.columns.household_id, &pack.columns.period);
        let others = names.iter().filter(|it| *it != household && *it != period);
        let others: Vec<&String> =
            others.filter(|it| question.outcome.contains(it.as_str())).collect();
        let attributes: Vec<Attribute> = others.iter().map(|it| number(it)).collect();
        let expr = pack::read_condition(&question.outcome, "--outcome", &attributes, &[])?;
        let column = |name: &str, source: &str, kind, is_required| ColumnSpec {
            name: name.to_owned(),
            sources: vec![source.to_owned()],
            kind,
            is_required,
        };
        let mut columns = vec![
            column(HOUSEHOLD, household, ColumnKind::HouseholdId, true),
            column(PERIOD, period, ColumnKind::Period(pack.period_kind), true),
        ];
        for name in &others {
            columns.push(column(name, name, ColumnKind::Number { min: None, max: None }, true));
        }
        let files = Files { paths: vec![path.clone()], columns: Vec::new() };
        let view = Pack { attributes, parameters: Vec::new(), ..pack.clone() };
        let at = Period::from_index(pack.period_kind, 0);
        let mut known: BTreeMap<String, Vec<(i32, bool)>> = BTreeMap::new();
        let mut fault = None;
        for input in files.open(&TableSpec { columns })? {
            let rejects = tables::each_batch(input, &ReadOptions::default(), &mut |rows| {
                let fallen = match monitor::condition::holds(&view, &expr, rows, at) {
                    Ok(fallen) => fallen,
                    Err(finding) => return fault = Some(finding),
                };
                let Ok(ids) = Ids::of(rows.column(0)) else { return };
                let periods = rows.column(1).as_primitive::<Int32Type>();
                for (row, fallen) in fallen.into_iter().enumerate() {
                    if let (Some(fallen), true) = (fallen, periods.is_valid(row)) {
                        let of = known.entry(ids.get(row).to_owned()).or_default();
                        of.push((periods.value(row), fallen));
                    }
                }
            })
            .map_err(|it| vec![it])?;
            // An outcome that is lost would count as one that did not happen.
            if !rejects.is_empty() {
                return Err(rejects.iter().map(tables::Reject::to_diagnostic).collect());
            }
        }
        if let Some(finding) = fault {
            return Err(vec![finding]);
        }
        known.values_mut().for_each(|it| it.sort_unstable());
        Ok(Outcomes::Known(known))
    }

    /// The first period with an outcome, where that is known beforehand.
    pub fn first(&self, kind: PeriodKind) -> Option<Period> {
        let Outcomes::Known(known) = self else { return None };
        let first = known.values().filter_map(|it| it.first()).map(|it| it.0).min();
        first.map(|it| Period::from_index(kind, it))
    }

    /// The last period with an outcome, where that is known beforehand.
    pub fn last(&self, kind: PeriodKind) -> Option<Period> {
        let Outcomes::Known(known) = self else { return None };
        let last = known.values().filter_map(|it| it.last()).map(|it| it.0).max();
        last.map(|it| Period::from_index(kind, it))
    }
}

/// A column of an outcome table as an attribute without a unit.
fn number(name: &str) -> Attribute {
    Attribute {
        id: name.to_owned(),
        label: Label::default(),
        ty: AttributeType::Number { unit: Unit::one(), min: None, max: None },
        source: None,
        freshness_periods: None,
        retention_months: None,
        is_sensitive: false,
        columns: Vec::new(),
        from: None,
        mark: None,
        references: Vec::new(),
        place: Place::file("--outcomes"),
    }
}
