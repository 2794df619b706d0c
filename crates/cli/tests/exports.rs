//! Everything out, and in again unchanged.

#[path = "databases/mod.rs"]
mod databases;
#[path = "http/mod.rs"]
mod http;

use app::live::{Act, Alone, ImportRequest, Imported, Importer, Kind, Live, What};
use databases::Database;
use http::{Client, Process, user};
use serde_json::json;
use sim::Config;
use std::path::{Path, PathBuf};
use store::facts::{FactRow, Subject};
use store::{Store, Within, audit};
use tables::{Format, ReadOptions};

const KEY: audit::Key = [7; 32];
const NOW: i64 = 1_600_000_000_000_000;
const FORMATS: [Format; 4] = [Format::Csv, Format::Ndjson, Format::Parquet, Format::Xlsx];

fn live(database: &Database) -> Live {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/tongchuan");
    let pack = app::load(&folder).unwrap_or_else(|findings| panic!("{findings:?}"));
    Live::new(Store::open(&database.address).expect("opened"), pack, KEY).expect("a live pack")
}

fn import(live: &Live, kind: Kind, path: &Path, piece: usize) -> Imported {
    let request = ImportRequest { kind, ..ImportRequest::facts(&[], false).expect("a request") };
    let importer = Importer { actor: "tester".to_owned(), now: NOW, within: Within::Everywhere };
    let read = ReadOptions { batch_rows: piece, ..ReadOptions::default() };
    let mut hand = Alone { live, progress: &mut |_, _, _| {} };
    let paths = [path.to_owned()];
    let done = live.import_by(&paths, &request, &importer, &read, piece, &mut hand);
    done.unwrap_or_else(|findings| panic!("{findings:?}"))
}

fn export(live: &Live, what: What, folder: &Path, format: Format) -> PathBuf {
    let path = folder.join(format!("{}.{}", what.name(), format.ending()));
    let file = std::fs::File::create(&path).expect("a file");
    live.export(what, &Within::Everywhere, format, file, &mut |_| {}).expect("exported");
    path
}

/// A small city, and facts that are written unlike any office would.
fn strange_city(folder: &Path, live: &Live) {
    let mut config = Config::tongchuan(11);
    (config.households, config.people) = (8, 24);
    sim::simulate(&config, folder, &mut |_| {}).expect("simulated");
    import(live, Kind::Facts, &folder.join("facts.parquet"), 500);
    let values = ["a,b", "\"q\"", "two\nlines", "0012", "1e3", "=1+1", "贫困", "NaN", "true", "-0"];
    let fact = |(number, value): (usize, &&str)| FactRow {
        subject: match number % 3 {
            0 => Subject::Household(format!("Z{number}")),
            1 => Subject::Member(format!("M,{number}")),
            _ => Subject::Site(format!("S {number}")),
        },
        fact_id: format!("odd-{number}"),
        member_id: (number % 3 == 1).then(|| format!("M,{number}")),
        fact: "debt.total".to_owned(),
        value: (*value).to_owned(),
        valid_from: 18_400 + number as i64,
        valid_to: (number % 2 == 0).then_some(18_500),
        recorded_at: if number == 4 { i64::MIN } else { NOW + 1 + number as i64 },
        source: (number % 4 == 0).then(|| "sim, \"simulated\"".to_owned()),
        supersedes: (number == 6).then(|| "odd-3".to_owned()),
        reason: (number == 6).then(|| "mistyped, \"twice\"".to_owned()),
    };
    let facts: Vec<FactRow> = values.iter().enumerate().map(fact).collect();
    let act = Act { actor: "tester", now: NOW, within: &Within::Everywhere };
    let receipt = live.ingest(&facts, app::live::Scoring::Now, &act).expect("taken");
    assert!(receipt.rejected.is_empty(), "{:?}", receipt.rejected);
}

#[test]
fn exported_facts_make_the_same_database_and_change_nothing_where_they_came_from() {
    let folder = tempfile::tempdir().expect("a folder");
    for (database, other) in databases::all().into_iter().zip(databases::all()) {
        let first = live(&database);
        strange_city(folder.path(), &first);
        let digest = first.rebuild(None, &mut |_| {}).expect("rebuilt").digest;
        for (position, format) in FORMATS.into_iter().enumerate() {
            let path = export(&first, What::Facts, folder.path(), format);
            let again = import(&first, Kind::Facts, &path, 300);
            let told = (again.accepted, again.rejects.len());
            assert_eq!(told, (0, 0), "{}: {format:?}: {:?}", database.name, again.rejects);
            if position > 0 {
                continue;
            }
            let second = live(&other);
            let imported = import(&second, Kind::Facts, &path, 300);
            let known = second.store.read(|tx| store::facts::known(tx, &["odd-6"])).expect("read");
            let reason = known["odd-6"].as_ref().and_then(|it| it.reason.as_deref());
            assert_eq!(reason, Some("mistyped, \"twice\""), "{}", other.name);
            assert_eq!((imported.rejects.len(), imported.known), (0, 0), "{}", other.name);
            let rebuilt = second.rebuild(None, &mut |_| {}).expect("rebuilt");
            assert_eq!((rebuilt.digest, rebuilt.differ), (digest.clone(), 0), "{}", other.name);
            assert_eq!(second.open_period(), first.open_period(), "{}", other.name);
        }
    }
}

