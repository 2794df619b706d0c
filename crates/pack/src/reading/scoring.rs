//! scoring.toml.

use super::MergedFile;
use super::common::{Context, area, references, want_reference};
use crate::model::{Aggregate, Budget, Scoring, Trend, TrendMethod, Warnings};
use crate::raw::fields::number;
use crate::raw::tree::Item;
use crate::raw::{Fields, Sink};
use base::codes::pack as codes;
use base::{Band, Score};

const AGGREGATES: [(&str, Aggregate); 3] =
    [("mean", Aggregate::Mean), ("quadratic", Aggregate::Quadratic), ("max", Aggregate::Max)];

/// Known bands by name.
pub(super) const BANDS: [(&str, Band); 5] = [
    ("green", Band::Green),
    ("blue", Band::Blue),
    ("yellow", Band::Yellow),
    ("orange", Band::Orange),
    ("red", Band::Red),
];

/// The scoring of a pack.
pub(crate) fn read(files: &[MergedFile], context: &Context<'_>) -> Option<Scoring> {
    let Some(file) = files.iter().find(|it| it.path == "scoring.toml") else {
        let root = files.iter().find(|it| it.path == "pack.toml")?;
        let finding = root.item.at.finding(&codes::MISSING_KEY, "the pack has no scoring.toml");
        context.sink.report(finding.hint("add it: aggregate, bands, min_confidence, [warnings]"));
        return None;
    };
    let sink = context.sink;
    let fields = Fields::of(&file.item, sink)?;
    let aggregates = fields.required("aggregate").and_then(|it| aggregates(&it.item, sink));
    let band_edges = fields.required("bands").and_then(|it| edges(&it.item, sink));
    let min_confidence = fields.required("min_confidence").and_then(|it| share(&it.item, sink));
    let clean_periods = fields.whole("clean_periods", 1).unwrap_or(1);
    let clean_within = match fields.whole("clean_within", 1) {
        Some(within) if within < clean_periods => {
            let message = "`clean_within` is less than `clean_periods`";
            let finding = fields.at().finding(&codes::BAD_VALUE, message);
            sink.report(finding.hint("look for clean periods within at least as many"));
            clean_periods
        }
        Some(within) => within,
        None if clean_periods > 1 => fields.required_whole("clean_within", 1).unwrap_or(1),
        None => 1,
    };
    let reasons = fields.whole("reasons", 1).unwrap_or(3) as usize;
    let references = references(&fields);
    want_reference(&references, fields.at(), "the scoring", sink);
    let trend = fields.optional("trend").map(|it| trend(&it.item, sink));
    let warnings = fields.required("warnings").and_then(|it| warnings(&it.item, context));
    fields.finish();
    let (dimension, module, composite) = aggregates?;
    Some(Scoring {
        aggregate_dimension: dimension,
        aggregate_module: module,
        aggregate_composite: composite,
        band_edges: band_edges?,
        min_confidence: min_confidence?,
        clean_periods,
        clean_within,
        trend: match trend {
            Some(trend) => Some(trend?),
            None => None,
        },
        warnings: warnings?,
        reasons,
        references,
    })
}

fn aggregates(item: &Item, sink: &Sink) -> Option<(Aggregate, Aggregate, Aggregate)> {
    let fields = Fields::of(item, sink)?;
    let dimension = fields.required_word("dimension", &AGGREGATES);
    let module = fields.required_word("module", &AGGREGATES);
    let composite = fields.required_word("composite", &AGGREGATES);
    fields.finish();
    Some((dimension?, module?, composite?))
}

fn edges(item: &Item, sink: &Sink) -> Option<[Score; 4]> {
    let fields = Fields::of(item, sink)?;
    let mut edges = [0.0; 4];
    let mut is_whole = true;
    for (edge, name) in edges.iter_mut().zip(["blue", "yellow", "orange", "red"]) {
        match fields.required(name).and_then(|it| number(&it.item, sink)) {
            Some(it) => *edge = it,
            None => is_whole = false,
        }
    }
    fields.finish();
    if !is_whole {
        return None;
    }
    let is_ascending = edges.windows(2).all(|it| it[0] < it[1]);
    if !is_ascending || edges[0] <= 0.0 || edges[3] > 100.0 {
        let message = "the edges do not ascend from above 0 to at most 100";
        let finding = item.at.finding(&codes::EDGES_NOT_ASCENDING, message);
        sink.report(finding.hint("for example blue = 20, yellow = 40, orange = 60, red = 80"));
        return None;
    }
    Some(edges.map(Score::from_points))
}

fn share(item: &Item, sink: &Sink) -> Option<f64> {
    let share = number(item, sink)?;
    if (0.0..=1.0).contains(&share) {
        return Some(share);
    }
    let finding = item.at.finding(&codes::BAD_VALUE, format!("{share} is not a share from 0 to 1"));
    sink.report(finding.hint("write 5 % as 0.05"));
    None
}

fn trend(item: &Item, sink: &Sink) -> Option<Trend> {
    let fields = Fields::of(item, sink)?;
    let methods =
        [("theil_sen", TrendMethod::TheilSen), ("least_squares", TrendMethod::LeastSquares)];
    let method = fields.required_word("method", &methods);
    let window = fields.required_whole("window", 2);
    let min_known = fields.required_whole("min_known", 2);
    let slope_min = fields.required("slope_min").and_then(|it| number(&it.item, sink));
    let steps_up_min = fields.required("steps_up_min").and_then(|it| share(&it.item, sink));
    let lift_within = fields.number("lift_within").map(Score::from_points);
    fields.finish();
    let (window, min_known) = (window?, min_known?);
    if min_known > window {
        let finding =
            item.at.finding(&codes::BAD_VALUE, "`min_known` is more than the window holds");
        sink.report(finding.hint("ask for at most `window` known periods"));
    }
    Some(Trend {
        method: method?,
        window,
        min_known,
        slope_min: slope_min?,
        steps_up_min: steps_up_min?,
        lift_within,
    })
}

fn warnings(item: &Item, context: &Context<'_>) -> Option<Warnings> {
    let sink = context.sink;
    let fields = Fields::of(item, sink)?;
    let from = fields.required_word("from", &BANDS);
    let spell_periods = fields.required_whole("spell_periods", 1);
    let acknowledge_days = fields.whole("acknowledge_days", 1);
    let overall = fields.optional("budget").and_then(|it| {
        let own = Fields::of(&it.item, sink)?;
        let found = budget(&own, sink);
        own.finish();
        found
    });
    let mut area_budgets = Vec::new();
    for item in fields.list("area_budgets") {
        let Some(own) = Fields::of(item, sink) else { continue };
        let scope = own.required_text("area").map(|it| area(it, context));
        let found = budget(&own, sink);
        own.finish();
        if let (Some(scope), Some(found)) = (scope, found) {
            area_budgets.push((scope, found));
        }
    }
    fields.finish();
    Some(Warnings {
        from: from?,
        spell_periods: spell_periods?,
        acknowledge_days,
        budget: overall,
        area_budgets,
    })
}

fn budget(fields: &Fields<'_>, sink: &Sink) -> Option<Budget> {
    let count = fields.whole("count", 0);
    let part = fields.optional("share").and_then(|it| share(&it.item, sink));
    match (count, part) {
        (Some(count), None) => Some(Budget::Count(u64::from(count))),
        (None, Some(part)) => Some(Budget::Share(part)),
        _ => {
            let finding =
                fields.at().finding(&codes::BAD_VALUE, "a budget is either a `count` or a `share`");
            sink.report(finding.hint("write { count = 200 } or { share = 0.05 }"));
            None
        }
    }
}
