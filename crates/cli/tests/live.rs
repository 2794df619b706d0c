//! The live monitor on both databases, against the same chain on files.

#[path = "databases/mod.rs"]
mod databases;
#[path = "live/steps.rs"]
mod steps;

use app::assess::Request;
use app::input::Files;
use app::live::{Act, Live, Scoring};
use base::Diagnostic;
use databases::Database;
use sim::Config;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use store::facts::{FactRow, Subject};
use store::{Store, audit};
use tables::ReadOptions;

const KEY: audit::Key = [7; 32];
const ACT: Act<'_> =
    Act { actor: "tester", now: 1_600_000_000_000_000, within: &store::Within::Everywhere };

fn pack() -> app::Loaded {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/tongchuan");
    app::load(&folder).unwrap_or_else(|findings| panic!("{findings:?}"))
}

/// A small city's facts.
fn city(folder: &Path, households: u32) -> PathBuf {
    let mut config = Config::tongchuan(11);
    config.households = households.into();
    config.people = u64::from(households) * 3;
    sim::simulate(&config, folder, &mut |_| {}).expect("simulated");
    folder.join("facts.parquet")
}

fn live(database: &Database) -> Live {
    let store = Store::open(&database.address).expect("opened");
    Live::new(store, pack(), KEY).expect("a pack of months")
}

fn files(path: &Path) -> Files {
    Files { paths: vec![path.to_owned()], columns: Vec::new() }
}

fn import(live: &Live, path: &Path) -> app::live::Imported {
    let done = live.import(&files(path), &ReadOptions::default(), false, &ACT, &mut |_, _, _| {});
    done.unwrap_or_else(|findings| panic!("{findings:?}"))
}

/// Band and composite (millionths) of every household, by the chain on files.
fn by_files(path: &Path, period: &str) -> BTreeMap<String, (String, i64)> {
    let folder = tempfile::tempdir().expect("a folder");
    let request = Request {
        facts: files(path),
        period: Some(period.to_owned()),
        out: Some(folder.path().to_owned()),
        format: tables::Format::Ndjson,
        ..Request::new()
    };
    let report = app::assess::run(&pack(), &request, &std::sync::Arc::default());
    report.unwrap_or_else(|findings| panic!("{findings:?}"));
    let text = std::fs::read_to_string(folder.path().join("scores.ndjson")).expect("scores");
    let row = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let composite = (row["composite"].as_f64().expect("a number") * 1e6).round() as i64;
        let text = |name: &str| row[name].as_str().expect("a text").to_owned();
        (text("household_id"), (text("band"), composite))
    };
    text.lines().map(row).collect()
}

/// The same, out of the store.
fn by_store(live: &Live) -> BTreeMap<String, (String, i64)> {
    let open = live.open_period().expect("read").expect("a period").index();
    let mut found = BTreeMap::new();
    let read = live.store.read(|tx| {
        store::scores::all(tx, &mut |row| {
            if row.period == i64::from(open) {
                let band = base::Band::from_number(row.band as u8).expect("a band");
                found.insert(row.household_id, (band.name().to_owned(), row.composite));
            }
            Ok(())
        })
    });
    read.expect("read");
    found
}

fn events(live: &Live) -> Vec<store::events::EventRow> {
    live.store
        .read(|tx| store::events::after(tx, 0, &store::Within::Everywhere, 1_000_000))
        .expect("read")
}

fn assert_same_as_rebuilt(live: &Live, name: &str) {
    let rebuilt = live.rebuild(None, &mut |_| {}).expect("rebuilt");
    let apart = (rebuilt.differ, rebuilt.stale, rebuilt.counts_differ);
    assert_eq!(apart, (0, 0, 0), "{name}: {:?}", rebuilt.differing);
}

#[test]
fn imported_facts_give_what_the_chain_on_files_gives() {
    let folder = tempfile::tempdir().expect("a folder");
    let facts = city(folder.path(), 60);
    for database in databases::all() {
        let live = live(&database);
        let imported = import(&live, &facts);
        assert_eq!((imported.rejects.len(), imported.scored), (0, 60), "{}", database.name);
        let open = live.open_period().expect("read").expect("a period").to_string();
        assert_eq!(by_store(&live), by_files(&facts, &open), "{}", database.name);
        assert_same_as_rebuilt(&live, database.name);
        let (before, told) = (by_store(&live), events(&live));
        let again = import(&live, &facts);
        assert_eq!((again.accepted, again.known), (0, imported.accepted), "{}", database.name);
        assert_eq!((by_store(&live), events(&live)), (before, told), "{}", database.name);
    }
}

