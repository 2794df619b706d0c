//! Files into the store: checked row by row, stored in pieces, scored at the end. Importing a file
//! again is harmless.
//!
//! What is written goes through a [`Hand`]: alone on the command line, between the requests of
//! others in a server.

mod ahead;
mod areas;
pub(super) mod facts;
mod guess;
mod hand;
mod rejects;
mod request;
mod targets;
mod undo;
mod wide;

pub use guess::{Guess, guess};
pub use hand::{Alone, Done, Hand, Piece, noted};
pub use rejects::{Refusal, Shown, file_names, give_back, sample, shown};
pub use request::{ImportRequest, Imported, Kind, Part};
pub use targets::{Target, targets};
pub use undo::{Left, Undo, Undone};

use super::{Act, CHUNK, Live};
use crate::Refused;
use crate::input::Files;
use arrow::array::AsArray;
use arrow::datatypes::Date32Type;
use base::Diagnostic;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use store::Within;
use store::facts::FactRow;
use tables::ReadOptions;

/// Facts of one transaction, where nobody waits.
pub const ALL_AT_ONCE: usize = 50_000;

/// Households that are scored in one transaction, where nobody waits.
const SCORED_AT_ONCE: usize = 8_000;

/// Who imports, in a form that outlasts the call.
#[derive(Clone, Debug)]
pub struct Importer {
    /// Who.
    pub actor: String,
    /// When, in microseconds.
    pub now: i64,
    /// Whose rows may be written.
    pub within: Within,
}

impl Importer {
    /// The same as an act.
    pub fn act(&self) -> Act<'_> {
        Act { actor: &self.actor, now: self.now, within: &self.within }
    }
}

/// What all parts of an import share.
struct Import<'a> {
    live: &'a Live,
    request: &'a ImportRequest,
    importer: &'a Importer,
    read: &'a ReadOptions,
    piece: usize,
    hand: &'a mut dyn Hand,
    imported: Imported,
    /// In a dry run, what was undone of where households live, for files that build on it.
    homes: BTreeMap<String, Vec<FactRow>>,
}