#[test]
fn exported_households_and_members_change_nothing_where_they_came_from() {
    let folder = tempfile::tempdir().expect("a folder");
    for database in databases::all() {
        let live = live(&database);
        strange_city(folder.path(), &live);
        for format in FORMATS {
            for (what, kind) in
                [(What::Households, Kind::Households), (What::Members, Kind::Members)]
            {
                let path = export(&live, what, folder.path(), format);
                let again = import(&live, kind, &path, 300);
                let rejects: Vec<&str> =
                    again.rejects.iter().map(|it| it.message.as_str()).collect();
                assert_eq!(again.accepted, 0, "{}: {format:?} {what:?}", database.name);
                assert!(rejects.is_empty(), "{format:?} {what:?}: {rejects:?}");
                assert!(again.unchanged > 20, "{}: {format:?} {what:?}", database.name);
            }
        }
        for what in [What::Scores, What::Warnings] {
            let path = export(&live, what, folder.path(), Format::Csv);
            let text = std::fs::read_to_string(path).expect("text");
            assert!(text.lines().count() > 1, "{what:?}");
        }
    }
}

#[test]
fn exported_areas_change_nothing_where_they_came_from_and_make_the_same_tree_elsewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("told.csv");
    let told = "code,name_en,name_zh,level,parent,valid_from,valid_to\n\
                61,\"Sha, anxi\",陕西,1,,,\n6102,Tongchuan,铜川,2,61,,\n\
                610202,Wangyi,王益,3,,2001-05-01,2030-12-31\n610202,Old,旧,3,,,2001-04-30\n\
                0012,Zeroes,零,,,,\n0013,,只有中文,,,,\n0014,English alone,,,,,\n";
    std::fs::write(&file, told).expect("written");
    for (database, other) in databases::all().into_iter().zip(databases::all()) {
        let (first, second) = (live(&database), live(&other));
        let taken = import(&first, Kind::Areas, &file, 300);
        assert_eq!((taken.accepted, taken.rejects), (7, Vec::new()), "{}", database.name);
        for format in FORMATS {
            let path = export(&first, What::Areas, folder.path(), format);
            let again = import(&first, Kind::Areas, &path, 300);
            assert_eq!((again.known, again.accepted, again.rejects), (7, 0, Vec::new()));
        }
        import(&second, Kind::Areas, &folder.path().join("areas.parquet"), 300);
        let tree = |live: &Live| live.store.read(store::areas::all).expect("read");
        assert_eq!(tree(&second), tree(&first), "{}", database.name);
        let names: Vec<_> = tree(&second).into_iter().map(|it| (it.name_en, it.name_zh)).collect();
        // A name that nobody told is no copy of the other one, in a file neither.
        let some = |it: &str| Some(it.to_owned());
        let expected = [(None, some("只有中文")), (some("English alone"), None)];
        assert!(expected.iter().all(|it| names.contains(it)), "{}: {names:?}", database.name);
    }
}

#[test]
fn exports_over_http_hold_nothing_of_other_areas_and_are_noted() {
    for database in databases::all() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = folder.path().join("key");
        user(&database.address, &key, "everywhere", "supervisor", &["*"]);
        user(&database.address, &key, "chief", "supervisor", &["610202"]);
        user(&database.address, &key, "admin", "administrator", &["*"]);
        user(&database.address, &key, "officer", "officer", &["*"]);
        let process = Process::start(&database.address, &key);
        let [everywhere, chief, admin, officer] =
            ["everywhere", "chief", "admin", "officer"].map(|it| Client::signed_in(&process, it));
        let mut text = "fact_id,household_id,fact,value,valid_from,recorded_at\n".to_owned();
        for (household, county) in [("H-here", "610202"), ("H-there", "610203")] {
            text +=
                &format!("{household}-a,{household},registry.area,{county}001001,2018-07-01,\n");
            text += &format!("{household}-l,{household},disaster.loss,90000,2020-06-10,\n");
        }
        text += "site,,x,1,2020-06-01,\n".replace(",,", ",H-there,").as_str();
        let job = everywhere.import("kind=facts", text.as_bytes());
        assert_eq!(job["result"]["accepted"], 5, "{job}");
        for what in ["facts", "households", "members", "scores", "warnings"] {
            for format in ["csv", "ndjson", "parquet", "xlsx"] {
                let path = format!("/api/v1/exports/{what}?format={format}");
                let (status, bytes) = chief.fetch(&path);
                assert_eq!(status, 200, "{path}");
                let own = String::from_utf8_lossy(&bytes);
                assert!(!own.contains("H-there"), "{}: {path}", database.name);
                if format == "csv" && what != "members" {
                    assert!(own.contains("H-here"), "{}: {path}: {own}", database.name);
                    let (_, all) = everywhere.fetch(&path);
                    assert!(String::from_utf8_lossy(&all).contains("H-there"), "{path}");
                    let (_, none) = chief.fetch(&format!("{path}&area=610203"));
                    assert_eq!(String::from_utf8_lossy(&none).lines().count(), 1, "{path}");
                }
            }
        }
        assert_eq!(officer.get("/api/v1/exports/facts").1["code"], "A002");
        assert_eq!(everywhere.get("/api/v1/exports/nothing").0, 404);
        assert_eq!(admin.get("/api/v1/audit/verification").1["is_whole"], json!(true));
        let store = Store::open_to_read(&database.address).expect("opened");
        let mut noted = 0;
        let read = store.read(|tx| {
            audit::each(tx, 0, &mut |row| {
                noted += i32::from(row.command.starts_with("export.") && row.actor == "chief");
                Ok(())
            })
        });
        read.expect("read");
        assert_eq!(noted, 24, "{}", database.name);
    }
}
