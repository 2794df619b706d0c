//! The situation of areas: counts out of what is kept for each area and period, never out of all
//! households.

use super::areas::day_number;
use super::{FIRST, Live, OPEN};
use base::{Band, Diagnostic, Period};
use monitor::warnings::budget::Budgets;
use std::collections::BTreeMap;
use store::areas::AreaRow;
use store::situation::{self, By, Group};
use store::warnings::{self, Waiting};
use store::{Tx, Within, stale};

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// Some households of one period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// How many there are.
    pub households: i64,
    /// By band.
    pub bands: BTreeMap<&'static str, i64>,
    /// How many are warned of.
    pub warned: i64,
    /// Mean composite over those of which anything is known, 0–100.
    pub composite_mean: Option<f64>,
    /// Mean confidence, 0–1.
    pub confidence_mean: Option<f64>,
    /// Mean score of each module over those of which it is known, 0–100.
    pub modules: BTreeMap<String, f64>,
    known: i64,
    composite: i64,
    confidence: i64,
    sums: BTreeMap<String, situation::Sum>,
}

impl Figures {
    fn add(&mut self, band: i64, count: situation::Count) {
        let band = u8::try_from(band).ok().and_then(Band::from_number).unwrap_or(Band::Unknown);
        *self.bands.entry(band.name()).or_default() += count.households;
        self.households += count.households;
        self.warned += count.warned;
        self.known += count.known;
        self.composite += count.composite;
        self.confidence += count.confidence;
    }

    fn add_module(&mut self, module: String, sum: situation::Sum) {
        let own = self.sums.entry(module).or_default();
        own.households += sum.households;
        own.score += sum.score;
    }

    /// Sums as means; every band gets a number.
    fn finish(mut self) -> Self {
        for band in Band::ALL {
            self.bands.entry(band.name()).or_default();
        }
        let mean = |sum: i64, of: i64| (of > 0).then(|| sum as f64 / of as f64 / 1e6);
        self.composite_mean = mean(self.composite, self.known);
        self.confidence_mean = mean(self.confidence, self.households);
        let modules = self.sums.iter();
        let modules =
            modules.filter_map(|(id, it)| Some((id.clone(), mean(it.score, it.households)?)));
        self.modules = modules.collect();
        self
    }
}

/// An area in another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    /// Its names and place in the tree; its code is empty for households without an area.
    pub area: AreaRow,
    /// Its households in the period.
    pub now: Figures,
    /// How many were warned of one period earlier; `None` where that was not watched.
    pub previous_warned: Option<i64>,
    /// Warnings that nobody took note of.
    pub waiting: i64,
    /// Of those, how many for longer than the policy allows.
    pub overdue: i64,
}

/// The situation in one sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The period.
    pub period: Period,
    /// Its households.
    pub now: Figures,
    /// How many more are warned of than one period earlier; `None` where that was not watched.
    pub change_since_previous: Option<i64>,
    /// Warnings that nobody took note of.
    pub waiting: i64,
    /// Of those, how many for longer than the policy allows.
    pub overdue: i64,
    /// Days that the policy allows.
    pub days: Option<u32>,
    /// Warnings that may be handed out.
    pub budget: Option<u64>,
    /// Warnings within the budget of the last ranking.
    pub within_budget: i64,
    /// Households whose scores are older than their facts, everywhere.
    pub stale: i64,
}

/// What is asked about.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The area; everything that may be seen where absent.
    pub area: Option<&'a str>,
    /// Rows that may be seen, narrowed to the area.
    pub within: &'a Within,
    /// The period; the one under watch where absent.
    pub period: Option<Period>,
    /// Microseconds.
    pub now: i64,
}

