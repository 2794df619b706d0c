//! What may not be kept any longer is forgotten, and no score that can still change is another one
//! by that: on both databases, whichever attributes have a limit.

#[path = "databases/mod.rs"]
mod databases;
#[path = "http/mod.rs"]
mod http;

use app::input::Files;
use app::live::{Act, Cell, Detail, Live, Retained, Scoring};
use app::people::NewPerson;
use base::{Diagnostic, Period, PeriodKind};
use databases::Database;
use sim::Config;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use store::facts::{FactRow, Subject, erased};
use store::scores::ScoreRow;
use store::{Store, Tx, audit, facts, settings};
use tables::ReadOptions;

const KEY: audit::Key = [7; 32];
const ACT: Act<'_> =
    Act { actor: "tester", now: 1_600_000_000_000_000, within: &store::Within::Everywhere };
/// Months of the simulated city, up to June 2020.
const MONTHS: u32 = 60;
const OPEN: i32 = 2020 * 12 + 5;

/// How long an attribute is kept.
type Limits = fn(&str) -> Option<u32>;

/// The shipped pack with other limits.
fn pack(folder: &Path, limits: Limits) -> app::Loaded {
    let to = folder.join("tongchuan");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/tongchuan"), &to, limits);
    app::load(&to).unwrap_or_else(|findings| panic!("{findings:?}"))
}

fn copy(from: &Path, to: &Path, limits: Limits) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a pack").flatten() {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to, limits);
            continue;
        }
        let mut text = std::fs::read_to_string(&path).expect("text");
        if path.parent().and_then(Path::parent).is_some_and(|it| it.ends_with("attributes")) {
            let id = path.file_stem().and_then(|it| it.to_str()).expect("an id");
            text = text.lines().filter(|it| !it.starts_with("retention")).fold(
                limits(id).map_or_else(String::new, |it| format!("retention_months = {it}\n")),
                |text, line| text + line + "\n",
            );
        }
        std::fs::write(to, text).expect("written");
    }
}

/// Everything for a month.
fn all_for_a_month(_: &str) -> Option<u32> {
    Some(1)
}

/// Some for ever, the others for one to seven months.
fn some(id: &str) -> Option<u32> {
    let number = id.bytes().map(u32::from).sum::<u32>();
    [None, Some(1), Some(3), Some(7)][number as usize % 4]
}

fn city(folder: &Path, seed: u64, households: u64) -> PathBuf {
    let mut config = Config::tongchuan(seed).with_households(households);
    config.months = MONTHS;
    config.start = Period::from_index(PeriodKind::Month, OPEN + 1 - MONTHS as i32);
    config.corrected = 0.1;
    sim::simulate(&config, folder, &mut |_| {}).expect("simulated");
    folder.join("facts.parquet")
}

/// A database with a city whose scores reach back to the beginning.
fn filled(database: &Database, pack: app::Loaded, facts: &Path) -> Live {
    let store = Store::open(&database.address).expect("opened");
    let live = Live::new(store, pack, KEY).expect("a pack of months");
    let begins = Period::from_index(PeriodKind::Month, OPEN + 1 - MONTHS as i32);
    live.store.write(|tx| live.watch_from(tx, begins, &ACT)).expect("watched");
    let files = Files { paths: vec![facts.to_owned()], columns: Vec::new() };
    let done = live.import(&files, &ReadOptions::default(), false, &ACT, &mut |_, _, _| {});
    done.unwrap_or_else(|findings| panic!("{findings:?}"));
    live
}

fn scores(live: &Live) -> BTreeMap<(String, i64), ScoreRow> {
    let mut found = BTreeMap::new();
    let read = live.store.read(|tx| {
        store::scores::all(tx, &mut |row| {
            found.insert((row.household_id.clone(), row.period), row);
            Ok(())
        })
    });
    read.expect("read");
    found
}

fn warnings(live: &Live) -> Vec<store::warnings::WarningRow> {
    let within = store::Within::Everywhere;
    let wanted =
        store::warnings::Wanted { most: 1_000_000, ..store::warnings::Wanted::of(&within) };
    live.store.read(|tx| store::warnings::list(tx, &wanted)).expect("read")
}

