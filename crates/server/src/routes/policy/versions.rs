//! Versions of the policy, and what became of each.

use super::activations::Activation;
use super::trials::ToChange;
use crate::auth::Who;
use crate::body::Body;
use crate::clock::{now, shown};
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use app::live::policy::{Draft, Standing};
use app::live::{Act, Live};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use base::Diagnostic;
use base::codes::policy::BAD_CHANGE;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::policies::{self, ActivationRow, PackRow};
use utoipa::ToSchema;

/// An installed version.
#[derive(Serialize, ToSchema)]
pub struct Version {
    /// The pack's id.
    pack: String,
    /// Its version.
    version: String,
    /// Hash of its files: what proposals name.
    hash: String,
    /// `in_force`, `approved`, `proposed`, `refused` or `installed`.
    state: String,
    /// Whether it judges the period under watch.
    is_active: bool,
    /// When it was installed.
    stored_at: String,
    /// Who did.
    stored_by: String,
    /// The version that it was made from.
    base: Option<String>,
    /// What was changed against that.
    #[schema(value_type = Option<Vec<Object>>)]
    changes: Option<serde_json::Value>,
    /// Why.
    note: Option<String>,
    /// What was proposed of it.
    activations: Vec<Activation>,
}

/// Versions.
#[derive(Serialize, ToSchema)]
pub struct Versions {
    /// The latest installed first.
    items: Vec<Version>,
    /// Always nothing: there are few.
    next: Option<String>,
}

fn version(row: PackRow, all: &[ActivationRow], in_force: &str) -> Version {
    let own: Vec<ActivationRow> = all.iter().filter(|it| it.hash == row.hash).cloned().collect();
    let is_active = row.hash == in_force;
    let state = match own.last().map(Standing::of) {
        _ if is_active => "in_force",
        Some(it) => it.name(),
        None => "installed",
    };
    Version {
        pack: row.pack_id,
        version: row.version,
        hash: row.hash,
        state: state.to_owned(),
        is_active,
        stored_at: shown(row.installed_at),
        stored_by: row.installed_by,
        base: row.base,
        changes: row.changes.and_then(|it| serde_json::from_str(&it).ok()),
        note: row.note,
        activations: own.into_iter().map(Activation::from).collect(),
    }
}

fn all(live: &Live) -> Result<(Vec<PackRow>, Vec<ActivationRow>), Diagnostic> {
    let read = |tx: &mut store::Tx<'_>| -> store::Result<_> {
        Ok((policies::all(tx)?, policies::activations(tx)?))
    };
    Ok(live.store.read(read)?)
}

/// Every version that was installed
#[utoipa::path(get, path = "/api/v1/policy/versions", tag = "policy",
    responses((status = 200, body = Versions)))]
pub async fn list(State(server): State<Server>, who: Who) -> Result<Json<Versions>, Problem> {
    who.may(Action::ReadPolicy)?;
    let (packs, activations) = server.ask(all).await?;
    let in_force = server.live.pack().hash.clone();
    let items = packs.into_iter().map(|it| version(it, &activations, &in_force));
    Ok(Json(Versions { items: items.collect(), next: None }))
}

/// A change of the policy in force.
#[derive(Serialize, ToSchema)]
#[schema(as = VersionEntry)]
pub struct Entry {
    /// The version.
    version: String,
    /// What was changed against the one that it was made from, where that was noted.
    #[schema(value_type = Option<Vec<Object>>)]
    changes: Option<serde_json::Value>,
    /// The version that it was made from.
    base: Option<String>,
    /// Who wanted it, who agreed, since when, and how many households it concerned.
    activation: Activation,
}

/// The change log.
#[derive(Serialize, ToSchema)]
pub struct Log {
    /// The latest approved first.
    items: Vec<Entry>,
    /// Always nothing: there are few.
    next: Option<String>,
}

/// What came into force when, and how many households' bands it changed
#[utoipa::path(get, path = "/api/v1/policy/changes", tag = "policy",
    responses((status = 200, body = Log)))]
