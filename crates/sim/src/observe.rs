//! What departments and visits report of a household: noisy, late, with gaps, at times twice.

use crate::areas::Site;
use crate::config::Config;
use crate::facts::{Day, Fact, days_of};
use crate::latent::{History, Shock};
use crate::people::{Household, generator};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

mod departments;
mod visits;

/// Facts of sites, told once at the start.
pub fn of_sites(config: &Config, sites: &[Site]) -> Vec<Fact> {
    let (start, _) = days_of(config.start);
    let fact = |site: &Site| Fact {
        id: format!("F-{}", site.id),
        household: None,
        member: None,
        site: Some(site.id.clone()),
        code: "site.services",
        value: site.services.to_string(),
        from: start - 400,
        to: None,
        recorded: start - 390,
        source: "site",
        supersedes: None,
    };
    sites.iter().map(fact).collect()
}

/// Everything reported of a household, in the order in which it was learned.
pub fn of_household(
    config: &Config,
    household: &Household,
    history: &History,
    sites: &[Site],
) -> Vec<Fact> {
    let mut desk = Desk {
        config,
        household,
        history,
        id: config.household_id(household.number),
        rng: generator(config, household.number, 4),
        facts: Vec::new(),
        count: 0,
    };
    visits::register(&mut desk, sites);
    for month in 0..config.months {
        departments::month(&mut desk, month);
    }
    visits::all(&mut desk);
    let mut facts = desk.facts;
    facts.sort_by(|a, b| (a.recorded, &a.id).cmp(&(b.recorded, &b.id)));
    facts
}

/// Where reports of one household come together.
struct Desk<'a> {
    config: &'a Config,
    household: &'a Household,
    history: &'a History,
    id: String,
    rng: ChaCha8Rng,
    facts: Vec<Fact>,
    count: u32,
}

/// A report before it is filed.
struct Report {
    code: &'static str,
    value: String,
    from: Day,
    to: Option<Day>,
    source: &'static str,
    /// Days until it is learned, at least and at most.
    delay: (i32, i32),
}

impl Desk<'_> {
    fn chance(&mut self, probability: f64) -> bool {
        self.rng.random::<f64>() < probability
    }

    fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.rng)
    }

    fn member_id(&self, member: usize) -> String {
        format!("{}-{}", self.id, member + 1)
    }

    fn next_id(&mut self) -> String {
        self.count += 1;
        format!("F-{}-{:04}", self.id, self.count)
    }

    /// Files a report about the household.
    fn report(&mut self, report: Report) {
        self.file(None, report);
    }

    /// Files a report about a member.
    fn report_member(&mut self, member: usize, report: Report) {
        let member = self.member_id(member);
        self.file(Some(member), report);
    }

    fn file(&mut self, member: Option<String>, report: Report) {
        let delay = self.rng.random_range(report.delay.0..=report.delay.1);
        let id = self.next_id();
        let fact = Fact {
            id,
            household: Some(self.id.clone()),
            member,
            site: None,
            code: report.code,
            value: report.value,
            from: report.from,
            to: report.to,
            recorded: report.to.unwrap_or(report.from) + delay,
            source: report.source,
            supersedes: None,
        };
        if self.chance(self.config.duplicated) {
            let (id, later) = (self.next_id(), self.rng.random_range(1..20));
            let recorded = fact.recorded + later;
            self.facts.push(Fact { id, recorded, source: "township", ..fact.clone() });
        }
        let is_number = fact.value.parse::<f64>().is_ok_and(|it| it > 100.0);
        if is_number && self.chance(self.config.corrected) {
            let (id, later) = (self.next_id(), self.rng.random_range(5..60));
            // The first report had a slip: a tenth too much or too little.
            let slipped =
                fact.value.parse::<f64>().unwrap_or(0.0) * if later % 2 == 0 { 1.1 } else { 0.9 };
            let wrong = Fact { value: format!("{}", slipped.round()), ..fact.clone() };
            let supersedes = Some(wrong.id.clone());
            let recorded = fact.recorded + later;
            self.facts.push(wrong);
            self.facts.push(Fact { id, recorded, supersedes, ..fact });
            return;
        }
        self.facts.push(fact);
    }

    /// Whether a shock of a kind struck in a month.
    fn struck(&self, month: u32, shock: Shock) -> bool {
        self.history.shocks.contains(&(month, shock))
    }

    /// Months since a shock of a kind last struck, up to a month.
    fn since(&self, month: u32, shock: Shock) -> Option<u32> {
        let earlier = self.history.shocks.iter().filter(|it| it.1 == shock && it.0 <= month);
        earlier.map(|it| month - it.0).min()
    }

    /// How well off the household is in a month, as standard deviations from the median: what a
    /// person at the door would sense.
    fn standing(&self, month: u32) -> f64 {
        let spread = self.config.level_sd + self.config.passing_sd;
        (self.history.consumption[month as usize] / self.config.median).ln() / spread
    }
}
