//! Policies over HTTP: versions, two people, trials, what an indicator does, how good rules are.

#[path = "databases/mod.rs"]
mod databases;
#[path = "http/mod.rs"]
mod http;
#[path = "setting/mod.rs"]
mod setting;

use http::{Client, Process, holdfast};
use serde_json::{Value, json};
use setting::{Setting, User};

const HERE: &str = "610202";
const THERE: &str = "610203";

/// Who signs in.
const USERS: &[User] = &[
    ("one", "supervisor", &["*"]),
    ("two", "supervisor", &["*"]),
    ("county", "supervisor", &[HERE]),
    ("counts", "statistician", &[HERE]),
];

fn settings() -> Vec<Setting> {
    Setting::all(USERS)
}

/// A household in debt beyond its means.
fn indebted(household: &str, county: &str) -> Vec<Value> {
    let fact = |part: &str, code: &str, value: &str, day: &str| {
        let id = format!("{household}-{part}");
        json!({ "fact_id": id, "household_id": household, "fact": code, "value": value, "valid_from": day })
    };
    let mut member = fact("of", "registry.member_of", household, "2018-07-01");
    member["member_id"] = json!(format!("{household}-1"));
    vec![
        fact("area", "registry.area", &format!("{county}001001"), "2018-07-01"),
        member,
        fact("debt", "debt.total", "90000", "2020-06-01"),
        fact("loss", "disaster.loss", "40000", "2020-06-10"),
    ]
}

fn give(client: &Client, facts: Vec<Value>) {
    let (status, taken) = client.send("POST", "/api/v1/facts", Some(&json!({ "facts": facts })));
    assert_eq!((status, &taken["rejected"]), (200, &json!([])), "{taken}");
}

#[test]
fn a_version_is_installed_proposed_by_one_and_approved_by_another() {
    for setting in settings() {
        let [one, two, county] =
            ["one", "two", "county"].map(|it| Client::signed_in(&setting.process, it));
        give(&one, indebted("H1", HERE));
        let (_, policy) = one.get("/api/v1/policy");
        assert_eq!((&policy["id"], &policy["version"]), (&json!("tongchuan"), &json!("2020.3")));
        assert_eq!(policy["bands"][3], json!({ "band": "red", "edge": 48.0 }));
        let change = json!({ "kind": "edge", "id": "red", "value": 47 });
        let draft = json!({ "base": policy["hash"], "version": "2020.4", "changes": [change] });
        let (status, installed) = one.send("POST", "/api/v1/policy/versions", Some(&draft));
        assert_eq!((status, &installed["is_new"]), (201, &json!(true)), "{installed}");
        let (status, again) = one.send("POST", "/api/v1/policy/versions", Some(&draft));
        assert_eq!((status, &again["hash"]), (200, &installed["hash"]), "{again}");
        let proposal =
            json!({ "hash": installed["hash"], "from": "2020-06-01", "note": "earlier" });
        let path = "/api/v1/policy/activations";
        let (status, row) = one.send("POST", path, Some(&proposal));
        assert_eq!((status, &row["state"]), (201, &json!("proposed")), "{row}");
        let (_, same) = one.send("POST", path, Some(&proposal));
        assert_eq!(same, row, "the same proposal twice is one");
        let number = &row["number"];
        let approval = format!("{path}/{number}/approval");
        assert_eq!(one.send("POST", &approval, None).1["code"], "V009", "{}", setting.name);
        assert_eq!(county.send("POST", &approval, None).1["code"], "A002", "{}", setting.name);
        let (status, approved) = two.send("POST", &approval, None);
        assert_eq!((status, &approved["decided_by"]), (200, &json!("two")), "{approved}");
        let (_, again) = two.send("POST", &approval, None);
        assert_eq!(again["decided_at"], approved["decided_at"], "twice is once");
        let refusal = format!("{path}/{number}/refusal");
        assert_eq!(one.send("POST", &refusal, None).1["code"], "V008", "{}", setting.name);
        assert_eq!(one.send("POST", &format!("{path}/99/approval"), None).1["code"], "V007");
        let (_, policy) = one.get("/api/v1/policy");
        assert_eq!(
            (&policy["version"], &policy["bands"][3]["edge"]),
            (&json!("2020.4"), &json!(47.0))
        );
        wait_for_scores(&one);
        let (_, log) = one.get("/api/v1/policy/changes");
        assert_eq!(log["items"][0]["activation"]["rescored"], 1, "{log}");
        assert_eq!(log["items"][0]["changes"][0]["id"], "red", "{log}");
        let (_, versions) = county.get("/api/v1/policy/versions");
        let states: Vec<&Value> =
            versions["items"].as_array().expect("items").iter().map(|it| &it["state"]).collect();
        assert_eq!(states, [&json!("in_force"), &json!("approved")], "{versions}");
        assert!(setting.process.stop(), "{}", setting.name);
        let rebuilt = holdfast(&["rebuild"], &setting.database.address, &setting.key).output();
        let rebuilt = rebuilt.expect("ran");
        assert!(rebuilt.status.success(), "{}: {rebuilt:?}", setting.name);
        let given = ["rebuild", "--pack", "packs/tongchuan"];
        let other = holdfast(&given, &setting.database.address, &setting.key).output();
        let told = String::from_utf8_lossy(&other.expect("ran").stderr).into_owned();
        assert!(told.contains("V011"), "{told}");
        let served = Process::start_as(&["serve"], &setting.database.address, &setting.key);
        assert_eq!(Client::signed_in(&served, "one").get("/api/v1/policy").0, 200);
    }
}

