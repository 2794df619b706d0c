//! Policies in the database: installed, approved by two, in force by period, tried beforehand.

#[path = "databases/mod.rs"]
mod databases;

use app::input::Files;
use app::live::policy::{Draft, Installed, Method, Package, Proposal, Trial};
use app::live::{Act, Live};
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
    let from = live.open_period().expect("read").expect("a period").first_day().expect("a day");
    live.store
        .write(|tx| {
            let installed = live.install_in(tx, &version, &act("one"))?;
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
