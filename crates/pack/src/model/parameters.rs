//! Numbers that hold from a period on, in an area.

use super::{Label, Reference};
use crate::unit::Unit;
use base::{AreaCode, Period, Place};

/// A dated, area-scoped number.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Lower-case id: the file's name.
    pub id: String,
    /// Name for people.
    pub label: Label,
    /// Its unit.
    pub unit: Unit,
    /// Its values; see [`Parameter::at`].
    pub values: Vec<ParameterValue>,
    /// Where it is defined.
    pub place: Place,
}

/// One value of a parameter.
#[derive(Clone, Debug)]
pub struct ParameterValue {
    /// First period in which it holds; `None`: always.
    pub from: Option<Period>,
    /// Where it holds; `None`: everywhere.
    pub area: Option<AreaCode>,
    /// The value.
    pub value: f64,
    /// Sources.
    pub references: Vec<Reference>,
}

impl Parameter {
    /// The value in force in a period and area: the most specific area first, then the latest
    /// start. `None` before the first start or where no scope fits.
    pub fn at(&self, period: Period, area: Option<&AreaCode>) -> Option<f64> {
        let in_time = |it: &&ParameterValue| it.from.is_none_or(|at| at.index() <= period.index());
        let in_place = |it: &&ParameterValue| match (&it.area, area) {
            (None, _) => true,
            (Some(scope), Some(area)) => area.is_within(scope),
            (Some(_), None) => false,
        };
        let rank = |it: &ParameterValue| {
            let length = it.area.as_ref().map_or(0, |it| it.as_str().len());
            (length, it.from.map_or(i32::MIN, Period::index))
        };
        let fitting = self.values.iter().filter(in_time).filter(in_place);
        fitting.max_by_key(|it| rank(it)).map(|it| it.value)
    }

    /// Whether any value is scoped to an area.
    pub fn is_area_scoped(&self) -> bool {
        self.values.iter().any(|it| it.area.is_some())
    }
}
