//! Proposals that a version come into force, and what a second person says of them.

use crate::auth::Who;
use crate::body::Body;
use crate::clock::{now, shown};
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use app::live::policy::{Proposal, Standing, day_of};
use app::live::{Act, Live};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::policies::{self, ActivationRow};
use utoipa::ToSchema;

/// A version to come into force.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToPropose {
    /// Hash of an installed version.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    hash: String,
    /// From which day, e.g. `2020-07-01`; not in a period that is closed.
    #[schema(format = Date)]
    from: String,
    /// Why.
    #[schema(max_length = 1000, pattern = r"^[^\x00]*$")]
    note: Option<String>,
}

/// A proposal and what became of it.
#[derive(Serialize, ToSchema)]
pub struct Activation {
    /// Its number.
    pub number: i64,
    /// Hash of the version.
    pub hash: String,
    /// From which day.
    pub from: Option<String>,
    /// Why.
    pub note: Option<String>,
    /// `proposed`, `approved` or `refused`.
    pub state: String,
    /// Who proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed_at: String,
    /// Who approved or refused it.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<String>,
    /// Households scored again for it within a period.
    pub rescored: Option<i64>,
    /// Those of them whose band changed.
    pub impacted: Option<i64>,
}

impl From<ActivationRow> for Activation {
    fn from(row: ActivationRow) -> Self {
        Self {
            number: row.number,
            from: day_of(row.from_day).map(|it| it.to_string()),
            state: Standing::of(&row).name().to_owned(),
            hash: row.hash,
            note: row.note,
            proposed_by: row.proposed_by,
            proposed_at: shown(row.proposed_at),
            decided_by: row.approved_by.or(row.refused_by),
            decided_at: row.approved_at.or(row.refused_at).map(shown),
            rescored: row.rescored,
            impacted: row.impacted,
        }
    }
}

/// Proposals.
#[derive(Serialize, ToSchema)]
pub struct Activations {
    /// The first first.
    items: Vec<Activation>,
    /// Always nothing: there are few.
    next: Option<String>,
}

/// Proposals that a version come into force
#[utoipa::path(get, path = "/api/v1/policy/activations", tag = "policy",
    responses((status = 200, body = Activations)))]
pub async fn list(State(server): State<Server>, who: Who) -> Result<Json<Activations>, Problem> {
    who.may(Action::ReadPolicy)?;
    let rows = server.ask(|live| Ok(live.store.read(policies::activations)?)).await?;
    Ok(Json(Activations { items: rows.into_iter().map(Activation::from).collect(), next: None }))
}

/// Propose that a version come into force
#[utoipa::path(post, path = "/api/v1/policy/activations", tag = "policy", request_body = ToPropose,
    responses((status = 201, body = Activation), (status = 404, body = Problem)))]
pub async fn propose(
    State(server): State<Server>,
    who: Who,
    Body(it): Body<ToPropose>,
) -> Result<(StatusCode, Json<Activation>), Problem> {
    let principal = who.may(Action::ProposePolicy)?;
    let from =
        it.from.parse().map_err(|_| Problem::unprocessable("from: a day like 2020-07-01"))?;
    if [Some(&it.hash), it.note.as_ref()].into_iter().flatten().any(|it| it.contains('\0')) {
        return Err(Problem::unprocessable("no zero bytes"));
    }
    if it.note.as_ref().is_some_and(|it| it.chars().count() > 1000) {
        return Err(Problem::unprocessable("note: at most 1000 characters"));
    }
    let (proposal, at) = (Proposal { hash: it.hash, from, note: it.note }, now());
    let work = move |live: &Live, tx: &mut Tx<'_>| {
        let act = Act { actor: &principal.name, now: at, within: &principal.within };
        live.propose_in(tx, &proposal, &act)
    };
    let row = server.writer.write(work).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

/// Approve what somebody else proposed
#[utoipa::path(post, path = "/api/v1/policy/activations/{number}/approval", tag = "policy",
    params(("number" = i64, Path)),
    responses((status = 200, body = Activation), (status = 404, body = Problem),
        (status = 409, description = "Decided before"),
        (status = 422, description = "Its day lies in a closed period by now")))]
pub async fn approve(
    State(server): State<Server>,
    who: Who,
    Path(number): Path<String>,
) -> Result<Json<Activation>, Problem> {
    let principal = who.may(Action::ApprovePolicy)?;
    let (number, at) = (parsed(&number)?, now());
    let work = move |live: &Live, tx: &mut Tx<'_>| {
        let act = Act { actor: &principal.name, now: at, within: &principal.within };
        live.approve_in(tx, number, &act)
    };
    let row = server.writer.write(work).await?;
    server.catch_up();
    Ok(Json(row.into()))
}

/// Refuse what was proposed
#[utoipa::path(post, path = "/api/v1/policy/activations/{number}/refusal", tag = "policy",
    params(("number" = i64, Path)),
    responses((status = 200, body = Activation), (status = 404, body = Problem),
        (status = 409, description = "Decided before")))]
pub async fn refuse(
    State(server): State<Server>,
    who: Who,
    Path(number): Path<String>,
) -> Result<Json<Activation>, Problem> {
    let principal = who.may(Action::ApprovePolicy)?;
    let (number, at) = (parsed(&number)?, now());
    let work = move |live: &Live, tx: &mut Tx<'_>| {
        let act = Act { actor: &principal.name, now: at, within: &principal.within };
        live.refuse_in(tx, number, &act)
    };
    Ok(Json(server.writer.write(work).await?.into()))
}

fn parsed(number: &str) -> Result<i64, Problem> {
    number.parse().map_err(|_| Problem::not_found("proposal"))
}
