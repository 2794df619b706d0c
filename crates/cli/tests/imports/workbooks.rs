//! Workbooks of households and their members, of two sheets.

use crate::http::Client;
use crate::setting::Setting;
use crate::{USERS, assert_rebuilt, settings};
use serde_json::{Value, json};

/// A workbook with a sheet for each table.
fn workbook(tables: &[&[&[&str]]]) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for table in tables {
        let sheet = workbook.add_worksheet();
        for (row, cells) in (0u32..).zip(*table) {
            for (column, cell) in (0u16..).zip(*cells).filter(|it| !it.1.is_empty()) {
                sheet.write_string(row, column, *cell).expect("written");
            }
        }
    }
    workbook.save_to_buffer().expect("a workbook")
}

/// Nobody's: the example of the standard.
const NUMBER: &str = "11010519491231002X";

/// Households on one sheet, their members on the next, one of them with a wrong number.
fn township(name: &str) -> Vec<u8> {
    workbook(&[
        &[&["户编号", "行政区划代码"], &["H1", "610202001001"], &["H2", "610202001002"]],
        &[
            &["户编号", "成员编号", "姓名", "身份证号", "联系电话", "证件类型"],
            &["H1", "M1", name, NUMBER, "199 0000 1234", ""],
            &["H1", "M2", "李华", "110105194912310021", "", ""],
            &["H2", "M3", "赵敏", "E12345678", "", "passport"],
            &["H2", "M4", "", "", "", ""],
        ],
    ])
}

#[test]
fn members_of_a_workbook_are_registered_sealed_and_masked_and_blanks_change_nothing() {
    for setting in settings() {
        let [all, here, there] =
            ["everywhere", "here", "there"].map(|it| Client::signed_in(&setting.process, it));
        let query = "kind=households&filename=a.xlsx&date=2020-06-30&source=township";
        let dry = all.import(&format!("{query}&dry_run=true"), &township("王小明"));
        assert_eq!(dry["result"]["people"]["accepted"], 2, "{}: {dry}", setting.name);
        assert_eq!(all.get("/api/v1/people").1["items"], json!([]), "{}", setting.name);
        let job = here.import(query, &township("王小明"));
        let result = &job["result"];
        // Two areas, and three members of households: a row comes back whole.
        assert_eq!((&result["accepted"], &result["rejected"]), (&json!(5), &json!(1)), "{job}");
        assert_eq!(result["people"]["accepted"], 2, "{job}");
        assert_eq!(result["reasons"], json!({ "I001": 1 }), "{job}");
        let path = format!("/api/v1/imports/{}", job["id"].as_str().expect("an id"));
        let (_, bytes) = here.fetch(&format!("{path}/rejects?sheet=2&format=csv"));
        let text = String::from_utf8(bytes).expect("text");
        assert!(text.lines().count() == 2 && text.contains("[I001]"), "{text}");
        let (_, found) = here.get(&format!("/api/v1/people?q={NUMBER}"));
        assert_eq!(found["items"][0]["person_id"], "M1", "{}: {found}", setting.name);
        assert!(!found.to_string().contains(NUMBER), "{found}");
        assert_eq!(there.get(&format!("/api/v1/people?q={NUMBER}")).1["items"], json!([]));
        let (_, one) = here.get("/api/v1/people/M1");
        assert_eq!(one["person"]["masked"][0]["text"], "110***********002X", "{one}");
        let (_, three) = here.get("/api/v1/people/M3");
        assert_eq!(three["person"]["masked"][0]["text"], "*******78", "{three}");
        assert_eq!(three["person"]["masked"][0]["scheme"], "passport", "{three}");
        assert_eq!(here.get("/api/v1/people/M4").0, 404, "nothing was told of who this is");
        let again = here.import(query, &township(""));
        let people = &again["result"]["people"];
        assert_eq!((&people["known"], &people["changed"]), (&json!(2), &json!(0)), "{again}");
        assert_eq!(here.get("/api/v1/people/M1").1["person"]["name"], "王小明");
        let changed = here.import(query, &township("王晓明"));
        assert_eq!(changed["result"]["people"]["changed"], 1, "{changed}");
        assert_rebuilt(&setting);
    }
}

/// What a job says became of rows and people, which a dry run and the real one have in common.
fn verdict(job: &Value) -> Value {
    let result = &job["result"];
    json!([
        result["rows"],
        result["accepted"],
        result["rejected"],
        result["reasons"],
        result["people"]["accepted"],
    ])
}

#[test]
fn a_dry_run_of_a_workbook_says_what_the_real_run_does_whoever_sends_it() {
    for setting in settings() {
        let query = "kind=households&filename=a.xlsx&date=2020-06-30&source=township";
        // Its first sheet makes the households of which the second one tells members.
        for name in ["there", "here"] {
            let client = Client::signed_in(&setting.process, name);
            let dry = client.import(&format!("{query}&dry_run=true"), &township("王小明"));
            let real = client.import(query, &township("王小明"));
            assert_eq!(verdict(&dry), verdict(&real), "{}: {name}", setting.name);
            let taken = if name == "here" { 2 } else { 0 };
            assert_eq!(real["result"]["people"]["accepted"], taken, "{}: {real}", setting.name);
        }
        assert_rebuilt(&setting);
    }
}

#[test]
fn a_token_that_may_not_write_people_leaves_their_columns_out_and_is_told_so() {
    let setting = Setting::first(USERS);
    let [admin, here] = ["admin", "here"].map(|it| Client::signed_in(&setting.process, it));
    let make = json!({ "label": "clinic", "scopes": ["imports:write"], "days": 30 });
    let (_, token) = admin.send("POST", "/api/v1/users/here/tokens", Some(&make));
    let bearer = format!("Bearer {}", token["token"].as_str().expect("a token"));
    let machine = Client::new(&setting.process);
    let query = "kind=households&filename=a.xlsx&date=2020-06-30";
    let headers = [("authorization", bearer.as_str())];
    let (status, job) =
        machine.upload(&format!("/api/v1/imports?{query}"), &township("王小明"), &headers);
    assert_eq!(status, 202, "{job}");
    let job = here.ended(job["id"].as_str().expect("an id"));
    assert_eq!(job["result"]["accepted"], 6, "{job}");
    let note = job["result"]["notes"].to_string();
    assert!(note.contains("T020") && note.contains("姓名"), "{note}");
    assert_eq!(here.get("/api/v1/people").1["items"], json!([]), "{job}");
}
