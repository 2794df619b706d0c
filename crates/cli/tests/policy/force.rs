//! Policies installed, approved by two, in force by period.

use crate::databases;
use crate::setting::{
    KEY, act, activate, assert_same_as_rebuilt, bands, change, live, score_again, without_examples,
};
use app::live::policy::{Draft, Proposal};
use app::live::{About, Explained, Live};
use pack::ChangeKind;
use std::collections::BTreeMap;
use store::{Store, Within};

#[test]
fn closed_periods_keep_the_policy_of_their_time() {
    for database in databases::all() {
        let live = live(&database, 20);
        let first = live.pack().hash.clone();
        live.close_period(&act("first")).expect("closed");
        score_again(&live);
        let changes = [change(ChangeKind::Edge, "red", None, 44.0)];
        let second = activate(&live, &changes, "two").hash;
        let from = live.open_period().expect("read").expect("a period");
        score_again(&live);
        let open = live.open_period().expect("read").expect("a period").index();
        let mut packs: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        let read = live.store.read(|tx| {
            store::scores::all(tx, &mut |row| {
                let known = packs.entry(row.period).or_default();
                if !known.contains(&row.pack) {
                    known.push(row.pack);
                }
                Ok(())
            })
        });
        read.expect("read");
        let closed = i64::from(open) - 1;
        let expected = BTreeMap::from([(closed, vec![first]), (closed + 1, vec![second])]);
        assert_eq!(packs, expected, "{}", database.name);
        assert_same_as_rebuilt(&live, database.name);
        let day = from.offset(-1).first_day().expect("a day");
        let late = Proposal { hash: live.pack().hash.clone(), from: day, note: None };
        let refused = live.store.write(|tx| live.propose_in(tx, &late, &act("one")));
        assert_eq!(refused.expect_err("refused").code.id, "V006", "{}", database.name);
    }
}

/// Every household explained in a period.
fn explained(live: &Live, period: base::Period) -> BTreeMap<String, Explained> {
    let everywhere = Within::Everywhere;
    let one = |household: String| {
        let (period, within) = (Some(period), &everywhere);
        let about = About { household: &household, within, period, as_of: None };
        let found = live.store.read(|tx| live.explained(tx, &about)).expect("explained");
        (household, found.expect("to be seen"))
    };
    bands(live).into_keys().map(one).collect()
}

#[test]
fn explanations_and_histories_speak_by_the_policy_of_each_period() {
    for database in databases::all() {
        let live = live(&database, 20);
        live.close_period(&act("first")).expect("closed");
        score_again(&live);
        let open = live.open_period().expect("read").expect("a period");
        let closed = open.offset(-1);
        let [closed_before, open_before] = [closed, open].map(|it| explained(&live, it));
        let first = live.pack().hash.clone();
        let module = live.pack().modules[0].id.clone();
        let heavier = change(ChangeKind::Weight, &module, Some("module"), 9.0);
        let second = activate(&live, &[heavier], "two").hash;
        score_again(&live);
        let [closed_after, open_after] = [closed, open].map(|it| explained(&live, it));
        assert_eq!(format!("{closed_after:?}"), format!("{closed_before:?}"), "{}", database.name);
        let moved = |it: &&String| open_after[*it].composite != open_before[*it].composite;
        assert!(open_after.keys().filter(moved).count() > 0, "{}", database.name);
        for (household, now) in &open_after {
            let about =
                About { household, within: &Within::Everywhere, period: Some(open), as_of: None };
            let past = live.store.read(|tx| live.past(tx, &about, 2)).expect("told");
            let rows = past.expect("to be seen").rows;
            let told: Vec<(&str, f64)> =
                rows.iter().map(|it| (it.0.pack.as_str(), it.0.composite as f64 / 1e6)).collect();
            let then = closed_before[household].composite;
            let expected = [(first.as_str(), then), (second.as_str(), now.composite)];
            assert_eq!(told, expected, "{}: {household}", database.name);
        }
    }
}

