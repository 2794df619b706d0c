//! The one evaluator: live, batch and cluster call it with whole households, and get the same
//! bytes for the same rows.
//!
//! It compiles a pack once per set of parameter values and keeps nothing else between calls. It
//! opens no file and asks no clock: the period is given.

mod assessed;

pub use self::assessed::Assessed;
pub(crate) use self::assessed::recent;
use crate::program::Program;
use crate::scores::{Structure, modules, table};
use crate::stored::{Earlier, StoredPeriod};
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use base::codes::monitor as codes;
use base::{Band, Diagnostic, Period};
use pack::Pack;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// A pack ready to judge households.
pub struct Evaluator {
    pack: Arc<Pack>,
    structure: Arc<Structure>,
    key_bands: Arc<[Band]>,
    key_places: Vec<KeyPlace>,
    score_schema: SchemaRef,
    with_lift: bool,
    /// [`Pack::lookback`] and [`Pack::history_depth`], which walk every expression.
    lookback: u32,
    history_depth: u32,
    programs: Mutex<BTreeMap<Vec<bool>, Arc<Program>>>,
}

/// A key judgement of the pack: its indicator and its position among that indicator's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPlace {
    /// Index of the indicator.
    pub indicator: usize,
    /// Position in its `keys`.
    pub position: usize,
}

impl Evaluator {
    /// Takes a checked pack. Refuses one that has more key judgements, or more indicators in one
    /// module, than there are bits to keep them in (64).
    pub fn new(pack: Arc<Pack>) -> Result<Self, Diagnostic> {
        let structure = Arc::new(Structure::of(&pack));
        let keys = pack.indicators.iter().flat_map(|it| &it.keys);
        let key_bands: Arc<[Band]> = keys.map(|it| it.band).collect();
        let indicators = |it: &Vec<modules::DimensionPart>| -> usize {
            it.iter().map(|it| it.indicators.len()).sum()
        };
        let most = structure.modules.iter().map(indicators).max().unwrap_or(0);
        if key_bands.len() > 64 || most > 64 {
            let message = format!(
                "the pack has {} key judgements and {most} indicators in one module; 64 of each is \
                 the most that fits",
                key_bands.len()
            );
            let hint = "divide the module, or drop key judgements that others cover";
            return Err(Diagnostic::new(&codes::PACK_TOO_LARGE, message).hint(hint));
        }
        let programs = Mutex::new(BTreeMap::new());
        let places = pack.indicators.iter().enumerate().flat_map(|(indicator, it)| {
            (0..it.keys.len()).map(move |position| KeyPlace { indicator, position })
        });
        let key_places = places.collect();
        let score_schema = table::schema(&pack);
        let (lookback, history_depth) = (pack.lookback(), pack.history_depth());
        Ok(Self {
            pack,
            structure,
            key_bands,
            key_places,
            score_schema,
            with_lift: true,
            lookback,
            history_depth,
            programs,
        })
    }

    /// The same evaluator with trends shown but not lifting any band.
    #[must_use]
    pub fn without_lift(mut self) -> Self {
        self.with_lift = false;
        self
    }

    /// The pack.
    pub fn pack(&self) -> &Arc<Pack> {
        &self.pack
    }

    /// Which dimension and module each indicator belongs to.
    pub fn structure(&self) -> &Structure {
        &self.structure
    }

    /// The band that each key judgement forces, by bit.
    pub fn key_bands(&self) -> &[Band] {
        &self.key_bands
    }

    /// The key judgements by bit.
    pub fn key_places(&self) -> &[KeyPlace] {
        &self.key_places
    }

    /// Periods, the assessed one included, that a band depends on.
    pub fn history_depth(&self) -> u32 {
        self.history_depth
    }

    /// The program for a period.
    pub fn program(&self, at: Period) -> Result<Arc<Program>, Diagnostic> {
        let epoch = Program::epoch(&self.pack, at);
        let mut programs = self.programs.lock().map_err(|_| poisoned())?;
        if let Some(known) = programs.get(&epoch) {
            return Ok(known.clone());
        }
        let program = Arc::new(Program::new(&self.pack, at)?);
        programs.insert(epoch, program.clone());
        Ok(program)
    }

    /// Judges every household of a batch in one period. `batch` holds whole households, sorted,
    /// one row per period (see [`rows::distinct`]); rows after the period are not looked at.
    pub fn assess(&self, batch: &RecordBatch, at: Period) -> Result<Assessed, Diagnostic> {
        Assessed::new(self, batch, at, self.history_depth())
    }

    /// As [`Evaluator::assess`], keeping `earlier` more periods so that those can be judged too.
    pub fn assess_with_history(
        &self,
        batch: &RecordBatch,
        at: Period,
        earlier: u32,
    ) -> Result<Assessed, Diagnostic> {
        Assessed::new(self, batch, at, self.history_depth() + earlier)
    }

    /// As [`Evaluator::assess`], with kept scores of closed periods in place of earlier rows:
    /// `batch` need only reach back as far as expressions do, and of earlier periods only the
    /// band and the fired keys can be asked for ([`Assessed::own_band`]). Gives the same as
    /// without, as long as `stored` (ascending) is what this evaluator makes of the same rows.
    pub fn assess_reusing(
        &self,
        batch: &RecordBatch,
        at: Period,
        stored: &[StoredPeriod],
    ) -> Result<Assessed, Diagnostic> {
        let mut assessed = Assessed::new(self, batch, at, self.lookback + 1)?;
        let beside = |it: &StoredPeriod| {
            Earlier::beside(it, &assessed.batch, &assessed.households, &self.pack)
        };
        let earlier = stored.iter().map(beside).collect::<Result<_, _>>()?;
        assessed.earlier = earlier;
        Ok(assessed)
    }
}

fn poisoned() -> Diagnostic {
    Diagnostic::new(&codes::ENGINE_FAULT, "another thread of the engine failed before")
        .hint("look at the first message of this run")
}
