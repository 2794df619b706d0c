//! The facts of households out of the store, as the chain takes them.

mod kept;

pub use kept::Kept;

use super::Live;
use super::retention::ERASURES;
use base::Diagnostic;
use compact_str::CompactString;
use kept::{History, Since};
use monitor::facts::{Fact, FactCodes, MEMBER_OF, SITE, Shared};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::facts::{self, FactRow, FactView, Subject};
use store::links::{self, Link};
use store::people::merges;
use store::{Error, Kind, Result, Tx, settings};

/// Everything that the panel of some households is made of.
pub struct Histories {
    /// Facts by household.
    pub households: BTreeMap<String, Vec<Fact>>,
    /// Facts of their sites and of members who moved.
    pub shared: Shared,
}

impl Live {
    /// Reads the histories of households, as they were known at `as_of` (microseconds; all where
    /// absent): of facts those that `codes` ask for.
    pub(crate) fn histories(
        &self,
        tx: &mut Tx<'_>,
        codes: &FactCodes,
        households: &[&str],
        as_of: Option<i64>,
    ) -> std::result::Result<Histories, Diagnostic> {
        let erasures = settings::get(tx, ERASURES)?.and_then(|it| it.parse().ok());
        // What was known at a time in the past is asked for rarely.
        let kept = as_of.is_none().then(|| self.kept.since(erasures.unwrap_or(0)));
        Reading { codes, as_of, kept, read: BTreeMap::new() }.histories(tx, households)
    }

    /// As [`Live::histories`] of today, for whoever goes over the whole registry: nothing is kept
    /// of them in memory, where it would take the place of what is used more often.
    pub(crate) fn histories_once(
        &self,
        tx: &mut Tx<'_>,
        codes: &FactCodes,
        households: &[&str],
    ) -> std::result::Result<Histories, Diagnostic> {
        Reading { codes, as_of: None, kept: None, read: BTreeMap::new() }.histories(tx, households)
    }
}

/// Facts by subject, as far as they were read.
struct Reading<'a> {
    codes: &'a FactCodes,
    as_of: Option<i64>,
    kept: Option<Since<'a>>,
    read: BTreeMap<Subject, Vec<Fact>>,
}

