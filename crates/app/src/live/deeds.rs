//! What people do with warnings: taking note, assigning, holding back, and each of it undone.
//!
//! A deed done twice changes nothing, and its opposite leaves the warning as it was.

use super::warned::{ACKNOWLEDGED, ENDED, OPEN, event};
use super::{Act, Live};
use crate::access::{Action, Role, within};
use base::Diagnostic;
use base::codes::live as codes;
use store::warnings::{self, WarningRow};
use store::{Tx, events, users};

/// Something that is done with a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Somebody takes note.
    Acknowledge,
    /// It is as if nobody had taken note.
    Reopen,
    /// Somebody is to see to it; nobody in particular where absent.
    Assign(Option<String>),
    /// It is held back until an instant (microseconds) for a reason.
    Suppress(i64, String),
    /// It is held back no longer.
    Release,
}

/// Longest reason.
const REASON_BYTES_MAX: usize = 1_000;

impl Deed {
    /// What it is called among events and in the audit.
    const fn names(&self) -> (&'static str, &'static str) {
        match self {
            Deed::Acknowledge => ("warning.acknowledged", "warning.acknowledge"),
            Deed::Reopen => ("warning.reopened", "warning.reopen"),
            Deed::Assign(_) => ("warning.assigned", "warning.assign"),
            Deed::Suppress(..) => ("warning.suppressed", "warning.suppress"),
            Deed::Release => ("warning.reopened", "warning.release"),
        }
    }

    /// Who may do it.
    pub const fn action(&self) -> Action {
        match self {
            Deed::Acknowledge | Deed::Reopen => Action::Acknowledge,
            Deed::Assign(_) | Deed::Suppress(..) | Deed::Release => Action::ManageWarnings,
        }
    }
}

impl Live {
    /// Notes, as part of a transaction, that somebody took note of a warning.
    ///
    /// # Errors
    /// As [`Live::do_to_warning`].
    pub fn acknowledge_in(
        &self,
        tx: &mut Tx<'_>,
        warning_id: &str,
        act: &Act<'_>,
    ) -> Result<WarningRow, Diagnostic> {
        self.do_to_warning(tx, warning_id, &Deed::Acknowledge, act)
    }

    /// Does something with a warning, as part of a transaction.
    ///
    /// # Errors
    /// No such warning, or one that has ended; a user who cannot see to it; no reason or no later
    /// instant; those of the database. Nothing is written then.
    pub fn do_to_warning(
        &self,
        tx: &mut Tx<'_>,
        warning_id: &str,
        deed: &Deed,
        act: &Act<'_>,
    ) -> Result<WarningRow, Diagnostic> {
        let found = warnings::by_id(tx, warning_id)?;
        let found = found.filter(|it| act.within.holds(it.area_code.as_deref()));
        let Some(row) = found.filter(|it| it.state != ENDED) else {
            let message = format!("there is no warning `{warning_id}` that still holds");
            let finding = Diagnostic::new(&codes::NO_SUCH_WARNING, message);
            return Err(finding.hint("warnings end when their rules do not hold any more"));
        };
        let done = done(tx, &row, deed, act)?;
        if done == row {
            return Ok(row);
        }
        warnings::put(tx, std::slice::from_ref(&done))?;
        let (kind, command) = deed.names();
        events::append(tx, &mut [event(kind, &done, act.now)])?;
        let content = format!("{warning_id} {deed:?}");
        self.record(tx, act, command, Some(warning_id), content.as_bytes())?;
        Ok(done)
    }
}

/// A warning after a deed.
fn done(
    tx: &mut Tx<'_>,
    row: &WarningRow,
    deed: &Deed,
    act: &Act<'_>,
) -> Result<WarningRow, Diagnostic> {
    let mut row = row.clone();
    match deed {
        Deed::Acknowledge if row.state == ACKNOWLEDGED => {}
        Deed::Acknowledge => {
            ACKNOWLEDGED.clone_into(&mut row.state);
            row.acknowledged_at = Some(act.now);
            row.acknowledged_by = Some(act.actor.to_owned());
        }
        Deed::Reopen => {
            OPEN.clone_into(&mut row.state);
            (row.acknowledged_at, row.acknowledged_by) = (None, None);
        }
        Deed::Assign(assignee) => {
            if let Some(name) = assignee {
                assert_sees(tx, name, &row)?;
            }
            row.assignee.clone_from(assignee);
        }
        Deed::Suppress(until, reason) => {
            let reason = reason.trim();
            let is_reason =
                !reason.is_empty() && reason.len() <= REASON_BYTES_MAX && !reason.contains('\0');
            if !is_reason || *until <= act.now {
                let message = "a reason and a later day are needed to hold a warning back";
                return Err(Diagnostic::new(&codes::CANNOT_SUPPRESS, message)
                    .hint("give `reason` (at most 1000 bytes) and `until`, e.g. 2020-07-31"));
            }
            let is_same = row.suppressed_until == Some(*until)
                && row.suppressed_reason.as_deref() == Some(reason);
            if !is_same {
                row.suppressed_until = Some(*until);
                row.suppressed_by = Some(act.actor.to_owned());
                row.suppressed_reason = Some(reason.to_owned());
            }
        }
        Deed::Release => {
            (row.suppressed_until, row.suppressed_by, row.suppressed_reason) = (None, None, None);
        }
    }
    Ok(row)
}

/// Refuses a user who may not see a warning, or could do nothing about it.
fn assert_sees(tx: &mut Tx<'_>, name: &str, row: &WarningRow) -> Result<(), Diagnostic> {
    let user = users::by_name(tx, name)?.filter(|it| !it.is_disabled);
    let is_fit = user.is_some_and(|it| {
        let role = Role::parse(&it.role);
        role.is_some_and(|it| it.allows(Action::Acknowledge))
            && within(&it.areas).holds(row.area_code.as_deref())
    });
    if is_fit {
        return Ok(());
    }
    let message = format!("`{name}` is nobody who could see to this warning");
    Err(Diagnostic::new(&codes::CANNOT_ASSIGN, message)
        .hint("assign it to an officer or a supervisor of its area"))
}
