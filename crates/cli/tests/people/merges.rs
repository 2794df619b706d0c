//! Entries that may be one person, made one and apart again.

use crate::databases;
use crate::setting::{
    ACT, HERE, THERE, assert_same_as_rebuilt, codes, fact, found, live, open_pairs, person, put,
    scores, some, two_entries,
};
use app::live::Scoring;
use app::people::{Decision, NewPerson};
use store::Within;
use store::facts::FactRow;
use store::people::duplicates;

/// The bill of the year so far, sent to the household that she came from.
fn told_later() -> FactRow {
    let row = fact("G1", "H1", Some("A"), "medical.self_pay", "50000");
    FactRow { valid_from: 18_035, recorded_at: ACT.now + 1, ..row }
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
