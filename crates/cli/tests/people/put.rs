//! People in: told once, told again, refused.

use crate::databases;
use crate::setting::{ACT, HERE, THERE, area, codes, found, live, open_pairs, person, put, some};
use app::live::{Act, Scoring};
use app::people::{NewHousehold, NewPerson, Receipt};
use store::{Within, audit};

/// One row was taken, and the others were rejected with these codes.
fn assert_one_taken(receipt: &Receipt, rejected: &[(usize, &str)], database: &str) {
    assert_eq!((receipt.accepted, codes(receipt)), (1, rejected.to_vec()), "{database}");
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
        assert_one_taken(&receipt, &expected, database.name);
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
        assert_one_taken(&receipt, &expected, database.name);
    }
}

#[test]
fn nobody_takes_a_household_by_saying_where_it_lives_or_learns_who_lives_elsewhere() {
    for database in databases::all() {
        let live = live(&database);
        let number = some("11010519491231002X");
        let rows = [
            NewPerson { area_code: None, ..person("P1", "H1", HERE, "王小明") },
            NewPerson { identity_number: number.clone(), ..person("P2", "H2", HERE, "李娜") },
        ];
        assert_eq!(put(&live, &rows, &ACT).accepted, 2);
        let within = Within::Areas(vec!["610203".to_owned()]);
        let act = Act { within: &within, actor: "there", ..ACT };
        for household in ["H1", "H2"] {
            let claim = person("P9", household, THERE, "钱");
            assert_eq!(codes(&put(&live, &[claim], &act)), [(0, "A002")], "{}", database.name);
            let claim = NewHousehold {
                household_id: household.to_owned(),
                area_code: some(THERE),
                ..NewHousehold::default()
            };
            let receipt = live.store.write(|tx| live.put_households(tx, &[claim], &act));
            assert_eq!(receipt.expect("put").rejected[0].finding.code.id, "A002");
            let claim = area(&format!("F-{household}"), household, THERE, 18_000);
            let receipt = live.ingest(&[claim], Scoring::Now, &act).expect("told");
            assert_eq!(receipt.rejected[0].finding.code.id, "A002", "{}", database.name);
        }
        let same = NewPerson { identity_number: number, ..person("P3", "H3", THERE, "李娜") };
        assert_eq!(put(&live, &[same], &act).suspected, 0, "{}: it can be told", database.name);
        assert_eq!(open_pairs(&live).len(), 1, "{}", database.name);
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