/// Digests of everything from the horizon on, as it was known at several times since.
fn as_known(live: &Live, frozen: Period) -> Vec<String> {
    let begins = frozen.first_day().expect("a month").to_string();
    let of = |text: String| {
        let instant: jiff::Timestamp = format!("{text}T00:00:00Z").parse().expect("an instant");
        live.rebuild(Some(instant.as_microsecond()), &mut |_| {}).expect("rebuilt").digest
    };
    let all = live.rebuild(None, &mut |_| {}).expect("rebuilt").digest;
    vec![all, of(begins), of("2020-06-03".to_owned()), of("2020-06-20".to_owned())]
}

/// Lets a database believe that it has forgotten, without having done so.
fn freeze(live: &Live, frozen: &str) {
    let set = |tx: &mut Tx<'_>| settings::set(tx, "frozen_before", frozen);
    live.store.write(set).expect("written");
}

fn frozen(retained: &Retained) -> Period {
    let name = retained.frozen_before.as_deref().expect("a horizon");
    Period::parse(PeriodKind::Month, name).expect("a month")
}

/// Nothing but the values that are due is gone, and what was kept is what the facts still give.
fn assert_same(live: &Live, before: &BTreeMap<(String, i64), ScoreRow>, retained: &Retained) {
    let after = scores(live);
    let frozen = i64::from(frozen(retained).index());
    assert!(before.keys().eq(after.keys()), "scores came or went");
    let attributes = &live.pack().attributes;
    let mut erased: BTreeMap<String, u64> = BTreeMap::new();
    for (key, old) in before {
        let new = &after[key];
        if key.1 >= frozen {
            assert_eq!(new, old, "{key:?} can still change and is another one");
            continue;
        }
        let mut detail = Detail::from_bytes(&old.detail).expect("a detail");
        let now = Detail::from_bytes(&new.detail).expect("a detail");
        for (position, attribute) in attributes.iter().enumerate().take(detail.panel.len()) {
            let horizon = attribute.retention_months.map(|it| i64::from(OPEN) - i64::from(it));
            if horizon.is_some_and(|it| key.1 < it) && detail.panel[position] != Cell::Unknown {
                detail.panel[position] = Cell::Unknown;
                *erased.entry(attribute.id.clone()).or_default() += 1;
            }
        }
        assert_eq!(now, detail, "{key:?}");
        assert_eq!(
            ScoreRow { detail: Vec::new(), ..new.clone() },
            ScoreRow { detail: Vec::new(), ..old.clone() }
        );
    }
    assert_eq!(erased, retained.cells_of);
    let rebuilt = live.rebuild(None, &mut |_| {}).expect("rebuilt");
    assert!(rebuilt.is_cut && Some(&rebuilt.from) == retained.frozen_before.as_ref());
    assert_eq!((rebuilt.differ, rebuilt.counts_differ, rebuilt.stale), (0, 0, 0));
}

#[test]
fn scores_that_can_still_change_are_the_same_bytes_however_long_things_are_kept() {
    for (seed, limits) in [(11, some as Limits), (12, some), (13, all_for_a_month)] {
        let folder = tempfile::tempdir().expect("a folder");
        let facts = city(folder.path(), seed, 24);
        for (database, twin) in databases::all().into_iter().zip(databases::all()) {
            let name = format!("{}, seed {seed}", database.name);
            let live = filled(&database, pack(folder.path(), limits), &facts);
            let other = filled(&twin, pack(folder.path(), limits), &facts);
            let (before, told) = (scores(&live), warnings(&live));
            let plan = live.store.read(|tx| live.retention_plan(tx)).expect("planned");
            let retained = live.retain(&ACT).expect("forgotten");
            assert_eq!(retained, plan, "{name}: another number than was announced");
            assert!(retained.facts > 200, "{name}: hardly anything was due: {retained:?}");
            assert_same(&live, &before, &retained);
            assert_eq!(warnings(&live), told, "{name}");
            freeze(&other, retained.frozen_before.as_deref().expect("a horizon"));
            let horizon = frozen(&retained);
            assert_eq!(as_known(&live, horizon), as_known(&other, horizon), "{name}");
            let nothing = live.retain(&ACT).expect("forgotten");
            assert_eq!((nothing.facts, nothing.cells_of.len()), (0, 0), "{name}: {nothing:?}");
            assert!(matches!(live.verify_audit().expect("read"), audit::Verdict::Whole(..)));
        }
    }
}

