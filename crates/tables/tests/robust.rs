//! Files as they come: any bytes, any order, any cut.

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Float64Type, Int32Type};
use base::PeriodKind;
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tables::{
    ColumnKind, ColumnSpec, Format, Layout, Mapping, ReadOptions, Reject, TableSpec, Writer,
};

fn spec() -> TableSpec {
    let column = |name: &str, kind, is_required| ColumnSpec {
        name: name.to_owned(),
        sources: Vec::new(),
        kind,
        is_required,
    };
    TableSpec {
        columns: vec![
            column("household_id", ColumnKind::HouseholdId, true),
            column("period", ColumnKind::Period(PeriodKind::Month), true),
            column("income", ColumnKind::Number { min: None, max: None }, false),
            column("note", ColumnKind::Text { categories: Vec::new() }, false),
        ],
    }
}

type Row = (String, i32, Option<f64>, Option<String>);

/// All rows of some files in the order of households, with what was set aside.
fn read(paths: &[PathBuf], options: &ReadOptions) -> Result<(Vec<Row>, Vec<Reject>), String> {
    let mut inputs = Vec::new();
    for path in paths {
        let opened = tables::open(path, &spec(), &Mapping::default());
        inputs.push(opened.map_err(|it| format!("{it:?}"))?);
    }
    let aligned = tables::by_household(inputs, options).map_err(|it| it.to_string())?;
    let mut rows = Vec::new();
    for batch in aligned.partitions.into_iter().flatten() {
        let batch = batch.map_err(|it| it.to_string())?.rows;
        let text = |column: usize| {
            let cast = arrow::compute::cast(batch.column(column), &DataType::Utf8).expect("text");
            cast.as_string::<i32>().clone()
        };
        let (ids, notes) = (text(0), text(3));
        let periods = batch.column(1).as_primitive::<Int32Type>();
        let income = arrow::compute::cast(batch.column(2), &DataType::Float64).expect("numbers");
        let income = income.as_primitive::<Float64Type>();
        for row in 0..batch.num_rows() {
            let number = income.is_valid(row).then(|| income.value(row));
            let note = notes.is_valid(row).then(|| notes.value(row).to_owned());
            rows.push((ids.value(row).to_owned(), periods.value(row), number, note));
        }
    }
    Ok((rows, aligned.rejects))
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("written");
    path
}

fn csv(rows: &[(u32, i32, i32)]) -> String {
    let mut text = "household_id,period,income,note\n".to_owned();
    for (household, month, income) in rows {
        text.push_str(&format!("H{household:05},2020-{month:02},{income},\n"));
    }
    text
}

fn parquet(folder: &Path, name: &str, rows: &[(u32, i32, i32)]) -> PathBuf {
    let ids: StringArray = rows.iter().map(|it| Some(format!("H{:05}", it.0))).collect();
    let periods: StringArray = rows.iter().map(|it| Some(format!("2020-{:02}", it.1))).collect();
    let income: Float64Array = rows.iter().map(|it| Some(f64::from(it.2))).collect();
    let columns: [(&str, ArrayRef); 3] = [
        ("household_id", Arc::new(ids)),
        ("period", Arc::new(periods)),
        ("income", Arc::new(income)),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    let path = folder.join(name);
    let mut writer = Writer::create(&path, Format::Parquet, &batch.schema()).expect("opened");
    writer.write(&batch).expect("written");
    writer.finish().expect("finished")
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["x.csv", "x.tsv", "x.ndjson", "x.xlsx", "x.parquet"] {
            let path = write(folder.path(), name, &bytes);
            let _ = read(&[path], &ReadOptions::default());
        }
    }

    #[test]
    fn any_text_under_a_header_is_read_or_set_aside(text in "[ -~\n\"户,]{0,200}") {
        let folder = tempfile::tempdir().expect("a folder");
        let text = format!("household_id,period,income,note\n{text}\n");
        let path = write(folder.path(), "x.csv", text.as_bytes());
        let found = read(&[path], &ReadOptions::default());
        prop_assert!(found.is_ok(), "{found:?}");
    }

    #[test]
    fn a_parquet_file_cut_anywhere_is_refused(cut in 0.0..0.999_f64) {
        let folder = tempfile::tempdir().expect("a folder");
        let rows: Vec<_> = (0..500u32).map(|it| (it / 5, (it % 5) as i32 + 1, 1)).collect();
        let whole = std::fs::read(parquet(folder.path(), "w.parquet", &rows)).expect("bytes");
        let part = &whole[..(whole.len() as f64 * cut) as usize];
        let path = write(folder.path(), "x.parquet", part);
        let refused = read(&[path], &ReadOptions::default()).expect_err("cut short");
        prop_assert!(refused.contains("T003") || refused.contains("not-parquet"), "{refused}");
    }

    #[test]
    fn order_files_and_memory_change_nothing(
        rows in prop::collection::btree_map((0..60u32, 1..13i32), 0..1000i32, 1..200),
        seed in any::<u64>(),
        parts in 1..4usize,
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let sorted: Vec<_> = rows.iter().map(|(key, income)| (key.0, key.1, *income)).collect();
        let mut shuffled = sorted.clone();
        shuffled.sort_by_key(|it| (u64::from(it.0) * 31 + it.1 as u64).wrapping_mul(seed | 1));
        let one = write(folder.path(), "sorted.csv", csv(&sorted).as_bytes());
        let pieces = shuffled.chunks(shuffled.len().div_ceil(parts)).enumerate();
        let pieces: Vec<PathBuf> = pieces
            .map(|(at, it)| match at % 2 {
                0 => write(folder.path(), &format!("{at}.csv"), csv(it).as_bytes()),
                _ => parquet(folder.path(), &format!("{at}.parquet"), it),
            })
            .collect();
        let wanted = read(&[one], &ReadOptions::default()).expect("read").0;
        for memory_bytes in [0, 1 << 20] {
            let options = ReadOptions { memory_bytes, batch_rows: 7, ..ReadOptions::default() };
            prop_assert_eq!(&read(&pieces, &options).expect("read").0, &wanted);
        }
    }
}

