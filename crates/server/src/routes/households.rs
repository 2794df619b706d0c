//! Households and their scores.

#![expect(unused_qualifications, reason = "the description of a route repeats its path")]

pub mod explained;
pub mod past;
pub mod trial;

use super::warnings::{limit, narrowed, place};
use crate::auth::Who;
use crate::body::Query;
use crate::clock::read_instant;
use crate::cursor::text;
use crate::dto::{Score, Warning};
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use app::live::Live;
use axum::Json;
use axum::extract::{Path, State};
use base::{Band, Diagnostic, Period};
use serde::{Deserialize, Serialize};
use store::scores::{self, Wanted};
use store::warnings;
use utoipa::{IntoParams, ToSchema};

/// Which households.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// An area within your own
    #[param(pattern = r"^[^\x00]*$")]
    area: Option<String>,
    /// The period, e.g. `2020-06`; the one under watch where absent
    period: Option<String>,
    /// The band of the household
    #[param(pattern = "^(red|orange|yellow|blue|green|unknown)$")]
    band: Option<String>,
    /// Go on after a page
    cursor: Option<String>,
    /// Rows of a page, 1 to 1000
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
}

/// A page of households.
#[derive(Serialize, ToSchema)]
pub struct Households {
    /// The worst first.
    items: Vec<Score>,
    /// Where the next page begins; nothing at the end.
    next: Option<String>,
}

/// List households
#[utoipa::path(get, path = "/api/v1/households", tag = "households", params(Filter),
    responses((status = 200, body = Households), (status = 422, description = "No such period")))]
pub async fn list(
    State(server): State<Server>,
    who: Who,
    Query(filter): Query<Filter>,
) -> Result<Json<Households>, Problem> {
    let principal = who.may(Action::ReadHouseholds)?;
    let most = limit(filter.limit)?;
    let after = filter.cursor.as_deref().map(place).transpose()?;
    if filter.area.iter().any(|it| it.contains('\0')) {
        return Err(Problem::bad_request("area: no zero bytes"));
    }
    let band = filter.band.as_deref().map(known_band).transpose()?;
    let within = narrowed(principal.within, filter.area);
    let moment = Moment { period: filter.period, as_of: None };
    let page = move |live: &Live| {
        let asked = moment.period(live)?;
        let Some(open) = live.open_period()? else { return Ok((Vec::new(), None)) };
        let period = asked.unwrap_or(open).index().into();
        let after = after.as_ref().map(|it| (it.0, it.1, it.2.as_str()));
        let wanted = Wanted { period, within: &within, band, after, most };
        let rows = live.store.read(|tx| scores::list(tx, &wanted))?;
        let last = rows.last().filter(|_| rows.len() as i64 == most);
        let next =
            last.map(|it| format!("{}.{}.{}", it.band, it.composite, text(&it.household_id)));
        Ok::<_, Diagnostic>((rows.into_iter().map(|it| Score::of(live, it)).collect(), next))
    };
    let (items, next) = server.ask(page).await?;
    Ok(Json(Households { items, next }))
}

/// One household.
#[derive(Serialize, ToSchema)]
pub struct Household {
    /// The household.
    household_id: String,
    /// Periods under watch, oldest first.
    scores: Vec<Score>,
    /// Its warnings.
    warnings: Vec<Warning>,
}

/// A household's scores and warnings
#[utoipa::path(get, path = "/api/v1/households/{id}", tag = "households", params(("id" = String, Path)),
    responses((status = 200, body = Household),
        (status = 404, body = Problem)))]
pub async fn one(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<Household>, Problem> {
    let principal = who.may(Action::ReadHouseholds)?;
    if id.contains('\0') {
        return Err(Problem::not_found("household"));
    }
    let kind = server.live.pack().period_kind;
    let found = move |live: &Live| {
        let (rows, raised, reasons) = live.store.read(|tx| -> Result<_, Diagnostic> {
            let raised = warnings::of_households(tx, &[&id])?;
            let reasons = live.reasons(tx, &raised)?;
            Ok((scores::of_household(tx, &id)?, raised, reasons))
        })?;
        // Where it lives now decides, for its past too.
        let area = rows.last().and_then(|it| it.area_code.as_deref());
        if rows.is_empty() || !principal.within.holds(area) {
            return Ok(None);
        }
        Ok::<_, Diagnostic>(Some(Household {
            household_id: id,
            scores: rows.into_iter().map(|it| Score::of(live, it)).collect(),
            warnings: Warning::all(kind, raised, reasons),
        }))
    };
    server.ask(found).await?.map(Json).ok_or_else(|| Problem::not_found("household"))
}

/// The number of a band's name.
fn known_band(name: &str) -> Result<i64, Problem> {
    let all = || Band::ALL.map(Band::name).join(", ");
    let band = Band::parse(name).map(|it| it as i64);
    band.ok_or_else(|| Problem::bad_request(format!("band: one of {}", all())))
}

/// An id that can be one.
fn seen(id: String) -> Result<String, Problem> {
    if id.contains('\0') { Err(Problem::not_found("household")) } else { Ok(id) }
}

/// An instant as it was asked for, in microseconds.
fn instant(text: Option<&str>) -> Result<Option<i64>, Problem> {
    let read = |text| {
        read_instant(text).ok_or_else(|| {
            Problem::bad_request("as_of: an instant like 2020-07-05T00:00:00Z (write + as %2B)")
        })
    };
    text.map(read).transpose()
}

/// A period, and as it was known when.
struct Moment {
    period: Option<String>,
    as_of: Option<i64>,
}

impl Moment {
    fn period(&self, live: &Live) -> Result<Option<Period>, Diagnostic> {
        self.period.as_deref().map(|it| app::input::period(&live.pack(), it)).transpose()
    }
}
