//! Batches through the evaluator on several threads, results back in order.
//!
//! Partitions follow one another in the order of households. Each is evaluated by one thread and
//! handed over in its turn, so that the tables are the same whatever the number of threads.

use super::facts_input::FactFiles;
use super::judge::{Chunk, Job, Judged, county, earlier_periods};
use super::output::Outputs;
use super::rejects;
use super::stored::{self, Keeper, Store};
use super::{Report, Request, Stage};
use crate::input::Files;
use crate::{Loaded, Refused};
use base::codes::tables as table_codes;
use base::{AreaCode, Diagnostic, Period};
use monitor::warnings::budget::Budgets;
use monitor::warnings::{self, Known};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use tables::{ReadOptions, Reject, TableSpec};

/// Where households come from.
pub enum Source {
    /// Panel files.
    Panel {
        /// The files.
        files: Files,
        /// The columns wanted.
        spec: TableSpec,
    },
    /// Facts, from which the panel is made.
    Facts(FactFiles),
}

/// A stream of chunks in the order of households.
pub type Chunks = Box<dyn Iterator<Item = Result<Chunk, Diagnostic>> + Send>;

/// A run of the chain over one source.
pub struct Run<'a> {
    /// The pack.
    pub loaded: &'a Loaded,
    /// What is asked for.
    pub request: &'a Request,
    /// The period.
    pub period: Period,
    /// What is known already.
    pub known: &'a Known,
}

impl Run<'_> {
    /// Runs a source through the chain.
    pub fn of(&self, source: &Source, read: &ReadOptions) -> Result<Report, Refused> {
        let store = match (&self.request.stored, source) {
            (Some(folder), Source::Panel { files, .. }) => {
                Some(Store::open(folder, self.loaded, files, self.request.threads)?)
            }
            _ => None,
        };
        match self.attempt(source, store.as_ref(), read, Vec::new()) {
            Err(findings) if findings.iter().any(|it| it.code == &table_codes::UNSORTED) => {
                // Nothing was kept of the first attempt: its tables were never given their names.
                let read = ReadOptions { force_sort: true, ..read.clone() };
                self.attempt(source, store.as_ref(), &read, findings)
            }
            other => other,
        }
    }

    fn attempt(
        &self,
        source: &Source,
        store: Option<&Store>,
        read: &ReadOptions,
        mut notes: Vec<Diagnostic>,
    ) -> Result<Report, Refused> {
        let (partitions, rejects) = self.chunks(source, store, read, &mut notes)?;
        self.assess(partitions, store, Judged { rejects, notes, ..Judged::default() })
    }

    fn chunks(
        &self,
        source: &Source,
        store: Option<&Store>,
        read: &ReadOptions,
        notes: &mut Vec<Diagnostic>,
    ) -> Result<(Vec<Chunks>, Vec<Reject>), Refused> {
        let (files, spec) = match source {
            Source::Facts(facts) => {
                notes.extend(facts.left_out());
                let depth = self.loaded.evaluator.history_depth();
                return facts.chunks(self.loaded.pack(), self.period, depth, None);
            }
            Source::Panel { files, spec } => (files, spec),
        };
        match store.map(|it| self.reuse(it, read)) {
            Some(Ok(reuse)) => {
                let (chunks, more) = stored::chunks(self.loaded, &reuse, spec, read)?;
                notes.extend(more);
                return Ok((chunks, Vec::new()));
            }
            Some(Err(why)) => notes.push(stored::not_reused(&why)),
            None => {}
        }
        let inputs = files.open(spec)?;
        inputs.iter().for_each(|it| notes.extend(it.notes().iter().cloned()));
        panel_chunks(inputs, read)
    }

    /// What the run may take from stored scores, or why nothing.
    fn reuse(&self, store: &Store, read: &ReadOptions) -> Result<stored::Reuse, String> {
        let pack = self.loaded.pack();
        if read.force_sort {
            return Err("the panel files are not sorted by household and period".to_owned());
        }
        let looks_back = pack.triggers.iter().any(|it| it.fact.is_none());
        if self.request.until == Stage::Warnings && looks_back {
            return Err("a trigger of the pack looks at earlier rows".to_owned());
        }
        store.reuse(self.loaded, self.period, earlier_periods(pack, self.request.until))
    }

    fn assess(
        &self,
        partitions: Vec<Chunks>,
        store: Option<&Store>,
        mut total: Judged,
    ) -> Result<Report, Refused> {
        let (turns, results): (Vec<Turn>, Vec<Receiver<_>>) = partitions
            .into_iter()
            .map(|chunks| {
                let (sender, receiver) = sync_channel(HELD_BATCHES);
                ((sender, chunks), receiver)
            })
            .unzip();
        let turns = Mutex::new(turns.into_iter());
        let rejected = total.rejects.iter().filter_map(|it| it.household.clone()).collect();
        let job = Job {
            evaluator: &self.loaded.evaluator,
            request: self.request,
            period: self.period,
            known: self.known,
            rejected,
        };
        let mut outputs = Outputs::new(self.request.out.as_deref(), self.request.format);
        let mut kept = store.map(|it| it.keep(self.loaded.pack(), self.period));
        let finished = std::thread::scope(|scope| {
            for _ in 0..self.request.threads.max(1).min(results.len().max(1)) {
                scope.spawn(|| work(&job, &turns));
            }
            // Dropping the receivers of a failed run stops the threads at their next hand-over.
            collect(results, &mut outputs, kept.as_mut(), &mut total)
        });
        finished.map_err(|it| vec![it])?;
        if let Some(kept) = kept {
            let path = kept.finish(total.rejects.is_empty()).map_err(|it| vec![it])?;
            total.notes.extend(path.is_none().then(stored::not_kept));
        }
        self.finish(outputs, total)
    }

    fn finish(&self, mut outputs: Outputs, total: Judged) -> Result<Report, Refused> {
        let (pack, period) = (self.loaded.pack(), self.period);
        let one = |it: Diagnostic| vec![it];
        let mut summary = total.summary;
        let households: std::collections::BTreeMap<AreaCode, u64> =
            summary.areas.iter().map(|(area, it)| (area.clone(), it.bands.iter().sum())).collect();
        let budget = &pack.scoring.warnings;
        let budgets = Budgets::new(budget, &households, summary.households, self.request.budget);
        let ranked = warnings::rank(total.warnings, &budgets);
        for it in &ranked {
            let level = it.warning.area.as_ref().map(|area| county(pack, area));
            if let Some(area) = level.and_then(|it| summary.areas.get_mut(&it)) {
                *(if it.is_within_budget { &mut area.warned } else { &mut area.waiting }) += 1;
            }
        }
        if self.request.until == Stage::Warnings {
            let batch = warnings::table::to_batch(&ranked).map_err(one)?;
            outputs.write("warnings", &batch).map_err(one)?;
        }
        if !total.rejects.is_empty() {
            let batch = rejects::to_batch(&total.rejects).map_err(|error| {
                let message = format!("rejects could not be laid out: {error}");
                vec![Diagnostic::new(&table_codes::CANNOT_WRITE, message)]
            })?;
            outputs.write("rejects", &batch).map_err(one)?;
        }
        let written = outputs.finish().map_err(one)?;
        let (rejects, mut notes) = (total.rejects, total.notes);
        notes.extend(rejects::with_rejects(&summary.with_rejects));
        Ok(Report { period, summary, ranked, rejects, notes, written })
    }
}

