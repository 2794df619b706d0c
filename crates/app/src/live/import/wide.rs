//! Files with one household or one member a row, and a column for each thing that is known of it.
//!
//! Each filled cell becomes a fact; an empty one changes nothing. The id of a fact follows from
//! whom it is about, its code, day and source, so that the same file again says nothing new.

mod cells;
mod stored;
mod told;

use super::ahead::ahead;
use super::guess::{DATED, mapping_of};
use super::hand::{Done, Piece, tried};
use super::request::Kind;
use super::targets::{Target, targets};
use super::{Import, Importer};
use crate::Refused;
use crate::live::{Act, Live, Scoring, ingest};
use crate::people::{NewPerson, Receipt};
use base::Diagnostic;
use base::codes::{run, tables as codes};
use cells::{Cells, Row};
use monitor::facts::AREA;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::Tx;
use store::facts::{FactRow, Subject};
use stored::Stored;
use tables::{Batch, ColumnKind, ColumnSpec, Mapping, Partition, Reject, TableSpec};

/// What the columns of a file hold.
pub(super) struct Layout {
    /// What holds for rows that do not say.
    pub day: Option<i64>,
    /// As above.
    pub source: Option<String>,
    /// The kind of file.
    pub kind: Kind,
    /// In the order of the columns.
    pub targets: Vec<Target>,
}

impl Layout {
    /// The value of a cell in the one writing that its kind has.
    fn value(&self, cell: &cells::Cell) -> Result<String, Diagnostic> {
        let target = self.targets.iter().find(|it| it.is_fact && it.name == cell.fact);
        let Some(target) = target else { return Ok(cell.value.clone()) };
        tables::cell_of(&target.kind, &cell.value)
            .map_err(|(code, message, hint)| Diagnostic::new(code, message).hint(hint))
    }
}