#[test]
fn households_scored_set_after_set_are_scored_as_each_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut config = Config::tongchuan(12);
    (config.households, config.people, config.months) = (2_300, 6_900, 1);
    sim::simulate(&config, folder.path(), &mut |_| {}).expect("simulated");
    let path = folder.path().join("facts.parquet");
    for database in databases::all() {
        let live = live(&database);
        assert_eq!(import(&live, &path).scored, 2_300, "{}", database.name);
        let stored = by_store(&live);
        let open = live.open_period().expect("read").expect("a period").to_string();
        assert_eq!((stored.len(), &stored), (2_300, &by_files(&path, &open)), "{}", database.name);
        assert_same_as_rebuilt(&live, database.name);
    }
}

fn fact(id: &str, household: &str, code: &str, value: &str, day: i64) -> FactRow {
    FactRow {
        subject: Subject::Household(household.to_owned()),
        fact_id: id.to_owned(),
        member_id: None,
        fact: code.to_owned(),
        value: value.to_owned(),
        valid_from: day,
        valid_to: None,
        recorded_at: ACT.now,
        source: Some("test".to_owned()),
        supersedes: None,
        reason: None,
    }
}

/// All facts of a store, in an order of their own.
fn facts_of(live: &Live) -> Vec<FactRow> {
    let mut found = Vec::new();
    let read = live.store.read(|tx| -> store::Result<()> {
        let households = store::facts::households(tx, "", i64::MAX)?;
        let mut subjects: Vec<Subject> = households.into_iter().map(Subject::Household).collect();
        subjects.extend((0..200).map(|it| Subject::Site(format!("S{it:03}"))));
        store::facts::of(tx, &subjects, &mut |fact| {
            found.push(fact);
            Ok(())
        })
    });
    read.expect("read");
    found.sort_by_key(|it| blake3::hash(it.fact_id.as_bytes()).to_hex().to_string());
    found
}

#[test]
fn facts_in_any_order_and_in_any_pieces_end_in_the_same_scores_and_warnings() {
    let folder = tempfile::tempdir().expect("a folder");
    let facts = city(folder.path(), 12);
    let source = databases::all().remove(0);
    let whole = live(&source);
    import(&whole, &facts);
    let all = facts_of(&whole);
    let standing = |live: &Live| {
        let mut found = Vec::new();
        let read = live.store.read(|tx| {
            store::warnings::all(tx, &mut |row| {
                if row.state != "ended" {
                    found.push((row.warning_id, row.rules, row.band, row.composite));
                }
                Ok(())
            })
        });
        read.expect("read");
        found
    };
    for database in databases::all() {
        let live = live(&database);
        // The latest fact first, so that the same period is under watch from the beginning.
        let latest = all.iter().max_by_key(|it| it.valid_from).expect("a fact");
        live.ingest(std::slice::from_ref(latest), Scoring::Now, &ACT).expect("taken");
        for part in all.chunks(500) {
            let receipt = live.ingest(part, Scoring::Now, &ACT).expect("taken");
            assert!(receipt.rejected.is_empty(), "{:?}", receipt.rejected);
        }
        assert_eq!(by_store(&live), by_store(&whole), "{}", database.name);
        assert_eq!(standing(&live), standing(&whole), "{}", database.name);
        assert_same_as_rebuilt(&live, database.name);
        let told = events(&live);
        let numbers: Vec<i64> = told.iter().map(|it| it.number).collect();
        assert_eq!(numbers, (1..=told.len() as i64).collect::<Vec<_>>(), "{}", database.name);
    }
}

