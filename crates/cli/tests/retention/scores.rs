//! Scores that can still change, against a twin that forgot nothing.

use crate::databases;
use crate::setting::{
    ACT, Limits, all_for_a_month, assert_same, city, filled, frozen, pack, scores, some,
};
use app::live::Live;
use base::Period;
use store::{Tx, audit, settings};

fn warnings(live: &Live) -> Vec<store::warnings::WarningRow> {
    let within = store::Within::Everywhere;
    let wanted =
        store::warnings::Wanted { most: 1_000_000, ..store::warnings::Wanted::of(&within) };
    live.store.read(|tx| store::warnings::list(tx, &wanted)).expect("read")
}

/// Digests of everything from the horizon on, as it was known at several times since.
fn as_known(live: &Live, frozen: Period) -> Vec<String> {
    let begins = frozen.first_day().expect("a month").to_string();
    let of = |text: String| {
        let instant: jiff::Timestamp = format!("{text}T00:00:00Z").parse().expect("an instant");
        live.rebuild(Some(instant.as_microsecond()), &mut |_| {}).expect("rebuilt").digest
    };
    let all = live.rebuild(None, &mut |_| {}).expect("rebuilt").digest;
    vec![all, of(begins), of("2020-06-03".to_owned()), of("2020-06-20".to_owned())]
}

/// Lets a database believe that it has forgotten, without having done so.
fn freeze(live: &Live, frozen: &str) {
    let set = |tx: &mut Tx<'_>| -> store::Result<()> {
        settings::set(tx, "frozen_before", frozen);
        Ok(())
    };
    live.store.write(set).expect("written");
}

#[test]
fn scores_that_can_still_change_are_the_same_bytes_however_long_things_are_kept() {
    for (seed, limits) in [(11, some as Limits), (12, some), (13, all_for_a_month)] {
        let folder = tempfile::tempdir().expect("a folder");
        let facts = city(folder.path(), seed, 24);
        for (database, twin) in databases::all().into_iter().zip(databases::all()) {
            let name = format!("{}, seed {seed}", database.name);
            let live = filled(&database, pack(folder.path(), limits), &facts);
            let other = filled(&twin, pack(folder.path(), limits), &facts);
            let (before, told) = (scores(&live), warnings(&live));
            let plan = live.store.read(|tx| live.retention_plan(tx)).expect("planned");
            let retained = live.retain(&ACT).expect("forgotten");
            assert_eq!(retained, plan, "{name}: another number than was announced");
            assert!(retained.facts > 200, "{name}: hardly anything was due: {retained:?}");
            assert_same(&live, &before, &retained);
            assert_eq!(warnings(&live), told, "{name}");
            freeze(&other, retained.frozen_before.as_deref().expect("a horizon"));
            let horizon = frozen(&retained);
            assert_eq!(as_known(&live, horizon), as_known(&other, horizon), "{name}");
            let nothing = live.retain(&ACT).expect("forgotten");
            assert_eq!((nothing.facts, nothing.cells_of.len()), (0, 0), "{name}: {nothing:?}");
            assert!(matches!(live.verify_audit().expect("read"), audit::Verdict::Whole(..)));
        }
    }
}
