//! The way in which pieces of an import reach the database.

use super::super::ingest::Receipt;
use super::undo::Left;
use crate::live::Live;
use crate::people;
use base::Diagnostic;
use store::Tx;
use store::facts::FactRow;

/// What became of a piece.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// Of its facts.
    pub receipt: Receipt,
    /// Of its people, where it has some.
    pub people: people::Receipt,
    /// Cells that say what is stored already.
    pub unchanged: u64,
    /// Cells that say what was corrected since.
    pub superseded: u64,
    /// Rows that could not become facts: position of the row, and why.
    pub faults: Vec<(usize, Option<String>, Diagnostic)>,
    /// For each fact of the receipt, the position of its row and the place of its cell there.
    pub origins: Vec<(usize, usize)>,
    /// In a dry run, facts that were taken and say where a household lives, by household.
    pub homes: Vec<(String, FactRow)>,
    /// Households that wait to be scored.
    pub left: i64,
    /// In an undo, facts that stay because somebody corrected them since.
    pub stay: Vec<Left>,
}

/// A piece of work, as part of a transaction.
pub type Piece = Box<dyn FnOnce(&Live, &mut Tx<'_>) -> Result<Done, Diagnostic> + Send>;

/// Whoever writes pieces and hears how far the work is.
pub trait Hand {
    /// Writes a piece in a transaction.
    ///
    /// # Errors
    /// Those of the piece and of the commit; nothing of the piece is kept then.
    fn write(&mut self, piece: Piece) -> Result<Done, Diagnostic>;

    /// Hears what is being done, how much of it is done, and of how much where that is known.
    ///
    /// # Errors
    /// The work shall end here.
    fn progress(
        &mut self,
        phase: &'static str,
        done: u64,
        total: Option<u64>,
    ) -> Result<(), Diagnostic>;
}

/// Nobody else writes through this process.
pub struct Alone<'a> {
    /// The monitor.
    pub live: &'a Live,
    /// Hears of progress.
    pub progress: &'a mut dyn FnMut(&'static str, u64, Option<u64>),
}

impl Hand for Alone<'_> {
    fn write(&mut self, piece: Piece) -> Result<Done, Diagnostic> {
        self.live.store.write(|tx| piece(self.live, tx))
    }

    fn progress(
        &mut self,
        phase: &'static str,
        done: u64,
        total: Option<u64>,
    ) -> Result<(), Diagnostic> {
        (self.progress)(phase, done, total);
        Ok(())
    }
}

/// Does a piece of a job, and notes which facts it recorded.
///
/// # Errors
/// Those of the piece and of the database.
pub fn noted(live: &Live, tx: &mut Tx<'_>, job: &str, piece: Piece) -> Result<Done, Diagnostic> {
    let before = store::facts::last(tx)?;
    let done = piece(live, tx)?;
    let last = store::facts::last(tx)?;
    store::recorded::note(tx, job, (before + 1, last))?;
    Ok(done)
}

/// Does a piece and undoes it: what would become of it.
pub fn tried(live: &Live, tx: &mut Tx<'_>, piece: Piece) -> Result<Done, Diagnostic> {
    /// Either an error, or what was found before everything was undone.
    enum End {
        Found(Box<Done>),
        Failed(Diagnostic),
    }
    impl From<store::Error> for End {
        fn from(error: store::Error) -> Self {
            End::Failed(error.into())
        }
    }
    let undone = tx.nested(|tx| match piece(live, tx) {
        Ok(done) => Err::<(), _>(End::Found(Box::new(done))),
        Err(finding) => Err(End::Failed(finding)),
    });
    match undone {
        Err(End::Found(done)) => Ok(*done),
        Err(End::Failed(finding)) => Err(finding),
        Ok(()) => Ok(Done::default()),
    }
}
