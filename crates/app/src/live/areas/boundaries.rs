//! Boundaries of areas, out of GeoJSON.

use crate::live::{Act, Live, Rejected};
use base::Diagnostic;
use base::codes::access::FORBIDDEN;
use base::codes::live::BAD_BOUNDARY;
use serde_json::Value;
use store::Tx;
use store::boundaries::{self, BoundaryRow};

/// What became of boundaries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoundariesTaken {
    /// New, or other than before.
    pub accepted: u64,
    /// Known as they are.
    pub known: u64,
    /// Not taken.
    pub rejected: Vec<Rejected>,
}

impl Live {
    /// Takes the features of a collection as boundaries, as part of a transaction. `property`
    /// names the code of the area; the feature's own id counts where it has none.
    ///
    /// # Errors
    /// The document is no collection of features; those of the database.
    pub fn put_boundaries(
        &self,
        tx: &mut Tx<'_>,
        document: &[u8],
        property: &str,
        act: &Act<'_>,
    ) -> Result<BoundariesTaken, Diagnostic> {
        let parsed: Option<Value> = serde_json::from_slice(document).ok();
        let features = parsed.as_ref().and_then(|it| it["features"].as_array());
        let Some(features) = features else {
            let finding = Diagnostic::new(&BAD_BOUNDARY, "this is no collection of features");
            return Err(finding.hint("give a GeoJSON document of type FeatureCollection"));
        };
        let mut taken = BoundariesTaken::default();
        let mut rows: Vec<BoundaryRow> = Vec::new();
        for (position, feature) in features.iter().enumerate() {
            match boundary(feature, property, act) {
                Ok(row) => {
                    rows.retain(|it| it.code != row.code);
                    rows.push(row);
                }
                Err(finding) => taken.rejected.push(Rejected { position, finding }),
            }
        }
        taken.accepted = boundaries::put(tx, &rows)?;
        taken.known = rows.len() as u64 - taken.accepted;
        if taken.accepted > 0 {
            let content: String =
                rows.iter().map(|it| format!("{} {}\n", it.code, it.geometry)).collect();
            self.record(tx, act, "boundaries.put", None, content.as_bytes())?;
        }
        Ok(taken)
    }
}

fn boundary(feature: &Value, property: &str, act: &Act<'_>) -> Result<BoundaryRow, Diagnostic> {
    let fault = |message: String, hint: &str| {
        Err(Diagnostic::new(&BAD_BOUNDARY, message).hint(hint.to_owned()))
    };
    let own = &feature["properties"][property];
    let code = match if own.is_null() { &feature["id"] } else { own } {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    if code.is_empty() || code.len() > super::CODE_BYTES_MAX || code.contains('\0') {
        let message = format!("the feature has no code in `{property}`");
        return fault(message, "name the property that holds the area's code");
    }
    if !act.within.holds(Some(&code)) {
        let finding = Diagnostic::new(&FORBIDDEN, format!("`{code}` is none of your areas"));
        return Err(finding.hint("ask who is responsible for it"));
    }
    let geometry = &feature["geometry"];
    let coordinates = geometry["coordinates"].as_array().map_or(&[][..], Vec::as_slice);
    let is_sound = match geometry["type"].as_str() {
        Some("Polygon") => is_polygon(coordinates),
        Some("MultiPolygon") => {
            let mut parts = coordinates.iter();
            !coordinates.is_empty()
                && parts.all(|it| it.as_array().is_some_and(|it| is_polygon(it)))
        }
        _ => false,
    };
    if !is_sound {
        let message = format!("the geometry of `{code}` is no polygon of longitudes and latitudes");
        return fault(message, "closed rings of at least four positions, in WGS 84");
    }
    // Type and coordinates alone: what else a file carries stays there.
    let kept = serde_json::json!({ "type": geometry["type"], "coordinates": coordinates });
    Ok(BoundaryRow { code, geometry: kept.to_string() })
}

fn is_polygon(rings: &[Value]) -> bool {
    let is_position = |it: &Value| {
        let at = |index: usize| it[index].as_f64().unwrap_or(f64::NAN);
        (-180.0..=180.0).contains(&at(0)) && (-90.0..=90.0).contains(&at(1))
    };
    let is_ring = |it: &Value| {
        let ring = it.as_array().map_or(&[][..], Vec::as_slice);
        ring.len() >= 4 && ring.first() == ring.last() && ring.iter().all(is_position)
    };
    !rings.is_empty() && rings.iter().all(is_ring)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_ring_is_closed_and_lies_on_the_earth() {
        let ring = |last: [f64; 2]| json!([[109.0, 35.0], [109.1, 35.0], [109.1, 35.1], last]);
        assert!(is_polygon(&[ring([109.0, 35.0])]));
        assert!(!is_polygon(&[ring([109.0, 35.2])]));
        assert!(!is_polygon(&[json!([[200.0, 0.0], [0.0, 0.0], [0.0, 1.0], [200.0, 0.0]])]));
        assert!(!is_polygon(&[]));
    }
}
