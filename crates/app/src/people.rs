//! The registry: households and their members, who they are, and what becomes of them.
//!
//! A person's id is the member of facts; nothing here changes a fact. Names stand plain and are
//! shown by role and area; what identifies or exposes a person is sealed, shown masked, and shown
//! whole for a reason that is kept.

mod areas;
mod check;
pub mod duplicates;
mod erase;
mod homes;
mod import;
mod marks;
mod mask;
mod merge;
mod names;
mod numbers;
mod put;
mod rotate;
mod search;
mod vault;
mod view;

pub use homes::{ENDED, HomesReceipt, NewHousehold};
pub use import::{ImportedPeople, people_spec};
pub use marks::{Mark, Marks};
pub use mask::masked;
pub use merge::{Decided, Decision};
pub use numbers::Identity;
pub use put::{NewPerson, Receipt};
pub use rotate::rotate;
pub use search::{Home, Page, Place};
pub use vault::Vault;
pub use view::{Shown, View};

use base::Diagnostic;
use base::codes::people as codes;
use jiff::civil::Date;

/// A sealed field of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The number of an identity card or other document.
    IdentityNumber,
    /// A telephone number.
    Phone,
    /// An account that money is sent to.
    BankAccount,
    /// What somebody has to know of a person's health.
    HealthNote,
}

impl Field {
    /// Every field.
    pub const ALL: [Field; 4] =
        [Field::IdentityNumber, Field::Phone, Field::BankAccount, Field::HealthNote];

    /// The word used in requests and rows.
    pub const fn name(self) -> &'static str {
        match self {
            Field::IdentityNumber => "identity_number",
            Field::Phone => "phone",
            Field::BankAccount => "bank_account",
            Field::HealthNote => "health_note",
        }
    }

    /// Reads [`Field::name`].
    pub fn parse(text: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|it| it.name() == text)
    }

    /// Whether it is to be found by its content. Equal notes would show that they are equal.
    pub const fn is_found(self) -> bool {
        !matches!(self, Field::HealthNote)
    }
}

/// What may be told of a person.
pub const STATUSES: [&str; 3] = [ACTIVE, MOVED, DEAD];
/// Lives in the household.
pub const ACTIVE: &str = "active";
/// Lives elsewhere.
pub const MOVED: &str = "moved";
/// Has died.
pub const DEAD: &str = "dead";
/// Another entry counts instead.
pub const MERGED: &str = "merged";
/// Nothing is kept.
pub const ERASED: &str = "erased";

/// Days from 1970-01-01.
pub(crate) fn days(date: Date) -> i64 {
    let epoch = jiff::civil::date(1970, 1, 1);
    date.since(epoch).map_or(0, |it| it.get_days()).into()
}

/// The day of an instant in microseconds.
pub(crate) fn day_of(micros: i64) -> i64 {
    micros.div_euclid(86_400_000_000)
}

/// Nobody there, or nobody to be seen: the answer is the same.
pub(crate) fn nobody() -> Diagnostic {
    Diagnostic::new(&codes::NO_SUCH_PERSON, "there is no such person, or none that you may see")
        .hint("ids are compared letter by letter; ask who is responsible for the area")
}