/// Everything that the database says of facts by itself.
fn rows_of(database: &Database) -> Vec<(String, String, bool)> {
    let sql = "SELECT fact, value || coalesce(member_id, ''), erased_at IS NOT NULL FROM facts";
    match &database.address {
        store::Address::File(path) => {
            let connection = rusqlite::Connection::open(path).expect("opened");
            let mut query = connection.prepare(sql).expect("a query");
            let rows = query.query_map([], |it| Ok((it.get(0)?, it.get(1)?, it.get(2)?)));
            rows.expect("rows").map(|it| it.expect("a row")).collect()
        }
        store::Address::Server(url) => {
            let mut client = postgres::Client::connect(url, postgres::NoTls).expect("connected");
            let rows = client.query(sql, &[]).expect("rows");
            rows.iter().map(|it| (it.get(0), it.get(1), it.get(2))).collect()
        }
    }
}

#[test]
fn of_a_forgotten_fact_its_row_stays_and_says_nothing_and_one_row_of_the_audit_tells_how_many() {
    let folder = tempfile::tempdir().expect("a folder");
    let facts = city(folder.path(), 14, 12);
    for database in databases::all() {
        let live = filled(&database, pack(folder.path(), some), &facts);
        let before = rows_of(&database).len();
        let retained = live.retain(&ACT).expect("forgotten");
        let rows = rows_of(&database);
        assert_eq!(rows.len(), before, "{}", database.name);
        let gone: Vec<_> = rows.iter().filter(|it| it.2).collect();
        assert_eq!(gone.len() as u64, retained.facts, "{}", database.name);
        assert!(gone.iter().all(|it| it.1.is_empty() && !it.0.is_empty()), "{gone:?}");
        assert!(rows.iter().filter(|it| !it.2).all(|it| !it.1.is_empty()));
        // What has no limit is all there.
        let pack = live.pack();
        let unlimited = pack.attributes.iter().filter(|it| it.retention_months.is_none());
        let unlimited: Vec<String> =
            unlimited.filter_map(|it| Some(it.from.as_ref()?.fact.clone())).collect();
        assert!(gone.iter().all(|it| !unlimited.contains(&it.0)), "{}", database.name);
        let wanted = audit::Wanted {
            actor: None,
            command: Some("retention.run"),
            before: i64::MAX,
            most: 9,
        };
        let noted = live.store.read(|tx| audit::list(tx, &wanted)).expect("read");
        let [only] = noted.as_slice() else { panic!("{noted:?}") };
        let subject = only.subject.as_deref().expect("counts");
        assert!(subject.contains(&format!("{} facts", retained.facts)), "{subject}");
        assert!(!live.store.read(|tx| live.retention_is_due(tx)).expect("read"));
    }
}

/// A run whose process ends after so many pieces.
fn broken_off(live: &Live, pieces: usize) {
    for _ in 0..pieces {
        let piece = live.store.write(|tx| live.retain_piece_in(tx, &ACT)).expect("a piece");
        assert_eq!(piece, None, "there are fewer pieces");
    }
    // And one that was never committed.
    let undone = live.store.write(|tx| {
        live.retain_piece_in(tx, &ACT)?;
        Err::<(), _>(Diagnostic::new(&base::codes::run::BAD_OPTION, "the power went"))
    });
    assert!(undone.is_err());
}

#[test]
fn a_run_that_was_killed_is_gone_on_with_and_counted_once() {
    let folder = tempfile::tempdir().expect("a folder");
    // More households than one piece takes.
    let facts = city(folder.path(), 15, 260);
    for database in databases::all() {
        let live = filled(&database, pack(folder.path(), some), &facts);
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
        let wanted = audit::Wanted {
            actor: None,
            command: Some("retention.run"),
            before: i64::MAX,
            most: 9,
        };
        assert_eq!(live.store.read(|tx| audit::list(tx, &wanted)).expect("read").len(), 1);
    }
}

