//! The engine inside a running process, for the benchmark:
//! `holdfast-bench PANEL.parquet OUT PERIOD [RUNS] [THREADS]`.
//!
//! Times runs from the file to a file, as the peers are timed. Then it loads the panel and times
//! the scoring of rows that lie in memory (scores end as tables in memory) and the scoring of one
//! household and of a thousand, as a live server would ask for them. Prints one JSON object per
//! line.

#![expect(clippy::print_stdout, reason = "printing results is what it is for")]

#[path = "../allocator.rs"]
mod allocator;

use app::Loaded;
use app::assess::{self, Request, Stage};
use app::input::Files;
use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use base::{Diagnostic, Period};
use monitor::rows;
use monitor::scores::{score_all, table};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};
use tables::ReadOptions;

/// Households that are asked for together.
const THOUSAND: usize = 1_000;

/// Parts for each of several threads of what is asked for together: one that is held up leaves the
/// rest to the others.
const PARTS_A_THREAD: usize = 2;

/// Rounds before those that count.
const WARM_UP: usize = 100;

/// Batches of the panel that live households are taken from.
const LIVE_BATCHES: usize = 8;

fn main() -> Result<(), Vec<Diagnostic>> {
    allocator::keep_freed_memory();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, otherwise: usize| {
        arguments.get(at).and_then(|it| it.parse().ok()).unwrap_or(otherwise)
    };
    let loaded = app::load(Path::new("packs/bench_score"))?;
    let text = |at: usize, otherwise: &'static str| {
        arguments.get(at).cloned().unwrap_or_else(|| otherwise.to_owned())
    };
    let (panel, out, period) = (text(0, "panel.parquet"), text(1, "out"), text(2, "2020-12"));
    let (runs, threads) = (number(3, 5), number(4, 2));
    let at = app::input::period(loaded.pack(), &period).map_err(|it| vec![it])?;
    files(&loaded, Path::new(&panel), (Path::new(&out), &period), runs, threads)?;
    let batches = load(&loaded, Path::new(&panel))?;
    bulk(&loaded, at, &batches, runs, threads);
    // What the measurements before have freed goes back to the system first: a server that scores
    // live has not just scored a million.
    std::thread::sleep(Duration::from_millis(u64::from(allocator::KEPT_MS) + 1_000));
    live(&loaded, at, &batches, threads);
    Ok(())
}

/// Reads the panel, scores it and writes the scores, over and over.
fn files(
    loaded: &Loaded,
    panel: &Path,
    (out, period): (&Path, &str),
    runs: usize,
    threads: usize,
) -> Result<(), Vec<Diagnostic>> {
    let request = Request {
        panel: Files { paths: vec![panel.to_owned()], ..Files::default() },
        period: Some(period.to_owned()),
        out: Some(out.to_owned()),
        until: Stage::Scores,
        threads,
        ..Request::new()
    };
    let mut seconds = Vec::new();
    let mut households = 0;
    for number in 0..=runs {
        let started = Instant::now();
        households = assess::run(loaded, &request, &Arc::default())?.summary.households;
        if number > 0 {
            seconds.push(started.elapsed().as_secs_f64());
        }
    }
    report_runs("inside a running process, Parquet to Parquet", threads, households, seconds);
    Ok(())
}

/// The panel's batches, whole households each.
fn load(loaded: &Loaded, panel: &Path) -> Result<Vec<RecordBatch>, Vec<Diagnostic>> {
    let files = Files { paths: vec![panel.to_owned()], ..Files::default() };
    let inputs = files.open(&app::input::scored_spec(&loaded.evaluator))?;
    let aligned = tables::by_household(inputs, &ReadOptions::default()).map_err(|it| vec![it])?;
    let batches = aligned.partitions.into_iter().flatten().map(|it| it.map(|it| it.rows));
    batches.collect::<Result<_, _>>().map_err(|it| vec![it])
}

fn score(loaded: &Loaded, at: Period, batch: &RecordBatch) -> Result<RecordBatch, Diagnostic> {
    let distinct = rows::distinct(batch)?;
    let assessed = loaded.evaluator.assess(&distinct.batch, at)?;
    let scored = score_all(&assessed, loaded.pack());
    table::to_batch(&assessed, loaded.pack(), loaded.evaluator.key_places(), &scored)
}

/// Scores batches on several threads; gives the seconds it took and the households scored.
fn parallel(loaded: &Loaded, at: Period, batches: &[RecordBatch], threads: usize) -> (f64, usize) {
    let (next, households) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let started = Instant::now();
    let work = || {
        let mut kept = Vec::new();
        while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
            let Ok(scores) = score(loaded, at, batch) else { continue };
            households.fetch_add(scores.num_rows(), Ordering::Relaxed);
            kept.push(scores);
        }
        kept
    };
    let kept: Vec<Vec<RecordBatch>> = std::thread::scope(|scope| {
        let running: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut all = vec![work()];
        all.extend(running.into_iter().filter_map(|it| it.join().ok()));
        all
    });
    let seconds = started.elapsed().as_secs_f64();
    drop(kept);
    (seconds, households.into_inner())
}

