//! Tokens of machines, and the sessions of others: listed and ended.

use super::sign_in::{SESSION, Session, Signed, TOKEN, digest, secret};
use super::{Action, own};
use crate::live::{Act, Live};
use base::Diagnostic;
use base::codes::access as codes;
use store::users::{self, SessionRow};

impl Signed {
    /// Whether tokens and sessions of everybody may be seen and ended; else those that are one's
    /// own. A token that is not made for this may do neither.
    ///
    /// # Errors
    /// A002.
    pub fn may_manage_all(&self) -> Result<bool, Diagnostic> {
        match self.principal.may(Action::ManageUsers) {
            Ok(()) => Ok(true),
            Err(_) if !self.is_token && !self.principal.must_change => Ok(false),
            Err(finding) => Err(finding),
        }
    }
}

impl Live {
    /// A token for a machine that acts as a user, for some actions alone.
    ///
    /// # Errors
    /// No such user, an unknown scope; those of the database.
    pub fn make_token(
        &self,
        user: &str,
        label: &str,
        scopes: &[String],
        until: i64,
        act: &Act<'_>,
    ) -> Result<Session, Diagnostic> {
        let known = |it: &&String| Action::ALL.iter().any(|action| action.name() == **it);
        if let Some(unknown) = scopes.iter().find(|it| !known(it)) {
            let message = format!("`{unknown}` is no scope");
            let all: Vec<&str> = Action::ALL.iter().map(|it| it.name()).collect();
            let hint = format!("scopes are {}", all.join(", "));
            return Err(Diagnostic::new(&codes::BAD_USER, message).hint(hint));
        }
        let secret = secret()?;
        self.store.write(|tx| -> Result<(), Diagnostic> {
            self.user(tx, user)?;
            let row = SessionRow {
                digest: digest(&secret),
                user_name: user.to_owned(),
                kind: TOKEN.to_owned(),
                label: label.to_owned(),
                scopes: scopes.join(";"),
                created_at: act.now,
                until,
                used_day: None,
            };
            users::add_session(tx, &row)?;
            self.record(tx, act, "token.make", Some(user), row.scopes.as_bytes())
        })?;
        Ok(Session { secret, until })
    }

    /// Tokens that have not run out: those of who asks, or of everybody.
    ///
    /// # Errors
    /// A002; those of the database.
    pub fn tokens(&self, signed: &Signed, now: i64) -> Result<Vec<SessionRow>, Diagnostic> {
        let own = (!signed.may_manage_all()?).then_some(signed.principal.name.as_str());
        Ok(self.store.read(|tx| users::sessions(tx, TOKEN, own, now))?)
    }

    /// Ends a token.
    ///
    /// # Errors
    /// A008 where there is none that is one's own; those of the database.
    pub fn end_token(&self, signed: &Signed, id: &str, now: i64) -> Result<(), Diagnostic> {
        let is_all = signed.may_manage_all()?;
        let name = &signed.principal.name;
        self.store.write(|tx| {
            let found = users::session_by_id(tx, id)?;
            let found = found.filter(|it| it.kind == TOKEN && (is_all || it.user_name == *name));
            let Some(row) = found else {
                let message = "there is no such token, or none that is yours";
                let finding = Diagnostic::new(&codes::NO_SUCH_TOKEN, message);
                return Err(finding.hint("GET /api/v1/tokens lists them"));
            };
            users::end_session(tx, &row.digest)?;
            self.record(tx, &own(name, now), "token.end", Some(&row.user_name), id.as_bytes())
        })
    }

    /// Sessions of a user that have not run out.
    ///
    /// # Errors
    /// A006; those of the database.
    pub fn sessions_of(&self, name: &str, now: i64) -> Result<Vec<SessionRow>, Diagnostic> {
        self.store.read(|tx| {
            self.user(tx, name)?;
            Ok(users::sessions(tx, SESSION, Some(name), now)?)
        })
    }

    /// Ends the sessions of a user; tokens stay.
    ///
    /// # Errors
    /// A006; those of the database.
    pub fn end_sessions(&self, name: &str, act: &Act<'_>) -> Result<(), Diagnostic> {
        self.store.write(|tx| {
            self.user(tx, name)?;
            users::end_sessions_of(tx, name, Some(SESSION))?;
            self.record(tx, act, "session.end", Some(name), b"")
        })
    }
}
