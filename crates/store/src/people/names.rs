//! Names found by what begins one of their parts, inside areas.

use crate::error::Result;
use crate::insert::Column;
use crate::transaction::Tx;
use crate::value::Value;
use crate::within::Within;

/// A part of a name: the text, the area (nothing where there is none) and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The text.
    pub part: String,
    /// The area of the household.
    pub area_code: String,
    /// The person's number.
    pub number: i64,
}

/// The first text after all those that begin with one. Texts are ordered by their bytes.
pub fn end(prefix: &str) -> String {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        // The one after U+D7FF is U+E000: between them are no characters.
        let next = (u32::from(last) + 1..).take(0x801).find_map(char::from_u32);
        if let Some(next) = next {
            characters.push(next);
            return characters.into_iter().collect();
        }
    }
    char::MAX.to_string()
}

/// Writes parts, in the order of their table; one that is there already stays.
pub fn add(tx: &mut Tx<'_>, mut parts: Vec<Part>) -> Result<()> {
    parts.sort();
    let columns = [
        ("part", Column::Texts(parts.iter().map(|it| it.part.as_str()).collect())),
        ("area_code", Column::Texts(parts.iter().map(|it| it.area_code.as_str()).collect())),
        ("number", Column::Ints(parts.iter().map(|it| it.number).collect())),
    ];
    tx.insert("name_parts", &columns, "ON CONFLICT DO NOTHING").map(drop)
}

/// Takes parts away.
pub fn remove(tx: &mut Tx<'_>, parts: &[Part]) -> Result<()> {
    let sql = "DELETE FROM name_parts WHERE part = ?1 AND area_code = ?2 AND number = ?3";
    for it in parts {
        tx.execute(sql, &[(&it.part).into(), (&it.area_code).into(), it.number.into()])?;
    }
    Ok(())
}

/// Parts that begin with a text, within areas, after one of them; at most so many.
pub fn find(
    tx: &mut Tx<'_>,
    prefix: &str,
    within: &Within,
    after: Option<&Part>,
    most: i64,
) -> Result<Vec<Part>> {
    let end = end(prefix);
    let mut values: Vec<Value<'_>> = vec![end.as_str().into()];
    let from = match after {
        None => {
            values.push(prefix.into());
            "part >= ?2"
        }
        Some(it) => {
            values.extend([(&it.part).into(), (&it.area_code).into(), Value::from(it.number)]);
            "(part, area_code, number) > (?2, ?3, ?4)"
        }
    };
    let condition = within.condition("area_code", &mut values);
    values.push(most.into());
    let sql = format!(
        "SELECT part, area_code, number FROM name_parts WHERE {from} AND part < ?1 \
         AND {condition} ORDER BY part, area_code, number LIMIT ?{}",
        values.len()
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        found.push(Part {
            part: row.text(0)?.to_owned(),
            area_code: row.text(1)?.to_owned(),
            number: row.int(2)?,
        });
        Ok(())
    })?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::end;

    #[test]
    fn the_end_of_a_prefix_is_after_all_that_begins_with_it_and_before_the_next() {
        for (prefix, after) in [("wang", "wanh"), ("王", "玌"), ("\u{d7ff}", "\u{e000}")] {
            assert_eq!(end(prefix), after);
        }
        assert!("王五".to_owned() < end("王") && "王\u{10ffff}" < end("王").as_str());
        assert_eq!(end(&format!("a{}", char::MAX)), "b");
    }
}
