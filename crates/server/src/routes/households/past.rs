//! A household over time: bands and modules, what was told of it, everything that happened.

use super::{Moment, instant, seen};
use crate::auth::Who;
use crate::body::Query;
use crate::clock::{day, shown};
use crate::cursor::{Parts, text};
use crate::dto::{Label, band, period};
use crate::problem::Problem;
use crate::routes::situation::figures::periods;
use crate::routes::warnings::limit;
use crate::state::Server;
use app::access::Action;
use app::live::{About, Item, LastFact, Live, TimelinePlace};
use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// How far back, and as known when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Back {
    /// The last period; the one under watch where absent
    period: Option<String>,
    /// How many periods, the last one included, 1 to 240
    #[param(minimum = 1, maximum = 240)]
    periods: Option<u32>,
    /// As it was known then, RFC 3339; everything known where absent
    #[param(format = DateTime)]
    as_of: Option<String>,
}

/// A household in a period.
#[derive(Serialize, ToSchema)]
pub struct Then {
    /// The period.
    period: String,
    /// The band that counts.
    band: String,
    /// The composite, 0–100.
    composite: f64,
    /// Known share, 0–1.
    confidence: f64,
    /// Scores of modules, 0–100; nothing where nothing of one is known.
    modules: BTreeMap<String, Option<f64>>,
}

/// Least composites of bands.
#[derive(Serialize, ToSchema)]
pub struct Lines {
    /// Of yellow.
    yellow: f64,
    /// Of orange.
    orange: f64,
    /// Of red.
    red: f64,
}

/// A fact on which a trigger fired.
#[derive(Serialize, ToSchema)]
pub struct Struck {
    /// Its period.
    period: String,
    /// The trigger's name.
    label: Label,
    /// The trigger.
    trigger: String,
    /// How urgent a warning of it is.
    urgency: String,
    /// The fact.
    fact: String,
}

/// A household over time.
#[derive(Serialize, ToSchema)]
pub struct History {
    /// Oldest first.
    items: Vec<Then>,
    /// Nothing: all come at once.
    next: Option<String>,
    /// Least composites of bands.
    lines: Lines,
    /// Facts on which a trigger fired, oldest first.
    shocks: Vec<Struck>,
}

/// Bands and modules of a household over the last periods
#[utoipa::path(get, path = "/api/v1/households/{id}/history", tag = "households",
    params(("id" = String, Path), Back),
    responses((status = 200, body = History), (status = 404, body = Problem),
        (status = 422, description = "No such period")))]
pub async fn history(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
    Query(back): Query<Back>,
) -> Result<Json<History>, Problem> {
    let principal = who.may(Action::ReadHouseholds)?;
    let (id, count) = (seen(id)?, periods(back.periods)?);
    let moment = Moment { period: back.period, as_of: instant(back.as_of.as_deref())? };
    let found = move |live: &Live| {
        let period = moment.period(live)?;
        let (household, within, as_of) = (id.as_str(), &principal.within, moment.as_of);
        live.store.read(|tx| live.past(tx, &About { household, within, period, as_of }, count))
    };
    let past = server.ask(found).await?.ok_or_else(|| Problem::not_found("household"))?;
    let kind = server.live.pack().period_kind;
    let points = |micros: i64| micros as f64 / 1e6;
    let items = past.rows.into_iter().map(|(row, modules)| Then {
        period: period(kind, row.period),
        band: band(row.band),
        composite: points(row.composite),
        confidence: points(row.confidence),
        modules: modules.into_iter().map(|(id, score)| (id, score.map(points))).collect(),
    });
    let shocks = past.shocks.into_iter().map(|it| Struck {
        period: it.period.to_string(),
        label: it.label.into(),
        trigger: it.trigger,
        urgency: it.urgency.name().to_owned(),
        fact: it.fact,
    });
    let [yellow, orange, red] = past.lines;
    Ok(Json(History {
        items: items.collect(),
        next: None,
        lines: Lines { yellow, orange, red },
        shocks: shocks.collect(),
    }))
}

/// What was told last.
#[derive(Serialize, ToSchema)]
pub struct Last {
    /// The fact's code.
    fact: String,
    /// What it is about.
    label: Label,
    /// Its id.
    fact_id: String,
    /// The member it is about.
    member_id: Option<String>,
    /// Its value as told.
    value: String,
    /// Its value in words.
    shown: Label,
    /// First day.
    valid_from: String,
    /// Last day.
    valid_to: Option<String>,
    /// When it was learned.
    recorded_at: String,
    /// Who told it.
    source: Option<String>,
    /// Why it corrects another one.
    reason: Option<String>,
}

