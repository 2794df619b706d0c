//! Households counted per period and area, kept in step with scores by whoever writes those.

use crate::error::Result;
use crate::insert::Column;
use crate::transaction::Tx;
use crate::value::Row;
use crate::within::Within;
use std::collections::BTreeMap;

/// Where something is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Index of the period.
    pub period: i64,
    /// The area; empty for households without one.
    pub area_code: String,
    /// Hash of the pack.
    pub pack: String,
}

/// Households of one band, or a change of them; sums are of millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub households: i64,
    /// Of those, how many are warned of.
    pub warned: i64,
    /// Of those, of how many anything is known.
    pub known: i64,
    /// Their composites.
    pub composite: i64,
    /// Their confidence.
    pub confidence: i64,
}

/// Scores of one module, or a change of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Households of which the module is known.
    pub households: i64,
    /// Their scores, in millionths.
    pub score: i64,
}

/// What is counted: by place and band, and by place and position of the module in its pack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Households.
    pub bands: BTreeMap<(Place, i64), Count>,
    /// Modules.
    pub modules: BTreeMap<(Place, i64), Sum>,
}

/// Adds a change to what is counted.
pub fn add(tx: &mut Tx<'_>, change: &Counted) -> Result<()> {
    let keys = |keys: &[&(Place, i64)], name: &'static str| {
        let texts = |of: fn(&Place) -> &str| keys.iter().map(|it| of(&it.0).to_owned()).collect();
        let periods = keys.iter().map(|it| it.0.period).collect::<Vec<_>>();
        let (areas, packs): (Vec<String>, Vec<String>) =
            (texts(|it| &it.area_code), texts(|it| &it.pack));
        (periods, areas, packs, name, keys.iter().map(|it| it.1).collect::<Vec<_>>())
    };
    let bands: Vec<_> = change.bands.keys().collect();
    let (periods, areas, packs, name, last) = keys(&bands, "band");
    let of = |of: fn(&Count) -> i64| Column::Ints(change.bands.values().map(of).collect());
    let columns = [
        ("period", Column::Ints(periods)),
        ("area_code", Column::Texts(areas.iter().map(String::as_str).collect())),
        ("pack", Column::Texts(packs.iter().map(String::as_str).collect())),
        (name, Column::Ints(last)),
        ("households", of(|it| it.households)),
        ("warned", of(|it| it.warned)),
        ("known", of(|it| it.known)),
        ("composite", of(|it| it.composite)),
        ("confidence", of(|it| it.confidence)),
    ];
    let sums = |table: &str, columns: &[(&str, Column<'_>)]| {
        let each =
            columns.iter().skip(4).map(|(it, _)| format!("{it} = {table}.{it} + excluded.{it}"));
        each.collect::<Vec<_>>().join(", ")
    };
    let conflict = format!(
        "ON CONFLICT (period, area_code, pack, band) DO UPDATE SET {}",
        sums("situation", &columns)
    );
    tx.insert("situation", &columns, &conflict)?;
    let modules: Vec<_> = change.modules.keys().collect();
    let (periods, areas, packs, name, last) = keys(&modules, "position");
    let of = |of: fn(&Sum) -> i64| Column::Ints(change.modules.values().map(of).collect());
    let columns = [
        ("period", Column::Ints(periods)),
        ("area_code", Column::Texts(areas.iter().map(String::as_str).collect())),
        ("pack", Column::Texts(packs.iter().map(String::as_str).collect())),
        (name, Column::Ints(last)),
        ("households", of(|it| it.households)),
        ("score", of(|it| it.score)),
    ];
    let conflict = format!(
        "ON CONFLICT (period, area_code, pack, position) DO UPDATE SET {}",
        sums("situation_modules", &columns)
    );
    tx.insert("situation_modules", &columns, &conflict).map(drop)
}

/// Notes which modules a pack has, in its order.
pub fn note_modules(tx: &mut Tx<'_>, pack: &str, modules: &[&str]) -> Result<()> {
    let columns = [
        ("pack", Column::Texts(vec![pack; modules.len()])),
        ("position", Column::Ints((0..modules.len() as i64).collect())),
        ("module", Column::Texts(modules.to_vec())),
    ];
    tx.insert("pack_modules", &columns, "ON CONFLICT DO NOTHING").map(drop)
}

