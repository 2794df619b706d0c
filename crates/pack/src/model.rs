//! A checked pack: what everything downstream may rely on.
//!
//! Holds no raw text that still needs reading, no unresolved name and no default that an office
//! did not choose. Lists are ordered so that sums over them have one order.

mod attributes;
mod examples;
mod indicators;
mod parameters;
mod scoring;

pub use attributes::*;
pub use examples::*;
pub use indicators::*;
pub use parameters::*;
pub use scoring::*;

use crate::expr::Expr;
use crate::people::People;
use base::PeriodKind;
use jiff::civil::Date;

/// A whole policy, checked.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Lower-case id, the folder's name.
    pub id: String,
    /// Version as its authors write it, e.g. `2020.2`.
    pub version: String,
    /// Name for people.
    pub label: Label,
    /// Who decides on it.
    pub authority: String,
    /// The day from which it may be used.
    pub effective_from: Option<Date>,
    /// The length of its periods.
    pub period_kind: PeriodKind,
    /// ISO 4217 code.
    pub currency: String,
    /// Languages that every label has, e.g. `en`, `zh`.
    pub languages: Vec<String>,
    /// Hash of all its files, overlays included: 64 hexadecimal digits.
    pub hash: String,
    /// Code lengths that are levels of the area tree, ascending, e.g. 2, 4, 6, 9, 12.
    pub area_levels: Vec<usize>,
    /// Input columns for `household_id`, `period` and `area_code`, where they have other names.
    pub columns: ReservedColumns,
    /// Attributes by id.
    pub attributes: Vec<Attribute>,
    /// Parameters by id.
    pub parameters: Vec<Parameter>,
    /// Modules in the pack's order.
    pub modules: Vec<Module>,
    /// Dimensions in the pack's order.
    pub dimensions: Vec<Dimension>,
    /// Indicators: by dimension in the pack's order, then by id.
    pub indicators: Vec<Indicator>,
    /// How scores, trends, bands and warnings are made.
    pub scoring: Scoring,
    /// Triggers by id.
    pub triggers: Vec<Trigger>,
    /// How people are told apart.
    pub people: People,
}

/// A name in each of the pack's languages, in the order of [`Pack::languages`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label(pub Vec<(String, String)>);

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Title of the source.
    pub title: String,
    /// Address, where there is one.
    pub href: Option<String>,
    /// `true` where nobody published it and it is our own proposal.
    pub is_proposal: bool,
}

/// Input columns of the three reserved names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservedColumns {
    /// Column of the household id.
    pub household_id: String,
    /// Column of the period.
    pub period: String,
    /// Column of the area code.
    pub area_code: String,
}

impl Label {
    /// The name in a language, else in the first.
    pub fn get(&self, language: &str) -> &str {
        let found = self.0.iter().find(|(it, _)| it == language).or_else(|| self.0.first());
        found.map_or("", |(_, text)| text)
    }
}

impl Pack {
    /// The index of an attribute.
    pub fn attribute(&self, id: &str) -> Option<usize> {
        self.attributes.iter().position(|it| it.id == id)
    }

    /// The index of an indicator.
    pub fn indicator(&self, id: &str) -> Option<usize> {
        self.indicators.iter().position(|it| it.id == id)
    }

    /// Periods that expressions may read before the one they are evaluated in.
    pub fn lookback(&self) -> u32 {
        let indicators = self.indicators.iter().flat_map(Indicator::expressions);
        let triggers = self.triggers.iter().map(|it| &it.when);
        indicators.chain(triggers).map(Expr::lookback).max().unwrap_or(0)
    }

    /// Periods, the assessed one included, that its band depends on: look-back of expressions,
    /// then the trend's window, then the periods searched for clean ones.
    pub fn history_depth(&self) -> u32 {
        let trend = self.scoring.trend.as_ref().map_or(1, |it| it.window);
        self.lookback() + trend.max(1) + self.scoring.clean_within.max(1) - 1
    }
}
