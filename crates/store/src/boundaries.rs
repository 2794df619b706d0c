//! Boundaries of areas, as the geometry of GeoJSON.

use crate::error::Result;
use crate::insert::Column;
use crate::transaction::Tx;

/// The boundary of an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundaryRow {
    /// The code of the area.
    pub code: String,
    /// A geometry of GeoJSON.
    pub geometry: String,
}

/// Writes boundaries; an area has one.
pub fn put(tx: &mut Tx<'_>, rows: &[BoundaryRow]) -> Result<u64> {
    let columns = [
        ("code", Column::Texts(rows.iter().map(|it| it.code.as_str()).collect())),
        ("geometry", Column::Texts(rows.iter().map(|it| it.geometry.as_str()).collect())),
    ];
    let conflict = "ON CONFLICT (code) DO UPDATE SET geometry = excluded.geometry \
                    WHERE boundaries.geometry <> excluded.geometry";
    tx.insert("boundaries", &columns, conflict)
}

/// Boundaries of some areas, by code.
pub fn of(tx: &mut Tx<'_>, codes: &[&str]) -> Result<Vec<BoundaryRow>> {
    let sql = "SELECT code, geometry FROM boundaries WHERE code IN {texts} ORDER BY 1";
    let mut found = Vec::new();
    tx.each_of(sql, &[], codes, &mut |row| {
        found
            .push(BoundaryRow { code: row.text(0)?.to_owned(), geometry: row.text(1)?.to_owned() });
        Ok(())
    })?;
    Ok(found)
}