#[test]
fn a_fact_that_says_otherwise_under_a_known_id_is_not_taken_and_the_others_are() {
    for database in databases::all() {
        let live = live(&database);
        let area = fact("F1", "H1", "registry.area", "610202001001", 18_000);
        let first = live.ingest(std::slice::from_ref(&area), Scoring::Now, &ACT).expect("taken");
        assert_eq!((first.accepted, first.touched), (1, 1));
        let other = FactRow { value: "610202001002".to_owned(), ..area.clone() };
        let income = fact("F2", "H1", "income.wage", "1200", 18_010);
        let backwards =
            FactRow { valid_to: Some(17_000), fact_id: "F3".to_owned(), ..income.clone() };
        let given = [other, income, area, backwards];
        let receipt = live.ingest(&given, Scoring::Now, &ACT).expect("taken");
        let codes: Vec<(usize, &str)> =
            receipt.rejected.iter().map(|it| (it.position, it.finding.code.id)).collect();
        assert_eq!(codes, [(0, "L001"), (3, "T018")], "{}", database.name);
        assert_eq!((receipt.accepted, receipt.known), (1, 1), "{}", database.name);
        assert_same_as_rebuilt(&live, database.name);
    }
}

#[test]
fn a_household_that_begins_later_than_was_told_keeps_no_scores_of_before() {
    for database in databases::all() {
        let live = live(&database);
        let from = app::input::period(&live.pack(), "2020-01").expect("a period");
        live.store.write(|tx| live.watch_from(tx, from, &ACT)).expect("noted");
        // The first days of February, March and June 2020.
        let told = |id: &str, day: i64| fact(id, "H1", "registry.area", "610202001001", day);
        let mended = FactRow { supersedes: Some("F1".to_owned()), ..told("F2", 18_322) };
        let lasting = fact("F3", "H2", "registry.area", "610202001001", 18_414);
        live.ingest(&[lasting, told("F1", 18_293)], Scoring::Now, &ACT).expect("taken");
        live.ingest(&[mended], Scoring::Now, &ACT).expect("taken");
        assert_same_as_rebuilt(&live, database.name);
        let taken_back = FactRow {
            supersedes: Some("F2".to_owned()),
            reason: Some("moved in in February after all".to_owned()),
            ..fact("F4", "H1", "registry.retracted", "true", 18_322)
        };
        let receipt = live.ingest(&[taken_back], Scoring::Now, &ACT).expect("taken");
        assert_eq!((receipt.accepted, receipt.touched), (1, 1), "{}", database.name);
        assert_same_as_rebuilt(&live, database.name);
        let rows = live.store.read(|tx| store::scores::of_household(tx, "H1")).expect("read");
        assert_eq!(rows.len(), 5, "{}: February to June", database.name);
        let nothing = fact("F5", "H1", "registry.retracted", "true", 18_322);
        let receipt = live.ingest(&[nothing], Scoring::Now, &ACT).expect("taken");
        assert_eq!(receipt.rejected[0].finding.code.id, "T011", "{:?}", receipt.rejected);
    }
}

#[test]
fn facts_that_were_undone_are_remembered_nowhere() {
    for database in databases::all() {
        let live = live(&database);
        let area = fact("F1", "H1", "registry.area", "610202001001", 18_000);
        live.ingest(&[area], Scoring::Now, &ACT).expect("taken");
        let told = |id: &str, value: &str| [fact(id, "H1", "income.wage", value, 18_001)];
        let (undone, lasting) = (told("F2", "40000"), told("F3", "10"));
        let result = live.store.write(|tx| {
            let part = tx.nested(|tx| {
                live.ingest_in(tx, &undone, Scoring::Now, &ACT)?;
                Err::<(), Diagnostic>(Diagnostic::new(&base::codes::live::NO_PERIOD, "on purpose"))
            });
            assert!(part.is_err(), "{}", database.name);
            // Under the number of the one that was undone.
            live.ingest_in(tx, &lasting, Scoring::Now, &ACT)
        });
        assert_eq!(result.expect("taken").accepted, 1, "{}", database.name);
        let more = live.ingest(&told("F4", "20"), Scoring::Now, &ACT).expect("taken");
        assert_eq!(more.touched, 1, "{}", database.name);
        assert_same_as_rebuilt(&live, database.name);
        assert_eq!(facts_of(&live).len(), 3, "{}", database.name);
    }
}

