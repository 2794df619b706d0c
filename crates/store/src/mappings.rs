//! How columns of files are called, by a name that people give it.

use crate::error::Result;
use crate::transaction::Tx;

/// One mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingRow {
    /// Its name.
    pub name: String,
    /// The kind of import it is for.
    pub kind: String,
    /// What is held by which column, as JSON.
    pub columns: String,
    /// When it was changed last, in microseconds.
    pub changed_at: i64,
    /// Who changed it.
    pub changed_by: String,
}

/// Mappings by name: one, or all of them.
pub fn list(tx: &mut Tx<'_>, name: Option<&str>) -> Result<Vec<MappingRow>> {
    let mut found = Vec::new();
    let sql = "SELECT name, kind, columns, changed_at, changed_by FROM mappings \
               WHERE ?1 = '' OR name = ?1 ORDER BY name";
    tx.each(sql, &[name.unwrap_or_default().into()], &mut |row| {
        found.push(MappingRow {
            name: row.text(0)?.to_owned(),
            kind: row.text(1)?.to_owned(),
            columns: row.text(2)?.to_owned(),
            changed_at: row.int(3)?,
            changed_by: row.text(4)?.to_owned(),
        });
        Ok(())
    })?;
    Ok(found)
}

/// Writes a mapping, in the place of one of that name where there is one.
pub fn put(tx: &mut Tx<'_>, row: &MappingRow) -> Result<()> {
    let sql = "INSERT INTO mappings (name, kind, columns, changed_at, changed_by) \
               VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (name) DO UPDATE SET \
               kind = excluded.kind, columns = excluded.columns, \
               changed_at = excluded.changed_at, changed_by = excluded.changed_by";
    let values = [
        (&row.name).into(),
        (&row.kind).into(),
        (&row.columns).into(),
        row.changed_at.into(),
        (&row.changed_by).into(),
    ];
    tx.execute(sql, &values).map(drop)
}

/// Forgets a mapping; says whether there was one.
pub fn forget(tx: &mut Tx<'_>, name: &str) -> Result<bool> {
    Ok(tx.execute("DELETE FROM mappings WHERE name = ?1", &[name.into()])? > 0)
}