/// What was told last of each thing.
#[derive(Serialize, ToSchema)]
pub struct Lasts {
    /// By code and member.
    items: Vec<Last>,
    /// Nothing: all come at once.
    next: Option<String>,
}

/// The last fact of each code, of a household and of its members
#[utoipa::path(get, path = "/api/v1/households/{id}/facts", tag = "households",
    params(("id" = String, Path)),
    responses((status = 200, body = Lasts), (status = 404, body = Problem)))]
pub async fn facts(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<Lasts>, Problem> {
    let principal = who.may(Action::ReadHouseholds)?;
    let id = seen(id)?;
    let found =
        move |live: &Live| live.store.read(|tx| live.last_facts(tx, &id, &principal.within));
    let found = server.ask(found).await?.ok_or_else(|| Problem::not_found("household"))?;
    let last = |it: LastFact| Last {
        fact: it.row.fact,
        label: it.label.into(),
        fact_id: it.row.fact_id,
        member_id: it.row.member_id,
        value: it.row.value,
        shown: it.told.into(),
        valid_from: day(it.row.valid_from),
        valid_to: it.row.valid_to.map(day),
        recorded_at: shown(it.row.recorded_at),
        source: it.row.source,
        reason: it.row.reason,
    };
    Ok(Json(Lasts { items: found.into_iter().map(last).collect(), next: None }))
}

/// Which part of what happened.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Go on after a page
    cursor: Option<String>,
    /// Rows of a page, 1 to 1000
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
}

/// Something that happened.
#[derive(Serialize, ToSchema)]
pub struct Happened {
    /// When it was learned; of a band, the end of its period.
    at: String,
    /// The first day it is about.
    valid_from: Option<String>,
    /// `fact`, `correction`, `score` or `warning`.
    kind: String,
    /// In words.
    text: Label,
    /// Who told it, or did it.
    source: Option<String>,
    /// The fact's id.
    fact: Option<String>,
    /// The fact's code.
    code: Option<String>,
    /// The member it is about.
    member_id: Option<String>,
    /// The fact that corrected it.
    superseded_by: Option<String>,
    /// Why a fact corrects another one.
    reason: Option<String>,
    /// The band, of scores and warnings.
    band: Option<String>,
}

/// What happened to a household.
#[derive(Serialize, ToSchema)]
pub struct Timeline {
    /// The newest first.
    items: Vec<Happened>,
    /// Where the next page begins; nothing at the end.
    next: Option<String>,
}

/// Everything that happened to a household: facts, corrections, bands, warnings
#[utoipa::path(get, path = "/api/v1/households/{id}/timeline", tag = "households",
    params(("id" = String, Path), Part),
    responses((status = 200, body = Timeline), (status = 404, body = Problem)))]
pub async fn timeline(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
    Query(part): Query<Part>,
) -> Result<Json<Timeline>, Problem> {
    let principal = who.may(Action::ReadHouseholds)?;
    let (id, most) = (seen(id)?, limit(part.limit)?);
    let after = part.cursor.as_deref().map(place).transpose()?;
    let most = most.unsigned_abs() as usize;
    let found = move |live: &Live| {
        live.store
            .read(|tx| live.household_timeline(tx, &id, &principal.within, after.as_ref(), most))
    };
    let found = server.ask(found).await?.ok_or_else(|| Problem::not_found("household"))?;
    let last = found.last().filter(|_| found.len() == most);
    let next = last.map(|it| format!("{}.{}", it.at, text(&it.id)));
    Ok(Json(Timeline { items: found.into_iter().map(happened).collect(), next }))
}

fn happened(it: Item) -> Happened {
    Happened {
        at: shown(it.at),
        valid_from: it.valid_from.map(day),
        kind: it.kind.name().to_owned(),
        text: it.text.into(),
        source: it.source,
        fact: it.fact,
        code: it.code,
        member_id: it.member,
        superseded_by: it.superseded_by,
        reason: it.reason,
        band: it.band.map(|it| it.name().to_owned()),
    }
}

fn place(cursor: &str) -> Result<TimelinePlace, Problem> {
    let mut parts = Parts::of(cursor);
    let place = (parts.number()?, parts.text()?);
    parts.end(place)
}
