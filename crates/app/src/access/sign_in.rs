//! Sessions of people and tokens of machines.
//!
//! The secret is told once; the store has its digest. Wrong passwords lock a user for a while,
//! longer each time.

use super::{Principal, Role, own, password, within};
use crate::live::Live;
use base::Diagnostic;
use base::codes::access as codes;
use store::users::{self, SessionRow, UserRow};

/// A new session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// What the browser or the machine sends from now on.
    pub secret: String,
    /// Until when, in microseconds.
    pub until: i64,
}

/// Somebody and the session they came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Who.
    pub principal: Principal,
    /// Digest of the session's secret.
    pub digest: String,
    /// Whether it is a machine's token: those are sent on purpose, never by a browser alone.
    pub is_token: bool,
}

/// How long a session lasts: a working day.
const SESSION_MICROS: i64 = 10 * 3_600 * 1_000_000;
/// Wrong passwords before a user is locked.
const FAILURES_MAX: i64 = 5;
/// The first lock; each further wrong password doubles it, up to a day.
const LOCK_MICROS: i64 = 60 * 1_000_000;

/// A session of a person.
pub(super) const SESSION: &str = "session";
/// A token of a machine.
pub(super) const TOKEN: &str = "token";

/// The day of an instant, since 1970-01-01.
fn day(now: i64) -> i64 {
    now.div_euclid(86_400 * 1_000_000)
}

pub(super) fn digest(secret: &str) -> String {
    blake3::hash(secret.as_bytes()).to_hex().to_string()
}

/// A secret that nobody guesses.
///
/// # Errors
/// A001: there is no randomness to be had.
pub fn secret() -> Result<String, Diagnostic> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| {
        Diagnostic::new(&codes::NOT_SIGNED_IN, format!("no randomness to be had: {error}"))
    })?;
    Ok(bytes.iter().map(|it| format!("{it:02x}")).collect())
}

fn wrong() -> Diagnostic {
    Diagnostic::new(&codes::WRONG_PASSWORD, "name and password do not belong together")
        .hint("try again, or ask an administrator to set a new password")
}

impl Live {
    /// Signs a person in.
    ///
    /// # Errors
    /// A003 wrong, A004 locked; those of the database.
    pub fn sign_in(&self, name: &str, given: &str, now: i64) -> Result<Session, Diagnostic> {
        let found = self.store.read(|tx| users::by_name(tx, name))?;
        let Some(user) = found.filter(|it| !it.is_disabled) else {
            password::pretend(given);
            return Err(wrong());
        };
        if user.locked_until > now {
            let seconds = (user.locked_until - now) / 1_000_000 + 1;
            let message = format!("too many wrong passwords: locked for {seconds} s more");
            return Err(Diagnostic::new(&codes::LOCKED, message).hint("wait, then try again"));
        }
        if !password::is_right(given, &user.password) {
            self.note_failure(&user.name, now)?;
            return Err(wrong());
        }
        self.start_session(&user.name, now)
    }

    /// A session of a user whom somebody vouched for: a right password, or another authority.
    ///
    /// # Errors
    /// A003 where the user may not sign in any more; those of the database.
    pub(super) fn start_session(&self, name: &str, now: i64) -> Result<Session, Diagnostic> {
        let secret = secret()?;
        let row = SessionRow {
            digest: digest(&secret),
            user_name: name.to_owned(),
            kind: SESSION.to_owned(),
            label: String::new(),
            scopes: String::new(),
            created_at: now,
            until: now + SESSION_MICROS,
            used_day: Some(day(now)),
        };
        self.store.write(|tx| -> Result<(), Diagnostic> {
            // As it is now: somebody may have changed the user meanwhile.
            let user = self.user(tx, name)?;
            if user.is_disabled {
                return Err(wrong());
            }
            users::put(tx, &UserRow { failures: 0, locked_until: 0, ..user })?;
            users::add_session(tx, &row)?;
            let act = own(&row.user_name, now);
            self.record(tx, &act, "session.start", Some(&row.user_name), row.digest.as_bytes())
        })?;
        Ok(Session { secret, until: row.until })
    }

    fn note_failure(&self, name: &str, now: i64) -> Result<(), Diagnostic> {
        self.store.write(|tx| -> Result<(), Diagnostic> {
            // As it is now: of guesses made at once each one counts.
            let user = self.user(tx, name)?;
            let failures = user.failures + 1;
            let over = failures - FAILURES_MAX;
            let lock = if over < 0 { 0 } else { LOCK_MICROS << over.min(10) };
            let lock = if lock > 0 { now + lock.min(86_400 * 1_000_000) } else { 0 };
            let locked_until = user.locked_until.max(lock);
            users::put(tx, &UserRow { failures, locked_until, ..user })?;
            self.record(tx, &own(name, now), "session.refuse", Some(name), b"")
        })
    }

    /// Who comes with a secret.
    ///
    /// # Errors
    /// A001 where it is none, or none any more; those of the database.
    pub fn signed_in(&self, secret: &str, now: i64) -> Result<Signed, Diagnostic> {
        let digest = digest(secret);
        let found = self.store.read(|tx| -> Result<_, Diagnostic> {
            // Every request comes by here: another policy may hold by now.
            self.notice(tx)?;
            let session = users::session_by_digest(tx, &digest)?;
            let Some(session) = session.filter(|it| it.until > now) else { return Ok(None) };
            let user = users::by_name(tx, &session.user_name)?;
            Ok(user.filter(|it| !it.is_disabled).map(|user| (session, user)))
        })?;
        if let Some((session, _)) = found.as_ref().filter(|it| it.0.used_day != Some(day(now))) {
            // Once a day, and no reason to turn anybody away.
            let _ = self.store.write(|tx| users::used(tx, &session.digest, day(now)));
        }
        let parsed = found.and_then(|it| Some((Role::parse(&it.1.role)?, it)));
        let Some((role, (session, user))) = parsed else {
            return Err(Diagnostic::new(&codes::NOT_SIGNED_IN, "nobody is signed in")
                .hint("sign in: POST /api/v1/sign-in"));
        };
        let scopes = session.scopes.split(';').filter(|it| !it.is_empty()).map(str::to_owned);
        let principal = Principal {
            name: user.name,
            role,
            within: within(&user.areas),
            scopes: scopes.collect(),
            must_change: user.must_change,
        };
        Ok(Signed { principal, digest, is_token: session.kind == TOKEN })
    }

    /// Ends a session.
    ///
    /// # Errors
    /// Those of the database.
    pub fn sign_out(&self, signed: &Signed, now: i64) -> Result<(), Diagnostic> {
        self.store.write(|tx| -> Result<(), Diagnostic> {
            users::end_session(tx, &signed.digest)?;
            let name = &signed.principal.name;
            self.record(tx, &own(name, now), "session.end", Some(name), b"")
        })
    }
}
