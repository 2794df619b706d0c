//! Sign-in by OpenID Connect, against a provider that runs here and may lie.

#[path = "databases/mod.rs"]
mod databases;
#[path = "http/mod.rs"]
mod http;
#[path = "provider/mod.rs"]
mod provider;

use databases::Database;
use http::{Client, Process, user};
use provider::{CLIENT, Key, Lie, Provider};
use serde_json::{Value, json};
use std::path::Path;

struct Setting {
    name: &'static str,
    database: Database,
    process: Process,
    strict: Provider,
    giving: Provider,
    _folder: tempfile::TempDir,
}

/// Two providers: one for users who are there, one that gives roles.
fn file(folder: &Path, strict: &str, giving: &str) -> String {
    let (id, secret) = CLIENT;
    std::fs::write(folder.join("secret"), format!("{secret}\n")).expect("written");
    let text = format!(
        r#"
public_url = "http://127.0.0.1:9"

[[provider]]
id = "strict"
label = {{ en = "County account", zh = "县统一认证" }}
issuer = "{strict}"
client_id = "{id}"
client_secret_file = "secret"
user_claim = "preferred_username"

[[provider]]
id = "giving"
label = {{ en = "Province account", zh = "省统一认证" }}
issuer = "{giving}"
client_id = "{id}"
client_secret_file = "secret"
user_claim = "preferred_username"
scopes = ["profile"]

[[provider.grant]]
claim = "realm.roles"
value = "chief"
role = "supervisor"
areas = ["*"]

[[provider.grant]]
claim = "realm.roles"
value = "visitor"
role = "officer"
areas = ["610202"]
"#
    );
    let path = folder.join("oidc.toml");
    std::fs::write(&path, text).expect("written");
    path.display().to_string()
}

fn setting(database: Database) -> Setting {
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("key");
    user(&database.address, &key, "li.na", "officer", &["610202"]);
    user(&database.address, &key, "admin", "administrator", &["*"]);
    let (strict, giving) = (Provider::start(Key::rsa("k1")), Provider::start(Key::edwards("k2")));
    let path = file(folder.path(), &strict.issuer, &giving.issuer);
    let process = Process::start_with(&database.address, &key, &["--oidc", &path]);
    Setting { name: database.name, database, process, strict, giving, _folder: folder }
}

fn settings() -> Vec<Setting> {
    databases::all().into_iter().map(setting).collect()
}

/// The header of an answer.
fn header(answer: &ureq::http::Response<ureq::Body>, name: &str) -> String {
    let value = answer.headers().get(name).expect(name);
    value.to_str().expect("a text").to_owned()
}

