//! Who belongs to a household, where it lives and when it is there.

use crate::facts::{self, Fact, FactCodes, Shared};
use base::{Period, PeriodKind};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The registry's view of one household.
pub struct Registry<'a> {
    household: &'a str,
    own: Vec<&'a Fact>,
    members: BTreeMap<&'a str, Vec<&'a Fact>>,
    areas: Vec<&'a Fact>,
    sites: Vec<&'a Fact>,
    of_sites: BTreeMap<&'a str, Vec<&'a Fact>>,
    closed: Option<i32>,
    codes: (Option<u16>, Option<u16>),
}

/// The facts that count for a household in a period.
pub struct Around<'a> {
    /// The period's last day.
    pub end: i32,
    /// About the household.
    pub household: [&'a [&'a Fact]; 1],
    /// About each of its members of that period.
    pub members: Vec<&'a [&'a Fact]>,
    /// About the site it lives in.
    pub site: [&'a [&'a Fact]; 1],
}

/// Days since 1970-01-01 as a period.
pub fn period_of(kind: PeriodKind, day: i32) -> Option<i32> {
    let epoch = jiff::civil::date(1970, 1, 1);
    let day: Date = epoch.checked_add(jiff::Span::new().try_days(i64::from(day)).ok()?).ok()?;
    Period::containing(kind, day).map(Period::index)
}

/// The last day of a period in days since 1970-01-01.
pub fn last_day(period: Period) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    let last = period.last_day().and_then(|it| it.since(epoch).ok());
    last.map_or(i32::MAX, |it| it.get_days())
}

impl<'a> Registry<'a> {
    /// Sorts a household's facts by whom they are about.
    pub fn of(
        household: &'a str,
        facts: &'a [Fact],
        codes: &FactCodes,
        shared: &'a Shared,
    ) -> Self {
        let is = |code: &str, fact: &Fact| codes.number(code) == Some(fact.code);
        let own: Vec<&Fact> = facts.iter().filter(|it| it.member.is_none()).collect();
        let mut members: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
        for fact in facts {
            if let Some(member) = &fact.member
                && shared.mover(member).is_none()
            {
                members.entry(member).or_default().push(fact);
            }
        }
        let here = facts.iter().filter_map(|it| it.member.as_deref());
        let joined = shared.joined(household).iter().map(String::as_str);
        for member in here.chain(joined) {
            if let Some(facts) = shared.mover(member) {
                members.entry(member).or_insert_with(|| facts.iter().collect());
            }
        }
        let of_code = |code: &str| -> Vec<&Fact> {
            let mut found: Vec<&Fact> = own.iter().copied().filter(|it| is(code, it)).collect();
            found.sort_by(|a, b| {
                (a.from, a.recorded_at, &a.id).cmp(&(b.from, b.recorded_at, &b.id))
            });
            found
        };
        let closed = of_code(facts::CLOSED).first().and_then(|it| it.begins);
        let (areas, sites) = (of_code(facts::AREA), of_code(facts::SITE));
        let of_site = |it: &&'a Fact| (it.text.as_str(), shared.site(&it.text).iter().collect());
        let of_sites = sites.iter().map(of_site).collect();
        let codes = (codes.number(facts::MEMBER_OF), codes.number(facts::MEMBER_LEFT));
        Self { household, own, members, areas, sites, of_sites, closed, codes }
    }

    /// The period in which it begins.
    pub fn start(&self) -> Option<i32> {
        self.areas.first().and_then(|it| it.begins)
    }

    /// The last period it has a row in, where it ended.
    pub fn end(&self) -> Option<i32> {
        self.closed
    }

    /// Its area at the end of a period.
    pub fn area(&self, period: Period) -> Option<&'a str> {
        let end = last_day(period);
        self.areas.iter().rev().find(|it| it.from <= end).map(|it| it.text.as_str())
    }

    /// The facts that count in a period.
    pub fn around(&'a self, period: Period) -> Around<'a> {
        let end = last_day(period);
        let members = self.members.values().filter(|it| self.belongs(it, period, end));
        let site = self.sites.iter().rev().find(|it| it.from <= end);
        let site = site.and_then(|it| self.of_sites.get(it.text.as_str()));
        Around {
            end,
            household: [&self.own],
            members: members.map(Vec::as_slice).collect(),
            site: [site.map_or(&[], Vec::as_slice)],
        }
    }

    /// Whether a member belongs here at the end of a period: the latest word on where the member
    /// belongs is this household, and the member has not left in an earlier period. A member of
    /// whom nobody ever said so belongs to the household of the record.
    fn belongs(&self, facts: &[&Fact], period: Period, end: i32) -> bool {
        let (member_of, member_left) = self.codes;
        let left = facts.iter().filter(|it| Some(it.code) == member_left);
        let has_left = left.clone().any(|it| it.begins.is_some_and(|it| it < period.index()));
        let of: Vec<&&Fact> = facts.iter().filter(|it| Some(it.code) == member_of).collect();
        if of.is_empty() {
            return !has_left;
        }
        let latest = of
            .into_iter()
            .filter(|it| it.from <= end)
            .max_by(|a, b| (a.from, a.recorded_at, &a.id).cmp(&(b.from, b.recorded_at, &b.id)));
        !has_left && latest.is_some_and(|it| it.text == self.household)
    }
}
