//! Policy packs as they were installed, and from which day which of them was to hold.

use crate::error::Result;
use crate::transaction::Tx;
use crate::value::Row;

/// A pack as it was installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackRow {
    /// Hash of its files: its id.
    pub hash: String,
    /// The pack's own id.
    pub pack_id: String,
    /// Its version.
    pub version: String,
    /// Its files; what stands in them is the caller's business.
    pub files: Vec<u8>,
    /// The pack that it was made from.
    pub base: Option<String>,
    /// What was changed against that.
    pub changes: Option<String>,
    /// Why.
    pub note: Option<String>,
    /// When, in microseconds.
    pub installed_at: i64,
    /// Who.
    pub installed_by: String,
}

const PACK: &str = "hash, pack_id, version, files, base, changes, note, installed_at, installed_by";

fn pack(row: &Row<'_>) -> Result<PackRow> {
    let some = |column: usize| row.opt_text(column).map(|it| it.map(str::to_owned));
    Ok(PackRow {
        hash: row.text(0)?.to_owned(),
        pack_id: row.text(1)?.to_owned(),
        version: row.text(2)?.to_owned(),
        files: row.bytes(3)?.to_vec(),
        base: some(4)?,
        changes: some(5)?,
        note: some(6)?,
        installed_at: row.int(7)?,
        installed_by: row.text(8)?.to_owned(),
    })
}

/// Installs a pack; one of the same hash stays as it is. Says whether it is new.
pub fn install(tx: &mut Tx<'_>, it: &PackRow) -> Result<bool> {
    let sql = format!(
        "INSERT INTO packs ({PACK}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) \
         ON CONFLICT (hash) DO NOTHING"
    );
    let values = [
        (&it.hash).into(),
        (&it.pack_id).into(),
        (&it.version).into(),
        (&it.files).into(),
        it.base.as_deref().into(),
        it.changes.as_deref().into(),
        it.note.as_deref().into(),
        it.installed_at.into(),
        (&it.installed_by).into(),
    ];
    Ok(tx.execute(&sql, &values)? > 0)
}

/// A pack by its hash.
pub fn by_hash(tx: &mut Tx<'_>, hash: &str) -> Result<Option<PackRow>> {
    tx.one(&format!("SELECT {PACK} FROM packs WHERE hash = ?1"), &[hash.into()], pack)
}

/// The hash of a pack by its own id and version.
pub fn by_version(tx: &mut Tx<'_>, pack_id: &str, version: &str) -> Result<Option<String>> {
    let sql = "SELECT hash FROM packs WHERE pack_id = ?1 AND version = ?2 ORDER BY hash LIMIT 1";
    tx.one(sql, &[pack_id.into(), version.into()], |row| row.text(0).map(str::to_owned))
}

/// Every pack, the latest installed first.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<PackRow>> {
    let sql = format!("SELECT {PACK} FROM packs ORDER BY installed_at DESC, hash");
    let mut found = Vec::new();
    tx.each(&sql, &[], &mut |row| {
        found.push(pack(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// A proposal that a pack come into force, and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActivationRow {
    /// Its number, from 1.
    pub number: i64,
    /// Hash of the pack.
    pub hash: String,
    /// From which day, counted from 1970-01-01.
    pub from_day: i64,
    /// Why.
    pub note: Option<String>,
    /// Who proposed it.
    pub proposed_by: String,
    /// When, in microseconds.
    pub proposed_at: i64,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// When.
    pub approved_at: Option<i64>,
    /// Who refused it.
    pub refused_by: Option<String>,
    /// When.
    pub refused_at: Option<i64>,
    /// Households scored again for it within a period.
    pub rescored: Option<i64>,
    /// Those of them whose band changed.
    pub impacted: Option<i64>,
}

const ACTIVATION: &str = "number, hash, from_day, note, proposed_by, proposed_at, approved_by, \
                          approved_at, refused_by, refused_at, rescored, impacted";

fn activation(row: &Row<'_>) -> Result<ActivationRow> {
    let some = |column: usize| row.opt_text(column).map(|it| it.map(str::to_owned));
    Ok(ActivationRow {
        number: row.int(0)?,
        hash: row.text(1)?.to_owned(),
        from_day: row.int(2)?,
        note: some(3)?,
        proposed_by: row.text(4)?.to_owned(),
        proposed_at: row.int(5)?,
        approved_by: some(6)?,
        approved_at: row.opt_int(7)?,
        refused_by: some(8)?,
        refused_at: row.opt_int(9)?,
        rescored: row.opt_int(10)?,
        impacted: row.opt_int(11)?,
    })
}

/// Notes a proposal under the next number, which it gives.
pub fn propose(tx: &mut Tx<'_>, it: &ActivationRow) -> Result<i64> {
    let last = tx.one("SELECT max(number) FROM activations", &[], |row| row.opt_int(0))?;
    let number = last.flatten().unwrap_or(0) + 1;
    let sql = "INSERT INTO activations (number, hash, from_day, note, proposed_by, proposed_at) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let values = [
        number.into(),
        (&it.hash).into(),
        it.from_day.into(),
        it.note.as_deref().into(),
        (&it.proposed_by).into(),
        it.proposed_at.into(),
    ];
    tx.execute(sql, &values)?;
    Ok(number)
}

/// Notes who approved a proposal.
pub fn approve(tx: &mut Tx<'_>, number: i64, by: &str, at: i64) -> Result<()> {
    let sql = "UPDATE activations SET approved_by = ?2, approved_at = ?3 WHERE number = ?1";
    tx.execute(sql, &[number.into(), by.into(), at.into()]).map(drop)
}

/// Notes who refused a proposal.
pub fn refuse(tx: &mut Tx<'_>, number: i64, by: &str, at: i64) -> Result<()> {
    let sql = "UPDATE activations SET refused_by = ?2, refused_at = ?3 WHERE number = ?1";
    tx.execute(sql, &[number.into(), by.into(), at.into()]).map(drop)
}

/// Adds to the households that were scored again for an activation, and to those that changed.
pub fn count(tx: &mut Tx<'_>, number: i64, rescored: i64, impacted: i64) -> Result<()> {
    let sql = "UPDATE activations SET rescored = COALESCE(rescored, 0) + ?2, \
               impacted = COALESCE(impacted, 0) + ?3 WHERE number = ?1";
    tx.execute(sql, &[number.into(), rescored.into(), impacted.into()]).map(drop)
}

/// A proposal by its number.
pub fn by_number(tx: &mut Tx<'_>, number: i64) -> Result<Option<ActivationRow>> {
    let sql = format!("SELECT {ACTIVATION} FROM activations WHERE number = ?1");
    tx.one(&sql, &[number.into()], activation)
}

/// Every proposal, the first first.
pub fn activations(tx: &mut Tx<'_>) -> Result<Vec<ActivationRow>> {
    let sql = format!("SELECT {ACTIVATION} FROM activations ORDER BY number");
    let mut found = Vec::new();
    tx.each(&sql, &[], &mut |row| {
        found.push(activation(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Bands in a period that were given under another pack than this one, of some households.
pub fn bands_under_others(
    tx: &mut Tx<'_>,
    period: i64,
    hash: &str,
    households: &[&str],
) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT household_id, band FROM scores \
               WHERE period = ?1 AND pack <> ?2 AND household_id IN {texts}";
    let mut found = Vec::new();
    tx.each_of(sql, &[period.into(), hash.into()], households, &mut |row| {
        found.push((row.text(0)?.to_owned(), row.int(1)?));
        Ok(())
    })?;
    Ok(found)
}
