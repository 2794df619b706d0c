//! People in: checked, compared with what is there, written with everything that hangs on them.

pub(super) mod drafts;
pub(super) mod writing;

use crate::live::{Act, Live, Rejected};
use base::Diagnostic;
use drafts::{Drafts, Taken};
use std::fmt;
use store::Tx;

/// So many rows of one call are each compared with everybody who is like them.
const FEW: usize = 1_000;

/// A person as somebody tells of one. What is not told stays as it is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NewPerson {
    /// The id, as the member of facts.
    pub person_id: String,
    /// The household; needed for somebody new.
    pub household_id: Option<String>,
    /// The code that offices write for that household.
    pub household_code: Option<String>,
    /// Where that household lives, if neither facts nor the registry say.
    pub area_code: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Sex.
    pub sex: Option<String>,
    /// Birth, in days from 1970-01-01; else what the identity number says.
    pub birth_date: Option<i64>,
    /// Place of birth.
    pub birth_place: Option<String>,
    /// Relation to the head of the household.
    pub relation: Option<String>,
    /// `active`, `moved` or `dead`.
    pub status: Option<String>,
    /// Since which day household and status are so; else the day on which it is told.
    pub day: Option<i64>,
    /// The scheme of the identity number; the policy's first where absent.
    pub identity_scheme: Option<String>,
    /// Identity number.
    pub identity_number: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Account that money is sent to.
    pub bank_account: Option<String>,
    /// What somebody has to know of the person's health.
    pub health_note: Option<String>,
    /// Who tells it.
    pub source: Option<String>,
}

/// Whoever prints it sees nobody.
impl fmt::Debug for NewPerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewPerson").field("person_id", &self.person_id).finish_non_exhaustive()
    }
}

/// What became of people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// New in the registry.
    pub accepted: u64,
    /// There before, and told otherwise now.
    pub changed: u64,
    /// There before, as told.
    pub known: u64,
    /// Pairs that may be one person, found now.
    pub suspected: u64,
    /// Not taken; the others were.
    pub rejected: Vec<Rejected>,
}

impl Live {
    /// Registers people, or changes what is kept of them, as part of a transaction. The same again
    /// changes nothing. Of many rows in one call only those with the same identity number are
    /// looked at as duplicates; [`Live::find_duplicates`] finds the others.
    ///
    /// # Errors
    /// Those of the database. Somebody who cannot be taken is no error: see the receipt.
    pub fn put_people(
        &self,
        tx: &mut Tx<'_>,
        rows: &[NewPerson],
        act: &Act<'_>,
    ) -> Result<Receipt, Diagnostic> {
        let mut receipt = Receipt::default();
        let mut drafts = Drafts::load(self, tx, rows, act)?;
        for (position, row) in rows.iter().enumerate() {
            match drafts.take(row) {
                Ok(Taken::New) => receipt.accepted += 1,
                Ok(Taken::Changed) => receipt.changed += 1,
                Ok(Taken::Known) => receipt.known += 1,
                Err(finding) => receipt.rejected.push(Rejected { position, finding }),
            }
        }
        receipt.suspected = drafts.write(self, tx, rows.len() <= FEW)?;
        Ok(receipt)
    }
}