/// Batches of a partition that may wait for their turn: about a row group of scores. Fewer, and
/// threads would wait for each other.
const HELD_BATCHES: usize = 64;

type Turn = (SyncSender<Result<Judged, Diagnostic>>, Chunks);

pub(crate) fn panel_chunks(
    inputs: Vec<tables::Input>,
    read: &ReadOptions,
) -> Result<(Vec<Chunks>, Vec<Reject>), Refused> {
    let aligned = tables::by_household(inputs, read).map_err(|it| vec![it])?;
    let chunks = aligned.partitions.into_iter().map(|partition| {
        let chunk = |batch: Result<tables::Batch, Diagnostic>| {
            batch.map(|it| Chunk {
                rows_read: it.rows.num_rows() as u64,
                rows: it.rows,
                lines: it.lines,
                facts: Vec::new(),
                rejects: Vec::new(),
                stored: None,
            })
        };
        Box::new(partition.map(chunk)) as Chunks
    });
    Ok((chunks.collect(), aligned.rejects))
}

fn work(job: &Job<'_>, turns: &Mutex<std::vec::IntoIter<Turn>>) {
    let mut scored = Vec::new();
    loop {
        let turn = turns.lock().map(|mut it| it.next());
        let Ok(Some((sender, chunks))) = turn else { return };
        for chunk in chunks {
            let judged = chunk.and_then(|it| job.judge(it, &mut scored));
            let is_failed = judged.is_err();
            if sender.send(judged).is_err() || is_failed {
                return;
            }
        }
    }
}

fn collect(
    results: Vec<Receiver<Result<Judged, Diagnostic>>>,
    outputs: &mut Outputs,
    mut kept: Option<&mut Keeper>,
    total: &mut Judged,
) -> Result<(), Diagnostic> {
    for receiver in results {
        for judged in receiver {
            let judged = judged?;
            let parts = [
                ("panel", &judged.panel),
                ("indicators", &judged.indicators),
                ("scores", &judged.scores),
            ];
            for (table, batch) in parts {
                if let Some(batch) = batch {
                    outputs.write(table, batch)?;
                }
            }
            if let (Some(kept), Some(batch)) = (kept.as_deref_mut(), &judged.kept) {
                kept.write(batch)?;
            }
            total.warnings.extend(judged.warnings);
            total.rejects.extend(judged.rejects);
            for note in judged.notes {
                if !total.notes.contains(&note) {
                    total.notes.push(note);
                }
            }
            total.summary.add(judged.summary);
        }
    }
    Ok(())
}
