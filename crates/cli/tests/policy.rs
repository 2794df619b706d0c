//! Policies in the database: installed, approved by two, in force by period, tried beforehand.

#[path = "databases/mod.rs"]
mod databases;

use app::input::Files;
use app::live::policy::{Draft, Installed, Method, Package, Proposal, Trial, Version};
use app::live::{About, Act, Explained, Live};
use base::Band;
use databases::Database;
use pack::{Change, ChangeKind};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sim::Config;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use store::{Store, Within, audit};
use tables::ReadOptions;

const KEY: audit::Key = [7; 32];

fn act(actor: &str) -> Act<'_> {
    Act { actor, now: 1_600_000_000_000_000, within: &Within::Everywhere }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/tongchuan")
}

fn package() -> Package {
    Package::read(&folder()).unwrap_or_else(|findings| panic!("{findings:?}"))
}

fn city(folder: &Path, households: u32) -> Files {
    let mut config = Config::tongchuan(12);
    config.households = households.into();
    config.people = u64::from(households) * 3;
    sim::simulate(&config, folder, &mut |_| {}).expect("simulated");
    Files { paths: vec![folder.join("facts.parquet")], columns: Vec::new() }
}

/// A database whose policy is in force, with a city in it.
fn live(database: &Database, households: u32) -> Live {
    let store = Store::open(&database.address).expect("opened");
    let live = Live::new(store, package().loaded, KEY).expect("a pack of months");
    assert!(live.begin(package(), &act("first")).expect("begun"));
    if households > 0 {
        let folder = tempfile::tempdir().expect("a folder");
        let files = city(folder.path(), households);
        let done =
            live.import(&files, &ReadOptions::default(), false, &act("import"), &mut |_, _, _| {});
        done.unwrap_or_else(|findings| panic!("{findings:?}"));
    }
    live
}

fn change(kind: ChangeKind, id: &str, key: Option<&str>, value: f64) -> Change {
    Change { kind, id: id.to_owned(), key: key.map(str::to_owned), value }
}

/// The bands of the period under watch.
fn bands(live: &Live) -> BTreeMap<String, Band> {
    let open = live.open_period().expect("read").expect("a period").index();
    let mut found = BTreeMap::new();
    let read = live.store.read(|tx| {
        store::scores::all(tx, &mut |row| {
            if row.period == i64::from(open) {
                found.insert(row.household_id, Band::from_number(row.band as u8).expect("a band"));
            }
            Ok(())
        })
    });
    read.expect("read");
    found
}

/// Bands as a trial says they would be.
fn after(live: &Live, trial: &Trial) -> BTreeMap<String, Band> {
    let mut found = bands(live);
    for moved in &trial.moved {
        assert_eq!(found.insert(moved.household.clone(), moved.to), Some(moved.from));
    }
    found
}

/// Files that take all examples out: those show the lines as they were.
fn without_examples(live: &Live) -> BTreeMap<String, String> {
    let hash = live.pack().hash.clone();
    let layers = live.store.read(|tx| live.layers(tx, &hash)).expect("installed");
    let is_rule = |it: &str| it.starts_with("indicators/") || it.starts_with("triggers/");
    let files = layers.iter().flat_map(|it| &it.files).filter(|it| is_rule(&it.path));
    files.map(|it| (it.path.clone(), "example = []".to_owned())).collect()
}

/// Installs changes, and has two people bring them into force.
fn activate(live: &Live, changes: &[Change], version: &str) -> Installed {
    let draft = Draft {
        files: without_examples(live),
        base: Some(live.pack().hash.clone()),
        changes: changes.to_vec(),
        version: Some(version.to_owned()),
        note: None,
    };
    let version = live.drafted(draft).unwrap_or_else(|findings| panic!("{findings:?}"));
    bring_into_force(live, &version)
}

fn bring_into_force(live: &Live, version: &Version) -> Installed {
    let from = live.open_period().expect("read").expect("a period").first_day().expect("a day");
    live.store
        .write(|tx| {
            let installed = live.install_in(tx, version, &act("one"))?;
            let proposal = Proposal { hash: installed.hash.clone(), from, note: None };
            let row = live.propose_in(tx, &proposal, &act("one"))?;
            live.approve_in(tx, row.number, &act("two"))?;
            Ok::<_, base::Diagnostic>(installed)
        })
        .expect("activated")
}

