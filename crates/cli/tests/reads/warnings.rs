//! Lists of warnings: filtered, counted, worked off, and every deed undone.

use crate::http::Client;
use crate::setting::{HERE, each, settings};
use serde_json::{Value, json};

/// Households that lost their only work, here and there.
fn misfortune(client: &Client, household: &str, county: &str) {
    let member = format!("{household}-1");
    let fact = |code: &str, value: &str, day: &str| {
        json!({ "fact_id": format!("{household}-{code}"), "household_id": household,
            "fact": code, "value": value, "valid_from": day })
    };
    let of_member = |code: &str, value: &str| {
        let mut fact = fact(code, value, "2020-06-10");
        fact["member_id"] = json!(member);
        fact
    };
    let facts = [
        fact("registry.area", &format!("{county}001001"), "2018-07-01"),
        fact("disaster.loss", "90000", "2020-06-10"),
        fact("income.net_12m", "12000", "2020-06-01"),
        of_member("registry.member_of", household),
        of_member("person.able_to_work", "true"),
        of_member("job.employed", "false"),
    ];
    let (status, taken) = client.send("POST", "/api/v1/facts", Some(&json!({ "facts": facts })));
    assert_eq!((status, &taken["accepted"]), (200, &json!(6)), "{taken}");
}

fn act(client: &Client, body: &Value) -> Vec<Value> {
    let (status, answer) = client.send("POST", "/api/v1/warnings/actions", Some(body));
    assert_eq!(status, 200, "{answer}");
    answer["items"].as_array().expect("items").clone()
}

fn list(client: &Client, query: &str) -> Vec<Value> {
    let (status, page) = client.get(&format!("/api/v1/warnings{query}"));
    assert_eq!(status, 200, "{query}: {page}");
    page["items"].as_array().expect("items").clone()
}

#[test]
fn every_deed_is_undone_by_its_opposite_and_done_twice_changes_nothing() {
    for setting in settings(0, "") {
        let all = setting.client("everywhere");
        misfortune(&all, "H-here", HERE);
        misfortune(&all, "H-there", "610203");
        let before = list(&all, "");
        let ids: Vec<&str> = before.iter().filter_map(|it| it["warning_id"].as_str()).collect();
        assert_eq!(ids.len(), 2, "{before:?}");
        let admin = setting.client("admin");
        let audited = || admin.get("/api/v1/audit/verification").1["rows"].clone();
        for (deed, opposite) in [
            (json!({ "action": "acknowledge" }), json!({ "action": "reopen" })),
            (
                json!({ "action": "assign", "assignee": "everywhere" }),
                json!({ "action": "assign" }),
            ),
            (
                json!({ "action": "suppress", "until": "2999-12-31", "reason": "a case is open" }),
                json!({ "action": "suppress", "until": null }),
            ),
        ] {
            let with_ids = |it: &Value| {
                let mut it = it.clone();
                it["ids"] = json!(ids);
                it
            };
            let done = act(&all, &with_ids(&deed));
            assert!(done.iter().all(|it| it["ok"] == true), "{}: {done:?}", setting.name);
            let rows = audited();
            assert_eq!(act(&all, &with_ids(&deed)), done, "{}: {deed}", setting.name);
            assert_eq!(audited(), rows, "{}: {deed} twice", setting.name);
            assert_ne!(list(&all, ""), before, "{deed}");
            act(&all, &with_ids(&opposite));
            assert_eq!(list(&all, ""), before, "{}: {opposite}", setting.name);
        }
        let kinds: Vec<Value> = all.events(0, 14).iter().map(|it| it["kind"].clone()).collect();
        for kind in ["acknowledged", "reopened", "assigned", "suppressed"] {
            assert!(kinds.contains(&json!(format!("warning.{kind}"))), "{kinds:?}");
        }
        setting.run(&["rebuild", "--pack", "packs/tongchuan"]);
    }
}

