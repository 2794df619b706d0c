//! Households and their members at the start.

use crate::config::Config;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Households whose sizes are drawn together, so that the city's total comes out exactly.
const BLOCK: u64 = 90;
/// Share of households of 1, 2, … 7 members; the mean is close to the city's 3.04.
const SIZES: [(usize, f64); 7] =
    [(1, 0.14), (2, 0.25), (3, 0.25), (4, 0.20), (5, 0.11), (6, 0.04), (7, 0.01)];

/// A generator of a household's own: independent of all others and of the order of work.
pub fn generator(config: &Config, household: u64, purpose: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(config.seed ^ (purpose << 56));
    rng.set_stream(household);
    rng
}

/// A person.
#[derive(Clone, Debug)]
pub struct Member {
    /// Age at the start in years.
    pub age: u32,
    /// Able to work.
    pub is_able: bool,
    /// A chronic illness.
    pub is_chronic: bool,
    /// Disabled in grade 1 or 2.
    pub is_disabled: bool,
}

/// A household at the start.
#[derive(Clone, Debug)]
pub struct Household {
    /// Its number.
    pub number: u64,
    /// Its members.
    pub members: Vec<Member>,
    /// Registered as poor.
    pub is_registered: bool,
    /// Has an income project.
    pub has_project: bool,
    /// Index of its site.
    pub site: usize,
    /// How often departments and visits reach it: 1 as usual, less for the rarely seen.
    pub coverage: f64,
}

/// The sizes of a block of households, summing to the block's part of the people.
fn sizes(config: &Config, block: u64) -> Vec<usize> {
    let (start, end) = (block * BLOCK, ((block + 1) * BLOCK).min(config.households));
    let until = |households: u64| {
        (u128::from(config.people) * u128::from(households) / u128::from(config.households))
            as usize
    };
    let target = until(end) - until(start);
    let mut rng = generator(config, block, 1);
    let mut sizes: Vec<usize> = (start..end).map(|_| draw_size(&mut rng)).collect();
    let mut total: usize = sizes.iter().sum();
    let mut at = 0;
    while total != target && !sizes.is_empty() {
        let position = at % sizes.len();
        if total < target && sizes[position] < 7 {
            sizes[position] += 1;
            total += 1;
        } else if total > target && sizes[position] > 1 {
            sizes[position] -= 1;
            total -= 1;
        }
        at += 7;
        if at > sizes.len() * 100 {
            break;
        }
    }
    sizes
}

fn draw_size(rng: &mut impl Rng) -> usize {
    let mut left: f64 = rng.random();
    for (size, share) in SIZES {
        left -= share;
        if left < 0.0 {
            return size;
        }
    }
    3
}

/// Households `start..end` of the city.
pub fn households(config: &Config, start: u64, end: u64, sites: usize) -> Vec<Household> {
    let mut drawn: Option<(u64, Vec<usize>)> = None;
    let mut all = Vec::with_capacity((end - start) as usize);
    for number in start..end {
        let block = number / BLOCK;
        if drawn.as_ref().is_none_or(|it| it.0 != block) {
            drawn = Some((block, sizes(config, block)));
        }
        let size = drawn.as_ref().map_or(3, |it| it.1[(number % BLOCK) as usize]);
        all.push(household(config, number, size, sites));
    }
    all
}

fn household(config: &Config, number: u64, size: usize, sites: usize) -> Household {
    let mut rng = generator(config, number, 2);
    let head_age: u32 = rng.random_range(26..74);
    let member = |position: usize, rng: &mut ChaCha8Rng| {
        let age = match position {
            0 => head_age,
            1 => (head_age + rng.random_range(0..7)).saturating_sub(3),
            2 | 3 if head_age < 60 => head_age.saturating_sub(rng.random_range(21..34)),
            2 | 3 => head_age.saturating_sub(rng.random_range(24..30)),
            _ => head_age + rng.random_range(20..28),
        };
        let age = age.clamp(0, 95);
        let is_disabled = rng.random::<f64>() < 0.025 + 0.0006 * f64::from(age);
        let is_chronic = rng.random::<f64>() < 0.02 + 0.0045 * f64::from(age);
        Member { age, is_able: (17..66).contains(&age) && !is_disabled, is_chronic, is_disabled }
    };
    let members = (0..size).map(|it| member(it, &mut rng)).collect();
    let is_rare = rng.random::<f64>() < 0.10;
    Household {
        number,
        members,
        is_registered: rng.random::<f64>() < 0.88,
        has_project: rng.random::<f64>() < 0.62,
        site: (number as usize * 7 + rng.random_range(0..3)) % sites,
        coverage: if is_rare { 0.35 } else { 1.0 },
    }
}

impl Household {
    /// Members able to work.
    pub fn able(&self) -> usize {
        self.members.iter().filter(|it| it.is_able).count()
    }
}
