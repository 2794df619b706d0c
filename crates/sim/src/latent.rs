//! The latent process: log consumption per head of a household, month by month.
//!
//! log c = median + lasting level + passing deviation (an AR(1)) + shocks + season + pandemic.
//! Shocks strike poorer households more often and heal slowly. Nothing of this is ever
//! reported as it is.

use crate::config::Config;
use crate::people::{Household, generator};
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

/// A shock that struck in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shock {
    /// A major illness of a member.
    Illness,
    /// The main earner lost work.
    JobLoss,
    /// Flood, hail or landslide.
    Disaster,
    /// An income project failed.
    FailedProject,
    /// An earner died.
    EarnerDeath,
    /// A child dropped out of school.
    Dropout,
}

/// Probability a month, first effect on log consumption, and what is left of it after a month.
const SHOCKS: [(Shock, f64, f64, f64); 6] = [
    (Shock::Illness, 0.0050, -0.40, 0.93),
    (Shock::JobLoss, 0.0130, -0.30, 0.84),
    (Shock::Disaster, 0.0030, -0.25, 0.88),
    (Shock::FailedProject, 0.0040, -0.25, 0.90),
    (Shock::EarnerDeath, 0.0006, -0.55, 0.98),
    (Shock::Dropout, 0.0010, -0.02, 0.90),
];
/// Additions to log consumption by calendar month: harvest and the Spring Festival bring more.
const SEASON: [f64; 12] =
    [0.06, 0.05, -0.03, -0.05, -0.04, -0.02, 0.00, 0.01, 0.04, 0.05, 0.01, -0.01];
/// Loss of log consumption from February to June 2020.
const PANDEMIC: [(i32, f64); 5] = [
    (2020 * 12 + 1, 0.10),
    (2020 * 12 + 2, 0.12),
    (2020 * 12 + 3, 0.08),
    (2020 * 12 + 4, 0.05),
    (2020 * 12 + 5, 0.03),
];
/// Months simulated before the first one that is reported, so that the start is nothing special.
const BURN_IN: u32 = 24;

/// A household's latent history.
#[derive(Clone, Debug)]
pub struct History {
    /// Consumption per head, yuan a year, per month of the simulation.
    pub consumption: Vec<f64>,
    /// Mean of log consumption over the twelve months up to each.
    pub year_mean_log: Vec<f64>,
    /// Shocks by month of the simulation.
    pub shocks: Vec<(u32, Shock)>,
    /// What job losses still weigh in each month, for employment.
    pub work_gap: Vec<f64>,
}

impl History {
    /// Whether the household is poor in a month.
    pub fn is_poor(&self, config: &Config, month: u32) -> bool {
        self.consumption[month as usize] < config.line
    }
}

/// Draws the history of a household.
pub fn history(config: &Config, household: &Household) -> History {
    let mut rng = generator(config, household.number, 3);
    let normal = |rng: &mut rand_chacha::ChaCha8Rng| -> f64 { StandardNormal.sample(rng) };
    let level = normal(&mut rng);
    let able_share = household.able() as f64 / household.members.len() as f64;
    let lasting = config.level_sd * (0.9 * level + 0.8 * (able_share - 0.62));
    let innovation = config.passing_sd * (1.0 - config.persistence * config.persistence).sqrt();
    let mut passing = config.passing_sd * normal(&mut rng);
    // Poorer households are struck more often.
    let exposure = (-0.45 * level).exp();
    let mut weights = [0.0f64; 6];
    let mut history = History {
        consumption: Vec::new(),
        year_mean_log: Vec::new(),
        shocks: Vec::new(),
        work_gap: Vec::new(),
    };
    let mut logs: Vec<f64> = Vec::new();
    for step in 0..BURN_IN + config.months {
        let month = config.start.index() + step as i32 - BURN_IN as i32;
        let calendar = month.rem_euclid(12) as usize;
        for (weight, (shock, probability, effect, left)) in weights.iter_mut().zip(SHOCKS) {
            *weight *= left;
            let season =
                if shock == Shock::Disaster && (5..9).contains(&calendar) { 2.2 } else { 0.8 };
            let season = if shock == Shock::Disaster { season } else { 1.0 };
            let concerned = match shock {
                Shock::FailedProject => household.has_project,
                Shock::JobLoss | Shock::EarnerDeath => household.able() > 0,
                Shock::Dropout => household.members.iter().any(|it| (7..16).contains(&it.age)),
                _ => true,
            };
            let strikes = rng.random::<f64>() < probability * exposure * season;
            if strikes && concerned {
                *weight += effect;
                if step >= BURN_IN {
                    history.shocks.push((step - BURN_IN, shock));
                }
            }
        }
        passing = config.persistence * passing + innovation * normal(&mut rng);
        let pandemic = PANDEMIC.iter().find(|it| it.0 == month).map_or(0.0, |it| it.1);
        let shocks: f64 = weights.iter().sum();
        logs.push(lasting + passing + shocks + SEASON[calendar] - pandemic);
        if step >= BURN_IN {
            let year = &logs[logs.len() - 12..];
            history.year_mean_log.push(year.iter().sum::<f64>() / 12.0);
            let log = logs[logs.len() - 1];
            history.consumption.push(config.median * log.exp());
            history.work_gap.push(weights[1] + weights[4] - 0.6 * passing.min(0.0).abs());
        }
    }
    history
}
