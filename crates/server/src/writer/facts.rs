//! Facts of several requests, stored one after another and scored together.

use super::Job;
use app::live::{Act, Live, Receipt, Stored};
use base::Diagnostic;
use store::{Tx, Within};
use tokio::sync::oneshot;

/// A request that brings facts.
pub trait Telling: Send + 'static {
    /// What it is answered.
    type Answer: Send + Clone;

    /// Stores its facts, or gives the answer that it was given before. May be called again after
    /// what it did was undone.
    ///
    /// # Errors
    /// Those of the facts as a whole and of the database.
    fn store(&self, live: &Live, tx: &mut Tx<'_>) -> Result<Step<Self::Answer>, Diagnostic>;

    /// When it came, in microseconds.
    fn at(&self) -> i64;

    /// The answer, once what the facts touch is scored.
    ///
    /// # Errors
    /// Those of the database.
    fn answer(&self, tx: &mut Tx<'_>, receipt: Receipt) -> Result<Self::Answer, Diagnostic>;
}

/// How far a request has come.
pub enum Step<A> {
    /// It was answered before.
    Answered(A),
    /// Its facts are stored.
    Stored(Stored),
}

/// A request with facts among the others of a commit.
pub(super) struct Told<T: Telling> {
    facts: T,
    stored: Option<Stored>,
    result: Option<Result<T::Answer, Diagnostic>>,
    reply: oneshot::Sender<Result<T::Answer, Diagnostic>>,
}

type Awaited<A> = oneshot::Receiver<Result<A, Diagnostic>>;

impl<T: Telling> Told<T> {
    pub fn new(facts: T) -> (Self, Awaited<T::Answer>) {
        let (reply, answer) = oneshot::channel();
        (Self { facts, stored: None, result: None, reply }, answer)
    }
}

/// [`Telling`] in steps, whatever its answer.
pub(super) trait Tell {
    fn store(&mut self, live: &Live, tx: &mut Tx<'_>) -> Result<(), Diagnostic>;
    fn at(&self) -> i64;
    fn stored(&mut self) -> Option<&mut Stored>;
    fn finish(&mut self, tx: &mut Tx<'_>) -> Result<(), Diagnostic>;
}

impl<T: Telling> Tell for Told<T> {
    fn store(&mut self, live: &Live, tx: &mut Tx<'_>) -> Result<(), Diagnostic> {
        (self.stored, self.result) = (None, None);
        match self.facts.store(live, tx)? {
            Step::Answered(answer) => self.result = Some(Ok(answer)),
            Step::Stored(stored) => self.stored = Some(stored),
        }
        Ok(())
    }

    fn at(&self) -> i64 {
        self.facts.at()
    }

    fn stored(&mut self) -> Option<&mut Stored> {
        self.stored.as_mut()
    }

    fn finish(&mut self, tx: &mut Tx<'_>) -> Result<(), Diagnostic> {
        if let Some(stored) = self.stored.take() {
            self.result = Some(Ok(self.facts.answer(tx, stored.into_receipt())?));
        }
        Ok(())
    }
}

impl<T: Telling> Job for Told<T> {
    fn run(&mut self, live: &Live, tx: &mut Tx<'_>) -> Result<(), Diagnostic> {
        let result = take(live, tx, &mut [self]);
        if let Err(finding) = &result {
            self.result = Some(Err(finding.clone()));
        }
        result
    }

    fn answer(self: Box<Self>, committed: Result<(), Diagnostic>) {
        let result = self.result.unwrap_or_else(|| Err(super::gone()));
        // Who asked may have gone away; what was committed stays.
        let _ = self.reply.send(committed.and(result));
    }

    fn telling(&mut self) -> Option<&mut dyn Tell> {
        Some(self)
    }
}

/// Takes the facts of requests: stored in their order, then scored together.
pub(super) fn take(
    live: &Live,
    tx: &mut Tx<'_>,
    requests: &mut [&mut dyn Tell],
) -> Result<(), Diagnostic> {
    for request in requests.iter_mut() {
        request.store(live, tx)?;
    }
    // Scores and warnings are made by the monitor, of whoever the facts came from.
    let now = requests.iter().map(|it| it.at()).max().unwrap_or_default();
    let act = Act { actor: "monitor", now, within: &Within::Everywhere };
    let mut stored: Vec<&mut Stored> = requests.iter_mut().filter_map(|it| it.stored()).collect();
    live.score_stored(tx, &mut stored, &act)?;
    for request in requests.iter_mut() {
        request.finish(tx)?;
    }
    Ok(())
}
