//! Versions of policies: put into the database once, under the hash of their files, and kept.

use super::{APPROVED, Package, files, no_such_version, number_of};
use crate::Refused;
use crate::live::{Act, Live, Policy};
use base::codes::policy as codes;
use base::{Diagnostic, Period};
use pack::{Change, Layer};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::policies::{ActivationRow, PackRow};
use store::{Tx, policies, settings};

/// What an installation gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// Hash of the files: the version's id.
    pub hash: String,
    /// Whether it was not there before.
    pub is_new: bool,
}

/// A version to be installed, ready and checked.
pub struct Version {
    /// Its files and what comes out of them.
    pub package: Package,
    /// The version that it was made from.
    pub base: Option<String>,
    /// What was changed against that, as JSON.
    pub changes: Option<String>,
    /// Why.
    pub note: Option<String>,
}

/// A version as somebody wants it: whole files, or what differs from an installed version.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Texts by path: the whole pack, or what lies over the base.
    pub files: BTreeMap<String, String>,
    /// Hash of the version that it is made from.
    pub base: Option<String>,
    /// Single numbers that differ.
    pub changes: Vec<Change>,
    /// What it calls itself, where no file says so.
    pub version: Option<String>,
    /// Why.
    pub note: Option<String>,
}

/// Changes as JSON.
fn shown(changes: &[Change]) -> String {
    let change = |it: &Change| {
        let (kind, id, key, value) = (it.kind.name(), &it.id, &it.key, it.value);
        json!({ "kind": kind, "id": id, "key": key, "value": value })
    };
    serde_json::Value::Array(changes.iter().map(change).collect()).to_string()
}

impl From<Package> for Version {
    fn from(package: Package) -> Self {
        Self { package, base: None, changes: None, note: None }
    }
}

impl Live {
    /// Files of an installed version.
    ///
    /// # Errors
    /// V002; those of the database.
    pub fn layers(&self, tx: &mut Tx<'_>, hash: &str) -> Result<Vec<Layer>, Diagnostic> {
        let row = policies::by_hash(tx, hash)?.ok_or_else(|| no_such_version(hash))?;
        Ok(files::from_bytes(&row.files).unwrap_or_default())
    }

    /// What a draft asks for, checked.
    ///
    /// # Errors
    /// V002, V010; every finding of the pack that comes out.
    pub fn drafted(&self, draft: Draft) -> Result<Version, Refused> {
        let more = match draft.files.is_empty() {
            true if draft.base.is_none() => Layer::of_texts([])?,
            true => Layer { shown: String::new(), name: String::new(), files: Vec::new() },
            false => Layer::of_texts(draft.files)?,
        };
        let version = draft.version.as_deref();
        let layers = match &draft.base {
            Some(base) => self.overlaid(base, &draft.changes, Some(more), version)?,
            None => vec![more],
        };
        let changes = (!draft.changes.is_empty()).then(|| shown(&draft.changes));
        let package = Package::of(layers)?;
        Ok(Version { package, base: draft.base, changes, note: draft.note })
    }

    /// Files of an installed version with changes laid over them. Changed parameters hold from the
    /// period under watch on; `more` are files that lie over those of the base, below the changes.
    pub(super) fn overlaid(
        &self,
        base: &str,
        changes: &[Change],
        more: Option<Layer>,
        version: Option<&str>,
    ) -> Result<Vec<Layer>, Refused> {
        let one = |it: Diagnostic| vec![it];
        let read = |tx: &mut Tx<'_>| {
            let layers = self.layers(tx, base)?;
            Ok::<_, Diagnostic>((layers, self.policy_of(tx, base)?, self.watched(tx)?))
        };
        let (mut layers, policy, watched) = self.store.read(read).map_err(one)?;
        layers.extend(more.filter(|it| !it.files.is_empty()));
        if !changes.is_empty() || version.is_some() {
            let from: Option<Period> = watched.map(|it| it.1);
            layers.push(pack::overlay(&layers, policy.pack(), changes, from, version)?);
        }
        Ok(layers)
    }

    /// Installs a version as part of a transaction. A second time changes nothing.
    ///
    /// # Errors
    /// V003, V005; those of the database.
    pub fn install_in(
        &self,
        tx: &mut Tx<'_>,
        version: &Version,
        act: &Act<'_>,
    ) -> Result<Installed, Diagnostic> {
        let pack = version.package.pack();
        let hash = pack.hash.clone();
        if settings::get(tx, APPROVED)?.is_some() && pack.period_kind != self.pack().period_kind {
            let (own, theirs) = (pack.period_kind.name(), self.pack().period_kind.name());
            let message = format!("its periods are {own}s, those under watch are {theirs}s");
            return Err(Diagnostic::new(&codes::OTHER_CALENDAR, message)
                .hint("use another database for another kind of periods"));
        }
        if policies::by_hash(tx, &hash)?.is_some() {
            return Ok(Installed { hash, is_new: false });
        }
        if let Some(other) = policies::by_version(tx, &pack.id, &pack.version)? {
            let message = format!(
                "`{}` {} is installed already with other contents ({})",
                pack.id,
                pack.version,
                other.get(..12).unwrap_or(&other)
            );
            return Err(Diagnostic::new(&codes::VERSION_EXISTS, message)
                .hint("give it a higher `version` in pack.toml"));
        }
        let row = PackRow {
            hash: hash.clone(),
            pack_id: pack.id.clone(),
            version: pack.version.clone(),
            files: files::to_bytes(&version.package.layers),
            base: version.base.clone(),
            changes: version.changes.clone(),
            note: version.note.clone(),
            installed_at: act.now,
            installed_by: act.actor.to_owned(),
        };
        policies::install(tx, &row)?;
        self.record(tx, act, "policy.install", Some(&hash), &row.files)?;
        Ok(Installed { hash, is_new: true })
    }

    /// Installs the first policy of a database and lets it hold from the beginning: there is no
    /// second person yet. Where a policy is in force already nothing happens. Says whether
    /// anything did.
    ///
    /// # Errors
    /// Those of the database.
    pub fn begin(&self, package: Package, act: &Act<'_>) -> Result<bool, Diagnostic> {
        let version = Version::from(package);
        let begun = self.store.write(|tx| {
            if settings::get(tx, APPROVED)?.is_some() {
                return Ok::<_, Diagnostic>(false);
            }
            let hash = self.install_in(tx, &version, act)?.hash;
            let from = version.package.pack().effective_from.map_or(0, number_of);
            let row = ActivationRow {
                hash: hash.clone(),
                from_day: from,
                proposed_by: act.actor.to_owned(),
                proposed_at: act.now,
                ..ActivationRow::default()
            };
            let number = policies::propose(tx, &row)?;
            policies::approve(tx, number, act.actor, act.now)?;
            self.approved(tx)?;
            self.record(tx, act, "policy.begin", Some(&hash), hash.as_bytes())?;
            Ok(true)
        })?;
        self.timelines.keep(&Arc::new(Policy::of(version.package.loaded)?));
        self.store.read(|tx| self.notice(tx))?;
        Ok(begun)
    }
}
