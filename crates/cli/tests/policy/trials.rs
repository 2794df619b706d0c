//! What another policy would change, tried beforehand.

use crate::databases;
use crate::setting::{
    act, activate, assert_same_as_rebuilt, bands, bring_into_force, change, live, score_again,
    without_examples,
};
use app::live::Live;
use app::live::policy::{Draft, Method, Trial};
use base::Band;
use pack::{Change, ChangeKind};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use store::{Within, audit};

/// Bands as a trial says they would be.
fn after(live: &Live, trial: &Trial) -> BTreeMap<String, Band> {
    let mut found = bands(live);
    for moved in &trial.moved {
        assert_eq!(found.insert(moved.household.clone(), moved.to), Some(moved.from));
    }
    found
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
            reason: None,
        };
        live.ingest(&[death], app::live::Scoring::Now, &act("one")).expect("taken");
        let again = tried(&Within::Everywhere);
        assert_eq!(again.households, 30, "{}", database.name);
        assert_eq!(bands(&live)[&household], Band::Red, "it was hit by the fact");
        assert!(again.moved.iter().all(|it| it.household != household), "red stays red");
        assert_eq!(after(&live, &again).len(), 30);
    }
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
