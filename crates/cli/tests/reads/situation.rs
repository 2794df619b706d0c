//! Counts of areas: in step with scores whatever comes in, and nothing of other areas.

use crate::databases::{self, Database};
use crate::setting::{HERE, each, settings};
use app::live::{Act, Asked, Deed, Live, Scoring};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use store::facts::{FactRow, Subject};
use store::warnings::{self, Wanted};
use store::{Store, Within};

const ACT: Act<'_> =
    Act { actor: "tester", now: 1_600_000_000_000_000, within: &Within::Everywhere };

fn live(database: &Database) -> Live {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/tongchuan");
    let loaded = app::load(&folder).unwrap_or_else(|findings| panic!("{findings:?}"));
    Live::new(Store::open(&database.address).expect("opened"), loaded, [7; 32]).expect("months")
}

/// Numbers that look like chance and are the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % most
    }
}

const CODES: [(&str, [&str; 3]); 5] = [
    ("registry.area", ["610202001001", "610203001001", "610222100201"]),
    ("disaster.loss", ["0", "20000", "90000"]),
    ("income.net_12m", ["500", "3000", "9000"]),
    ("debt.total", ["0", "30000", "200000"]),
    ("disaster.accident", ["none", "major", "earner_death"]),
];

fn fact(number: u64, chance: &mut Chance) -> FactRow {
    let (fact, values) = CODES[chance.below(5) as usize];
    // Some correct what was told before.
    let corrected = (number > 20 && chance.below(5) == 0).then(|| chance.below(number));
    FactRow {
        subject: Subject::Household(format!("H{}", chance.below(8))),
        fact_id: format!("F{number}"),
        member_id: None,
        fact: fact.to_owned(),
        value: values[chance.below(3) as usize].to_owned(),
        valid_from: 18_000 + chance.below(400) as i64,
        valid_to: None,
        recorded_at: ACT.now + number as i64,
        source: None,
        supersedes: corrected.map(|it| format!("F{it}")),
        reason: None,
    }
}

type Counts = BTreeMap<(String, &'static str), (i64, i64)>;

/// Households and warned ones by county and band, counted one by one.
fn recounted(live: &Live, at: i64) -> Counts {
    let mut counts = Counts::new();
    let read = live.store.read(|tx| {
        store::scores::all(tx, &mut |row| {
            let area: String = row.area_code.unwrap_or_default().chars().take(6).collect();
            let band = base::Band::from_number(row.band as u8).expect("a band").name();
            if row.period == at {
                let own = counts.entry((area, band)).or_default();
                own.0 += 1;
                own.1 += i64::from(row.warned);
            }
            Ok(())
        })
    });
    read.expect("read");
    counts
}

fn asked(now: i64) -> Asked<'static> {
    Asked { area: Some("6102"), within: &Within::Everywhere, period: None, now }
}

#[test]
fn counts_are_those_of_the_scores_after_facts_corrections_and_moves() {
    for database in databases::all() {
        let live = live(&database);
        let from = app::input::period(&live.pack(), "2019-11").expect("a period");
        live.store.write(|tx| live.watch_from(tx, from, &ACT)).expect("noted");
        let mut chance = Chance(11);
        let facts: Vec<FactRow> = (0..160).map(|it| fact(it, &mut chance)).collect();
        for (position, part) in facts.chunks(20).enumerate() {
            let scoring = if position % 3 == 2 { Scoring::Later } else { Scoring::Now };
            live.ingest(part, scoring, &ACT).expect("taken");
            live.catch_up_all(&ACT, &mut |_, _| {}).expect("scored");
        }
        let rebuilt = live.rebuild(None, &mut |_| {}).expect("rebuilt");
        assert_eq!((rebuilt.differ, rebuilt.counts_differ), (0, 0), "{}", database.name);
        let open = live.open_period().expect("read").expect("a period");
        let found = live.store.read(|tx| live.situation_children(tx, &asked(ACT.now), None));
        let mut counts = Counts::new();
        let (mut warned, children) = (0, found.expect("read").1);
        for child in &children {
            for (band, count) in child.now.bands.iter().filter(|it| *it.1 > 0) {
                counts.insert((child.area.code.clone(), band), (*count, 0));
            }
            warned += child.now.warned;
        }
        let recounted = recounted(&live, open.index().into());
        let only = recounted.iter().map(|(key, it)| (key.clone(), (it.0, 0))).collect::<Counts>();
        assert_eq!(counts, only, "{}", database.name);
        assert_eq!(warned, recounted.values().map(|it| it.1).sum::<i64>());
        let standing = live.store.read(|tx| {
            let mut standing = 0;
            warnings::all(tx, &mut |row| {
                standing += i64::from(row.state != "ended");
                Ok(())
            })?;
            Ok::<_, store::Error>(standing)
        });
        assert_eq!(warned, standing.expect("read"), "{}: warned and warnings", database.name);
        assert!(warned > 0 && children.len() == 3, "{children:?}");
        // Totals are kept for levels of the tree; other codes are summed up from their areas.
        for area in ["61", "6102", "6102020", "610203", "7"] {
            let within = Within::Areas(vec![area.to_owned(), format!("{area}001")]);
            let own = Asked { area: Some(area), within: &within, ..asked(ACT.now) };
            let history = live.store.read(|tx| live.situation_history(tx, &own, 1));
            let (_, now) = history.expect("read").remove(0);
            let county = &area[..area.len().min(6)];
            let wanted = recounted.iter().filter(|it| it.0.0.starts_with(county));
            assert_eq!(now.households, wanted.map(|it| it.1.0).sum::<i64>(), "{area}");
        }
    }
}

