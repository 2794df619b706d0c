//! Stored scores of closed periods: used where everything is the same, and then nothing changes.

use app::assess::{self, Request};
use app::input::{Files, panel_spec};
use arrow::array::{ArrayRef, AsArray, BooleanArray, RecordBatch, StringArray};
use arrow::datatypes::Int32Type;
use base::{Period, PeriodKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tables::{Format, Layout, Mapping, ReadOptions, Writer};

const HOUSEHOLDS: u64 = 1_500;

/// The benchmark's pack with a memory of three periods, so that earlier bands count.
fn pack(folder: &Path) -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/bench_score");
    let to = folder.join("bench_score");
    copy(&from, &to);
    let path = to.join("scoring.toml");
    let text = std::fs::read_to_string(&path).expect("scoring.toml");
    let changed = text.replace("clean_periods = 1", "clean_periods = 3\nclean_within = 4");
    assert_ne!(text, changed);
    std::fs::write(path, changed).expect("written");
    to
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, target).expect("copied");
        }
    }
}

fn load(pack: &Path) -> app::Loaded {
    app::load(pack).unwrap_or_else(|findings| panic!("{findings:?}"))
}

/// The rows of a panel as they are, and a file for every month in which some households lack a
/// row: some now and then, some from some month on.
fn months(loaded: &app::Loaded, folder: &Path) -> Vec<PathBuf> {
    let config =
        sim::BenchPanel { households: HOUSEHOLDS, months: 12, seed: 7, group_households: 300 };
    let panel = folder.join("panel.parquet");
    sim::bench_panel(&config, &panel, &mut |_| {}).expect("simulated");
    let spec = panel_spec(loaded.pack(), |_| true);
    let input = tables::open(&panel, &spec, &Mapping::default()).expect("opened");
    let mut batches = Vec::new();
    tables::each_batch(input, &ReadOptions::default(), &mut |it| batches.push(it.clone()))
        .expect("read");
    let all = arrow::compute::concat_batches(&batches[0].schema(), &batches).expect("one batch");
    let periods = all.column(1).as_primitive::<Int32Type>().clone();
    let (first, last) = (periods.value(0), arrow::compute::max(&periods).expect("a period"));
    let month = |period: i32| {
        let is_here = |row: usize| {
            let household = row / 12;
            let is_gone = household.is_multiple_of(41)
                && periods.value(row) - first > (household % 12) as i32;
            periods.value(row) == period && !is_gone && !(household * 7 + row).is_multiple_of(29)
        };
        let rows: BooleanArray = (0..all.num_rows()).map(|row| Some(is_here(row))).collect();
        let rows = arrow::compute::filter_record_batch(&all, &rows).expect("rows");
        write(folder, &rows, Period::from_index(PeriodKind::Month, period))
    };
    (first..=last).map(month).collect()
}

fn write(folder: &Path, rows: &RecordBatch, period: Period) -> PathBuf {
    let text: ArrayRef = Arc::new(StringArray::from(vec![period.to_string(); rows.num_rows()]));
    let schema = rows.schema();
    let columns = schema.fields().iter().zip(rows.columns()).map(|(field, column)| {
        let column = if field.name() == "period" { text.clone() } else { column.clone() };
        (field.name().clone(), column, true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(columns).expect("a batch");
    let path = folder.join(format!("panel-{period}.parquet"));
    let layout = Layout { row_group_rows: Some(400), is_read_often: false };
    let mut writer =
        Writer::with_layout(&path, Format::Parquet, &batch.schema(), &layout).expect("opened");
    writer.write(&batch).expect("written");
    writer.finish().expect("finished")
}

/// Scores and warnings of a month as text, and the codes of the notes of the run.
fn run(
    loaded: &app::Loaded,
    files: &[PathBuf],
    period: &str,
    stored: Option<&Path>,
) -> (String, String, Vec<&'static str>) {
    let out = tempfile::tempdir().expect("a folder");
    let request = Request {
        panel: Files { paths: files.to_vec(), columns: Vec::new() },
        period: Some(period.to_owned()),
        out: Some(out.path().to_owned()),
        format: Format::Csv,
        stored: stored.map(Path::to_owned),
        ..Request::new()
    };
    let report = assess::run(loaded, &request, &Arc::default());
    let report = report.unwrap_or_else(|findings| panic!("{findings:?}"));
    let text = |name: &str| std::fs::read_to_string(out.path().join(name)).expect("a table");
    let codes = report.notes.iter().map(|it| it.code.id).collect();
    (text("scores.csv"), text("warnings.csv"), codes)
}

#[test]
fn a_monthly_run_from_stored_scores_gives_the_same_bytes_and_notices_any_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let pack_folder = pack(folder.path());
    let loaded = load(&pack_folder);
    let mut files = months(&loaded, folder.path());
    let stored = folder.path().join("stored");
    let mut reused = 0;
    for (count, month) in (1..=12).enumerate() {
        let period = format!("2020-{month:02}");
        let given = &files[..=count];
        let (scores, warnings, codes) = run(&loaded, given, &period, Some(&stored));
        let plain = run(&loaded, given, &period, None);
        assert_eq!((&scores, &warnings), (&plain.0, &plain.1), "{period}");
        reused += usize::from(!codes.contains(&"R010"));
    }
    assert_eq!(reused, 11, "only the first month has nothing before it");

    // One value of a closed month changes: nothing is reused, and the result is that of the rows.
    files[8] = files[7].clone();
    let changed = run(&loaded, &files, "2020-12", Some(&stored));
    assert!(changed.2.contains(&"R010"));
    assert_eq!(changed.0, run(&loaded, &files, "2020-12", None).0);

    // So it is where the pack changes.
    let path = pack_folder.join("scoring.toml");
    let text = std::fs::read_to_string(&path).expect("scoring.toml");
    std::fs::write(&path, text.replace("window = 6", "window = 5")).expect("written");
    let files = months(&loaded, folder.path());
    let loaded = load(&pack_folder);
    let other = run(&loaded, &files, "2020-12", Some(&stored));
    assert!(other.2.contains(&"R010"));
    assert_eq!(other.0, run(&loaded, &files, "2020-12", None).0);
}
