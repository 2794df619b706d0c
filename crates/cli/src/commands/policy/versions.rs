//! `holdfast policy list`.

use super::short;
use crate::show;
use app::live::Live;
use app::live::policy::{Standing, day_of};
use base::Diagnostic;
use store::policies::{self, ActivationRow, PackRow};

/// Prints versions and proposals.
pub fn list(live: &Live) -> Result<(), Diagnostic> {
    let read = |tx: &mut store::Tx<'_>| -> store::Result<_> {
        Ok((policies::all(tx)?, policies::activations(tx)?))
    };
    let (packs, activations) = live.store.read(read)?;
    let in_force = live.pack().hash.clone();
    let version = |it: PackRow| {
        let mark = if it.hash == in_force { "in force" } else { "" };
        vec![short(&it.hash).to_owned(), it.pack_id, it.version, it.installed_by, mark.to_owned()]
    };
    let rows = packs.into_iter().map(version).collect();
    show::line(&show::table(&["version", "pack", "", "installed by", ""], &[], rows));
    let proposal = |it: ActivationRow| {
        let standing = Standing::of(&it).name().to_owned();
        let by = it.approved_by.or(it.refused_by).unwrap_or_default();
        let count = |it: Option<i64>| it.map(|it| show::count(it.unsigned_abs()));
        vec![
            it.number.to_string(),
            short(&it.hash).to_owned(),
            day(it.from_day),
            it.proposed_by,
            standing,
            by,
            count(it.impacted).unwrap_or_default(),
        ]
    };
    let rows = activations.into_iter().map(proposal).collect();
    let header = ["no.", "version", "from", "proposed by", "", "by", "households changed"];
    show::line(&format!("\n{}", show::table(&header, &[0, 6], rows)));
    Ok(())
}

/// A day as people write it.
pub fn day(number: i64) -> String {
    day_of(number).map_or_else(|| number.to_string(), |it| it.to_string())
}
