//! What was told last of each thing.

use crate::live::Live;
use crate::live::standing::standing;
use crate::sentences;
use crate::words::Both;
use base::Diagnostic;
use monitor::explain::Value;
use pack::{Attribute, Pack};
use std::collections::BTreeMap;
use store::facts::{self, FactRow, Subject};
use store::{Tx, Within};

/// The last fact of a code.
#[derive(Clone, Debug)]
pub struct LastFact {
    /// The fact.
    pub row: FactRow,
    /// What it is about, in words.
    pub label: Both,
    /// Its value in words.
    pub told: Both,
}

impl Live {
    /// The last fact of each code that counts, of the household and of each member; `None` where
    /// it may not be seen.
    ///
    /// # Errors
    /// Those of the database.
    pub fn last_facts(
        &self,
        tx: &mut Tx<'_>,
        household: &str,
        within: &Within,
    ) -> Result<Option<Vec<LastFact>>, Diagnostic> {
        if !self.is_seen(tx, household, within)? {
            return Ok(None);
        }
        let rows = own_facts(tx, household)?;
        let mut last: BTreeMap<(String, Option<String>), FactRow> = BTreeMap::new();
        for row in standing(rows) {
            let key = |it: &FactRow| {
                (it.valid_to.unwrap_or(it.valid_from), it.recorded_at, it.fact_id.clone())
            };
            let known = last.entry((row.fact.clone(), row.member_id.clone()));
            let known = known.or_insert_with(|| row.clone());
            if key(&row) > key(known) {
                *known = row;
            }
        }
        let pack = self.pack();
        let told = |row: FactRow| {
            let (label, told) = in_words(&pack, &row);
            LastFact { row, label, told }
        };
        Ok(Some(last.into_values().map(told).collect()))
    }
}

/// Facts recorded under a household, in the order they came.
pub(super) fn own_facts(tx: &mut Tx<'_>, household: &str) -> Result<Vec<FactRow>, Diagnostic> {
    let mut rows = Vec::new();
    facts::of(tx, &[Subject::Household(household.to_owned())], &mut |row| {
        rows.push(row);
        Ok(())
    })?;
    Ok(rows)
}

/// What a fact is about and what it says; its code and text where no attribute is made of it.
pub(super) fn in_words(pack: &Pack, row: &FactRow) -> (Both, Both) {
    let plain = |text: &str| Both { en: text.to_owned(), zh: text.to_owned() };
    let is_of = |it: &&Attribute| it.from.as_ref().is_some_and(|it| it.fact == row.fact);
    let Some(attribute) = pack.attributes.iter().find(is_of) else {
        return (plain(&row.fact), plain(&row.value));
    };
    // Of members that are counted each fact says whether it holds.
    let value = match (row.value.as_str(), monitor::facts::number(&row.value)) {
        ("true", _) => Value::Boolean(true),
        ("false", _) => Value::Boolean(false),
        (_, Some(number)) => Value::Number(number),
        _ => Value::Text(row.value.clone()),
    };
    let told = Both::each(|language| sentences::value(attribute, &value, language));
    (Both::of(&attribute.label), told)
}
