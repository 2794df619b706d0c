//! Why a household has its band: contributions, forced bands, what moved, what would help.
//!
//! Everything here is read off the same evaluation that scored the household; nothing is
//! estimated a second time. Finding words for people is the caller's business.

mod changes;
mod value;
mod ways_out;

pub use changes::{Change, Side};
pub use value::Value;
pub use ways_out::WayOut;

use crate::evaluator::{Assessed, Evaluator};
use crate::indicators::State;
use crate::scores::table::bits;
use crate::scores::{Contribution, ModuleTrend, Raw, Scratch};
use base::{Band, Period, Score};

/// A household explained in one period.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The household.
    pub household: String,
    /// The period.
    pub at: Period,
    /// Whether it has a row in the period.
    pub has_row: bool,
    /// The band that counts.
    pub band: Band,
    /// The band of the period by itself, before the memory of earlier periods.
    pub raw_band: Band,
    /// The band of the composite alone; `None` below the confidence that is asked for.
    pub coefficient_band: Option<Band>,
    /// Band one period earlier.
    pub previous_band: Band,
    /// The composite.
    pub composite: Score,
    /// Known share of the applicable weight, 0–1.
    pub confidence: Score,
    /// Modules that lifted the band by worsening, by index.
    pub lifted_by: Vec<usize>,
    /// Every module, in the pack's order.
    pub modules: Vec<ModulePart>,
    /// Every indicator, in the pack's order.
    pub indicators: Vec<IndicatorPart>,
    /// Contributions above zero, greatest first.
    pub contributions: Vec<Contribution>,
    /// Key judgements that fired.
    pub forced: Vec<Forced>,
    /// Indicators whose key judgement could not be made.
    pub unjudged: Vec<usize>,
    /// What moved since the period before.
    pub changes: Vec<Change>,
    /// Smallest changes of one indicator that would leave the period's band.
    pub ways_out: Vec<WayOut>,
    /// Band and composite of earlier periods and this one, oldest first.
    pub history: Vec<(Period, Band, Option<Score>)>,
}

/// A module in an explanation.
#[derive(Clone, Debug)]
pub struct ModulePart {
    /// Index in the pack.
    pub module: usize,
    /// Its score; `None` where nothing of it is known.
    pub score: Option<Score>,
    /// Known weight.
    pub known_weight: f64,
    /// Applicable weight.
    pub applicable_weight: f64,
    /// Its trend.
    pub trend: ModuleTrend,
}

/// An indicator in an explanation.
#[derive(Clone, Debug)]
pub struct IndicatorPart {
    /// Index in the pack.
    pub indicator: usize,
    /// Known, unknown or not applicable.
    pub state: State,
    /// Its value, where there is one.
    pub value: Option<Value>,
    /// Its severity, where it is known.
    pub severity: Option<Score>,
}

/// A key judgement that fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forced {
    /// Index of the indicator.
    pub indicator: usize,
    /// The least band.
    pub band: Band,
}

/// Explains one household of an assessment. `earlier` is how many periods of history to show; the
/// assessment must have been made with at least as many.
pub fn explain(
    evaluator: &Evaluator,
    assessed: &Assessed,
    household: usize,
    earlier: u32,
) -> Explanation {
    let (pack, at) = (evaluator.pack(), assessed.at);
    let mut slopes = Vec::new();
    let raw = assessed.raw(household, at, &mut slopes);
    let band = assessed.band(household, at, raw.band(), &mut slopes);
    let before = assessed.raw(household, at.offset(-1), &mut slopes);
    let previous_band = assessed.band(household, at.offset(-1), before.band(), &mut slopes);
    let trends = raw.trends.iter().enumerate();
    let worsening = trends.filter(|(_, it)| raw.is_lifted && it.is_worsening);
    let places = evaluator.key_places();
    let forced = bits(raw.fired)
        .map(|bit| Forced { indicator: places[bit].indicator, band: evaluator.key_bands()[bit] });
    let mut unjudged: Vec<usize> = bits(raw.unjudged).map(|bit| places[bit].indicator).collect();
    unjudged.dedup();
    Explanation {
        household: assessed.household_id(household).to_owned(),
        at,
        has_row: raw.row.is_some(),
        band,
        raw_band: raw.band(),
        coefficient_band: raw.coefficient_band,
        previous_band,
        composite: raw.composite,
        confidence: raw.confidence,
        lifted_by: worsening.map(|(module, _)| module).collect(),
        modules: module_parts(assessed, &raw),
        indicators: indicator_parts(assessed, at, &raw),
        contributions: assessed
            .contributions(&raw, at, usize::MAX, &mut Scratch::default())
            .to_vec(),
        forced: forced.collect(),
        unjudged,
        changes: changes::between(assessed, pack, &before, &raw),
        ways_out: ways_out::find(evaluator, assessed, &raw),
        history: history(assessed, household, earlier),
    }
}

fn module_parts(assessed: &Assessed, raw: &Raw) -> Vec<ModulePart> {
    let modules = assessed.modules(assessed.at).iter().enumerate();
    let part = |(module, rows): (usize, &crate::scores::ModuleRows)| ModulePart {
        module,
        score: raw.row.and_then(|row| assessed.module_score(assessed.at, module, row)),
        known_weight: raw.row.map_or(0.0, |row| rows.known_weight[row]),
        applicable_weight: raw.row.map_or(0.0, |row| rows.applicable_weight[row]),
        trend: raw.trends[module],
    };
    modules.map(part).collect()
}

fn indicator_parts(assessed: &Assessed, at: Period, raw: &Raw) -> Vec<IndicatorPart> {
    let columns = assessed.indicators(at).columns.iter().enumerate();
    let part = |(indicator, column): (usize, &crate::indicators::IndicatorColumn)| {
        let Some(row) = raw.row else {
            return IndicatorPart { indicator, state: State::Unknown, value: None, severity: None };
        };
        let value = column.value.as_ref().and_then(|it| Value::at(it, row));
        IndicatorPart { indicator, state: column.state(row), value, severity: column.score(row) }
    };
    columns.map(part).collect()
}

fn history(
    assessed: &Assessed,
    household: usize,
    earlier: u32,
) -> Vec<(Period, Band, Option<Score>)> {
    let mut slopes = Vec::new();
    let periods = (0..=earlier as i32).rev().map(|back| assessed.at.offset(-back));
    let judged = periods.map(|at| {
        let raw = assessed.raw(household, at, &mut slopes);
        let band = assessed.band(household, at, raw.band(), &mut slopes);
        let composite = (raw.confidence > Score::ZERO).then_some(raw.composite);
        (at, band, composite)
    });
    judged.collect()
}
