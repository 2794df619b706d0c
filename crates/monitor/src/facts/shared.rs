//! Facts that more than one household needs: those of sites, and those of members who moved.
//!
//! Both are found by going over all facts before any panel is made. Memory grows with the number
//! of movers and sites, not with the number of members.

use super::{Fact, FactCodes, MEMBER_OF, settle};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Slots of the first pass: a member shares one with few others.
const SLOTS: usize = 1 << 24;

/// First pass: how often each member is said to belong somewhere, in a table of fixed size. A
/// member that shares a slot with another may be taken for a mover, which costs memory and
/// changes nothing.
pub struct MemberCounts(Vec<u8>);

impl Default for MemberCounts {
    fn default() -> Self {
        Self(vec![0; SLOTS])
    }
}

impl MemberCounts {
    /// Notes a membership.
    pub fn add(&mut self, member: &str) {
        let slot = &mut self.0[slot(member)];
        *slot = slot.saturating_add(1);
    }

    /// Whether a member may have moved.
    pub fn may_have_moved(&self, member: &str) -> bool {
        self.0[slot(member)] > 1
    }
}

fn slot(member: &str) -> usize {
    let mut hasher = DefaultHasher::new();
    member.hash(&mut hasher);
    (hasher.finish() % SLOTS as u64) as usize
}

/// Facts of sites and of movers.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    sites: BTreeMap<String, Vec<Fact>>,
    movers: BTreeMap<String, Vec<Fact>>,
    joined: BTreeMap<String, Vec<String>>,
}

impl Shared {
    /// Facts of sites, and all facts of members who are known to have moved: those of a site have
    /// the site, those of a member the member.
    pub fn of(facts: impl IntoIterator<Item = Fact>, codes: &FactCodes) -> Self {
        let mut shared = Self::default();
        for fact in facts {
            let of = match (&fact.site, &fact.member) {
                (Some(site), _) => shared.sites.entry(site.to_string()),
                (None, Some(member)) => shared.movers.entry(member.to_string()),
                (None, None) => continue,
            };
            of.or_default().push(fact);
        }
        shared.finish(codes);
        shared
    }

    /// Second pass: keeps a fact where it is one of a site or of a possible mover.
    pub fn add(&mut self, fact: &Fact, counts: &MemberCounts) {
        if let Some(site) = &fact.site {
            self.sites.entry(site.to_string()).or_default().push(fact.clone());
        } else if let Some(member) = &fact.member
            && counts.may_have_moved(member)
        {
            self.movers.entry(member.to_string()).or_default().push(fact.clone());
        }
    }

    /// Ends the second pass: settles what was gathered, and knows who ever joined a household.
    pub fn finish(&mut self, codes: &FactCodes) {
        let member_of = codes.number(MEMBER_OF);
        for facts in self.sites.values_mut().chain(self.movers.values_mut()) {
            *facts = settle(facts.iter().collect()).into_iter().cloned().collect();
        }
        for (member, facts) in &self.movers {
            for fact in facts.iter().filter(|it| Some(it.code) == member_of) {
                let members = self.joined.entry(fact.text.to_string()).or_default();
                if !members.contains(member) {
                    members.push(member.clone());
                }
            }
        }
    }

    /// Facts of a site.
    pub fn site(&self, site: &str) -> &[Fact] {
        self.sites.get(site).map_or(&[], Vec::as_slice)
    }

    /// Facts of a possible mover, wherever they were recorded.
    pub fn mover(&self, member: &str) -> Option<&[Fact]> {
        self.movers.get(member).map(Vec::as_slice)
    }

    /// Possible movers that ever joined a household.
    pub fn joined(&self, household: &str) -> &[String] {
        self.joined.get(household).map_or(&[], Vec::as_slice)
    }
}
