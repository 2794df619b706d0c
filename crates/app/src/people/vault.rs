//! Fields that nobody may read by looking into the database: sealed, found by hash, opened.
//!
//! Every field has a key of its own, which lies beside it under a key made from the master key. So
//! a new master key means new wrappings and not new contents, and a destroyed key is a destroyed
//! field. Number and field are part of what is sealed: a row put elsewhere opens no more.

use base::Diagnostic;
use base::codes::people as codes;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use store::people::{keys, sealed::SealedRow};
use store::{Tx, audit, settings};

/// Bytes of a nonce.
const NONCE: usize = 24;
/// Where it is noted which master key the database was sealed with.
pub(super) const CHECK: &str = "key_check";
/// What keys that outlive a change of the master key are for.
const LOOKUP: &str = "lookup";
const AUDIT: &str = "audit";

/// The keys of a database.
#[derive(Clone)]
pub struct Vault {
    wrapping: [u8; 32],
    lookup: [u8; 32],
    audit: audit::Key,
    check: String,
}

/// Purposes have contexts of their own, so that no key is used for two things.
fn derived(purpose: &str, master: &audit::Key) -> [u8; 32] {
    blake3::derive_key(&format!("holdfast 2026-11-24 people {purpose}"), master)
}

impl Vault {
    /// The keys that a master key opens.
    ///
    /// # Errors
    /// I004: the database was sealed with another one; those of the database.
    pub fn open(tx: &mut Tx<'_>, master: &audit::Key) -> Result<Self, Diagnostic> {
        let mut vault = Self::unchecked(master);
        if settings::get(tx, CHECK)?.is_some_and(|it| it != vault.check) {
            return Err(wrong_key());
        }
        if let Some(wrapped) = keys::of(tx, LOOKUP)? {
            vault.lookup = vault.unwrapped(LOOKUP, &wrapped)?;
        }
        if let Some(wrapped) = keys::of(tx, AUDIT)? {
            vault.audit = vault.unwrapped(AUDIT, &wrapped)?;
        }
        Ok(vault)
    }

    /// The keys of a database that has kept none yet.
    fn unchecked(master: &audit::Key) -> Self {
        let check = blake3::keyed_hash(&derived("check", master), b"").to_hex();
        Self {
            wrapping: derived("wrapping", master),
            lookup: derived(LOOKUP, master),
            audit: *master,
            check: check[..16].to_owned(),
        }
    }

    /// The key that seals the audit chain: the first master key, whichever there is now.
    pub fn audit(&self) -> audit::Key {
        self.audit
    }

    /// Notes which master key this is, before anything is sealed with it.
    pub(crate) fn note(&self, tx: &mut Tx<'_>) -> Result<(), Diagnostic> {
        if settings::get(tx, CHECK)?.is_none() {
            settings::set(tx, CHECK, &self.check);
        }
        Ok(())
    }

    /// The hash by which a text of a field is found.
    pub fn lookup(&self, field: &str, scheme: &str, text: &str) -> String {
        let mut hasher = blake3::Hasher::new_keyed(&self.lookup);
        for part in [field, scheme, text] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
        }
        hasher.finalize().to_hex()[..32].to_owned()
    }

    /// Seals a text; the row has everything but scheme and lookup set.
    pub(crate) fn seal(
        &self,
        number: i64,
        field: &str,
        text: &str,
        at: i64,
    ) -> Result<SealedRow, Diagnostic> {
        let mut random = [0; 32 + NONCE];
        getrandom::fill(&mut random).map_err(|error| {
            store::Error::new(store::Kind::Fault, format!("no randomness: {error}"))
        })?;
        let place = place(number, field);
        let (data_key, nonce) = random.split_at(32);
        let content = sealed(data_key, nonce, &place, text.as_bytes())?;
        let data_key = self.wrapped(&place, data_key)?;
        let field = field.to_owned();
        let (scheme, lookup) = (String::new(), None);
        Ok(SealedRow { number, field, scheme, lookup, data_key, content, at })
    }

    /// Opens a field.
    ///
    /// # Errors
    /// I004: it was sealed with another master key, or changed behind the program's back.
    pub fn opened(&self, row: &SealedRow) -> Result<String, Diagnostic> {
        let place = place(row.number, &row.field);
        let data_key = opened(&self.wrapping, &place, &row.data_key).ok_or_else(wrong_key)?;
        let text = opened(&data_key, &place, &row.content).ok_or_else(wrong_key)?;
        String::from_utf8(text).map_err(|_| wrong_key())
    }

    /// The same data key under another master key.
    pub(crate) fn rewrapped(&self, row: &SealedRow, new: &Self) -> Result<Vec<u8>, Diagnostic> {
        let place = place(row.number, &row.field);
        let data_key = opened(&self.wrapping, &place, &row.data_key).ok_or_else(wrong_key)?;
        new.wrapped(&place, &data_key)
    }

    /// Puts this database under another master key: lookups and audit go on with their keys.
    pub(crate) fn handed_over(
        &self,
        tx: &mut Tx<'_>,
        master: &audit::Key,
    ) -> Result<Self, Diagnostic> {
        let new = Self { lookup: self.lookup, audit: self.audit, ..Self::unchecked(master) };
        keys::put(tx, LOOKUP, &new.wrapped(LOOKUP.as_bytes(), &new.lookup)?)?;
        keys::put(tx, AUDIT, &new.wrapped(AUDIT.as_bytes(), &new.audit)?)?;
        settings::set(tx, CHECK, &new.check);
        Ok(new)
    }

    fn wrapped(&self, place: &[u8], key: &[u8]) -> Result<Vec<u8>, Diagnostic> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| {
            store::Error::new(store::Kind::Fault, format!("no randomness: {error}"))
        })?;
        sealed(&self.wrapping, &nonce, place, key)
    }

    fn unwrapped(&self, purpose: &str, wrapped: &[u8]) -> Result<[u8; 32], Diagnostic> {
        let key = opened(&self.wrapping, purpose.as_bytes(), wrapped).ok_or_else(wrong_key)?;
        key.try_into().map_err(|_| wrong_key())
    }
}

