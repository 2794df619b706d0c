//! One household: why, since when, what would help.

use crate::setting::{Setting, each, settings};
use serde_json::{Value, json};

/// The household with the worst band.
fn worst(setting: &Setting) -> (String, Value) {
    let (_, page) = setting.client("everywhere").get("/api/v1/households?limit=1");
    let row = page["items"][0].clone();
    (row["household_id"].as_str().expect("an id").to_owned(), row)
}

fn same(value: &Value, other: &Value) -> bool {
    value.as_f64().zip(other.as_f64()).is_some_and(|(a, b)| (a - b).abs() < 1e-9)
}

#[test]
fn an_explanation_is_that_of_the_stored_score_and_reads_as_sentences() {
    for setting in settings(60, "2020-01") {
        let client = setting.client("everywhere");
        let (id, score) = worst(&setting);
        let path = format!("/api/v1/households/{id}");
        let (status, it) = client.get(&format!("{path}/explanation"));
        assert_eq!((status, &it["band"]), (200, &score["band"]), "{}: {it}", setting.name);
        assert!(same(&it["composite"], &score["composite"]), "{it}");
        let points: f64 = it["contributions"]
            .as_array()
            .expect("contributions")
            .iter()
            .filter_map(|it| it["points"].as_f64())
            .sum();
        assert!(
            (points - it["composite"].as_f64().expect("a number")).abs() < 1e-3,
            "{points}: {it}"
        );
        for part in it["contributions"].as_array().expect("contributions") {
            let sentence = &part["sentence"];
            assert!(sentence["en"].as_str().is_some_and(|it| it.len() > 5), "{part}");
            let is_chinese = |it: &str| it.chars().any(|it| it as u32 > 0x4E00);
            assert!(sentence["zh"].as_str().is_some_and(is_chinese), "{part}");
        }
        let (_, zh) = client.get(&format!("{path}/explanation?language=zh"));
        assert!(zh["plain"].as_str().is_some_and(|it| it.contains("人工复核")), "{}", zh["plain"]);
        let (_, before) = client.get(&format!("{path}/explanation?period=2020-03"));
        assert_eq!(before["period"], "2020-03");
        assert_eq!(client.get(&format!("{path}/explanation?period=2031-03")).0, 422);
        assert_eq!(client.get(&format!("{path}/explanation?as_of=yesterday")).0, 400);
        let then = client.get(&format!("{path}/explanation?as_of=2001-01-01T00:00:00Z"));
        assert_eq!((then.0, &then.1["code"]), (404, &json!("L023")));
        let (_, history) = client.get(&format!("{path}/history?periods=6"));
        let (_, household) = client.get(&path);
        let stored = household["scores"].as_array().expect("scores");
        let items = history["items"].as_array().expect("items");
        assert_eq!(items.len(), 6, "{history}");
        for (one, other) in items.iter().zip(stored) {
            assert_eq!((&one["period"], &one["band"]), (&other["period"], &other["band"]));
            assert!(same(&one["composite"], &other["composite"]), "{one} {other}");
        }
        assert!(history["lines"]["yellow"].as_f64() < history["lines"]["red"].as_f64());
        let (_, long) = client.get(&format!("{path}/history"));
        assert_eq!(long["items"].as_array().map(Vec::len), Some(24), "earlier than is stored");
    }
}

#[test]
fn what_was_known_then_is_told_as_it_was_known_then() {
    for setting in settings(1, "2020-01") {
        let client = setting.client("everywhere");
        let fact = |id: &str, value: &str, learned: &str, supersedes: Option<&str>| {
            json!({ "fact_id": id, "household_id": "H-new", "fact": "debt.total", "value": value,
                "valid_from": "2020-02-01", "recorded_at": learned, "supersedes": supersedes,
                "reason": supersedes.map(|_| " mistyped ") })
        };
        let mut area = fact("A", "610202001001", "2020-06-01T00:00:00Z", None);
        area["fact"] = json!("registry.area");
        let mut income = fact("I", "20000", "2020-06-01T00:00:00Z", None);
        income["fact"] = json!("income.net_12m");
        let facts = [
            area,
            income,
            fact("D1", "10000", "2020-06-02T00:00:00Z", None),
            fact("D2", "50000", "2020-06-20T00:00:00Z", Some("D1")),
        ];
        let (_, taken) = client.send("POST", "/api/v1/facts", Some(&json!({ "facts": facts })));
        assert_eq!((&taken["accepted"], &taken["households"]), (&json!(4), &json!(1)), "{taken}");
        let debt = |as_of: &str| {
            let path = format!("/api/v1/households/H-new/explanation{as_of}");
            let (status, it) = client.get(&path);
            assert_eq!(status, 200, "{it}");
            let parts = it["contributions"].as_array().expect("parts").clone();
            parts.into_iter().find(|it| it["indicator"] == "debt_to_income").expect("debt")
        };
        let now = debt("");
        assert_eq!((&now["value"], &now["unit"]), (&json!(2.5), &json!("year")), "{now}");
        assert_eq!(debt("?as_of=2020-06-10T00:00:00Z")["value"], 0.5, "{}", setting.name);
        let (_, timeline) = client.get("/api/v1/households/H-new/timeline");
        assert_eq!(each(&timeline, "kind").iter().filter(|it| **it == "correction").count(), 1);
        let items = timeline["items"].as_array().expect("items");
        let of = |id: &str| items.iter().find(|it| it["fact"] == id).expect("a fact").clone();
        assert_eq!(of("D1")["superseded_by"], "D2", "{timeline}");
        assert_eq!(of("D2")["text"]["en"], "All debt: 50,000 yuan instead of 10,000 yuan");
        assert_eq!((&of("D1")["reason"], &of("D2")["reason"]), (&json!(null), &json!("mistyped")));
        let mut paged = Vec::new();
        let mut path = "/api/v1/households/H-new/timeline?limit=2".to_owned();
        loop {
            let (_, page) = client.get(&path);
            paged.extend(page["items"].as_array().expect("items").clone());
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/api/v1/households/H-new/timeline?limit=2&cursor={next}");
        }
        assert_eq!(&paged, items, "{}: pages hold what the whole holds", setting.name);
        let (_, last) = client.get("/api/v1/households/H-new/facts");
        assert_eq!(each(&last, "fact_id"), ["D2", "I", "A"], "{last}");
        assert_eq!(last["items"][0]["reason"], "mistyped", "{last}");
    }
}

