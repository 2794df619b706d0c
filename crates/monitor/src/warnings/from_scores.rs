//! Which rules hold for a household, since when, merged into one warning.

use super::known::{Known, strongest};
use super::triggers::Firing;
use super::{Kind, RuleFired, Warning};
use crate::evaluator::{Assessed, Evaluator};
use crate::rows::{AREA, Ids};
use crate::scores::table::{Scored, bits};
use base::{AreaCode, Band, Period};

/// The warnings of a batch, and how many households had only rules that are known already.
#[derive(Debug, Default)]
pub struct Found {
    /// In the order of the households.
    pub warnings: Vec<Warning>,
    /// Households whose every rule is known.
    pub suppressed: u64,
    /// Rules left out of warnings because they are known.
    pub suppressed_rules: u64,
}

/// The one way in. `assessed` must hold `spell_periods` of history (see
/// [`Evaluator::assess_with_history`]); `scored` is its score per household; `firings` are the
/// triggers that fired, per household.
pub fn from_scores(
    evaluator: &Evaluator,
    assessed: &Assessed,
    scored: &[Scored],
    firings: &[Vec<Firing>],
    known: &Known,
) -> Found {
    let mut found = Found::default();
    let mut history = History { assessed, slopes: Vec::new(), bands: Vec::new() };
    for (household, score) in scored.iter().enumerate() {
        let fired = firings.get(household).map_or(&[][..], Vec::as_slice);
        let warns = score.band.is_at_least(evaluator.pack().scoring.warnings.from);
        let triggered = fired.iter().any(|it| it.period == assessed.at.index());
        if !warns && score.raw.fired == 0 && !triggered {
            continue;
        }
        history.bands.clear();
        let rules = rules(evaluator, &mut history, household, score, fired);
        let id = assessed.household_id(household);
        let before = rules.len();
        let rules: Vec<_> = rules.into_iter().filter(|it| !known.covers_rule(id, it)).collect();
        found.suppressed_rules += (before - rules.len()) as u64;
        let merged = merge(evaluator, &mut history, household, score, rules);
        match merged.filter(|it| !known.covers(it)) {
            Some(warning) => found.warnings.push(warning),
            None => found.suppressed += 1,
        }
    }
    found
}

/// Earlier periods of the household under the hand, looked at only where they are needed.
struct History<'a> {
    assessed: &'a Assessed,
    slopes: Vec<f64>,
    bands: Vec<(i32, Band, u64)>,
}

impl History<'_> {
    /// Band and fired keys of a household `back` periods before the assessed one.
    fn at(&mut self, household: usize, back: i32) -> (Band, u64) {
        if let Some((_, band, fired)) = self.bands.iter().find(|it| it.0 == back) {
            return (*band, *fired);
        }
        let at = self.assessed.at.offset(-back);
        let (own, fired) = self.assessed.own_band(household, at, &mut self.slopes);
        let band = self.assessed.band(household, at, own, &mut self.slopes);
        self.bands.push((back, band, fired));
        (band, fired)
    }

    /// First period of the unbroken run up to the assessed one in which `holds`.
    fn start(&mut self, limit: u32, mut holds: impl FnMut(&mut Self, i32) -> bool) -> Period {
        let mut back = 0;
        while back + 1 < limit as i32 && holds(self, back + 1) {
            back += 1;
        }
        self.assessed.at.offset(-back)
    }
}

fn rules(
    evaluator: &Evaluator,
    history: &mut History<'_>,
    household: usize,
    score: &Scored,
    firings: &[Firing],
) -> Vec<RuleFired> {
    let pack = evaluator.pack();
    let (limit, from) = (pack.scoring.warnings.spell_periods, pack.scoring.warnings.from);
    let mut rules = Vec::new();
    if score.band.is_at_least(from) {
        let first_period =
            history.start(limit, |it, back| it.at(household, back).0.is_at_least(from));
        let (rule, kind, urgency) = ("band".to_owned(), Kind::Band, score.band);
        rules.push(RuleFired { rule, kind, urgency, first_period });
    }
    let places = evaluator.key_places();
    for bit in bits(score.raw.fired) {
        let urgency = evaluator.key_bands()[bit];
        let rule = format!("key.{}", pack.indicators[places[bit].indicator].id);
        let first_period =
            history.start(limit, |it, back| it.at(household, back).1 >> bit & 1 == 1);
        let kind = Kind::Key;
        // An indicator may force several bands; the worst that fired speaks for it.
        match rules.iter_mut().find(|it| it.rule == rule) {
            Some(known) if known.urgency.is_at_least(urgency) => {}
            Some(known) => *known = RuleFired { rule, kind, urgency, first_period },
            None => rules.push(RuleFired { rule, kind, urgency, first_period }),
        }
    }
    let at = history.assessed.at.index();
    let mut triggers: Vec<usize> =
        firings.iter().filter(|it| it.period == at).map(|it| it.trigger).collect();
    triggers.sort_unstable();
    triggers.dedup();
    for trigger in triggers {
        let fired =
            |period: i32| firings.iter().any(|it| it.trigger == trigger && it.period == period);
        let first_period = history.start(limit, |_, back| fired(at - back));
        let (rule, urgency) =
            (format!("trigger.{}", pack.triggers[trigger].id), pack.triggers[trigger].urgency);
        rules.push(RuleFired { rule, kind: Kind::Trigger, urgency, first_period });
    }
    rules
}

fn merge(
    evaluator: &Evaluator,
    history: &mut History<'_>,
    household: usize,
    score: &Scored,
    mut rules: Vec<RuleFired>,
) -> Option<Warning> {
    let assessed = history.assessed;
    rules.sort_by(|a, b| (a.first_period.index(), &a.rule).cmp(&(b.first_period.index(), &b.rule)));
    let leading = rules.first()?;
    let first_period = leading.first_period;
    let id = warning_id(assessed.household_id(household), &leading.rule, first_period);
    let urgency = rules.iter().map(|it| it.urgency).fold(Band::Unknown, Band::worse_of);
    let indicators = &evaluator.pack().indicators;
    Some(Warning {
        id,
        household: assessed.household_id(household).to_owned(),
        area: area(assessed, household, score),
        period: assessed.at,
        first_period,
        urgency,
        band: score.band,
        previous_band: history.at(household, 1).0,
        composite: score.raw.composite,
        confidence: score.raw.confidence,
        kind: strongest(&rules),
        rules,
        reasons: score.reasons.iter().map(|it| indicators[it.indicator].id.clone()).collect(),
    })
}

fn area(assessed: &Assessed, household: usize, score: &Scored) -> Option<AreaCode> {
    let column = assessed.batch.column_by_name(AREA)?;
    let row = score.raw.row.unwrap_or(assessed.households[household].end - 1);
    let codes = Ids::of(column).ok()?;
    column.is_valid(row).then(|| AreaCode::new(codes.get(row)))
}

/// The identity of a warning: the first 16 bytes of BLAKE3 over household, rule and first period,
/// each ended by a zero byte.
pub fn warning_id(household: &str, rule: &str, first_period: Period) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [household, rule, &first_period.to_string()] {
        hasher.update(part.as_bytes());
        hasher.update(&[0]);
    }
    hasher.finalize().to_hex()[..32].to_owned()
}
