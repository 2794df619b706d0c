//! What members are, as far as facts of them say so: a student, able to work, chronically ill.
//!
//! Which states of members are marks, what they are called and which are about health is the
//! pack's. Who may not see what else is kept of somebody's health sees that there is something and
//! not what.

use super::View;
use crate::live::{Live, OPEN};
use crate::words::Both;
use base::Diagnostic;
use monitor::{facts, panel};
use std::collections::BTreeMap;
use store::Tx;

/// What somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The attribute that it is counted in, the word for one person, and since which day (counted
    /// from 1970-01-01).
    Told(String, Both, i64),
    /// Something of health, for those who may not see what.
    Masked,
}

/// Marks by person.
pub type Marks = BTreeMap<String, Vec<Mark>>;

impl Live {
    /// Marks of the members of a household at the end of the period under watch, in the order of
    /// the pack. Those of health are masked unless `sees_health`. Whether the household may be
    /// seen was asked before.
    ///
    /// # Errors
    /// Those of the database.
    pub fn marks(
        &self,
        tx: &mut Tx<'_>,
        household: &str,
        sees_health: bool,
    ) -> Result<Marks, Diagnostic> {
        let Some(open) = self.period(tx, OPEN)? else { return Ok(Marks::new()) };
        let policy = self.policy();
        let histories = self.histories(tx, &policy.codes, &[household], None)?;
        let own = histories.households.get(household).map_or(&[][..], Vec::as_slice);
        let settled = facts::settle(own.iter().collect());
        let (pack, shared) = (policy.pack(), &histories.shared);
        let found = panel::marks(pack, &policy.codes, (household, &settled), shared, open);
        let mut marks = Marks::new();
        for it in found {
            let attribute = &pack.attributes[it.attribute];
            let Some(mark) = &attribute.mark else { continue };
            let own = marks.entry(it.member).or_default();
            if !mark.is_health || sees_health {
                let label = Both::of(&mark.label);
                own.push(Mark::Told(attribute.id.clone(), label, it.since.into()));
            } else if !own.contains(&Mark::Masked) {
                // How many there are would say something too.
                own.push(Mark::Masked);
            }
        }
        Ok(marks)
    }

    /// Marks of one person, as [`Live::marks`].
    ///
    /// # Errors
    /// Those of the database.
    pub fn marks_of(
        &self,
        tx: &mut Tx<'_>,
        person: &View,
        sees_health: bool,
    ) -> Result<Vec<Mark>, Diagnostic> {
        let mut all = self.marks(tx, &person.row.household_id, sees_health)?;
        Ok(all.remove(&person.row.person_id).unwrap_or_default())
    }
}