/// Everything that is counted, without what came to nothing.
pub fn all(tx: &mut Tx<'_>) -> Result<Counted> {
    let place = |row: &Row<'_>| -> Result<Place> {
        Ok(Place {
            period: row.int(0)?,
            area_code: row.text(1)?.to_owned(),
            pack: row.text(2)?.to_owned(),
        })
    };
    let mut counted = Counted::default();
    let sql = "SELECT period, area_code, pack, band, households, warned, known, composite, confidence \
               FROM situation WHERE households <> 0";
    tx.each(sql, &[], &mut |row| {
        counted.bands.insert((place(row)?, row.int(3)?), count(row, 4)?);
        Ok(())
    })?;
    let sql = "SELECT period, area_code, pack, position, households, score \
               FROM situation_modules WHERE households <> 0";
    tx.each(sql, &[], &mut |row| {
        let sum = Sum { households: row.int(4)?, score: row.int(5)? };
        counted.modules.insert((place(row)?, row.int(3)?), sum);
        Ok(())
    })?;
    Ok(counted)
}

fn count(row: &Row<'_>, first: usize) -> Result<Count> {
    Ok(Count {
        households: row.int(first)?,
        warned: row.int(first + 1)?,
        known: row.int(first + 2)?,
        composite: row.int(first + 3)?,
        confidence: row.int(first + 4)?,
    })
}

/// What counts are grouped by, beside the band or the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Areas.
    Area,
    /// Periods.
    Period,
}

/// The group of a count: an area's code, or a period's index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// An area.
    Area(String),
    /// A period.
    Period(i64),
}

impl By {
    const fn column(self) -> &'static str {
        match self {
            By::Area => "s.area_code",
            By::Period => "s.period",
        }
    }

    fn group(self, row: &Row<'_>) -> Result<Group> {
        Ok(match self {
            By::Area => Group::Area(row.text(0)?.to_owned()),
            By::Period => Group::Period(row.int(0)?),
        })
    }
}

/// Households of some periods (first and last) and areas, by group and band.
pub fn bands(
    tx: &mut Tx<'_>,
    (first, last): (i64, i64),
    within: &Within,
    by: By,
) -> Result<Vec<(Group, i64, Count)>> {
    let mut values = vec![first.into(), last.into()];
    let condition = within.condition("s.area_code", &mut values);
    let sums = ["households", "warned", "known", "composite", "confidence"];
    let sums = sums.map(|it| format!("CAST(sum(s.{it}) AS BIGINT)")).join(", ");
    let sql = format!(
        "SELECT {by}, s.band, {sums} FROM situation s \
         WHERE s.period >= ?1 AND s.period <= ?2 AND {condition} GROUP BY {by}, s.band \
         HAVING sum(s.households) <> 0 ORDER BY 1, 2",
        by = by.column()
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        found.push((by.group(row)?, row.int(1)?, count(row, 2)?));
        Ok(())
    })?;
    Ok(found)
}

/// Scores of modules in some periods (first and last) and areas, by group and module.
pub fn modules(
    tx: &mut Tx<'_>,
    (first, last): (i64, i64),
    within: &Within,
    by: By,
) -> Result<Vec<(Group, String, Sum)>> {
    let mut values = vec![first.into(), last.into()];
    let condition = within.condition("s.area_code", &mut values);
    let sql = format!(
        "SELECT {by}, m.module, CAST(sum(s.households) AS BIGINT), CAST(sum(s.score) AS BIGINT) \
         FROM situation_modules s JOIN pack_modules m ON m.pack = s.pack AND m.position = s.position \
         WHERE s.period >= ?1 AND s.period <= ?2 AND {condition} GROUP BY {by}, m.module \
         HAVING sum(s.households) <> 0 ORDER BY 1, 2",
        by = by.column()
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        let sum = Sum { households: row.int(2)?, score: row.int(3)? };
        found.push((by.group(row)?, row.text(1)?.to_owned(), sum));
        Ok(())
    })?;
    Ok(found)
}
