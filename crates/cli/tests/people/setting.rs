//! What the tests begin with: a registry, people, facts of them.

use crate::databases::Database;
use app::live::{Act, Live, Scoring};
use app::people::{NewPerson, Receipt};
use std::path::Path;
use store::facts::{FactRow, Subject};
use store::people::duplicates;
use store::{Store, Within, audit};

/// The master key.
pub const KEY: audit::Key = [7; 32];
/// Somebody who may write everywhere.
pub const ACT: Act<'_> =
    Act { actor: "tester", now: 1_600_000_000_000_000, within: &Within::Everywhere };
/// Two counties.
pub const HERE: &str = "610202001001";
/// See above.
pub const THERE: &str = "610203001001";

pub fn pack() -> app::Loaded {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/tongchuan");
    app::load(&folder).unwrap_or_else(|findings| panic!("{findings:?}"))
}

pub fn live(database: &Database) -> Live {
    let store = Store::open(&database.address).expect("opened");
    Live::new(store, pack(), KEY).expect("a pack of months")
}

pub fn put(live: &Live, rows: &[NewPerson], act: &Act<'_>) -> Receipt {
    live.store.write(|tx| live.put_people(tx, rows, act)).expect("put")
}

pub fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Somebody in a household of an area.
pub fn person(id: &str, household: &str, area: &str, name: &str) -> NewPerson {
    NewPerson {
        person_id: id.to_owned(),
        household_id: some(household),
        area_code: some(area),
        name: some(name),
        ..NewPerson::default()
    }
}

pub fn codes(receipt: &Receipt) -> Vec<(usize, &str)> {
    receipt.rejected.iter().map(|it| (it.position, it.finding.code.id)).collect()
}

pub fn fact(id: &str, household: &str, member: Option<&str>, code: &str, value: &str) -> FactRow {
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
        reason: None,
    }
}

pub fn area(id: &str, household: &str, area: &str, day: i64) -> FactRow {
    FactRow { valid_from: day, ..fact(id, household, None, "registry.area", area) }
}

/// Two entries of one woman: in the household she came from, and in the one she married into.
pub fn two_entries(live: &Live) -> i64 {
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

pub fn open_pairs(live: &Live) -> Vec<i64> {
    let list = |state| {
        live.store
            .read(|tx| duplicates::list(tx, state, &Within::Everywhere, 0, 100))
            .expect("read")
    };
    list("open").into_iter().map(|it| it.number).collect()
}

pub fn scores(live: &Live) -> Vec<store::scores::ScoreRow> {
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

pub fn assert_same_as_rebuilt(live: &Live, name: &str) {
    let rebuilt = live.rebuild(None, &mut |_| {}).expect("rebuilt");
    assert_eq!((rebuilt.differ, rebuilt.stale), (0, 0), "{name}: {:?}", rebuilt.differing);
}

/// Ids of whom a search finds, page by page.
pub fn found(live: &Live, text: &str, within: &Within) -> Vec<String> {
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
