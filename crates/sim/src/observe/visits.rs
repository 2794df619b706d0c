//! The registry at the start, and what helpers write down when they visit.

use super::{Desk, Report};
use crate::areas::Site;
use crate::facts::days_of;
use crate::latent::Shock;
use rand::RngExt;

/// What the registry holds before the first month.
pub fn register(desk: &mut Desk<'_>, sites: &[Site]) {
    let (start, _) = days_of(desk.config.start);
    let site = &sites[desk.household.site];
    let from = start - 380;
    let is_registered = desk.household.is_registered;
    let mut tell = |code, value: String, source| {
        desk.report(Report { code, value, from, to: None, source, delay: (1, 30) });
    };
    tell("registry.area", site.village.to_owned(), "registry");
    tell("registry.site", site.id.clone(), "registry");
    tell("registry.poor", is_registered.to_string(), "registry");
    members(desk, from);
    for (code, value, source) in graded(desk) {
        desk.report(Report { code, value, from, to: None, source, delay: (1, 60) });
    }
    for (code, value, source) in measured(desk) {
        desk.report(Report { code, value, from, to: None, source, delay: (1, 60) });
    }
}

/// Code, value and source of a fact.
type Told = (&'static str, String, &'static str);

/// Grades and categories as the registry holds them.
fn graded(desk: &mut Desk<'_>) -> [Told; 7] {
    let pick = |desk: &mut Desk<'_>, shares: &[(&str, f64)]| {
        let mut left: f64 = desk.rng.random();
        for (word, share) in shares {
            left -= share;
            if left < 0.0 {
                return (*word).to_owned();
            }
        }
        shares[0].0.to_owned()
    };
    [
        (
            "family.ethnicity",
            pick(desk, &[("han", 0.97), ("hui", 0.02), ("other", 0.01)]),
            "police",
        ),
        (
            "family.head_education",
            pick(desk, &[("middle", 0.42), ("primary", 0.36), ("higher", 0.12), ("none", 0.10)]),
            "registry",
        ),
        (
            "housing.grade",
            pick(desk, &[("A", 0.93), ("B", 0.062), ("C", 0.006), ("D", 0.002)]),
            "housing",
        ),
        (
            "housing.hazard",
            pick(desk, &[("none", 0.965), ("listed", 0.03), ("light", 0.005)]),
            "natural resources",
        ),
        (
            "water.quality",
            pick(desk, &[("good", 0.95), ("doubt", 0.048), ("failed", 0.002)]),
            "water and health",
        ),
        (
            "relocation.old_house",
            pick(desk, &[("demolished", 0.90), ("late", 0.07), ("over_a_year", 0.03)]),
            "natural resources",
        ),
        (
            "relocation.title",
            pick(
                desk,
                &[("issued", 0.82), ("pending", 0.14), ("over_a_year", 0.03), ("disputed", 0.01)],
            ),
            "natural resources",
        ),
    ]
}

/// Sizes, distances and debts as the registry holds them.
fn measured(desk: &mut Desk<'_>) -> [Told; 7] {
    let size = desk.household.members.len() as f64;
    let area = (size * desk.rng.random_range(18.0..25.0_f64)).round();
    let litres = desk.rng.random_range(25..80);
    let fetch = if desk.chance(0.993) {
        desk.rng.random_range(0..15)
    } else {
        desk.rng.random_range(8..35)
    };
    let missing = u8::from(desk.chance(0.08)) + u8::from(desk.chance(0.02));
    let moving = if desk.chance(0.3) { desk.rng.random_range(1..18) * 1_000 } else { 0 };
    let elderly = desk.household.members.iter().all(|it| it.age > 65);
    let care = if elderly { if desk.chance(0.4) { "ill" } else { "alone" } } else { "none" };
    [
        ("housing.area", area.to_string(), "housing"),
        ("water.litres", litres.to_string(), "water"),
        ("water.fetch_minutes", fetch.to_string(), "water"),
        ("relocation.transfers_missing", missing.to_string(), "human resources"),
        ("relocation.debt", moving.to_string(), "visits"),
        ("family.care_status", care.to_owned(), "civil affairs"),
        ("project.active", desk.household.has_project.to_string(), "agriculture"),
    ]
}

