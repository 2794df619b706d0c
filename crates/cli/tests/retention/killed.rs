//! Runs that end before time.

use crate::databases;
use crate::http;
use crate::setting::{
    ACT, KEY, OPEN, assert_same, city, filled_back, frozen, late, pack, rows_of, scores, some,
};
use app::live::{Live, Scoring};
use base::Diagnostic;
use std::process::Stdio;
use std::time::Duration;
use store::{Store, audit};

/// A run whose process ends after so many pieces.
fn broken_off(live: &Live, pieces: usize) {
    let next = || live.store.read(|tx| live.retention_next(tx)).expect("looked for");
    for _ in 0..pieces {
        let next = next();
        let piece = live.store.write(|tx| live.retain_piece_in(tx, next.as_ref(), &ACT));
        let piece = piece.expect("a piece");
        assert_eq!(piece, None, "there are fewer pieces");
    }
    // And one that was never committed.
    let next = next();
    let undone = live.store.write(|tx| {
        live.retain_piece_in(tx, next.as_ref(), &ACT)?;
        Err::<(), _>(Diagnostic::new(&base::codes::run::BAD_OPTION, "the power went"))
    });
    assert!(undone.is_err());
}

/// Runs that stand in the audit.
fn runs_noted(live: &Live) -> usize {
    let command = Some("retention.run");
    let wanted = audit::Wanted { actor: None, command, before: i64::MAX, most: 9 };
    live.store.read(|tx| audit::list(tx, &wanted)).expect("read").len()
}

#[test]
fn a_run_that_was_killed_is_gone_on_with_and_counted_once() {
    let folder = tempfile::tempdir().expect("a folder");
    // More households than one piece takes.
    let facts = city(folder.path(), 15, 260);
    for database in databases::all() {
        let live = filled_back(&database, pack(folder.path(), some), &facts, 10);
        let before = scores(&live);
        let plan = live.store.read(|tx| live.retention_plan(tx)).expect("planned");
        broken_off(&live, 1);
        drop(live);
        let open = || Store::open(&database.address).expect("opened");
        let live = Live::new(open(), pack(folder.path(), some), KEY).expect("opened");
        // What is scored meanwhile is scored as ever.
        let fact = late("between", "H000001", "disaster.loss", "70000", OPEN);
        assert_eq!(live.ingest(&[fact], Scoring::Now, &ACT).expect("taken").accepted, 1);
        let halfway = live.rebuild(None, &mut |_| {}).expect("rebuilt");
        assert_eq!((halfway.differ, halfway.stale), (0, 0), "{}", database.name);
        broken_off(&live, 1);
        drop(live);
        let live = Live::new(open(), pack(folder.path(), some), KEY).expect("opened");
        let retained = live.retain(&ACT).expect("forgotten");
        assert_eq!(retained.facts, plan.facts, "{}", database.name);
        assert_eq!(retained.cells_of, plan.cells_of, "{}", database.name);
        let is_other = |it: &&(String, i64)| it.0 != "H000001";
        let (before, after) = (before, scores(&live));
        let frozen = i64::from(frozen(&retained).index());
        for key in before.keys().filter(is_other).filter(|it| it.1 >= frozen) {
            assert_eq!(after[key], before[key], "{}", database.name);
        }
        assert_eq!(runs_noted(&live), 1, "{}", database.name);
    }
}

#[test]
fn a_process_that_is_killed_again_and_again_ends_where_one_that_was_not_would_have() {
    let folder = tempfile::tempdir().expect("a folder");
    let facts = city(folder.path(), 19, 260);
    let key = folder.path().join("key");
    std::fs::write(&key, "07".repeat(32)).expect("written");
    for database in databases::all() {
        let live = filled_back(&database, pack(folder.path(), some), &facts, 10);
        let before = scores(&live);
        let plan = live.store.read(|tx| live.retention_plan(tx)).expect("planned");
        drop(live);
        let pack_folder = folder.path().join("tongchuan").display().to_string();
        let words = ["retain", "--pack", &pack_folder];
        let retain = || http::holdfast(&words, &database.address, &key);
        for round in 1..=6u64 {
            let mut child = retain().stdout(Stdio::null()).spawn().expect("started");
            std::thread::sleep(Duration::from_millis(round * 150));
            let _ = child.kill();
            child.wait().expect("ended");
        }
        let output = retain().output().expect("ran");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{}: {said}", database.name);
        let store = Store::open(&database.address).expect("opened");
        let live = Live::open(store, None, KEY).expect("opened");
        let gone = rows_of(&database).iter().filter(|it| it.2).count() as u64;
        assert_eq!(gone, plan.facts, "{}", database.name);
        assert_same(&live, &before, &plan);
        assert_eq!(runs_noted(&live), 1, "{}", database.name);
        assert!(matches!(live.verify_audit().expect("read"), audit::Verdict::Whole(..)));
    }
}
