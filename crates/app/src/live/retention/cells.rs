//! Values of the panel in closed scores: what the score was made of, beside the score itself.

use super::Rules;
use crate::live::{Cell, Detail, Live};
use base::Diagnostic;
use pack::Pack;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Tx;
use store::scores::{self, ScoreRow};

/// Cells of a row that are due: position and attribute.
pub type Due = Vec<(usize, String)>;

/// What is done with a row that has cells to be erased.
type Each<'a> = dyn FnMut(ScoreRow, Due) -> Result<(), Diagnostic> + 'a;

impl Live {
    /// Calls `each` with the closed score rows of some households in which cells are due.
    pub(super) fn each_row_with_cells(
        &self,
        tx: &mut Tx<'_>,
        rules: &Rules,
        households: &[String],
        each: &mut Each<'_>,
    ) -> Result<(), Diagnostic> {
        let Some(frozen) = rules.frozen else { return Ok(()) };
        let last = i64::from(frozen.index()) - 1;
        let ids: Vec<&str> = households.iter().map(String::as_str).collect();
        let mut packs = BTreeMap::new();
        for row in scores::of_households(tx, &ids, (i64::MIN, last))? {
            let pack = match packs.get(&row.pack) {
                Some(known) => known,
                None => {
                    let pack = self.pack_that_made(tx, &row.pack);
                    packs.entry(row.pack.clone()).or_insert(pack)
                }
            };
            let due = due(&row, pack.as_deref(), rules);
            if !due.is_empty() {
                each(row, due)?;
            }
        }
        Ok(())
    }

    fn pack_that_made(&self, tx: &mut Tx<'_>, hash: &str) -> Option<Arc<Pack>> {
        let own = self.pack();
        if own.hash == hash {
            return Some(own);
        }
        self.policy_of(tx, hash).ok().map(|it| it.pack().clone())
    }
}

/// The cells of a row that are due. Where nobody knows any more which is which, all of them.
fn due(row: &ScoreRow, pack: Option<&Pack>, rules: &Rules) -> Due {
    let Some(detail) = Detail::from_bytes(&row.detail) else { return Due::new() };
    let known = detail.panel.iter().enumerate().filter(|it| *it.1 != Cell::Unknown);
    let of = |position: usize| match pack {
        Some(pack) => {
            let id = &pack.attributes.get(position)?.id;
            let horizon = rules.cells.get(id)?;
            (row.period < i64::from(horizon.index())).then(|| (position, id.clone()))
        }
        None => Some((position, "?".to_owned())),
    };
    known.filter_map(|it| of(it.0)).collect()
}

/// A row without some of its cells; everything else of it stays.
pub fn without(row: ScoreRow, due: &Due) -> ScoreRow {
    let Some(mut detail) = Detail::from_bytes(&row.detail) else { return row };
    for (position, _) in due {
        if let Some(cell) = detail.panel.get_mut(*position) {
            *cell = Cell::Unknown;
        }
    }
    ScoreRow { detail: detail.to_bytes(), ..row }
}

/// Counts cells by attribute.
pub fn count(counts: &mut BTreeMap<String, u64>, due: &Due) {
    for (_, attribute) in due {
        *counts.entry(attribute.clone()).or_default() += 1;
    }
}
