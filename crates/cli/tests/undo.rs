//! Imports taken back, and brought back again.

#[path = "databases/mod.rs"]
mod databases;
#[path = "http/mod.rs"]
mod http;
#[path = "setting/mod.rs"]
mod setting;

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

const TAKEN_BACK: &str =
    "Taken back: Direct loss from disasters in twelve months: 120,000 yuan a year";
const HEADER: &str = "fact_id,household_id,fact,value,valid_from,recorded_at,source\n";

fn row(id: &str, household: &str, code: &str, value: &str, day: &str) -> String {
    format!("{id},{household},{code},{value},{day},{day},sim\n")
}

/// Households with an area, an income and a loss each.
fn facts(households: std::ops::Range<u32>) -> String {
    let mut text = HEADER.to_owned();
    for it in households {
        let (household, area) = (format!("H{it:05}"), format!("{HERE}001{:03}", it % 9));
        text += &row(&format!("{household}-a"), &household, "registry.area", &area, "2020-03-01");
        text += &row(&format!("{household}-l"), &household, "disaster.loss", "90000", "2020-06-10");
    }
    text
}

fn assert_rebuilt(setting: &Setting) {
    let words = ["rebuild", "--pack", "packs/tongchuan", "--format", "json"];
    let output = holdfast(&words, &setting.database.address, &setting.key).output().expect("ran");
    let rebuilt: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let told = [&rebuilt["differ"], &rebuilt["stale"], &rebuilt["counts_differ"]];
    assert_eq!(told, [&json!(0); 3], "{}: {rebuilt}", setting.name);
}

/// Undoes a job and waits until that is done.
fn undo(client: &Client, job: &Value) -> Value {
    let id = job["id"].as_str().expect("an id");
    let (status, undo) = client.send("POST", &format!("/api/v1/imports/{id}/undo"), None);
    assert_eq!(status, 202, "{undo}");
    client.ended(undo["id"].as_str().expect("an id"))
}

fn refused(client: &Client, job: &Value) -> (u16, Value) {
    let id = job["id"].as_str().expect("an id");
    let (status, problem) = client.send("POST", &format!("/api/v1/imports/{id}/undo"), None);
    (status, problem["code"].clone())
}

fn households(client: &Client) -> Value {
    client.get("/api/v1/households?limit=1000").1["items"].clone()
}

fn told(job: &Value) -> [Option<u64>; 4] {
    ["taken_back", "known", "corrected", "elsewhere"].map(|it| job["result"][it].as_u64())
}

#[test]
fn what_an_import_recorded_is_taken_back_and_brought_back_and_scores_are_as_they_were() {
    for setting in Setting::all(USERS) {
        let client = Client::signed_in(&setting.process, "everywhere");
        client.import("kind=facts", facts(0..40).as_bytes());
        let before = households(&client);
        let situation = client.get("/api/v1/situation").1;
        let mut more = facts(30..300);
        more += &row("H00001-more", "H00001", "disaster.loss", "120000", "2020-06-11");
        let job = client.import("kind=facts&filename=june.csv", more.as_bytes());
        assert_eq!(job["result"]["accepted"], 521, "{}: {job}", setting.name);
        assert_eq!(job["can_be_undone"], true, "{job}");
        let after = households(&client);
        assert_eq!(after.as_array().map(Vec::len), Some(300), "{}", setting.name);
        let undone = undo(&client, &job);
        assert_eq!((&undone["kind"], &undone["state"]), (&json!("import.undo"), &json!("done")));
        assert_eq!(told(&undone), [Some(521), Some(0), Some(0), Some(0)], "{undone}");
        assert_eq!(undone["result"]["households_scored"], 261, "{}: {undone}", setting.name);
        assert_eq!(households(&client), before, "{}", setting.name);
        assert_eq!(client.get("/api/v1/situation").1, situation, "{}", setting.name);
        assert_eq!(client.get("/api/v1/households/H00200").0, 404, "nothing is known of it");
        assert_rebuilt(&setting);
        // Asked for again it is the same job, which did it once.
        assert_eq!(undo(&client, &job), undone, "{}", setting.name);
        let (_, seen) = client.get(&format!("/api/v1/jobs/{}", job["id"].as_str().expect("id")));
        assert_eq!(seen["undone_by"], undone["id"], "{seen}");
        assert_eq!(seen["can_be_undone"], false, "{seen}");
        let (_, timeline) = client.get("/api/v1/households/H00001/timeline");
        let items = timeline["items"].as_array().expect("items");
        let taken = items.iter().find(|it| it["code"] == "registry.retracted").expect("told");
        assert_eq!(taken["text"]["en"], TAKEN_BACK, "{taken}");
        assert!(taken["reason"].as_str().is_some_and(|it| it.ends_with(", june.csv")), "{taken}");
        // The same file is known, and stays taken back.
        let again = client.import("kind=facts", more.as_bytes());
        assert_eq!(again["result"]["known"], 541, "{}: {again}", setting.name);
        assert_eq!(households(&client), before, "{}", setting.name);
        let back = undo(&client, &undone);
        assert_eq!(told(&back), [Some(521), Some(0), Some(0), Some(0)], "{back}");
        assert_eq!(households(&client), after, "{}", setting.name);
        assert_rebuilt(&setting);
    }
}

