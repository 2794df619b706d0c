//! Facts of households, found by whom they are about and their code without a copy of either.

use crate::live::standing::{falls, is_retraction};
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

/// Facts in the order they came, those too that stand no more.
#[derive(Default)]
pub struct Told {
    rows: Vec<FactRow>,
    /// Where facts of one hash lie, which may be of several.
    places: HashMap<u64, Places, RandomState>,
    /// Of those that were corrected, by which.
    superseded: HashMap<String, String, RandomState>,
    /// Of those that were taken back, by which.
    retracted: HashMap<String, String, RandomState>,
    /// Rows from here on are new.
    new: usize,
}

impl Told {
    /// Reads what is stored of some households.
    pub fn of(tx: &mut Tx<'_>, households: BTreeSet<&str>) -> Result<Self, Diagnostic> {
        let households = households.into_iter().map(|it| Subject::Household(it.to_owned()));
        let subjects: Vec<Subject> = households.collect();
        let mut all = Vec::new();
        facts::of(tx, &subjects, &mut |fact| {
            all.push(fact);
            Ok(())
        })?;
        let mut told = Self::default();
        for own in all.chunk_by(|a, b| a.subject == b.subject) {
            for (fallen, by) in falls(own) {
                told.falls(fallen, by);
            }
        }
        all.into_iter().for_each(|it| told.push(it));
        told.new = told.rows.len();
        Ok(told)
    }

    /// Adds a new fact behind the others; what it corrects stands no more.
    pub fn add(&mut self, fact: FactRow) {
        if let Some(corrected) = &fact.supersedes {
            self.falls(corrected, &fact);
        }
        self.push(fact);
    }

    fn falls(&mut self, fallen: &str, by: &FactRow) {
        let how = if is_retraction(by) { &mut self.retracted } else { &mut self.superseded };
        how.insert(fallen.to_owned(), by.fact_id.clone());
    }

    fn push(&mut self, fact: FactRow) {
        let Subject::Household(household) = &fact.subject else { return };
        let key = self.key(household, fact.member_id.as_deref(), &fact.fact);
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

    /// The fact that takes one back.
    pub fn retraction(&self, fact_id: &str) -> Option<&String> {
        self.retracted.get(fact_id)
    }

    /// Whether a fact was neither corrected nor taken back.
    pub fn stands(&self, fact: &FactRow) -> bool {
        self.correction(&fact.fact_id).is_none() && self.retraction(&fact.fact_id).is_none()
    }

    /// Where a household lives, as its facts say.
    pub fn area(&self, household: &str) -> Option<String> {
        let told = self.under(household, None, AREA);
        let live = told.filter(|it| self.stands(it));
        live.max_by_key(|it| (it.valid_from, it.recorded_at)).map(|it| it.value.clone())
    }

    /// The facts that are new, in the order they came.
    pub fn into_news(mut self) -> Vec<FactRow> {
        self.rows.split_off(self.new)
    }
}
