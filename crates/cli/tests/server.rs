//! The server as its users meet it: signed in, limited to role and area, facts in, warnings out.

#[path = "server/access.rs"]
mod access;
#[path = "databases/mod.rs"]
mod databases;
#[path = "http/mod.rs"]
mod http;
#[path = "matrix/mod.rs"]
mod matrix;
#[path = "setting/mod.rs"]
mod setting;

use http::{Client, PASSWORD, Process, holdfast};
use serde_json::{Value, json};
use setting::{Setting, User};
use std::collections::BTreeSet;

/// Two counties.
const HERE: &str = "610202";
const THERE: &str = "610203";

/// Who signs in.
const USERS: &[User] = &[
    ("everywhere", "supervisor", &["*"]),
    ("here", "officer", &[HERE]),
    ("there", "officer", &[THERE]),
    ("counts", "statistician", &[HERE]),
    ("admin", "administrator", &["*"]),
];

fn settings() -> Vec<Setting> {
    Setting::all(USERS)
}

fn fact(id: &str, household: &str, code: &str, value: &str, day: &str) -> Value {
    json!({ "fact_id": id, "household_id": household, "fact": code, "value": value, "valid_from": day })
}

/// A household that lost its only work: two facts that raise a warning, and where it lives.
fn misfortune(household: &str, county: &str) -> Vec<Value> {
    let day = "2020-06-10";
    let id = |part: &str| format!("{household}-{part}");
    let member = |part: &str, code: &str, value: &str| {
        let mut fact = fact(&id(part), household, code, value, day);
        fact["member_id"] = json!(format!("{household}-1"));
        fact
    };
    let area = format!("{county}001001");
    vec![
        fact(&id("area"), household, "registry.area", &area, "2018-07-01"),
        member("of", "registry.member_of", household),
        member("able", "person.able_to_work", "true"),
        member("job", "job.employed", "false"),
        fact(&id("accident"), household, "disaster.loss", "90000", day),
    ]
}

fn give(client: &Client, facts: Vec<Value>) -> Value {
    let (status, taken) = client.send("POST", "/api/v1/facts", Some(&json!({ "facts": facts })));
    assert_eq!(status, 200, "{taken}");
    taken
}

fn ids(page: &Value) -> BTreeSet<String> {
    let items = page["items"].as_array().expect("items").iter();
    items.filter_map(|it| it["household_id"].as_str()).map(str::to_owned).collect()
}

#[test]
fn facts_come_in_and_warnings_go_out_in_the_same_moment() {
    for setting in settings() {
        let client = Client::signed_in(&setting.process, "everywhere");
        let taken = give(&client, misfortune("H1", HERE));
        assert_eq!((&taken["accepted"], &taken["households"]), (&json!(5), &json!(1)));
        let told = taken["events"].as_array().expect("events").clone();
        assert!(!told.is_empty(), "{}: nothing was raised: {taken}", setting.name);
        let (_, warnings) = client.get("/api/v1/warnings");
        assert_eq!(ids(&warnings), BTreeSet::from(["H1".to_owned()]), "{}", setting.name);
        assert_eq!(client.events(0, told.len()), told, "{}", setting.name);
        let again = give(&client, misfortune("H1", HERE));
        assert_eq!((&again["accepted"], &again["known"]), (&json!(0), &json!(5)));
        let id = warnings["items"][0]["warning_id"].as_str().expect("an id").to_owned();
        let path = format!("/api/v1/warnings/{id}/acknowledgement");
        let (status, row) = client.send("POST", &path, None);
        assert_eq!((status, &row["state"]), (200, &json!("acknowledged")), "{}", setting.name);
        assert_eq!(row["acknowledged_by"], "everywhere");
        let (_, household) = client.get("/api/v1/households/H1");
        assert_eq!(household["scores"].as_array().map(Vec::len), Some(1), "{household}");
        let (_, chain) =
            Client::signed_in(&setting.process, "admin").get("/api/v1/audit/verification");
        assert_eq!(chain["is_whole"], true, "{}", setting.name);
        assert!(setting.process.stop(), "{}: it did not stop in good order", setting.name);
        let rebuild = ["rebuild", "--pack", "packs/tongchuan"];
        let status = holdfast(&rebuild, &setting.database.address, &setting.key).status();
        assert!(status.expect("ran").success(), "{}", setting.name);
    }
}

