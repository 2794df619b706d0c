//! How good the warning rules are.

use super::policy::words;
use crate::auth::Who;
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use app::live::policy::{RuleCount, Rules, label_of};
use axum::Json;
use axum::extract::State;
use base::Diagnostic;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use utoipa::ToSchema;

/// A rule and what came of its warnings.
#[derive(Serialize, ToSchema)]
pub struct Rule {
    /// `band`, `key.INDICATOR` or `trigger.ID`.
    rule: String,
    label: BTreeMap<String, String>,
    /// Warnings raised.
    raised: u64,
    /// Warnings that somebody took note of.
    acknowledged: u64,
    /// Warnings that have ended.
    ended: u64,
    /// Warnings behind which somebody found what they say.
    confirmed: u64,
    /// Warnings behind which somebody found nothing.
    not_confirmed: u64,
    /// The share confirmed of those looked into; nothing where nobody looked.
    precision: Option<f64>,
    /// Its interval at 95 % (Wilson).
    precision_low: Option<f64>,
    /// See `precision_low`.
    precision_high: Option<f64>,
    /// Median of the days from raising to acknowledgement.
    median_days_to_acknowledgement: Option<f64>,
}

/// All rules.
#[derive(Serialize, ToSchema)]
pub struct AllRules {
    /// By rule; a warning of several rules counts for each.
    items: Vec<Rule>,
    /// Always nothing: there are few.
    next: Option<String>,
    /// All warnings, each once.
    all: Rule,
    /// Warnings that stand in the period under watch.
    standing: u64,
    /// Of those, acknowledged.
    standing_acknowledged: u64,
    /// How many the policy lets be handed out for your areas; nothing: no budget.
    budget: Option<u64>,
}

impl Rule {
    fn of(rule: &str, label: &[(String, String)], count: &RuleCount) -> Self {
        let precision = count.precision();
        Self {
            rule: rule.to_owned(),
            label: words(label),
            raised: count.raised,
            acknowledged: count.acknowledged,
            ended: count.ended,
            confirmed: count.confirmed,
            not_confirmed: count.not_confirmed,
            precision: precision.map(|it| it.0),
            precision_low: precision.map(|it| it.1),
            precision_high: precision.map(|it| it.2),
            median_days_to_acknowledgement: count.median_days(),
        }
    }
}

/// Rules: what they raised, how soon somebody looked, and how much of it was so
#[utoipa::path(get, path = "/api/v1/rules", tag = "policy",
    responses((status = 200, body = AllRules)))]
pub async fn list(State(server): State<Server>, who: Who) -> Result<Json<AllRules>, Problem> {
    let principal = who.may(Action::ReadCounts)?;
    let rules = server.ask(move |live| live.rules(&principal.within)).await?;
    let pack = server.live.pack();
    let item = |(rule, count): (&String, &RuleCount)| Rule::of(rule, &label_of(&pack, rule), count);
    let all = [("en".to_owned(), "All".to_owned()), ("zh".to_owned(), "全部".to_owned())];
    Ok(Json(AllRules {
        items: rules.rules.iter().map(item).collect(),
        next: None,
        all: Rule::of("all", &all, &rules.all),
        standing: rules.volume.standing,
        standing_acknowledged: rules.volume.acknowledged,
        budget: rules.volume.budget,
    }))
}

/// The same as figures for Prometheus, made at most once a minute.
pub async fn figures(server: &Server) -> Result<String, Diagnostic> {
    if let Some(text) = server.metrics.recent_rules() {
        return Ok(text);
    }
    let rules = server.ask(|live| live.rules(&store::Within::Everywhere)).await?;
    let text = text(&rules);
    server.metrics.keep_rules(&text);
    Ok(text)
}

fn text(rules: &Rules) -> String {
    let mut text = String::new();
    for name in ["raised", "acknowledged", "ended", "confirmed", "not_confirmed"] {
        let _ = writeln!(text, "# TYPE holdfast_rule_warnings_{name} gauge");
        for (rule, it) in &rules.rules {
            let count = match name {
                "raised" => it.raised,
                "acknowledged" => it.acknowledged,
                "ended" => it.ended,
                "confirmed" => it.confirmed,
                _ => it.not_confirmed,
            };
            let _ = writeln!(text, "holdfast_rule_warnings_{name}{{rule=\"{rule}\"}} {count}");
        }
    }
    let _ = writeln!(text, "# TYPE holdfast_rule_precision gauge");
    for (rule, (share, ..)) in rules.rules.iter().filter_map(|it| Some((it.0, it.1.precision()?))) {
        let _ = writeln!(text, "holdfast_rule_precision{{rule=\"{rule}\"}} {share}");
    }
    let _ = writeln!(text, "# TYPE holdfast_rule_days_to_acknowledgement gauge");
    for (rule, days) in rules.rules.iter().filter_map(|it| Some((it.0, it.1.median_days()?))) {
        let _ = writeln!(text, "holdfast_rule_days_to_acknowledgement{{rule=\"{rule}\"}} {days}");
    }
    let _ = writeln!(text, "# TYPE holdfast_warnings_standing gauge");
    let _ = writeln!(text, "holdfast_warnings_standing {}", rules.volume.standing);
    if let Some(budget) = rules.volume.budget {
        let _ = writeln!(text, "# TYPE holdfast_warnings_budget gauge");
        let _ = writeln!(text, "holdfast_warnings_budget {budget}");
    }
    text
}
