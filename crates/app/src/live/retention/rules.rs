//! What may be kept how long, as the policies say that judge the periods in question.

use crate::live::{FIRST, Live, OPEN};
use crate::people::Field;
use base::Diagnostic;
use base::{Period, PeriodKind};
use monitor::facts::{AREA, CLOSED, MEMBER_LEFT, MEMBER_OF, SITE};
use monitor::panel::{Held, last_touched};
use pack::{FactKind, FromFacts, Pack, Subject, Take};
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::facts::{self, FactRow};

/// Codes that say where households and members belong: everything else rests on them.
const RESERVED: [&str; 5] = [AREA, SITE, CLOSED, MEMBER_OF, MEMBER_LEFT];
/// Periods before a score that explanations of it look at, beside those that it is made of: the one
/// before, and where its values were.
const EXPLAINED: u32 = 2;

/// How long facts of one code are kept.
struct Rule {
    /// Scores of this period and later may still change.
    horizon: Period,
    /// What is made of them, and how many periods before a score that is looked at.
    readers: Vec<(FromFacts, i32)>,
    /// Attributes of the policy in force.
    attributes: Vec<String>,
}

/// How long everything is kept.
pub struct Rules {
    /// For which period and policy they hold, and how many facts there were.
    pub of: String,
    /// For which period and policy.
    pub of_cells: String,
    /// The first period that is not frozen.
    pub frozen: Option<Period>,
    /// Attributes with their horizons.
    pub cells: BTreeMap<String, Period>,
    /// Sealed fields with the instants before which they are destroyed.
    pub sealed: Vec<(Field, i64)>,
    rules: BTreeMap<String, Rule>,
    kind: PeriodKind,
}

impl Rules {
    /// Those that hold in the period under watch; nothing where nothing is watched or limited.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of(live: &Live, tx: &mut Tx<'_>) -> Result<Option<Self>, Diagnostic> {
        let Some(open) = live.period(tx, OPEN)? else { return Ok(None) };
        let timeline = live.timeline(tx)?;
        let policy = &timeline.at(open).policy;
        let pack = policy.pack();
        let mut rules = Self {
            of: format!("{open} {} {}", pack.hash, facts::last(tx)?),
            of_cells: format!("{open} {}", pack.hash),
            frozen: None,
            cells: limits(pack, open),
            sealed: sealed(pack, open),
            rules: BTreeMap::new(),
            kind: open.kind(),
        };
        rules.frozen = rules.cells.values().copied().max_by_key(|it| it.index());
        if rules.cells.is_empty() && rules.sealed.is_empty() {
            return Ok(None);
        }
        rules.rules = of_codes(pack, &rules.cells);
        let earliest = rules.cells.values().copied().min_by_key(|it| it.index()).unwrap_or(open);
        let first = live.period(tx, FIRST)?.unwrap_or(open);
        let from = if first.index() > earliest.index() { first } else { earliest };
        for (policy, ..) in timeline.parts((from, open)) {
            let spell = policy.pack().scoring.warnings.spell_periods;
            let depth = policy.loaded.evaluator.history_depth() + spell.max(EXPLAINED);
            rules.read(policy.pack(), i32::try_from(depth).unwrap_or(i32::MAX));
        }
        Ok(Some(rules))
    }

    fn read(&mut self, pack: &Pack, depth: i32) {
        let attributes = pack.attributes.iter().filter_map(|it| it.from.clone());
        // A trigger looks at a fact in the period that it is about.
        let triggers =
            pack.triggers.iter().filter_map(|it| it.fact.clone()).map(|fact| FromFacts {
                fact,
                subject: Subject::Household,
                kind: FactKind::Amount,
                take: Take::Any,
                window_periods: Some(1),
                absent: None,
                matching: Vec::new(),
            });
        for from in attributes.chain(triggers) {
            if let Some(rule) = self.rules.get_mut(&from.fact) {
                rule.readers.push((from, depth));
            }
        }
    }

    /// Codes of facts that may not be kept for ever.
    pub fn codes(&self) -> Vec<&str> {
        self.rules.keys().map(String::as_str).collect()
    }

    /// Attributes that facts of a code are for.
    pub fn attributes_of(&self, code: &str) -> &[String] {
        self.rules.get(code).map_or(&[], |it| &it.attributes)
    }

    /// A day after which no fact begins that is due.
    pub fn until_day(&self) -> i64 {
        self.frozen.map_or(i64::MIN, |it| begins_at(it) / MICROS_OF_DAY)
    }

    /// Whether a fact lies before everything that it could still change, whatever else is known.
    pub fn is_past(&self, fact: &FactRow) -> bool {
        self.rules.get(&fact.fact).is_some_and(|rule| self.is_due(rule, fact, None))
    }

    /// Those of the facts of one subject that can touch no score any more that may still change.
    pub fn due<'f>(&self, facts: &'f [FactRow]) -> Vec<&'f FactRow> {
        let corrected: BTreeSet<&str> =
            facts.iter().filter_map(|it| it.supersedes.as_deref()).collect();
        let mut due = Vec::new();
        for fact in facts {
            let Some(rule) = self.rules.get(&fact.fact) else { continue };
            // What takes its place was known before the horizon, so that whoever asks how things
            // were known at any time since finds it there, and was never taken back.
            let takes_its_place = |it: &&FactRow| {
                (&it.fact, &it.member_id) == (&fact.fact, &fact.member_id)
                    && it.valid_to.is_none()
                    && it.valid_from > fact.valid_from
                    && it.recorded_at < begins_at(rule.horizon)
                    && !corrected.contains(it.fact_id.as_str())
            };
            let next = facts.iter().filter(takes_its_place).map(|it| it.valid_from).min();
            if self.is_due(rule, fact, next) {
                due.push(fact);
            }
        }
        due
    }

    fn is_due(&self, rule: &Rule, fact: &FactRow, next: Option<i64>) -> bool {
        let day = |it: i64| i32::try_from(it).ok();
        let (Some(from), to) = (day(fact.valid_from), fact.valid_to.map(day)) else { return false };
        if to == Some(None) {
            return false;
        }
        let held = Held { from, to: to.flatten(), next: next.and_then(day) };
        rule.readers.iter().all(|(made, depth)| {
            let last = last_touched(made, self.kind, held);
            last.is_some_and(|it| it < rule.horizon.index().saturating_sub(*depth))
        })
    }
}

