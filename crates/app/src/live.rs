//! The live monitor: facts go into the store, and scores and warnings come out of the same
//! transaction.
//!
//! Facts are all there is; what is derived can be made again from them at any time and comes out
//! the same. The clock is the caller's: every call that writes says what time it is.

mod areas;
mod arriving;
mod check;
mod counted;
mod deeds;
mod derive;
mod detail;
mod export;
mod histories;
mod household;
mod import;
mod ingest;
pub mod jobs;
pub mod mappings;
mod periods;
mod permitted;
pub mod policy;
mod rebuild;
mod retention;
mod situation;
mod standing;
mod told;
mod warned;
mod watch;

pub(crate) use areas::is_code;
pub use areas::{AreaView, AreasTaken, BoundariesTaken, Children, NewArea, PathPart};
pub use arriving::in_order_of_learning;
pub use deeds::Deed;
pub use detail::{Cell, Detail, ModuleDetail};
pub use export::What;
pub use household::*;
pub use import::{
    ALL_AT_ONCE, Alone, Done, Guess, Hand, ImportRequest, Imported, Importer, Kind, Left, Part,
    Piece, Refusal, Shown, Target, Undo, Undone, file_names, give_back, guess, noted, sample,
    second_sheet, shown, targets,
};
pub use ingest::{Receipt, Rejected, Scoring, Stored};
pub use periods::Closed;
pub use rebuild::Rebuilt;
pub use retention::{NextPiece, Retained};
pub use situation::{Asked, Child, Figures, Summary};
pub(crate) use standing::{is_retraction, standing};

use crate::Loaded;
use crate::people::Vault;
use base::codes::live as codes;
use base::{Diagnostic, Period, PeriodKind};
use monitor::facts::FactCodes;
use pack::Pack;
use policy::{Registry, Timelines};
use std::sync::{Arc, PoisonError, RwLock};
use store::{Store, Tx, Within, audit, settings};

/// Households that are evaluated together.
pub const CHUNK: usize = 250;

/// The period under watch.
pub(crate) const OPEN: &str = "open_period";
/// The first period that was ever under watch.
pub(crate) const FIRST: &str = "first_period";

/// A pack in force, with what is made of it once.
pub struct Policy {
    /// The pack, ready to judge.
    pub loaded: Loaded,
    pub(crate) codes: FactCodes,
}

impl Policy {
    /// Makes ready what facts need of a pack.
    ///
    /// # Errors
    /// A pack of waves: facts have dates and waves have none.
    pub fn of(loaded: Loaded) -> Result<Self, Diagnostic> {
        if loaded.pack().period_kind == PeriodKind::Wave {
            let message = "facts have dates and waves have none";
            return Err(Diagnostic::new(&codes::PACK_WITHOUT_CALENDAR, message)
                .hint("use a pack of months, quarters or years; assess waves from files"));
        }
        let codes = FactCodes::of(loaded.pack());
        Ok(Self { loaded, codes })
    }

    /// The pack.
    pub fn pack(&self) -> &Arc<Pack> {
        self.loaded.pack()
    }
}

/// A pack over a store.
pub struct Live {
    /// The database.
    pub store: Store,
    /// What holds as long as the database has no policy.
    given: Option<Arc<Policy>>,
    /// What holds in the period under watch.
    policy: RwLock<Arc<Policy>>,
    timelines: Timelines,
    registry: Registry,
    kept: histories::Kept,
    vault: Arc<Vault>,
    key: audit::Key,
}

/// Who does something, and when (microseconds since 1970-01-01 UTC).
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// Who.
    pub actor: &'a str,
    /// When.
    pub now: i64,
    /// Whose rows may be written.
    pub within: &'a Within,
}

impl Live {
    /// Puts a pack over a store. From the master key come those that seal the audit chain and what
    /// is kept of people. Where the database has a policy in force that counts, and the pack does
    /// not.
    ///
    /// # Errors
    /// A pack of waves: facts have dates and waves have none. I004: the key of another database;
    /// those of the database.
    pub fn new(store: Store, loaded: Loaded, master: audit::Key) -> Result<Self, Diagnostic> {
        Self::open(store, Some(loaded), master)
    }

    /// As [`Live::new`], without a pack where the database has a policy in force.
    ///
    /// # Errors
    /// As [`Live::new`]; V001 where there is neither.
    pub fn open(
        store: Store,
        loaded: Option<Loaded>,
        master: audit::Key,
    ) -> Result<Self, Diagnostic> {
        let given = loaded.map(Policy::of).transpose()?.map(Arc::new);
        let vault = Arc::new(store.read(|tx| Vault::open(tx, &master))?);
        let key = vault.audit();
        let policy = store.read(|tx| policy::first(tx, given.as_ref()))?;
        let (timelines, registry) = (Timelines::default(), Registry::default());
        let kept = histories::Kept::default();
        let policy = RwLock::new(policy);
        let live = Self { store, given, policy, timelines, registry, kept, vault, key };
        live.store.read(|tx| live.notice(tx))?;
        Ok(live)
    }

    pub(crate) fn vault(&self) -> Arc<Vault> {
        self.vault.clone()
    }

    /// The policy in force for the period under watch. Whoever needs it more than once in a piece
    /// of work asks once: it may be another one the next time.
    pub fn policy(&self) -> Arc<Policy> {
        self.policy.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The pack of [`Live::policy`].
    pub fn pack(&self) -> Arc<Pack> {
        self.policy().pack().clone()
    }

    /// The period under watch; `None` before the first facts.
    ///
    /// # Errors
    /// Those of the database.
    pub fn open_period(&self) -> Result<Option<Period>, Diagnostic> {
        self.store.read(|tx| self.period(tx, OPEN))
    }

    /// Goes through the audit chain.
    ///
    /// # Errors
    /// Those of the database.
    pub fn verify_audit(&self) -> Result<audit::Verdict, Diagnostic> {
        Ok(self.store.read(|tx| audit::verify(tx, &self.key))?)
    }

    /// A key for one purpose and one thing, made of the master key: nobody has to keep it.
    pub(crate) fn derived(&self, purpose: &str, of: &[u8]) -> [u8; 32] {
        let key = blake3::derive_key(purpose, &self.key);
        *blake3::keyed_hash(&key, of).as_bytes()
    }

    pub(crate) fn period(&self, tx: &mut Tx<'_>, name: &str) -> Result<Option<Period>, Diagnostic> {
        // Every policy of a database has periods of one kind.
        self.period_of_kind(tx, name, self.pack().period_kind)
    }

    fn period_of_kind(
        &self,
        tx: &mut Tx<'_>,
        name: &str,
        kind: PeriodKind,
    ) -> Result<Option<Period>, Diagnostic> {
        let text = settings::get(tx, name)?;
        Ok(text.and_then(|it| Period::parse(kind, &it).ok()))
    }

    pub(crate) fn record(
        &self,
        tx: &mut Tx<'_>,
        act: &Act<'_>,
        command: &str,
        subject: Option<&str>,
        content: &[u8],
    ) -> Result<(), Diagnostic> {
        let entry = audit::Entry { at: act.now, actor: act.actor, command, subject, content };
        audit::append(tx, &self.key, &entry)?;
        Ok(())
    }
}