#[test]
fn the_watch_may_begin_earlier_later_on_and_never_begins_later() {
    for database in databases::all() {
        let live = live(&database);
        let mut chance = Chance(3);
        let facts: Vec<FactRow> = (0..60).map(|it| fact(it, &mut chance)).collect();
        live.ingest(&facts, Scoring::Now, &ACT).expect("taken");
        let at = |text: &str| app::input::period(&live.pack(), text).expect("a period");
        let begin = |text: &str| live.store.write(|tx| live.watch_from(tx, at(text), &ACT));
        begin("2019-10").expect("earlier");
        live.catch_up_all(&ACT, &mut |_, _| {}).expect("scored");
        let history = live.store.read(|tx| live.situation_history(tx, &asked(0), 240));
        let periods: Vec<String> =
            history.expect("read").iter().map(|it| it.0.to_string()).collect();
        assert_eq!(periods.first().map(String::as_str), Some("2019-10"), "{}", database.name);
        let rebuilt = live.rebuild(None, &mut |_| {}).expect("rebuilt");
        let apart = (rebuilt.differ, rebuilt.counts_differ, rebuilt.stale);
        assert_eq!(apart, (0, 0, 0), "{}", database.name);
        begin("2019-10").expect("the same again changes nothing");
        assert_eq!(begin("2020-01").expect_err("later").code.id, "L022", "{}", database.name);
    }
}

#[test]
fn lists_counts_and_the_sentence_agree_on_what_waits_too_long() {
    const DAY: i64 = 86_400_000_000;
    for database in databases::all() {
        let live = live(&database);
        let told = |(number, (code, values)): (u64, &(&str, [&str; 3]))| FactRow {
            subject: Subject::Household(format!("H{}", number / 5)),
            fact: (*code).to_owned(),
            value: if number % 5 == 0 { values[0] } else { values[2] }.to_owned(),
            valid_from: 18_400,
            supersedes: None,
            ..fact(number, &mut Chance(number))
        };
        let facts: Vec<FactRow> = (0..20).zip(CODES.iter().cycle()).map(told).collect();
        live.ingest(&facts, Scoring::Now, &ACT).expect("taken");
        let within = &Within::Everywhere;
        let standing = live.store.read(|tx| warnings::list(tx, &Wanted::of(within))).expect("read");
        assert!(standing.len() > 2, "{}: {}", database.name, standing.len());
        // One that somebody took note of, and one that is held back, wait no more.
        let deeds = [Deed::Acknowledge, Deed::Suppress(ACT.now + 90 * DAY, "known".to_owned())];
        for (row, deed) in standing.iter().zip(deeds) {
            let id = row.warning_id.as_str();
            live.store.write(|tx| live.do_to_warning(tx, id, &deed, &ACT)).expect("done");
        }
        for (days, expected) in [(0, 0), (5, 0), (6, standing.len() - 2)] {
            let now = ACT.now + days * DAY;
            let before = live.overdue_before(now);
            let wanted = Wanted { overdue: Some((now, before)), ..Wanted::of(within) };
            let listed = live.store.read(|tx| warnings::list(tx, &wanted)).expect("read").len();
            let groups = live.store.read(|tx| warnings::groups(tx, within, now, before));
            let late = groups.expect("read").into_iter().filter(|it| it.is_overdue);
            let counted: i64 = late.map(|it| it.count).sum();
            let summary = live.store.read(|tx| live.situation_summary(tx, &asked(now)));
            let told = summary.expect("read").expect("a period").overdue;
            let all = (listed, counted as usize, told as usize);
            assert_eq!(all, (expected, expected, expected), "{} {days}", database.name);
        }
    }
}

fn total(value: &Value, field: &str) -> i64 {
    value["items"].as_array().expect("items").iter().filter_map(|it| it[field].as_i64()).sum()
}

