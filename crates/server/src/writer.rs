//! The one thread that writes: requests that come while it is busy share the next commit.
//!
//! A request that fails is undone alone; those beside it in the commit go on. Requests with facts
//! that follow each other are scored together, each household once. Nothing is answered before the
//! commit is on the disk.

mod facts;

pub use facts::{Step, Telling};

use crate::clock::now;
use app::live::Live;
use base::Diagnostic;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use store::{Tx, lease};
use tokio::sync::oneshot;

/// Requests of one commit.
const GROUP_MAX: usize = 64;
/// Requests that may wait; more are refused, so that memory stays bounded.
const WAITING_MAX: usize = 1_024;

/// How long the right to write lasts without a commit: another server takes over after that.
const LEASE_MICROS: i64 = 3_000_000;

type Work<T> = Box<dyn FnOnce(&Live, &mut Tx<'_>) -> Result<T, Diagnostic> + Send>;

/// A request on its way through a commit.
trait Job: Send {
    /// Does the work as part of a transaction.
    fn run(&mut self, live: &Live, tx: &mut Tx<'_>) -> Result<(), Diagnostic>;
    /// Answers, once it is known what became of the commit.
    fn answer(self: Box<Self>, committed: Result<(), Diagnostic>);
    /// The same request, where it brings facts that may be scored together with those of others.
    fn telling(&mut self) -> Option<&mut dyn facts::Tell> {
        None
    }
}

struct Typed<T> {
    work: Option<Work<T>>,
    result: Option<Result<T, Diagnostic>>,
    reply: oneshot::Sender<Result<T, Diagnostic>>,
}

impl<T: Send> Job for Typed<T> {
    fn run(&mut self, live: &Live, tx: &mut Tx<'_>) -> Result<(), Diagnostic> {
        let Some(work) = self.work.take() else { return Ok(()) };
        let result = work(live, tx);
        let end = result.as_ref().map(drop).map_err(Clone::clone);
        self.result = Some(result);
        end
    }

    fn answer(self: Box<Self>, committed: Result<(), Diagnostic>) {
        let answer = match (committed, self.result) {
            (Err(finding), _) => Err(finding),
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(gone()),
        };
        // Who asked may have gone away; what was committed stays.
        let _ = self.reply.send(answer);
    }
}

/// Hands work to the writing thread.
#[derive(Clone)]
pub struct Writer {
    queue: SyncSender<Box<dyn Job>>,
}

impl Writer {
    /// Starts the thread. `holder` names this server to others; `committed` is called after each
    /// commit.
    pub fn start(live: Arc<Live>, holder: String, committed: impl Fn() + Send + 'static) -> Self {
        let (queue, jobs) = sync_channel(WAITING_MAX);
        std::thread::spawn(move || work(&live, &holder, &jobs, &committed));
        Self { queue }
    }

    /// Does work in the next commit.
    ///
    /// # Errors
    /// Those of the work and of the commit; too many requests wait already.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Live, &mut Tx<'_>) -> Result<T, Diagnostic> + Send + 'static,
    ) -> Result<T, Diagnostic> {
        let (reply, answer) = oneshot::channel();
        let job = Typed { work: Some(Box::new(work)), result: None, reply };
        self.queue.try_send(Box::new(job)).map_err(|_| busy())?;
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Takes facts in the next commit.
    ///
    /// # Errors
    /// As [`Writer::write`].
    pub async fn tell<T: Telling>(&self, facts: T) -> Result<T::Answer, Diagnostic> {
        let (job, answer) = facts::Told::new(facts);
        self.queue.try_send(Box::new(job)).map_err(|_| busy())?;
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Does work in the next commit, for a thread that may wait for its turn.
    ///
    /// # Errors
    /// Those of the work and of the commit.
    pub fn write_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Live, &mut Tx<'_>) -> Result<T, Diagnostic> + Send + 'static,
    ) -> Result<T, Diagnostic> {
        let (reply, answer) = oneshot::channel();
        let job = Typed { work: Some(Box::new(work)), result: None, reply };
        self.queue.send(Box::new(job)).map_err(|_| gone())?;
        answer.blocking_recv().unwrap_or_else(|_| Err(gone()))
    }
}

fn work(live: &Live, holder: &str, jobs: &Receiver<Box<dyn Job>>, committed: &dyn Fn()) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        while group.len() < GROUP_MAX
            && let Ok(next) = jobs.try_recv()
        {
            group.push(next);
        }
        let commit = || {
            live.store.write(|tx| {
                // Part of the commit: who has lost the right to write writes nothing.
                lease::take(tx, holder, now(), now() + LEASE_MICROS)?;
                Ok::<_, Diagnostic>(each_part(live, tx, &mut group)?)
            })
        };
        // A request that stumbles must not end the thread that writes for all others. Its
        // connection goes with it, and so does whatever was begun.
        let result = catch_unwind(AssertUnwindSafe(commit)).unwrap_or_else(|_| Err(stumbled()));
        if result.is_ok() {
            committed();
        }
        group.into_iter().for_each(|it| it.answer(result.clone()));
    }
}