impl Import<'_> {
    /// Imports files of households or members.
    pub fn wide(&mut self, paths: &[PathBuf], kind: Kind) -> Result<(), Refused> {
        let one = |it: Diagnostic| vec![it];
        let day = self.request.date.as_deref().map(day).transpose().map_err(one)?;
        for path in paths {
            let mut mapping = mapping_of(self.live, self.request, kind, path)?;
            if !self.request.registers_people {
                let all = targets(&self.live.pack(), kind);
                let is_person = |name: &str| all.iter().any(|it| it.is_person && it.name == *name);
                mapping.0.retain(|name, _| !is_person(name));
            }
            let (spec, targets) = self.spec(kind, &mapping, path)?;
            let input = tables::open(path, &spec, &mapping)?;
            self.watch(|| tables::open(path, &spec, &mapping))?;
            let is_ignored = |it: &&Diagnostic| it.code.id == codes::COLUMN_IGNORED.id;
            self.imported.notes.extend(input.notes().iter().filter(is_ignored).cloned());
            let source = self.request.source.clone();
            let layout = Arc::new(Layout { day, source, kind, targets });
            self.rows(input, &layout)?;
        }
        Ok(())
    }

    /// The columns of a file that hold something; the others are not asked for.
    fn spec(
        &self,
        kind: Kind,
        mapping: &Mapping,
        path: &Path,
    ) -> Result<(TableSpec, Vec<Target>), Refused> {
        let mut wanted = Vec::new();
        for target in targets(&self.live.pack(), kind) {
            let dated = format!("{}{DATED}", target.name);
            let has_date = target.is_fact && mapping.0.contains_key(&dated);
            if target.is_required || mapping.0.contains_key(&target.name) {
                let date = Target { name: dated, kind: ColumnKind::Date, ..target.clone() };
                wanted.push(target);
                wanted.extend(has_date.then_some(date).map(|it| Target { is_fact: false, ..it }));
            }
        }
        if kind == Kind::Households && !wanted.iter().any(|it| it.is_fact) {
            let message = "no column of the file holds anything that the pack asks for";
            let place = base::Place::file(path.display().to_string());
            return Err(vec![Diagnostic::new(&run::BAD_OPTION, message).at(place).hint(
                "name the columns by label or fact code, or map them: --column FACT=COLUMN",
            )]);
        }
        let column = |it: &Target| ColumnSpec {
            name: it.name.clone(),
            sources: Vec::new(),
            // Whether a cell fits is asked only where it says something new.
            kind: if it.is_fact { ColumnKind::Any } else { it.kind.clone() },
            is_required: it.is_required,
        };
        Ok((TableSpec { columns: wanted.iter().map(column).collect() }, wanted))
    }

    fn rows(&mut self, input: tables::Input, layout: &Arc<Layout>) -> Result<(), Refused> {
        let before = self.read.progress.load(std::sync::atomic::Ordering::Relaxed);
        let aligned = tables::by_household(vec![input], &self.sorting()).map_err(|it| vec![it])?;
        let read = self.read.progress.load(std::sync::atomic::Ordering::Relaxed) - before;
        let total = self.imported.rows + read + aligned.rejects.len() as u64;
        self.imported.rows += aligned.rejects.len() as u64;
        self.imported.rejects.extend(aligned.rejects);
        let width = layout.targets.iter().filter(|it| it.is_fact).count().max(1);
        let pieces = pieces(aligned.partitions, layout, self.piece / width);
        ahead(pieces, |rows| self.flush(rows, layout, total).map_err(|it| vec![it]))
    }

    /// What pieces before would have stored of where the households of some rows live.
    fn homes_of(&self, rows: &[Row]) -> Vec<FactRow> {
        let households: BTreeSet<&str> = rows.iter().map(|it| it.household.as_str()).collect();
        let homes = households.into_iter().filter_map(|it| self.homes.get(it));
        homes.flatten().cloned().collect()
    }

    fn flush(
        &mut self,
        rows: Vec<Row>,
        layout: &Arc<Layout>,
        total: u64,
    ) -> Result<(), Diagnostic> {
        self.imported.rows += rows.len() as u64;
        let rows = Arc::new(rows);
        let (layout, importer) = (layout.clone(), self.importer.clone());
        let work = if self.request.is_dry {
            let homes = self.homes_of(&rows);
            dry_piece(rows.clone(), layout, importer, homes)
        } else {
            piece(rows.clone(), layout, importer, false)
        };
        let mut done = self.hand.write(work)?;
        for home in std::mem::take(&mut done.homes) {
            self.homes.entry(home.0).or_default().push(home.1);
        }
        let people = &mut self.imported.people;
        people.accepted += done.people.accepted;
        people.changed += done.people.changed;
        people.known += done.people.known;
        people.suspected += done.people.suspected;
        let strangers = std::mem::take(&mut done.people.rejected).into_iter();
        done.faults.extend(strangers.map(|it| (it.position, None, it.finding)));
        self.imported.accepted += done.receipt.accepted;
        self.imported.known += done.receipt.known;
        self.imported.unchanged += done.unchanged;
        self.imported.superseded += done.superseded;
        let rejected = done.receipt.rejected.into_iter().map(|it| {
            let (row, cell) = done.origins[it.position];
            (row, Some(rows[row].cells[cell].fact.clone()), it.finding)
        });
        for (row, column, finding) in done.faults.into_iter().chain(rejected) {
            self.imported.rejects.push(reject(&rows[row], column, finding));
        }
        self.hand.progress("storing", self.imported.rows, Some(total.max(self.imported.rows)))
    }
}

/// The rows of a file, so many at a time. Batches hold whole households: their rows stay together.
fn pieces<'a>(
    partitions: Vec<Partition>,
    layout: &'a Layout,
    rows: usize,
) -> impl Iterator<Item = Result<Vec<Row>, Refused>> + 'a {
    let mut batches = partitions.into_iter().flatten();
    let read = |batch: Result<Batch, Diagnostic>| -> Result<Vec<Row>, Diagnostic> {
        let batch = batch?;
        Ok(Cells::of(&batch, layout)?.rows().collect())
    };
    std::iter::from_fn(move || {
        let mut held = Vec::new();
        for batch in batches.by_ref() {
            match read(batch) {
                Ok(more) => held.extend(more),
                Err(finding) => return Some(Err(vec![finding])),
            }
            if held.len() >= rows {
                break;
            }
        }
        (!held.is_empty()).then_some(Ok(held))
    })
}

/// As [`piece`], undone once it is known what would become of it. Homes are what pieces before it,
/// undone too, would have stored: of who lives there, a real run would know where.
fn dry_piece(
    rows: Arc<Vec<Row>>,
    layout: Arc<Layout>,
    importer: Importer,
    homes: Vec<FactRow>,
) -> Piece {
    let work = piece(rows, layout, importer.clone(), true);
    let after: Piece = Box::new(move |live, tx| {
        live.ingest_in(tx, &homes, Scoring::Later, &importer.act())?;
        work(live, tx)
    });
    Box::new(move |live, tx| tried(live, tx, after))
}

