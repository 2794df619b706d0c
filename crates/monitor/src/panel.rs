//! facts → panel: household × period, typed attributes.
//!
//! Unknown is unknown and never zero, unless the attribute says that its registry is complete. A
//! member's facts follow the member; household facts stay with the household that keeps its id.
//! Looks at no fact recorded after the cut, because none is given.

mod attribute;
mod registry;

use crate::facts::{Fact, FactCodes, Shared};
use crate::rows::{AREA, HOUSEHOLD, PERIOD, arrow_fault};
use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use attribute::{Cell, Maker};
use base::{Diagnostic, Period};
use pack::{AttributeType, Pack};
use registry::Registry;

pub use registry::period_of;
use std::sync::Arc;

/// Makes panels for one pack.
pub struct PanelMaker<'a> {
    pack: &'a Pack,
    codes: &'a FactCodes,
    makers: Vec<Maker<'a>>,
    first: Period,
    last: Period,
}

/// Rows under construction.
#[derive(Default)]
struct Rows {
    households: Vec<String>,
    periods: Vec<i32>,
    areas: Vec<Option<String>>,
    cells: Vec<Vec<Cell>>,
}

impl<'a> PanelMaker<'a> {
    /// A maker of panels from `first` to `last`.
    pub fn new(pack: &'a Pack, codes: &'a FactCodes, first: Period, last: Period) -> Self {
        let makers = pack.attributes.iter().filter_map(|it| {
            let from = it.from.as_ref()?;
            Some(Maker { attribute: it, from, code: codes.number(&from.fact)? })
        });
        Self { pack, codes, makers: makers.collect(), first, last }
    }

    /// The panel of households, each with its settled facts (see [`crate::facts::settle`]), in the
    /// order given. A household without an area has no rows.
    pub fn from_facts(
        &self,
        households: &[(String, Vec<Fact>)],
        shared: &Shared,
    ) -> Result<RecordBatch, Diagnostic> {
        let mut rows = Rows { cells: vec![Vec::new(); self.makers.len()], ..Rows::default() };
        for (household, facts) in households {
            self.household(household, facts, shared, &mut rows);
        }
        self.batch(rows)
    }

    fn household(&self, household: &str, facts: &[Fact], shared: &Shared, rows: &mut Rows) {
        let registry = Registry::of(household, facts, self.codes, shared);
        let Some(start) = registry.start() else { return };
        let mut first = self.first.index().max(start);
        let last = registry.end().map_or(self.last.index(), |it| it.min(self.last.index()));
        if first > last && start <= last {
            // Closed before the first period asked for: its last row shows that it was there.
            first = last;
        }
        for index in first..=last {
            let period = Period::from_index(self.pack.period_kind, index);
            rows.households.push(household.to_owned());
            rows.periods.push(index);
            rows.areas.push(registry.area(period).map(str::to_owned));
            let around = registry.around(period);
            for (maker, cells) in self.makers.iter().zip(&mut rows.cells) {
                cells.push(maker.cell(&around, period));
            }
        }
    }

    fn batch(&self, rows: Rows) -> Result<RecordBatch, Diagnostic> {
        let mut fields = vec![
            Field::new(HOUSEHOLD, DataType::Utf8, false),
            Field::new(PERIOD, DataType::Int32, false),
            Field::new(AREA, DataType::Utf8, true),
        ];
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from(rows.households)),
            Arc::new(Int32Array::from(rows.periods)),
            Arc::new(StringArray::from(rows.areas)),
        ];
        for (maker, cells) in self.makers.iter().zip(rows.cells) {
            let id = &maker.attribute.id;
            let numbers = || cells.iter().map(|it| it.number);
            let column: ArrayRef = match &maker.attribute.ty {
                AttributeType::Number { .. } => Arc::new(numbers().collect::<Float64Array>()),
                AttributeType::Boolean => {
                    let truths = numbers().map(|it| it.map(|it| it != 0.0));
                    Arc::new(truths.collect::<BooleanArray>())
                }
                AttributeType::Text { .. } => {
                    Arc::new(cells.iter().map(|it| it.text.as_deref()).collect::<StringArray>())
                }
            };
            fields.push(Field::new(id, column.data_type().clone(), true));
            columns.push(column);
            let observed = cells.iter().map(|it| it.observed).collect::<Int32Array>();
            fields.push(Field::new(format!("{id}__observed"), DataType::Int32, true));
            columns.push(Arc::new(observed));
        }
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(arrow_fault)
    }
}
