//! The registry over HTTP: routes, roles and areas, what is masked, and what a wrong request gets.

#[path = "databases/mod.rs"]
mod databases;
#[path = "http/mod.rs"]
mod http;

use databases::Database;
use http::{Client, Process, user};
use serde_json::{Value, json};

const HERE: &str = "610202";
const THERE: &str = "610203";
/// Nobody's: the example of the standard.
const NUMBER: &str = "11010519491231002X";

struct Setting {
    name: &'static str,
    process: Process,
    _database: Database,
    _folder: tempfile::TempDir,
}

fn settings() -> Vec<Setting> {
    databases::all().into_iter().map(setting).collect()
}

fn setting(database: Database) -> Setting {
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("key");
    user(&database.address, &key, "everywhere", "supervisor", &["*"]);
    user(&database.address, &key, "chief", "supervisor", &[HERE]);
    user(&database.address, &key, "here", "officer", &[HERE]);
    user(&database.address, &key, "admin", "administrator", &["*"]);
    let process = Process::start(&database.address, &key);
    Setting { name: database.name, process, _database: database, _folder: folder }
}

fn body(household: &str, county: &str, name: &str) -> Value {
    json!({
        "household_id": household,
        "area_code": format!("{county}001001"),
        "name": name,
        "birth_date": "1983-09-13",
    })
}

fn put(client: &Client, id: &str, body: &Value) -> Value {
    let (status, answer) = client.send("PUT", &format!("/api/v1/people/{id}"), Some(body));
    assert_eq!(status, 200, "{answer}");
    answer
}

fn ids(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().expect("items").iter();
    items.filter_map(|it| it["person_id"].as_str()).collect()
}

#[test]
fn somebody_is_registered_found_shown_masked_and_whole_for_a_reason_that_is_listed() {
    for setting in settings() {
        let client = Client::signed_in(&setting.process, "here");
        let mut told = body("H1", HERE, "王小明");
        told["identity_number"] = json!(NUMBER);
        told["phone"] = json!("100 1234 5678");
        let first = put(&client, "P1", &told);
        assert_eq!(
            (&first["outcome"], &first["person"]["pinyin"]),
            (&json!("accepted"), &json!("wangxiaoming"))
        );
        assert_eq!(put(&client, "P1", &told)["outcome"], "known", "{}", setting.name);
        for q in ["%E5%B0%8F%E6%98%8E", "xiaoming", "wxm", NUMBER, "H1"] {
            let (_, page) = client.get(&format!("/api/v1/people?q={q}"));
            assert_eq!(ids(&page), ["P1"], "{}: {q}", setting.name);
            let shown = page.to_string();
            assert!(!shown.contains(NUMBER) && !shown.contains("10012345678"), "{shown}");
        }
        let (_, one) = client.get("/api/v1/people/P1");
        let masked = |at: usize| one["person"]["masked"][at]["text"].clone();
        assert_eq!((masked(0), masked(1)), (json!("110***********002X"), json!("100****5678")));
        assert_eq!(one["history"][0]["kind"], "joined", "{}", setting.name);
        let (_, found) = client.get("/api/v1/search?q=H1");
        assert_eq!(found["households"][0]["household_id"], "H1", "{}", setting.name);
        let path = "/api/v1/people/P1/unmasking";
        let ask = json!({ "reason": "bank transfer of today", "fields": ["identity_number"] });
        let (status, whole) = client.send("POST", path, Some(&ask));
        assert_eq!(
            (status, &whole["fields"][0]["text"]),
            (200, &json!(NUMBER)),
            "{}",
            setting.name
        );
        let without = json!({ "reason": " ", "fields": ["phone"] });
        assert_eq!(client.send("POST", path, Some(&without)).1["code"], "I002");
        let admin = Client::signed_in(&setting.process, "admin");
        let (_, looks) = admin.get("/api/v1/unmaskings");
        assert_eq!(looks["items"].as_array().map(Vec::len), Some(1), "{}", setting.name);
        assert_eq!(looks["items"][0]["reason"], "bank transfer of today");
        assert_eq!(client.get("/api/v1/people/P1/unmaskings").1["items"][0]["actor"], "here");
        assert_eq!(admin.get("/api/v1/audit/verification").1["is_whole"], true, "{}", setting.name);
        let (_, members) = client.get("/api/v1/households/H1/members");
        assert_eq!(ids(&members), ["P1"], "{}", setting.name);
    }
}

