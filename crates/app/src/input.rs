//! What a pack asks of its input files.

use crate::Refused;
use base::codes::run as codes;
use base::{Diagnostic, Period, Place};
use monitor::Evaluator;
use monitor::rows::{AREA, HOUSEHOLD, PERIOD};
use pack::{Attribute, AttributeType, Pack};
use std::collections::BTreeSet;
use std::path::PathBuf;
use tables::{ColumnKind, ColumnSpec, Input, Mapping, TableSpec};

/// Files with the columns named on the command line.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// The files.
    pub paths: Vec<PathBuf>,
    /// `TARGET=COLUMN`.
    pub columns: Vec<String>,
}

impl Files {
    /// Opens every file against a specification.
    pub fn open(&self, spec: &TableSpec) -> Result<Vec<Input>, Refused> {
        let mut mapping = Mapping::default();
        let mut findings = Vec::new();
        for column in &self.columns {
            if let Err(why) = mapping.add(column) {
                let finding = Diagnostic::new(&codes::BAD_OPTION, format!("--column {why}"));
                findings.push(finding.hint("write it like --column period=年月"));
            }
        }
        let mut inputs = Vec::new();
        for path in &self.paths {
            match tables::open(path, spec, &mapping) {
                Ok(input) => inputs.push(input),
                Err(more) => findings.extend(more),
            }
        }
        if findings.is_empty() { Ok(inputs) } else { Err(findings) }
    }
}

/// The panel columns of a pack. `wanted` says which attributes; the reserved columns always are.
pub fn panel_spec(pack: &Pack, wanted: impl Fn(&Attribute) -> bool) -> TableSpec {
    let reserved = |name: &str, source: &str, kind, is_required| ColumnSpec {
        name: name.to_owned(),
        sources: vec![source.to_owned()],
        kind,
        is_required,
    };
    let mut columns = vec![
        reserved(HOUSEHOLD, &pack.columns.household_id, ColumnKind::HouseholdId, true),
        reserved(PERIOD, &pack.columns.period, ColumnKind::Period(pack.period_kind), true),
        reserved(AREA, &pack.columns.area_code, ColumnKind::Text { categories: Vec::new() }, false),
    ];
    for attribute in pack.attributes.iter().filter(|it| wanted(it)) {
        columns.push(ColumnSpec {
            name: attribute.id.clone(),
            sources: attribute.columns.clone(),
            kind: kind_of(attribute),
            is_required: false,
        });
        if attribute.freshness_periods.is_some() {
            columns.push(ColumnSpec {
                name: format!("{}__observed", attribute.id),
                sources: Vec::new(),
                kind: ColumnKind::Period(pack.period_kind),
                is_required: false,
            });
        }
    }
    TableSpec { columns }
}

/// How an attribute's cells are read.
fn kind_of(attribute: &Attribute) -> ColumnKind {
    match &attribute.ty {
        AttributeType::Number { min, max, .. } => ColumnKind::Number { min: *min, max: *max },
        AttributeType::Boolean => ColumnKind::Boolean,
        // An unlisted category is unknown to the rules, and told; it does not cost the row.
        AttributeType::Text { .. } => ColumnKind::Text { categories: Vec::new() },
    }
}

/// The panel columns that the rules of a pack read.
pub fn scored_spec(evaluator: &Evaluator) -> TableSpec {
    let pack = evaluator.pack();
    let indicators = pack.indicators.iter().flat_map(pack::Indicator::expressions);
    let triggers = pack.triggers.iter().map(|it| &it.when);
    let read: BTreeSet<usize> =
        indicators.chain(triggers).flat_map(pack::Expr::attributes).collect();
    panel_spec(pack, |it| read.iter().any(|index| std::ptr::eq(&pack.attributes[*index], it)))
}

/// The period asked for, as text of the pack's kind.
pub fn period(pack: &Pack, text: &str) -> Result<Period, Diagnostic> {
    Period::parse(pack.period_kind, text).map_err(|error| {
        let hint = format!("write it like {}", pack.period_kind.shape());
        Diagnostic::new(&codes::NO_SUCH_PERIOD, error.to_string()).hint(hint)
    })
}

/// First and last period of panel files, read from their period columns alone.
pub fn period_range(pack: &Pack, files: &Files) -> Result<(Period, Period), Refused> {
    let spec = panel_spec(pack, |_| false);
    let inputs = files.open(&spec)?;
    let options = tables::ReadOptions::default();
    let mut range: Option<(i32, i32)> = None;
    for input in inputs {
        tables::each_batch(input, &options, &mut |rows| {
            let column = rows.column_by_name(PERIOD);
            let Some(periods) = column.and_then(|it| {
                arrow::array::AsArray::as_primitive_opt::<arrow::datatypes::Int32Type>(it)
            }) else {
                return;
            };
            let (low, high) = (arrow::compute::min(periods), arrow::compute::max(periods));
            if let (Some(low), Some(high)) = (low, high) {
                range = Some(range.map_or((low, high), |it| (it.0.min(low), it.1.max(high))));
            }
        })
        .map_err(|it| vec![it])?;
    }
    let at = |index| Period::from_index(pack.period_kind, index);
    range.map(|(low, high)| (at(low), at(high))).ok_or_else(|| {
        let file = files.paths.first().map(|it| it.display().to_string()).unwrap_or_default();
        let finding =
            Diagnostic::new(&codes::NOTHING_TO_ASSESS, "the input has no row with a period");
        vec![finding.at(Place::file(file)).hint("check that the right file was named")]
    })
}
