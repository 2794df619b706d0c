//! Files over HTTP: in as jobs, back where something could not be taken.

#[path = "databases/mod.rs"]
mod databases;
#[path = "http/mod.rs"]
mod http;
#[path = "setting/mod.rs"]
mod setting;
#[path = "imports/workbooks.rs"]
mod workbooks;

use http::{Client, holdfast};
use serde_json::{Value, json};
use setting::{Setting, User};

const HERE: &str = "610202";
const THERE: &str = "610203";

/// Who signs in.
const USERS: &[User] = &[
    ("everywhere", "supervisor", &["*"]),
    ("chief", "supervisor", &[HERE]),
    ("here", "officer", &[HERE]),
    ("there", "officer", &[THERE]),
    ("admin", "administrator", &["*"]),
];

fn settings() -> Vec<Setting> {
    Setting::all(USERS)
}

const HEADER: &str = "fact_id,household_id,fact,value,valid_from,recorded_at,source\n";

fn row(id: &str, household: &str, code: &str, value: &str, day: &str) -> String {
    format!("{id},{household},{code},{value},{day},{day},sim\n")
}

/// Households with an area and a loss each.
fn facts(households: std::ops::Range<u32>, county: &str) -> String {
    let mut text = HEADER.to_owned();
    for it in households {
        let (household, area) = (format!("H{it:05}"), format!("{county}001{:03}", it % 9));
        text += &row(&format!("{household}-a"), &household, "registry.area", &area, "2018-07-01");
        text += &row(&format!("{household}-l"), &household, "disaster.loss", "90000", "2020-06-10");
    }
    text
}

fn assert_rebuilt(setting: &Setting) {
    let words = ["rebuild", "--pack", "packs/tongchuan", "--format", "json"];
    let output = holdfast(&words, &setting.database.address, &setting.key).output().expect("ran");
    let rebuilt: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&rebuilt["differ"], &rebuilt["stale"]), (&json!(0), &json!(0)), "{}", setting.name);
}

#[test]
fn a_file_of_facts_becomes_a_job_and_a_second_time_changes_nothing() {
    for setting in settings() {
        let client = Client::signed_in(&setting.process, "everywhere");
        let file = facts(0..300, HERE);
        let query = "kind=facts&filename=june.csv";
        let dry = client.import("kind=facts&dry_run=true", file.as_bytes());
        assert_eq!(dry["result"]["accepted"], 600, "{}: {dry}", setting.name);
        assert_eq!(client.get("/api/v1/households").1["items"], json!([]), "{}", setting.name);
        let job = client.import(query, file.as_bytes());
        assert_eq!((&job["state"], &job["kind"]), (&json!("done"), &json!("import.facts")));
        let result = &job["result"];
        assert_eq!((&result["accepted"], &result["rows"]), (&json!(600), &json!(600)), "{job}");
        assert_eq!(result["households_scored"], 300, "{}: {job}", setting.name);
        let again = client.import(query, file.as_bytes());
        let result = &again["result"];
        assert_eq!((&result["accepted"], &result["known"]), (&json!(0), &json!(600)), "{again}");
        let (_, page) = client.get("/api/v1/households?limit=1000");
        assert_eq!(page["items"].as_array().map(Vec::len), Some(300), "{}", setting.name);
        let (_, jobs) = client.get("/api/v1/jobs");
        assert_eq!(jobs["items"].as_array().map(Vec::len), Some(3), "{jobs}");
        assert_rebuilt(&setting);
    }
}

#[test]
fn the_same_key_is_the_same_job_and_another_file_under_it_is_refused() {
    for setting in settings() {
        let client = Client::signed_in(&setting.process, "everywhere");
        let headers = [("idempotency-key", "june")];
        let path = "/api/v1/imports?kind=facts";
        let first = client.upload(path, facts(0..3, HERE).as_bytes(), &headers);
        assert_eq!(first.0, 202, "{}", first.1);
        let id = first.1["id"].as_str().expect("an id");
        client.ended(id);
        let again = client.upload(path, facts(0..3, HERE).as_bytes(), &headers);
        assert_eq!((again.0, &again.1["id"]), (202, &json!(id)));
        let other = client.upload(path, facts(0..4, HERE).as_bytes(), &headers);
        assert_eq!((other.0, &other.1["code"]), (409, &json!("L001")), "{}", other.1);
        assert_eq!(client.get("/api/v1/jobs").1["items"].as_array().map(Vec::len), Some(1));
        let (status, rows) = client.get(&format!("/api/v1/imports/{id}/rows"));
        assert_eq!((status, rows["items"].as_array().map(Vec::len)), (200, Some(6)), "{rows}");
        assert_eq!(client.send("DELETE", &format!("/api/v1/jobs/{id}"), None).0, 204);
        assert_eq!(client.get(&format!("/api/v1/jobs/{id}")).0, 404);
    }
}

