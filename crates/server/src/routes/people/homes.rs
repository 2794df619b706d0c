//! Households as they are registered.

use super::dto::PersonChange;
use super::to_put::day;
use crate::auth::Who;
use crate::body::Body;
use crate::clock::now;
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use app::live::{Act, Live};
use app::people::NewHousehold;
use axum::Json;
use axum::extract::{Path, State};
use base::Diagnostic;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::people::changes::ChangeRow;
use store::people::households::HouseholdRow;
use utoipa::ToSchema;

/// A household as it is registered.
#[derive(Serialize, ToSchema)]
pub struct HouseholdRegistration {
    /// Its id.
    household_id: String,
    /// The code that offices write; the id where there is none.
    code: String,
    /// Where it lives.
    area_code: Option<String>,
    /// The person at its head.
    head: Option<String>,
    /// `active` or `ended`.
    #[schema(pattern = "^(active|ended)$")]
    state: String,
    /// What became of it and of its members, oldest first.
    history: Vec<PersonChange>,
}

fn shown((home, history): (HouseholdRow, Vec<ChangeRow>)) -> HouseholdRegistration {
    HouseholdRegistration {
        household_id: home.household_id,
        code: home.code,
        area_code: home.area_code,
        head: home.head,
        state: home.state,
        history: history.into_iter().map(PersonChange::of).collect(),
    }
}

/// A household to be registered. What is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HouseholdToRegister {
    /// The code that offices write.
    #[schema(pattern = r"^[^\x00-\x1f]{1,128}$")]
    code: Option<String>,
    /// Where it lives, if nobody said so before.
    #[schema(pattern = r"^[^\x00-\x1f]{1,128}$")]
    area_code: Option<String>,
    /// The person at its head, who is registered in it.
    #[schema(pattern = r"^[^\x00]{1,64}$")]
    head: Option<String>,
    /// The household that it split off from; told when it is new.
    #[schema(pattern = r"^[^\x00]{1,64}$")]
    split_from: Option<String>,
    /// The household that it became part of; nobody may live in it any more.
    #[schema(pattern = r"^[^\x00]{1,64}$")]
    merged_into: Option<String>,
    /// Since which day; today where absent.
    #[schema(format = Date)]
    day: Option<String>,
    /// Who tells it.
    #[schema(pattern = r"^[^\x00-\x1f]{1,128}$")]
    source: Option<String>,
}

/// A household as it is registered, with what became of it
#[utoipa::path(get, path = "/api/v1/households/{id}/registration", tag = "people",
    params(("id" = String, Path)),
    responses((status = 200, body = HouseholdRegistration), (status = 404, body = Problem)))]
pub async fn registration(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<HouseholdRegistration>, Problem> {
    let principal = who.may(Action::ReadPeople)?;
    if id.contains('\0') {
        return Err(Problem::not_found("household"));
    }
    let found = move |live: &Live| live.store.read(|tx| live.household(tx, &id, &principal.within));
    let found = server.ask(found).await?;
    found.map(|it| Json(shown(it))).ok_or_else(|| Problem::not_found("household"))
}

/// Register a household, or change what is kept of it
///
/// The same again changes nothing. Where it lives comes from facts, once there are any.
#[utoipa::path(put, path = "/api/v1/households/{id}/registration", tag = "people",
    params(("id" = String, Path, pattern = r"^[^\x00]{1,64}$")), request_body = HouseholdToRegister,
    responses((status = 200, body = HouseholdRegistration), (status = 404, body = Problem)))]
pub async fn register(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
    Body(it): Body<HouseholdToRegister>,
) -> Result<Json<HouseholdRegistration>, Problem> {
    let principal = who.may(Action::WritePeople)?;
    let row = NewHousehold {
        household_id: id,
        code: it.code,
        area_code: it.area_code,
        head: it.head,
        split_from: it.split_from,
        merged_into: it.merged_into,
        day: day("day", it.day.as_deref())?,
        source: it.source,
    };
    let work = move |live: &Live, tx: &mut Tx<'_>| -> Result<_, Diagnostic> {
        let act = Act { actor: &principal.name, now: now(), within: &principal.within };
        let mut receipt = live.put_households(tx, std::slice::from_ref(&row), &act)?;
        if let Some(rejected) = receipt.rejected.pop() {
            return Err(rejected.finding);
        }
        live.household(tx, &row.household_id, &principal.within)
    };
    let found = server.writer.write(work).await?;
    found.map(|it| Json(shown(it))).ok_or_else(|| Problem::not_found("household"))
}
