//! One household as its page shows it: why, since when, what would help; from its facts, at any
//! period and as they were known at any time.
//!
//! Where the household lives now decides who may see it, for its past too.

mod explained;
mod facts;
mod past;
mod timeline;
mod trial;

pub use explained::{Changed, Contributed, Explained, ForcedBand, Unjudged, Way};
pub use facts::LastFact;
pub use monitor::explain::Value;
pub use past::{Past, Shock};
pub use timeline::{Item, ItemKind, Place as TimelinePlace};
pub use trial::{Judged, Slider, Trial};

use super::{Live, OPEN, Policy};
use crate::assess::from_facts;
use arrow::record_batch::RecordBatch;
use base::codes::live as codes;
use base::{AreaCode, Diagnostic, Period};
use monitor::facts::{Fact, settle};
use monitor::{Assessed, rows};
use std::sync::Arc;
use store::{Tx, Within, scores};

/// Which household, when, and as known when.
#[derive(Clone, Debug)]
pub struct About<'a> {
    /// The household.
    pub household: &'a str,
    /// Whose rows may be seen.
    pub within: &'a Within,
    /// The period; the one under watch where absent.
    pub period: Option<Period>,
    /// As it was known then, in microseconds; everything where absent.
    pub as_of: Option<i64>,
}

/// A household judged in a period, with what it was judged by.
struct Study {
    policy: Arc<Policy>,
    /// Its panel, sorted by period.
    rows: RecordBatch,
    assessed: Assessed,
    /// Facts recorded under it that count.
    facts: Vec<Fact>,
}

impl Live {
    /// Whether somebody may see a household; one without scores is nobody's.
    pub(super) fn is_seen(
        &self,
        tx: &mut Tx<'_>,
        household: &str,
        within: &Within,
    ) -> Result<bool, Diagnostic> {
        let area = scores::areas(tx, &[household])?.remove(household);
        Ok(area.is_some_and(|it| within.holds(it.as_deref())))
    }

    /// The period under watch and the one that is asked about; `None` where the household may not
    /// be seen. Later periods than the one under watch are refused.
    fn asked_about(
        &self,
        tx: &mut Tx<'_>,
        about: &About<'_>,
    ) -> Result<Option<(Period, Period)>, Diagnostic> {
        let Some(open) = self.period(tx, OPEN)? else { return Ok(None) };
        if !self.is_seen(tx, about.household, about.within)? {
            return Ok(None);
        }
        let at = about.period.unwrap_or(open);
        if at.index() > open.index() || open.index() - at.index() > PERIODS_MAX {
            let message = format!("{at} is not among the periods up to {open}");
            return Err(Diagnostic::new(&base::codes::run::NO_SUCH_PERIOD, message)
                .hint("ask about the period under watch or one before it"));
        }
        self.assert_not_frozen(tx, Some(at), about.as_of)?;
        Ok(Some((open, at)))
    }

    /// Judges a household in a period with so many periods of history; `None` where nothing was
    /// known of it.
    fn study(
        &self,
        tx: &mut Tx<'_>,
        household: &str,
        at: Period,
        earlier: u32,
        as_of: Option<i64>,
    ) -> Result<Option<Study>, Diagnostic> {
        let policy = self.timeline(tx)?.at(at).policy.clone();
        let (pack, evaluator) = (policy.pack(), &policy.loaded.evaluator);
        let histories = self.histories(tx, &policy.codes, &[household], as_of)?;
        let depth = evaluator.history_depth() + earlier + 1;
        let range = (at.offset(-(depth as i32)), at);
        let households = &histories.households;
        let chunk = from_facts(pack, &policy.codes, &histories.shared, range, households)?;
        if chunk.rows.num_rows() == 0 {
            return Ok(None);
        }
        let rows = rows::distinct(&chunk.rows)?.batch;
        let assessed = evaluator.assess_with_history(&rows, at, earlier + 1)?;
        let own = households.get(household).map_or_else(Vec::new, |it| settle(it.iter().collect()));
        let facts = own.into_iter().cloned().collect();
        Ok(Some(Study { rows, assessed, facts, policy }))
    }
}

/// Periods back that can be asked about.
const PERIODS_MAX: i32 = 600;

/// A household that nobody knew at the time that is asked about.
fn unknown_then() -> Diagnostic {
    Diagnostic::new(&codes::NOT_KNOWN_THEN, "nothing was known of the household at that time")
        .hint("ask about a later period or a later as_of")
}

impl Study {
    fn row(&self) -> Option<usize> {
        self.assessed.row_of(0, self.assessed.at.index())
    }

    /// What the row of the period says of an attribute.
    fn known(&self, attribute: usize) -> Option<Value> {
        let column =
            self.assessed.batch.column_by_name(&self.policy.pack().attributes[attribute].id);
        Value::at(column?, self.row()?)
    }

    /// Where it lives in the period.
    fn area(&self) -> Option<AreaCode> {
        let column = self.assessed.batch.column_by_name(rows::AREA);
        match Value::at(column?, self.row()?)? {
            Value::Text(it) => Some(AreaCode::new(it)),
            _ => None,
        }
    }
}
