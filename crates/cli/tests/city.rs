//! The simulated city from facts to warnings: what the numbers must be, and what must not matter.

use app::assess::{self, Request};
use app::backtest::{self, Question};
use app::input::Files;
use arrow::array::{Array, AsArray};
use base::Band;
use sim::Config;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tables::{ColumnKind, ColumnSpec, Format, Mapping, ReadOptions, TableSpec, Writer};

fn pack() -> app::Loaded {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/tongchuan");
    app::load(&folder).unwrap_or_else(|findings| panic!("{findings:?}"))
}

fn simulated(config: &Config, folder: &Path) -> sim::Summary {
    sim::simulate(config, folder, &mut |_| {}).expect("simulated")
}

fn request(facts: Vec<PathBuf>) -> Request {
    let facts = Files { paths: facts, columns: Vec::new() };
    Request { facts, period: Some("2020-06".to_owned()), ..Request::new() }
}

/// Scores and warnings of June 2020, as bytes.
fn results(loaded: &app::Loaded, request: Request) -> (Vec<u8>, Vec<u8>) {
    let out = tempfile::tempdir().expect("a folder");
    let request = Request { out: Some(out.path().to_owned()), format: Format::Csv, ..request };
    assess::run(loaded, &request, &Arc::default()).unwrap_or_else(|it| panic!("{it:?}"));
    let bytes = |name: &str| std::fs::read(out.path().join(name)).expect("a table");
    (bytes("scores.csv"), bytes("warnings.csv"))
}

/// All cells of the facts as text, row by row.
fn facts(path: &Path) -> (TableSpec, Vec<Vec<Option<String>>>) {
    let names = tables::names(path).expect("names");
    let column = |name: &String| ColumnSpec {
        name: name.clone(),
        sources: Vec::new(),
        kind: ColumnKind::Text { categories: Vec::new() },
        is_required: true,
    };
    let spec = TableSpec { columns: names.iter().map(column).collect() };
    let input = tables::open(path, &spec, &Mapping::default()).expect("opened");
    let mut rows = Vec::new();
    let each = &mut |batch: &arrow::array::RecordBatch| {
        let text = |it: &arrow::array::ArrayRef| {
            arrow::compute::cast(it, &arrow::datatypes::DataType::Utf8).expect("text")
        };
        let columns: Vec<_> = batch.columns().iter().map(text).collect();
        for row in 0..batch.num_rows() {
            let cell = |it: &arrow::array::ArrayRef| {
                it.is_valid(row).then(|| it.as_string::<i32>().value(row).to_owned())
            };
            rows.push(columns.iter().map(cell).collect());
        }
    };
    tables::each_batch(input, &ReadOptions::default(), each).expect("read");
    (spec, rows)
}

