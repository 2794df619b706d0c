//! How values in addresses are written, said in one place for all routes: periods, days, cursors
//! and ids. What is written so is understood; what is written otherwise is refused or not found.

use crate::cursor::{NUMBER, TEXT};
use base::PeriodKind;
use serde_json::{Value, json};

/// 64 bytes at most, none of them zero.
const OPAQUE: &str = r"^[^\x00]{1,64}$";
const HASH: &str = "^[0-9a-f]{32}$";
const AREA: &str = "^[0-9A-Za-z_.-]{1,32}$";

/// Ids, by where they stand.
const IDS: [(&str, &str); 13] = [
    ("/areas/{code}", AREA),
    ("/households/{id}", OPAQUE),
    ("/imports/{id}", HASH),
    ("/imports/{job}", HASH),
    ("/jobs/{id}", HASH),
    ("/mappings/{name}", r"^[^\x00-\x1f\x7f-\x9f/]{1,64}$"),
    ("/people/{id}", OPAQUE),
    ("/policy/indicators/{id}", "^[0-9a-z_]{1,64}$"),
    ("/sign-in/oidc/{provider}", "^[0-9A-Za-z_-]{1,64}$"),
    ("/tokens/{id}", OPAQUE),
    ("/users/{name}", OPAQUE),
    ("/warnings/{id}", HASH),
    ("/webhooks/{id}", OPAQUE),
];

/// Says of a parameter of a route how it is written, where its name says it.
pub fn describe(path: &str, parameter: &mut Value, kind: PeriodKind) {
    let (name, place) = (parameter["name"].clone(), parameter["in"].clone());
    let schema = &mut parameter["schema"];
    let is_text = schema["type"] == "string";
    match (name.as_str().unwrap_or_default(), place.as_str()) {
        ("period", Some("query")) => {
            schema["pattern"] = json!(kind.pattern());
            schema["example"] = json!(kind.shape());
        }
        ("date", Some("query")) => schema["format"] = json!("date"),
        ("cursor", Some("query")) if is_text => {
            if let Some(pattern) = cursor(path) {
                schema["pattern"] = json!(pattern);
            }
        }
        ("columns", Some("query")) => schema["pattern"] = json!(columns()),
        (name, Some("path")) if is_text => {
            let id =
                |it: &&(&str, &str)| path.contains(it.0) && it.0.ends_with(&format!("{{{name}}}"));
            if let Some((_, pattern)) = IDS.iter().find(id) {
                schema["pattern"] = json!(pattern);
            }
        }
        // Numbers of rows begin at one.
        ("id" | "number", Some("path")) => schema["minimum"] = json!(1),
        _ => {}
    }
}

/// How a list writes its cursors, where they are texts.
fn cursor(path: &str) -> Option<String> {
    let form = match path.rsplit('/').next()? {
        "audit" | "deliveries" => NUMBER.to_owned(),
        "households" | "warnings" | "counts" => format!(r"{NUMBER}\.{NUMBER}\.{TEXT}"),
        "people" => format!(r"(n\.{TEXT}\.{TEXT}|h\.{TEXT})\.{NUMBER}"),
        "timeline" => format!(r"{NUMBER}\.{TEXT}"),
        _ => return None,
    };
    Some(format!("^{form}$"))
}

/// A JSON object of texts.
fn columns() -> String {
    let gap = r"[ \t\n\r]*";
    let text = r#""([^"\\\x00-\x1f]|\\["\\/bfnrt])*""#;
    let pair = format!("{text}{gap}:{gap}{text}{gap}");
    format!(r"^{gap}\{{{gap}({pair}(,{gap}{pair})*)?\}}{gap}$")
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;
    use std::collections::BTreeMap;

    #[test]
    fn columns_are_a_json_object_of_texts_and_nothing_else() {
        let pattern = Regex::new(&columns()).expect("a pattern");
        let texts = [
            "{}",
            r#" { "household_id" : "户号" } "#,
            r#"{"a":"","b":"say \"no\" \\ \n"}"#,
            "",
            "{",
            "[]",
            r#"{"a":1}"#,
            r#"{"a":"b",}"#,
            r#"{"a":"b" "c":"d"}"#,
            r#"{"a":"b"}{}"#,
            r#"{a:"b"}"#,
        ];
        for text in texts {
            let is_one = serde_json::from_str::<BTreeMap<String, String>>(text).is_ok();
            assert_eq!(pattern.is_match(text), is_one, "{text}");
        }
    }
}