fn members(desk: &mut Desk<'_>, from: i32) {
    for (position, member) in desk.household.members.iter().enumerate() {
        let id = desk.id.clone();
        let mut states = vec![
            ("registry.member_of", id, "registry"),
            ("person.registered", "true".to_owned(), "police"),
            ("person.able_to_work", member.is_able.to_string(), "registry"),
            ("person.dependant", (!member.is_able).to_string(), "registry"),
        ];
        if member.is_disabled {
            states.push(("person.severely_disabled", "true".to_owned(), "disabled federation"));
        }
        if member.is_chronic {
            states.push(("medical.chronic", "true".to_owned(), "health"));
        }
        if (17..22).contains(&member.age) && member.age % 2 == 1 {
            states.push(("education.post_compulsory", "true".to_owned(), "education"));
        }
        for (code, value, source) in states {
            desk.report_member(
                position,
                Report { code, value, from, to: None, source, delay: (1, 30) },
            );
        }
    }
}

/// Visits over the whole time, some weeks or months apart.
pub fn all(desk: &mut Desk<'_>) {
    let mut month = desk.rng.random_range(0..3);
    // A visit before the first month, so that the start is not blank.
    one(desk, 0, true);
    while month < desk.config.months {
        one(desk, month, false);
        let gap: f64 = desk.rng.random_range(1.5..4.5);
        month += (gap / desk.household.coverage).round() as u32;
    }
}

fn one(desk: &mut Desk<'_>, month: u32, is_before: bool) {
    let (first, last) = days_of(desk.config.month(month));
    let day = if is_before { first - 20 } else { desk.rng.random_range(first..=last) };
    let size = desk.household.members.len() as f64;
    let noise = desk.config.income_noise * desk.normal();
    let per_head = desk.config.median * (desk.history.year_mean_log[month as usize] + noise).exp();
    let income = (1.05 * per_head * size).round();
    let standing = desk.standing(month);
    let transfers =
        (income * (0.30 - 0.10 * standing + 0.06 * desk.normal()).clamp(0.02, 0.95)).round();
    let sources = (2.4 + 0.5 * standing + 0.5 * desk.normal()).round().clamp(0.0, 4.0);
    let without = if standing < -1.6 && desk.chance(0.2) { desk.rng.random_range(1..5) } else { 0 };
    let debt = (income * (0.25 - 0.22 * standing + 0.25 * desk.normal()).max(0.0)).round();
    let private = if standing < -0.8 && desk.chance(0.08) { (debt * 0.3).round() } else { 0.0 };
    let ceremony = if desk.chance(0.02) { (income * 0.5).round() } else { 0.0 };
    let wage = (2_600.0 * (0.25 * standing + 0.2 * desk.normal()).exp()).round();
    let told = [
        ("income.net_12m", income.to_string()),
        ("income.transfer_12m", transfers.to_string()),
        ("income.sources", sources.to_string()),
        ("income.months_without", without.to_string()),
        ("debt.total", debt.to_string()),
        ("debt.private", private.to_string()),
        ("debt.ceremony", ceremony.to_string()),
        ("job.main_wage", wage.to_string()),
    ];
    for (code, value) in told {
        // Not every question is answered.
        if desk.chance(0.93) {
            desk.report(Report {
                code,
                value,
                from: day,
                to: None,
                source: "visits",
                delay: (0, 25),
            });
        }
    }
    helped(desk, month, day);
}

/// What the helper records of the help itself.
fn helped(desk: &mut Desk<'_>, month: u32, day: i32) {
    let trouble = [Shock::Illness, Shock::JobLoss, Shock::Disaster, Shock::FailedProject];
    let open = trouble.iter().filter(|it| desk.since(month, **it).is_some_and(|it| it < 9)).count();
    let measures = if open > 0 && desk.chance(0.75) { open } else { 0 };
    let waiting = if open > 0 && measures == 0 { desk.rng.random_range(3..45) } else { 0 };
    let away = if desk.chance(0.05) { desk.rng.random_range(1..7) } else { 0 };
    let told = [
        ("assistance.open_risks", open.to_string()),
        ("assistance.measures_open", measures.to_string()),
        ("assistance.days_without_measure", waiting.to_string()),
        ("assistance.days_since_visit", "0".to_owned()),
        ("relocation.months_away", away.to_string()),
    ];
    for (code, value) in told {
        desk.report(Report { code, value, from: day, to: None, source: "visits", delay: (0, 15) });
    }
}