/// Runs the requests of a commit in their order.
fn each_part(live: &Live, tx: &mut Tx<'_>, group: &mut [Box<dyn Job>]) -> store::Result<()> {
    let mut rest = group;
    while !rest.is_empty() {
        let telling = rest.iter_mut().map_while(|it| it.telling().map(drop)).count();
        let (part, after) = rest.split_at_mut(telling.max(1));
        rest = after;
        let mut facts: Vec<_> = part.iter_mut().filter_map(|it| it.telling()).collect();
        if facts.len() > 1 && alone(tx, |tx| facts::take(live, tx, &mut facts))? {
            continue;
        }
        // One of them failed, whose own failure is its own answer.
        for job in part {
            alone(tx, |tx| job.run(live, tx))?;
        }
    }
    Ok(())
}

/// Does a part of a commit, which is undone where it fails; says whether it did not.
fn alone(
    tx: &mut Tx<'_>,
    work: impl FnOnce(&mut Tx<'_>) -> Result<(), Diagnostic>,
) -> store::Result<bool> {
    match tx.nested(|tx| work(tx).map_err(|_| Part::Own)) {
        Ok(()) => Ok(true),
        Err(Part::Own) => Ok(false),
        Err(Part::Store(error)) => Err(error),
    }
}

/// Whose fault ended a part of a commit.
enum Part {
    /// Its own: the request has kept what it was, for its answer.
    Own,
    Store(store::Error),
}

impl From<store::Error> for Part {
    fn from(error: store::Error) -> Self {
        Part::Store(error)
    }
}

fn busy() -> Diagnostic {
    let error = store::Error::new(store::Kind::Unreachable, "too many requests wait to be written");
    Diagnostic { hint: Some("send it again in a moment".to_owned()), ..error.into() }
}

fn stumbled() -> Diagnostic {
    let message = "a request of this commit made the program stumble: nothing of it was kept";
    let error = store::Error::new(store::Kind::Fault, message);
    Diagnostic {
        hint: Some("send it again, and report it if it fails again".to_owned()),
        ..error.into()
    }
}

fn gone() -> Diagnostic {
    store::Error::new(store::Kind::Unreachable, "the server is stopping").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::codes::store::STORE_FAULT;
    use std::path::Path;
    use store::{Address, Store, settings};

    #[test]
    fn a_request_that_stumbles_leaves_nothing_and_the_writing_goes_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&Address::File(folder.path().join("holdfast.db")));
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/tongchuan");
        let loaded = app::load(&pack).expect("a pack");
        let live = Live::new(store.expect("a database"), loaded, [7; 32]).expect("a monitor");
        let live = Arc::new(live);
        let writer = Writer::start(live.clone(), "test".to_owned(), || {});
        let stumbled = writer.write_blocking(|_, tx| -> Result<(), Diagnostic> {
            settings::set(tx, "half", "done");
            panic!("on purpose");
        });
        assert_eq!(stumbled.map_err(|it| it.code.id), Err(STORE_FAULT.id));
        let written = writer.write_blocking(|_, tx| {
            settings::set(tx, "whole", "done");
            Ok(())
        });
        assert_eq!(written, Ok(()));
        let read = |name| live.store.read(|tx| settings::get(tx, name));
        assert_eq!((read("half"), read("whole")), (Ok(None), Ok(Some("done".to_owned()))));
    }
}
