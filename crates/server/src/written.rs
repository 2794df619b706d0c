//! How values in addresses are written, said in one place for all routes: periods, days, cursors
//! and ids. What is written so is understood; what is written otherwise is refused or not found.

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

/// Two numbers and an id.
const PLACE: &str = r"^-?[0-9]{1,18}\.-?[0-9]{1,18}\.[0-9A-Za-z_-]{0,64}$";

/// Cursors that are texts, by list.
const CURSORS: [(&str, &str); 6] = [
    ("/audit", "^[0-9]{1,18}$"),
    ("/deliveries", "^[0-9]{1,18}$"),
    ("/households", PLACE),
    ("/warnings", PLACE),
    ("/warnings/counts", PLACE),
    ("/timeline", r"^-?[0-9]{1,18}\.[fsw][^\x00]{0,64}$"),
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
            let found = CURSORS.iter().find(|it| path.ends_with(it.0));
            if path.ends_with("/people") {
                schema["pattern"] = json!(people());
            } else if let Some((_, pattern)) = found {
                schema["pattern"] = json!(pattern);
            }
        }
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

/// The cursor of people: the hexadecimal digits of UTF-8, in parts with `1f` between them.
fn people() -> String {
    let plain = "0[1-9a-f]|1[0-9a-e]|[2-7][0-9a-f]";
    let next = "[89ab][0-9a-f]";
    let two = format!("(c[2-9a-f]|d[0-9a-f]){next}");
    let three = format!("e0[ab][0-9a-f]{next}|(e[1-9a-cef]|ed[89][0-9a-f]){next}");
    let three = three.replace("(e[1-9a-cef]|", &format!("(e[1-9a-cef]{next}|"));
    let four = format!("(f0[9ab][0-9a-f]|f[1-3]{next}|f48[0-9a-f]){next}{next}");
    let text = format!("({plain}|{two}|{three}|{four}){{0,128}}");
    let number = "(2d)?(3[0-9]){1,18}";
    format!("^(6e1f{text}1f{text}|681f{text})1f{number}$")
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;

    #[test]
    fn a_cursor_of_people_is_the_digits_of_a_text_and_of_nothing_else() {
        let people = Regex::new(&people()).expect("a pattern");
        let digits = |text: &str| text.bytes().map(|it| format!("{it:02x}")).collect::<String>();
        for text in
            ["n\u{1f}王小\u{1f}610202\u{1f}17", "h\u{1f}H-é𠀀\u{1f}-3", "n\u{1f}\u{1f}\u{1f}0"]
        {
            assert!(people.is_match(&digits(text)), "{text}");
        }
        for text in ["n\u{1f}a\u{1f}1", "h\u{1f}a\u{1f}b\u{1f}1", "h\u{1f}a\u{1f}x", "x", ""] {
            assert!(!people.is_match(&digits(text)), "{text}");
        }
        // Halves of characters, and those that UTF-8 does not have.
        for bad in ["c3", "c080", "eda080", "f4908080", "e0808f"] {
            assert!(!people.is_match(&format!("681f{bad}1f31")), "{bad}");
        }
    }
}