#[test]
fn a_number_is_checked_and_masked_by_the_scheme_that_the_policy_names() {
    let setting = setting(databases::all().remove(0));
    let client = Client::signed_in(&setting.process, "here");
    let told = |scheme: &str, number: &str| {
        let mut told = body("H1", HERE, "王小明");
        (told["identity_scheme"], told["identity_number"]) = (json!(scheme), json!(number));
        told
    };
    let refused = |told: &Value| client.send("PUT", "/api/v1/people/P1", Some(told)).1;
    for (scheme, number) in
        [("library", "E12345678"), ("passport", "E1234567890"), ("gb11643", "110105194912310021")]
    {
        let problem = refused(&told(scheme, number));
        assert_eq!(problem["code"], "I001", "{scheme}: {problem}");
        assert!(!problem.to_string().contains(number), "{scheme}: {problem}");
    }
    let hint = refused(&told("library", "E12345678"))["hint"].to_string();
    assert!(hint.contains("gb11643, passport"), "{hint}");
    let taken = put(&client, "P1", &told("passport", "e 1234-5678"));
    assert_eq!(taken["person"]["masked"][0]["text"], "*******78", "{taken}");
    let (_, page) = client.get("/api/v1/people?q=E12345678");
    assert_eq!(ids(&page), ["P1"]);
}

#[test]
fn people_of_other_areas_are_nobody_in_every_answer() {
    for setting in settings() {
        let everywhere = Client::signed_in(&setting.process, "everywhere");
        let chief = Client::signed_in(&setting.process, "chief");
        put(&everywhere, "A", &body("HA", HERE, "李娜"));
        put(&everywhere, "B", &body("HB", THERE, "李娜"));
        let mut same = body("HC", THERE, "钱多");
        same["identity_number"] = json!(NUMBER);
        put(&everywhere, "C", &same);
        same["household_id"] = json!("HD");
        put(&everywhere, "D", &same);
        let (_, all) = everywhere.get("/api/v1/duplicates");
        assert_eq!(all["items"].as_array().map(Vec::len), Some(1), "{}: {all}", setting.name);
        let pair = all["items"][0]["id"].as_i64().expect("a number");
        assert_eq!(chief.get("/api/v1/duplicates").1["items"], json!([]), "{}", setting.name);
        for path in ["/api/v1/people?q=lina", "/api/v1/people", "/api/v1/people?area=6102"] {
            assert_eq!(ids(&chief.get(path).1), ["A"], "{}: {path}", setting.name);
        }
        for path in [format!("/api/v1/people?q={NUMBER}"), "/api/v1/people?area=610203".to_owned()]
        {
            assert!(ids(&chief.get(&path).1).is_empty(), "{}: {path}", setting.name);
        }
        let found = chief.get("/api/v1/search?q=HB").1;
        assert_eq!((&found["households"], &found["people"]), (&json!([]), &json!([])));
        let ask = json!({ "reason": "to have a look", "fields": ["phone"] });
        let erase = json!({ "reason": "asked for it" });
        let merge = json!({ "decision": "merge" });
        let hidden = |id: &str, pair: i64| {
            let answers = [
                chief.get(&format!("/api/v1/people/{id}")),
                chief.get(&format!("/api/v1/people/{id}/unmaskings")),
                chief.get(&format!("/api/v1/households/H{id}/members")),
                chief.send("POST", &format!("/api/v1/people/{id}/unmasking"), Some(&ask)),
                chief.send("POST", &format!("/api/v1/people/{id}/erasure"), Some(&erase)),
                chief.send("POST", &format!("/api/v1/duplicates/{pair}/decision"), Some(&merge)),
                chief.send("POST", &format!("/api/v1/merges/{pair}/undo"), None),
            ];
            answers.map(|(status, problem)| (status, problem["detail"].clone()))
        };
        assert!(hidden("C", pair).iter().all(|it| it.0 == 404), "{}", setting.name);
        assert_eq!(hidden("C", pair), hidden("nobody", 99), "{}: it can be told", setting.name);
        let intruding = |id: &str, household: &str| {
            let path = format!("/api/v1/people/{id}");
            let (status, problem) =
                chief.send("PUT", &path, Some(&json!({ "household_id": household, "name": "王" })));
            (status, problem["detail"].clone())
        };
        assert_eq!(intruding("B", "HA"), intruding("new", "HB"), "{}", setting.name);
        assert_eq!(intruding("new", "HB"), intruding("new", "nowhere"), "{}", setting.name);
    }
}

