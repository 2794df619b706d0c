//! Rows within areas: the condition that every list and count carries.

use crate::value::Value;

/// Codes of areas whose rows may be seen; an area lies within another whose code begins its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Within {
    /// Everywhere, rows without an area too.
    Everywhere,
    /// In these areas alone.
    Areas(Vec<String>),
}

impl Within {
    /// The condition on a column, with its values added to those of the statement.
    pub(crate) fn condition<'a>(&'a self, column: &str, values: &mut Vec<Value<'a>>) -> String {
        let Within::Areas(areas) = self else { return "1 = 1".to_owned() };
        let mut parts = Vec::new();
        for area in areas {
            values.push(area.as_str().into());
            let place = values.len();
            parts.push(format!("substr({column}, 1, length(?{place})) = ?{place}"));
        }
        if parts.is_empty() { "1 = 0".to_owned() } else { format!("({})", parts.join(" OR ")) }
    }

    /// Whether a row of an area may be seen.
    pub fn holds(&self, area: Option<&str>) -> bool {
        match self {
            Within::Everywhere => true,
            Within::Areas(areas) => {
                area.is_some_and(|area| areas.iter().any(|it| area.starts_with(it.as_str())))
            }
        }
    }
}
