//! What the tests begin with: a city whose scores reach back, under limits of their own.

use crate::databases::Database;
use app::input::Files;
use app::live::{Act, Cell, Detail, Live, Retained};
use base::{Period, PeriodKind};
use sim::Config;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use store::facts::{FactRow, Subject};
use store::scores::ScoreRow;
use store::{Store, audit};
use tables::ReadOptions;

pub const KEY: audit::Key = [7; 32];

pub const ACT: Act<'_> =
    Act { actor: "tester", now: 1_600_000_000_000_000, within: &store::Within::Everywhere };

/// Months of the simulated city, up to June 2020.
pub const MONTHS: u32 = 60;

pub const OPEN: i32 = 2020 * 12 + 5;

/// How long an attribute is kept.
pub type Limits = fn(&str) -> Option<u32>;

/// The shipped pack with other limits.
pub fn pack(folder: &Path, limits: Limits) -> app::Loaded {
    let to = folder.join("tongchuan");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/tongchuan"), &to, limits);
    app::load(&to).unwrap_or_else(|findings| panic!("{findings:?}"))
}

pub fn copy(from: &Path, to: &Path, limits: Limits) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a pack").flatten() {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to, limits);
            continue;
        }
        let mut text = std::fs::read_to_string(&path).expect("text");
        if path.parent().and_then(Path::parent).is_some_and(|it| it.ends_with("attributes")) {
            let id = path.file_stem().and_then(|it| it.to_str()).expect("an id");
            text = text.lines().filter(|it| !it.starts_with("retention")).fold(
                limits(id).map_or_else(String::new, |it| format!("retention_months = {it}\n")),
                |text, line| text + line + "\n",
            );
        }
        std::fs::write(to, text).expect("written");
    }
}

/// Everything for a month.
pub fn all_for_a_month(_: &str) -> Option<u32> {
    Some(1)
}

/// Some for ever, the others for one to seven months.
pub fn some(id: &str) -> Option<u32> {
    let number = id.bytes().map(u32::from).sum::<u32>();
    [None, Some(1), Some(3), Some(7)][number as usize % 4]
}

pub fn losses(id: &str) -> Option<u32> {
    (id.contains("disaster") || id.contains("medical")).then_some(2)
}

pub fn city(folder: &Path, seed: u64, households: u64) -> PathBuf {
    let mut config = Config::tongchuan(seed).with_households(households);
    config.months = MONTHS;
    config.start = Period::from_index(PeriodKind::Month, OPEN + 1 - MONTHS as i32);
    config.corrected = 0.1;
    sim::simulate(&config, folder, &mut |_| {}).expect("simulated");
    folder.join("facts.parquet")
}

/// A database with a city whose scores reach back to the beginning.
pub fn filled(database: &Database, pack: app::Loaded, facts: &Path) -> Live {
    filled_back(database, pack, facts, MONTHS)
}

/// A database with a city whose scores reach so many months back.
pub fn filled_back(database: &Database, pack: app::Loaded, facts: &Path, months: u32) -> Live {
    let store = Store::open(&database.address).expect("opened");
    let live = Live::new(store, pack, KEY).expect("a pack of months");
    let begins = Period::from_index(PeriodKind::Month, OPEN + 1 - months as i32);
    live.store.write(|tx| live.watch_from(tx, begins, &ACT)).expect("watched");
    let files = Files { paths: vec![facts.to_owned()], columns: Vec::new() };
    let done = live.import(&files, &ReadOptions::default(), false, &ACT, &mut |_, _, _| {});
    done.unwrap_or_else(|findings| panic!("{findings:?}"));
    live
}

pub fn scores(live: &Live) -> BTreeMap<(String, i64), ScoreRow> {
    let mut found = BTreeMap::new();
    let read = live.store.read(|tx| {
        store::scores::all(tx, &mut |row| {
            found.insert((row.household_id.clone(), row.period), row);
            Ok(())
        })
    });
    read.expect("read");
    found
}

pub fn frozen(retained: &Retained) -> Period {
    let name = retained.frozen_before.as_deref().expect("a horizon");
    Period::parse(PeriodKind::Month, name).expect("a month")
}

/// Nothing but the values that are due is gone, and what was kept is what the facts still give.
pub fn assert_same(live: &Live, before: &BTreeMap<(String, i64), ScoreRow>, retained: &Retained) {
    let after = scores(live);
    let frozen = i64::from(frozen(retained).index());
    assert!(before.keys().eq(after.keys()), "scores came or went");
    let attributes = &live.pack().attributes;
    let mut erased: BTreeMap<String, u64> = BTreeMap::new();
    for (key, old) in before {
        let new = &after[key];
        if key.1 >= frozen {
            assert_eq!(new, old, "{key:?} can still change and is another one");
            continue;
        }
        let mut detail = Detail::from_bytes(&old.detail).expect("a detail");
        let now = Detail::from_bytes(&new.detail).expect("a detail");
        for (position, attribute) in attributes.iter().enumerate().take(detail.panel.len()) {
            let horizon = attribute.retention_months.map(|it| i64::from(OPEN) - i64::from(it));
            if horizon.is_some_and(|it| key.1 < it) && detail.panel[position] != Cell::Unknown {
                detail.panel[position] = Cell::Unknown;
                *erased.entry(attribute.id.clone()).or_default() += 1;
            }
        }
        assert_eq!(now, detail, "{key:?}");
        assert_eq!(
            ScoreRow { detail: Vec::new(), ..new.clone() },
            ScoreRow { detail: Vec::new(), ..old.clone() }
        );
    }
    assert_eq!(erased, retained.cells_of);
    let rebuilt = live.rebuild(None, &mut |_| {}).expect("rebuilt");
    assert!(rebuilt.is_cut && Some(&rebuilt.from) == retained.frozen_before.as_ref());
    assert_eq!((rebuilt.differ, rebuilt.counts_differ, rebuilt.stale), (0, 0, 0));
}

/// Everything that the database says of facts by itself.
pub fn rows_of(database: &Database) -> Vec<(String, String, bool)> {
    let sql = "SELECT fact, value || coalesce(member_id, '') || coalesce(reason, ''), erased_at IS NOT NULL FROM facts";
    match &database.address {
        store::Address::File(path) => {
            let connection = rusqlite::Connection::open(path).expect("opened");
            let mut query = connection.prepare(sql).expect("a query");
            let rows = query.query_map([], |it| Ok((it.get(0)?, it.get(1)?, it.get(2)?)));
            rows.expect("rows").map(|it| it.expect("a row")).collect()
        }
        store::Address::Server(url) => {
            let mut client = postgres::Client::connect(url, postgres::NoTls).expect("connected");
            let rows = client.query(sql, &[]).expect("rows");
            rows.iter().map(|it| (it.get(0), it.get(1), it.get(2))).collect()
        }
    }
}

/// A fact about the tenth of a month.
pub fn late(id: &str, household: &str, code: &str, value: &str, period: i32) -> FactRow {
    let first = Period::from_index(PeriodKind::Month, period).first_day().expect("a month");
    let day = first.since(jiff::civil::date(1970, 1, 1)).expect("days").get_days();
    FactRow {
        subject: Subject::Household(household.to_owned()),
        fact_id: id.to_owned(),
        member_id: None,
        fact: code.to_owned(),
        value: value.to_owned(),
        valid_from: i64::from(day) + 9,
        valid_to: None,
        recorded_at: ACT.now,
        source: None,
        supersedes: None,
        reason: None,
    }
}
