//! Areas by code, with their names through time.

use crate::error::Result;
use crate::insert::Column;
use crate::transaction::Tx;
use crate::value::Row;

/// The first day of what holds from the beginning.
pub const ALWAYS: i64 = i64::MIN;

/// An area as it is named from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaRow {
    /// Its code.
    pub code: String,
    /// First day from 1970-01-01, or [`ALWAYS`].
    pub valid_from: i64,
    /// Last day; `None`: still.
    pub valid_to: Option<i64>,
    /// Its name in English, where one was told.
    pub name_en: Option<String>,
    /// Its name in Chinese, where one was told.
    pub name_zh: Option<String>,
    /// Its depth in the tree, from 1.
    pub level: i64,
    /// The code of the area around it.
    pub parent: Option<String>,
}

const COLUMNS: &str = "code, valid_from, valid_to, name_en, name_zh, level, parent";

fn area(row: &Row<'_>) -> Result<AreaRow> {
    Ok(AreaRow {
        code: row.text(0)?.to_owned(),
        valid_from: row.int(1)?,
        valid_to: row.opt_int(2)?,
        name_en: row.opt_text(3)?.map(str::to_owned),
        name_zh: row.opt_text(4)?.map(str::to_owned),
        level: row.int(5)?,
        parent: row.opt_text(6)?.map(str::to_owned),
    })
}

/// Writes areas; one of the same code and first day is replaced.
pub fn put(tx: &mut Tx<'_>, rows: &[AreaRow]) -> Result<()> {
    let text = |of: fn(&AreaRow) -> &str| Column::Texts(rows.iter().map(of).collect());
    let some = |of: fn(&AreaRow) -> Option<&str>| Column::OptTexts(rows.iter().map(of).collect());
    let int = |of: fn(&AreaRow) -> i64| Column::Ints(rows.iter().map(of).collect());
    let columns = [
        ("code", text(|it| &it.code)),
        ("valid_from", int(|it| it.valid_from)),
        ("valid_to", Column::OptInts(rows.iter().map(|it| it.valid_to).collect())),
        ("name_en", some(|it| it.name_en.as_deref())),
        ("name_zh", some(|it| it.name_zh.as_deref())),
        ("level", int(|it| it.level)),
        ("parent", some(|it| it.parent.as_deref())),
    ];
    let conflict = "ON CONFLICT (code, valid_from) DO UPDATE SET valid_to = excluded.valid_to, \
                    name_en = excluded.name_en, name_zh = excluded.name_zh, \
                    level = excluded.level, parent = excluded.parent";
    tx.insert("areas", &columns, conflict).map(drop)
}

/// Everything known of some codes, by code and first day.
pub fn of(tx: &mut Tx<'_>, codes: &[&str]) -> Result<Vec<AreaRow>> {
    let sql = format!("SELECT {COLUMNS} FROM areas WHERE code IN {{texts}} ORDER BY 1, 2");
    let mut found = Vec::new();
    tx.each_of(&sql, &[], codes, &mut |row| {
        found.push(area(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// All areas, by code and first day.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<AreaRow>> {
    let mut found = Vec::new();
    tx.each(&format!("SELECT {COLUMNS} FROM areas ORDER BY 1, 2"), &[], &mut |row| {
        found.push(area(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Areas that hold on a day and lie directly in another one, or in none; by code.
pub fn children(tx: &mut Tx<'_>, parent: Option<&str>, day: i64) -> Result<Vec<AreaRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM areas WHERE (parent = ?1 OR (parent IS NULL AND ?1 IS NULL)) \
         AND valid_from <= ?2 AND (valid_to IS NULL OR valid_to >= ?2) ORDER BY 1, 2"
    );
    let mut found: Vec<AreaRow> = Vec::new();
    tx.each(&sql, &[parent.into(), day.into()], &mut |row| {
        let row = area(row)?;
        // The later name of two that hold on a day counts.
        found.retain(|it| it.code != row.code);
        found.push(row);
        Ok(())
    })?;
    Ok(found)
}

/// Those of some codes that have areas in them.
pub fn with_children(tx: &mut Tx<'_>, codes: &[&str]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let sql = "SELECT DISTINCT parent FROM areas WHERE parent IN {texts} ORDER BY 1";
    tx.each_of(sql, &[], codes, &mut |row| {
        found.push(row.text(0)?.to_owned());
        Ok(())
    })?;
    Ok(found)
}
