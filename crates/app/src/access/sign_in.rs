//! Sessions of people and tokens of machines.
//!
//! The secret is told once; the store has its digest. Wrong passwords lock a user for a while,
//! longer each time.

use super::{Principal, Role, own, password, within};
use crate::live::{Act, Live};
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

fn digest(secret: &str) -> String {
    blake3::hash(secret.as_bytes()).to_hex().to_string()
}

/// A secret that nobody guesses.
fn secret() -> Result<String, Diagnostic> {
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
            self.note_failure(user, now)?;
            return Err(wrong());
        }
        let secret = secret()?;
        let row = SessionRow {
            digest: digest(&secret),
            user_name: user.name.clone(),
            kind: "session".to_owned(),
            label: String::new(),
            scopes: String::new(),
            created_at: now,
            until: now + SESSION_MICROS,
        };
        self.store.write(|tx| -> Result<(), Diagnostic> {
            users::put(tx, &UserRow { failures: 0, locked_until: 0, ..user })?;
            users::add_session(tx, &row)?;
            let act = own(&row.user_name, now);
            self.record(tx, &act, "session.start", Some(&row.user_name), row.digest.as_bytes())
        })?;
        Ok(Session { secret, until: row.until })
    }

    fn note_failure(&self, user: UserRow, now: i64) -> Result<(), Diagnostic> {
        let failures = user.failures + 1;
        let over = failures - FAILURES_MAX;
        let lock = if over < 0 { 0 } else { LOCK_MICROS << over.min(10) };
        let locked_until = if lock > 0 { now + lock.min(86_400 * 1_000_000) } else { 0 };
        self.store.write(|tx| -> Result<(), Diagnostic> {
            users::put(tx, &UserRow { failures, locked_until, ..user.clone() })?;
            let act = own(&user.name, now);
            self.record(tx, &act, "session.refuse", Some(&user.name), b"")
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
        Ok(Signed { principal, digest, is_token: session.kind == "token" })
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
        let known = |it: &&String| super::Action::ALL.iter().any(|action| action.name() == **it);
        if let Some(unknown) = scopes.iter().find(|it| !known(it)) {
            let message = format!("`{unknown}` is no scope");
            let all: Vec<&str> = super::Action::ALL.iter().map(|it| it.name()).collect();
            let hint = format!("scopes are {}", all.join(", "));
            return Err(Diagnostic::new(&codes::BAD_USER, message).hint(hint));
        }
        let secret = secret()?;
        self.store.write(|tx| -> Result<(), Diagnostic> {
            self.user(tx, user)?;
            let row = SessionRow {
                digest: digest(&secret),
                user_name: user.to_owned(),
                kind: "token".to_owned(),
                label: label.to_owned(),
                scopes: scopes.join(";"),
                created_at: act.now,
                until,
            };
            users::add_session(tx, &row)?;
            self.record(tx, act, "token.make", Some(user), row.scopes.as_bytes())
        })?;
        Ok(Session { secret, until })
    }
}