fn piece(rows: Arc<Vec<Row>>, layout: Arc<Layout>, importer: Importer, is_dry: bool) -> Piece {
    Box::new(move |live, tx| {
        let mut stored = Stored::of(tx, &rows)?;
        let mut done = Done::default();
        let mut taken = Vec::new();
        for (position, row) in rows.iter().enumerate() {
            match stored.take(row, &layout, importer.now) {
                Ok(news) => taken.push((position, news)),
                Err((column, finding)) => done.faults.push((position, column, finding)),
            }
        }
        let positions: Vec<usize> = taken.iter().map(|it| it.0).collect();
        done.people = people(live, tx, (&rows, &positions), &stored, &importer.act())?;
        let refused: BTreeSet<usize> = done.people.rejected.iter().map(|it| it.position).collect();
        let mut facts = stored.into_news();
        if !refused.is_empty() {
            // A row whose person cannot be taken comes back whole.
            let rows_of = taken.iter().flat_map(|it| it.1.cells.iter().map(|_| it.0));
            let mut rows_of = rows_of.collect::<Vec<_>>().into_iter();
            facts.retain(|_| rows_of.next().is_some_and(|it| !refused.contains(&it)));
        }
        for (position, news) in taken.into_iter().filter(|it| !refused.contains(&it.0)) {
            done.unchanged += news.unchanged;
            done.superseded += news.superseded;
            done.origins.extend(news.cells.into_iter().map(|it| (position, it)));
        }
        done.receipt = live.ingest_in(tx, &facts, Scoring::Later, &importer.act())?;
        if is_dry {
            done.homes = homes(&facts, &done.receipt);
        }
        Ok(done)
    })
}

/// Facts that were taken and say where a household lives, by household.
fn homes(facts: &[FactRow], receipt: &ingest::Receipt) -> Vec<(String, FactRow)> {
    let refused: BTreeSet<usize> = receipt.rejected.iter().map(|it| it.position).collect();
    let home = |(position, fact): (usize, &FactRow)| match &fact.subject {
        Subject::Household(household)
            if fact.fact == AREA && fact.member_id.is_none() && !refused.contains(&position) =>
        {
            Some((household.clone(), fact.clone()))
        }
        _ => None,
    };
    facts.iter().enumerate().filter_map(home).collect()
}

/// Registers those whom rows tell of; what was rejected stands under the position of its row.
fn people(
    live: &Live,
    tx: &mut Tx<'_>,
    (rows, positions): (&[Row], &[usize]),
    stored: &Stored,
    act: &Act<'_>,
) -> Result<Receipt, Diagnostic> {
    let told = positions.iter().filter_map(|it| Some((*it, rows[*it].person.clone()?)));
    let (positions, mut told): (Vec<usize>, Vec<NewPerson>) = told.unzip();
    if told.is_empty() {
        return Ok(Receipt::default());
    }
    for person in &mut told {
        // What facts say and no file claims: a new household may have no scores yet.
        person.area_code = person.household_id.as_deref().and_then(|it| stored.area(it));
    }
    let mut receipt = live.put_people(tx, &told, act)?;
    receipt.rejected.iter_mut().for_each(|it| it.position = positions[it.position]);
    Ok(receipt)
}

fn reject(row: &Row, column: Option<String>, finding: Diagnostic) -> Reject {
    Reject {
        file: row.place.0.clone(),
        line: row.place.1,
        household: Some(row.household.clone()),
        period: None,
        column,
        code: finding.code,
        message: finding.message,
        hint: finding.hint,
    }
}

/// Days since 1970-01-01.
pub(super) fn day(text: &str) -> Result<i64, Diagnostic> {
    let parsed = text.parse::<jiff::civil::Date>();
    let days =
        parsed.map(|it| it.since(jiff::civil::date(1970, 1, 1)).map_or(0, |it| it.get_days()));
    days.map(i64::from).map_err(|_| {
        let message = format!("the date of the file: `{text}` is no day");
        Diagnostic::new(&run::BAD_OPTION, message).hint("write days like 2020-06-30")
    })
}
