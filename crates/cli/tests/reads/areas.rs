//! The tree of areas, as far as somebody may see it.

use crate::databases;
use crate::http::Client;
use crate::setting::{HERE, each, setting, settings};
use serde_json::json;

#[test]
fn everybody_sees_the_own_part_of_the_tree_and_the_names_around_it() {
    for setting in settings(0, "") {
        let all = setting.client("everywhere");
        assert_eq!(each(&all.get("/api/v1/areas").1, "code"), ["61"], "{}", setting.name);
        let counties = all.get("/api/v1/areas?parent=6102").1;
        assert_eq!(each(&counties, "code"), ["610202", "610203", "610204", "610222"]);
        assert_eq!(
            counties["items"][0]["name"],
            json!({ "en": "Wangyi District", "zh": "王益区" })
        );
        assert_eq!(counties["items"][0]["has_children"], true);
        let here = setting.client("here");
        assert_eq!(each(&here.get("/api/v1/areas").1, "code"), [HERE], "{}", setting.name);
        assert_eq!(each(&here.get("/api/v1/areas?parent=6102").1, "code"), [HERE]);
        assert!(each(&here.get("/api/v1/areas?parent=610203").1, "code").is_empty());
        assert!(each(&here.get("/api/v1/areas?parent=61").1, "code").is_empty());
        let (status, village) = here.get("/api/v1/areas/610202001001");
        let path = village["path"].as_array().expect("a path");
        let path: Vec<_> = path.iter().map(|it| (&it["code"], &it["is_own"])).collect();
        let expected = [("61", false), ("6102", false), (HERE, true), ("610202001", true)];
        let expected = expected.map(|(code, is_own)| (json!(code), json!(is_own)));
        assert_eq!(status, 200);
        assert!(path.into_iter().eq(expected.iter().map(|it| (&it.0, &it.1))), "{village}");
        for hidden in ["6102", "610203", "610203001", "999"] {
            assert_eq!(here.get(&format!("/api/v1/areas/{hidden}")).0, 404, "{hidden}");
        }
        let some = here.get("/api/v1/areas?codes=610203,610202001,999,6102,610202").1;
        assert_eq!(each(&some, "code"), [HERE, "610202001"], "{}: {some}", setting.name);
        assert_eq!(some["items"][0]["name"]["zh"], "王益区");
        let parts = "/api/v1/areas?codes=610203,610202001,610202,61&parent=6102";
        assert_eq!(each(&here.get(parts).1, "code"), [HERE], "{}", setting.name);
        assert_eq!(each(&all.get(parts).1, "code"), [HERE, "610203"], "{}", setting.name);
        let many = vec!["610202"; 101].join(",");
        for wrong in ["", ",", "610202,", &many] {
            assert_eq!(all.get(&format!("/api/v1/areas?codes={wrong}")).0, 400, "{wrong}");
        }
        assert_eq!(all.get("/api/v1/areas/999").0, 404);
        assert_eq!(setting.client("admin").get("/api/v1/areas/610203").0, 200);
    }
}

#[test]
fn areas_come_in_again_without_a_change_and_keep_the_names_that_they_had() {
    let setting = setting(databases::all().remove(0), 0, "");
    let areas = setting.folder.path().join("areas.csv").display().to_string();
    let import = ["import", "--pack", "packs/tongchuan", "--areas", &areas];
    let admin = setting.client("admin");
    let rows = |client: &Client| client.get("/api/v1/audit/verification").1["rows"].clone();
    let before = rows(&admin);
    setting.run(&import);
    assert_eq!(rows(&admin), before, "an import without news is not written down");
    let renamed = setting.folder.path().join("renamed.csv");
    let text = "code,name_zh,name_en,valid_from\n610202,新王益区,New Wangyi,2019-01-01\n";
    std::fs::write(&renamed, text).expect("written");
    setting.run(&[
        "import",
        "--pack",
        "packs/tongchuan",
        "--areas",
        &renamed.display().to_string(),
    ]);
    let (_, area) = setting.client("here").get("/api/v1/areas/610202");
    assert_eq!(area["name"], json!({ "en": "New Wangyi", "zh": "新王益区" }));
    assert_eq!((&area["parent"], &area["level"]), (&json!("6102"), &json!(3)));
    assert_eq!(area["valid_from"], "2019-01-01");
}

#[test]
fn boundaries_are_those_of_the_own_areas() {
    for setting in settings(0, "") {
        let square = |x: f64| {
            json!({ "type": "Polygon", "coordinates":
                [[[x, 35.0], [x + 0.1, 35.0], [x + 0.1, 35.1], [x, 35.1], [x, 35.0]]] })
        };
        let feature = |code: i64, x: f64| {
            let properties = json!({ "gb": code });
            json!({ "type": "Feature", "properties": properties, "geometry": square(x) })
        };
        let features = [feature(610_202, 109.0), feature(610_203, 109.1)];
        let map = json!({ "type": "FeatureCollection", "features": features });
        let path = setting.folder.path().join("map.geojson").display().to_string();
        std::fs::write(&path, map.to_string()).expect("written");
        let words = ["import", "--pack", "packs/tongchuan", "--boundaries", &path];
        setting.run(&[&words[..], &["--code-property", "gb"]].concat());
        let codes = |name: &str| {
            let (_, map) = setting.client(name).get("/api/v1/boundaries?parent=6102");
            assert_eq!(map["type"], "FeatureCollection");
            let features = map["features"].as_array().expect("features").clone();
            let code =
                |it: &serde_json::Value| it["properties"]["code"].as_str().map(str::to_owned);
            (features.iter().filter_map(code).collect::<Vec<_>>(), features)
        };
        assert_eq!(codes("everywhere").0, ["610202", "610203"], "{}", setting.name);
        let (own, features) = codes("counts");
        assert_eq!(own, [HERE], "{}", setting.name);
        assert_eq!(features[0]["geometry"], square(109.0));
        assert_eq!(codes("there").0, ["610203"]);
    }
}
