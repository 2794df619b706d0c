//! What departments push month by month.

use super::{Desk, Report};
use crate::facts::{Day, days_of};
use crate::latent::Shock;
use rand::RngExt;

/// A month of reports.
pub fn month(desk: &mut Desk<'_>, month: u32) {
    let (first, last) = days_of(desk.config.month(month));
    medical(desk, month, last);
    jobs(desk, month, first, last);
    industry(desk, month, first, last);
    education(desk, month, first, last);
    others(desk, month, first, last);
}

fn state(code: &'static str, value: impl ToString, from: Day, source: &'static str) -> Report {
    Report { code, value: value.to_string(), from, to: None, source, delay: (2, 40) }
}

/// Totals since 1 January of each member's self-pay, pushed by the 5th of the next month.
fn medical(desk: &mut Desk<'_>, month: u32, last: Day) {
    let index = desk.config.month(month).index();
    let months_of_year = (index.rem_euclid(12) + 1) as u32;
    for position in 0..desk.household.members.len() {
        let ill = desk.since(month, Shock::Illness).filter(|_| position == 0);
        let is_chronic = desk.household.members[position].is_chronic;
        if ill.is_none() && !is_chronic && !desk.chance(0.10) {
            continue;
        }
        let mut total = 0.0;
        if let Some(since) = ill.filter(|it| *it < months_of_year) {
            // Most of a stay is paid in its first months.
            let months = f64::from(since.min(6) + 1);
            let bill = 9_000.0 + 3_000.0 * (desk.household.number % 7) as f64;
            total += bill * (1.0 - 0.55_f64.powf(months));
        }
        let monthly = if is_chronic { 110.0 } else { 25.0 };
        total += monthly * f64::from(months_of_year) * desk.rng.random_range(0.7..1.3);
        let (jan, _) = days_of(desk.config.month(month).offset(1 - months_of_year as i32));
        let value = total.round().to_string();
        desk.report_member(
            position,
            Report {
                code: "medical.self_pay",
                value,
                from: jan,
                to: Some(last),
                source: "medical insurance",
                delay: (3, 9),
            },
        );
        if is_chronic && desk.chance(0.5) {
            let paid = (desk.rng.random_range(20.0..260.0_f64)).round();
            let report = Report {
                code: "medical.outpatient_self_pay",
                value: paid.to_string(),
                from: last - 20,
                to: Some(last),
                source: "medical insurance",
                delay: (3, 9),
            };
            desk.report_member(position, report);
        }
    }
    if desk.struck(month, Shock::Illness) {
        desk.report_member(0, state("medical.major_illness", "true", last - 10, "health"));
        let earner = desk.household.members[0].is_able;
        desk.report(state("medical.earner_ill", earner, last - 10, "health"));
    }
    if month % 12 == 6 && desk.chance(0.008) {
        desk.report_member(0, state("medical.uninsured", "true", last - 5, "medical insurance"));
    }
    let all_disabled = desk.household.members.iter().all(|it| it.is_disabled);
    if month == 0 && all_disabled {
        desk.report(state("family.carers_disabled", true, last, "disabled federation"));
    }
}

fn jobs(desk: &mut Desk<'_>, month: u32, first: Day, last: Day) {
    let lost = desk.struck(month, Shock::JobLoss);
    if lost {
        let report = Report {
            code: "job.lost",
            value: "1".to_owned(),
            from: first + 8,
            to: Some(first + 8),
            source: "human resources",
            delay: (3, 50),
        };
        desk.report_member(0, report);
    }
    // The labour office looks at everybody every third month, and at changes at once.
    if !(lost || month % 3 == desk.household.number as u32 % 3)
        || !desk.chance(desk.household.coverage)
    {
        return;
    }
    let gap = desk.history.work_gap[month as usize];
    for position in 0..desk.household.members.len() {
        if !desk.household.members[position].is_able {
            continue;
        }
        let chance = (0.93 + 1.2 * gap + 0.08 * desk.standing(month)).clamp(0.05, 0.99);
        let is_employed = desk.chance(chance);
        desk.report_member(position, state("job.employed", is_employed, last, "human resources"));
        desk.report_member(position, state("job.earning", is_employed, last, "human resources"));
    }
    let worked = (9.6 + 7.0 * gap + 0.8 * desk.standing(month) + 1.2 * desk.normal()).round();
    desk.report(state("job.months_worked_12m", worked.clamp(0.0, 12.0), last, "human resources"));
    if lost && desk.chance(0.2) {
        let arrears = desk.rng.random_range(1..4);
        desk.report(state("job.wage_arrears", arrears, last, "human resources"));
    }
    if desk.household.number.is_multiple_of(9) {
        let left = 360 - 30 * (month as i32 % 12);
        desk.report(state("job.public_post_days_left", left, last, "human resources"));
    }
}

