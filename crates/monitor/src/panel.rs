//! facts → panel: household × period, typed attributes.
//!
//! Unknown is unknown and never zero, unless the attribute says that its registry is complete. A
//! member's facts follow the member; household facts stay with the household that keeps its id.
//! Looks at no fact recorded after the cut, because none is given.

mod attribute;
mod marks;
mod reach;
mod registry;
mod steps;

use crate::facts::{Fact, FactCodes, Shared};
use crate::rows::{AREA, HOUSEHOLD, PERIOD, arrow_fault};
use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use attribute::{Cell, Maker};
use base::{Diagnostic, Period};
use pack::{AttributeType, Pack};
use registry::Registry;

use std::sync::Arc;
use steps::Step;

pub use marks::{Marked, marks};
pub use reach::{Held, last_touched};
pub use steps::period_of;

/// Makes panels for one pack.
pub struct PanelMaker<'a> {
    pack: &'a Pack,
    codes: &'a FactCodes,
    makers: Vec<Maker<'a>>,
    steps: Vec<Step>,
}

/// Rows under construction.
#[derive(Default)]
struct Rows<'a> {
    households: Vec<&'a str>,
    periods: Vec<i32>,
    areas: Vec<Option<&'a str>>,
    cells: Vec<Vec<Cell<'a>>>,
}

impl<'a> PanelMaker<'a> {
    /// A maker of panels from `first` to `last`.
    pub fn new(pack: &'a Pack, codes: &'a FactCodes, first: Period, last: Period) -> Self {
        let kind = pack.period_kind;
        let makers = pack.attributes.iter().filter_map(|it| {
            let from = it.from.as_ref()?;
            Some(Maker { attribute: it, from, code: codes.number(&from.fact)?, kind })
        });
        let steps = (first.index()..=last.index()).map(|it| Step::of(Period::from_index(kind, it)));
        Self { pack, codes, makers: makers.collect(), steps: steps.collect() }
    }

    /// The panel of households, each with its settled facts (see [`crate::facts::settle`]), in the
    /// order given. A household without an area has no rows.
    pub fn from_facts(
        &self,
        households: &[(&str, Vec<&Fact>)],
        shared: &Shared,
    ) -> Result<RecordBatch, Diagnostic> {
        let most = households.len() * self.steps.len();
        let cells = self.makers.iter().map(|_| Vec::with_capacity(most)).collect();
        let mut rows = Rows { cells, ..Rows::default() };
        for (household, facts) in households {
            self.household(household, facts, shared, &mut rows);
        }
        self.batch(rows)
    }

    fn household<'f>(
        &self,
        household: &'f str,
        facts: &[&'f Fact],
        shared: &'f Shared,
        rows: &mut Rows<'f>,
    ) {
        let registry = Registry::of(household, facts, self.codes, shared, &self.steps);
        let (Some(start), Some(last)) = (registry.start(), self.steps.last()) else { return };
        let last = registry.end().map_or(last.index, |it| it.min(last.index));
        let mut first = self.steps[0].index.max(start);
        if first > last && start <= last {
            // Closed before the first period asked for: its last row shows that it was there.
            first = last;
        }
        // That row may lie before all periods asked for.
        let own = Step::of(Period::from_index(self.pack.period_kind, last));
        if last < self.steps[0].index && first <= last {
            let registry = Registry::of(household, facts, self.codes, shared, &[own]);
            return self.rows(household, &registry, &[own], 0..1, rows);
        }
        if first <= last {
            let position = |it: i32| (it - self.steps[0].index) as usize;
            self.rows(household, &registry, &self.steps, position(first)..position(last) + 1, rows);
        }
    }

    fn rows<'f>(
        &self,
        household: &'f str,
        registry: &Registry<'f>,
        steps: &[Step],
        wanted: std::ops::Range<usize>,
        rows: &mut Rows<'f>,
    ) {
        let sites = registry.sites(steps);
        for step in &steps[wanted.clone()] {
            rows.households.push(household);
            rows.periods.push(step.index);
            rows.areas.push(registry.area(step));
        }
        for (maker, cells) in self.makers.iter().zip(&mut rows.cells) {
            maker.cells(registry, &sites, steps, wanted.clone(), cells);
        }
    }

    fn batch(&self, rows: Rows<'_>) -> Result<RecordBatch, Diagnostic> {
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
                    Arc::new(cells.iter().map(|it| it.text).collect::<StringArray>())
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
