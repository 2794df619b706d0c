//! The part of the tree that somebody may see.

use crate::live::{Live, OPEN};
use base::{Diagnostic, Period};
use std::collections::{BTreeMap, BTreeSet};
use store::areas::{self, ALWAYS, AreaRow};
use store::boundaries::{self, BoundaryRow};
use store::{Tx, Within};

/// An area for showing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaView {
    /// What is stored of it.
    pub row: AreaRow,
    /// Whether areas lie in it.
    pub has_children: bool,
}

/// The areas in an area.
pub type Children = Vec<AreaView>;

/// An area around another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPart {
    /// What is stored of it.
    pub row: AreaRow,
    /// Whether its rows may be seen, and not only its name.
    pub is_own: bool,
}

impl Live {
    /// The day on which areas are looked at: the last one of the period under watch; today before
    /// there is any.
    pub(crate) fn area_day(&self, tx: &mut Tx<'_>, now: i64) -> Result<i64, Diagnostic> {
        let open = self.period(tx, OPEN)?;
        let last = open.and_then(Period::last_day).map(day_number);
        Ok(last.unwrap_or(now / 86_400_000_000))
    }

    /// The areas in `parent` that may be seen; without one, the outermost that may be.
    ///
    /// # Errors
    /// Those of the database.
    pub fn areas_in(
        &self,
        tx: &mut Tx<'_>,
        parent: Option<&str>,
        within: &Within,
        now: i64,
    ) -> Result<Children, Diagnostic> {
        let day = self.area_day(tx, now)?;
        let rows = match (parent, within) {
            (Some(parent), _) => {
                let mut rows = areas::children(tx, Some(parent), day)?;
                rows.retain(|it| within.holds(Some(&it.code)));
                rows
            }
            (None, Within::Everywhere) => areas::children(tx, None, day)?,
            (None, Within::Areas(own)) => {
                let is_outermost = |it: &&String| {
                    own.iter().all(|other| other == *it || !it.starts_with(other.as_str()))
                };
                let codes: BTreeSet<&str> =
                    own.iter().filter(is_outermost).map(|it| &**it).collect();
                self.named(tx, &codes.into_iter().collect::<Vec<_>>(), day)?
            }
        };
        with_children(tx, rows)
    }

    /// Some areas by code, as far as they are known and may be seen; each once.
    ///
    /// # Errors
    /// Those of the database.
    pub fn areas_of(
        &self,
        tx: &mut Tx<'_>,
        codes: &[String],
        within: &Within,
        now: i64,
    ) -> Result<Children, Diagnostic> {
        let day = self.area_day(tx, now)?;
        let codes: BTreeSet<&str> = codes.iter().map(String::as_str).collect();
        let seen: Vec<&str> = codes.into_iter().filter(|it| within.holds(Some(it))).collect();
        let known: BTreeSet<String> = areas::of(tx, &seen)?.into_iter().map(|it| it.code).collect();
        let is_given =
            |code: &str| matches!(within, Within::Areas(own) if own.iter().any(|it| it == code));
        let shown = seen.into_iter().filter(|it| known.contains(*it) || is_given(it));
        let rows = self.named(tx, &shown.collect::<Vec<_>>(), day)?;
        with_children(tx, rows)
    }

    /// An area that may be seen, and those around it, the outermost first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn area(
        &self,
        tx: &mut Tx<'_>,
        code: &str,
        within: &Within,
        now: i64,
    ) -> Result<Option<(AreaView, Vec<PathPart>)>, Diagnostic> {
        let day = self.area_day(tx, now)?;
        let known = !areas::of(tx, &[code])?.is_empty();
        let is_given = matches!(within, Within::Areas(own) if own.iter().any(|it| it == code));
        if !within.holds(Some(code)) || !(known || is_given) {
            return Ok(None);
        }
        let rows = self.named(tx, &[code], day)?;
        let Some(view) = with_children(tx, rows)?.pop() else { return Ok(None) };
        let mut path = Vec::new();
        let mut next = view.row.parent.clone();
        // Each code is shorter than the one before: it ends.
        while let Some(code) = next.take() {
            let Some(row) = self.named(tx, &[&code], day)?.pop() else { break };
            next.clone_from(&row.parent);
            path.push(PathPart { is_own: within.holds(Some(&row.code)), row });
        }
        path.reverse();
        Ok(Some((view, path)))
    }

    /// Areas by code as they are named on a day; one that is not known has no name.
    pub(crate) fn named(
        &self,
        tx: &mut Tx<'_>,
        codes: &[&str],
        day: i64,
    ) -> Result<Vec<AreaRow>, Diagnostic> {
        let mut known: BTreeMap<String, AreaRow> = BTreeMap::new();
        for row in areas::of(tx, codes)? {
            // In order of first days: the last that has begun stands, else the first of all.
            if row.valid_from <= day || !known.contains_key(&row.code) {
                known.insert(row.code.clone(), row);
            }
        }
        let levels = self.pack().area_levels.clone();
        let unknown = |code: &str| AreaRow {
            code: code.to_owned(),
            valid_from: ALWAYS,
            valid_to: None,
            name_en: None,
            name_zh: None,
            level: levels.iter().filter(|it| **it <= code.len()).count().max(1) as i64,
            parent: None,
        };
        let row = |code: &&str| known.remove(*code).unwrap_or_else(|| unknown(code));
        Ok(codes.iter().map(row).collect())
    }

    /// Boundaries of the areas in `parent` that may be seen.
    ///
    /// # Errors
    /// Those of the database.
    pub fn boundaries_in(
        &self,
        tx: &mut Tx<'_>,
        parent: Option<&str>,
        within: &Within,
        now: i64,
    ) -> Result<Vec<(AreaRow, BoundaryRow)>, Diagnostic> {
        let rows = self.areas_in(tx, parent, within, now)?;
        let codes: Vec<&str> = rows.iter().map(|it| it.row.code.as_str()).collect();
        let mut found: BTreeMap<String, BoundaryRow> =
            boundaries::of(tx, &codes)?.into_iter().map(|it| (it.code.clone(), it)).collect();
        let pairs = rows.into_iter().filter_map(|it| {
            let boundary = found.remove(&it.row.code)?;
            Some((it.row, boundary))
        });
        Ok(pairs.collect())
    }
}

/// A day counted from 1970-01-01.
pub(crate) fn day_number(day: jiff::civil::Date) -> i64 {
    day.since(jiff::civil::date(1970, 1, 1)).map_or(0, |it| it.get_days().into())
}

fn with_children(tx: &mut Tx<'_>, rows: Vec<AreaRow>) -> Result<Children, Diagnostic> {
    let codes: Vec<&str> = rows.iter().map(|it| it.code.as_str()).collect();
    let full: BTreeSet<String> = areas::with_children(tx, &codes)?.into_iter().collect();
    let view = |row: AreaRow| AreaView { has_children: full.contains(&row.code), row };
    Ok(rows.into_iter().map(view).collect())
}
