//! Who did what: a chain in which every row is sealed with the one before.
//!
//! A seal is the keyed BLAKE3 of the seal before and of everything in the row. Without the key
//! nobody can edit, remove or reorder rows unseen; rows cut off the end are seen only against a
//! checkpoint kept elsewhere. Rows hold digests and never content.

use crate::error::Result;
use crate::transaction::Tx;
use crate::value::Row;

/// The key of a chain.
pub type Key = [u8; 32];

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number, from 1, without gaps.
    pub number: i64,
    /// When, in microseconds.
    pub at: i64,
    /// Who.
    pub actor: String,
    /// What, as `noun.verb`.
    pub command: String,
    /// Whom or what it concerned.
    pub subject: Option<String>,
    /// Keyed digest of what the command said.
    pub digest: Vec<u8>,
    /// The seal.
    pub seal: Vec<u8>,
}

/// What an audit row says, before it is sealed.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// When, in microseconds.
    pub at: i64,
    /// Who.
    pub actor: &'a str,
    /// What.
    pub command: &'a str,
    /// Whom or what it concerned.
    pub subject: Option<&'a str>,
    /// The command itself in its canonical form; only its digest is kept.
    pub content: &'a [u8],
}

/// Seals and appends a row; gives its number.
pub fn append(tx: &mut Tx<'_>, key: &Key, entry: &Entry<'_>) -> Result<i64> {
    let (last, before) = last(tx)?;
    let number = last + 1;
    let digest = blake3::keyed_hash(key, entry.content);
    let mut row = AuditRow {
        number,
        at: entry.at,
        actor: entry.actor.to_owned(),
        command: entry.command.to_owned(),
        subject: entry.subject.map(str::to_owned),
        digest: digest.as_bytes().to_vec(),
        seal: Vec::new(),
    };
    row.seal = seal(key, &before, &row);
    let sql = "INSERT INTO audit (number, at, actor, command, subject, digest, seal) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let values = [
        row.number.into(),
        row.at.into(),
        entry.actor.into(),
        entry.command.into(),
        entry.subject.into(),
        (&row.digest).into(),
        (&row.seal).into(),
    ];
    tx.execute(sql, &values)?;
    tx.remembered.last_seal = Some((number, row.seal));
    Ok(number)
}

/// Number and seal of the last row; 0 and nothing before the first.
fn last(tx: &mut Tx<'_>) -> Result<(i64, Vec<u8>)> {
    if let Some(known) = tx.remembered.last_seal.clone() {
        return Ok(known);
    }
    let sql = "SELECT number, seal FROM audit ORDER BY number DESC LIMIT 1";
    let last = tx.one(sql, &[], |row| Ok((row.int(0)?, row.bytes(1)?.to_vec())))?;
    Ok(last.unwrap_or_default())
}

fn seal(key: &Key, before: &[u8], row: &AuditRow) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new_keyed(key);
    let subject = row.subject.as_deref();
    // Each part with its length, so that no two rows are written alike.
    let parts: [&[u8]; 8] = [
        before,
        &row.number.to_le_bytes(),
        &row.at.to_le_bytes(),
        row.actor.as_bytes(),
        row.command.as_bytes(),
        if subject.is_some() { b"1" } else { b"0" },
        subject.unwrap_or_default().as_bytes(),
        &row.digest,
    ];
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
    }
    hasher.finalize().as_bytes().to_vec()
}

/// What a look through the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every row stands as it was written; how many there are, and the last seal.
    Whole(i64, Vec<u8>),
    /// The first row that does not: its number, or the number that is missing.
    Broken(i64),
}

/// Goes through the whole chain.
pub fn verify(tx: &mut Tx<'_>, key: &Key) -> Result<Verdict> {
    let (mut number, mut before, mut broken) = (0, Vec::new(), None);
    each(tx, 0, &mut |row| {
        number += 1;
        if broken.is_none() && (row.number != number || row.seal != seal(key, &before, &row)) {
            broken = Some(number.min(row.number));
        }
        before = row.seal;
        Ok(())
    })?;
    Ok(broken.map_or(Verdict::Whole(number, before), Verdict::Broken))
}

/// Calls `each` with the rows after a number, in order.
pub fn each(
    tx: &mut Tx<'_>,
    after: i64,
    each: &mut dyn FnMut(AuditRow) -> Result<()>,
) -> Result<()> {
    let sql = "SELECT number, at, actor, command, subject, digest, seal FROM audit \
               WHERE number > ?1 ORDER BY number";
    tx.each(sql, &[after.into()], &mut |row| each(read(row)?))
}

/// Which rows of the chain.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// By somebody alone.
    pub actor: Option<&'a str>,
    /// Of one command alone.
    pub command: Option<&'a str>,
    /// Before this number.
    pub before: i64,
    /// At most so many.
    pub most: i64,
}

/// Rows of the chain, the latest first.
pub fn list(tx: &mut Tx<'_>, wanted: &Wanted<'_>) -> Result<Vec<AuditRow>> {
    let mut values = vec![wanted.before.into(), wanted.most.into()];
    let mut conditions = String::new();
    for (column, value) in [("actor", wanted.actor), ("command", wanted.command)] {
        if let Some(value) = value {
            values.push(value.into());
            conditions.push_str(&format!(" AND {column} = ?{}", values.len()));
        }
    }
    let sql = format!(
        "SELECT number, at, actor, command, subject, digest, seal FROM audit \
         WHERE number < ?1{conditions} ORDER BY number DESC LIMIT ?2"
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        found.push(read(row)?);
        Ok(())
    })?;
    Ok(found)
}

fn read(row: &Row<'_>) -> Result<AuditRow> {
    Ok(AuditRow {
        number: row.int(0)?,
        at: row.int(1)?,
        actor: row.text(2)?.to_owned(),
        command: row.text(3)?.to_owned(),
        subject: row.opt_text(4)?.map(str::to_owned),
        digest: row.bytes(5)?.to_vec(),
        seal: row.bytes(6)?.to_vec(),
    })
}