#[test]
fn figures_of_areas_hold_nothing_of_other_areas() {
    for setting in settings(40, "2020-01") {
        let all = setting.client("everywhere");
        let (_, counties) = all.get("/api/v1/situation/children?area=6102");
        assert_eq!(total(&counties, "households"), 40, "{}: {counties}", setting.name);
        assert_eq!(
            each(&counties, "area_code").len(),
            4,
            "{}: an area without households too",
            setting.name
        );
        let own = &counties["items"][0];
        assert_eq!(counties["levels"], 5, "{counties}");
        let (_, townships) = all.get("/api/v1/situation/children?area=6102&level=4");
        assert_eq!(total(&townships, "households"), 40, "{}: {townships}", setting.name);
        assert!(each(&townships, "area_code").iter().all(|it| it.len() == 9), "{townships}");
        let here = setting.client("here");
        let (_, mine) = here.get("/api/v1/situation/children?area=6102&level=4");
        assert_eq!(total(&mine, "households"), own["households"].as_i64().expect("a count"));
        assert!(each(&mine, "area_code").iter().all(|it| it.starts_with(HERE)), "{mine}");
        for wrong in ["0", "13", "x"] {
            let path = format!("/api/v1/situation/children?level={wrong}");
            assert_eq!(all.get(&path).0, 400, "{wrong}");
        }
        for area in ["6102", "610202", "61"] {
            let path = format!("/api/v1/situation/children?area={area}");
            let (_, page) = here.get(&path);
            assert_eq!(total(&page, "households"), own["households"].as_i64().expect("a count"));
            // Of an area around the own one, the own part alone is counted.
            let is_own = |it: &&str| it.starts_with(HERE) || HERE.starts_with(it);
            assert!(each(&page, "area_code").iter().all(is_own), "{page}");
        }
        for path in ["children", "history", "summary"] {
            let (_, page) = here.get(&format!("/api/v1/situation/{path}?area=610203"));
            let none = page["items"].as_array().map_or(page["households"].clone(), |items| {
                json!(items.iter().filter_map(|it| it["households"].as_i64()).sum::<i64>())
            });
            assert_eq!(none, 0, "{}: {path}: {page}", setting.name);
        }
        let (_, summary) = all.get("/api/v1/situation/summary");
        let (_, history) = all.get("/api/v1/situation/history?periods=3");
        let (_, warnings) = all.get("/api/v1/warnings?limit=1000");
        assert_eq!(summary["need_visit"], json!(each(&warnings, "warning_id").len()));
        let last = |back: usize| &history["items"].as_array().expect("items")[2 - back];
        assert_eq!(last(0)["bands"], summary["bands"], "{}", setting.name);
        let of = |it: &Value| it["warned"].as_i64().expect("a count");
        assert_eq!(summary["change_since_previous"], of(last(0)) - of(last(1)));
        assert_eq!((&summary["days"], &summary["budget"]), (&json!(5), &json!(2)));
        assert_eq!(all.get("/api/v1/situation/summary?period=June").0, 422);
        setting.run(&["rebuild", "--pack", "packs/tongchuan"]);
    }
}

#[test]
fn households_of_a_period_and_band_are_those_that_the_situation_counts() {
    for setting in settings(60, "2020-01") {
        let client = setting.client("everywhere");
        let mut listed = 0;
        for period in ["2020-02", "2020-05"] {
            let (_, summary) = client.get(&format!("/api/v1/situation/summary?period={period}"));
            for band in ["red", "orange", "yellow", "blue", "green", "unknown"] {
                let path = format!("/api/v1/households?period={period}&band={band}&limit=7");
                let mut found = BTreeSet::new();
                let mut next = String::new();
                loop {
                    let (_, page) = client.get(&format!("{path}{next}"));
                    for it in page["items"].as_array().expect("items") {
                        assert_eq!((&it["band"], &it["period"]), (&json!(band), &json!(period)));
                        assert!(found.insert(it["household_id"].to_string()), "twice: {it}");
                    }
                    let Some(cursor) = page["next"].as_str() else { break };
                    next = format!("&cursor={cursor}");
                }
                let counted = summary["bands"][band].as_u64();
                assert_eq!(Some(found.len() as u64), counted, "{}: {period} {band}", setting.name);
                listed += found.len();
            }
            let (_, history) =
                client.get(&format!("/api/v1/situation/history?periods=1&period={period}"));
            assert_eq!(each(&history, "period"), [period], "{}", setting.name);
            assert_eq!(history["items"][0]["bands"], summary["bands"], "{}", setting.name);
        }
        assert_eq!(listed, 120, "{}: every household has a band", setting.name);
        assert_eq!(client.get("/api/v1/households?band=pink").0, 400);
        assert_eq!(client.get("/api/v1/households?period=soon").0, 422);
    }
}
