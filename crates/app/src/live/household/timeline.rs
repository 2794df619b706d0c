//! Everything that happened to a household, the newest first.

use super::facts::{in_words, own_facts};
use crate::live::Live;
use crate::live::areas::day_number;
use crate::live::standing::{falls, is_retraction};
use crate::sentences::{self, Deed};
use crate::words::Both;
use base::{Band, Diagnostic, Period};
use std::collections::BTreeMap;
use store::facts::FactRow;
use store::scores::{self, ScoreRow};
use store::warnings::{self, WarningRow};
use store::{Tx, Within};

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemKind {
    /// A fact was told.
    Fact,
    /// A fact was told that corrects another one, or takes it back.
    Correction,
    /// The band changed.
    Score,
    /// A warning was raised or taken note of.
    Warning,
}

impl ItemKind {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            ItemKind::Fact => "fact",
            ItemKind::Correction => "correction",
            ItemKind::Score => "score",
            ItemKind::Warning => "warning",
        }
    }
}

/// A place between two items: when, and which of those of that moment.
pub type Place = (i64, String);

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Item {
    /// When it was learned, in microseconds.
    pub at: i64,
    /// Its own id among the items of a household.
    pub id: String,
    /// The first day it is about.
    pub valid_from: Option<i64>,
    /// What kind of thing.
    pub kind: ItemKind,
    /// In words.
    pub text: Both,
    /// Who told it, or did it.
    pub source: Option<String>,
    /// The fact's id.
    pub fact: Option<String>,
    /// The fact's code.
    pub code: Option<String>,
    /// The member it is about.
    pub member: Option<String>,
    /// The fact that corrected it, or took it back.
    pub superseded_by: Option<String>,
    /// Why a fact corrects another one.
    pub reason: Option<String>,
    /// The band, of scores and warnings.
    pub band: Option<Band>,
}

impl Live {
    /// Items of a household after a place, the newest first, at most so many; `None` where it may
    /// not be seen.
    ///
    /// # Errors
    /// Those of the database.
    pub fn household_timeline(
        &self,
        tx: &mut Tx<'_>,
        household: &str,
        within: &Within,
        after: Option<&Place>,
        most: usize,
    ) -> Result<Option<Vec<Item>>, Diagnostic> {
        if !self.is_seen(tx, household, within)? {
            return Ok(None);
        }
        let pack = self.pack();
        let facts = own_facts(tx, household)?;
        let falls = falls(&facts);
        let by_id: BTreeMap<&str, &FactRow> =
            facts.iter().map(|it| (it.fact_id.as_str(), it)).collect();
        let mut items: Vec<Item> = Vec::new();
        for fact in &facts {
            let before = fact.supersedes.as_deref().and_then(|it| by_id.get(it));
            let text = match before.map(|it| in_words(&pack, it)) {
                Some((name, told)) if is_retraction(fact) => {
                    sentences::of_retraction(&sentences::of_fact(&name, &told, None))
                }
                corrected => {
                    let (name, told) = in_words(&pack, fact);
                    sentences::of_fact(&name, &told, corrected.map(|it| it.1).as_ref())
                }
            };
            items.push(Item {
                at: fact.recorded_at,
                id: format!("f{}", fact.fact_id),
                valid_from: Some(fact.valid_from),
                kind: if before.is_some() { ItemKind::Correction } else { ItemKind::Fact },
                text,
                source: fact.source.clone(),
                fact: Some(fact.fact_id.clone()),
                code: Some(fact.fact.clone()),
                member: fact.member_id.clone(),
                superseded_by: falls.get(fact.fact_id.as_str()).map(|it| it.fact_id.clone()),
                reason: fact.reason.clone(),
                band: None,
            });
        }
        of_scores(&pack, &scores::of_household(tx, household)?, &mut items);
        for warning in warnings::of_households(tx, &[household])? {
            of_warning(&warning, &mut items);
        }
        items.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
        let is_next =
            |it: &Item| after.is_none_or(|(at, id)| (it.at, it.id.as_str()) < (*at, id.as_str()));
        Ok(Some(items.into_iter().filter(is_next).take(most).collect()))
    }
}

/// Periods whose band is another than the one before, at the end of the period.
fn of_scores(pack: &pack::Pack, rows: &[ScoreRow], items: &mut Vec<Item>) {
    let mut before: Option<Band> = None;
    for row in rows {
        let band = band(row.band);
        let index = i32::try_from(row.period).unwrap_or_default();
        let period = Period::from_index(pack.period_kind, index);
        if before != Some(band) {
            let last = period.last_day().map_or(0, day_number);
            items.push(Item {
                at: (last + 1) * 86_400_000_000 - 1,
                id: format!("s{index}"),
                valid_from: period.first_day().map(day_number),
                kind: ItemKind::Score,
                text: sentences::of_band(before, band, &period.to_string()),
                source: None,
                fact: None,
                code: None,
                member: None,
                superseded_by: None,
                reason: None,
                band: Some(band),
            });
        }
        before = Some(band);
    }
}

fn of_warning(row: &WarningRow, items: &mut Vec<Item>) {
    let mut item = |deed: Deed, at: i64, source: Option<String>| {
        items.push(Item {
            at,
            id: format!("w{}{}", deed as u8, row.warning_id),
            valid_from: None,
            kind: ItemKind::Warning,
            text: sentences::of_warning(deed, band(row.urgency)),
            source,
            fact: None,
            code: None,
            member: None,
            superseded_by: None,
            reason: None,
            band: Some(band(row.urgency)),
        });
    };
    item(Deed::Raised, row.raised_at, None);
    if let Some(at) = row.acknowledged_at {
        item(Deed::Acknowledged, at, row.acknowledged_by.clone());
    }
}

fn band(number: i64) -> Band {
    u8::try_from(number).ok().and_then(Band::from_number).unwrap_or(Band::Unknown)
}
