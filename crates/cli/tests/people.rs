//! The registry on both databases: people in, found, sealed, suspected, made one and apart again.

#[path = "databases/mod.rs"]
mod databases;

use app::live::{Act, Live};
use app::people::{NewPerson, Receipt};
use databases::Database;
use std::path::Path;
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