#[test]
fn of_many_warnings_each_has_its_own_answer_and_other_areas_stay_hidden() {
    for setting in settings(0, "") {
        let all = setting.client("everywhere");
        misfortune(&all, "H-here", HERE);
        misfortune(&all, "H-there", "610203");
        let of = |household: &str| {
            let found = list(&all, "").into_iter().find(|it| it["household_id"] == household);
            found.expect("a warning")["warning_id"].clone()
        };
        let ids = json!([of("H-here"), of("H-there"), "none"]);
        let here = setting.client("here");
        let done = act(&here, &json!({ "ids": ids, "action": "acknowledge" }));
        let codes: Vec<&Value> = done.iter().map(|it| &it["problem"]["code"]).collect();
        assert_eq!(codes, [&Value::Null, &json!("L006"), &json!("L006")], "{done:?}");
        for (assignee, code) in
            [("there", "L024"), ("counts", "L024"), ("nobody", "L024"), ("here", "")]
        {
            let order = json!({ "ids": [of("H-here")], "action": "assign", "assignee": assignee });
            let done = act(&here, &order).remove(0);
            assert_eq!(done["problem"]["code"].as_str().unwrap_or_default(), code, "{assignee}");
        }
        for order in [
            json!({ "action": "suppress", "until": "2999-12-31" }),
            json!({ "action": "suppress", "until": "2001-12-31", "reason": "too late" }),
        ] {
            let mut order = order;
            order["ids"] = json!([of("H-here")]);
            assert_eq!(act(&here, &order)[0]["problem"]["code"], "L025", "{order}");
        }
        for (order, status) in [
            (json!({ "ids": [], "action": "acknowledge" }), 422),
            (json!({ "ids": ["x"], "action": "delete" }), 422),
            (json!({ "ids": ["x"], "action": "suppress", "until": "soon" }), 422),
        ] {
            assert_eq!(here.send("POST", "/api/v1/warnings/actions", Some(&order)).0, status);
        }
    }
}

#[test]
fn lists_are_filtered_and_counted_alike_and_give_their_reason_in_words() {
    for setting in settings(0, "") {
        let all = setting.client("everywhere");
        for (household, county) in [("H1", HERE), ("H2", HERE), ("H3", "610203")] {
            misfortune(&all, household, county);
        }
        let rows = list(&all, "");
        let ids = json!([rows[0]["warning_id"]]);
        act(&all, &json!({ "ids": ids, "action": "assign", "assignee": "everywhere" }));
        act(&all, &json!({ "ids": [rows[1]["warning_id"]], "action": "acknowledge" }));
        let text = |it: &Value| it.as_str().expect("a text").to_owned();
        for row in &rows {
            assert!(row["sentence"]["en"].as_str().is_some_and(|it| it.len() > 10), "{row}");
            assert!(row["sentence"]["zh"].is_string(), "{row}");
        }
        let (_, counts) = all.get("/api/v1/warnings/counts");
        assert_eq!(counts["total"], 3, "{}: {counts}", setting.name);
        let rule = text(&rows[0]["rules"][0]);
        let (band, kind) = (text(&rows[0]["band"]), text(&rows[0]["kind"]));
        for (filter, value) in [
            ("state", "open"),
            ("state", "acknowledged"),
            ("band", &band),
            ("kind", &kind),
            ("rule", &rule),
            ("assignee", "everywhere"),
            ("assignee", ""),
        ] {
            let found = list(&all, &format!("?{filter}={value}"));
            assert_eq!(json!(found.len()), counts[filter][value], "{filter}={value}: {counts}");
        }
        let (_, city) = all.get("/api/v1/warnings/counts?area=6102");
        assert_eq!(city["area"], json!({ HERE: 2, "610203": 1 }), "{}: {city}", setting.name);
        let (_, own) = setting.client("here").get("/api/v1/warnings/counts");
        assert_eq!((&own["total"], &own["area"]), (&json!(2), &json!({ "61": 2 })), "{own}");
        assert!(list(&all, "?rule=key").is_empty(), "names of rules are whole");
        for bad in ["state=lost", "band=pink", "kind=x", "rule=%00"] {
            assert_eq!(all.get(&format!("/api/v1/warnings?{bad}")).0, 400, "{bad}");
            assert_eq!(all.get(&format!("/api/v1/warnings/counts?{bad}")).0, 400, "{bad}");
        }
        let (_, page) = setting.client("there").get("/api/v1/warnings");
        assert_eq!(each(&page, "household_id"), ["H3"], "{}", setting.name);
    }
}
