//! Composite, confidence, overrides, lift and band of one household in one period.

use super::aggregate::{accumulate, finish};
use super::modules::ModuleRows;
use super::trend::{ModuleTrend, along, estimate};
use crate::indicators::Indicators;
use crate::stored::Earlier;
use base::{Band, Score};
use pack::{Pack, Scoring};
use smallvec::SmallVec;
use std::ops::Range;

/// The trends of a household's modules.
pub type Trends = SmallVec<[ModuleTrend; 8]>;

/// What one period says of a household by itself, before the memory of earlier periods.
#[derive(Clone, Debug, Default)]
pub struct Raw {
    /// The row it was judged from; `None` where the household has none in the period.
    pub row: Option<usize>,
    /// The composite reference coefficient, 0–100; 0 where nothing is known.
    pub composite: Score,
    /// Share of the applicable weight that is known, 0–1, in millionths.
    pub confidence: Score,
    /// Trend of each module.
    pub trends: Trends,
    /// Key judgements that fired, by bit.
    pub fired: u64,
    /// Key judgements that could not be made, by bit.
    pub unjudged: u64,
    /// The band of the composite alone.
    pub coefficient_band: Option<Band>,
    /// Whether a worsening module lifted it.
    pub is_lifted: bool,
    /// The band of the period: lifted, forced, or unknown.
    pub band: Option<Band>,
}

impl Raw {
    /// The band of the period.
    pub fn band(&self) -> Band {
        self.band.unwrap_or(Band::Unknown)
    }
}

/// Judges households of one batch under one program.
pub struct RawScorer<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// Module scores of every row.
    pub modules: &'a [ModuleRows],
    /// Indicators of every row.
    pub indicators: &'a Indicators,
    /// The rows' periods.
    pub periods: &'a [i32],
    /// Band that each key judgement forces, by bit.
    pub key_bands: &'a [Band],
    /// Kept scores of closed periods, ascending; where there are any, earlier rows are not judged.
    pub(crate) earlier: &'a [Earlier],
    /// Whether trends may lift; `backtest` turns it off to measure what it is worth.
    pub with_lift: bool,
}