fn wait_for_scores(client: &Client) {
    for _ in 0..200 {
        if client.get("/api/v1/period").1["stale"] == 0 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("households still wait to be scored");
}

#[test]
fn a_trial_names_households_only_to_who_may_see_them() {
    for setting in settings() {
        let [one, county, counts] =
            ["one", "county", "counts"].map(|it| Client::signed_in(&setting.process, it));
        give(&one, indebted("H-here", HERE));
        give(&one, indebted("H-there", THERE));
        let changes = json!([
            { "kind": "edge", "id": "blue", "value": 1 }, { "kind": "edge", "id": "yellow", "value": 2 },
            { "kind": "edge", "id": "orange", "value": 3 }, { "kind": "edge", "id": "red", "value": 4 },
        ]);
        let body = json!({ "changes": changes });
        let trial = |client: &Client, body: &Value| {
            let (status, trial) = client.send("POST", "/api/v1/policy/trials", Some(body));
            assert_eq!(status, 200, "{trial}");
            trial
        };
        let whole = trial(&one, &body);
        assert_eq!((&whole["total"], &whole["method"]), (&json!(2), &json!("kept")), "{whole}");
        assert_eq!(whole["by_area"].as_array().map(Vec::len), Some(2), "{whole}");
        let own = trial(&county, &body);
        assert_eq!(own["total"], 1, "{}: {own}", setting.name);
        assert_eq!(own["by_area"][0]["area_code"], "610202001");
        assert!(!own.to_string().contains("H-there"), "{own}");
        let counted = trial(&counts, &body);
        assert_eq!((&counted["total"], &counted["households"]), (&json!(1), &Value::Null));
        assert!(!counted.to_string().contains("H-here"), "{counted}");
        let elsewhere = json!({ "changes": changes, "area": THERE });
        assert_eq!(trial(&county, &elsewhere)["total"], 0, "{}", setting.name);
        let crossed = json!({ "changes": [{ "kind": "edge", "id": "red", "value": 1 }] });
        let (status, problem) = one.send("POST", "/api/v1/policy/trials", Some(&crossed));
        assert_eq!((status, &problem["code"]), (422, &json!("V004")), "{problem}");
        assert_eq!(problem["findings"][0]["code"], "P018", "{problem}");
        let unknown = json!({ "changes": [{ "kind": "weight", "id": "nothing", "value": 1 }] });
        assert_eq!(one.send("POST", "/api/v1/policy/trials", Some(&unknown)).1["code"], "V010");
    }
}

#[test]
fn an_indicator_is_told_in_both_languages() {
    let setting = Setting::first(USERS);
    let one = Client::signed_in(&setting.process, "one");
    give(&one, indebted("H1", HERE));
    one.send(
        "POST",
        "/api/v1/policy/trials",
        Some(&json!({ "changes": [{ "kind": "edge", "id": "red", "value": 49 }] })),
    );
    let (status, sheet) = one.get("/api/v1/policy/indicators/debt_to_income");
    assert_eq!(status, 200, "{sheet}");
    assert_eq!(sheet["formula"], "ratio(debt_total, net_income_12m)");
    let sentence = sheet["sentence"]["en"].as_str().expect("a sentence");
    assert!(sentence.contains("yellow at 0.5 year"), "{sentence}");
    assert!(sheet["sentence"]["zh"].as_str().is_some_and(|it| it.contains('衡')), "{sheet}");
    assert_eq!((&sheet["anchors"]["red"], &sheet["proposal"]), (&json!(2.0), &json!(true)));
    assert_eq!(sheet["distribution_state"], "ready", "{sheet}");
    assert_eq!(sheet["history"].as_array().map(Vec::len), Some(1), "{sheet}");
    let (_, line) = one.get("/api/v1/policy/indicators/income_to_line");
    assert!(line["curve"].as_array().is_some_and(|it| it.len() > 3), "{line}");
    assert_eq!(one.get("/api/v1/policy/indicators/nothing").0, 404);
}

#[test]
fn precision_comes_from_what_officers_find() {
    for setting in settings() {
        let one = Client::signed_in(&setting.process, "one");
        let mut facts = indebted("H1", HERE);
        let id = json!("H1-accident");
        let mut accident = facts[3].clone();
        accident["fact_id"] = id;
        accident["fact"] = json!("disaster.accident");
        accident["value"] = json!("earner_death");
        facts.push(accident);
        give(&one, facts);
        let (_, warnings) = one.get("/api/v1/warnings");
        let id =
            warnings["items"][0]["warning_id"].as_str().unwrap_or_else(|| panic!("{warnings}"));
        let path = format!("/api/v1/warnings/{id}/acknowledgement");
        let wrong = json!({ "finding": "maybe" });
        assert_eq!(one.send("POST", &path, Some(&wrong)).0, 422, "{}", setting.name);
        let confirmed = json!({ "finding": "confirmed" });
        assert_eq!(one.send("POST", &path, Some(&confirmed)).0, 200, "{}", setting.name);
        let (status, rules) = one.get("/api/v1/rules");
        assert_eq!(status, 200, "{rules}");
        let all = &rules["all"];
        assert_eq!((&all["raised"], &all["confirmed"]), (&json!(1), &json!(1)), "{rules}");
        assert_eq!(all["precision"], 1.0, "{}: {rules}", setting.name);
        assert!(all["precision_low"].as_f64().is_some_and(|it| it < 0.5), "one says little: {all}");
        assert_eq!(rules["standing"], 1, "{rules}");
        let figures = one.get("/metrics").1;
        let figures = figures.as_str().expect("text");
        assert!(figures.contains("holdfast_rule_warnings_confirmed{rule="), "{figures}");
        assert!(!figures.contains("H1"), "no names");
        let (_, there) = Client::signed_in(&setting.process, "counts").get("/api/v1/rules");
        assert_eq!(there["all"]["raised"], 1, "{there}");
    }
}

#[test]
fn the_command_line_lists_proposes_and_tries() {
    let setting = Setting::first(USERS);
    give(&Client::signed_in(&setting.process, "one"), indebted("H1", HERE));
    let run = |words: &[&str]| {
        let output = holdfast(words, &setting.database.address, &setting.key).output();
        let output = output.expect("ran");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout) + &text(&output.stderr))
    };
    let (code, told) = run(&["policy", "list"]);
    assert!(code == Some(0) && told.contains("in force"), "{told}");
    let (code, told) = run(&["policy", "install", "packs/tongchuan"]);
    assert!(code == Some(0) && told.contains("was installed before"), "{told}");
    let hash = told.split_whitespace().find(|it| it.len() == 64).expect("a hash").to_owned();
    let (code, told) = run(&["policy", "propose", &hash[..10], "--from", "2020-07-01"]);
    assert!(code == Some(0) && told.contains("proposal 2"), "{told}");
    let (code, told) = run(&["policy", "approve", "2"]);
    assert!(code == Some(1) && told.contains("V009"), "{told}");
    let (code, told) = run(&["policy", "refuse", "2"]);
    assert!(code == Some(0) && told.contains("is refused"), "{told}");
    let (code, told) = run(&["policy", "try", "--set", "edge:yellow=30"]);
    assert!(code == Some(0) && told.contains("nothing was saved"), "{told}");
    let (code, told) = run(&["policy", "try", "--set", "edge:violet=30"]);
    assert!(code == Some(1) && told.contains("V010"), "{told}");
}