#[test]
fn facts_of_several_requests_are_scored_once_and_told_to_whom_they_belong() {
    for database in databases::all() {
        let live = live(&database);
        let areas = ["H1", "H2", "H3"]
            .map(|it| fact(&format!("A{it}"), it, "registry.area", "610202001001", 18_000));
        live.ingest(&areas, Scoring::Now, &ACT).expect("taken");
        let poor = |id: &str, household: &str| fact(id, household, "housing.grade", "D", 18_001);
        let requests = [vec![poor("F1", "H1")], vec![poor("F1", "H1"), poor("F2", "H2")]];
        let receipts = live.store.write(|tx| {
            let mut stored = Vec::new();
            for facts in &requests {
                stored.push(live.store_in(tx, facts, &ACT)?);
            }
            live.score_stored(tx, &mut stored.iter_mut().collect::<Vec<_>>(), &ACT)?;
            Ok::<_, Diagnostic>(stored.into_iter().map(app::live::Stored::into_receipt))
        });
        let receipts: Vec<_> = receipts.expect("taken").collect();
        let of = |it: &app::live::Receipt| (it.accepted, it.known, it.touched);
        assert_eq!(of(&receipts[0]), (1, 0, 1), "{}", database.name);
        assert_eq!(of(&receipts[1]), (1, 1, 1), "{}", database.name);
        for (receipt, household) in receipts.iter().zip(["H1", "H2"]) {
            assert!(!receipt.events.is_empty(), "{} {household}", database.name);
            let told =
                receipt.events.iter().all(|it| it.household_id.as_deref() == Some(household));
            assert!(told, "{} {:?}", database.name, receipt.events);
        }
        assert_same_as_rebuilt(&live, database.name);
    }
}

#[test]
fn a_period_is_closed_with_ranks_and_the_next_one_is_scored() {
    let folder = tempfile::tempdir().expect("a folder");
    let facts = city(folder.path(), 40);
    for database in databases::all() {
        let live = live(&database);
        import(&live, &facts);
        let closed = live.close_period(&ACT).expect("closed");
        assert_eq!(live.catch_up_all(&ACT, &mut |_, _| {}).expect("scored"), 40);
        assert_eq!(live.open_period().expect("read").expect("a period").to_string(), closed.open);
        assert_eq!(by_store(&live), by_files(&facts, &closed.open), "{}", database.name);
        assert_same_as_rebuilt(&live, database.name);
    }
}

#[test]
fn the_audit_chain_names_the_first_row_that_was_touched() {
    for database in databases::all() {
        let live = live(&database);
        for number in 0..5 {
            let id = format!("F{number}");
            let fact = fact(&id, "H1", "registry.area", "610202001001", 18_000 + number);
            live.ingest(&[fact], Scoring::Now, &ACT).expect("taken");
        }
        let verdict = || live.store.read(|tx| audit::verify(tx, &KEY)).expect("read");
        assert!(matches!(verdict(), audit::Verdict::Whole(5, _)), "{}", database.name);
        let other_key = live.store.read(|tx| audit::verify(tx, &[8; 32])).expect("read");
        assert_eq!(other_key, audit::Verdict::Broken(1), "{}", database.name);
        tamper(&database, "UPDATE audit SET actor = 'nobody' WHERE number = 4");
        assert_eq!(verdict(), audit::Verdict::Broken(4), "{}", database.name);
        tamper(&database, "DELETE FROM audit WHERE number = 2");
        assert_eq!(verdict(), audit::Verdict::Broken(2), "{}", database.name);
    }
}

#[test]
fn a_rebuild_names_the_household_whose_stored_score_was_changed() {
    for database in databases::all() {
        let live = live(&database);
        for (id, household) in [("F1", "H1"), ("F2", "H2")] {
            let area = fact(id, household, "registry.area", "610202001001", 18_000);
            live.ingest(&[area], Scoring::Now, &ACT).expect("taken");
        }
        tamper(&database, "UPDATE scores SET composite = composite + 1 WHERE household_id = 'H2'");
        let rebuilt = live.rebuild(None, &mut |_| {}).expect("rebuilt");
        assert_eq!(rebuilt.differing, ["H2"], "{}", database.name);
    }
}

/// Changes a database behind the program's back.
fn tamper(database: &Database, sql: &str) {
    match &database.address {
        store::Address::File(path) => {
            let connection = rusqlite::Connection::open(path).expect("opened");
            connection.execute(sql, []).expect("changed");
        }
        store::Address::Server(url) => {
            let mut client = postgres::Client::connect(url, postgres::NoTls).expect("connected");
            client.execute(sql, &[]).expect("changed");
        }
    }
}