#[test]
fn the_same_key_gives_the_same_answer_and_another_request_under_it_is_refused() {
    for setting in settings() {
        let client = Client::signed_in(&setting.process, "everywhere");
        let headers = [("idempotency-key", "import-7")];
        let send = |facts: Vec<Value>| {
            let body = json!({ "facts": facts });
            http::document(client.raw("POST", "/api/v1/facts", Some(&body), &headers))
        };
        let first = send(misfortune("H1", HERE));
        assert_eq!(first.1["accepted"], 5, "{}", setting.name);
        assert_eq!(send(misfortune("H1", HERE)), first, "{}", setting.name);
        let other = send(misfortune("H2", HERE));
        assert_eq!((other.0, &other.1["code"]), (409, &json!("L001")), "{}", setting.name);
        let mut with_a_fault = misfortune("H1", HERE);
        with_a_fault.push(fact("F", "H1", "disaster.loss", "1", "June"));
        let other = send(with_a_fault);
        assert_eq!((other.0, &other.1["code"]), (409, &json!("L001")), "{}", setting.name);
    }
}

#[test]
fn a_fact_that_is_none_leaves_the_others() {
    let setting = Setting::first(USERS);
    let client = Client::signed_in(&setting.process, "everywhere");
    let mut facts = misfortune("H1", HERE);
    facts.insert(1, fact("F", "H1", "disaster.loss", "1", "June"));
    facts.push(json!({ "fact_id": "G", "fact": "x", "value": "1", "valid_from": "2020-06-01" }));
    let taken = give(&client, facts);
    let rejected: Vec<_> = taken["rejected"].as_array().expect("a list").iter().collect();
    let rejected: Vec<_> = rejected.iter().map(|it| (&it["position"], &it["code"])).collect();
    assert_eq!(rejected, [(&json!(1), &json!("T018")), (&json!(6), &json!("T011"))]);
    assert_eq!(taken["accepted"], 5);
}

#[test]
fn days_and_instants_have_the_writing_of_the_description_and_no_other() {
    let setting = Setting::first(USERS);
    let client = Client::signed_in(&setting.process, "everywhere");
    let given = |valid_from: &str, valid_to: &str, recorded_at: &str| {
        let mut fact = fact("f", "H1", "disaster.loss", "1", valid_from);
        fact["valid_to"] = valid_to.into();
        fact["recorded_at"] = recorded_at.into();
        fact
    };
    let (day, instant) = ("2020-06-10", "2020-06-30T08:00:00Z");
    let facts = vec![
        given(day, "20200630", instant),
        given(day, "2020-06-30T00:00:00", instant),
        given("+002020-06-10", day, instant),
        given(day, day, "2020-06-30 08Z"),
        given(day, "2020-06-30", "2020-06-30T16:00:00.5+08:00"),
    ];
    let taken = give(&client, facts);
    assert_eq!(taken["accepted"], 1, "{taken}");
    let rejected = taken["rejected"].as_array().expect("rejected");
    assert_eq!(rejected.len(), 4, "{taken}");
    assert!(rejected.iter().all(|it| it["code"] == "T018"), "{taken}");
}

#[test]
fn what_happens_before_any_route_and_what_files_are_is_described() {
    let setting = Setting::first(USERS);
    let client = Client::signed_in(&setting.process, "everywhere");
    let description = client.get("/openapi.json").1;
    let export = &description["paths"]["/api/v1/exports/{what}"]["get"]["responses"];
    let answer = client.raw("GET", "/api/v1/exports/facts?format=csv", None, &[]);
    let kind = answer.headers()["content-type"].to_str().expect("text").to_owned();
    let kind = kind.split(';').next().unwrap_or_default();
    assert!(export["200"]["content"][kind].is_object(), "{kind}: {export}");
    let names: Vec<String> = (0..150).map(|it| format!("x-many-{it}")).collect();
    let many: Vec<(&str, &str)> = names.iter().map(|it| (it.as_str(), "1")).collect();
    let answer = client.raw("GET", "/api/v1/exports/facts", None, &many);
    let status = answer.status().as_u16().to_string();
    assert_eq!(status, "431");
    assert!(export[&status].is_object() && export[&status]["content"].is_null(), "{export}");
}

#[test]
fn every_id_cursor_and_period_says_how_it_is_written() {
    let setting = Setting::first(USERS);
    let (_, description) = Client::new(&setting.process).get("/openapi.json");
    let paths = description["paths"].as_object().expect("paths");
    let mut periods = BTreeSet::new();
    for (path, item) in paths {
        for operation in item.as_object().expect("operations").values() {
            let parameters = operation.get("parameters").map(|it| it.as_array().expect("a list"));
            for it in parameters.into_iter().flatten() {
                let (name, schema) = (it["name"].as_str().expect("a name"), &it["schema"]);
                let is_said =
                    ["pattern", "format", "minimum"].iter().any(|it| !schema[*it].is_null());
                let must_say = it["in"] == "path" || ["cursor", "date", "period"].contains(&name);
                assert!(is_said || !must_say, "{path}: {it}");
                periods.extend(schema["pattern"].as_str().filter(|_| name == "period"));
            }
        }
    }
    assert_eq!(periods, BTreeSet::from(["^[1-9][0-9]{3}-(0[1-9]|1[0-2])$"]), "months");
}

