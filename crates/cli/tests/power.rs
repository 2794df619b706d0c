//! The power goes, and the disk runs full: what was acknowledged is there.

#[path = "vfs/mod.rs"]
mod vfs;

use app::live::{Act, Live, Scoring};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::facts::{FactRow, Subject};
use store::{Address, Store, audit, facts};

const KEY: audit::Key = [7; 32];
const ACT: Act<'_> =
    Act { actor: "tester", now: 1_600_000_000_000_000, within: &store::Within::Everywhere };

fn live(file: &Path) -> Live {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/tongchuan");
    let pack = app::load(&folder).unwrap_or_else(|findings| panic!("{findings:?}"));
    let store = Store::open(&Address::File(file.to_owned())).expect("opened");
    Live::new(store, pack, KEY).expect("a pack of months")
}

/// Facts of one request.
fn batch(generator: &mut ChaCha8Rng, number: u32) -> Vec<FactRow> {
    let fact = |part: u32| {
        let household: u32 = generator.random_range(0..30);
        let codes = ["disaster.loss", "income.wage", "debt.total", "registry.area"];
        let code = codes[generator.random_range(0..codes.len())];
        let value = match code {
            "registry.area" => format!("6102020010{:02}", household % 7),
            _ => generator.random_range(0..90_000).to_string(),
        };
        FactRow {
            subject: Subject::Household(format!("H{household}")),
            fact_id: format!("F-{number}-{part}"),
            member_id: None,
            fact: code.to_owned(),
            value,
            valid_from: 18_400 + generator.random_range(0..90),
            valid_to: None,
            recorded_at: ACT.now,
            source: Some("test".to_owned()),
            supersedes: None,
            reason: None,
        }
    };
    (0..10).map(fact).collect()
}

/// Everything that was acknowledged is there, the audit is whole, and nothing else was made of it.
fn assert_whole(live: &Live, acknowledged: &BTreeSet<String>, what: &str) {
    let ids: Vec<&str> = acknowledged.iter().map(String::as_str).collect();
    let found = live.store.read(|tx| facts::known(tx, &ids)).expect("read");
    assert_eq!(found.len(), ids.len(), "{what}: acknowledged facts are lost");
    let chain = live.verify_audit().expect("read");
    assert!(matches!(chain, audit::Verdict::Whole(..)), "{what}: {chain:?}");
    let rebuilt = live.rebuild(None, &mut |_| {}).expect("rebuilt");
    assert_eq!((rebuilt.differ, rebuilt.stale), (0, 0), "{what}: {:?}", rebuilt.differing);
}

/// Power cuts; the long test asks for more.
fn cuts() -> u32 {
    std::env::var("HOLDFAST_KILLS").ok().and_then(|it| it.parse().ok()).unwrap_or(12)
}

#[test]
fn what_was_acknowledged_is_there_after_the_power_went() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().canonicalize().expect("a folder");
    vfs::watch(&folder, None);
    let file = folder.join("holdfast.db");
    let (acknowledged, is_over) = (Mutex::new(BTreeSet::new()), AtomicBool::new(false));
    let mut generator = ChaCha8Rng::seed_from_u64(20_200_610);
    let writing = live(&file);
    let mut images = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut generator = ChaCha8Rng::seed_from_u64(7);
            for number in 0.. {
                let facts = batch(&mut generator, number);
                writing.ingest(&facts, Scoring::Now, &ACT).expect("taken");
                let ids = facts.into_iter().map(|it| it.fact_id);
                acknowledged.lock().expect("unharmed").extend(ids);
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        // What is in the log is moved into the file now and then, as happens in a long run.
        scope.spawn(|| {
            let connection = rusqlite::Connection::open(&file).expect("opened");
            while !is_over.load(Ordering::Relaxed) {
                let _ = connection.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(()));
                std::thread::sleep(Duration::from_millis(40));
            }
        });
        for number in 0..cuts() {
            std::thread::sleep(Duration::from_millis(generator.random_range(20..300)));
            let image = tempfile::tempdir().expect("a folder");
            // Taken down first: what is acknowledged after this may be in the image or not.
            let known: BTreeSet<String> = acknowledged.lock().expect("unharmed").clone();
            let share = [0.0, 0.5, 0.9][number as usize % 3];
            vfs::cut(&folder, image.path(), share, &mut generator);
            images.push((image, known, share));
        }
        is_over.store(true, Ordering::Relaxed);
    });
    let last = images.last().expect("an image").1.len();
    assert!(last >= 20, "hardly anything was written: {last}");
    for (number, (image, known, share)) in images.iter().enumerate() {
        if known.is_empty() {
            continue;
        }
        let live = live(&image.path().join("holdfast.db"));
        assert_whole(&live, known, &format!("cut {number}, {share} of what was not synced"));
    }
}

#[test]
fn the_test_itself_sees_what_a_file_without_sync_loses() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().canonicalize().expect("a folder");
    vfs::watch(&folder, None);
    let file = folder.join("careless.db");
    let connection = rusqlite::Connection::open(&file).expect("opened");
    connection.pragma_update(None, "journal_mode", "wal").expect("set");
    connection.execute_batch("CREATE TABLE t (x)").expect("made");
    connection.query_row("PRAGMA wal_checkpoint(FULL)", [], |_| Ok(())).expect("moved");
    connection.pragma_update(None, "synchronous", "off").expect("set");
    connection.execute_batch("INSERT INTO t VALUES (1)").expect("written");
    let left = |share: f64| {
        let image = tempfile::tempdir().expect("a folder");
        vfs::cut(&folder, image.path(), share, &mut ChaCha8Rng::seed_from_u64(1));
        let copy = rusqlite::Connection::open(image.path().join("careless.db")).expect("opened");
        copy.query_row("SELECT count(*) FROM t", [], |it| it.get::<_, i64>(0)).expect("read")
    };
    assert_eq!(left(0.0), 0, "a commit without sync outlived the power cut");
    connection.pragma_update(None, "synchronous", "full").expect("set");
    connection.execute_batch("INSERT INTO t VALUES (2)").expect("written");
    assert_eq!(left(0.0), 2, "a commit with sync did not");
}

#[test]
fn a_full_disk_refuses_what_has_no_room_and_takes_it_when_there_is_room_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().canonicalize().expect("a folder");
    vfs::watch(&folder, Some(1 << 20));
    let live = live(&folder.join("holdfast.db"));
    let mut generator = ChaCha8Rng::seed_from_u64(11);
    let mut acknowledged = BTreeSet::new();
    let mut refused = None;
    for number in 0..1_000 {
        let facts = batch(&mut generator, number);
        match live.ingest(&facts, Scoring::Now, &ACT) {
            Ok(_) => acknowledged.extend(facts.into_iter().map(|it| it.fact_id)),
            Err(finding) => {
                refused = Some((facts, finding));
                break;
            }
        }
    }
    let (facts, finding) = refused.expect("the disk runs full");
    assert_eq!(finding.code.id, "S004", "{finding:?}");
    assert!(!acknowledged.is_empty(), "nothing was taken at all");
    // Still full: reading goes on, and the same is said again.
    let again = live.ingest(&facts, Scoring::Now, &ACT).expect_err("still full");
    assert_eq!(again.code.id, "S004", "{again:?}");
    assert_whole(&live, &acknowledged, "a full disk");
    vfs::watch(&folder, None);
    let receipt = live.ingest(&facts, Scoring::Now, &ACT).expect("there is room again");
    assert_eq!(receipt.accepted, 10);
    acknowledged.extend(facts.into_iter().map(|it| it.fact_id));
    assert_whole(&live, &acknowledged, "room again");
}
