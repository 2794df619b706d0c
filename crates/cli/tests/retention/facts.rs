//! What is left of facts and sealed fields, and what is refused.

use crate::databases;
use crate::setting::{
    ACT, MONTHS, OPEN, city, filled, frozen, late, losses, pack, rows_of, scores, some,
};
use app::live::{Act, Live, Scoring};
use app::people::NewPerson;
use base::{Diagnostic, Period};
use std::collections::BTreeMap;
use store::facts::{FactRow, erased};
use store::scores::ScoreRow;
use store::{audit, facts};

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
        assert_eq!(
            live.ingest(std::slice::from_ref(&first), Scoring::Now, &ACT).expect("taken").accepted,
            1
        );
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
            reason: Some("told of the wrong month".to_owned()),
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
