//! Warnings, the most urgent first.

#![expect(unused_qualifications, reason = "the description of a route repeats its path")]

use crate::auth::Who;
use crate::body::Query;
use crate::clock::now;
use crate::dto::Warning;
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use app::live::{Act, Live};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use store::Within;
use store::warnings::{self, Wanted, WarningRow};
use utoipa::{IntoParams, ToSchema};

/// Rows of a page where nothing is said.
const PAGE: i64 = 50;
/// Most rows of a page.
const PAGE_MAX: i64 = 1_000;

/// Where a warning may stand.
const STATES: [&str; 3] = ["open", "acknowledged", "ended"];

/// Which warnings.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// `open`, `acknowledged` or `ended`; those that have not ended where absent
    #[param(pattern = "^(open|acknowledged|ended)$")]
    state: Option<String>,
    /// An area within your own
    #[param(pattern = r"^[^\x00]*$")]
    area: Option<String>,
    /// Go on after a page
    #[param(pattern = r"^-?[0-9]{1,18}\.-?[0-9]{1,18}\.[0-9A-Za-z_-]{0,64}$")]
    cursor: Option<String>,
    /// Rows of a page, 1 to 1000
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
}

/// A page of warnings.
#[derive(Serialize, ToSchema)]
pub struct Warnings {
    /// The most urgent first.
    items: Vec<Warning>,
    /// Where the next page begins; nothing at the end.
    next: Option<String>,
}

/// The areas asked for, as far as they may be seen.
pub fn narrowed(within: Within, area: Option<String>) -> Within {
    match area {
        None => within,
        Some(area) if within.holds(Some(&area)) => Within::Areas(vec![area]),
        Some(area) => match within {
            Within::Everywhere => Within::Areas(vec![area]),
            Within::Areas(own) => {
                Within::Areas(own.into_iter().filter(|it| it.starts_with(&area)).collect())
            }
        },
    }
}

/// Rows of a page as they were asked for.
pub fn limit(asked: Option<i64>) -> Result<i64, Problem> {
    let limit = asked.unwrap_or(PAGE);
    if (1..=PAGE_MAX).contains(&limit) {
        return Ok(limit);
    }
    Err(Problem::bad_request(format!("limit: 1 to {PAGE_MAX}")))
}

/// A place between two pages: two numbers and an id.
pub fn place(cursor: &str) -> Result<(i64, i64, String), Problem> {
    let mut parts = cursor.splitn(3, '.');
    let mut number = || parts.next().and_then(|it| it.parse().ok());
    let numbers = number().zip(number());
    match (numbers, parts.next()) {
        (Some((a, b)), Some(id)) if !id.contains('\0') => Ok((a, b, id.to_owned())),
        _ => Err(Problem::bad_request("cursor: take the `next` of a page as it is")),
    }
}

/// List warnings
#[utoipa::path(get, path = "/api/v1/warnings", tag = "warnings", params(Filter),
    responses((status = 200, body = Warnings)))]
pub async fn list(
    State(server): State<Server>,
    who: Who,
    Query(filter): Query<Filter>,
) -> Result<Json<Warnings>, Problem> {
    let principal = who.may(Action::ReadHouseholds)?;
    let most = limit(filter.limit)?;
    let after = filter.cursor.as_deref().map(place).transpose()?;
    if filter.state.as_ref().is_some_and(|it| !STATES.contains(&it.as_str())) {
        return Err(Problem::bad_request(format!("state: one of {}", STATES.join(", "))));
    }
    if filter.area.iter().any(|it| it.contains('\0')) {
        return Err(Problem::bad_request("area: no zero bytes"));
    }
    let within = narrowed(principal.within, filter.area);
    let rows = move |live: &Live| {
        let wanted = Wanted {
            within: &within,
            state: filter.state.as_deref(),
            after: after.as_ref().map(|it| (it.0, it.1, it.2.as_str())),
            most,
        };
        Ok(live.store.read(|tx| warnings::list(tx, &wanted))?)
    };
    let rows: Vec<WarningRow> = server.ask(rows).await?;
    let last = rows.last().filter(|_| rows.len() as i64 == most);
    let next = last.map(|it| format!("{}.{}.{}", it.urgency, it.composite, it.warning_id));
    let kind = server.live.pack().period_kind;
    Ok(Json(Warnings { items: rows.into_iter().map(|it| Warning::of(kind, it)).collect(), next }))
}

/// What was found behind a warning.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// `confirmed`, `not_confirmed` or `unknown`: what the precision of rules is counted from
    #[schema(pattern = "^(confirmed|not_confirmed|unknown)$")]
    finding: Option<String>,
}

/// Take note of a warning, and say what was found behind it
#[utoipa::path(post, path = "/api/v1/warnings/{id}/acknowledgement", tag = "warnings",
    params(("id" = String, Path)), request_body = Option<Acknowledgement>,
    responses((status = 200, body = Warning),
        (status = 404, body = Problem)))]
pub async fn acknowledge(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Warning>, Problem> {
    let principal = who.may(Action::Acknowledge)?;
    let said: Option<Acknowledgement> = match body.is_empty() {
        true => None,
        false => {
            serde_json::from_slice(&body).map_err(|it| Problem::unprocessable(it.to_string()))?
        }
    };
    let finding = said.and_then(|it| it.finding);
    if id.contains('\0') {
        return Err(Problem::not_found("warning"));
    }
    let at = now();
    let work = move |live: &Live, tx: &mut store::Tx<'_>| {
        let act = Act { actor: &principal.name, now: at, within: &principal.within };
        live.acknowledge_with(tx, &id, finding.as_deref(), &act)
    };
    let row = server.writer.write(work).await?;
    Ok(Json(Warning::of(server.live.pack().period_kind, row)))
}