fn parquet_in_groups(folder: &Path, name: &str, rows: &[(u32, i32, i32)], group: usize) -> PathBuf {
    let whole = parquet(folder, "whole.parquet", rows);
    let input = tables::open(&whole, &spec(), &Mapping::default()).expect("opened");
    let (path, mut writer) = (folder.join(name), None);
    tables::each_batch(input, &ReadOptions::default(), &mut |batch| {
        let batch = batch.project(&[0, 2]).expect("columns");
        let periods = rows.iter().map(|it| Some(format!("2020-{:02}", it.1)));
        let periods: ArrayRef = Arc::new(periods.collect::<StringArray>());
        let columns = [
            ("household_id", batch.column(0).clone()),
            ("period", periods),
            ("income", batch.column(1).clone()),
        ];
        let batch = RecordBatch::try_from_iter(columns).expect("a batch");
        let layout = Layout { row_group_rows: Some(group), is_read_often: true };
        let sink = Writer::with_layout(&path, Format::Parquet, &batch.schema(), &layout);
        let mut sink = sink.expect("opened");
        sink.write(&batch).expect("written");
        writer = Some(sink);
    })
    .expect("read");
    writer.expect("begun").finish().expect("finished")
}

proptest! {
    #[test]
    fn sorted_files_woven_together_are_one_sorted_file(
        rows in prop::collection::btree_map((0..40u32, 1..13i32), 0..1000i32, 1..300),
        files in prop::collection::vec(0..3usize, 300),
        group in 1..20usize,
        batch_rows in 1..20usize,
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let sorted: Vec<_> = rows.iter().map(|(key, income)| (key.0, key.1, *income)).collect();
        let one = write(folder.path(), "sorted.csv", csv(&sorted).as_bytes());
        let mut paths = Vec::new();
        for file in 0..3 {
            let own = sorted.iter().zip(&files).filter(|it| *it.1 == file).map(|it| *it.0);
            let own: Vec<_> = own.collect();
            if !own.is_empty() {
                let name = format!("{file}.parquet");
                paths.push(parquet_in_groups(folder.path(), &name, &own, group));
            }
        }
        let options = ReadOptions { batch_rows, ..ReadOptions::default() };
        let wanted = read(&[one], &ReadOptions::default()).expect("read").0;
        prop_assert_eq!(read(&paths, &options).expect("read").0, wanted);
    }
}

#[test]
fn one_row_that_cannot_be_read_in_many_costs_only_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut lines: Vec<String> =
        (0..50_000).map(|it| format!("H{:05},2020-{:02},{it},ok", it / 10, it % 10 + 1)).collect();
    lines[31_234] = "H03123,2020-05,not a number,ok".to_owned();
    let text = format!("household_id,period,income,note\n{}\n", lines.join("\n"));
    let path = write(folder.path(), "x.csv", text.as_bytes());
    let (rows, rejects) = read(&[path], &ReadOptions::default()).expect("read");
    assert_eq!(rows.len(), 49_999);
    assert_eq!(rejects.len(), 1);
    assert_eq!((rejects[0].line, rejects[0].code.id), (31_236, "T014"));
    assert_eq!(rejects[0].household.as_deref(), Some("H03123"));
}

#[test]
fn what_is_written_is_read_back_in_every_format() {
    let folder = tempfile::tempdir().expect("a folder");
    let ids = StringArray::from(vec!["H1", "H2", "户3"]);
    let periods = StringArray::from(vec!["2020-01", "2020-02", "2020-03"]);
    let income = Float64Array::from(vec![Some(1.5), None, Some(-3.0)]);
    let notes = StringArray::from(vec![Some("a, \"b\""), None, Some("两\n行")]);
    let columns: [(&str, ArrayRef); 4] = [
        ("household_id", Arc::new(ids)),
        ("period", Arc::new(periods)),
        ("income", Arc::new(income)),
        ("note", Arc::new(notes)),
    ];
    let batch = RecordBatch::try_from_iter_with_nullable(columns.map(|(n, c)| (n, c, true)));
    let batch = batch.expect("a batch");
    let mut seen = Vec::new();
    for format in [Format::Csv, Format::Ndjson, Format::Parquet, Format::Xlsx] {
        let path = folder.path().join(format!("x.{}", format.ending()));
        let mut writer = Writer::create(&path, format, &batch.schema()).expect("opened");
        writer.write(&batch).expect("written");
        assert!(!path.exists(), "nothing may appear before it is whole");
        writer.finish().expect("finished");
        seen.push(read(&[path], &ReadOptions::default()).expect("read").0);
    }
    assert_eq!(seen[0].len(), 3);
    assert!(seen.iter().all(|it| *it == seen[0]), "{seen:#?}");
}

#[test]
fn a_table_that_is_not_finished_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let ids: ArrayRef = Arc::new(Int32Array::from(vec![1]));
    let batch = RecordBatch::try_from_iter([("x", ids)]).expect("a batch");
    for format in [Format::Csv, Format::Ndjson, Format::Parquet] {
        let path = folder.path().join(format!("x.{}", format.ending()));
        let mut writer = Writer::create(&path, format, &batch.schema()).expect("opened");
        writer.write(&batch).expect("written");
        drop(writer);
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
}