fn bulk(loaded: &Loaded, at: Period, batches: &[RecordBatch], runs: usize, threads: usize) {
    let mut seconds = Vec::new();
    let mut households = 0;
    for number in 0..=runs {
        let (taken, scored) = parallel(loaded, at, batches, threads);
        households = scored;
        // The first run fills caches and the allocator.
        if number > 0 {
            seconds.push(taken);
        }
    }
    report_runs("rows in memory", threads, households as u64, seconds);
}

fn report_runs(form: &str, threads: usize, households: u64, mut seconds: Vec<f64>) {
    let list: Vec<String> = seconds.iter().map(|it| format!("{it:.4}")).collect();
    seconds.sort_by(f64::total_cmp);
    println!(
        "{{\"engine\":\"holdfast\",\"form\":\"{form}\",\"threads\":{threads},\
         \"rows\":{households},\"runs_s\":[{}],\"median_s\":{:.4}}}",
        list.join(","),
        seconds[seconds.len() / 2]
    );
}

/// One household and a thousand, each time others, rows already in memory.
fn live(loaded: &Loaded, at: Period, batches: &[RecordBatch], threads: usize) {
    let schema = batches.first().map(RecordBatch::schema);
    let some = schema.and_then(|it| concat_batches(&it, batches.iter().take(LIVE_BATCHES)).ok());
    let Some(batch) = &some else { return };
    let Ok(households) = rows::households(batch) else { return };
    let rows_of = |first: usize, count: usize| {
        let (start, end) = (households[first].start, households[first + count - 1].end);
        batch.slice(start, end - start)
    };
    let rounds = households.len().min(2_000);
    let one = (0..rounds).map(|it| {
        let rows = rows_of(it, 1);
        timed(|| score(loaded, at, &rows).is_ok())
    });
    report("one household", 1, 1, one.collect());
    if households.len() < 2_000 {
        return;
    }
    for threads in [1, threads] {
        let chunks = if threads == 1 { 1 } else { threads * PARTS_A_THREAD };
        let share = THOUSAND / chunks;
        let parts = |round: usize| -> Vec<RecordBatch> {
            let first = (round * 97) % (households.len() - THOUSAND);
            (0..chunks).map(|it| rows_of(first + it * share, share)).collect()
        };
        let micros = thousand(loaded, at, threads, parts);
        report("a thousand households", share * chunks, threads, micros);
    }
}

/// Chunks of households that threads take one after another until none is left.
struct Work {
    chunks: Vec<RecordBatch>,
    next: AtomicUsize,
}

impl Work {
    fn until_done(&self, loaded: &Loaded, at: Period) -> bool {
        let next = || self.chunks.get(self.next.fetch_add(1, Ordering::Relaxed));
        std::iter::from_fn(next).all(|it| score(loaded, at, it).is_ok())
    }
}

/// How often a thread looks for work before it sleeps: about a tenth of a millisecond.
const LOOKS: usize = 2_000;

/// The next message. A thread that sleeps takes longer to wake up than a part takes to score, so it
/// looks a while first.
fn next<T>(messages: &mpsc::Receiver<T>) -> Option<T> {
    for _ in 0..LOOKS {
        if let Ok(message) = messages.try_recv() {
            return Some(message);
        }
        std::hint::spin_loop();
    }
    messages.recv().ok()
}

/// Times a thousand households over and over. The threads wait for work, as those of a server do.
fn thousand(
    loaded: &Loaded,
    at: Period,
    threads: usize,
    parts: impl Fn(usize) -> Vec<RecordBatch>,
) -> Vec<f64> {
    std::thread::scope(|scope| {
        let wait = |_| {
            let (ask, asked) = mpsc::channel::<Arc<Work>>();
            let (answer, answered) = mpsc::channel();
            scope.spawn(move || {
                let work = || next(&asked);
                std::iter::from_fn(work).all(|it| answer.send(it.until_done(loaded, at)).is_ok())
            });
            (ask, answered)
        };
        let others: Vec<_> = (1..threads).map(wait).collect();
        let round = |number: usize| {
            let work = Arc::new(Work { chunks: parts(number), next: AtomicUsize::new(0) });
            timed(|| {
                let sent = others.iter().all(|it| it.0.send(work.clone()).is_ok());
                let own = work.until_done(loaded, at);
                sent && own && others.iter().all(|it| next(&it.1) == Some(true))
            })
        };
        (0..WARM_UP).for_each(|number| _ = round(number));
        (0..1_000).map(round).collect()
    })
}

/// Microseconds that something takes.
fn timed(run: impl FnOnce() -> bool) -> f64 {
    let started = Instant::now();
    assert!(std::hint::black_box(run()), "the household could not be scored");
    started.elapsed().as_secs_f64() * 1e6
}

fn report(what: &str, households: usize, threads: usize, mut micros: Vec<f64>) {
    micros.sort_by(f64::total_cmp);
    let at = |share: f64| micros[((micros.len() - 1) as f64 * share) as usize];
    println!(
        "{{\"engine\":\"holdfast\",\"form\":\"{what}\",\"rows\":{households},\"threads\":{threads},\
         \"p50_us\":{:.1},\"p99_us\":{:.1}}}",
        at(0.5),
        at(0.99)
    );
}