impl Reading<'_> {
    /// The histories of households, with what sites and members add to them.
    fn histories(
        mut self,
        tx: &mut Tx<'_>,
        households: &[&str],
    ) -> std::result::Result<Histories, Diagnostic> {
        let codes = self.codes;
        let subjects = households.iter().map(|it| Subject::Household((*it).to_owned()));
        self.load(tx, subjects.collect())?;
        let own = self.read.values().flatten();
        let mut members: BTreeSet<String> =
            own.clone().filter_map(|it| it.member.as_ref().map(ToString::to_string)).collect();
        let site = codes.number(SITE);
        let sites: BTreeSet<Subject> = own
            .filter(|it| Some(it.code) == site && it.member.is_none())
            .map(|it| Subject::Site(it.text.to_string()))
            .collect();
        members.extend(links::of(tx, Link::Joined, households)?.into_iter().map(|it| it.1));
        let members: Vec<&str> = members.iter().map(String::as_str).collect();
        let aliases = merges::aliases(tx, &members)?;
        let lies = movers(tx, &members, &aliases)?;
        let elsewhere = lies.iter().map(|it| it.1.clone()).chain(sites.iter().cloned());
        self.load(tx, elsewhere.collect())?;
        let of_movers = lies.iter().flat_map(|(member, subject)| {
            let facts = self.of(subject).iter();
            facts.filter(|it| it.member.as_deref() == Some(member.as_str()))
        });
        let of_sites = sites.iter().flat_map(|it| self.of(it));
        let counted = |it: Fact| counted(it, &aliases);
        let shared = Shared::of(of_movers.chain(of_sites).cloned().map(counted), codes);
        let mut histories = BTreeMap::new();
        for household in households {
            let subject = Subject::Household((*household).to_owned());
            let facts = self.read.remove(&subject).unwrap_or_default();
            histories.insert((*household).to_owned(), facts.into_iter().map(counted).collect());
        }
        Ok(Histories { households: histories, shared })
    }

    fn of(&self, subject: &Subject) -> &[Fact] {
        self.read.get(subject).map_or(&[], Vec::as_slice)
    }

    /// Reads the facts of subjects that were not read yet.
    fn load(&mut self, tx: &mut Tx<'_>, subjects: BTreeSet<Subject>) -> Result<()> {
        let wanted: Vec<Subject> =
            subjects.into_iter().filter(|it| !self.read.contains_key(it)).collect();
        let Some(kept) = self.kept else {
            let mut found = self.after(tx, &wanted, 0)?;
            for subject in wanted {
                let facts = found.remove(&subject).unwrap_or_default();
                self.read.insert(subject, facts.into_iter().map(|it| it.1).collect());
            }
            return Ok(());
        };
        let upto = facts::committed(tx)?;
        let mut known: Vec<(Subject, History)> = Vec::with_capacity(wanted.len());
        let mut unknown = Vec::new();
        for subject in wanted {
            match kept.take(self.codes, &subject, upto) {
                Some(history) => known.push((subject, history)),
                None => unknown.push(subject),
            }
        }
        let first = known.iter().map(|it| it.1.upto).min().unwrap_or_default();
        let subjects: Vec<Subject> = known.iter().map(|it| it.0.clone()).collect();
        let mut found = self.after(tx, &subjects, first)?;
        found.extend(self.after(tx, &unknown, 0)?);
        let unknown = unknown.into_iter().map(|it| (it, History::default()));
        for (subject, mut history) in known.into_iter().chain(unknown) {
            let news = found.remove(&subject).unwrap_or_default();
            let news = news.into_iter().filter(|it| it.0 > history.upto);
            let (lasting, passing): (Vec<_>, Vec<_>) = news.partition(|it| it.0 <= upto);
            history.extend(lasting.iter().map(|it| &it.1), upto).ok_or_else(unreadable)?;
            let mut facts = history.facts(self.codes, &subject).ok_or_else(unreadable)?;
            facts.extend(passing.into_iter().map(|it| it.1));
            kept.put(self.codes, subject.clone(), history);
            self.read.insert(subject, facts);
        }
        Ok(())
    }

    /// Facts of subjects that came after a number, each with its number.
    fn after(&self, tx: &mut Tx<'_>, subjects: &[Subject], after: i64) -> Result<Numbered> {
        let mut at: Option<(Subject, Vec<(i64, Fact)>)> = None;
        let mut found = Numbered::new();
        facts::visit(tx, subjects, after, &mut |subject, view| {
            if at.as_ref().is_none_or(|it| it.0 != *subject) {
                found.extend(at.replace((subject.clone(), Vec::new())));
            }
            let is_known = self.as_of.is_none_or(|it| view.recorded_at <= it);
            if let Some((_, facts)) = at.as_mut().filter(|_| is_known) {
                facts.extend(fact(self.codes, subject, view).map(|it| (view.number, it)));
            }
        })?;
        found.extend(at);
        Ok(found)
    }
}

/// Facts by subject, each with its number.
type Numbered = HashMap<Subject, Vec<(i64, Fact)>>;

fn unreadable() -> Error {
    Error::new(Kind::Fault, "a history cannot be kept in memory, or not be read from there")
}

/// Whose facts count as whose: see [`merges::aliases`].
type Aliases = BTreeMap<String, String>;

/// Where facts of members lie who moved, and of all who are one person with somebody.
fn movers(tx: &mut Tx<'_>, members: &[&str], aliases: &Aliases) -> Result<facts::Lies> {
    let mut lies = facts::movers(tx, members)?;
    let merged: Vec<&str> = aliases.keys().map(String::as_str).collect();
    lies.extend(facts::lies(tx, &merged)?);
    Ok(lies)
}

/// A fact under the member that counts.
fn counted(mut fact: Fact, aliases: &Aliases) -> Fact {
    if let Some(kept) = fact.member.as_deref().and_then(|it| aliases.get(it)) {
        fact.member = Some(kept.into());
    }
    fact
}