impl Live {
    /// The areas in an area, by code: its parts, or those of a level of the policy's codes (from 1)
    /// that lies deeper.
    ///
    /// # Errors
    /// Those of the database.
    pub fn situation_children(
        &self,
        tx: &mut Tx<'_>,
        asked: &Asked<'_>,
        level: Option<usize>,
    ) -> Result<(Option<Period>, Vec<Child>), Diagnostic> {
        let Some((first, open, at)) = self.asked_period(tx, asked)? else {
            return Ok((None, Vec::new()));
        };
        let day = at.last_day().map_or(0, day_number);
        let levels = self.pack().area_levels.clone();
        let groups = match level.and_then(|it| levels.get(it.checked_sub(1)?)) {
            Some(length) => Groups { known: BTreeMap::new(), cut: Some(*length) },
            None => {
                let known = self.areas_in(tx, asked.area, asked.within, asked.now)?;
                let known: Vec<AreaRow> = known.into_iter().map(|it| it.row).collect();
                Groups::of(asked.area, known, levels)
            }
        };
        let index = i64::from(at.index());
        let mut children: BTreeMap<String, Child> = BTreeMap::new();
        for code in groups.known.keys() {
            children.insert(code.clone(), Child::empty(code));
        }
        for (area, band, count) in situation::bands(tx, (index, index), asked.within, By::Area)? {
            let code = groups.group(&area);
            children
                .entry(code.clone())
                .or_insert_with(|| Child::empty(&code))
                .now
                .add(band, count);
        }
        for (area, module, sum) in situation::modules(tx, (index, index), asked.within, By::Area)? {
            let code = groups.group(&area);
            if let Some(child) = children.get_mut(&code) {
                child.now.add_module(module, sum);
            }
        }
        if at.index() > first.index() {
            children.values_mut().for_each(|it| it.previous_warned = Some(0));
            for (area, _, count) in
                situation::bands(tx, (index - 1, index - 1), asked.within, By::Area)?
            {
                let code = groups.group(&area);
                let child = children.entry(code.clone()).or_insert_with(|| Child::empty(&code));
                *child.previous_warned.get_or_insert(0) += count.warned;
            }
        }
        if at == open {
            for it in self.waiting(tx, asked)? {
                let area = Group::Area(it.area_code.clone().unwrap_or_default());
                if let Some(child) = children.get_mut(&groups.group(&area)) {
                    child.waiting += it.waiting;
                    child.overdue += it.overdue;
                }
            }
        }
        self.name_children(tx, &mut children, &groups, day)?;
        let finish = |it: Child| Child { now: it.now.finish(), ..it };
        Ok((Some(at), children.into_values().map(finish).collect()))
    }

    fn name_children(
        &self,
        tx: &mut Tx<'_>,
        children: &mut BTreeMap<String, Child>,
        groups: &Groups,
        day: i64,
    ) -> Result<(), Diagnostic> {
        let codes: Vec<&str> = children.keys().map(String::as_str).collect();
        let named = self.named(tx, &codes, day)?;
        for (child, row) in children.values_mut().zip(named) {
            child.area = groups.known.get(&child.area.code).cloned().unwrap_or(row);
        }
        Ok(())
    }