pub async fn changes(State(server): State<Server>, who: Who) -> Result<Json<Log>, Problem> {
    let principal = who.may(Action::ReadPolicy)?;
    let (packs, mut activations) = server.ask(all).await?;
    activations.retain(|it| it.approved_at.is_some());
    activations.sort_by_key(|it| (it.approved_at, it.number));
    // Counts over all areas are for those who may see them.
    let sees_all = principal.within == store::Within::Everywhere;
    let sees_all = sees_all && principal.may(Action::ReadCounts).is_ok();
    let entry = |mut row: ActivationRow| {
        if !sees_all {
            (row.rescored, row.impacted) = (None, None);
        }
        let pack = packs.iter().find(|it| it.hash == row.hash);
        let changes = pack.and_then(|it| it.changes.as_deref());
        Entry {
            version: pack.map(|it| it.version.clone()).unwrap_or_default(),
            changes: changes.and_then(|it| serde_json::from_str(it).ok()),
            base: pack.and_then(|it| it.base.clone()),
            activation: row.into(),
        }
    };
    Ok(Json(Log { items: activations.into_iter().rev().map(entry).collect(), next: None }))
}

/// A version to be installed: all files of a pack, or what differs from an installed one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToInstall {
    /// Texts by path; with `base` those that lie over its own.
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// Hash of an installed version.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    base: Option<String>,
    /// Single numbers that differ from those of the base.
    #[serde(default)]
    #[schema(max_items = 100)]
    changes: Vec<ToChange>,
    /// What the changed pack calls itself.
    #[schema(pattern = "^[0-9A-Za-z._-]{1,32}$")]
    version: Option<String>,
    /// Why.
    #[schema(max_length = 1000, pattern = r"^[^\x00]*$")]
    note: Option<String>,
}

/// What an installation gave.
#[derive(Serialize, ToSchema)]
pub struct Installed {
    /// Hash of the files.
    hash: String,
    /// The version.
    version: String,
    /// Whether it was not there before.
    is_new: bool,
    /// Warnings and notes of the check.
    findings: Vec<crate::problem::Finding>,
}

/// Install a version: checked, its examples run; refused with every finding
#[utoipa::path(post, path = "/api/v1/policy/versions", tag = "policy", request_body = ToInstall,
    responses((status = 201, body = Installed), (status = 200, body = Installed),
        (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn add(
    State(server): State<Server>,
    who: Who,
    Body(it): Body<ToInstall>,
) -> Result<(StatusCode, Json<Installed>), Problem> {
    let principal = who.may(Action::ProposePolicy)?;
    let draft = draft(it)?;
    // Checked before the transaction: that takes its time.
    let version = server.ask(move |live| Ok(live.drafted(draft))).await??;
    let findings = version.package.loaded.diagnostics.iter().map(Into::into).collect();
    let (name, at) = (version.package.pack().version.clone(), now());
    let work = move |live: &Live, tx: &mut store::Tx<'_>| {
        let act = Act { actor: &principal.name, now: at, within: &principal.within };
        live.install_in(tx, &version, &act)
    };
    let done = server.writer.write(work).await?;
    let status = if done.is_new { StatusCode::CREATED } else { StatusCode::OK };
    let installed = Installed { hash: done.hash, version: name, is_new: done.is_new, findings };
    Ok((status, Json(installed)))
}

fn draft(it: ToInstall) -> Result<Draft, Problem> {
    let is_name = |it: char| it.is_ascii_alphanumeric() || "._-".contains(it);
    let is_version = |it: &String| (1..=32).contains(&it.len()) && it.chars().all(is_name);
    if it.version.as_ref().is_some_and(|it| !is_version(it)) {
        return Err(Problem::unprocessable("version: letters, digits and . _ -, at most 32"));
    }
    if it.base.is_none() && (it.version.is_some() || !it.changes.is_empty()) {
        let finding = Diagnostic::new(&BAD_CHANGE, "base: which version shall be changed?");
        return Err(finding.hint("give the hash of one of GET /api/v1/policy/versions").into());
    }
    let is_hash = |it: &String| it.len() == 64 && it.bytes().all(|it| it.is_ascii_hexdigit());
    if it.base.as_ref().is_some_and(|it| !is_hash(it)) {
        return Err(Problem::unprocessable("base: the hash of an installed version"));
    }
    let is_long = |it: &String| it.chars().count() > 1000 || it.contains('\0');
    if it.note.as_ref().is_some_and(is_long) {
        return Err(Problem::unprocessable("note: at most 1000 characters, no zero bytes"));
    }
    let changes = super::trials::changes(it.changes)?;
    Ok(Draft { files: it.files, base: it.base, changes, version: it.version, note: it.note })
}
