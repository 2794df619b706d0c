//! Figures of areas and periods: the map, the bands over time, the first sentence.

use crate::auth::Who;
use crate::body::Query;
use crate::clock::{now, shown};
use crate::dto::AreaName;
use crate::problem::Problem;
use crate::routes::areas::name;
use crate::routes::warnings::narrowed;
use crate::state::Server;
use app::access::Action;
use app::live::{Asked, Child, Figures, Live};
use axum::Json;
use axum::extract::State;
use base::{Diagnostic, Period};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Tx, Within};
use utoipa::{IntoParams, ToSchema};

/// Periods of a history where nothing is said, and at most.
const PERIODS: u32 = 24;
const PERIODS_MAX: u32 = 240;

/// Which area and period.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// An area within your own; all of your own where absent
    #[param(pattern = r"^[^\x00]*$")]
    area: Option<String>,
    /// The period, e.g. `2020-06`; the one under watch where absent
    period: Option<String>,
}

/// Most levels that a tree of areas has.
const LEVELS_MAX: usize = 12;

/// Which area and period, and which areas in it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Parts {
    /// An area within your own; all of your own where absent
    #[param(pattern = r"^[^\x00]*$")]
    area: Option<String>,
    /// The period, e.g. `2020-06`; the one under watch where absent
    period: Option<String>,
    /// The depth in the tree of the areas that are wanted, from 1, by the lengths of codes in the
    /// policy; those directly in the area where absent
    #[param(minimum = 1, maximum = 12)]
    level: Option<usize>,
}

/// The last periods of which area.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Last {
    /// An area within your own; all of your own where absent
    #[param(pattern = r"^[^\x00]*$")]
    area: Option<String>,
    /// The last period; the one under watch where absent
    period: Option<String>,
    /// How many periods, the last one included, 1 to 240
    #[param(minimum = 1, maximum = 240)]
    periods: Option<u32>,
}

/// A question that was understood.
struct Question {
    area: Option<String>,
    within: Within,
    period: Option<String>,
}

impl Question {
    fn of(own: Within, area: Option<String>, period: Option<String>) -> Result<Self, Problem> {
        if area.iter().any(|it| it.contains('\0')) {
            return Err(Problem::bad_request("area: no zero bytes"));
        }
        Ok(Self { within: narrowed(own, area.clone()), area, period })
    }

    /// Asks it in one state of the database.
    fn ask<T>(
        &self,
        live: &Live,
        ask: impl FnOnce(&mut Tx<'_>, &Asked<'_>) -> Result<T, Diagnostic>,
    ) -> Result<T, Diagnostic> {
        let period: Option<Period> =
            self.period.as_deref().map(|it| app::input::period(&live.pack(), it)).transpose()?;
        let (area, within) = (self.area.as_deref(), &self.within);
        live.store.read(|tx| ask(tx, &Asked { area, within, period, now: now() }))
    }
}

/// An area in another one.
#[derive(Serialize, ToSchema)]
#[schema(as = AreaFigures)]
pub struct Row {
    /// Its code; empty for households without an area.
    area_code: String,
    /// Its name.
    name: AreaName,
    /// Its depth in the tree.
    level: i64,
    /// Households.
    households: i64,
    /// Households by band.
    bands: BTreeMap<String, i64>,
    /// Households that are warned of in the period.
    warned: i64,
    /// The same one period earlier; nothing where that was not watched.
    previous_warned: Option<i64>,
    /// Warnings of the period under watch that nobody took note of.
    waiting: i64,
    /// Of those, how many for longer than the policy allows.
    overdue: i64,
    /// Mean composite where anything is known, 0–100.
    composite_mean: Option<f64>,
    /// Mean known share, 0–1.
    confidence_mean: Option<f64>,
    /// Mean score of each module, 0–100.
    modules: BTreeMap<String, f64>,
}

impl Row {
    fn of(child: Child) -> Self {
        let name = match child.area.code.as_str() {
            "" => AreaName {
                en: Some("Without an area".to_owned()),
                zh: Some("未登记区划".to_owned()),
            },
            _ => name(&child.area),
        };
        Self {
            area_code: child.area.code,
            name,
            level: child.area.level,
            households: child.now.households,
            bands: bands(&child.now),
            warned: child.now.warned,
            previous_warned: child.previous_warned,
            waiting: child.waiting,
            overdue: child.overdue,
            composite_mean: child.now.composite_mean,
            confidence_mean: child.now.confidence_mean,
            modules: child.now.modules,
        }
    }
}

fn bands(figures: &Figures) -> BTreeMap<String, i64> {
    figures.bands.iter().map(|(band, count)| ((*band).to_owned(), *count)).collect()
}

/// Areas in an area.
#[derive(Serialize, ToSchema)]
#[schema(as = AreasFigures)]
pub struct Rows {
    /// The period; nothing before the first facts.
    period: Option<String>,
    /// By code.
    items: Vec<Row>,
    /// How many levels codes of areas have, by the policy.
    levels: usize,
    /// Nothing: all come at once.
    next: Option<String>,
}

/// Figures of each area in an area
#[utoipa::path(get, path = "/api/v1/situation/children", tag = "situation", params(Parts),
    responses((status = 200, body = Rows), (status = 422, description = "No such period")))]