#[test]
fn a_process_that_is_killed_again_and_again_ends_where_one_that_was_not_would_have() {
    let folder = tempfile::tempdir().expect("a folder");
    let facts = city(folder.path(), 19, 260);
    let key = folder.path().join("key");
    std::fs::write(&key, "07".repeat(32)).expect("written");
    for database in databases::all() {
        let live = filled(&database, pack(folder.path(), some), &facts);
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
        let wanted = audit::Wanted {
            actor: None,
            command: Some("retention.run"),
            before: i64::MAX,
            most: 9,
        };
        assert_eq!(live.store.read(|tx| audit::list(tx, &wanted)).expect("read").len(), 1);
        assert!(matches!(live.verify_audit().expect("read"), audit::Verdict::Whole(..)));
    }
}

/// A fact about the tenth of a month.
fn late(id: &str, household: &str, code: &str, value: &str, period: i32) -> FactRow {
    let first = Period::from_index(PeriodKind::Month, period).first_day().expect("a month");
    let day = first.since(jiff::civil::date(1970, 1, 1)).expect("days").get_days();
    FactRow {
        subject: Subject::Household(household.to_owned()),
        fact_id: id.to_owned(),
        member_id: None,
        fact: code.to_owned(),
        value: value.to_owned(),
        valid_from: i64::from(day) + 9,
        valid_to: None,
        recorded_at: ACT.now,
        source: None,
        supersedes: None,
    }
}

fn losses(id: &str) -> Option<u32> {
    (id.contains("disaster") || id.contains("medical")).then_some(2)
}

#[test]
fn a_late_fact_is_scored_from_the_horizon_on_and_one_that_may_not_be_kept_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let facts = city(folder.path(), 16, 12);
    for database in databases::all() {
        let live = filled(&database, pack(folder.path(), losses), &facts);
        let pack = live.pack();
        let code = pack.attributes.iter().find(|it| it.retention_months.is_some());
        let code = code.and_then(|it| it.from.as_ref()).expect("a limit").fact.clone();
        let first = late("early", "H000001", &code, "1", OPEN - MONTHS as i32 + 2);
        assert_eq!(live.ingest(&[first.clone()], Scoring::Now, &ACT).expect("taken").accepted, 1);
        let retained = live.retain(&ACT).expect("forgotten");
        assert!(retained.facts > 0, "{retained:?}");
        let frozen = frozen(&retained);
        let before = scores(&live);
        // Told again it is known, though nobody can say any more whether it is the same.
        let known = live.ingest(&[first], Scoring::Now, &ACT).expect("taken");
        assert_eq!((known.known, known.accepted), (1, 0), "{}", database.name);
        let past = late("past", "H000001", &code, "1", OPEN - MONTHS as i32 + 2);
        let refused = live.ingest(&[past], Scoring::Now, &ACT).expect("taken");
        assert_eq!(refused.rejected[0].finding.code.id, "L027", "{}", database.name);
        // Of a time that is frozen, and still part of what is not: scored from the horizon on.
        let loss = late("loss", "H000001", "disaster.loss", "900000", frozen.index() - 6);
        assert_eq!(live.ingest(&[loss], Scoring::Now, &ACT).expect("taken").accepted, 1);
        let after = scores(&live);
        let is_frozen = |it: &&(String, i64)| it.1 < i64::from(frozen.index());
        assert!(before.keys().filter(is_frozen).all(|it| after[it] == before[it]));
        assert_ne!(before, after, "{}: it changed nothing at all", database.name);
        let rebuilt = live.rebuild(None, &mut |_| {}).expect("rebuilt");
        assert_eq!((rebuilt.differ, rebuilt.counts_differ), (0, 0), "{}", database.name);
        assert_forgotten(&live, frozen);
    }
}

