//! Skill for reading: one table per question.

use crate::show;
use app::backtest::{GroupRow, Question, Report, Skill};
use measures::skill::Confusion;
use pack::Pack;

fn ratio(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |it| format!("{it:.3}"))
}

fn counts(confusion: &Option<Confusion>) -> [String; 4] {
    let Some(it) = confusion else { return [const { String::new() }; 4] };
    [show::count(it.warned()), ratio(it.precision()), ratio(it.recall()), ratio(it.f1())]
}

/// Prints every figure.
pub fn tell(pack: &Pack, report: &Report, question: &Question) {
    let skill = &report.skill;
    let origins = (report.origins.first(), report.origins.last());
    if let (Some(first), Some(last)) = origins {
        show::line(&format!(
            "{} {}: warnings of {first} to {last}, measured on `{}` {} {}s later; all counts are \
             household × period",
            pack.id,
            pack.version,
            question.outcome,
            question.horizon,
            pack.period_kind.name()
        ));
    }
    orders(skill);
    lift(skill);
    bands(skill);
    rules(skill);
    groups("area", &skill.areas);
    groups("group", &skill.groups);
    calibration(skill);
    lead(skill);
    if skill.without_outcome > 0 {
        show::line(&format!(
            "  {} left out for want of an outcome",
            show::count(skill.without_outcome)
        ));
    }
}

fn orders(skill: &Skill) {
    let rows = skill.rows.iter().map(|it| {
        let auc = it.auc.map_or("–".to_owned(), |(value, interval)| {
            let interval = interval.map(|it| format!(" [{:.3}, {:.3}]", it.low, it.high));
            format!("{value:.4}{}", interval.unwrap_or_default())
        });
        let budget = counts(&it.at_budget);
        let hits = it.at_budget.as_ref().map_or(String::new(), |it| show::count(it.true_positives));
        vec![
            it.whom.to_owned(),
            it.rule.name().to_owned(),
            show::count(it.rows as u64),
            show::count(it.events as u64),
            show::count(it.unknown as u64),
            auc,
            budget[0].clone(),
            hits,
            budget[1].clone(),
            budget[2].clone(),
            budget[3].clone(),
            it.brier.map_or(String::new(), |it| format!("{:.4} ({:.4})", it.0, it.1)),
        ]
    });
    let header = [
        "among",
        "order by",
        "n",
        "fell",
        "unknown",
        "AUC [95 %]",
        "top",
        "hits",
        "precision",
        "recall",
        "F1",
        "Brier (base rate)",
    ];
    show::line(&show::table(&header, &[2, 3, 4, 6, 7, 8, 9, 10], rows.collect()));
}

fn lift(skill: &Skill) {
    let of_monitor = skill.rows.iter().filter(|it| it.warned.is_some());
    let mut rows = Vec::new();
    for row in of_monitor {
        for (name, confusion) in
            [("with the trend lift", &row.warned), ("without it", &row.warned_without_lift)]
        {
            let mut cells = vec![row.whom.to_owned(), name.to_owned()];
            cells.extend(counts(confusion));
            rows.push(cells);
        }
    }
    let header = ["among", "yellow or worse", "warned", "precision", "recall", "F1"];
    show::line(&show::table(&header, &[2, 3, 4, 5], rows));
}

fn share(part: u64, of: u64, interval: Option<measures::Interval>) -> String {
    let interval = interval.map(|it| format!(" [{:.3}, {:.3}]", it.low, it.high));
    format!("{:.3}{}", part as f64 / of.max(1) as f64, interval.unwrap_or_default())
}

fn bands(skill: &Skill) {
    let rows = skill.bands.iter().map(|it| {
        let fell = share(it.events, it.rows, it.interval);
        vec![it.band.to_string(), show::count(it.rows), show::count(it.events), fell]
    });
    show::line(&show::table(&["band", "n", "fell", "share [95 %]"], &[1, 2], rows.collect()));
}

fn rules(skill: &Skill) {
    let rows = skill.rules.iter().map(|it| {
        let (raised, hits) = it.among_non_poor;
        vec![
            it.rule.clone(),
            show::count(it.raised),
            show::count(it.hits),
            share(it.hits, it.raised, it.interval),
            show::count(raised),
            ratio((raised > 0).then(|| hits as f64 / raised as f64)),
        ]
    });
    let header = ["rule", "held", "fell", "precision [95 %]", "not poor", "precision"];
    show::line(&show::table(&header, &[1, 2, 4, 5], rows.collect()));
}

fn groups(what: &str, groups: &[GroupRow]) {
    if groups.is_empty() {
        return;
    }
    let rows = groups.iter().map(|it| {
        let mut cells =
            vec![it.name.clone(), show::count(it.rows as u64), show::count(it.events as u64)];
        cells.push(ratio(it.auc_non_poor));
        cells.extend(counts(&it.warned));
        cells
    });
    let header = [what, "n", "fell", "AUC not poor", "warned", "precision", "recall", "F1"];
    show::line(&show::table(&header, &[1, 2, 3, 4, 5, 6, 7], rows.collect()));
}

fn calibration(skill: &Skill) {
    let rows = skill.calibration.iter().map(|it| {
        vec![
            format!("{:.3}–{:.3}", it.lowest, it.highest),
            show::count(it.rows),
            format!("{:.3}", it.mean_predicted),
            format!("{:.3} [{:.3}, {:.3}]", it.observed, it.interval.low, it.interval.high),
        ]
    });
    let header = ["probability said", "n", "mean", "observed [95 %]"];
    show::line(&show::table(&header, &[1, 2], rows.collect()));
}

fn lead(skill: &Skill) {
    let lead = &skill.lead;
    show::line(&format!(
        "  lead time of {} falls among households not poor at first: {} warned before (median {} \
         periods), {} in the same period, {} later, {} never; {} warned without a fall",
        show::count(lead.events),
        show::count(lead.warned_before),
        lead.median().map_or("–".to_owned(), |it| format!("{it:.0}")),
        show::count(lead.warned_during),
        show::count(lead.warned_after),
        show::count(lead.never_warned),
        show::count(lead.warned_without_event)
    ));
}
