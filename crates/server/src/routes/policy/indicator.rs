//! What one indicator of the policy does.

use super::words;
use crate::auth::Who;
use crate::clock::shown;
use crate::problem::Problem;
use crate::state::Server;
use app::access::{Action, Principal};
use app::live::Live;
use app::live::policy::{Sheet, shown_period};
use axum::Json;
use axum::extract::{Path, State};
use base::Diagnostic;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// An indicator, as people read it.
#[derive(Serialize, ToSchema)]
pub struct Indicator {
    id: String,
    label: BTreeMap<String, String>,
    /// Id of its dimension.
    dimension: String,
    /// What it does.
    sentence: BTreeMap<String, String>,
    /// Its value, as the pack has it.
    formula: Option<String>,
    /// Unit of its value.
    unit: Option<String>,
    /// Values at which it reaches a severity, by name; nothing where a line has no value.
    anchors: BTreeMap<String, Option<f64>>,
    /// Points of the line from value to severity.
    curve: Vec<Point>,
    /// Today's values in your areas: a value, or the middle of a stretch, and how many households.
    distribution: Vec<Stretch>,
    /// `ready`, `reading` (ask again), or `none` for who may read no counts.
    distribution_state: String,
    /// Weight in its dimension.
    weight: f64,
    /// Whom it concerns, as the pack has it; nothing: everybody.
    applies: Option<String>,
    /// Where it comes from.
    reference: Vec<Source>,
    /// Whether nobody published it and it is a proposal.
    proposal: bool,
    /// The same in every version, the latest installed first.
    history: Vec<Past>,
}

/// A value and its severity.
#[derive(Serialize, ToSchema)]
pub struct Point {
    value: f64,
    severity: f64,
}

/// A value and how many have it.
#[derive(Serialize, ToSchema)]
pub struct Stretch {
    value: f64,
    count: u64,
}

/// A source.
#[derive(Serialize, ToSchema)]
pub struct Source {
    title: String,
    href: Option<String>,
    proposal: bool,
}

/// An indicator in a version.
#[derive(Serialize, ToSchema)]
#[schema(as = PastVersion)]
pub struct Past {
    version: String,
    hash: String,
    stored_at: String,
    weight: f64,
    anchors: BTreeMap<String, Option<f64>>,
}

/// One indicator: what it does, in words and figures
#[utoipa::path(get, path = "/api/v1/policy/indicators/{id}", tag = "policy",
    params(("id" = String, Path)),
    responses((status = 200, body = Indicator), (status = 404, body = Problem)))]
pub async fn read(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<Indicator>, Problem> {
    let principal = who.may(Action::ReadPolicy)?;
    let found = server.ask(move |live| one(live, &id, &principal)).await?;
    let found = found.ok_or_else(|| Problem::not_found("indicator"))?;
    if found.distribution_state == "reading" {
        tokio::spawn(server.clone().expect_trial());
    }
    Ok(Json(found))
}

fn one(live: &Live, id: &str, principal: &Principal) -> Result<Option<Indicator>, Diagnostic> {
    let (pack, open) = (live.pack(), live.open_period()?);
    let Some(index) = pack.indicators.iter().position(|it| it.id == id) else { return Ok(None) };
    let indicator = &pack.indicators[index];
    let at = shown_period(&pack, open);
    let sheet = Sheet::of(&pack, indicator, at);
    let named = |list: Vec<(&'static str, Option<f64>)>| {
        list.into_iter().map(|(name, it)| (name.to_owned(), it)).collect::<BTreeMap<_, _>>()
    };
    let (distribution, state) = match open.is_some() && principal.may(Action::ReadCounts).is_ok() {
        false => (Vec::new(), "none"),
        true => match live.distribution(index, &principal.within)? {
            Some(found) => (found, "ready"),
            None => (Vec::new(), "reading"),
        },
    };
    let history = live.past_of(id, at)?.into_iter().map(|it| Past {
        version: it.version.0,
        hash: it.version.1,
        stored_at: shown(it.installed_at),
        weight: it.weight,
        anchors: named(it.anchors),
    });
    let [en, zh] = sheet.sentences;
    let curve = sheet.curve.into_iter().map(|(value, severity)| Point { value, severity });
    let reference = indicator.references.iter().map(|it| Source {
        title: it.title.clone(),
        href: it.href.clone(),
        proposal: it.is_proposal,
    });
    Ok(Some(Indicator {
        id: indicator.id.clone(),
        label: words(&indicator.label.0),
        dimension: pack.dimensions[indicator.dimension].id.clone(),
        sentence: [("en".to_owned(), en), ("zh".to_owned(), zh)].into(),
        formula: sheet.formula,
        unit: sheet.unit,
        anchors: named(sheet.anchors),
        curve: curve.collect(),
        distribution: distribution
            .into_iter()
            .map(|(value, count)| Stretch { value, count })
            .collect(),
        distribution_state: state.to_owned(),
        weight: indicator.weight,
        applies: sheet.applies,
        reference: reference.collect(),
        proposal: sheet.is_proposal,
        history: history.collect(),
    }))
}