/// A fact as the chain takes it; `None` where nothing of the pack asks for its code. Its
/// household is said by where it is put.
fn fact(codes: &FactCodes, subject: &Subject, view: &FactView<'_>) -> Option<Fact> {
    let code = codes.number(view.fact)?;
    let from = view.valid_from.try_into().ok()?;
    let to = view.valid_to.map(i32::try_from).transpose().ok()?;
    Some(Fact {
        id: view.fact_id.into(),
        household: CompactString::const_new(""),
        member: view.member_id.map(CompactString::from),
        site: match subject {
            Subject::Site(site) => Some(site.into()),
            Subject::Household(_) | Subject::Member(_) => None,
        },
        code,
        number: monitor::facts::number(view.value),
        text: view.value.into(),
        from,
        to,
        begins: codes.period(from),
        at: codes.period(to.unwrap_or(from)),
        recorded_at: view.recorded_at,
        supersedes: view.supersedes.map(CompactString::from),
    })
}

/// What facts say beyond their own household: where members lie, who joined which household, who
/// lives on which site.
#[derive(Default)]
pub struct Links {
    /// Facts of a member under a subject that say where the member belongs, counted.
    pub members: BTreeMap<(String, Subject), i64>,
    /// Household and member.
    pub joined: BTreeSet<(String, String)>,
    /// Site and household.
    pub settled: BTreeSet<(String, String)>,
}

impl Links {
    /// Those of some facts.
    pub fn of(facts: &[&FactRow]) -> Self {
        let mut links = Self::default();
        for fact in facts {
            if let Some(member) = &fact.member_id {
                let lies = links.members.entry((member.clone(), fact.subject.clone())).or_default();
                if fact.fact == MEMBER_OF {
                    *lies += 1;
                    links.joined.insert((fact.value.clone(), member.clone()));
                }
            } else if let (SITE, Subject::Household(household)) =
                (fact.fact.as_str(), &fact.subject)
            {
                links.settled.insert((fact.value.clone(), household.clone()));
            }
        }
        links
    }

    /// Writes them.
    pub fn note(&self, tx: &mut Tx<'_>) -> Result<()> {
        facts::note_members(tx, &self.members)?;
        links::add(tx, Link::Joined, &self.joined)?;
        links::add(tx, Link::Settled, &self.settled)
    }
}

/// Households whose panel some facts may change, beside those they were recorded under: of a site
/// everyone who lives there, of a member who moved every household of that member.
pub fn reached(tx: &mut Tx<'_>, facts: &[&FactRow]) -> Result<BTreeMap<String, Vec<String>>> {
    let mut reached: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let sites: BTreeSet<&str> = facts
        .iter()
        .filter_map(
            |it| if let Subject::Site(site) = &it.subject { Some(site.as_str()) } else { None },
        )
        .collect();
    let sites: Vec<&str> = sites.into_iter().collect();
    for (site, household) in links::of(tx, Link::Settled, &sites)? {
        reached.entry(format!("S{site}")).or_default().push(household);
    }
    let members: BTreeSet<&str> = facts.iter().filter_map(|it| it.member_id.as_deref()).collect();
    let members: Vec<&str> = members.into_iter().collect();
    let aliases = merges::aliases(tx, &members)?;
    let lies = movers(tx, &members, &aliases)?;
    let subjects: Vec<Subject> = lies.iter().map(|it| it.1.clone()).collect();
    facts::of(tx, &subjects, &mut |fact| {
        let Some(member) =
            fact.member_id.filter(|it| lies.contains(&(it.clone(), fact.subject.clone())))
        else {
            return Ok(());
        };
        let households = reached.entry(format!("M{member}")).or_default();
        if fact.fact == MEMBER_OF {
            households.push(fact.value);
        }
        if let Subject::Household(household) = fact.subject {
            households.push(household);
        }
        Ok(())
    })?;
    share(&mut reached, &aliases);
    Ok(reached)
}

/// Whoever is one person with others reaches all their households.
fn share(reached: &mut BTreeMap<String, Vec<String>>, aliases: &Aliases) {
    let mut together: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (member, kept) in aliases {
        let own = reached.get(&format!("M{member}")).cloned().unwrap_or_default();
        together.entry(kept).or_default().extend(own);
    }
    for (member, kept) in aliases {
        let all = together.get(kept.as_str()).cloned().unwrap_or_default();
        reached.insert(format!("M{member}"), all);
    }
}
