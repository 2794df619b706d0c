//! Another master key: data keys are wrapped anew, nothing else is touched.

use super::Vault;
use crate::live::Act;
use base::Diagnostic;
use base::codes::people as codes;
use store::people::sealed::{self, SealedRow};
use store::{Store, Tx, audit, lease, settings};

/// Fields wrapped anew at a time; all are in one transaction.
const PART: i64 = 10_000;
/// How long others may not write while it lasts, at most; it ends with the transaction.
const LEASE_MICROS: i64 = 600_000_000;
const HOLDER: &str = "a change of the master key";

/// Puts a database under another master key, in one transaction; gives how many data keys were
/// wrapped anew. The audit chain and the hashes that fields are found by keep their keys, which lie
/// under the new master key from now on: the chain and its checkpoints verify as before.
///
/// # Errors
/// I004: `old` is not its key. S003: a server writes to it. Those of the database.
pub fn rotate(
    store: &Store,
    (old, new): (&audit::Key, &audit::Key),
    act: &Act<'_>,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, Diagnostic> {
    store.write(|tx| {
        lease::take(tx, HOLDER, act.now, act.now + LEASE_MICROS)?;
        let before = Vault::open(tx, old)?;
        is_right(tx, &before)?;
        let after = before.handed_over(tx, new)?;
        let (mut place, mut count) = ((0, String::new()), 0);
        loop {
            let rows = sealed::after(tx, (place.0, &place.1), PART)?;
            let Some(last) = rows.last() else { break };
            place = (last.number, last.field.clone());
            let rewrapped = rows
                .into_iter()
                .map(|it| Ok(SealedRow { data_key: before.rewrapped(&it, &after)?, ..it }));
            let rewrapped = rewrapped.collect::<Result<Vec<_>, Diagnostic>>()?;
            sealed::put(tx, &rewrapped)?;
            count += rewrapped.len() as u64;
            progress(count);
        }
        let entry = audit::Entry {
            at: act.now,
            actor: act.actor,
            command: "key.rotate",
            subject: None,
            content: &count.to_le_bytes(),
        };
        audit::append(tx, &after.audit(), &entry)?;
        lease::release(tx, HOLDER)?;
        Ok(count)
    })
}

/// A database that nothing was sealed in yet still has a chain that only its own key verifies.
fn is_right(tx: &mut Tx<'_>, vault: &Vault) -> Result<(), Diagnostic> {
    if settings::get(tx, super::vault::CHECK)?.is_some() {
        return Ok(());
    }
    match audit::verify(tx, &vault.audit())? {
        audit::Verdict::Whole(..) => Ok(()),
        audit::Verdict::Broken(number) => {
            let message = format!("row {number} of the audit chain does not verify with this key");
            Err(Diagnostic::new(&codes::WRONG_KEY, message)
                .hint("name the right one with --key-file, or look into `audit verify`"))
        }
    }
}