impl Live {
    /// Imports files of facts on the command line; `progress` counts facts, then households. With
    /// `is_dry` everything is checked against the store and nothing is kept.
    ///
    /// # Errors
    /// As [`Live::import_by`].
    pub fn import(
        &self,
        files: &Files,
        read: &ReadOptions,
        is_dry: bool,
        act: &Act<'_>,
        progress: &mut dyn FnMut(&'static str, u64, Option<u64>),
    ) -> Result<Imported, Refused> {
        let request = ImportRequest::facts(&files.columns, is_dry)?;
        let within = act.within.clone();
        let importer = Importer { actor: act.actor.to_owned(), now: act.now, within };
        let mut hand = Alone { live: self, progress };
        self.import_by(&files.paths, &request, &importer, read, ALL_AT_ONCE, &mut hand)
    }

    /// Imports files; what is written goes through `hand`, about `piece` facts at a time.
    ///
    /// # Errors
    /// A file that cannot be read at all; those of the database and of the evaluation. What was
    /// stored before the error stays, and the same import goes on from there.
    pub fn import_by(
        &self,
        paths: &[PathBuf],
        request: &ImportRequest,
        importer: &Importer,
        read: &ReadOptions,
        piece: usize,
        hand: &mut dyn Hand,
    ) -> Result<Imported, Refused> {
        let one = |it: Diagnostic| vec![it];
        hand.progress("reading", 0, None).map_err(one)?;
        let imported = Imported::default();
        let homes = BTreeMap::new();
        let mut import =
            Import { live: self, request, importer, read, piece, hand, imported, homes };
        match request.kind {
            Kind::Facts => import.facts(paths)?,
            Kind::Households => {
                import.wide(paths, Kind::Households)?;
                import.second_sheets(paths)?;
            }
            Kind::Members => import.wide(paths, Kind::Members)?,
            Kind::Areas => {
                import.areas(paths)?;
                return Ok(import.imported);
            }
        }
        import.score().map_err(one)?;
        import.compare().map_err(one)?;
        Ok(import.imported)
    }

    /// Scores every stale household; gives how many there were.
    ///
    /// # Errors
    /// Those of the database and of the evaluation.
    pub fn catch_up_all(
        &self,
        act: &Act<'_>,
        progress: &mut dyn FnMut(&'static str, u64),
    ) -> Result<u64, Diagnostic> {
        let all = self.store.read(store::stale::count)?;
        let mut left = all;
        while left > 0 {
            left = self.catch_up(SCORED_AT_ONCE, act)?;
            progress("households", (all - left).unsigned_abs());
        }
        Ok(all.unsigned_abs())
    }
}

impl Import<'_> {
    /// Where nothing is under watch yet, it begins at the latest day of the whole file, however
    /// small the pieces are in which it is stored. A day to come is none that was observed.
    fn watch(
        &mut self,
        input: impl FnOnce() -> Result<tables::Input, Refused>,
    ) -> Result<(), Refused> {
        let one = |it: Diagnostic| vec![it];
        if self.request.is_dry || self.live.open_period().map_err(one)?.is_some() {
            return Ok(());
        }
        let quiet = ReadOptions { progress: Default::default(), ..self.read.clone() };
        let today = i32::try_from(self.importer.now / 86_400_000_000).unwrap_or(i32::MAX);
        let given = self.request.date.as_deref().and_then(|it| wide::day(it).ok());
        let mut latest = given.and_then(|it| i32::try_from(it).ok());
        tables::each_batch(input()?, &quiet, &mut |rows| {
            for column in rows.columns().iter().zip(rows.schema().fields()) {
                // The last day of something may lie ahead, and says nothing of when it was seen.
                let is_first = column.1.name() != "valid_to";
                let column = column.0;
                let days = column.as_primitive_opt::<Date32Type>().into_iter().flatten().flatten();
                latest = latest.max(days.filter(|it| is_first && *it <= today).max());
            }
        })
        .map_err(one)?;
        let Some(latest) = latest else { return Ok(()) };
        let piece: Piece = Box::new(move |live, tx| {
            live.watch_day(tx, latest)?;
            Ok(Done::default())
        });
        self.hand.write(piece).map(drop).map_err(one)
    }

    /// Files are sorted whatever they say of themselves: one that is not as it says, or that has a
    /// row that cannot be used, would otherwise stop halfway.
    fn sorting(&self) -> ReadOptions {
        ReadOptions { force_sort: true, ..self.read.clone() }
    }

    /// A workbook of households may have their members on its second sheet.
    fn second_sheets(&mut self, paths: &[PathBuf]) -> Result<(), Refused> {
        for path in paths {
            if tables::tables_in(path).map_err(|it| vec![it])? < 2 {
                continue;
            }
            let sheet = second_sheet(path);
            if tables::names(&sheet).is_ok_and(|it| it.iter().any(|it| !it.is_empty())) {
                self.wide(&[sheet], Kind::Members)?;
            }
        }
        Ok(())
    }

    /// Looks for duplicates among all where pieces were too large to compare everybody at once.
    fn compare(&mut self) -> Result<(), Diagnostic> {
        let told = &self.imported.people;
        let is_new = told.accepted + told.changed > 0;
        if !self.request.is_dry && is_new && self.piece >= ALL_AT_ONCE {
            let found = self.live.find_duplicates(&self.importer.act(), &mut |_| {})?;
            self.imported.people.suspected += found;
        }
        Ok(())
    }

    /// Scores what is stale, piece by piece.
    fn score(&mut self) -> Result<(), Diagnostic> {
        if self.request.is_dry {
            return Ok(());
        }
        if self.piece >= ALL_AT_ONCE {
            // Goes over all tables: not while others wait.
            self.live.store.look_over()?;
        }
        let households = if self.piece < ALL_AT_ONCE { CHUNK } else { SCORED_AT_ONCE };
        self.imported.scored = score_stale(self.live, self.importer, households, self.hand)?;
        Ok(())
    }
}

/// Scores every stale household, so many in a piece; gives how many there were.
fn score_stale(
    live: &Live,
    importer: &Importer,
    households: usize,
    hand: &mut dyn Hand,
) -> Result<u64, Diagnostic> {
    let all = live.store.read(store::stale::count)?;
    let mut left = all;
    while left > 0 {
        let importer = importer.clone();
        let piece: Piece = Box::new(move |live, tx| {
            let left = live.catch_up_in(tx, households, &importer.act())?;
            Ok(Done { left, ..Done::default() })
        });
        left = hand.write(piece)?.left;
        hand.progress("scoring", (all - left).unsigned_abs(), Some(all.unsigned_abs()))?;
    }
    Ok(all.unsigned_abs())
}

/// The address of a workbook's second sheet.
pub fn second_sheet(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("#2");
    PathBuf::from(name)
}
