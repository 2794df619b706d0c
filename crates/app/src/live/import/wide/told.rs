//! Facts of households, found by whom they are about and their code without a copy of either.

use base::Diagnostic;
use foldhash::fast::RandomState;
use monitor::facts::AREA;
use smallvec::SmallVec;
use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasher;
use store::Tx;
use store::facts::{self, FactRow, Subject};

/// Places of facts: most codes are told of once.
type Places = SmallVec<[u32; 2]>;

/// Facts in the order they came, superseded ones too.
#[derive(Default)]
pub struct Told {
    rows: Vec<FactRow>,
    /// Where facts of one hash lie, which may be of several.
    places: HashMap<u64, Places, RandomState>,
    /// Facts that were corrected, with the one that did.
    superseded: HashMap<String, String, RandomState>,
    /// Rows from here on are new.
    new: usize,
}

impl Told {
    /// Reads what is stored of some households.
    pub fn of(tx: &mut Tx<'_>, households: BTreeSet<&str>) -> Result<Self, Diagnostic> {
        let households = households.into_iter().map(|it| Subject::Household(it.to_owned()));
        let subjects: Vec<Subject> = households.collect();
        let mut told = Self::default();
        facts::of(tx, &subjects, &mut |fact| {
            told.add(fact);
            Ok(())
        })?;
        told.new = told.rows.len();
        Ok(told)
    }

    /// Adds a fact behind the others.
    pub fn add(&mut self, fact: FactRow) {
        let Subject::Household(household) = &fact.subject else { return };
        let key = self.key(household, fact.member_id.as_deref(), &fact.fact);
        if let Some(corrected) = &fact.supersedes {
            self.superseded.insert(corrected.clone(), fact.fact_id.clone());
        }
        // A piece of a file has far fewer facts than that.
        let place = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.places.entry(key).or_default().push(place);
        self.rows.push(fact);
    }

    /// What was told of a household or one of its members under a code.
    pub fn under<'a>(
        &'a self,
        household: &'a str,
        member: Option<&'a str>,
        code: &'a str,
    ) -> impl Iterator<Item = &'a FactRow> + Clone {
        let places = self.places.get(&self.key(household, member, code));
        let rows = places.into_iter().flatten().filter_map(|it| self.rows.get(*it as usize));
        rows.filter(move |it| {
            let is_of = matches!(&it.subject, Subject::Household(id) if id == household);
            is_of && it.fact == code && it.member_id.as_deref() == member
        })
    }

    fn key(&self, household: &str, member: Option<&str>, code: &str) -> u64 {
        self.places.hasher().hash_one((household, member, code))
    }

    /// The fact that corrects one.
    pub fn correction(&self, fact_id: &str) -> Option<&String> {
        self.superseded.get(fact_id)
    }

    /// Where a household lives, as its facts say.
    pub fn area(&self, household: &str) -> Option<String> {
        let told = self.under(household, None, AREA);
        let live = told.filter(|it| !self.superseded.contains_key(&it.fact_id));
        live.max_by_key(|it| (it.valid_from, it.recorded_at)).map(|it| it.value.clone())
    }

    /// The facts that are new, in the order they came.
    pub fn into_news(mut self) -> Vec<FactRow> {
        self.rows.split_off(self.new)
    }
}
