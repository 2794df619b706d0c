//! The situation in counts.

#![expect(unused_qualifications, reason = "the description of a route repeats its path")]

pub mod figures;

use super::warnings::narrowed;
use crate::auth::Who;
use crate::body::Query;
use crate::dto::band;
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use app::live::Live;
use axum::Json;
use axum::extract::State;
use base::Diagnostic;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::scores;
use utoipa::{IntoParams, ToSchema};

/// Which areas.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// An area within your own
    #[param(pattern = r"^[^\x00]*$")]
    area: Option<String>,
    /// Digits of the codes that counts are made for, e.g. 6 for counties of China; whole codes
    /// where absent
    #[param(minimum = 1, maximum = 32)]
    digits: Option<usize>,
}

/// Households per area and band.
#[derive(Serialize, ToSchema)]
pub struct Situation {
    /// The period under watch; nothing before the first facts.
    period: Option<String>,
    /// Households by band.
    bands: BTreeMap<String, i64>,
    /// The same by area.
    areas: BTreeMap<String, BTreeMap<String, i64>>,
}

/// Households per area and band in the period under watch
#[utoipa::path(get, path = "/api/v1/situation", tag = "situation", params(Filter),
    responses((status = 200, body = Situation)))]
pub async fn read(
    State(server): State<Server>,
    who: Who,
    Query(filter): Query<Filter>,
) -> Result<Json<Situation>, Problem> {
    let principal = who.may(Action::ReadCounts)?;
    if filter.area.iter().any(|it| it.contains('\0')) {
        return Err(Problem::bad_request("area: no zero bytes"));
    }
    let digits = filter.digits.unwrap_or(32);
    if !(1..=32).contains(&digits) {
        return Err(Problem::bad_request("digits: 1 to 32"));
    }
    let within = narrowed(principal.within, filter.area);
    let counted = move |live: &Live| {
        let Some(open) = live.open_period()? else { return Ok((None, Vec::new())) };
        let counts = live.store.read(|tx| scores::counts(tx, open.index().into(), &within))?;
        Ok::<_, Diagnostic>((Some(open.to_string()), counts))
    };
    let (period, counts) = server.ask(counted).await?;
    let mut situation = Situation { period, bands: BTreeMap::new(), areas: BTreeMap::new() };
    for (area, number, count) in counts {
        *situation.bands.entry(band(number)).or_default() += count;
        let area: String = area.unwrap_or_default().chars().take(digits).collect();
        *situation.areas.entry(area).or_default().entry(band(number)).or_default() += count;
    }
    Ok(Json(situation))
}