/// A browser on its way there and back: the cookie it holds, and where it is sent back to.
fn begun(setting: &Setting, id: &str) -> (String, String) {
    let browser = Client::new(&setting.process);
    let answer = browser.raw("GET", &format!("/api/v1/sign-in/oidc/{id}"), None, &[]);
    assert_eq!(answer.status(), 303, "{}", setting.name);
    let cookie = header(&answer, "set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let config = ureq::Agent::config_builder().max_redirects(0).max_redirects_will_error(false);
    let there = ureq::Agent::from(config.build()).get(header(&answer, "location"));
    let there = there.call().expect("there");
    assert_eq!(there.status(), 303, "{}", setting.name);
    let back = header(&there, "location");
    let path = back.strip_prefix("http://127.0.0.1:9").expect("the public address").to_owned();
    (cookie.split(';').next().expect("a pair").to_owned(), path)
}

/// Signs in; gives the session's cookie, or the code of the problem.
fn signed_in(setting: &Setting, id: &str) -> Result<String, String> {
    let (cookie, path) = begun(setting, id);
    finished(setting, &path, &cookie)
}

fn finished(setting: &Setting, path: &str, cookie: &str) -> Result<String, String> {
    let answer = Client::new(&setting.process).raw("GET", path, None, &[("cookie", cookie)]);
    if answer.status() != 303 {
        return Err(http::document(answer).1["code"].as_str().expect("a code").to_owned());
    }
    assert_eq!(header(&answer, "location"), "/");
    let session = header(&answer, "set-cookie");
    assert!(session.contains("SameSite=Strict") && session.contains("HttpOnly"), "{session}");
    Ok(session.split(';').next().expect("a pair").to_owned())
}

fn me(setting: &Setting, cookie: &str) -> Value {
    let client = Client::new(&setting.process);
    http::document(client.raw("GET", "/api/v1/me", None, &[("cookie", cookie)])).1
}

#[test]
fn who_signs_in_elsewhere_is_who_they_are_here() {
    for setting in settings() {
        let (_, page) = Client::new(&setting.process).get("/api/v1/sign-in/providers");
        let ids: Vec<&Value> = page["items"].as_array().expect("items").iter().collect();
        assert_eq!(
            ids[0],
            &json!({
                "id": "strict", "label": { "en": "County account", "zh": "县统一认证" },
            })
        );
        setting.strict.somebody(json!({ "preferred_username": "li.na" }));
        let cookie = signed_in(&setting, "strict").expect("signed in");
        let known = me(&setting, &cookie);
        assert_eq!((&known["name"], &known["role"]), (&json!("li.na"), &json!("officer")));
        // Keys change: what is signed with a new one is believed when the new one is there.
        setting.strict.turn(Key::edwards("k3"));
        assert!(signed_in(&setting, "strict").is_ok(), "{}: keys changed", setting.name);
        setting.strict.somebody(json!({ "preferred_username": "stranger" }));
        assert_eq!(signed_in(&setting, "strict"), Err("A010".to_owned()), "{}", setting.name);
        setting.strict.somebody(json!({}));
        assert_eq!(signed_in(&setting, "strict"), Err("A010".to_owned()), "{}", setting.name);
        let admin = Client::signed_in(&setting.process, "admin");
        assert_eq!(admin.send("DELETE", "/api/v1/users/li.na", None).0, 204);
        setting.strict.somebody(json!({ "preferred_username": "li.na" }));
        assert_eq!(signed_in(&setting, "strict"), Err("A010".to_owned()), "{}", setting.name);
        let other = Client::new(&setting.process).get("/api/v1/sign-in/oidc/nobody");
        assert_eq!((other.0, &other.1["code"]), (404, &json!("A009")), "{}", setting.name);
    }
}

#[test]
fn nothing_is_believed_that_is_not_signed_and_said_to_us_now_for_this_sign_in() {
    let setting = setting(databases::all().remove(0));
    for provider in [&setting.strict, &setting.giving] {
        provider.somebody(json!({
            "preferred_username": "li.na", "realm": { "roles": ["visitor"] },
        }));
    }
    let lies = [
        Lie::Nonce,
        Lie::Audience,
        Lie::Party,
        Lie::Expired,
        Lie::Issuer,
        Lie::Key,
        Lie::Secret,
        Lie::Unsigned,
    ];
    for lie in lies {
        setting.strict.lie(lie);
        assert_eq!(signed_in(&setting, "strict"), Err("A010".to_owned()), "{lie:?}");
    }
    setting.strict.lie(Lie::None);
    let (cookie, path) = begun(&setting, "strict");
    let (other, _) = begun(&setting, "strict");
    for cookie in ["", "holdfast-sign-in=", "holdfast-sign-in=00", &other] {
        assert_eq!(finished(&setting, &path, cookie), Err("A010".to_owned()), "{cookie}");
    }
    let altered = path.replace("code=", "code=x");
    assert_eq!(finished(&setting, &altered, &cookie), Err("A010".to_owned()));
    let elsewhere = path.replace("/strict/", "/giving/");
    assert_eq!(finished(&setting, &elsewhere, &cookie), Err("A010".to_owned()));
    let refused = format!("{path}&error=access_denied");
    assert_eq!(finished(&setting, &refused, &cookie), Err("A010".to_owned()));
    assert!(finished(&setting, &path, &cookie).is_ok(), "the true one goes on");
    assert_eq!(finished(&setting, &path, &cookie), Err("A010".to_owned()), "a code is good once");
    // At a browser a problem is a page.
    let headers = [("cookie", cookie.as_str()), ("accept", "text/html,*/*")];
    let answer = Client::new(&setting.process).raw("GET", &path, None, &headers);
    assert_eq!(
        (answer.status().as_u16(), header(&answer, "location")),
        (303, "/?problem=A010".into())
    );
}

#[test]
fn a_provider_that_gives_roles_makes_users_and_takes_over_nobody() {
    for setting in settings() {
        let roles = |name: &str, roles: &[&str]| {
            setting.giving.somebody(json!({
                "preferred_username": name, "realm": { "roles": roles },
            }));
            signed_in(&setting, "giving").map(|it| me(&setting, &it))
        };
        let made = roles("wang", &["other", "visitor"]).expect("signed in");
        assert_eq!((&made["role"], &made["areas"]), (&json!("officer"), &json!(["610202"])));
        let raised = roles("wang", &["visitor", "chief"]).expect("signed in");
        assert_eq!((&raised["role"], &raised["areas"]), (&json!("supervisor"), &Value::Null));
        assert_eq!(roles("wang", &["none"]).expect_err("no role"), "A010", "{}", setting.name);
        // A user who was made here is not made a supervisor by whoever has that name there.
        for name in ["admin", "li.na"] {
            assert_eq!(roles(name, &["chief"]).expect_err("taken over"), "A010", "{name}");
        }
        assert_eq!(roles("no name", &["chief"]).expect_err("no name"), "A010");
        let body = json!({ "name": "wang", "password": "" });
        let by_password =
            Client::new(&setting.process).send("POST", "/api/v1/sign-in", Some(&body));
        assert_eq!(by_password.1["code"], "A003", "{}", setting.name);
        let admin = Client::signed_in(&setting.process, "admin");
        let done = admin.get("/api/v1/audit?command=user.vouch").1;
        assert_eq!(done["items"].as_array().map(Vec::len), Some(2), "{}: {done}", setting.name);
        let chain = admin.get("/api/v1/audit/verification").1;
        assert_eq!(chain["is_whole"], true, "{}: {:?}", setting.name, setting.database.address);
    }
}

#[test]
fn a_provider_that_is_away_is_said_to_be_away() {
    let database = databases::all().remove(0);
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("key");
    let path = file(folder.path(), "http://127.0.0.1:1", "http://127.0.0.1:2");
    let process = Process::start_with(&database.address, &key, &["--oidc", &path]);
    let (status, problem) = Client::new(&process).get("/api/v1/sign-in/oidc/strict");
    assert_eq!((status, &problem["code"]), (502, &json!("A011")), "{problem}");
    // Somebody who pressed the button at a browser is sent back to the page that says so.
    let headers = [("accept", "text/html,*/*")];
    let answer = Client::new(&process).raw("GET", "/api/v1/sign-in/oidc/strict", None, &headers);
    assert_eq!(
        (answer.status().as_u16(), header(&answer, "location")),
        (303, "/?problem=A011".into())
    );
}