fn score_again(live: &Live) {
    live.catch_up_all(&act("server"), &mut |_, _| {}).expect("scored");
    let refreshed = live.signed_in("nobody", 0);
    assert!(refreshed.is_err(), "it is noticed on the way to anything else");
}

fn assert_same_as_rebuilt(live: &Live, name: &str) {
    let rebuilt = live.rebuild(None, &mut |_| {}).expect("rebuilt");
    assert_eq!((rebuilt.differ, rebuilt.stale), (0, 0), "{name}: {:?}", rebuilt.differing);
}

/// A few changes that any office might think of.
fn random_changes(live: &Live, generator: &mut ChaCha8Rng) -> Vec<Change> {
    let pack = live.pack();
    let mut changes = Vec::new();
    for _ in 0..generator.random_range(1..5) {
        let pick = |generator: &mut ChaCha8Rng, count: usize| generator.random_range(0..count);
        let factor = [0.4, 0.8, 1.25, 3.0][pick(generator, 4)];
        changes.push(match generator.random_range(0..5) {
            0 => {
                let it = &pack.dimensions[pick(generator, pack.dimensions.len())];
                if it.module.is_none() {
                    continue;
                }
                change(ChangeKind::Weight, &it.id, Some("dimension"), it.weight * factor)
            }
            1 => {
                let it = &pack.modules[pick(generator, pack.modules.len())];
                change(ChangeKind::Weight, &it.id, Some("module"), 20.0 * factor)
            }
            2 => {
                let it = &pack.indicators[pick(generator, pack.indicators.len())];
                change(ChangeKind::Weight, &it.id, Some("indicator"), factor)
            }
            3 => {
                let it = &pack.parameters[pick(generator, pack.parameters.len())];
                let value = it.values.last().map_or(1.0, |it| it.value);
                change(ChangeKind::Parameter, &it.id, None, value * factor)
            }
            _ => change(
                ChangeKind::Edge,
                "yellow",
                None,
                [28.0, 33.0, 36.0, 40.0][pick(generator, 4)],
            ),
        });
    }
    changes
}

#[test]
fn a_trial_says_exactly_what_an_activation_gives() {
    for database in databases::all() {
        let live = live(&database, 60);
        let mut generator = ChaCha8Rng::seed_from_u64(20);
        let mut moved = 0;
        for round in 0..8 {
            let mut changes = random_changes(&live, &mut generator);
            if round % 2 == 1 {
                let anchors = ("income_to_line", "debt_to_income");
                let value = [0.3, 0.7][round % 4 / 2];
                changes.push(change(ChangeKind::Anchor, anchors.1, Some("yellow"), value));
            }
            let trial = live.try_changes(&changes, &Within::Everywhere);
            let trial = trial.unwrap_or_else(|findings| panic!("{changes:?}: {findings:?}"));
            assert_eq!((trial.method, trial.households), (Method::Kept, 60), "{changes:?}");
            let expected = after(&live, &trial);
            activate(&live, &changes, &format!("trial {round}"));
            score_again(&live);
            assert_eq!(bands(&live), expected, "{}: {changes:?}", database.name);
            moved += trial.moved.len();
        }
        assert!(moved > 5, "{moved} bands moved in all: nothing was tested");
        assert_same_as_rebuilt(&live, database.name);
    }
}

/// Everything that a database holds which somebody could notice.
fn state(live: &Live) -> Vec<String> {
    let mut found = Vec::new();
    let read = live.store.read(|tx| -> store::Result<()> {
        store::scores::all(tx, &mut |row| {
            found.push(format!("{row:?}"));
            Ok(())
        })?;
        store::warnings::all(tx, &mut |row| {
            found.push(format!("{row:?}"));
            Ok(())
        })?;
        let events = store::events::after(tx, 0, &Within::Everywhere, i64::MAX)?;
        found.extend(events.into_iter().map(|it| format!("{it:?}")));
        let packs = store::policies::all(tx)?.into_iter().map(|it| it.hash);
        found.extend(packs);
        found.push(format!("{:?}", store::policies::activations(tx)?));
        audit::each(tx, 0, &mut |row| {
            found.push(format!("{row:?}"));
            Ok(())
        })
    });
    read.expect("read");
    found
}