#[test]
fn what_cannot_be_understood_is_told_as_a_problem() {
    let setting = Setting::first(USERS);
    let client = Client::signed_in(&setting.process, "everywhere");
    let user = |areas: &[&str]| json!({ "name": "new", "password": PASSWORD, "role": "officer", "areas": areas });
    let unreadable = json!({ "ids": ["W"], "action": "acknowledge", "until": "soon" });
    let cases: Vec<(&str, &str, Option<Value>, u16)> = vec![
        ("GET", "/api/v1/nothing", None, 404),
        ("DELETE", "/api/v1/facts", None, 405),
        ("GET", "/api/v1/warnings?limit=0", None, 400),
        ("GET", "/api/v1/warnings?limit=many", None, 400),
        ("GET", "/api/v1/warnings?cursor=elsewhere", None, 400),
        ("GET", "/api/v1/warnings?cursor=%2B1.0.x", None, 400),
        ("GET", "/api/v1/warnings/counts?limit=1001", None, 400),
        ("GET", "/api/v1/warnings/counts?cursor=elsewhere", None, 400),
        ("GET", "/api/v1/jobs?cursor=-1", None, 400),
        ("GET", "/api/v1/events?after=-1", None, 400),
        ("POST", "/api/v1/imports?kind=facts&colour=red", None, 400),
        ("POST", "/api/v1/imports?kind=facts&columns=%7B%22colour%22:%22v%22%7D", None, 422),
        ("POST", "/api/v1/imports?kind=facts&date=20200630", None, 400),
        ("PUT", "/api/v1/users", Some(user(&["610202 ", "6102"])), 422),
        ("PUT", "/api/v1/users", Some(user(&["铜川"])), 422),
        ("PUT", "/api/v1/users", Some(user(&["*", "**"])), 422),
        ("PUT", "/api/v1/users", Some(user(&["6102;61"])), 422),
        ("GET", "/api/v1/households/H-nobody", None, 404),
        ("POST", "/api/v1/facts", Some(json!({ "fact": 1 })), 422),
        ("POST", "/api/v1/warnings/none/acknowledgement", None, 404),
        ("POST", "/api/v1/warnings/actions", Some(unreadable), 422),
        ("POST", "/api/v1/period/close", None, 422),
    ];
    let admin = Client::signed_in(&setting.process, "admin");
    for (method, path, body, expected) in cases {
        let client = if path == "/api/v1/users" { &admin } else { &client };
        let answer = client.raw(method, path, body.as_ref(), &[]);
        let kind = answer
            .headers()
            .get("content-type")
            .map(|it| it.to_str().unwrap_or_default().to_owned());
        let (status, problem) = http::document(answer);
        assert_eq!(status, expected, "{method} {path}: {problem}");
        assert_eq!(kind.as_deref(), Some("application/problem+json"), "{method} {path}");
        assert!(problem["code"].is_string() && problem["detail"].is_string(), "{problem}");
    }
    let (status, description) = client.get("/openapi.json");
    assert_eq!((status, &description["info"]["title"]), (200, &json!("Holdfast")));
    assert!(
        client.get("/metrics").1.as_str().is_some_and(|it| it.contains("holdfast_events_last"))
    );
    assert_eq!(
        (client.get("/healthz").0, client.get("/readyz").0, client.get("/docs/").0),
        (200, 200, 200)
    );
}

#[test]
fn of_two_servers_one_writes_and_the_other_takes_over() {
    for setting in settings() {
        let second = Process::start(&setting.database.address, &setting.key);
        let first = Client::signed_in(&setting.process, "everywhere");
        let other = Client::signed_in(&second, "everywhere");
        let facts = json!({ "facts": misfortune("H2", HERE) });
        give(&first, misfortune("H1", HERE));
        let (status, problem) = other.send("POST", "/api/v1/facts", Some(&facts));
        assert_eq!((status, &problem["code"]), (503, &json!("S003")), "{}", setting.name);
        assert_eq!(ids(&other.get("/api/v1/warnings").1).len(), 1, "{}: it reads", setting.name);
        assert!(setting.process.stop(), "{}", setting.name);
        give(&other, misfortune("H2", HERE));
        assert_eq!(ids(&other.get("/api/v1/warnings").1).len(), 2, "{}", setting.name);
    }
}