#[test]
fn a_policy_from_a_later_day_waits_for_its_period() {
    for database in databases::all() {
        let live = live(&database, 12);
        let first = live.pack().hash.clone();
        let draft = Draft {
            base: Some(first.clone()),
            files: without_examples(&live),
            changes: vec![change(ChangeKind::Edge, "blue", None, 10.0)],
            version: Some("next".to_owned()),
            note: Some("from the next period on".to_owned()),
        };
        let version = live.drafted(draft).unwrap_or_else(|findings| panic!("{findings:?}"));
        let open = live.open_period().expect("read").expect("a period");
        let from = open.offset(1).first_day().expect("a day");
        let done = live.store.write(|tx| {
            let hash = live.install_in(tx, &version, &act("one"))?.hash;
            let row = live.propose_in(tx, &Proposal { hash, from, note: None }, &act("one"))?;
            let own = live.approve_in(tx, row.number, &act("one")).expect_err("one's own");
            assert_eq!(own.code.id, "V009");
            live.approve_in(tx, row.number, &act("two"))
        });
        let row = done.expect("approved");
        let stale = || live.store.read(store::stale::count).expect("read");
        assert_eq!((stale(), &live.pack().hash), (0, &first), "{}", database.name);
        live.close_period(&act("first")).expect("closed");
        score_again(&live);
        assert_eq!(live.pack().hash, row.hash, "{}", database.name);
        assert_same_as_rebuilt(&live, database.name);
    }
}

#[test]
fn a_second_server_goes_by_what_the_first_approved() {
    for database in databases::all() {
        let first = live(&database, 0);
        let area = store::facts::FactRow {
            subject: store::facts::Subject::Household("H1".to_owned()),
            fact_id: "F1".to_owned(),
            member_id: None,
            fact: "registry.area".to_owned(),
            value: "610202001001".to_owned(),
            valid_from: 18_400,
            valid_to: None,
            recorded_at: 0,
            source: None,
            supersedes: None,
            reason: None,
        };
        first.ingest(&[area], app::live::Scoring::Now, &act("one")).expect("taken");
        let second = Live::open(Store::open(&database.address).expect("opened"), None, KEY);
        let second = second.expect("the policy stands in the database");
        assert_eq!(second.pack().hash, first.pack().hash, "{}", database.name);
        let changed = activate(&first, &[change(ChangeKind::Edge, "red", None, 60.0)], "two");
        let _ = second.signed_in("nobody", 0);
        assert_eq!(second.pack().hash, changed.hash, "{}", database.name);
    }
}

#[test]
fn what_cannot_be_installed_is_told_with_every_finding() {
    let database = databases::all().remove(0);
    let live = live(&database, 0);
    let base = live.pack().hash.clone();
    let draft = |text: &str| Draft {
        base: Some(base.clone()),
        files: BTreeMap::from([("scoring.toml".to_owned(), text.to_owned())]),
        version: Some("other".to_owned()),
        ..Draft::default()
    };
    let findings = live.drafted(draft("min_confidence = 7\ntypo = 1")).err().expect("refused");
    let places: Vec<_> = findings.iter().filter(|it| it.is_error()).map(|it| &it.place).collect();
    assert!(places.len() >= 2 && places.iter().all(|it| it.is_some()), "{findings:?}");
    let wrong = Draft {
        changes: vec![change(ChangeKind::Anchor, "nothing", Some("red"), 1.0)],
        ..draft("")
    };
    assert_eq!(live.drafted(wrong).err().expect("refused")[0].code.id, "V010");
    // An example that shows the line as it was does not come out any more.
    let moved = change(ChangeKind::Anchor, "debt_to_income", Some("yellow"), 0.6);
    let examples = Draft { changes: vec![moved], files: BTreeMap::new(), ..draft("") };
    let findings = live.drafted(examples).err().expect("refused");
    assert!(findings.iter().any(|it| it.code.id == "R002"), "{findings:?}");
    let same = Draft {
        files: BTreeMap::from([("scoring.toml".into(), "reasons = 4".into())]),
        version: None,
        ..draft("")
    };
    let version = live.drafted(same).unwrap_or_else(|findings| panic!("{findings:?}"));
    let refused = live.store.write(|tx| live.install_in(tx, &version, &act("one")));
    assert_eq!(refused.expect_err("another of the same name").code.id, "V003");
    let gone = Draft { base: Some("00".repeat(32)), ..draft("") };
    assert_eq!(live.drafted(gone).err().expect("refused")[0].code.id, "V002");
}
