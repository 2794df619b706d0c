//! An explanation for officers: everything, with figures.

use crate::show;
use app::explain::Report;
use app::words::{self, Language};
use base::Score;
use monitor::explain::Explanation;
use monitor::indicators::State;
use pack::Pack;

/// Prints an explanation with its figures.
pub fn tell(pack: &Pack, report: &Report, language: Language, facts: usize) {
    let it = &report.explanation;
    let label = |indicator: usize| pack.indicators[indicator].label.get(language.code()).to_owned();
    show::line(&format!(
        "{} in {}: {} ({} a period before), composite {:.1}, {} of what applies is known",
        it.household,
        it.at,
        it.band,
        it.previous_band,
        it.composite,
        show::percent(it.confidence.points())
    ));
    if !it.has_row {
        show::line("  It has no row in this period: nothing is known of it");
    }
    why_this_band(pack, it, language);
    let rows = it.contributions.iter().take(8).map(|part| {
        let indicator = &it.indicators[part.indicator];
        vec![
            label(part.indicator),
            words::value(&pack.indicators[part.indicator], indicator.value.as_ref()),
            indicator.severity.map_or(String::new(), |it| format!("{it:.0}")),
            format!("{:.2}", part.points),
        ]
    });
    show::line("\nWhy: what the composite is made of");
    show::line(&show::table(
        &["indicator", "value", "severity", "points"],
        &[1, 2, 3],
        rows.collect(),
    ));
    modules(pack, it, language);
    changes(pack, it, language);
    ways_out(pack, it, language);
    unknown(pack, it, language);
    let history = it.history.iter().map(|(at, band, composite)| {
        format!(
            "{at} {}{}",
            band.letter(),
            composite.map_or("–".to_owned(), |it| format!("{it:.0}"))
        )
    });
    show::line(&format!("\nHistory: {}", history.collect::<Vec<_>>().join("  ")));
    if !report.facts.is_empty() {
        let rows = report.facts.iter().take(facts).map(|it| {
            let recorded: String = it.recorded_at.chars().take(10).collect();
            vec![
                recorded,
                it.fact.clone(),
                it.value.clone(),
                it.valid.clone(),
                it.source.clone(),
                it.id.clone(),
            ]
        });
        show::line(&format!("\nFacts, the latest of {}", report.facts.len()));
        let header = ["learned", "fact", "value", "about", "source", "id"];
        show::line(&show::table(&header, &[], rows.collect()));
    }
}

fn why_this_band(pack: &Pack, it: &Explanation, language: Language) {
    let label = |indicator: usize| pack.indicators[indicator].label.get(language.code());
    for forced in &it.forced {
        show::line(&format!(
            "  forced to at least {} by: {}",
            forced.band,
            label(forced.indicator)
        ));
    }
    match it.coefficient_band {
        Some(band) => show::line(&format!("  the composite alone: {band}")),
        None => show::line("  too little is known for the composite to speak"),
    }
    for module in &it.lifted_by {
        let name = pack.modules[*module].label.get(language.code());
        show::line(&format!("  lifted by one band: {name} is worsening"));
    }
    if it.raw_band != it.band {
        show::line(&format!(
            "  this period by itself would be {}; the band holds until {} known periods in a row are better",
            it.raw_band, pack.scoring.clean_periods
        ));
    }
    for indicator in &it.unjudged {
        show::line(&format!("  could not be judged: {}", label(*indicator)));
    }
}

fn modules(pack: &Pack, it: &Explanation, language: Language) {
    let rows = it.modules.iter().map(|part| {
        let slope = part.trend.slope.map(|it| format!("{:+.2}", it.points()));
        let worsening = if part.trend.is_worsening { " worsening" } else { "" };
        let share = if part.applicable_weight > 0.0 {
            show::percent(part.known_weight / part.applicable_weight)
        } else {
            "–".to_owned()
        };
        vec![
            pack.modules[part.module].label.get(language.code()).to_owned(),
            part.score.map_or("unknown".to_owned(), |it| format!("{it:.1}")),
            share,
            format!("{}{worsening}", slope.unwrap_or_else(|| "–".to_owned())),
        ]
    });
    show::line("\nModules");
    show::line(&show::table(
        &["module", "score", "known", "trend a period"],
        &[1, 2, 3],
        rows.collect(),
    ));
}

fn changes(pack: &Pack, it: &Explanation, language: Language) {
    show::line("\nWhat changed since the period before");
    if it.changes.is_empty() {
        return show::line("  nothing that can be compared");
    }
    let rows = it.changes.iter().take(8).map(|change| {
        let indicator = &pack.indicators[change.indicator];
        let side = |state: State, value: Option<&monitor::explain::Value>| match state {
            State::NotApplicable => "not applicable".to_owned(),
            State::Unknown => "unknown".to_owned(),
            State::Known if value.is_none() => String::new(),
            State::Known => words::value(indicator, value),
        };
        let severity = |it: Option<Score>| it.map_or("–".to_owned(), |it| format!("{it:.0}"));
        vec![
            indicator.label.get(language.code()).to_owned(),
            side(change.from.state, change.from.value.as_ref()),
            side(change.to.state, change.to.value.as_ref()),
            format!("{} → {}", severity(change.from.severity), severity(change.to.severity)),
            format!("{:+.2}", change.points.points()),
        ]
    });
    let header = ["indicator", "from", "to", "severity", "points"];
    show::line(&show::table(&header, &[1, 2, 3, 4], rows.collect()));
}

fn ways_out(pack: &Pack, it: &Explanation, language: Language) {
    show::line("\nWhat would help: the smallest single changes that leave this band");
    if it.ways_out.is_empty() {
        return show::line("  no change of one indicator alone is enough");
    }
    let rows = it.ways_out.iter().take(6).map(|way| {
        let indicator = &pack.indicators[way.indicator];
        let now = it.indicators[way.indicator].value.as_ref();
        let needed = way.value_needed.as_ref().map(|it| words::value(indicator, Some(it)));
        vec![
            indicator.label.get(language.code()).to_owned(),
            words::value(indicator, now),
            needed.unwrap_or_else(|| "–".to_owned()),
            format!("{:.0} → {:.0}", way.severity, way.severity_needed),
            format!("{:.1}", way.composite),
            way.band.to_string(),
        ]
    });
    let header = ["indicator", "now", "needed", "severity", "composite", "band"];
    show::line(&show::table(&header, &[1, 2, 3, 4], rows.collect()));
}

fn unknown(pack: &Pack, it: &Explanation, language: Language) {
    let names: Vec<&str> = it
        .indicators
        .iter()
        .filter(|part| part.state == State::Unknown)
        .map(|part| pack.indicators[part.indicator].label.get(language.code()))
        .collect();
    if !names.is_empty() {
        show::line(&format!("\nNot known ({}): {}", names.len(), names.join("; ")));
    }
}