fn write(path: &Path, spec: &TableSpec, rows: &[Vec<Option<String>>]) {
    let columns = (0..spec.columns.len()).map(|column| {
        let cells = rows.iter().map(|it| it[column].clone());
        Arc::new(cells.collect::<arrow::array::StringArray>()) as arrow::array::ArrayRef
    });
    let batch = arrow::array::RecordBatch::try_new(spec.schema(), columns.collect());
    let mut writer = Writer::create(path, Format::Csv, &spec.schema()).expect("opened");
    writer.write(&batch.expect("a batch")).expect("written");
    writer.finish().expect("finished");
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_gives_others() {
    let bytes = |seed: u64| {
        let folder = tempfile::tempdir().expect("a folder");
        simulated(&Config::tongchuan(seed).with_households(300), folder.path());
        let read = |name: &str| std::fs::read(folder.path().join(name)).expect("a table");
        (read("facts.parquet"), read("outcomes.parquet"), read("households.parquet"))
    };
    let first = bytes(1);
    assert!(first == bytes(1), "one seed gave two cities");
    assert!(first.0 != bytes(2).0, "two seeds gave one city");
}

#[test]
fn the_city_is_as_published_and_the_pack_says_something_sane_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = Config::tongchuan(2020);
    let summary = simulated(&config, folder.path());
    assert_eq!((summary.households, summary.people), (4_590, 13_944));
    // The yearly transitions of the two real panels bound what is plausible.
    assert!((0.10..=0.16).contains(&summary.entry()), "{}", summary.entry());
    assert!((0.40..=0.66).contains(&summary.stay()), "{}", summary.stay());
    assert!(summary.late > 0 && summary.duplicated > 0 && summary.corrections > 0);

    let loaded = pack();
    let path = folder.path().join("facts.parquet");
    let report = assess::run(&loaded, &request(vec![path.clone()]), &Arc::default());
    let report = report.unwrap_or_else(|it| panic!("{it:?}"));
    let counts = &report.summary;
    assert_eq!(counts.households, 4_590);
    let share = counts.share_at_least(Band::Yellow);
    assert!((0.05..=0.10).contains(&share), "{share:.3} are yellow or worse");
    for band in Band::KNOWN {
        assert!(counts.in_band(band) > 20, "only {} are {}", counts.in_band(band), band.name());
    }
    let by_coefficient = |it: &&monitor::warnings::Ranked| {
        let edge = loaded.pack().scoring.band_edges[3];
        it.warning.band == Band::Red && it.warning.composite >= edge
    };
    assert!(report.ranked.iter().filter(by_coefficient).count() > 0, "red needs a key judgement");

    let emitted: BTreeSet<String> =
        facts(&path).1.into_iter().filter_map(|row| row.into_iter().nth(4).flatten()).collect();
    let asked = loaded.pack().attributes.iter().filter_map(|it| it.from.as_ref());
    let asked = asked.map(|it| it.fact.clone());
    let triggers = loaded.pack().triggers.iter().filter_map(|it| it.fact.clone());
    let missing: Vec<String> = asked.chain(triggers).filter(|it| !emitted.contains(it)).collect();
    assert!(missing.is_empty(), "the city never reports {missing:?}");

    let question = Question {
        outcome: "is_poor".to_owned(),
        outcomes: Some(folder.path().join("outcomes.parquet")),
        horizon: 6,
        from: Some("2019-11".to_owned()),
        to: Some("2019-12".to_owned()),
        budget_share: 0.05,
        group: None,
    };
    let measured = backtest::run(&loaded, &request(vec![path]), &question);
    let measured = measured.unwrap_or_else(|it| panic!("{it:?}"));
    let row = |it: &&backtest::SkillRow| it.whom != "all" && it.rule.name() == "monitor";
    let row = measured.skill.rows.iter().find(row).expect("a row");
    let auc = row.auc.expect("an area under the curve").0;
    assert!((0.60..=0.82).contains(&auc), "AUC among the non-poor is {auc:.3}");
}

#[test]
fn order_files_copies_and_threads_change_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    simulated(&Config::tongchuan(7).with_households(150), folder.path());
    let path = folder.path().join("facts.parquet");
    let loaded = pack();
    let wanted = results(&loaded, Request { threads: 1, ..request(vec![path.clone()]) });
    let (spec, mut rows) = facts(&path);
    // Every seventh fact arrives twice, and all in another order, in three files.
    let copies: Vec<_> = rows.iter().step_by(7).cloned().collect();
    rows.extend(copies);
    let key = |row: &Vec<Option<String>>, position: usize| {
        let id = row[1].as_deref().unwrap_or_default();
        id.bytes().fold(position as u64, |sum, it| sum.wrapping_mul(31) + u64::from(it))
    };
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|it| (key(&rows[*it], *it).wrapping_mul(0x9E37_79B9_7F4A_7C15), *it));
    let shuffled: Vec<_> = order.into_iter().map(|it| rows[it].clone()).collect();
    let parts = shuffled.chunks(shuffled.len().div_ceil(3)).enumerate();
    let paths: Vec<PathBuf> = parts
        .map(|(at, rows)| {
            let path = folder.path().join(format!("{at}.csv"));
            write(&path, &spec, rows);
            path
        })
        .collect();
    let found = results(&loaded, Request { threads: 2, ..request(paths) });
    assert!(found == wanted, "another order of the same facts gave another result");
}

#[test]
fn what_was_recorded_after_the_cut_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    simulated(&Config::tongchuan(11).with_households(150), folder.path());
    let path = folder.path().join("facts.parquet");
    let (spec, rows) = facts(&path);
    let recorded = spec.columns.iter().position(|it| it.name == "recorded_at").expect("a column");
    let early =
        |row: &&Vec<Option<String>>| row[recorded].as_deref().is_some_and(|it| it < "2020-04-01");
    let known: Vec<_> = rows.iter().filter(early).cloned().collect();
    assert!(known.len() < rows.len());
    let cut = folder.path().join("cut.csv");
    write(&cut, &spec, &known);
    let loaded = pack();
    let march = |request: Request| Request { period: Some("2020-03".to_owned()), ..request };
    let as_of = Some("2020-03-31T23:59:59Z".to_owned());
    let by_cut = results(&loaded, Request { as_of, ..march(request(vec![path])) });
    let by_file = results(&loaded, march(request(vec![cut])));
    assert!(by_cut == by_file, "the cut let something through");
}