#[test]
fn facts_that_somebody_corrected_since_stay_and_are_named() {
    for setting in Setting::all(USERS) {
        let client = Client::signed_in(&setting.process, "everywhere");
        client.import("kind=facts", facts(0..3).as_bytes());
        let file = HEADER.to_owned()
            + &row("D1", "H00001", "debt.total", "70000", "2020-06-12")
            + &row("D2", "H00002", "debt.total", "70000", "2020-06-12");
        let job = client.import("kind=facts", file.as_bytes());
        let mended = json!({ "facts": [{ "fact_id": "own", "household_id": "H00001",
            "fact": "debt.total", "value": "700", "valid_from": "2020-06-12", "supersedes": "D1",
            "reason": "two zeroes too many" }] });
        assert_eq!(client.send("POST", "/api/v1/facts", Some(&mended)).0, 200);
        let undone = undo(&client, &job);
        assert_eq!(told(&undone), [Some(1), Some(0), Some(1), Some(0)], "{undone}");
        let left = json!([{ "fact_id": "D1", "household_id": "H00001", "corrected_by": "own" }]);
        assert_eq!(undone["result"]["left"], left, "{}", setting.name);
        let debts = |household: &str| -> Vec<Value> {
            let (_, last) = client.get(&format!("/api/v1/households/{household}/facts"));
            let items = last["items"].as_array().expect("items").iter();
            items.filter(|it| it["fact"] == "debt.total").map(|it| it["value"].clone()).collect()
        };
        assert_eq!((debts("H00001"), debts("H00002")), (vec![json!("700")], vec![]));
        assert_rebuilt(&setting);
    }
}

#[test]
fn what_a_file_corrected_stands_again_and_the_file_can_be_taken_once_more() {
    for setting in Setting::all(USERS) {
        let client = Client::signed_in(&setting.process, "everywhere");
        let file = |debt: &str, area: &str| {
            format!("household_id,registry.area,debt.total\nH1,{HERE}{area},{debt}\n").into_bytes()
        };
        let query = "kind=households&date=2020-06-30&source=township";
        let debt = || {
            let (_, last) = client.get("/api/v1/households/H1/facts");
            let items = last["items"].as_array().expect("items").iter();
            let found = items.filter(|it| it["fact"] == "debt.total").map(|it| it["value"].clone());
            found.collect::<Vec<_>>()
        };
        let area = || client.get("/api/v1/households/H1/registration").1["area_code"].clone();
        client.import(query, &file("1000", "001001"));
        let code = json!({ "code": "610-1" });
        client.send("PUT", "/api/v1/households/H1/registration", Some(&code));
        for round in 0..3 {
            let job = client.import(query, &file("2000", "001002"));
            assert_eq!(job["result"]["accepted"], 2, "{} {round}: {job}", setting.name);
            assert_eq!((debt(), area()), (vec![json!("2000")], json!(format!("{HERE}001002"))));
            let undone = undo(&client, &job);
            assert_eq!(told(&undone), [Some(2), Some(0), Some(0), Some(0)], "{undone}");
            assert_eq!((debt(), area()), (vec![json!("1000")], json!(format!("{HERE}001001"))));
            let same = client.import(query, &file("1000", "001001"));
            assert_eq!(same["result"]["unchanged"], 2, "{} {round}: {same}", setting.name);
            assert_rebuilt(&setting);
        }
    }
}

#[test]
fn who_may_not_import_there_undoes_nothing_and_what_kept_no_facts_is_no_import_to_undo() {
    let setting = Setting::first(USERS);
    let [chief, here, there, admin] =
        ["chief", "here", "there", "admin"].map(|it| Client::signed_in(&setting.process, it));
    let job = here.import("kind=facts", facts(0..3).as_bytes());
    assert_eq!(refused(&there, &job).0, 404, "{}", setting.name);
    assert_eq!(refused(&admin, &job), (403, json!("A002")), "{}", setting.name);
    let dry = here.import("kind=facts&dry_run=true", facts(3..5).as_bytes());
    assert_eq!(
        (refused(&here, &dry), &dry["can_be_undone"]),
        ((409, json!("J009")), &json!(false))
    );
    let again = here.import("kind=facts", facts(0..3).as_bytes());
    assert_eq!(refused(&here, &again), (409, json!("J009")), "it recorded nothing");
    let everywhere = Client::signed_in(&setting.process, "everywhere");
    let areas = everywhere.import("kind=areas", b"code,name\n610209,Somewhere\n");
    assert_eq!(refused(&everywhere, &areas), (409, json!("J009")), "{areas}");
    // A household that moved away since is not for who may not write there any more.
    let moved = json!({ "facts": [{ "fact_id": "moved", "household_id": "H00001",
        "fact": "registry.area", "value": format!("{THERE}001001"), "valid_from": "2020-06-20" }] });
    assert_eq!(everywhere.send("POST", "/api/v1/facts", Some(&moved)).0, 200);
    let undone = undo(&chief, &job);
    assert_eq!(told(&undone), [Some(4), Some(0), Some(0), Some(2)], "{}", setting.name);
    // Whoever imported the file sees what became of that, and nobody else.
    let path = format!("/api/v1/jobs/{}", undone["id"].as_str().expect("an id"));
    assert_eq!(here.get(&path).0, 200, "{}", setting.name);
    assert_eq!(here.send("DELETE", &path, None).0, 404, "{}", setting.name);
    assert_eq!(there.get(&path).0, 404, "{}", setting.name);
    assert_rebuilt(&setting);
}