/// What cannot be made again is refused and not made up.
fn assert_forgotten(live: &Live, frozen: Period) {
    let day = frozen.offset(-1).last_day().expect("a month");
    let then: jiff::Timestamp = format!("{day}T00:00:00Z").parse().expect("an instant");
    let then = then.as_microsecond();
    let code = |it: Diagnostic| it.code.id;
    assert_eq!(live.rebuild(Some(then), &mut |_| {}).map_err(code).err(), Some("L026"));
    for (period, as_of, expected) in [
        (Some(frozen.offset(-1)), None, Some("L026")),
        (Some(frozen), Some(then), Some("L026")),
        (Some(frozen), None, None),
    ] {
        let within = &store::Within::Everywhere;
        let about = app::live::About { household: "H000001", within, period, as_of };
        let told = live.store.read(|tx| live.explained(tx, &about));
        assert_eq!(told.map_err(code).err(), expected, "{period:?} {as_of:?}");
    }
    let earlier = frozen.offset(-1 - MONTHS as i32);
    let moved = live.store.write(|tx| live.watch_from(tx, earlier, &ACT));
    assert_eq!(moved.map_err(code).err(), Some("L026"));
}

#[test]
fn sealed_notes_are_destroyed_once_they_are_older_than_the_policy_keeps_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let facts = city(folder.path(), 17, 2);
    for database in databases::all() {
        let live = filled(&database, pack(folder.path(), |_| None), &facts);
        let person = |id: &str| NewPerson {
            person_id: id.to_owned(),
            household_id: Some("H-people".to_owned()),
            area_code: Some("610202001001".to_owned()),
            health_note: Some("needs quiet".to_owned()),
            phone: Some("19900001234".to_owned()),
            ..NewPerson::default()
        };
        // The shipped policy keeps health notes for 60 months.
        let years_ago =
            |years: i64| Act { now: 1_592_000_000_000_000 - years * 31_557_600_000_000, ..ACT };
        for (id, years) in [("P-old", 6), ("P-new", 1)] {
            let act = years_ago(years);
            live.store.write(|tx| live.put_people(tx, &[person(id)], &act)).expect("put");
        }
        let plan = live.store.read(|tx| live.retention_plan(tx)).expect("planned");
        assert_eq!(plan.sealed_of, BTreeMap::from([("health_note".to_owned(), 1)]));
        assert_eq!(live.retain(&ACT).expect("forgotten"), plan, "{}", database.name);
        let fields = |id: &str| {
            let view = live.store.read(|tx| live.person(tx, id, ACT.within)).expect("read");
            let fields = view.expect("somebody").fields;
            fields.iter().map(|it| it.field.name()).collect::<Vec<_>>()
        };
        assert_eq!(
            (fields("P-old"), fields("P-new")),
            (vec!["phone"], vec!["health_note", "phone"])
        );
    }
}

#[test]
fn a_correction_stays_as_long_as_what_it_corrects() {
    let folder = tempfile::tempdir().expect("a folder");
    let facts = city(folder.path(), 18, 2);
    for database in databases::all() {
        let live = filled(&database, pack(folder.path(), losses), &facts);
        let attribute =
            live.pack().attributes.iter().find(|it| it.retention_months.is_some()).cloned();
        let code = attribute.and_then(|it| it.from).expect("a limit").fact;
        let long_ago = OPEN - MONTHS as i32 + 2;
        // Told of this month by mistake, and moved to where it belongs.
        let mistaken = late("mistaken", "H000001", &code, "70000", OPEN);
        let mended = FactRow {
            supersedes: Some("mistaken".to_owned()),
            ..late("mended", "H000001", &code, "70000", long_ago)
        };
        live.ingest(&[mistaken, mended], Scoring::Now, &ACT).expect("taken");
        let before = scores(&live);
        live.retain(&ACT).expect("forgotten");
        let known = live.store.read(|tx| facts::known(tx, &["mistaken", "mended"])).expect("read");
        assert!(known.values().all(Option::is_some), "{}: {known:?}", database.name);
        let rebuilt = live.rebuild(None, &mut |_| {}).expect("rebuilt");
        assert_eq!(rebuilt.differ, 0, "{}", database.name);
        let open = |it: &BTreeMap<(String, i64), ScoreRow>| {
            it[&("H000001".to_owned(), i64::from(OPEN))].clone()
        };
        assert_eq!(open(&scores(&live)), open(&before));
        // By hand, what the rule forbids: the mistake would count again.
        live.store.write(|tx| erased::erase(tx, &["mended"], 1)).expect("erased");
        assert_ne!(live.rebuild(None, &mut |_| {}).expect("rebuilt").differ, 0);
    }
}
