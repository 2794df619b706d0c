//! What the tests begin with: a city under a policy, and policies that differ from it.

use crate::databases::Database;
use app::input::Files;
use app::live::policy::{Draft, Installed, Package, Proposal, Version};
use app::live::{Act, Live};
use base::Band;
use pack::{Change, ChangeKind};
use sim::Config;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use store::{Store, Within, audit};
use tables::ReadOptions;

/// The master key.
pub const KEY: audit::Key = [7; 32];

pub fn act(actor: &str) -> Act<'_> {
    Act { actor, now: 1_600_000_000_000_000, within: &Within::Everywhere }
}

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/tongchuan")
}

pub fn package() -> Package {
    Package::read(&folder()).unwrap_or_else(|findings| panic!("{findings:?}"))
}

pub fn city(folder: &Path, households: u32) -> Files {
    let mut config = Config::tongchuan(12);
    config.households = households.into();
    config.people = u64::from(households) * 3;
    sim::simulate(&config, folder, &mut |_| {}).expect("simulated");
    Files { paths: vec![folder.join("facts.parquet")], columns: Vec::new() }
}

/// A database whose policy is in force, with a city in it.
pub fn live(database: &Database, households: u32) -> Live {
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

pub fn change(kind: ChangeKind, id: &str, key: Option<&str>, value: f64) -> Change {
    Change { kind, id: id.to_owned(), key: key.map(str::to_owned), value }
}

/// The bands of the period under watch.
pub fn bands(live: &Live) -> BTreeMap<String, Band> {
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

/// Files that take all examples out: those show the lines as they were.
pub fn without_examples(live: &Live) -> BTreeMap<String, String> {
    let hash = live.pack().hash.clone();
    let layers = live.store.read(|tx| live.layers(tx, &hash)).expect("installed");
    let is_rule = |it: &str| it.starts_with("indicators/") || it.starts_with("triggers/");
    let files = layers.iter().flat_map(|it| &it.files).filter(|it| is_rule(&it.path));
    files.map(|it| (it.path.clone(), "example = []".to_owned())).collect()
}

/// Installs changes, and has two people bring them into force.
pub fn activate(live: &Live, changes: &[Change], version: &str) -> Installed {
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

pub fn bring_into_force(live: &Live, version: &Version) -> Installed {
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

pub fn score_again(live: &Live) {
    live.catch_up_all(&act("server"), &mut |_, _| {}).expect("scored");
    let refreshed = live.signed_in("nobody", 0);
    assert!(refreshed.is_err(), "it is noticed on the way to anything else");
}

pub fn assert_same_as_rebuilt(live: &Live, name: &str) {
    let rebuilt = live.rebuild(None, &mut |_| {}).expect("rebuilt");
    assert_eq!((rebuilt.differ, rebuilt.stale), (0, 0), "{name}: {:?}", rebuilt.differing);
}
