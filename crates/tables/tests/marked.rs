//! Rows given back as the same kind of file, with a column that says why.

use arrow::array::{AsArray, Float64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Float64Type, Schema};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tables::{ERROR, Format, Stream, each_raw, marked};

const FORMATS: [Format; 4] = [Format::Csv, Format::Ndjson, Format::Parquet, Format::Xlsx];

fn write(folder: &Path, format: Format, names: &[Option<String>], numbers: &[f64]) -> PathBuf {
    let fields =
        vec![Field::new("name", DataType::Utf8, true), Field::new("n", DataType::Float64, true)];
    let schema = Arc::new(Schema::new(fields));
    let names: StringArray = names.iter().map(Option::as_deref).collect();
    let columns: Vec<arrow::array::ArrayRef> =
        vec![Arc::new(names), Arc::new(Float64Array::from(numbers.to_vec()))];
    let batch = RecordBatch::try_new(schema.clone(), columns).expect("a batch");
    let path = folder.join(format!("in.{}", format.ending()));
    let file = std::fs::File::create(&path).expect("a file");
    let mut stream = Stream::new(file, format, &schema).expect("begun");
    stream.write(&batch).expect("written");
    stream.finish().expect("ended");
    path
}

fn rows(path: &Path) -> Vec<(u64, Vec<Option<String>>)> {
    let mut found = Vec::new();
    each_raw(path, &mut |row| {
        found.push((row.line, row.cells));
        Ok(true)
    })
    .expect("read");
    found
}

fn given_back(path: &Path, errors: &[(u64, String)], format: Format) -> PathBuf {
    let to = path.with_file_name(format!("out.{}", format.ending()));
    let file = std::fs::File::create(&to).expect("a file");
    marked(path, errors.iter().cloned(), format, file).expect("written");
    to
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn marked_rows_come_back_as_they_stood_with_what_was_said_of_them(
        cells in prop::collection::vec(("[a-z,\"贫 ]{1,8}", 0u32..10_000, any::<bool>()), 1..30)
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let names: Vec<_> = cells.iter().map(|it| Some(format!("x{}x", it.0))).collect();
        let numbers: Vec<f64> = cells.iter().map(|it| f64::from(it.1)).collect();
        for format in FORMATS {
            let path = write(folder.path(), format, &names, &numbers);
            let all = rows(&path);
            prop_assert_eq!(all.len(), cells.len());
            let pairs = all.iter().zip(&cells);
            let bad: Vec<_> = pairs.filter(|it| it.1.2).map(|it| it.0).collect();
            let errors: Vec<_> = bad.iter().map(|it| (it.0, format!("wrong in {}", it.0))).collect();
            for target in FORMATS {
                let back = rows(&given_back(&path, &errors, target));
                let expected: Vec<String> = bad.iter().map(|it| it.1[0].clone().expect("a name")).collect();
                let found: Vec<String> = back.iter().map(|it| it.1[0].clone().expect("a name")).collect();
                prop_assert_eq!(found, expected, "{:?} as {:?}", format, target);
                for (row, error) in back.iter().zip(&errors) {
                    prop_assert_eq!(row.1.last().cloned().flatten(), Some(error.1.clone()));
                }
            }
        }
    }
}

#[test]
fn types_of_parquet_stay_and_a_second_error_takes_the_place_of_the_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let names = [Some("a".to_owned()), None, Some("c".to_owned())];
    let path = write(folder.path(), Format::Parquet, &names, &[1.5, 2.5, 3.5]);
    let first = given_back(&path, &[(2, "first".into()), (3, "other".into())], Format::Parquet);
    let again = folder.path().join("again.parquet");
    std::fs::rename(first, &again).expect("moved");
    let second = given_back(&again, &[(1, "second".to_owned())], Format::Parquet);
    assert_eq!(tables::names(&second).expect("names"), ["name", "n", ERROR]);
    assert_eq!(rows(&second), [(1, vec![None, Some("2.5".into()), Some("second".into())])]);
    let file = std::fs::File::open(&second).expect("opened");
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReader::try_new(file, 8);
    let batch = reader.expect("a table").next().expect("a batch").expect("read");
    assert_eq!(batch.column(1).as_primitive::<Float64Type>().value(0), 2.5);
}

#[test]
fn a_row_that_is_too_long_says_what_it_had_too_much() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("in.csv");
    std::fs::write(&path, "a,b\n1,2,3\n4\n").expect("written");
    let errors = [(2, "too long".to_owned()), (3, "too short".to_owned())];
    let text = std::fs::read_to_string(given_back(&path, &errors, Format::Csv)).expect("text");
    assert_eq!(text, "a,b,error\n1,2,too long; more cells than the header: 3\n4,,too short\n");
}