#[test]
fn rows_that_were_not_taken_come_back_in_the_same_file_and_are_taken_once_mended() {
    for setting in settings() {
        let client = Client::signed_in(&setting.process, "everywhere");
        let mut file = facts(0..5, HERE);
        file += &row("X1", "H00001", "disaster.loss", "1", "June");
        file += "X2,H00002,short\n";
        file += &row("X3", "H00003", "disaster.loss", "", "2020-06-11");
        file += &row("H00001-l", "H00001", "disaster.loss", "7", "2020-06-10");
        let job = client.import("kind=facts&filename=%E5%85%AD%E6%9C%88.csv", file.as_bytes());
        let result = &job["result"];
        assert_eq!((&result["accepted"], &result["rejected"]), (&json!(10), &json!(4)), "{job}");
        assert_eq!(result["reasons"], json!({ "L001": 1, "T009": 1, "T011": 1, "T018": 1 }));
        let path = format!("/api/v1/imports/{}", job["id"].as_str().expect("an id"));
        let (status, bytes) = client.fetch(&format!("{path}/rejects"));
        let text = String::from_utf8(bytes).expect("text");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((status, lines.len()), (200, 5), "{text}");
        assert_eq!(lines[0], format!("{},error", HEADER.trim_end()), "{text}");
        assert!(lines[1].starts_with("X1,H00001,disaster.loss,1,June,"), "{text}");
        assert!(lines[1].contains("T018") && lines[2].contains("T009"), "{text}");
        let mended = text.replace("June,June", "2020-06-11,2020-06-11");
        let again = client.import("kind=facts", mended.as_bytes());
        assert_eq!(
            (&again["result"]["accepted"], &again["result"]["rejected"]),
            (&json!(1), &json!(3))
        );
        for format in ["xlsx", "ndjson", "parquet"] {
            let (status, bytes) = client.fetch(&format!("{path}/rejects?format={format}"));
            assert_eq!(status, 200);
            let more =
                client.import(&format!("kind=facts&dry_run=true&filename=a.{format}"), &bytes);
            assert_eq!(
                (&more["state"], &more["result"]["rejected"]),
                (&json!("done"), &json!(4)),
                "{more}"
            );
        }
        let (_, rows) = client.get(&format!("{path}/rows?only_errors=true&limit=2"));
        assert_eq!(rows["items"][0]["errors"][0]["code"], "T018", "{rows}");
        let next = rows["next"].as_u64().expect("more");
        let (_, rows) = client.get(&format!("{path}/rows?only_errors=true&limit=2&cursor={next}"));
        assert_eq!(rows["items"][0]["errors"][0]["code"], "T011", "{rows}");
    }
}

#[test]
fn nobody_imports_into_areas_of_others_or_sees_their_jobs() {
    for setting in settings() {
        let [here, there, chief] =
            ["here", "there", "chief"].map(|it| Client::signed_in(&setting.process, it));
        let mut file = facts(0..3, HERE);
        file += facts(3..5, THERE).strip_prefix(HEADER).expect("a header");
        let job = here.import("kind=facts", file.as_bytes());
        let result = &job["result"];
        assert_eq!((&result["accepted"], &result["rejected"]), (&json!(6), &json!(4)), "{job}");
        assert_eq!(result["reasons"], json!({ "A002": 4 }));
        let id = job["id"].as_str().expect("an id");
        assert_eq!(chief.get(&format!("/api/v1/jobs/{id}")).0, 200, "{}", setting.name);
        for path in ["", "/rejects", "/rows"] {
            let path = if path.is_empty() {
                format!("/api/v1/jobs/{id}")
            } else {
                format!("/api/v1/imports/{id}{path}")
            };
            assert_eq!(there.get(&path).0, 404, "{path}");
        }
        assert_eq!(there.send("POST", &format!("/api/v1/jobs/{id}/cancel"), None).0, 404);
        assert_eq!(there.get("/api/v1/jobs").1["items"], json!([]));
    }
}