#[test]
fn a_trial_saves_nothing_and_a_way_out_is_one() {
    for setting in settings(60, "2020-06") {
        let client = setting.client("everywhere");
        let (_, page) = client.get("/api/v1/households?limit=40");
        let mut tried = 0;
        for id in each(&page, "household_id") {
            let path = format!("/api/v1/households/{id}");
            let (_, it) = client.get(&format!("{path}/explanation"));
            let ways = it["ways_out"].as_array().expect("ways");
            let Some(way) = ways.iter().find(|it| it["attribute"].is_string()) else { continue };
            let set = json!({ "set": { way["attribute"].as_str().expect("a name"): way["to"] } });
            let (status, trial) = client.send("POST", &format!("{path}/trial"), Some(&set));
            assert_eq!(status, 200, "{trial}");
            assert!(same(&trial["before"]["composite"], &it["composite"]));
            let (after, before) = (&trial["after"]["composite"], &trial["before"]["composite"]);
            assert!(after.as_f64() < before.as_f64(), "{way} {trial}");
            tried += 1;
            let (_, sliders) = client.get(&format!("{path}/sliders"));
            for slider in sliders["items"].as_array().expect("sliders") {
                let at = |name: &str| slider[name].as_f64().expect("a number");
                assert!(at("min") < at("max") && at("step") > 0.0, "{slider}");
                let value = slider["value"].as_f64().unwrap_or(at("min"));
                assert!(at("min") <= value && value <= at("max"), "{slider}");
            }
            if tried == 3 {
                break;
            }
        }
        assert!(tried > 0, "{}: nobody has a way out", setting.name);
        let (id, _) = worst(&setting);
        let path = format!("/api/v1/households/{id}/trial");
        for (set, status) in [
            (json!({ "nothing": 1 }), 422),
            (json!({ "debt_total": "much" }), 422),
            (json!({ "accident": "none at all" }), 422),
            (json!({ "members": -5 }), 422),
            (json!({ "debt_total": null }), 200),
        ] {
            let (found, answer) = client.send("POST", &path, Some(&json!({ "set": set })));
            assert_eq!(found, status, "{set}: {answer}");
        }
        setting.run(&["rebuild", "--pack", "packs/tongchuan"]);
    }
}

#[test]
fn a_household_elsewhere_is_hidden_from_every_page() {
    for setting in settings(1, "2020-06") {
        let id = "H-there";
        let all = setting.client("everywhere");
        let area = |id: &str, value: &str, day: &str| {
            let fact = json!({ "fact_id": id, "household_id": "H-there", "fact": "registry.area",
                "value": value, "valid_from": day });
            all.send("POST", "/api/v1/facts", Some(&json!({ "facts": [fact] })))
        };
        assert_eq!(area("born", "610203001001", "2020-01-01").1["accepted"], 1);
        let here = setting.client("here");
        let set = json!({ "set": {} });
        for part in ["explanation", "history", "timeline", "facts", "sliders"] {
            let path = format!("/api/v1/households/{id}/{part}");
            assert_eq!(here.get(&path).0, 404, "{path}");
            assert_eq!(setting.client("there").get(&path).0, 200, "{path}");
            assert_eq!(setting.client("counts").get(&path).0, 403, "{path}");
        }
        assert_eq!(here.send("POST", &format!("/api/v1/households/{id}/trial"), Some(&set)).0, 404);
        // Where it lives now decides, for its past too.
        assert_eq!(area("moved", "610202001001", "2020-06-20").1["accepted"], 1);
        let path = format!("/api/v1/households/{id}/history");
        assert_eq!((here.get(&path).0, setting.client("there").get(&path).0), (200, 404));
    }
}

#[test]
fn forms_ask_for_what_the_policy_reads_and_say_why() {
    let setting = settings(0, "").remove(0);
    let (_, forms) = setting.client("here").get("/api/v1/forms");
    let items = forms["items"].as_array().expect("items");
    let of = |fact: &str| items.iter().find(|it| it["fact"] == fact).expect("a form");
    let debt = of("debt.total");
    assert_eq!((&debt["type"], &debt["unit"]), (&json!("number"), &json!("yuan")), "{debt}");
    assert!(debt["why"]["en"].as_str().is_some_and(|it| it.contains("Debt against")), "{debt}");
    let accident = of("disaster.accident");
    assert_eq!(accident["categories"][4]["label"]["zh"], "劳动力死亡", "{accident}");
    assert_eq!(of("medical.major_illness")["type"], "boolean");
    assert_eq!(of("medical.self_pay")["kind"], "cumulative_ytd");
}
