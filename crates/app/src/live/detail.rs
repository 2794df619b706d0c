//! The compact piece of a score's row: everything but its key columns.
//!
//! Written with a version in front, so that a later program can read what an earlier one wrote.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Float64Type};
use monitor::Assessed;
use monitor::scores::Scored;
use pack::Pack;
use serde::{Deserialize, Serialize};

/// Changes with the shape of [`Detail`].
const VERSION: u8 = 1;

/// What a household's period holds beside composite, confidence, band and area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// Number of the band that the period has by itself.
    pub own_band: u8,
    /// Whether a worsening module lifted it.
    pub is_lifted: bool,
    /// Key judgements that fired and that could not be made, by bit.
    pub fired: u64,
    /// See `fired`.
    pub unjudged: u64,
    /// Modules in the pack's order.
    pub modules: Vec<ModuleDetail>,
    /// The greatest contributions: indicator and millionths of a point.
    pub reasons: Vec<(u16, i64)>,
    /// Severity of every indicator in millionths; `None`: unknown or not applicable.
    pub severities: Vec<Option<i64>>,
    /// The panel's row, in the order of the pack's attributes; empty where there is none.
    pub panel: Vec<Cell>,
}

/// A module of a household's period.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModuleDetail {
    /// Millionths of a point; `None` where nothing of it is known.
    pub score: Option<i64>,
    /// Millionths a period.
    pub slope: Option<i64>,
    /// Whether its trend worsens.
    pub is_worsening: bool,
}

/// A value of the panel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Cell {
    /// Not known.
    Unknown,
    /// A number.
    Number(f64),
    /// A truth value.
    Boolean(bool),
    /// A text.
    Text(String),
}

impl Detail {
    /// The detail of a household of an assessment.
    pub fn of(pack: &Pack, assessed: &Assessed, household: usize, scored: &Scored) -> Self {
        let (raw, at) = (&scored.raw, assessed.at);
        let module = |(index, trend): (usize, &monitor::scores::ModuleTrend)| ModuleDetail {
            score: raw.row.and_then(|row| assessed.module_score(at, index, row)).map(micros),
            slope: trend.slope.map(micros),
            is_worsening: trend.is_worsening,
        };
        let columns = &assessed.indicators(at).columns;
        let severity = |row: usize| columns.iter().map(|it| it.score(row).map(micros)).collect();
        let row = assessed.row_of(household, at.index());
        Self {
            own_band: raw.band() as u8,
            is_lifted: raw.is_lifted,
            fired: raw.fired,
            unjudged: raw.unjudged,
            modules: raw.trends.iter().enumerate().map(module).collect(),
            reasons: scored
                .reasons
                .iter()
                .map(|it| (it.indicator as u16, it.points.micros().into()))
                .collect(),
            severities: row.map(severity).unwrap_or_default(),
            panel: row.map(|row| cells(pack, assessed, row)).unwrap_or_default(),
        }
    }

    /// The piece as it is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        // Numbers, texts and lists: there is nothing in it that cannot be written.
        bytes.extend(postcard::to_stdvec(self).unwrap_or_default());
        bytes
    }

    /// Reads a stored piece; `None` where it was written by another version.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (version, rest) = bytes.split_first()?;
        (*version == VERSION).then(|| postcard::from_bytes(rest).ok()).flatten()
    }
}

fn micros(score: base::Score) -> i64 {
    score.micros().into()
}

fn cells(pack: &Pack, assessed: &Assessed, row: usize) -> Vec<Cell> {
    let cell = |attribute: &pack::Attribute| {
        let column = assessed.batch.column_by_name(&attribute.id);
        column.map_or(Cell::Unknown, |it| cell_at(it, row))
    };
    pack.attributes.iter().map(cell).collect()
}

fn cell_at(column: &ArrayRef, row: usize) -> Cell {
    if column.is_null(row) {
        return Cell::Unknown;
    }
    match column.data_type() {
        DataType::Float64 => Cell::Number(column.as_primitive::<Float64Type>().value(row)),
        DataType::Boolean => Cell::Boolean(column.as_boolean().value(row)),
        DataType::Utf8 => Cell::Text(column.as_string::<i32>().value(row).to_owned()),
        _ => Cell::Unknown,
    }
}
