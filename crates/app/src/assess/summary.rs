//! The situation in numbers.

use base::{AreaCode, Band};
use std::collections::BTreeMap;

/// Households per band in an area.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AreaCount {
    /// By band number, unknown first.
    pub bands: [u64; 6],
    /// Warnings within the budget.
    pub warned: u64,
    /// Warnings beyond it.
    pub waiting: u64,
}

/// What a run counted.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Rows that were read.
    pub rows: u64,
    /// Households assessed.
    pub households: u64,
    /// Households without a row in the period.
    pub without_row: u64,
    /// Equal duplicate rows that collapsed.
    pub collapsed: u64,
    /// By band number, unknown first.
    pub bands: [u64; 6],
    /// The same one period earlier, where warnings were made.
    pub previous_bands: [u64; 6],
    /// Per area code, at the level that the pack's areas have, else at the code itself.
    pub areas: BTreeMap<AreaCode, AreaCount>,
    /// Households whose every rule is known already.
    pub suppressed: u64,
    /// Rules left out because they are known.
    pub suppressed_rules: u64,
    /// Households that were assessed without some of their rows.
    pub with_rejects: Vec<String>,
    /// Per indicator: households whose value is unknown although all it reads is known.
    pub arithmetic_unknown: BTreeMap<String, u64>,
}

impl Summary {
    /// Households in a band.
    pub fn in_band(&self, band: Band) -> u64 {
        self.bands[band as usize]
    }

    /// Households in a band or a worse one; unknown is none of them.
    pub fn at_least(&self, band: Band) -> u64 {
        Band::ALL.into_iter().filter(|it| it.is_at_least(band)).map(|it| self.in_band(it)).sum()
    }

    /// The same as a share of the households assessed; 0 where there are none.
    pub fn share_at_least(&self, band: Band) -> f64 {
        self.at_least(band) as f64 / self.households.max(1) as f64
    }

    /// Adds what another part of the run counted.
    pub fn add(&mut self, other: Summary) {
        self.rows += other.rows;
        self.households += other.households;
        self.without_row += other.without_row;
        self.collapsed += other.collapsed;
        self.with_rejects.extend(other.with_rejects);
        self.suppressed += other.suppressed;
        self.suppressed_rules += other.suppressed_rules;
        for band in 0..6 {
            self.bands[band] += other.bands[band];
            self.previous_bands[band] += other.previous_bands[band];
        }
        for (area, count) in other.areas {
            let own = self.areas.entry(area).or_default();
            for band in 0..6 {
                own.bands[band] += count.bands[band];
            }
        }
        for (indicator, count) in other.arithmetic_unknown {
            *self.arithmetic_unknown.entry(indicator).or_default() += count;
        }
    }
}
