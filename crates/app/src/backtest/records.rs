//! One record per household and origin: what was said then, and what happened.

use super::Question;
use super::outcomes::Outcomes;
use crate::assess::county;
use crate::{Loaded, Refused};
use arrow::array::{Array, ArrayRef};
use base::codes::run as codes;
use base::{AreaCode, Band, Diagnostic, Period};
use monitor::rows::{self, AREA, Ids};
use monitor::scores::{score_all, table::bits};
use monitor::warnings::triggers;
use monitor::{Assessed, Evaluator};

/// A household at an origin.
#[derive(Clone, Debug)]
pub struct Record {
    /// The origin, as `Period::index`.
    pub origin: i32,
    /// The composite in points; `None` where nothing was known.
    pub composite: Option<f64>,
    /// The band.
    pub band: Band,
    /// The band had no trend lifted it.
    pub band_without_lift: Band,
    /// The steepest worsening among modules, points per period; `None` without a trend.
    pub steepest: Option<f64>,
    /// Fallen at the origin.
    pub is_poor: Option<bool>,
    /// Fallen at the horizon.
    pub event: bool,
    /// Its area.
    pub area: Option<AreaCode>,
    /// Its group.
    pub group: Option<String>,
    /// Rules that held: indexes into [`Records::rules`].
    pub rules: Vec<u16>,
}

/// First warning and first fall of a household that was not poor at the first origin.
pub type LeadSpell = measures::skill::Spell;

/// Everything recorded.
pub struct Records {
    /// Household × origin.
    pub records: Vec<Record>,
    /// Names of rules.
    pub rules: Vec<String>,
    /// For lead times.
    pub spells: Vec<LeadSpell>,
    /// Household × origin without a known outcome, left out.
    pub without_outcome: u64,
    /// Of the records, those whose band was unknown.
    pub unknown: u64,
}

/// Collects records chunk by chunk.
pub struct Recorder<'a> {
    evaluator: &'a Evaluator,
    without_lift: Evaluator,
    question: &'a Question,
    outcomes: &'a Outcomes,
    origins: Vec<Period>,
    records: Records,
}

impl<'a> Recorder<'a> {
    /// A recorder for a pack and a question.
    pub fn new(
        loaded: &'a Loaded,
        question: &'a Question,
        outcomes: &'a Outcomes,
        origins: Vec<Period>,
    ) -> Result<Self, Refused> {
        let pack = loaded.pack();
        if let Some(group) = &question.group
            && pack.attribute(group).is_none()
        {
            let message = format!("--group `{group}` is no attribute of the pack");
            let near = tables::closest(group, pack.attributes.iter().map(|it| it.id.as_str()));
            let hint = near.map_or("see the pack's attributes/".to_owned(), |it| {
                format!("did you mean `{it}`?")
            });
            return Err(vec![Diagnostic::new(&codes::BAD_OPTION, message).hint(hint)]);
        }
        let without_lift = Evaluator::new(pack.clone()).map_err(|it| vec![it])?.without_lift();
        let mut names = vec!["band".to_owned()];
        names.extend(
            loaded
                .evaluator
                .key_places()
                .iter()
                .map(|it| format!("key.{}", pack.indicators[it.indicator].id)),
        );
        names.extend(pack.triggers.iter().map(|it| format!("trigger.{}", it.id)));
        let records = Records {
            records: Vec::new(),
            rules: names,
            spells: Vec::new(),
            without_outcome: 0,
            unknown: 0,
        };
        Ok(Self {
            evaluator: &loaded.evaluator,
            without_lift,
            question,
            outcomes,
            origins,
            records,
        })
    }

