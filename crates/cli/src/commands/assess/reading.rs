//! The situation for reading: bands by area, the first warnings, what was set aside.

use crate::show;
use app::assess::Report;
use base::{AreaCode, Band};
use pack::Pack;

/// Prints a report for reading.
pub fn tell(pack: &Pack, report: &Report, top: usize) {
    let summary = &report.summary;
    let within = report.ranked.iter().filter(|it| it.is_within_budget).count() as u64;
    show::line(&format!(
        "{} {}, {}: {} of {} households are {} or worse; {} warnings within the budget, {} wait",
        pack.id,
        pack.version,
        report.period,
        show::count(summary.at_least(pack.scoring.warnings.from)),
        show::count(summary.households),
        pack.scoring.warnings.from,
        show::count(within),
        show::count(report.ranked.len() as u64 - within),
    ));
    bands(report);
    warnings(pack, report, top);
    skipped(report);
    for path in &report.written {
        show::line(&format!("wrote {}", path.display()));
    }
}

fn bands(report: &Report) {
    let summary = &report.summary;
    let order = [Band::Red, Band::Orange, Band::Yellow, Band::Blue, Band::Green, Band::Unknown];
    let mut header = vec!["area"];
    header.extend(order.map(Band::name));
    header.extend(["households", "warned", "waiting"]);
    let row = |name: String, bands: &[u64; 6], warned: String, waiting: String| {
        let mut row = vec![name];
        row.extend(order.map(|it| show::count(bands[it as usize])));
        row.push(show::count(bands.iter().sum()));
        row.extend([warned, waiting]);
        row
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (area, count) in summary.areas.iter().take(40) {
        let (warned, waiting) = (show::count(count.warned), show::count(count.waiting));
        rows.push(row(AreaCode::to_string(area), &count.bands, warned, waiting));
    }
    let within = report.ranked.iter().filter(|it| it.is_within_budget).count() as u64;
    let waiting = report.ranked.len() as u64 - within;
    rows.push(row("all".to_owned(), &summary.bands, show::count(within), show::count(waiting)));
    if summary.previous_bands.iter().sum::<u64>() > 0 {
        let before = report.period.offset(-1).to_string();
        rows.push(row(
            format!("in {before}"),
            &summary.previous_bands,
            String::new(),
            String::new(),
        ));
    }
    show::line(&show::table(&header, &[1, 2, 3, 4, 5, 6, 7, 8, 9], rows));
    if summary.areas.len() > 40 {
        show::line(&format!("  … {} more areas in the scores", summary.areas.len() - 40));
    }
}

fn warnings(pack: &Pack, report: &Report, top: usize) {
    if report.ranked.is_empty() || top == 0 {
        return;
    }
    let row = |it: &monitor::warnings::Ranked| {
        let warning = &it.warning;
        let label = |id: &String| {
            pack.indicator(id)
                .map_or(id.clone(), |it| pack.indicators[it].label.get("en").to_owned())
        };
        let reasons: Vec<String> = warning.reasons.iter().map(label).collect();
        let rules: Vec<&str> = warning.rules.iter().map(|it| it.rule.as_str()).collect();
        vec![
            it.rank.to_string(),
            warning.household.clone(),
            warning.area.as_ref().map(AreaCode::to_string).unwrap_or_default(),
            format!("{} → {}", warning.previous_band, warning.band),
            format!("{:.1}", warning.composite),
            warning.first_period.to_string(),
            rules.join(", "),
            reasons.join("; "),
        ]
    };
    let rows = report.ranked.iter().take(top).map(row).collect();
    let header = ["rank", "household", "area", "band", "composite", "since", "rules", "reasons"];
    show::line(&show::table(&header, &[0, 4], rows));
}

fn skipped(report: &Report) {
    let summary = &report.summary;
    let mut lines = Vec::new();
    let mut add = |count: u64, what: &str| {
        if count > 0 {
            lines.push(format!("{} {what}", show::count(count)));
        }
    };
    add(summary.collapsed, "rows repeated another one and were counted once");
    add(summary.without_row, "households have no row in the period: their band is unknown");
    add(summary.suppressed, "households warned only of what is known already");
    add(report.rejects.len() as u64, "rows or households were set aside, see rejects:");
    lines.iter().for_each(|it| show::line(&format!("  {it}")));
    for reject in report.rejects.iter().take(5) {
        let household = reject.household.as_deref().unwrap_or("?");
        show::line(&format!(
            "    {}:{} [{}] household {household}: {}",
            reject.file, reject.line, reject.code.id, reject.message
        ));
    }
    for (indicator, count) in &summary.arithmetic_unknown {
        show::line(&format!(
            "  note[M001]: `{indicator}` is unknown for {} households although all it reads is known \
             (division by zero, or a category that is not listed)",
            show::count(*count)
        ));
    }
}