#[test]
fn a_file_of_households_becomes_facts_and_blanks_and_repetitions_change_nothing() {
    for setting in settings() {
        let client = Client::signed_in(&setting.process, "everywhere");
        let columns = json!({ "kind": "households", "columns": { "debt.total": "欠款" } });
        assert_eq!(client.send("PUT", "/api/v1/mappings/township", Some(&columns)).0, 200);
        let file = "户编号,行政区划代码,欠款,说明\nH1,610202001001,1200,x\nH2,610202001002,,y\n";
        let query = "kind=households&mapping=township&date=2020-06-30&source=township";
        let job = client.import(query, file.as_bytes());
        assert_eq!(job["result"]["accepted"], 3, "{}: {job}", setting.name);
        let again = client.import(query, file.as_bytes());
        let result = &again["result"];
        assert_eq!((&result["accepted"], &result["unchanged"]), (&json!(0), &json!(3)), "{again}");
        let mended = file.replace("1200", "1500").replace("610202001001", "");
        let corrected = client.import(query, mended.as_bytes());
        assert_eq!(corrected["result"]["accepted"], 1, "{corrected}");
        let old = client.import(query, file.as_bytes());
        assert_eq!(old["result"]["accepted"], 0, "an old file undoes nothing: {old}");
        assert_eq!(old["result"]["superseded"], 1, "{old}");
        let (_, household) = client.get("/api/v1/households/H1");
        assert_eq!(
            household["scores"][0]["area_code"], "610202001001",
            "a blank wiped: {household}"
        );
        let wrong = "household_id,debt.total\nH1,many\nH2,5\nH2,6\n";
        let job = client.import(query, wrong.as_bytes());
        assert_eq!(job["state"], "failed", "the mapping names a column that is not there: {job}");
        let job = client.import("kind=households&date=2020-06-29", wrong.as_bytes());
        assert_eq!(job["result"]["reasons"], json!({ "R003": 1, "T014": 1 }), "{job}");
        let job = client.import("kind=households", b"household_id,debt.total\nH1,9\n");
        assert_eq!(job["result"]["reasons"], json!({ "J008": 1 }), "{job}");
        assert_rebuilt(&setting);
    }
}

#[test]
fn a_file_of_areas_becomes_a_job_and_blanks_and_repetitions_change_nothing() {
    for setting in settings() {
        let admin = Client::signed_in(&setting.process, "admin");
        let file = "code,name_en,name_zh,valid_to\n610202001,Old Town,老城,\n610202,Wangyi,王益,\n\
                    6 1,x,,\n610203,,印台,2030-01-01\n";
        let dry = admin.import("kind=areas&dry_run=true", file.as_bytes());
        assert_eq!(dry["result"]["accepted"], 3, "{}: {dry}", setting.name);
        assert_eq!(admin.get("/api/v1/areas").1["items"], json!([]), "{}", setting.name);
        let job = admin.import("kind=areas&filename=areas.csv", file.as_bytes());
        let result = &job["result"];
        assert_eq!((&job["kind"], &result["rows"]), (&json!("import.areas"), &json!(4)), "{job}");
        assert_eq!((&result["accepted"], &result["reasons"]), (&json!(3), &json!({ "L020": 1 })));
        let id = job["id"].as_str().expect("an id");
        let (_, rejects) = admin.fetch(&format!("/api/v1/imports/{id}/rejects"));
        let text = String::from_utf8(rejects).expect("text");
        assert!(text.lines().nth(1).is_some_and(|it| it.contains("[L020]")), "{text}");
        let again = admin.import("kind=areas", file.as_bytes());
        assert_eq!(again["result"]["known"], 3, "{}: {again}", setting.name);
        let blank = "code,name_en\n610202,\n610203,Yintai\n";
        let filled = admin.import("kind=areas", blank.as_bytes());
        assert_eq!(
            (&filled["result"]["known"], &filled["result"]["accepted"]),
            (&json!(1), &json!(1))
        );
        let (_, area) = admin.get("/api/v1/areas/610203");
        assert_eq!(area["name"], json!({ "en": "Yintai", "zh": "印台" }), "{area}");
        assert_eq!(area["valid_to"], "2030-01-01", "a blank wiped: {area}");
        // A name that says no language is one of the two and no copy of the other.
        let plain = "code,name,name_en\n90,Wakiso,\n91,瑶曲镇,\n92,瑶曲镇,Yaoqu Town\n";
        admin.import("kind=areas", plain.as_bytes());
        let names: Vec<Value> = ["90", "91", "92"]
            .map(|it| admin.get(&format!("/api/v1/areas/{it}")).1["name"].clone())
            .to_vec();
        let expected = [
            json!({ "en": "Wakiso", "zh": null }),
            json!({ "en": null, "zh": "瑶曲镇" }),
            json!({ "en": "Yaoqu Town", "zh": "瑶曲镇" }),
        ];
        assert_eq!(names, expected, "{}", setting.name);
        let mapped = "编码,叫法\n610204,耀州\n".as_bytes();
        let columns = "%7B%22code%22%3A%22编码%22%2C%22name%22%3A%22叫法%22%7D";
        let job = admin.import(&format!("kind=areas&columns={columns}"), mapped);
        assert_eq!(job["result"]["accepted"], 1, "{job}");
        let done = admin.get("/api/v1/audit?limit=100").1.to_string();
        assert!(done.contains("areas.put") && done.contains("import.begin"), "{done}");
    }
}

