//! A cell that cannot be meant is the same in every format.

use arrow::array::{Array, ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use base::PeriodKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tables::{ColumnKind, ColumnSpec, Format, Mapping, ReadOptions, Reject, TableSpec, Writer};

fn spec() -> TableSpec {
    let column = |name: &str, kind| ColumnSpec {
        name: name.to_owned(),
        sources: Vec::new(),
        kind,
        is_required: true,
    };
    let grades = ["A", "B", "C"].map(str::to_owned).to_vec();
    TableSpec {
        columns: vec![
            column("household_id", ColumnKind::HouseholdId),
            column("period", ColumnKind::Period(PeriodKind::Month)),
            column("members", ColumnKind::Number { min: Some(0.0), max: Some(30.0) }),
            column("grade", ColumnKind::Text { categories: grades }),
        ],
    }
}

/// Rows of which the first, fourth and last are sound.
fn rows() -> RecordBatch {
    let long = "长".repeat(30);
    let ids = StringArray::from(vec!["H0", "H1", "H2", "H3", long.as_str(), "H5", "", "H7"]);
    let period = "2020-01";
    let periods =
        StringArray::from(vec![period, period, period, period, period, "2020-13", period, period]);
    let members = [Some(0.0), Some(-1.0), Some(3.0), None, Some(4.0), Some(4.0), Some(2.0)];
    let members = Float64Array::from([&members[..], &[Some(30.0)]].concat());
    let grades = [Some("A"), Some("B"), Some("D"), None, Some("C"), Some("C"), Some("A")];
    let grades = StringArray::from([&grades[..], &[Some("B")]].concat());
    let columns: [(&str, ArrayRef); 4] = [
        ("household_id", Arc::new(ids)),
        ("period", Arc::new(periods)),
        ("members", Arc::new(members)),
        ("grade", Arc::new(grades)),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.map(|(n, c)| (n, c, true))).expect("a batch")
}

fn written(folder: &Path, name: &str, format: Format, rows: &RecordBatch) -> PathBuf {
    let path = folder.join(format!("{name}.{}", format.ending()));
    let mut writer = Writer::create(&path, format, &rows.schema()).expect("opened");
    writer.write(rows).expect("written");
    writer.finish().expect("finished")
}

/// Ids of the sound rows, and the rejects, by the way of unsorted files.
fn read(path: &Path) -> (Vec<String>, Vec<Reject>) {
    let input = tables::open(path, &spec(), &Mapping::default()).expect("opened");
    let options = ReadOptions { force_sort: true, ..ReadOptions::default() };
    let aligned = tables::by_household(vec![input], &options).expect("aligned");
    let mut ids = Vec::new();
    for batch in aligned.partitions.into_iter().flatten() {
        let batch = batch.expect("a batch").rows;
        let column = cast(batch.column(0), &DataType::Utf8).expect("text");
        let column = column.as_any().downcast_ref::<StringArray>().expect("text");
        ids.extend(column.iter().flatten().map(str::to_owned));
    }
    (ids, aligned.rejects)
}

#[test]
fn the_same_rows_are_set_aside_for_the_same_reason_in_every_format() {
    let folder = tempfile::tempdir().expect("a folder");
    let (plain, mut encoded) = (rows(), rows().columns().to_vec());
    let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    for column in [0, 1, 3] {
        encoded[column] = cast(&encoded[column], &dictionary).expect("encoded");
    }
    let names: Vec<String> = plain.schema().fields().iter().map(|it| it.name().clone()).collect();
    let encoded = names.into_iter().zip(encoded).map(|(name, column)| (name, column, true));
    let encoded = RecordBatch::try_from_iter_with_nullable(encoded).expect("a batch");
    let files = [
        (written(folder.path(), "x", Format::Csv, &plain), 1),
        (written(folder.path(), "x", Format::Parquet, &plain), 0),
        (written(folder.path(), "encoded", Format::Parquet, &encoded), 0),
    ];
    for (path, header) in files {
        let (ids, rejects) = read(&path);
        assert_eq!(ids, ["H0", "H3", "H7"], "{}", path.display());
        let mut found: Vec<(u64, &str, &str)> = rejects
            .iter()
            .map(|it| (it.line - header, it.code.id, it.column.as_deref().unwrap_or("")))
            .collect();
        found.sort_unstable();
        let expected = [
            (2, "T015", "members"),
            (3, "T013", "grade"),
            (5, "T012", "household_id"),
            (6, "T017", "period"),
            (7, "T011", "household_id"),
        ];
        assert_eq!(found, expected, "{}", path.display());
    }
}

#[test]
fn a_sorted_file_with_a_misfit_asks_to_be_read_the_other_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let sorted = rows().slice(0, 4);
    let path = written(folder.path(), "x", Format::Parquet, &sorted);
    let input = tables::open(&path, &spec(), &Mapping::default()).expect("opened");
    let aligned = tables::by_household(vec![input], &ReadOptions::default()).expect("aligned");
    let fault = aligned.partitions.into_iter().flatten().find_map(Result::err);
    assert_eq!(fault.expect("a fault").code.id, "T019");
}
