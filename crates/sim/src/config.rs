//! The assumptions, as numbers. All are this simulator's own.

use base::{Period, PeriodKind};

/// What is simulated.
#[derive(Clone, Debug)]
pub struct Config {
    /// The seed: the same seed gives the same bytes.
    pub seed: u64,
    /// Households.
    pub households: u64,
    /// Members of all households together.
    pub people: u64,
    /// First month.
    pub start: Period,
    /// Months.
    pub months: u32,
    /// Standard deviation of a household's lasting level of log consumption.
    pub level_sd: f64,
    /// Stationary standard deviation of its passing deviation.
    pub passing_sd: f64,
    /// What is left of a deviation after a month.
    pub persistence: f64,
    /// Median consumption per head, yuan a year.
    pub median: f64,
    /// Consumption per head below which a household counts as poor, yuan a year: six tenths of
    /// the median, as the reference line of the consumption panel it is calibrated to.
    pub line: f64,
    /// Standard deviation of what a visit measures of log income: the knob between a monitor that
    /// sees everything and one that sees nothing.
    pub income_noise: f64,
    /// Share of departmental facts that arrive a second time from another department.
    pub duplicated: f64,
    /// Share of facts later corrected by another.
    pub corrected: f64,
    /// Facts learned from this day on (since 1970-01-01) go to a file of their own, to arrive while
    /// somebody watches.
    pub arriving_from: Option<i32>,
}

impl Config {
    /// The city of the bulletin: 4,590 relocated households with 13,944 people, 24 months up to
    /// June 2020.
    pub fn tongchuan(seed: u64) -> Self {
        Self {
            seed,
            households: 4_590,
            people: 13_944,
            start: Period::from_index(PeriodKind::Month, 2018 * 12 + 6),
            months: 24,
            level_sd: 0.33,
            passing_sd: 0.36,
            persistence: 0.90,
            median: 14_000.0,
            line: 8_400.0,
            income_noise: 0.20,
            duplicated: 0.06,
            corrected: 0.02,
            arriving_from: None,
        }
    }

    /// The same city in another size.
    #[must_use]
    pub fn with_households(mut self, households: u64) -> Self {
        self.people = (self.people * households + self.households / 2) / self.households;
        self.households = households;
        self
    }

    /// A month of the simulation.
    pub fn month(&self, step: u32) -> Period {
        self.start.offset(step as i32)
    }

    /// The id of a household: padded, so that order of ids is order of numbers.
    pub fn household_id(&self, number: u64) -> String {
        let width = (self.households.max(1) - 1).to_string().len().max(6);
        format!("H{number:0width$}")
    }
}
