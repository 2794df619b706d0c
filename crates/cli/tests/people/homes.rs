//! Households that move, split and end.

use crate::databases;
use crate::setting::{ACT, HERE, THERE, area, found, live, person, put, some};
use app::live::Scoring;
use app::people::{NewHousehold, NewPerson};
use store::Within;

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