fn industry(desk: &mut Desk<'_>, month: u32, first: Day, last: Day) {
    if !desk.household.has_project {
        return;
    }
    let failed = desk.since(month, Shock::FailedProject).filter(|it| *it < 10);
    if desk.struck(month, Shock::FailedProject) {
        let share = desk.rng.random_range(0.3..1.0_f64);
        desk.report(Report {
            code: "project.loss_share",
            value: format!("{share:.2}"),
            from: first + 5,
            to: Some(first + 5),
            source: "agriculture",
            delay: (5, 60),
        });
    }
    let calendar = desk.config.month(month).index().rem_euclid(12);
    let harvest = [0.3, 0.3, 0.5, 0.5, 0.6, 0.8, 1.0, 1.2, 2.4, 2.6, 1.0, 0.6][calendar as usize];
    let scale = if failed.is_some() { 0.15 } else { (0.22 * desk.standing(month)).exp() };
    if desk.chance(0.8 * desk.household.coverage) {
        let earned = (480.0 * harvest * scale * desk.rng.random_range(0.5..1.5)).round();
        desk.report(Report {
            code: "income.business_month",
            value: earned.to_string(),
            from: first,
            to: Some(last),
            source: "visits",
            delay: (2, 30),
        });
    }
    if month % 6 == 2 {
        let plan = 6_000.0 + 500.0 * (desk.household.number % 5) as f64;
        let noise = 1.0 + 0.15 * desk.normal();
        let income = (plan * 1.02 * scale * noise).round();
        let unsold = (0.10 - 0.05 * desk.standing(month) + 0.10 * desk.normal()).clamp(0.0, 1.0);
        let late = if desk.chance(0.05) { desk.rng.random_range(20..120) } else { 0 };
        let broken = failed.is_some() && desk.chance(0.3);
        desk.report(state("project.plan_12m", plan, first, "agriculture"));
        desk.report(state("project.income_12m", income, last, "agriculture"));
        desk.report(state("project.unsold_share", format!("{unsold:.2}"), last, "commerce"));
        desk.report(state("project.dividend_days_late", late, last, "agriculture"));
        desk.report(state("project.link_broken", broken, last, "agriculture"));
    }
}

fn education(desk: &mut Desk<'_>, month: u32, first: Day, last: Day) {
    let calendar = desk.config.month(month).index().rem_euclid(12);
    for position in 0..desk.household.members.len() {
        let age = desk.household.members[position].age;
        if (7..16).contains(&age) {
            if desk.struck(month, Shock::Dropout) {
                let word = if desk.chance(0.6) { "suspected" } else { "dropped_out" };
                desk.report_member(
                    position,
                    state("education.dropout", word, first + 9, "education"),
                );
            } else if desk.since(month, Shock::Dropout) == Some(3) {
                desk.report_member(
                    position,
                    state("education.dropout", "attending", first + 9, "education"),
                );
            }
            if desk.chance(0.04) {
                let days = desk.rng.random_range(1..5);
                desk.report_member(
                    position,
                    Report {
                        code: "education.absent_days",
                        value: days.to_string(),
                        from: first,
                        to: Some(last),
                        source: "education",
                        delay: (3, 20),
                    },
                );
            }
        }
        // Fees fall due in March and September.
        if (17..22).contains(&age) && age % 2 == 1 && (calendar == 2 || calendar == 8) {
            let cost = (desk.rng.random_range(1_200.0..3_600.0_f64)).round();
            desk.report_member(
                position,
                Report {
                    code: "education.net_cost",
                    value: cost.to_string(),
                    from: first,
                    to: Some(first + 14),
                    source: "education",
                    delay: (10, 80),
                },
            );
        }
    }
    if month % 12 == 3 {
        let aid = desk.chance(0.8);
        desk.report(state("education.aid", aid, last, "education"));
    }
}

fn others(desk: &mut Desk<'_>, month: u32, first: Day, last: Day) {
    if desk.struck(month, Shock::Disaster) {
        let loss = (desk.rng.random_range(1_500.0..14_000.0_f64)).round();
        desk.report(Report {
            code: "disaster.loss",
            value: loss.to_string(),
            from: first + 12,
            to: Some(first + 12),
            source: "emergency management",
            delay: (2, 30),
        });
    }
    if desk.struck(month, Shock::EarnerDeath) {
        desk.report(state("disaster.accident", "earner_death", first + 6, "police"));
        let member = desk.household.members.iter().position(|it| it.is_able).unwrap_or(0);
        desk.report_member(member, state("registry.member_left", "true", first + 6, "police"));
    } else if month % 12 == 1 || desk.chance(0.002) {
        let word = if desk.chance(0.985) { "none" } else { "minor" };
        desk.report(state("disaster.accident", word, first + 6, "police"));
    }
    if desk.chance(0.02) {
        let days = desk.rng.random_range(1..9);
        desk.report(Report {
            code: "water.outage_days",
            value: days.to_string(),
            from: first,
            to: Some(last),
            source: "water",
            delay: (2, 25),
        });
    }
    let standing = desk.standing(month);
    if standing < -0.9 && desk.chance(0.04) {
        let days = desk.rng.random_range(1..70);
        desk.report(state("debt.micro_credit_overdue_days", days, last, "banks"));
    }
    if desk.chance(0.006) {
        let (open, days) = (1, desk.rng.random_range(1..30));
        desk.report(state("grievance.open", open, last, "hotline"));
        desk.report(state("grievance.days_open", days, last, "hotline"));
    }
    // A member now and then marries into another household of the city.
    if desk.chance(0.0008) && desk.household.members.len() > 2 {
        let position = desk.household.members.len() - 1;
        let other = (desk.household.number + 37) % desk.config.households;
        let value = desk.config.household_id(other);
        desk.report_member(
            position,
            Report {
                code: "registry.member_of",
                value,
                from: first + 3,
                to: None,
                source: "police",
                delay: (5, 40),
            },
        );
    }
}