fn place(number: i64, field: &str) -> Vec<u8> {
    format!("{number}/{field}").into_bytes()
}

/// Nonce and ciphertext.
fn sealed(key: &[u8], nonce: &[u8], aad: &[u8], msg: &[u8]) -> Result<Vec<u8>, Diagnostic> {
    let fault = || store::Error::new(store::Kind::Fault, "a field could not be sealed");
    let cipher = XChaCha20Poly1305::new_from_slice(key).map_err(|_| fault())?;
    let at = <[u8; NONCE]>::try_from(nonce).map_err(|_| fault())?;
    let text = cipher.encrypt(&XNonce::from(at), Payload { msg, aad });
    let mut bytes = nonce.to_vec();
    bytes.extend(text.map_err(|_| fault())?);
    Ok(bytes)
}

fn opened(key: &[u8], aad: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let (nonce, msg) = bytes.split_at_checked(NONCE)?;
    let cipher = XChaCha20Poly1305::new_from_slice(key).ok()?;
    let at = <[u8; NONCE]>::try_from(nonce).ok()?;
    cipher.decrypt(&XNonce::from(at), Payload { msg, aad }).ok()
}

fn wrong_key() -> Diagnostic {
    let message = "the master key is not the one that this database was sealed with";
    Diagnostic::new(&codes::WRONG_KEY, message)
        .hint("name the right one with --key-file; after `key rotate` that is the new one")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_sealed_comes_back_and_only_at_its_place_and_with_its_key(
            text in ".{0,200}", number in 1i64..1_000_000, byte in 0usize..40,
        ) {
            let (vault, other) = (Vault::unchecked(&[7; 32]), Vault::unchecked(&[8; 32]));
            let row = vault.seal(number, "phone", &text, 0).expect("sealed");
            prop_assert_eq!(vault.opened(&row).expect("opened"), text.clone());
            prop_assert!(other.opened(&row).is_err());
            let shows = row.content.windows(text.len().max(8)).any(|it| it == text.as_bytes());
            prop_assert!(!shows);
            let moved = SealedRow { number: number + 1, ..row.clone() };
            prop_assert!(vault.opened(&moved).is_err());
            let moved = SealedRow { field: "bank_account".to_owned(), ..row.clone() };
            prop_assert!(vault.opened(&moved).is_err());
            let mut changed = row.clone();
            let at = byte % changed.content.len();
            changed.content[at] ^= 1;
            prop_assert!(vault.opened(&changed).is_err());
            let data_key = vault.rewrapped(&row, &other).expect("wrapped again");
            let again = SealedRow { data_key, ..row };
            prop_assert_eq!(other.opened(&again).expect("opened"), text);
        }

        #[test]
        fn the_same_text_is_found_by_the_same_hash_and_no_other_text_field_or_key_is(
            one in "[0-9X]{1,20}", other in "[0-9X]{1,20}",
        ) {
            let vault = Vault::unchecked(&[7; 32]);
            let hash = vault.lookup("identity_number", "gb11643", &one);
            prop_assert_eq!(&hash, &vault.lookup("identity_number", "gb11643", &one));
            prop_assert_eq!(hash == vault.lookup("identity_number", "gb11643", &other), one == other);
            prop_assert_ne!(&hash, &vault.lookup("phone", "gb11643", &one));
            prop_assert_ne!(&hash, &vault.lookup("identity_number", "passport", &one));
            prop_assert_ne!(&hash, &Vault::unchecked(&[8; 32]).lookup("identity_number", "gb11643", &one));
        }
    }
}
