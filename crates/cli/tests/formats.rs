//! What commands print for programs: the same answer as JSON, CSV and Parquet.

use std::path::{Path, PathBuf};
use std::process::Command;

const TEEN: &str = "packs/teen_poverty";
const PANEL: &str = "packs/teen_poverty/data/teen_poverty_long.csv";

/// A command, the first columns of its main table, and where the JSON document has its rows.
struct Case {
    words: Vec<&'static str>,
    header: &'static str,
    key: &'static str,
    rows_min: usize,
}

fn cases() -> Vec<Case> {
    let rows = ["--panel", PANEL];
    let with = |words: &[&'static str]| [words, &rows].concat();
    let outcome = ["--outcome", "pov = 1", "--horizon", "1", "--from", "4", "--to", "4"];
    vec![
        Case {
            words: with(&["check", TEEN]),
            header: "code,severity,message,file,line",
            key: "findings",
            rows_min: 0,
        },
        Case {
            words: with(&["assess", "--pack", TEEN, "--top", "7"]),
            header: "warning_id,household_id,period,rank",
            key: "warnings",
            rows_min: 7,
        },
        Case {
            words: with(&["explain", "10000", "--pack", TEEN]),
            header: "household_id,period,indicator,label,module,state,value,severity,points",
            key: "indicators",
            rows_min: 2,
        },
        Case {
            words: [&with(&["backtest", "--pack", TEEN])[..], &outcome].concat(),
            header: "part,name,among,figure,value,low,high,n",
            key: "figures",
            rows_min: 90,
        },
    ]
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn printed(words: &[&str], format: &str) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_holdfast"));
    let output = command.args(words).args(["--format", format]).current_dir(root()).output();
    let output = output.expect("runs");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn every_command_prints_the_same_rows_as_json_csv_and_parquet() {
    let folder = tempfile::tempdir().expect("a folder");
    for case in cases() {
        let document = serde_json::from_slice::<serde_json::Value>(&printed(&case.words, "json"));
        let document = document.expect("JSON");
        let rows = document[case.key].as_array().map_or(0, Vec::len);
        assert!(rows >= case.rows_min, "{:?} has only {rows} {}", case.words, case.key);
        let csv = String::from_utf8(printed(&case.words, "csv")).expect("text");
        let header = csv.lines().next().unwrap_or_default();
        assert!(header.starts_with(case.header), "{:?}: {header}", case.words);
        assert_eq!(csv.lines().count(), rows + 1, "{:?}:\n{csv}", case.words);
        let path = folder.path().join("main.parquet");
        std::fs::write(&path, printed(&case.words, "parquet")).expect("written");
        let names = tables::names(&path).expect("Parquet");
        assert_eq!(names.join(","), header, "{:?}", case.words);
    }
}

#[test]
fn check_counts_the_bands_of_a_given_panel() {
    let words = ["check", TEEN, "--panel", PANEL, "--period", "5"];
    let document: serde_json::Value =
        serde_json::from_slice(&printed(&words, "json")).expect("JSON");
    let distribution = &document["distribution"];
    let bands = distribution["bands"].as_object().expect("bands");
    let total: u64 = bands.values().filter_map(serde_json::Value::as_u64).sum();
    assert_eq!((total, bands.len()), (1_151, 6));
    assert_eq!(distribution["period"], "5");
}