#[test]
fn a_trial_saves_nothing_sees_new_facts_and_keeps_to_areas() {
    for database in databases::all() {
        let live = live(&database, 30);
        let changes = [change(ChangeKind::Edge, "yellow", None, 28.0)];
        let before = state(&live);
        let tried = |within: &Within| live.try_changes(&changes, within).expect("tried");
        let trial = tried(&Within::Everywhere);
        assert_eq!(state(&live), before, "{}", database.name);
        assert!(trial.all.enter > 0 && trial.all.leave == 0, "{:?}", trial.all);
        assert_eq!(trial.all.before.iter().sum::<u64>(), 30);
        let counties = trial.areas_below(&live.pack(), None);
        let (mut parts, mut entering) = (0, 0);
        for (area, shift) in &counties {
            let own = tried(&Within::Areas(vec![area.as_str().to_owned()]));
            assert_eq!(own.all, *shift, "{area}");
            let is_inside = |it: &app::live::policy::Moved| {
                it.area.as_ref().is_some_and(|it| it.is_within(area))
            };
            assert!(own.moved.iter().all(is_inside), "{area}: {:?}", own.moved);
            parts += own.households;
            entering += own.all.enter;
        }
        assert_eq!((parts, entering), (30, trial.all.enter), "{}", database.name);
        let household = trial.moved.first().expect("one that moves").household.clone();
        let death = store::facts::FactRow {
            subject: store::facts::Subject::Household(household.clone()),
            fact_id: "F-new".to_owned(),
            member_id: None,
            fact: "disaster.accident".to_owned(),
            value: "earner_death".to_owned(),
            valid_from: 18_420,
            valid_to: None,
            recorded_at: 0,
            source: None,
            supersedes: None,
        };
        live.ingest(&[death], app::live::Scoring::Now, &act("one")).expect("taken");
        let again = tried(&Within::Everywhere);
        assert_eq!(again.households, 30, "{}", database.name);
        assert_eq!(bands(&live)[&household], Band::Red, "it was hit by the fact");
        assert!(again.moved.iter().all(|it| it.household != household), "red stays red");
        assert_eq!(after(&live, &again).len(), 30);
    }
}

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

/// A rule that looks back at a line as it is.
const SHORTFALL: &str = r#"
label = { en = "Income over the line, three months", zh = "收入与监测线之比三月均值" }
dimension = "income"
unit = "1"
value = "mean_over(net_income_12m / members / monitoring_line, 3, 1)"
anchors = { none = 3, yellow = 2, orange = 1.5, red = 1 }
reference = [{ title = "A test", proposal = true }]
"#;

#[test]
fn a_line_within_a_look_back_is_tried_from_facts_with_the_same_result() {
    for database in databases::all() {
        let live = live(&database, 30);
        let mut files = without_examples(&live);
        files.insert("indicators/income/shortfall.toml".to_owned(), SHORTFALL.to_owned());
        let base = Some(live.pack().hash.clone());
        let version = Some("with a look back".to_owned());
        let draft = Draft { files, base, version, ..Draft::default() };
        let version = live.drafted(draft).unwrap_or_else(|findings| panic!("{findings:?}"));
        bring_into_force(&live, &version);
        score_again(&live);
        let changes = [change(ChangeKind::Parameter, "monitoring_line", None, 9_000.0)];
        let trial = live.try_changes(&changes, &Within::Everywhere).expect("tried");
        assert_eq!((trial.method, trial.households), (Method::Facts, 30), "{}", database.name);
        assert!(!trial.moved.is_empty(), "nothing was tested");
        let expected = after(&live, &trial);
        activate(&live, &changes, "another line");
        score_again(&live);
        assert_eq!(bands(&live), expected, "{}", database.name);
    }
}