    /// The last periods up to the one under watch, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn situation_history(
        &self,
        tx: &mut Tx<'_>,
        asked: &Asked<'_>,
        periods: u32,
    ) -> Result<Vec<(Period, Figures)>, Diagnostic> {
        let Some((first, _, at)) = self.asked_period(tx, asked)? else { return Ok(Vec::new()) };
        let from = at.offset(1 - periods.max(1) as i32).index().max(first.index());
        let range = (i64::from(from), i64::from(at.index()));
        let mut found: BTreeMap<i64, Figures> =
            (range.0..=range.1).map(|it| (it, Figures::default())).collect();
        let period = |group: Group| if let Group::Period(it) = group { it } else { i64::MIN };
        let (bands, modules) = match totals(asked.within, &self.levels(tx)?) {
            Some(areas) => {
                let bands = situation::bands_of(tx, range, &areas)?;
                (bands, situation::modules_of(tx, range, &areas)?)
            }
            None => {
                let bands = situation::bands(tx, range, asked.within, By::Period)?;
                (bands, situation::modules(tx, range, asked.within, By::Period)?)
            }
        };
        for (group, band, count) in bands {
            found.entry(period(group)).or_default().add(band, count);
        }
        for (group, module, sum) in modules {
            found.entry(period(group)).or_default().add_module(module, sum);
        }
        let at = |index: i64| Period::from_index(at.kind(), index.try_into().unwrap_or(at.index()));
        Ok(found.into_iter().map(|(index, it)| (at(index), it.finish())).collect())
    }

    /// The figures of the first sentence.
    ///
    /// # Errors
    /// Those of the database.
    pub fn situation_summary(
        &self,
        tx: &mut Tx<'_>,
        asked: &Asked<'_>,
    ) -> Result<Option<Summary>, Diagnostic> {
        let Some((_, open, at)) = self.asked_period(tx, asked)? else { return Ok(None) };
        let mut history = self.situation_history(tx, asked, 2)?;
        let Some((_, now)) = history.pop() else { return Ok(None) };
        let before = history.pop().map(|it| it.1.warned);
        let waiting = if at == open { self.waiting(tx, asked)? } else { Vec::new() };
        let sum = |of: fn(&Waiting) -> i64| waiting.iter().map(of).sum();
        let pack = self.pack();
        let rules = &pack.scoring.warnings;
        let households = now.households.unsigned_abs();
        Ok(Some(Summary {
            period: at,
            change_since_previous: before.map(|it| now.warned - it),
            now,
            waiting: sum(|it| it.waiting),
            overdue: sum(|it| it.overdue),
            days: rules.acknowledge_days,
            budget: Budgets::of_area(
                rules,
                asked.area,
                asked.within == &Within::Everywhere,
                households,
            ),
            within_budget: sum(|it| it.within_budget),
            stale: stale::count(tx)?,
        }))
    }

    /// First period under watch, the open one, and the one that is asked about.
    fn asked_period(
        &self,
        tx: &mut Tx<'_>,
        asked: &Asked<'_>,
    ) -> Result<Option<(Period, Period, Period)>, Diagnostic> {
        let watched = self.period(tx, FIRST)?.zip(self.period(tx, OPEN)?);
        Ok(watched.map(|(first, open)| (first, open, asked.period.unwrap_or(open))))
    }

    fn waiting(&self, tx: &mut Tx<'_>, asked: &Asked<'_>) -> Result<Vec<Waiting>, Diagnostic> {
        let before = self.overdue_before(asked.now);
        Ok(warnings::waiting(tx, asked.within, asked.now, before)?)
    }

    /// Warnings that wait since before this instant are overdue, for counts and lists alike; none
    /// is where the policy sets no days.
    pub fn overdue_before(&self, now: i64) -> i64 {
        let days = self.pack().scoring.warnings.acknowledge_days;
        days.map_or(i64::MIN, |it| now - i64::from(it) * DAY)
    }
}

impl Child {
    fn empty(code: &str) -> Self {
        let area = AreaRow {
            code: code.to_owned(),
            valid_from: store::areas::ALWAYS,
            valid_to: None,
            name_en: None,
            name_zh: None,
            level: 0,
            parent: None,
        };
        Self { area, now: Figures::default(), previous_warned: None, waiting: 0, overdue: 0 }
    }
}

/// Areas whose totals make up what may be seen, where totals are kept for all of them.
fn totals<'a>(within: &'a Within, levels: &[usize]) -> Option<Vec<&'a str>> {
    let Within::Areas(own) = within else { return Some(vec![""]) };
    // Of two areas one in the other the outer one counts for both.
    let is_inner = |it: &str| own.iter().any(|other| other != it && it.starts_with(other.as_str()));
    let mut outer: Vec<&str> = own.iter().map(String::as_str).filter(|it| !is_inner(it)).collect();
    outer.sort_unstable();
    outer.dedup();
    outer.iter().all(|it| levels.contains(&it.len())).then_some(outer)
}

/// Which child of an area a code belongs to.
struct Groups {
    known: BTreeMap<String, AreaRow>,
    cut: Option<usize>,
}

impl Groups {
    fn of(parent: Option<&str>, known: Vec<AreaRow>, levels: Vec<usize>) -> Self {
        let length = parent.map_or(0, str::len);
        let cut = levels.into_iter().find(|it| *it > length);
        Self { known: known.into_iter().map(|it| (it.code.clone(), it)).collect(), cut }
    }

    /// The child that is known, else the code cut to the next level of the pack.
    fn group(&self, area: &Group) -> String {
        let Group::Area(code) = area else { return String::new() };
        let ends = code.char_indices().map(|it| it.0).skip(1).chain([code.len()]);
        let known = ends.filter_map(|it| code.get(..it)).find(|it| self.known.contains_key(*it));
        let cut = self.cut.and_then(|it| code.get(..it));
        known.or(cut).unwrap_or(code).to_owned()
    }
}