    /// Adds the households of a chunk.
    pub fn add(&mut self, chunk: &crate::assess::Chunk) -> Result<(), Diagnostic> {
        let distinct = rows::distinct(&chunk.rows)?;
        let batch = &distinct.batch;
        let pack = self.evaluator.pack().clone();
        let all = rows::households(batch)?;
        let periods = batch.column_by_name(rows::PERIOD);
        let periods: Option<&arrow::array::Int32Array> =
            periods.and_then(arrow::array::AsArray::as_primitive_opt);
        let fallen = match self.outcomes {
            Outcomes::OfPanel(expr) => {
                // Lines move with time: each period is judged by its own parameters.
                let mut fallen = vec![None; batch.num_rows()];
                let mut seen: Vec<i32> = periods.map(|it| it.values().to_vec()).unwrap_or_default();
                seen.sort_unstable();
                seen.dedup();
                for index in seen {
                    let at = Period::from_index(pack.period_kind, index);
                    let then = monitor::condition::holds(&pack, expr, batch, at)?;
                    for (row, it) in then.into_iter().enumerate() {
                        if periods.is_some_and(|periods| periods.value(row) == index) {
                            fallen[row] = it;
                        }
                    }
                }
                fallen
            }
            Outcomes::Known(_) => Vec::new(),
        };
        let ids = batch.column_by_name(rows::HOUSEHOLD).and_then(|it| Ids::of(it).ok());
        let outcome = |household: usize, period: i32| -> Option<bool> {
            let range = all[household].clone();
            match self.outcomes {
                Outcomes::Known(known) => {
                    let of = known.get(ids.as_ref()?.get(range.start))?;
                    of.binary_search_by_key(&period, |it| it.0).ok().map(|it| of[it].1)
                }
                Outcomes::OfPanel(_) => {
                    let own = &periods?.values()[range.clone()];
                    own.binary_search(&period).ok().and_then(|it| fallen[range.start + it])
                }
            }
        };
        let mut firsts: Vec<(Option<i32>, Option<i32>, Option<bool>)> =
            vec![(None, None, None); all.len()];
        for origin in self.origins.clone() {
            let assessed = self.evaluator.assess(batch, origin)?;
            let plain = self.without_lift.assess(batch, origin)?;
            let positions = positions(&assessed, &all, ids.as_ref());
            self.at_origin(&assessed, &plain, &positions, &outcome, &mut firsts, chunk)?;
        }
        for (household, (warning, _, start)) in firsts.into_iter().enumerate() {
            if start != Some(false) {
                continue;
            }
            let first = self.origins.first().map_or(0, |it| it.index());
            let last =
                self.origins.last().map_or(0, |it| it.index()) + self.question.horizon as i32;
            let event = (first..=last).find(|it| outcome(household, *it) == Some(true));
            self.records.spells.push(LeadSpell { first_warning: warning, event });
        }
        Ok(())
    }

    fn at_origin(
        &mut self,
        assessed: &Assessed,
        plain: &Assessed,
        positions: &[usize],
        outcome: &dyn Fn(usize, i32) -> Option<bool>,
        firsts: &mut [(Option<i32>, Option<i32>, Option<bool>)],
        chunk: &crate::assess::Chunk,
    ) -> Result<(), Diagnostic> {
        let pack = self.evaluator.pack().clone();
        let origin = assessed.at.index();
        let scored = score_all(assessed, &pack);
        let facts = crate::assess::placed(assessed, chunk.facts.clone());
        let firings = triggers::firings(&pack, assessed, &facts)?;
        let keys = self.evaluator.key_places().len();
        let mut slopes = Vec::new();
        for (household, score) in scored.iter().enumerate() {
            let Some(row) = score.raw.row else { continue };
            let position = positions[household];
            let is_poor = outcome(position, origin);
            let warns = score.band.is_at_least(pack.scoring.warnings.from);
            let first = &mut firsts[position];
            if first.2.is_none() {
                first.2 = is_poor;
            }
            if warns && first.0.is_none() {
                first.0 = Some(origin);
            }
            let Some(event) = outcome(position, origin + self.question.horizon as i32) else {
                self.records.without_outcome += 1;
                continue;
            };
            let mut rules: Vec<u16> = Vec::new();
            if warns {
                rules.push(0);
            }
            rules.extend(bits(score.raw.fired).map(|it| it as u16 + 1));
            let own = firings[household].iter().filter(|it| it.period == origin);
            rules.extend(own.map(|it| (it.trigger + keys + 1) as u16));
            rules.sort_unstable();
            rules.dedup();
            let plain_raw = plain.raw(household, plain.at, &mut slopes);
            let steepest = score.raw.trends.iter().filter_map(|it| it.slope).max();
            self.records.unknown += u64::from(score.band.is_unknown());
            self.records.records.push(Record {
                origin,
                composite: (score.raw.confidence.micros() > 0)
                    .then(|| score.raw.composite.points()),
                band: score.band,
                band_without_lift: plain.band(household, plain.at, plain_raw.band(), &mut slopes),
                steepest: steepest.map(|it| it.points()),
                is_poor,
                event,
                area: text_at(assessed.batch.column_by_name(AREA), row)
                    .map(|it| county(&pack, &AreaCode::new(it))),
                group: self
                    .question
                    .group
                    .as_ref()
                    .and_then(|it| text_at(assessed.batch.column_by_name(it), row)),
                rules,
            });
        }
        Ok(())
    }

    /// Everything that was recorded.
    pub fn finish(self) -> Records {
        self.records
    }
}

fn text_at(column: Option<&ArrayRef>, row: usize) -> Option<String> {
    let column = column.filter(|it| it.is_valid(row))?;
    arrow::util::display::array_value_to_string(column, row).ok()
}

/// Position of each assessed household among those of the chunk: the assessment leaves out
/// households that only begin later.
fn positions(
    assessed: &Assessed,
    all: &[std::ops::Range<usize>],
    ids: Option<&Ids<'_>>,
) -> Vec<usize> {
    let Some(ids) = ids else { return Vec::new() };
    let mut next = 0;
    let mut found = Vec::with_capacity(assessed.households.len());
    for household in 0..assessed.households.len() {
        let id = assessed.household_id(household);
        while next < all.len() && ids.get(all[next].start) != id {
            next += 1;
        }
        found.push(next);
    }
    found
}
