//! Who may see and do what: role × area, decided here and nowhere else.
//!
//! A role says which actions are allowed; areas say on whose rows. A statistician sees counts and
//! no household; an administrator manages users and sees no household unless given another role.

mod password;
mod sign_in;
mod tokens;
mod users;
mod vouched;

pub use sign_in::{Session, Signed, secret};
pub use users::{NAME, NewUser};
pub use vouched::{Grant, Trust};

use crate::live::Act;
use base::codes::access as codes;
use base::{AreaCode, Diagnostic};
use store::Within;

/// What somebody is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Visits households, writes facts, takes note of warnings.
    Officer,
    /// Watches over officers, closes periods, approves policies.
    Supervisor,
    /// Reads counts, tries and proposes policies.
    Statistician,
    /// Manages users and webhooks, reads the audit.
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
    /// Names of members, and who they are.
    ReadPeople,
    /// Members and households in the registry.
    WritePeople,
    /// Identity numbers, phones, accounts and health notes, for a reason.
    Unmask,
    /// Two entries of one person made one, and apart again.
    MergePeople,
    /// What is kept of a person, erased.
    ErasePeople,
    /// Assigning, holding back and letting go of warnings.
    ManageWarnings,
    /// Files in.
    Import,
    /// Files out.
    Export,
    /// The policy in force, its versions and sources.
    ReadPolicy,
    /// What another policy would change, saving nothing.
    TryPolicy,
    /// A policy to come into force.
    ProposePolicy,
    /// A policy that somebody else proposed.
    ApprovePolicy,
    /// Where events are sent to.
    ManageWebhooks,
    /// The tree of areas, in and out.
    ManageAreas,
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
            Role::Officer => matches!(
                action,
                A::ReadCounts
                    | A::ReadHouseholds
                    | A::WriteFacts
                    | A::Acknowledge
                    | A::ManageWarnings
                    | A::ReadPeople
                    | A::WritePeople
                    | A::Unmask
                    | A::Import
                    | A::ReadPolicy
            ),
            Role::Supervisor => {
                !matches!(action, A::ManageUsers | A::ReadAudit | A::ManageWebhooks)
            }
            Role::Statistician => {
                matches!(action, A::ReadCounts | A::ReadPolicy | A::TryPolicy | A::ProposePolicy)
            }
            Role::Administrator => {
                matches!(
                    action,
                    A::ManageUsers
                        | A::ReadAudit
                        | A::ManageWebhooks
                        | A::ManageAreas
                        | A::ReadPolicy
                )
            }
        }
    }
}

impl Action {
    /// Every action.
    pub const ALL: [Action; 21] = [
        Action::ReadCounts,
        Action::ReadHouseholds,
        Action::WriteFacts,
        Action::Acknowledge,
        Action::ClosePeriod,
        Action::ManageUsers,
        Action::ReadAudit,
        Action::ReadPeople,
        Action::WritePeople,
        Action::Unmask,
        Action::MergePeople,
        Action::ErasePeople,
        Action::ManageWarnings,
        Action::Import,
        Action::Export,
        Action::ReadPolicy,
        Action::TryPolicy,
        Action::ProposePolicy,
        Action::ApprovePolicy,
        Action::ManageWebhooks,
        Action::ManageAreas,
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
            Action::ReadPeople => "people:read",
            Action::WritePeople => "people:write",
            Action::Unmask => "people:unmask",
            Action::MergePeople => "people:merge",
            Action::ErasePeople => "people:erase",
            Action::ManageWarnings => "warnings:manage",
            Action::Import => "imports:write",
            Action::Export => "exports:read",
            Action::ReadPolicy => "policy:read",
            Action::TryPolicy => "policy:try",
            Action::ProposePolicy => "policy:propose",
            Action::ApprovePolicy => "policy:approve",
            Action::ManageWebhooks => "webhooks:manage",
            Action::ManageAreas => "areas:manage",
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

/// Areas as they are to be stored.
pub(crate) use users::areas;

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
