//! Making and changing users.

use super::{Role, own, password};
use crate::live::{Act, Live, is_code};
use base::Diagnostic;
use base::codes::access as codes;
use regex::Regex;
use std::sync::LazyLock;
use store::Tx;
use store::users::{self, UserRow};

/// A user to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Name to sign in with.
    pub name: String,
    /// First password; it must be changed at the first sign-in.
    pub password: String,
    /// The role.
    pub role: String,
    /// Area codes; with `*` among them everywhere.
    pub areas: Vec<String>,
    /// Whether the password must be changed at the first sign-in.
    pub must_change: bool,
}

/// How names are written: letters of any writing, digits and a few marks.
pub const NAME: &str = r"^[\p{L}\p{M}\p{N}_.@-]{1,64}$";

static NAMES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(NAME).ok());

impl Live {
    /// Makes a user, or changes role, areas and password of one that is there, and ends its
    /// sessions.
    ///
    /// # Errors
    /// A005, A007; those of the database.
    pub fn put_user(&self, new: &NewUser, act: &Act<'_>) -> Result<(), Diagnostic> {
        let fault = |message: String, hint: &str| {
            Diagnostic::new(&codes::BAD_USER, message).hint(hint.to_owned())
        };
        if !is_name(&new.name) {
            let message = format!("`{}` is no name", new.name);
            return Err(fault(message, "letters, digits and - _ . @, at most 64"));
        }
        let Some(role) = Role::parse(&new.role) else {
            let all: Vec<&str> = Role::ALL.iter().map(|it| it.name()).collect();
            let message = format!("`{}` is no role", new.role);
            return Err(fault(message, &format!("roles are {}", all.join(", "))));
        };
        let areas = areas(&new.areas).map_err(|it| fault(it, "give area codes, or *"))?;
        let password = password::hash(&new.password)?;
        self.store.write(|tx| -> Result<(), Diagnostic> {
            let user = UserRow {
                name: new.name.clone(),
                password: password.clone(),
                role: role.name().to_owned(),
                areas: areas.clone(),
                created_at: act.now,
                failures: 0,
                locked_until: 0,
                must_change: new.must_change,
                is_disabled: false,
                authority: None,
            };
            users::put(tx, &user)?;
            users::end_sessions_of(tx, &new.name, None)?;
            let content = format!("{} {areas}", role.name());
            self.record(tx, act, "user.put", Some(&new.name), content.as_bytes())
        })
    }

    /// Keeps a user from signing in, and ends its sessions.
    ///
    /// # Errors
    /// A006; those of the database.
    pub fn disable_user(&self, name: &str, act: &Act<'_>) -> Result<(), Diagnostic> {
        self.store.write(|tx| -> Result<(), Diagnostic> {
            let user = self.user(tx, name)?;
            users::put(tx, &UserRow { is_disabled: true, ..user })?;
            users::end_sessions_of(tx, name, None)?;
            self.record(tx, act, "user.disable", Some(name), b"")
        })
    }

    /// Changes somebody's own password; all their sessions end.
    ///
    /// # Errors
    /// A003 where the old one is wrong, A005; those of the database.
    pub fn change_password(
        &self,
        name: &str,
        (old, new): (&str, &str),
        now: i64,
    ) -> Result<(), Diagnostic> {
        let user = self.store.read(|tx| self.user(tx, name))?;
        if !password::is_right(old, &user.password) {
            let message = "the old password is wrong";
            return Err(Diagnostic::new(&codes::WRONG_PASSWORD, message).hint("try again"));
        }
        let password = password::hash(new)?;
        self.store.write(|tx| -> Result<(), Diagnostic> {
            // As it is now: somebody may have changed the user meanwhile.
            let user = self.user(tx, name)?;
            users::put(tx, &UserRow { password: password.clone(), must_change: false, ..user })?;
            users::end_sessions_of(tx, name, None)?;
            self.record(tx, &own(name, now), "user.password", Some(name), b"")
        })
    }

    pub(super) fn user(&self, tx: &mut Tx<'_>, name: &str) -> Result<UserRow, Diagnostic> {
        users::by_name(tx, name)?.ok_or_else(|| {
            Diagnostic::new(&codes::NO_SUCH_USER, format!("there is no user `{name}`"))
                .hint("names are compared letter by letter")
        })
    }
}

/// Whether somebody may be called so.
pub(super) fn is_name(name: &str) -> bool {
    NAMES.as_ref().is_some_and(|it| it.is_match(name))
}

/// Areas in the form that is stored.
pub(crate) fn areas(given: &[String]) -> Result<String, String> {
    let everywhere = |it: &String| it == "*";
    match given.iter().find(|it| !everywhere(it) && !is_code(it)) {
        Some(bad) => Err(format!("`{}` is no area code", bad.escape_debug())),
        None if given.iter().any(everywhere) => Ok("*".to_owned()),
        None => Ok(given.join(";")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_any_writing_and_hold_no_blanks() {
        let long = "名".repeat(64);
        for name in ["li.na", "李娜", "José-2", "ѕоня@office", "e\u{301}", long.as_str()] {
            assert!(is_name(name), "{name}");
        }
        let longer = format!("{long}名");
        for name in ["", "li na", "a/b", "a\n", "李;娜", "😀", longer.as_str()] {
            assert!(!is_name(name), "{name:?}");
        }
    }
}
