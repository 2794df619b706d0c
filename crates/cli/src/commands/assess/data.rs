//! The situation for programs.

use app::assess::Report;
use base::{AreaCode, Band};
use serde_json::json;

/// Everything, the first `top` warnings with it.
pub fn whole(report: &Report, top: usize) -> serde_json::Value {
    let summary = &report.summary;
    let bands = |bands: &[u64; 6]| {
        let named =
            Band::ALL.into_iter().map(|it| (it.name().to_owned(), json!(bands[it as usize])));
        serde_json::Value::Object(named.collect())
    };
    let areas = summary.areas.iter().map(|(area, count)| {
        let value = json!({ "bands": bands(&count.bands), "warned": count.warned, "waiting": count.waiting });
        (area.to_string(), value)
    });
    let warnings = report.ranked.iter().take(top).map(|it| {
        let rules: Vec<&str> = it.warning.rules.iter().map(|it| it.rule.as_str()).collect();
        json!({
            "warning_id": it.warning.id,
            "household_id": it.warning.household,
            "rank": it.rank,
            "within_budget": it.is_within_budget,
            "urgency": it.warning.urgency.name(),
            "band": it.warning.band.name(),
            "previous_band": it.warning.previous_band.name(),
            "composite": it.warning.composite.points(),
            "confidence": it.warning.confidence.points(),
            "first_period": it.warning.first_period.to_string(),
            "rules": rules,
            "reasons": it.warning.reasons,
            "area_code": it.warning.area.as_ref().map(AreaCode::to_string),
        })
    });
    json!({
        "period": report.period.to_string(),
        "households": summary.households,
        "bands": bands(&summary.bands),
        "areas": serde_json::Value::Object(areas.collect()),
        "warnings_total": report.ranked.len(),
        "warnings_within_budget": report.ranked.iter().filter(|it| it.is_within_budget).count(),
        "suppressed": summary.suppressed,
        "collapsed_rows": summary.collapsed,
        "without_row": summary.without_row,
        "rejects": report.rejects.len(),
        "written": report.written.iter().map(|it| it.display().to_string()).collect::<Vec<_>>(),
        "warnings": warnings.collect::<Vec<_>>(),
    })
}
