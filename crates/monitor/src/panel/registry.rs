//! Who belongs to a household, where it lives and when it is there.

use super::steps::Step;
use crate::facts::{self, Fact, FactCodes, Shared};
use std::collections::BTreeMap;

/// The registry's view of one household over some periods.
pub struct Registry<'a> {
    own: Vec<&'a Fact>,
    members: Vec<Member<'a>>,
    areas: Vec<&'a Fact>,
    sites: Vec<&'a Fact>,
    of_sites: BTreeMap<&'a str, Vec<&'a Fact>>,
    closed: Option<i32>,
    member_of: Option<u16>,
    member_left: Option<u16>,
}

struct Member<'a> {
    id: &'a str,
    facts: Vec<&'a Fact>,
    /// Whether the member belongs here, period by period.
    belongs: Vec<bool>,
}

/// Facts of one code about one subject, and the periods in which they count for the household.
pub struct Group<'g, 'a> {
    /// In the order of settled facts.
    pub facts: &'g [&'a Fact],
    /// By period; always where absent.
    counts: Option<&'g [bool]>,
}

impl Group<'_, '_> {
    /// Whether the facts count in the period at a position.
    pub fn counts(&self, position: usize) -> bool {
        self.counts.is_none_or(|it| it[position])
    }
}

/// Of facts sorted by code those of one code.
fn of_code<'g, 'a>(facts: &'g [&'a Fact], code: u16) -> &'g [&'a Fact] {
    let start = facts.partition_point(|it| it.code < code);
    let count = facts[start..].iter().take_while(|it| it.code == code).count();
    &facts[start..start + count]
}

impl<'a> Registry<'a> {
    /// Sorts a household's settled facts by whom they are about.
    pub fn of(
        household: &'a str,
        facts: &[&'a Fact],
        codes: &FactCodes,
        shared: &'a Shared,
        steps: &[Step],
    ) -> Self {
        let own: Vec<&Fact> = facts.iter().copied().filter(|it| it.member.is_none()).collect();
        let dated = |code: &str| -> Vec<&Fact> {
            let number = codes.number(code);
            let mut found = number.map_or_else(Vec::new, |it| of_code(&own, it).to_vec());
            found.sort_by(|a, b| {
                (a.from, a.recorded_at, &a.id).cmp(&(b.from, b.recorded_at, &b.id))
            });
            found
        };
        let closed = dated(facts::CLOSED).first().and_then(|it| it.begins);
        let (areas, sites) = (dated(facts::AREA), dated(facts::SITE));
        let of_site = |it: &&'a Fact| (it.text.as_str(), shared.site(&it.text).iter().collect());
        let of_sites = sites.iter().map(of_site).collect();
        let mut registry = Self {
            own,
            members: Vec::new(),
            areas,
            sites,
            of_sites,
            closed,
            member_of: codes.number(facts::MEMBER_OF),
            member_left: codes.number(facts::MEMBER_LEFT),
        };
        let members = members(household, facts, shared);
        registry.members = members
            .into_iter()
            .map(|(id, facts)| {
                let belongs = |it: &Step| registry.belongs(household, &facts, it);
                Member { id, belongs: steps.iter().map(belongs).collect(), facts }
            })
            .collect();
        registry
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
    pub fn area(&self, step: &Step) -> Option<&'a str> {
        self.areas.iter().rev().find(|it| it.from <= step.end).map(|it| it.text.as_str())
    }

    /// Its site at the end of each period.
    pub fn sites(&self, steps: &[Step]) -> Sites<'a> {
        let at = |it: &Step| self.sites.iter().rev().find(|site| site.from <= it.end);
        let at: Vec<Option<&str>> =
            steps.iter().map(|it| at(it).map(|it| it.text.as_str())).collect();
        let mut counts: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
        for site in at.iter().flatten() {
            counts.entry(site).or_insert_with(|| at.iter().map(|it| *it == Some(*site)).collect());
        }
        Sites(counts)
    }

    /// Facts of a code about the household.
    pub fn household(&self, code: u16) -> Vec<Group<'_, 'a>> {
        vec![Group { facts: of_code(&self.own, code), counts: None }]
    }

    /// Facts of a code about each of its members, in the order of their ids.
    pub fn members(&self, code: u16) -> Vec<Group<'_, 'a>> {
        let group = |it: &'_ Member<'a>| of_code(&it.facts, code).len();
        let group_of = self.members.iter().filter(|it| group(it) > 0);
        group_of
            .map(|it| Group { facts: of_code(&it.facts, code), counts: Some(&it.belongs) })
            .collect()
    }

    /// Facts of a code about each of those who belong here in the period at a position, with the
    /// member's id.
    pub fn each_member(
        &self,
        code: u16,
        position: usize,
    ) -> impl Iterator<Item = (&'a str, &[&'a Fact])> {
        let here = self.members.iter().filter(move |it| it.belongs[position]);
        here.map(move |it| (it.id, of_code(&it.facts, code)))
    }

    /// Facts of a code about the sites it lived on.
    pub fn site<'g>(&'g self, sites: &'g Sites<'a>, code: u16) -> Vec<Group<'g, 'a>> {
        let group = |(site, counts): (&&'a str, &'g Vec<bool>)| {
            let facts = self.of_sites.get(*site)?;
            Some(Group { facts: of_code(facts, code), counts: Some(counts) })
        };
        sites.0.iter().filter_map(group).collect()
    }

    /// Whether a member belongs here at the end of a period: the latest word on where the member
    /// belongs is this household, and the member has not left in an earlier period. A member of
    /// whom nobody ever said so belongs to the household of the record.
    fn belongs(&self, household: &str, facts: &[&Fact], step: &Step) -> bool {
        let of = |code: Option<u16>| code.map_or(&[][..], |it| of_code(facts, it));
        let left = of(self.member_left).iter();
        if left.clone().any(|it| it.begins.is_some_and(|it| it < step.index)) {
            return false;
        }
        let of = of(self.member_of);
        if of.is_empty() {
            return true;
        }
        let latest = of
            .iter()
            .filter(|it| it.from <= step.end)
            .max_by(|a, b| (a.from, a.recorded_at, &a.id).cmp(&(b.from, b.recorded_at, &b.id)));
        latest.is_some_and(|it| it.text == household)
    }
}

/// Facts by member: of those recorded here, and of those who ever joined.
fn members<'a>(
    household: &str,
    facts: &[&'a Fact],
    shared: &'a Shared,
) -> BTreeMap<&'a str, Vec<&'a Fact>> {
    let mut members: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
    for fact in facts {
        let Some(member) = fact.member.as_deref() else { continue };
        match shared.mover(member) {
            None => members.entry(member).or_default().push(fact),
            Some(all) => drop(members.entry(member).or_insert_with(|| all.iter().collect())),
        }
    }
    for member in shared.joined(household) {
        if let Some(all) = shared.mover(member) {
            members.entry(member).or_insert_with(|| all.iter().collect());
        }
    }
    members
}

/// Sites of a household with the periods in which it lived there.
pub struct Sites<'a>(BTreeMap<&'a str, Vec<bool>>);
