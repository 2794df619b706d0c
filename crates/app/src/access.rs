//! Who may see and do what: role × area, decided here and nowhere else.
//!
//! A role says which actions are allowed; areas say on whose rows. A statistician sees counts and
//! no household; an administrator manages users and sees no household unless given another role.

mod password;
mod sign_in;
mod users;

pub use sign_in::{Session, Signed};
pub use users::NewUser;

use crate::live::Act;
use base::codes::access as codes;
use base::{AreaCode, Diagnostic};
use store::Within;

/// What somebody is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Visits households, writes facts, takes note of warnings.
    Officer,
    /// Watches over officers and closes periods.
    Supervisor,
    /// Reads counts.
    Statistician,
    /// Manages users, reads the audit.
    Administrator,
}

/// Something that may be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Households per area and band.
    ReadCounts,
    /// Households, their scores, warnings and events.
    ReadHouseholds,
    /// Facts.
    WriteFacts,
    /// Taking note of a warning.
    Acknowledge,
    /// The end of a period.
    ClosePeriod,
    /// Users and their tokens.
    ManageUsers,
    /// The audit chain.
    ReadAudit,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 4] =
        [Role::Officer, Role::Supervisor, Role::Statistician, Role::Administrator];

    /// The word used in files and requests.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Officer => "officer",
            Role::Supervisor => "supervisor",
            Role::Statistician => "statistician",
            Role::Administrator => "administrator",
        }
    }

    /// Reads [`Role::name`].
    pub fn parse(text: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|it| it.name() == text)
    }

    /// Whether the role goes as far as an action.
    pub const fn allows(self, action: Action) -> bool {
        use Action as A;
        match self {
            Role::Officer => {
                matches!(action, A::ReadCounts | A::ReadHouseholds | A::WriteFacts | A::Acknowledge)
            }
            Role::Supervisor => matches!(
                action,
                A::ReadCounts | A::ReadHouseholds | A::WriteFacts | A::Acknowledge | A::ClosePeriod
            ),
            Role::Statistician => matches!(action, A::ReadCounts),
            Role::Administrator => matches!(action, A::ManageUsers | A::ReadAudit),
        }
    }
}

impl Action {
    /// Every action.
    pub const ALL: [Action; 7] = [
        Action::ReadCounts,
        Action::ReadHouseholds,
        Action::WriteFacts,
        Action::Acknowledge,
        Action::ClosePeriod,
        Action::ManageUsers,
        Action::ReadAudit,
    ];

    /// The word that a token's scope has.
    pub const fn name(self) -> &'static str {
        match self {
            Action::ReadCounts => "counts:read",
            Action::ReadHouseholds => "households:read",
            Action::WriteFacts => "facts:write",
            Action::Acknowledge => "warnings:acknowledge",
            Action::ClosePeriod => "periods:close",
            Action::ManageUsers => "users:manage",
            Action::ReadAudit => "audit:read",
        }
    }
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The user's name.
    pub name: String,
    /// The user's role.
    pub role: Role,
    /// Whose rows may be seen.
    pub within: Within,
    /// What the token is good for; empty: everything the role allows.
    pub scopes: Vec<String>,
    /// Whether the password has to be changed before anything else.
    pub must_change: bool,
}

impl Principal {
    /// Whether an action is allowed.
    ///
    /// # Errors
    /// A002 where it is not.
    pub fn may(&self, action: Action) -> Result<(), Diagnostic> {
        if self.must_change {
            let finding = Diagnostic::new(&codes::FORBIDDEN, "the password must be changed first");
            return Err(finding.hint("POST /api/v1/me/password"));
        }
        let in_scope = self.scopes.is_empty() || self.scopes.iter().any(|it| it == action.name());
        if in_scope && self.role.allows(action) {
            return Ok(());
        }
        let message = format!("a {} may not do this ({})", self.role.name(), action.name());
        Err(Diagnostic::new(&codes::FORBIDDEN, message)
            .hint("ask an administrator for a role or a token that may"))
    }

    /// Whether rows of an area may be seen.
    pub fn sees(&self, area: Option<&AreaCode>) -> bool {
        self.within.holds(area.map(AreaCode::as_str))
    }
}

/// Areas as they are stored; `*` is everywhere, nothing is nowhere.
pub(crate) fn within(areas: &str) -> Within {
    if areas == "*" {
        return Within::Everywhere;
    }
    Within::Areas(areas.split(';').filter(|it| !it.is_empty()).map(str::to_owned).collect())
}

/// Somebody acting on their own name alone.
fn own(actor: &str, now: i64) -> Act<'_> {
    Act { actor, now, within: &NOWHERE }
}

static NOWHERE: Within = Within::Areas(Vec::new());