impl RawScorer<'_> {
    /// What a period says of a household and its rows.
    pub fn raw(
        &self,
        household: usize,
        rows: Range<usize>,
        period: i32,
        scratch: &mut Vec<f64>,
    ) -> Raw {
        let Some(row) = self.row(&rows, period) else {
            return Raw {
                trends: SmallVec::from_elem(ModuleTrend::default(), self.modules.len()),
                ..Raw::default()
            };
        };
        let trends = 0..self.modules.len();
        let trends = trends.map(|it| self.trend(household, &rows, row, it, scratch)).collect();
        self.judged(row, trends, |raw| raw.trends.iter().any(|it| it.is_worsening))
    }

    /// The band of a period by itself and the keys that fired in it: the same as in
    /// [`RawScorer::raw`], with trends only where one may lift the band.
    pub fn own_band(
        &self,
        household: usize,
        rows: Range<usize>,
        period: i32,
        scratch: &mut Vec<f64>,
    ) -> (Band, u64) {
        let Some(row) = self.row(&rows, period) else { return (Band::Unknown, 0) };
        let raw = self.judged(row, Trends::new(), |_| {
            let mut modules = 0..self.modules.len();
            modules.any(|it| self.trend(household, &rows, row, it, scratch).is_worsening)
        });
        (raw.band(), raw.fired)
    }

    fn row(&self, rows: &Range<usize>, period: i32) -> Option<usize> {
        self.periods[rows.clone()].binary_search(&period).ok().map(|it| rows.start + it)
    }

    fn judged(&self, row: usize, trends: Trends, is_worsening: impl FnOnce(&Raw) -> bool) -> Raw {
        let (composite, confidence) = composite(&self.pack.scoring, self.modules, row);
        let (fired, unjudged) = (self.indicators.fired[row], self.indicators.unjudged[row]);
        let forced = forced_band(self.key_bands, fired);
        let mut raw = Raw {
            row: Some(row),
            composite,
            confidence,
            trends,
            fired,
            unjudged,
            coefficient_band: None,
            is_lifted: false,
            band: forced,
        };
        if confidence >= Score::from_points(self.pack.scoring.min_confidence) {
            let own = band_of(&self.pack.scoring, composite);
            let lifted = self.within_reach(own, composite).filter(|_| is_worsening(&raw));
            raw.coefficient_band = Some(own);
            raw.is_lifted = lifted.is_some();
            let own = lifted.unwrap_or(own);
            raw.band = Some(forced.map_or(own, |it| own.worse_of(it)));
        }
        raw
    }

    /// The trend of a module at a row of a household.
    fn trend(
        &self,
        household: usize,
        rows: &Range<usize>,
        row: usize,
        module: usize,
        scratch: &mut Vec<f64>,
    ) -> ModuleTrend {
        let (Some(trend), of) = (&self.pack.scoring.trend, &self.modules[module]) else {
            return ModuleTrend::default();
        };
        if of.known_weight[row] <= 0.0 {
            return ModuleTrend::default();
        }
        let period = self.periods[row];
        let earliest = period - (trend.window as i32 - 1);
        let known_set = of.known_set[row];
        if !self.earlier.is_empty() {
            // Kept scores in place of earlier rows.
            let window = self.earlier.iter().filter(|it| it.period >= earliest);
            let kept =
                window.filter_map(|it| Some((it.period, it.score(household, module, known_set)?)));
            return estimate(trend, kept.chain(std::iter::once((period, of.score[row]))), scratch);
        }
        let mut first = row;
        while first > rows.start && self.periods[first - 1] >= earliest {
            first -= 1;
        }
        if of.known_set[first..row].iter().all(|it| *it == known_set) {
            let (periods, scores) = (&self.periods[first..=row], &of.score[first..=row]);
            return along(trend, periods, scores, scratch);
        }
        let same = (first..=row).filter(|it| of.known_set[*it] == known_set);
        estimate(trend, same.map(|it| (self.periods[it], of.score[it])), scratch)
    }

    /// The band that a worsening module would lift this one to: one up, near the edge of that, and
    /// never red.
    fn within_reach(&self, own: Band, composite: Score) -> Option<Band> {
        let within = self.pack.scoring.trend.as_ref()?.lift_within?;
        let next = own.next_worse().filter(|it| *it != Band::Red && self.with_lift)?;
        let edge = self.pack.scoring.band_edges[next as usize - Band::Blue as usize];
        (composite.micros() >= edge.micros() - within.micros()).then_some(next)
    }
}

/// Composite and confidence of a row: the aggregate of the rounded module scores by their known
/// weight, and the known share of the applicable weight.
pub fn composite(scoring: &Scoring, modules: &[ModuleRows], row: usize) -> (Score, Score) {
    let (mut total, mut known, mut applicable) = (0.0, 0.0, 0.0);
    for module in modules {
        let weight = module.known_weight[row];
        let score = module.score[row].points();
        total = accumulate(scoring.aggregate_composite, total, score, weight);
        known += weight;
        applicable += module.applicable_weight[row];
    }
    let composite = Score::from_points(finish(scoring.aggregate_composite, total, known));
    let confidence = if applicable > 0.0 { known / applicable } else { 0.0 };
    (composite, Score::from_points(confidence))
}

/// The band whose range a composite lies in.
pub fn band_of(scoring: &Scoring, composite: Score) -> Band {
    let passed = scoring.band_edges.iter().filter(|edge| composite >= **edge).count();
    Band::KNOWN[passed]
}

/// The worst band that fired key judgements force.
pub fn forced_band(key_bands: &[Band], fired: u64) -> Option<Band> {
    let fired = key_bands.iter().enumerate().filter(|(bit, _)| fired >> bit & 1 == 1);
    fired.map(|(_, band)| *band).reduce(Band::worse_of)
}

/// The band that counts: the worst raw band among the last `clean_periods` known periods. `raw`
/// gives the period's own band first, then one period earlier, and so on.
pub fn remembered(scoring: &Scoring, mut raw: impl FnMut(i32) -> Band) -> Band {
    let current = raw(0);
    if current.is_unknown() {
        return Band::Unknown;
    }
    let (mut worst, mut known, mut back) = (current, 1, 1);
    while known < scoring.clean_periods && back < scoring.clean_within {
        let earlier = raw(back as i32);
        if !earlier.is_unknown() {
            known += 1;
            worst = worst.worse_of(earlier);
        }
        back += 1;
    }
    worst
}