const MICROS_OF_DAY: i64 = 86_400_000_000;

/// The first instant of a period, in microseconds UTC.
pub fn begins_at(period: Period) -> i64 {
    let first = period.first_day().map_or(0, crate::live::areas::day_number);
    first * MICROS_OF_DAY
}

/// So many months before a period; parts of a period are kept whole.
fn before(period: Period, months: u32) -> Period {
    let steps = u64::from(period.kind().steps_per_year().unwrap_or(1).unsigned_abs());
    let periods = (u64::from(months) * steps).div_ceil(12);
    period.offset(-i32::try_from(periods).unwrap_or(i32::MAX / 2))
}

/// Horizons of the attributes that have one.
fn limits(pack: &Pack, open: Period) -> BTreeMap<String, Period> {
    let limited = pack.attributes.iter().filter_map(|it| Some((it, it.retention_months?)));
    limited.map(|(it, months)| (it.id.clone(), before(open, months))).collect()
}

/// Codes of which every attribute has a limit, with the earliest of their horizons.
fn of_codes(pack: &Pack, limits: &BTreeMap<String, Period>) -> BTreeMap<String, Rule> {
    let mut rules: BTreeMap<String, Rule> = BTreeMap::new();
    let mut unlimited: BTreeSet<&str> = RESERVED.into_iter().collect();
    for attribute in &pack.attributes {
        let Some(from) = &attribute.from else { continue };
        let Some(horizon) = limits.get(&attribute.id).copied() else {
            unlimited.insert(&from.fact);
            continue;
        };
        let rule = rules.entry(from.fact.clone()).or_insert_with(|| Rule {
            horizon,
            readers: Vec::new(),
            attributes: Vec::new(),
        });
        rule.attributes.push(attribute.id.clone());
        if horizon.index() < rule.horizon.index() {
            rule.horizon = horizon;
        }
    }
    rules.retain(|code, _| !unlimited.contains(code.as_str()));
    rules
}

fn sealed(pack: &Pack, open: Period) -> Vec<(Field, i64)> {
    let limits = pack.people.retention_months.iter();
    limits
        .filter_map(|(name, months)| Some((super::field(name)?, begins_at(before(open, *months)))))
        .collect()
}