#[test]
fn two_entries_are_made_one_and_two_again() {
    for setting in settings() {
        let client = Client::signed_in(&setting.process, "chief");
        put(&client, "A", &body("HA", HERE, "张伟民"));
        assert_eq!(put(&client, "B", &body("HB", HERE, "张伟敏"))["suspected"], 1);
        let (_, page) = client.get("/api/v1/duplicates");
        let pair = page["items"][0]["id"].as_i64().expect("a number");
        let path = format!("/api/v1/duplicates/{pair}/decision");
        let merge = json!({ "decision": "merge", "keep": "B" });
        let (status, outcome) = client.send("POST", &path, Some(&merge));
        assert_eq!((status, &outcome["state"]), (200, &json!("merged")), "{}", setting.name);
        assert_eq!(ids(&client.get("/api/v1/people?q=zwm").1), ["B"], "{}", setting.name);
        let (_, merged) = client.get("/api/v1/people/A");
        assert_eq!(merged["person"]["merged_into"], "B", "{}", setting.name);
        let distinct = json!({ "decision": "distinct" });
        assert_eq!(client.send("POST", &path, Some(&distinct)).1["code"], "I006");
        let undo = format!("/api/v1/merges/{}/undo", outcome["merge"]);
        assert_eq!(client.send("POST", &undo, None).0, 200, "{}", setting.name);
        assert_eq!(ids(&client.get("/api/v1/people?q=zwm").1), ["A", "B"], "{}", setting.name);
        assert_eq!(client.send("POST", &path, Some(&distinct)).1["state"], "distinct");
        assert_eq!(client.get("/api/v1/duplicates").1["items"], json!([]), "{}", setting.name);
        let erase = json!({ "reason": "asked for it" });
        let (status, erased) = client.send("POST", "/api/v1/people/A/erasure", Some(&erase));
        assert_eq!((status, &erased["erased"]), (200, &json!(1)), "{}", setting.name);
        let again = client.send("PUT", "/api/v1/people/A", Some(&body("HA", HERE, "张")));
        assert_eq!((again.0, &again.1["code"]), (409, &json!("I005")), "{}", setting.name);
        assert_eq!(client.get("/api/v1/people/A").1["person"]["name"], Value::Null);
    }
}

#[test]
fn what_cannot_be_understood_is_told_and_never_a_fault() {
    let setting = setting(databases::all().remove(0));
    let client = Client::signed_in(&setting.process, "everywhere");
    put(&client, "P1", &body("H1", HERE, "王小明"));
    let cases: Vec<(&str, &str, Option<Value>, u16)> = vec![
        ("GET", "/api/v1/people?q=%00", None, 400),
        ("GET", "/api/v1/people?limit=0", None, 400),
        ("GET", "/api/v1/people?cursor=00", None, 400),
        ("GET", "/api/v1/people?cursor=zz", None, 400),
        ("GET", "/api/v1/people?cursor=6e1f411f", None, 400),
        ("GET", "/api/v1/people?who=me", None, 400),
        ("GET", "/api/v1/people/%00", None, 404),
        ("GET", "/api/v1/search", None, 400),
        ("GET", "/api/v1/duplicates?state=all", None, 400),
        ("GET", "/api/v1/duplicates?cursor=0", None, 400),
        ("POST", "/api/v1/duplicates/x/decision", Some(json!({ "decision": "distinct" })), 404),
        ("POST", "/api/v1/merges/1/undo", None, 404),
        ("PUT", "/api/v1/people/P2", Some(json!({ "name": "王" })), 422),
        ("PUT", "/api/v1/people/P1", Some(json!({ "sex": "both" })), 422),
        ("PUT", "/api/v1/people/P1", Some(json!({ "birth_date": "1200-01-01" })), 422),
        ("PUT", "/api/v1/people/P1", Some(json!({ "birth_date": "soon" })), 422),
        ("PUT", "/api/v1/people/P1", Some(json!({ "identity_number": "1" })), 422),
        ("PUT", "/api/v1/people/P1", Some(json!({ "name": "\u{0}" })), 422),
        ("PUT", "/api/v1/people/P1", Some(json!({ "shoe_size": 43 })), 422),
        ("PUT", "/api/v1/people/P1", Some(json!({ "sex": "M" })), 422),
        ("PUT", "/api/v1/people/P1", Some(json!({ "source": "" })), 422),
        ("PUT", "/api/v1/people/P1", Some(json!({ "day": "20200101" })), 422),
        ("PUT", "/api/v1/people/P1", Some(json!({ "identity_scheme": "PASSPORT" })), 422),
        ("PUT", "/api/v1/households/H1/registration", Some(json!({ "head": "nobody" })), 422),
        ("PUT", "/api/v1/households/H1/registration", Some(json!({ "merged_into": "H1" })), 422),
        ("PUT", "/api/v1/households/H1/registration", Some(json!({ "split_from": "" })), 422),
        (
            "POST",
            "/api/v1/people/P1/unmasking",
            Some(json!({ "reason": "a visit", "fields": [] })),
            400,
        ),
        ("POST", "/api/v1/people/P1/erasure", Some(json!({ "reason": "\u{0}12345" })), 422),
    ];
    for (method, path, body, expected) in cases {
        let (status, problem) = client.send(method, path, body.as_ref());
        assert_eq!(status, expected, "{method} {path}: {problem}");
        assert!(problem["code"].is_string(), "{method} {path}: {problem}");
    }
}