#[test]
fn areas_are_for_those_who_manage_them_and_stay_within_their_own() {
    let setting = Setting::first(USERS);
    let [chief, officer, admin] =
        ["chief", "here", "admin"].map(|it| Client::signed_in(&setting.process, it));
    let file = b"code,name\n610202001,Old Town\n610203001,Elsewhere\n";
    let (status, problem) = officer.upload("/api/v1/imports?kind=areas", file, &[]);
    assert_eq!((status, &problem["code"]), (403, &json!("A002")), "{problem}");
    let (status, problem) = admin.upload("/api/v1/imports?kind=households", file, &[]);
    assert_eq!((status, &problem["code"]), (403, &json!("A002")), "{problem}");
    let job = chief.import("kind=areas", file);
    assert_eq!(job["result"]["reasons"], json!({ "A002": 1 }), "{job}");
    assert_eq!(job["result"]["accepted"], 1, "{job}");
    let id = job["id"].as_str().expect("an id");
    assert_eq!(officer.get(&format!("/api/v1/jobs/{id}")).0, 404);
    assert_eq!(officer.get("/api/v1/exports/areas").1["code"], "A002");
}

#[test]
fn columns_are_guessed_in_both_languages_and_mappings_are_kept() {
    let setting = Setting::first(USERS);
    let client = Client::signed_in(&setting.process, "here");
    let file = "户编号,Total debt,其他\nH1,3,z\n";
    let (status, found) =
        client.upload("/api/v1/imports/columns?kind=households", file.as_bytes(), &[]);
    assert_eq!(status, 200, "{found}");
    assert_eq!(found["columns"][0]["guess"], "household_id", "{found}");
    assert_eq!(found["columns"][0]["sample"], json!(["H1"]));
    assert_eq!(found["columns"][2]["guess"], Value::Null);
    let path = "/api/v1/mappings/%E4%B9%A1";
    let unknown = json!({ "kind": "households", "columns": { "debt.totl": "x" } });
    let (status, problem) = client.send("PUT", path, Some(&unknown));
    assert_eq!((status, &problem["code"]), (422, &json!("R006")), "{problem}");
    let known = json!({ "kind": "households", "columns": { "debt.total": "x" } });
    assert_eq!(client.send("PUT", path, Some(&known)).0, 200);
    assert_eq!(client.get(path).1["columns"], json!({ "debt.total": "x" }));
    assert_eq!(client.get("/api/v1/mappings").1["items"].as_array().map(Vec::len), Some(1));
    let (status, problem) = client.upload("/api/v1/imports?kind=facts&mapping=none", b"x", &[]);
    assert_eq!((status, &problem["code"]), (404, &json!("J006")));
    assert_eq!(client.send("DELETE", path, None).0, 204);
    assert_eq!(client.get(path).0, 404);
}
