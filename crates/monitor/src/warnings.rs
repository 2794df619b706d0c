//! scores → warnings: a band that rose, a key indicator that fired, a trigger on a fact; merged
//! per household, without what is known already, ranked within a budget.
//!
//! A warning opens a case and decides nothing. Its identity does not depend on its rank: ranking
//! and budgets are operations on the set of a period's warnings.

pub mod budget;
pub mod from_scores;
pub mod known;
pub mod rank;
pub mod table;
pub mod triggers;

use base::{AreaCode, Band, Period, Score};

pub use from_scores::from_scores;
pub use known::Known;
pub use rank::{Ranked, rank};
pub use triggers::{Firing, TriggerFact};

/// What raised a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The band is at or above the pack's warning band.
    Band,
    /// A trigger on a fact or on the panel's row.
    Trigger,
    /// A key indicator forced the band.
    Key,
}

impl Kind {
    /// The word used in files.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Band => "band",
            Kind::Trigger => "trigger",
            Kind::Key => "key",
        }
    }
}

/// One rule's part in a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFired {
    /// `band`, `key.INDICATOR` or `trigger.ID`.
    pub rule: String,
    /// What kind of rule it is.
    pub kind: Kind,
    /// How urgent it is by itself.
    pub urgency: Band,
    /// First period of the unbroken run in which it has held.
    pub first_period: Period,
}

/// A household's warning in a period: all rules that hold, merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Hash of household, leading rule and first period of its spell: 32 hexadecimal digits. The
    /// leading rule is the one that has held longest, so the id lasts as long as the spell.
    pub id: String,
    /// The household.
    pub household: String,
    /// Its area.
    pub area: Option<AreaCode>,
    /// The assessed period.
    pub period: Period,
    /// First period of the spell.
    pub first_period: Period,
    /// The greatest urgency among its rules.
    pub urgency: Band,
    /// The household's band.
    pub band: Band,
    /// Its band one period earlier.
    pub previous_band: Band,
    /// Its composite.
    pub composite: Score,
    /// Its confidence.
    pub confidence: Score,
    /// The strongest kind among its rules.
    pub kind: Kind,
    /// The rules that hold, longest-running first.
    pub rules: Vec<RuleFired>,
    /// Ids of the indicators that contribute most.
    pub reasons: Vec<String>,
}

impl Warning {
    /// Whether a key judgement forces red: such a warning stands outside every budget.
    pub fn is_forced_red(&self) -> bool {
        self.rules.iter().any(|it| it.kind == Kind::Key && it.urgency == Band::Red)
    }

    /// Whether it did not exist one period earlier.
    pub fn is_new(&self) -> bool {
        self.first_period == self.period
    }
}