/// Facts of the departments about members of a household here.
fn states(household: &str) -> Value {
    let fact = |member: Option<&str>, code: &str, value: &str, day: &str| {
        json!({
            "fact_id": format!("{household}-{code}-{}-{day}", member.unwrap_or("")),
            "household_id": household, "member_id": member, "fact": code, "value": value,
            "valid_from": day,
        })
    };
    let (ill, student) = (Some("P-ill"), Some("P-student"));
    json!({ "facts": [
        fact(None, "registry.area", &format!("{HERE}001001"), "2019-01-01"),
        fact(ill, "medical.major_illness", "true", "2020-03-02"),
        fact(ill, "medical.chronic", "true", "2020-01-05"),
        fact(ill, "person.able_to_work", "false", "2020-01-05"),
        fact(student, "education.post_compulsory", "true", "2019-09-01"),
        fact(student, "education.post_compulsory", "true", "2020-02-20"),
        fact(student, "person.able_to_work", "true", "2019-01-01"),
        // Told so long ago that nobody knows any more: the policy keeps it fresh for half a year.
        fact(student, "job.employed", "true", "2019-01-01"),
        // No attribute of the policy has a word for it.
        fact(student, "medical.self_pay", "120", "2020-06-01"),
    ] })
}

/// A mark as it is shown to who may see it.
fn told(code: &str, label: Value, since: &str) -> Value {
    json!({ "code": code, "label": label, "since": since, "is_masked": false })
}

#[test]
fn members_carry_the_marks_that_facts_say_and_health_is_for_those_who_may_see_it() {
    for setting in settings() {
        let all = Client::signed_in(&setting.process, "everywhere");
        for id in ["P-ill", "P-student", "P-nothing"] {
            put(&all, id, &body("H1", HERE, "王小明"));
        }
        assert_eq!(all.send("POST", "/api/v1/facts", Some(&states("H1"))).0, 200);
        let label = |en: &str, zh: &str| json!({ "en": en, "zh": zh });
        let study = label("In study after compulsory school", "非义务教育在读");
        let student = json!([
            told("able_members", label("Able to work", "有劳动能力"), "2019-01-01"),
            told("students_after_compulsory", study, "2019-09-01"),
        ]);
        let ill = json!([
            told("chronic_members", label("Chronic illness", "慢性病"), "2020-01-05"),
            told("major_illness_members", label("Major illness", "大病"), "2020-03-02"),
        ]);
        let here = Client::signed_in(&setting.process, "here");
        let (_, page) = here.get("/api/v1/households/H1/members");
        let marks = |page: &Value, id: &str| {
            let mut items = page["items"].as_array().expect("items").iter();
            items.find(|it| it["person_id"] == id).expect(id)["marks"].clone()
        };
        assert_eq!(marks(&page, "P-ill"), ill, "{}", setting.name);
        assert_eq!(marks(&page, "P-student"), student, "{}", setting.name);
        assert_eq!(marks(&page, "P-nothing"), json!([]), "{}", setting.name);
        assert_eq!(here.get("/api/v1/people/P-ill").1["marks"], ill, "{}", setting.name);
        // Who may read people and not unmask them sees that there is something of health, once.
        let admin = Client::signed_in(&setting.process, "admin");
        let make = json!({ "label": "kiosk", "scopes": ["people:read"], "days": 30 });
        let (_, made) = admin.send("POST", "/api/v1/users/here/tokens", Some(&make));
        let bearer = format!("Bearer {}", made["token"].as_str().expect("a token"));
        let headers = [("authorization", bearer.as_str())];
        let machine = Client::new(&setting.process);
        let path = "/api/v1/households/H1/members";
        let page = http::document(machine.raw("GET", path, None, &headers)).1;
        let masked = marks(&page, "P-ill");
        assert_eq!(masked.as_array().map(Vec::len), Some(1), "{masked}");
        assert_eq!((&masked[0]["code"], &masked[0]["is_masked"]), (&Value::Null, &json!(true)));
        assert!(!page.to_string().contains("illness"), "{page}");
        assert_eq!(marks(&page, "P-student"), student, "{}", setting.name);
        // A state that ended, and one that was corrected, are marks no more.
        let ended = json!({ "facts": [{
            "fact_id": "well", "household_id": "H1", "member_id": "P-ill",
            "fact": "medical.major_illness", "value": "false", "valid_from": "2020-05-01",
        }, {
            "fact_id": "mistaken", "household_id": "H1", "member_id": "P-ill",
            "fact": "medical.chronic", "value": "false", "valid_from": "2020-01-05",
            "supersedes": "H1-medical.chronic-P-ill-2020-01-05",
        }] });
        assert_eq!(all.send("POST", "/api/v1/facts", Some(&ended)).0, 200);
        let (_, page) = here.get(path);
        assert_eq!(marks(&page, "P-ill"), json!([]), "{}", setting.name);
    }
}