pub async fn children(
    State(server): State<Server>,
    who: Who,
    Query(parts): Query<Parts>,
) -> Result<Json<Rows>, Problem> {
    let principal = who.may(Action::ReadCounts)?;
    if parts.level.is_some_and(|it| !(1..=LEVELS_MAX).contains(&it)) {
        return Err(Problem::bad_request(format!("level: 1 to {LEVELS_MAX}")));
    }
    let question = Question::of(principal.within, parts.area, parts.period)?;
    let asked = move |live: &Live| {
        question.ask(live, |tx, asked| live.situation_children(tx, asked, parts.level))
    };
    let (period, children) = server.ask(asked).await?;
    let period = period.map(|it| it.to_string());
    let levels = server.live.pack().area_levels.len();
    let items = children.into_iter().map(Row::of).collect();
    Ok(Json(Rows { period, items, levels, next: None }))
}

/// One period.
#[derive(Serialize, ToSchema)]
#[schema(as = PastSituation)]
pub struct Past {
    /// The period.
    period: String,
    /// Households.
    households: i64,
    /// Households by band.
    bands: BTreeMap<String, i64>,
    /// Households that are warned of in the period.
    warned: i64,
    /// Mean composite where anything is known, 0–100.
    composite_mean: Option<f64>,
    /// Mean score of each module, 0–100.
    modules: BTreeMap<String, f64>,
}

/// Periods.
#[derive(Serialize, ToSchema)]
pub struct Pasts {
    /// Oldest first.
    items: Vec<Past>,
    /// Nothing: all come at once.
    next: Option<String>,
}

/// Figures of an area over the last periods
#[utoipa::path(get, path = "/api/v1/situation/history", tag = "situation", params(Last),
    responses((status = 200, body = Pasts), (status = 422, description = "No such period")))]
pub async fn history(
    State(server): State<Server>,
    who: Who,
    Query(last): Query<Last>,
) -> Result<Json<Pasts>, Problem> {
    let principal = who.may(Action::ReadCounts)?;
    let periods = periods(last.periods)?;
    let question = Question::of(principal.within, last.area, last.period)?;
    let asked = move |live: &Live| {
        question.ask(live, |tx, asked| live.situation_history(tx, asked, periods))
    };
    let items = server.ask(asked).await?.into_iter().map(|(period, it)| Past {
        period: period.to_string(),
        households: it.households,
        bands: bands(&it),
        warned: it.warned,
        composite_mean: it.composite_mean,
        modules: it.modules,
    });
    Ok(Json(Pasts { items: items.collect(), next: None }))
}

/// How many periods are asked for.
pub fn periods(asked: Option<u32>) -> Result<u32, Problem> {
    let periods = asked.unwrap_or(PERIODS);
    if (1..=PERIODS_MAX).contains(&periods) {
        return Ok(periods);
    }
    Err(Problem::bad_request(format!("periods: 1 to {PERIODS_MAX}")))
}

/// The situation in one sentence.
#[derive(Default, Serialize, ToSchema)]
pub struct Sentence {
    /// The period; nothing before the first facts.
    period: Option<String>,
    /// Households.
    households: i64,
    /// Households that are warned of, and so need a visit.
    need_visit: i64,
    /// How many more than one period earlier; nothing where that was not watched.
    change_since_previous: Option<i64>,
    /// Warnings that nobody took note of.
    waiting: i64,
    /// Of those, how many for longer than `days`.
    waiting_over_days: i64,
    /// Days within which somebody takes note of a warning; nothing where there is no deadline.
    days: Option<u32>,
    /// Warnings that may be handed out; nothing where there is no limit.
    budget: Option<u64>,
    /// Warnings within the budget of the last ranking.
    within_budget: i64,
    /// Households by band.
    bands: BTreeMap<String, i64>,
    /// Households, of all areas, whose scores are older than their facts.
    stale: i64,
    /// When it was asked.
    as_of: String,
}

/// The situation in one sentence
#[utoipa::path(get, path = "/api/v1/situation/summary", tag = "situation", params(Filter),
    responses((status = 200, body = Sentence), (status = 422, description = "No such period")))]
pub async fn summary(
    State(server): State<Server>,
    who: Who,
    Query(filter): Query<Filter>,
) -> Result<Json<Sentence>, Problem> {
    let principal = who.may(Action::ReadCounts)?;
    let question = Question::of(principal.within, filter.area, filter.period)?;
    let asked =
        move |live: &Live| question.ask(live, |tx, asked| live.situation_summary(tx, asked));
    let as_of = shown(now());
    let Some(it) = server.ask(asked).await? else {
        return Ok(Json(Sentence { as_of, ..Sentence::default() }));
    };
    Ok(Json(Sentence {
        period: Some(it.period.to_string()),
        households: it.now.households,
        need_visit: it.now.warned,
        change_since_previous: it.change_since_previous,
        waiting: it.waiting,
        waiting_over_days: it.overdue,
        days: it.days,
        budget: it.budget,
        within_budget: it.within_budget,
        bands: bands(&it.now),
        stale: it.stale,
        as_of,
    }))
}
