//! The registry on both databases: people in, found, sealed, suspected, made one and apart again.

#[path = "databases/mod.rs"]
mod databases;

use app::live::Scoring;
use app::live::{Act, Live};
use app::people::{Decision, Field, NewHousehold, NewPerson, Receipt};
use databases::Database;
use std::path::Path;
use store::facts::{FactRow, Subject};
use store::people::duplicates;
use store::{Store, Within, audit};

const KEY: audit::Key = [7; 32];
const ACT: Act<'_> =
    Act { actor: "tester", now: 1_600_000_000_000_000, within: &Within::Everywhere };
/// Two counties.
const HERE: &str = "610202001001";
const THERE: &str = "610203001001";

fn pack() -> app::Loaded {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/tongchuan");
    app::load(&folder).unwrap_or_else(|findings| panic!("{findings:?}"))
}

fn live(database: &Database) -> Live {
    let store = Store::open(&database.address).expect("opened");
    Live::new(store, pack(), KEY).expect("a pack of months")
}

fn put(live: &Live, rows: &[NewPerson], act: &Act<'_>) -> Receipt {
    live.store.write(|tx| live.put_people(tx, rows, act)).expect("put")
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Somebody in a household of an area.
fn person(id: &str, household: &str, area: &str, name: &str) -> NewPerson {
    NewPerson {
        person_id: id.to_owned(),
        household_id: some(household),
        area_code: some(area),
        name: some(name),
        ..NewPerson::default()
    }
}

fn codes(receipt: &Receipt) -> Vec<(usize, &str)> {
    receipt.rejected.iter().map(|it| (it.position, it.finding.code.id)).collect()
}

#[test]
fn people_told_twice_are_known_and_what_is_not_told_stays() {
    for database in databases::all() {
        let live = live(&database);
        let rows = [
            NewPerson {
                identity_number: some("11010519491231002X"),
                phone: some("199 0000 0001"),
                health_note: some("dialysis"),
                relation: some("户主"),
                ..person("P1", "H1", HERE, "王小明")
            },
            person("P2", "H1", HERE, "李娜"),
        ];
        let first = put(&live, &rows, &ACT);
        assert_eq!((first.accepted, codes(&first)), (2, vec![]), "{}", database.name);
        let again = put(&live, &rows, &ACT);
        assert_eq!((again.accepted, again.changed, again.known), (0, 0, 2), "{}", database.name);
        let moved = NewPerson {
            person_id: "P2".to_owned(),
            household_id: some("H2"),
            area_code: some(THERE),
            day: Some(18_500),
            ..NewPerson::default()
        };
        let changed = put(&live, std::slice::from_ref(&moved), &ACT);
        assert_eq!((changed.changed, codes(&changed)), (1, vec![]), "{}", database.name);
        let (row, history) = live
            .store
            .read(|tx| -> store::Result<_> {
                let row = store::people::persons::by_id(tx, "P2")?.expect("there");
                Ok((row, store::people::changes::of_person(tx, "P2")?))
            })
            .expect("read");
        assert_eq!(row.0.name.as_deref(), Some("李娜"), "{}", database.name);
        assert_eq!(row.1.as_deref(), Some(THERE), "{}", database.name);
        let kinds: Vec<(&str, i64)> = history.iter().map(|it| (it.kind.as_str(), it.day)).collect();
        assert_eq!(kinds, [("joined", 18_518), ("left", 18_500), ("joined", 18_500)]);
        let verdict = live.verify_audit().expect("read");
        assert!(matches!(verdict, audit::Verdict::Whole(2, _)), "{}", database.name);
    }
}

#[test]
fn somebody_who_cannot_be_taken_leaves_the_others() {
    for database in databases::all() {
        let live = live(&database);
        let rows = [
            person("P1", "H1", HERE, "王小明"),
            NewPerson {
                identity_number: some("110105194912310021"),
                ..person("P2", "H1", HERE, "李")
            },
            NewPerson { status: some("away"), ..person("P3", "H1", HERE, "李") },
            NewPerson { household_id: None, ..person("P4", "H1", HERE, "李") },
            NewPerson { phone: some("call me"), ..person("P5", "H1", HERE, "李") },
            person("P\u{0}6", "H1", HERE, "李"),
            person("P7", "H1", HERE, " · "),
        ];
        let receipt = put(&live, &rows, &ACT);
        let expected =
            [(1, "I001"), (2, "I002"), (3, "I002"), (4, "I002"), (5, "I002"), (6, "I002")];
        assert_eq!(
            (receipt.accepted, codes(&receipt)),
            (1, expected.to_vec()),
            "{}",
            database.name
        );
    }
}

#[test]
fn who_is_responsible_for_one_area_writes_nobody_in_another() {
    for database in databases::all() {
        let live = live(&database);
        put(&live, &[person("P1", "H1", HERE, "王小明")], &ACT);
        let within = Within::Areas(vec!["610203".to_owned()]);
        let act = Act { within: &within, actor: "there", ..ACT };
        let rows = [
            person("P1", "H1", HERE, "王"),
            person("P1", "H9", THERE, "王"),
            person("P2", "H1", THERE, "王"),
            person("P3", "H2", HERE, "王"),
            person("P4", "H3", THERE, "王"),
            NewPerson { area_code: None, ..person("P5", "H4", HERE, "王") },
        ];
        let receipt = put(&live, &rows, &act);
        let expected = [(0, "A002"), (1, "A002"), (2, "A002"), (3, "A002"), (5, "A002")];
        assert_eq!(
            (receipt.accepted, codes(&receipt)),
            (1, expected.to_vec()),
            "{}",
            database.name
        );
    }
}

/// Ids of whom a search finds, page by page.
fn found(live: &Live, text: &str, within: &Within) -> Vec<String> {
    let (mut ids, mut place) = (Vec::new(), None);
    loop {
        let (page, next) = live
            .store
            .read(|tx| live.find_people(tx, text, within, place.as_ref(), 2))
            .expect("found");
        ids.extend(page.into_iter().map(|it| it.row.person_id));
        place = next;
        if place.is_none() {
            ids.sort();
            return ids;
        }
    }
}

#[test]
fn people_are_found_by_name_pinyin_initials_code_and_number_and_only_in_ones_areas() {
    for database in databases::all() {
        let live = live(&database);
        let rows = [
            NewPerson {
                identity_number: some("11010519491231002X"),
                phone: some("10000000001"),
                ..person("P1", "H1", HERE, "王小明")
            },
            person("P2", "H1", HERE, "王晓敏"),
            person("P3", "H2", THERE, "王小明"),
            person("P4", "H2", THERE, "欧阳娜娜"),
            NewPerson { household_code: some("610-7"), ..person("P5", "H3", HERE, "Sarah Nakato") },
        ];
        assert_eq!(put(&live, &rows, &ACT).accepted, 5);
        let here = Within::Areas(vec!["610202".to_owned()]);
        let cases: [(&str, &[&str], &[&str]); 15] = [
            ("王", &["P1", "P2", "P3"], &["P1", "P2"]),
            ("小明", &["P1", "P3"], &["P1"]),
            ("wangxiaomin", &["P1", "P2", "P3"], &["P1", "P2"]),
            ("wangxiaoming", &["P1", "P3"], &["P1"]),
            ("wxm", &["P1", "P2", "P3"], &["P1", "P2"]),
            ("娜", &["P4"], &[]),
            ("na", &["P4", "P5"], &["P5"]),
            ("ouyang", &["P4"], &[]),
            ("kato", &["P5"], &["P5"]),
            ("610-7", &["P5"], &["P5"]),
            ("H2", &["P3", "P4"], &[]),
            ("11010519491231002x", &["P1"], &["P1"]),
            ("100 0000 0001", &["P1"], &["P1"]),
            ("", &["P1", "P2", "P3", "P4", "P5"], &["P1", "P2", "P5"]),
            ("%' OR 1=1 --", &[], &[]),
        ];
        for (text, all, some) in cases {
            assert_eq!(found(&live, text, &Within::Everywhere), all, "{}: {text}", database.name);
            assert_eq!(found(&live, text, &here), some, "{}: {text} here", database.name);
        }
        let renamed = NewPerson { name: some("赵强"), ..person("P1", "H1", HERE, "") };
        assert_eq!(put(&live, &[renamed], &ACT).changed, 1);
        assert_eq!(found(&live, "小明", &here), Vec::<String>::new(), "{}", database.name);
        assert_eq!(found(&live, "zq", &here), ["P1"], "{}", database.name);
    }
}

#[test]
fn a_household_that_moves_takes_its_people_along() {
    for database in databases::all() {
        let live = live(&database);
        put(&live, &[person("P1", "H1", HERE, "王小明")], &ACT);
        live.ingest(&[area("F1", "H1", THERE, 18_000)], Scoring::Now, &ACT).expect("taken");
        live.ingest(&[area("F0", "H1", HERE, 17_000)], Scoring::Now, &ACT).expect("taken");
        let there = Within::Areas(vec!["610203".to_owned()]);
        let here = Within::Areas(vec!["610202".to_owned()]);
        assert_eq!(found(&live, "xiaoming", &there), ["P1"], "{}", database.name);
        assert!(found(&live, "xiaoming", &here).is_empty(), "{}", database.name);
        let history =
            live.store.read(|tx| store::people::changes::of_household(tx, "H1")).expect("read");
        let moved = history.last().expect("a change");
        assert_eq!((moved.kind.as_str(), moved.to_what.as_deref()), ("moved", Some(THERE)));
    }
}

#[test]
fn households_split_and_end_in_others_and_all_of_it_is_dated() {
    for database in databases::all() {
        let live = live(&database);
        put(&live, &[person("P1", "H1", HERE, "王小明"), person("P2", "H1", HERE, "王大")], &ACT);
        let home = |id: &str| NewHousehold {
            household_id: id.to_owned(),
            area_code: some(HERE),
            day: Some(18_400),
            ..NewHousehold::default()
        };
        let told = |rows: &[NewHousehold]| {
            let receipt = live.store.write(|tx| live.put_households(tx, rows, &ACT)).expect("put");
            let codes: Vec<&str> = receipt.rejected.iter().map(|it| it.finding.code.id).collect();
            (receipt.accepted, receipt.changed, receipt.known, codes)
        };
        let split = NewHousehold { split_from: some("H1"), ..home("H2") };
        let twice = [split.clone(), split];
        assert_eq!(told(&twice), (1, 0, 1, vec![]), "{}", database.name);
        let moved = NewPerson { day: Some(18_400), ..person("P2", "H2", HERE, "王大") };
        put(&live, &[moved], &ACT);
        let head = |id: &str| NewHousehold { head: some(id), ..home("H2") };
        assert_eq!(told(&[head("P1"), head("P2")]), (0, 1, 0, vec!["I002"]), "{}", database.name);
        let ended = NewHousehold { merged_into: some("H1"), day: Some(18_500), ..home("H2") };
        let ended = std::slice::from_ref(&ended);
        assert_eq!(told(ended).3, ["I002"], "{}: P2 lives there", database.name);
        let back = NewPerson { day: Some(18_500), ..person("P2", "H1", HERE, "王大") };
        put(&live, &[back], &ACT);
        assert_eq!((told(ended).1, told(ended).2), (1, 1), "{}", database.name);
        let history =
            live.store.read(|tx| store::people::changes::of_household(tx, "H2")).expect("read");
        let kinds: Vec<(&str, i64)> = history.iter().map(|it| (&*it.kind, it.day)).collect();
        let (then, later) = (18_400, 18_500);
        let expected =
            [("split", then), ("joined", then), ("head", then), ("left", later), ("merged", later)];
        assert_eq!(kinds, expected, "{}", database.name);
    }
}

fn fact(id: &str, household: &str, member: Option<&str>, code: &str, value: &str) -> FactRow {
    FactRow {
        subject: Subject::Household(household.to_owned()),
        fact_id: id.to_owned(),
        member_id: member.map(str::to_owned),
        fact: code.to_owned(),
        value: value.to_owned(),
        valid_from: 18_010,
        valid_to: None,
        recorded_at: ACT.now,
        source: Some("test".to_owned()),
        supersedes: None,
    }
}

fn area(id: &str, household: &str, area: &str, day: i64) -> FactRow {
    FactRow { valid_from: day, ..fact(id, household, None, "registry.area", area) }
}

/// Two entries of one woman: in the household she came from, and in the one she married into.
fn two_entries(live: &Live) -> i64 {
    let born = Some(5_000);
    let rows = [
        NewPerson { birth_date: born, ..person("A", "H1", HERE, "李娜") },
        NewPerson { birth_date: born, ..person("B", "H2", HERE, "李娜") },
    ];
    assert_eq!(put(live, &rows, &ACT).suspected, 1);
    let later = |row: FactRow| FactRow { valid_from: 18_030, ..row };
    let facts = [
        area("F1", "H1", HERE, 18_000),
        area("F2", "H2", HERE, 18_000),
        fact("F3", "H1", Some("A"), "registry.member_of", "H1"),
        fact("F4", "H1", Some("A"), "person.able_to_work", "true"),
        fact("F5", "H1", Some("A"), "job.employed", "false"),
        fact("F6", "H2", Some("C"), "registry.member_of", "H2"),
        fact("F7", "H2", Some("C"), "person.able_to_work", "true"),
        later(fact("F8", "H2", Some("B"), "registry.member_of", "H2")),
        later(fact("F9", "H2", Some("B"), "medical.self_pay", "30000")),
    ];
    live.ingest(&facts, Scoring::Now, &ACT).expect("taken");
    open_pairs(live)[0]
}

/// The bill of the year so far, sent to the household that she came from.
fn told_later() -> FactRow {
    let row = fact("G1", "H1", Some("A"), "medical.self_pay", "50000");
    FactRow { valid_from: 18_035, recorded_at: ACT.now + 1, ..row }
}

fn open_pairs(live: &Live) -> Vec<i64> {
    let list = |state| {
        live.store
            .read(|tx| duplicates::list(tx, state, &Within::Everywhere, 0, 100))
            .expect("read")
    };
    list("open").into_iter().map(|it| it.number).collect()
}

fn scores(live: &Live) -> Vec<store::scores::ScoreRow> {
    let mut all = Vec::new();
    let read = live.store.read(|tx| {
        store::scores::all(tx, &mut |row| {
            all.push(row);
            Ok(())
        })
    });
    read.expect("read");
    all
}

fn assert_same_as_rebuilt(live: &Live, name: &str) {
    let rebuilt = live.rebuild(None, &mut |_| {}).expect("rebuilt");
    assert_eq!((rebuilt.differ, rebuilt.stale), (0, 0), "{name}: {:?}", rebuilt.differing);
}

#[test]
fn a_merge_scores_both_households_again_and_undone_it_leaves_the_same_bytes() {
    for database in databases::all() {
        let live = live(&database);
        let pair = two_entries(&live);
        let before = scores(&live);
        let merge = Decision::Merge(Some("B".to_owned()));
        let decide = |decision: &Decision| {
            live.store.write(|tx| live.decide_duplicate(tx, pair, decision, &ACT))
        };
        let decided = decide(&merge).expect("merged");
        assert!(scores(&live) != before, "{}: nothing changed", database.name);
        assert_same_as_rebuilt(&live, database.name);
        assert_eq!(decide(&merge).expect("again"), decided, "{}", database.name);
        assert_eq!(decide(&Decision::Distinct).expect_err("no").code.id, "I006");
        assert_eq!(found(&live, "lina", &Within::Everywhere), ["B"], "{}", database.name);
        // What is learned of the entry that counts no more reaches the one that does.
        let merged = scores(&live);
        let more = told_later();
        let receipt = live.ingest(&[more], Scoring::Now, &ACT).expect("taken");
        assert_eq!(receipt.touched, 2, "{}", database.name);
        assert!(scores(&live) != merged, "{}: nothing changed", database.name);
        assert_same_as_rebuilt(&live, database.name);
        let undo = || {
            let number = decided.merge.expect("a merge");
            live.store.write(|tx| live.undo_merge(tx, number, &ACT)).expect("undone")
        };
        assert_eq!(undo(), undo(), "{}", database.name);
        let other = databases::all().remove(0);
        let other = self::live(&other);
        two_entries(&other);
        let more = told_later();
        other.ingest(&[more], Scoring::Now, &ACT).expect("taken");
        assert!(scores(&live) == scores(&other), "{}: something stayed", database.name);
        assert_same_as_rebuilt(&live, database.name);
        assert_eq!(found(&live, "lina", &Within::Everywhere), ["A", "B"], "{}", database.name);
        assert_eq!(open_pairs(&live), [pair], "{}", database.name);
    }
}

#[test]
fn two_people_stay_two_whatever_is_told_later() {
    for database in databases::all() {
        let live = live(&database);
        let pair = two_entries(&live);
        let decide = || {
            let distinct =
                |tx: &mut store::Tx<'_>| live.decide_duplicate(tx, pair, &Decision::Distinct, &ACT);
            live.store.write(distinct).expect("decided")
        };
        assert_eq!((decide().state, decide().merge), ("distinct", None), "{}", database.name);
        let again = NewPerson { phone: some("10000000001"), ..person("A", "H1", HERE, "李娜") };
        assert_eq!(put(&live, &[again], &ACT).suspected, 0, "{}", database.name);
        assert_eq!(live.find_duplicates(&ACT, &mut |_| {}).expect("compared"), 0);
        assert!(open_pairs(&live).is_empty(), "{}", database.name);
    }
}

#[test]
fn duplicates_are_found_by_number_and_by_likeness_and_twins_are_none() {
    for database in databases::all() {
        let live = live(&database);
        let of = |id: &str, name: &str, number: Option<&str>| NewPerson {
            birth_date: Some(5_000),
            identity_number: number.map(str::to_owned),
            ..person(id, &format!("H{id}"), HERE, name)
        };
        let rows = [
            of("A", "李娜", Some("11010519491231002X")),
            of("B", "王小明", Some("11010519491231002X")),
            of("C", "张伟民", None),
            of("D", "张伟敏", None),
            of("E", "赵大", Some("110105198309130014")),
            of("F", "赵大", Some("110105198309130030")),
            NewPerson { sex: some("男"), ..of("G", "钱多", None) },
            NewPerson { sex: some("女"), ..of("H", "钱多", None) },
            NewPerson { birth_date: Some(5_001), ..of("I", "钱多", None) },
            NewPerson { area_code: some(THERE), ..of("J", "张伟民", None) },
        ];
        let receipt = put(&live, &rows, &ACT);
        assert_eq!((receipt.accepted, codes(&receipt)), (10, vec![]), "{}", database.name);
        let pairs = live
            .store
            .read(|tx| duplicates::list(tx, "open", &Within::Everywhere, 0, 100))
            .expect("read");
        let pairs: Vec<(&str, &str, &str)> =
            pairs.iter().map(|it| (&*it.one, &*it.other, &*it.reason)).collect();
        let expected = [("A", "B", "identity_number"), ("C", "D", "name_birth_place")];
        assert_eq!(pairs, expected, "{}", database.name);
        assert_eq!(live.find_duplicates(&ACT, &mut |_| {}).expect("compared"), 0);
    }
}

#[test]
fn who_is_erased_leaves_a_gap_that_verifies_and_nothing_else() {
    for database in databases::all() {
        let live = live(&database);
        let number = "11010519491231002X";
        let row = NewPerson {
            identity_number: some(number),
            health_note: some("dialysis"),
            ..person("P1", "H1", HERE, "王小明")
        };
        put(&live, std::slice::from_ref(&row), &ACT);
        let unmask = || {
            let fields = [Field::IdentityNumber, Field::HealthNote];
            live.store.write(|tx| live.unmask(tx, "P1", &fields, "a visit at home", &ACT))
        };
        let shown: Vec<String> =
            unmask().ok().expect("shown").into_iter().map(|it| it.text).collect();
        assert_eq!(shown, ["dialysis", number], "{}", database.name);
        let erase = || live.store.write(|tx| live.erase(tx, "P1", "asked for it", &ACT));
        assert_eq!((erase(), erase()), (Ok(1), Ok(0)), "{}", database.name);
        assert_eq!(unmask().err().expect("gone").code.id, "I005", "{}", database.name);
        for text in ["王", number, "wxm"] {
            assert!(
                found(&live, text, &Within::Everywhere).is_empty(),
                "{}: {text}",
                database.name
            );
        }
        let view = live.store.read(|tx| live.person(tx, "P1", &Within::Everywhere)).expect("read");
        let view = view.expect("a gap");
        assert_eq!(
            (view.row.status.as_str(), view.row.name, view.row.birth_date),
            ("erased", None, None)
        );
        assert!(view.fields.is_empty());
        assert_eq!(codes(&put(&live, &[row], &ACT)), [(0, "I005")], "{}", database.name);
        let verdict = live.verify_audit().expect("read");
        assert!(matches!(verdict, audit::Verdict::Whole(3, _)), "{}", database.name);
        let looks = live
            .store
            .read(|tx| store::people::unmaskings::list(tx, Some("P1"), i64::MAX, 10))
            .expect("read");
        assert_eq!(looks.len(), 1, "{}: a refused look shows nothing", database.name);
    }
}

#[test]
fn another_master_key_opens_what_the_old_one_sealed_and_the_old_one_nothing_more() {
    for database in databases::all() {
        let row = NewPerson {
            identity_number: some("11010519491231002X"),
            ..person("P1", "H1", HERE, "王小明")
        };
        let before = live(&database);
        put(&before, std::slice::from_ref(&row), &ACT);
        let wrong = [9; 32];
        let rotate = |old, new| app::people::rotate(&before.store, (&old, &new), &ACT, &mut |_| {});
        assert_eq!(rotate(wrong, wrong).expect_err("no").code.id, "I004", "{}", database.name);
        for (old, new) in [(KEY, [8; 32]), ([8; 32], [6; 32])] {
            assert_eq!(rotate(old, new), Ok(1), "{}", database.name);
        }
        let store = Store::open(&database.address).expect("opened");
        let refused = Live::new(store, pack(), KEY).err().expect("refused");
        assert_eq!(refused.code.id, "I004", "{}", database.name);
        let store = Store::open(&database.address).expect("opened");
        let after = Live::new(store, pack(), [6; 32]).expect("the new key");
        assert_eq!(found(&after, "11010519491231002X", &Within::Everywhere), ["P1"]);
        assert_eq!(put(&after, &[row], &ACT).known, 1, "{}", database.name);
        let shown = after
            .store
            .write(|tx| after.unmask(tx, "P1", &[Field::IdentityNumber], "a visit", &ACT));
        assert_eq!(shown.ok().expect("shown")[0].text, "11010519491231002X");
        let verdict = after.verify_audit().expect("read");
        assert!(matches!(verdict, audit::Verdict::Whole(4, _)), "{}", database.name);
    }
}

#[test]
fn nothing_that_is_sealed_stands_plain_in_the_database() {
    let database = databases::all().remove(0);
    let live = live(&database);
    let row = NewPerson {
        identity_number: some("11010519491231002X"),
        phone: some("10012345678"),
        bank_account: some("6222000000001234"),
        health_note: some("dialysis on mondays"),
        ..person("P1", "H1", HERE, "王小明")
    };
    put(&live, &[row], &ACT);
    live.store
        .write(|tx| live.unmask(tx, "P1", &Field::ALL, "a visit", &ACT).map(drop))
        .expect("shown");
    let store::Address::File(path) = &database.address else { panic!("a file") };
    let folder = path.parent().expect("a folder");
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let bytes = std::fs::read(entry.path()).expect("read");
        let has = |text: &str| bytes.windows(text.len()).any(|it| it == text.as_bytes());
        for text in ["11010519491231002", "10012345678", "622200000000", "dialysis"] {
            assert!(!has(text), "{text} stands in {}", entry.path().display());
        }
    }
}

#[test]
fn simulated_people_are_taken_as_they_are_and_the_same_seed_gives_the_same_bytes() {
    let folders = [tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder")];
    let config = sim::Config::tongchuan(5).with_households(300);
    let bytes = folders.each_ref().map(|folder| {
        sim::people(&config, folder.path(), &mut |_| {}).expect("simulated");
        std::fs::read(folder.path().join("people.parquet")).expect("read")
    });
    assert!(bytes[0] == bytes[1]);
    let path = folders[0].path().join("people.parquet");
    let files = app::input::Files { paths: vec![path], columns: Vec::new() };
    for database in databases::all() {
        let live = live(&database);
        let read = tables::ReadOptions::default();
        let import = || live.import_people(&files, &read, false, &ACT, &mut |_, _| {});
        let first = import().unwrap_or_else(|findings| panic!("{findings:?}"));
        assert_eq!((first.rejects.len(), first.receipt.accepted), (0, config.people));
        let again = import().unwrap_or_else(|findings| panic!("{findings:?}"));
        assert_eq!((again.receipt.known, again.receipt.suspected), (config.people, 0));
        assert!(!found(&live, "wang", &Within::Everywhere).is_empty(), "{}", database.name);
    }
}
