//! Passwords: kept as Argon2id, never as text, and checked in the same time whoever is asked for.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use base::Diagnostic;
use base::codes::access as codes;

/// Fewest characters.
const CHARACTERS_MIN: usize = 10;
/// Most characters: more is no password but work for the server.
const CHARACTERS_MAX: usize = 64;
/// The same in bytes.
const BYTES_MAX: usize = 4 * CHARACTERS_MAX;

/// A new password in the form that is stored.
pub fn hash(password: &str) -> Result<String, Diagnostic> {
    if !(CHARACTERS_MIN..=CHARACTERS_MAX).contains(&password.chars().count()) {
        let message = format!("a password has {CHARACTERS_MIN} to {CHARACTERS_MAX} characters");
        return Err(Diagnostic::new(&codes::WEAK_PASSWORD, message)
            .hint("several words that do not belong together are easy to remember"));
    }
    let hashed = Argon2::default().hash_password(password.as_bytes());
    hashed.map(|it| it.to_string()).map_err(|error| {
        Diagnostic::new(&codes::WEAK_PASSWORD, format!("the password cannot be used: {error}"))
    })
}

/// Whether a password is the stored one.
pub fn is_right(password: &str, stored: &str) -> bool {
    let Ok(stored) = PasswordHash::new(stored) else { return false };
    password.len() <= BYTES_MAX
        && Argon2::default().verify_password(password.as_bytes(), &stored).is_ok()
}

/// Does the work of [`is_right`] where there is no user, so that time does not tell.
pub fn pretend(password: &str) {
    let _ = Argon2::default().hash_password(&password.as_bytes()[..password.len().min(BYTES_MAX)]);
}
