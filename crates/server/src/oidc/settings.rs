//! The settings file: who may vouch, and for whom.

use app::access::{Grant, Trust};
use base::Diagnostic;
use base::codes::run::BAD_OPTION;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    public_url: String,
    #[serde(default)]
    provider: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    label: Label,
    issuer: String,
    client_id: String,
    client_secret_file: PathBuf,
    #[serde(default = "subject")]
    user_claim: String,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    grant: Vec<Granted>,
}

fn subject() -> String {
    "sub".to_owned()
}

/// What people read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Granted {
    claim: String,
    value: String,
    role: String,
    areas: Vec<String>,
}

/// A provider as it was written down.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its name in addresses.
    pub id: String,
    /// Its name for people.
    pub label: Label,
    /// Who it says it is.
    pub issuer: String,
    /// What this server is called there.
    pub client_id: String,
    /// What this server says who it is with.
    pub client_secret: String,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// What it is trusted with.
    pub trust: Trust,
}

/// Reads the public address of the server, and the providers.
pub fn read(path: &Path) -> Result<(String, Vec<Settings>), Diagnostic> {
    let fault = |why: String| {
        Diagnostic::new(&BAD_OPTION, format!("{} cannot be used: {why}", path.display()))
            .hint("docs/operating.md shows a settings file")
    };
    let text = std::fs::read_to_string(path).map_err(|it| fault(it.to_string()))?;
    let file: File = toml::from_str(&text).map_err(|it| fault(it.to_string()))?;
    let public_url = file.public_url.trim_end_matches('/').to_owned();
    if !is_safe(&public_url) {
        return Err(fault("public_url begins with https://".to_owned()));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut all: Vec<Settings> = Vec::new();
    for entry in file.provider {
        let id = entry.id.clone();
        let settings = one(entry, folder).map_err(|it| fault(format!("provider {id}: {it}")))?;
        if all.iter().any(|it| it.id == settings.id) {
            return Err(fault(format!("provider {id} is there twice")));
        }
        all.push(settings);
    }
    Ok((public_url, all))
}

fn one(entry: Entry, folder: &Path) -> Result<Settings, String> {
    let is_plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    if !(1..=32).contains(&entry.id.len()) || !entry.id.chars().all(is_plain) {
        return Err("an id has lower-case letters, digits and -".to_owned());
    }
    if !is_safe(&entry.issuer) {
        return Err("the issuer begins with https://".to_owned());
    }
    let path = folder.join(&entry.client_secret_file);
    let secret = std::fs::read_to_string(&path);
    let secret = secret.map_err(|it| format!("{}: {it}", path.display()))?;
    let grant = |it: &Granted| Grant::of(&it.claim, &it.value, &it.role, &it.areas);
    let grants = entry.grant.iter().map(grant).collect::<Result<_, _>>()?;
    let trust = Trust { authority: entry.id.clone(), user_claim: entry.user_claim, grants };
    Ok(Settings {
        id: entry.id,
        label: entry.label,
        issuer: entry.issuer,
        client_id: entry.client_id,
        client_secret: secret.trim().to_owned(),
        scopes: entry.scopes,
        trust,
    })
}

/// Whether what is said at an address stays between two: TLS, or this machine.
pub fn is_safe(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return url.starts_with("https://") };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |it| it.0);
    ["127.0.0.1", "localhost", "[::1]"].contains(&name)
}
