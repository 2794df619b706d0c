//! Everything out again, in the shapes in which it comes in: page by page, each page read by
//! itself, so that nobody who writes waits for somebody who reads, however slowly.

mod rows;
mod wide;

use super::{Act, Kind, Live, OPEN};
use crate::access::Action;
use arrow::datatypes::SchemaRef;
use base::{Diagnostic, Period};
use std::collections::BTreeSet;
use std::io::Write;
use store::facts::{self, Subject};
use store::{Tx, Within, scores, warnings};
use tables::{Format, Stream};

/// Households read together.
const PAGE: i64 = 250;
/// Facts read together.
const FACTS: i64 = 4_000;

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// One dated observation a row.
    Facts,
    /// One household a row, with the latest of everything known of it and its day.
    Households,
    /// One member of a household a row, likewise.
    Members,
    /// One household and period a row.
    Scores,
    /// One warning a row, those that have ended too.
    Warnings,
    /// One area a row.
    Areas,
}

impl What {
    /// Everything that can be exported.
    pub const ALL: [What; 6] =
        [What::Facts, What::Households, What::Members, What::Scores, What::Warnings, What::Areas];

    /// The word used in requests.
    pub const fn name(self) -> &'static str {
        match self {
            What::Facts => "facts",
            What::Households => "households",
            What::Members => "members",
            What::Scores => "scores",
            What::Warnings => "warnings",
            What::Areas => "areas",
        }
    }

    /// What whoever exports it must be allowed.
    pub const fn action(self) -> Action {
        if matches!(self, What::Areas) { Action::ManageAreas } else { Action::Export }
    }

    /// Reads [`What::name`].
    pub fn parse(text: &str) -> Option<What> {
        What::ALL.into_iter().find(|it| it.name() == text)
    }
}

/// An export under way.
struct Export<'a, W: Write + Send> {
    live: &'a Live,
    within: &'a Within,
    stream: Stream<W>,
    rows: u64,
    progress: &'a mut dyn FnMut(u64),
}

impl Live {
    /// Notes, as part of a transaction, that somebody takes something away.
    ///
    /// # Errors
    /// What cannot be exported; those of the database.
    pub fn begin_export_in(
        &self,
        tx: &mut Tx<'_>,
        what: What,
        area: Option<&str>,
        act: &Act<'_>,
    ) -> Result<(), Diagnostic> {
        let command = format!("export.{}", what.name());
        self.record(tx, act, &command, area, area.unwrap_or("*").as_bytes())
    }

    /// Writes everything of a kind within areas to a sink; `progress` hears how many rows went out.
    /// Gives how many there were.
    ///
    /// # Errors
    /// Those of the database; the sink cannot be written any more.
    pub fn export(
        &self,
        what: What,
        within: &Within,
        format: Format,
        sink: impl Write + Send,
        progress: &mut dyn FnMut(u64),
    ) -> Result<u64, Diagnostic> {
        let pack = self.pack();
        let wide = match what {
            What::Members => wide::Wide::of(&pack, Kind::Members),
            _ => wide::Wide::of(&pack, Kind::Households),
        };
        let schema: SchemaRef = match what {
            What::Facts => rows::facts_schema(),
            What::Areas => rows::areas_schema(),
            What::Households | What::Members => wide.schema(),
            What::Scores => rows::scores_schema(&pack),
            What::Warnings => rows::warnings_schema(),
        };
        let stream = Stream::new(sink, format, &schema)?;
        let mut export = Export { live: self, within, stream, rows: 0, progress };
        match what {
            What::Facts if *within == Within::Everywhere => export.all_facts(&schema)?,
            What::Areas => export.areas(&schema)?,
            What::Facts => export.each(&mut |tx, ids| {
                let mut found = Vec::new();
                facts::of(tx, &subjects(ids), &mut |it| {
                    found.push(it);
                    Ok(())
                })?;
                rows::facts(&schema, &found)
            })?,
            What::Households | What::Members => export.each(&mut |tx, ids| {
                let mut found = Vec::new();
                facts::of(tx, &subjects(ids), &mut |it| {
                    found.push(it);
                    Ok(())
                })?;
                wide.batch(&schema, ids, found)
            })?,
            What::Scores => export.each(&mut |tx, ids| {
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                rows::scores(&schema, &pack, &scores::of(tx, &ids)?)
            })?,
            What::Warnings => export.each(&mut |tx, ids| {
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                rows::warnings(&schema, &pack, &warnings::of_households(tx, &ids)?)
            })?,
        }
        export.stream.finish()?;
        Ok(export.rows)
    }

    /// Households within areas behind one of them, by id.
    fn page(
        &self,
        tx: &mut Tx<'_>,
        within: &Within,
        after: &str,
    ) -> Result<Vec<String>, Diagnostic> {
        if *within == Within::Everywhere {
            return Ok(facts::households(tx, after, PAGE)?);
        }
        let open: Option<Period> = self.period(tx, OPEN)?;
        let Some(open) = open else { return Ok(Vec::new()) };
        // Where it lives now decides, for its past too.
        Ok(scores::households(tx, open.index().into(), within, after, PAGE)?)
    }
}

fn subjects(ids: &[String]) -> Vec<Subject> {
    ids.iter().cloned().map(Subject::Household).collect()
}

/// Makes rows of some households.
type Rows<'a> =
    &'a mut dyn FnMut(&mut Tx<'_>, &[String]) -> Result<arrow::array::RecordBatch, Diagnostic>;

impl<W: Write + Send> Export<'_, W> {
    fn each(&mut self, rows: Rows<'_>) -> Result<(), Diagnostic> {
        let mut after = String::new();
        loop {
            let page = self.live.store.read(|tx| {
                let ids = self.live.page(tx, self.within, &after)?;
                let batch = rows(tx, &ids)?;
                Ok::<_, Diagnostic>((ids, batch))
            })?;
            let Some(last) = page.0.last() else { return Ok(()) };
            after.clone_from(last);
            self.write(&page.1)?;
        }
    }

    /// Few enough to be read together.
    fn areas(&mut self, schema: &SchemaRef) -> Result<(), Diagnostic> {
        let mut found = self.live.store.read(store::areas::all)?;
        found.retain(|it| self.within.holds(Some(&it.code)));
        found.chunks(FACTS as usize).try_for_each(|it| self.write(&rows::areas(schema, it)?))
    }

    /// Facts of sites and of members without a household too.
    fn all_facts(&mut self, schema: &SchemaRef) -> Result<(), Diagnostic> {
        let upto = self.live.store.read(facts::last)?;
        let mut place = (String::new(), 0);
        loop {
            let (found, next) = self.live.store.read(|tx| facts::page(tx, &place, upto, FACTS))?;
            let Some(next) = next else { return Ok(()) };
            place = next;
            self.write(&rows::facts(schema, &found)?)?;
        }
    }

    fn write(&mut self, batch: &arrow::array::RecordBatch) -> Result<(), Diagnostic> {
        self.rows += batch.num_rows() as u64;
        (self.progress)(self.rows);
        if batch.num_rows() == 0 { Ok(()) } else { self.stream.write(batch) }
    }
}

/// Codes of facts that are about households, or about their members.
fn codes_of(pack: &pack::Pack, kind: Kind) -> Vec<String> {
    let targets = super::targets(pack, kind).into_iter().filter(|it| it.is_fact);
    let codes: BTreeSet<String> = targets.map(|it| it.name).collect();
    codes.into_iter().collect()
}
