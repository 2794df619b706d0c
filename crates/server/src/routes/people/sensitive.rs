//! What identifies or exposes somebody: shown whole for a reason that is kept, and erased.

#![expect(unused_qualifications, reason = "the description of a route repeats its path")]

use super::dto::SealedField;
use super::known;
use crate::auth::Who;
use crate::body::{Body, Query};
use crate::clock::{now, shown};
use crate::cursor::fault;
use crate::problem::Problem;
use crate::routes::warnings::limit;
use crate::state::Server;
use app::access::Action;
use app::live::{Act, Live};
use app::people::Field;
use axum::Json;
use axum::extract::{Path, State};
use base::Diagnostic;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::people::unmaskings::{self, UnmaskingRow};
use utoipa::{IntoParams, ToSchema};

/// A field by name.
#[derive(ToSchema)]
#[schema(pattern = "^(identity_number|phone|bank_account|health_note)$")]
#[expect(dead_code, reason = "only described")]
pub struct FieldName(String);

/// What is to be shown whole, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unmasking {
    /// 5 to 500 characters on one line. It is kept, with who asked and when.
    #[schema(pattern = r"^[^\x00-\x1f\x7f-\x9f]{5,500}$")]
    reason: String,
    /// Which fields.
    #[schema(value_type = Vec<FieldName>, min_items = 1, max_items = 4)]
    fields: Vec<String>,
}

/// Fields shown whole.
#[derive(Serialize, ToSchema)]
pub struct Unmasked {
    /// Whose.
    person_id: String,
    /// Those that were asked for and are kept.
    fields: Vec<SealedField>,
}

/// Show fields of somebody whole, for a reason
#[utoipa::path(post, path = "/api/v1/people/{id}/unmasking", tag = "people", params(("id" = String, Path)),
    request_body = Unmasking,
    responses((status = 200, body = Unmasked), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub async fn unmask(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
    Body(it): Body<Unmasking>,
) -> Result<Json<Unmasked>, Problem> {
    let principal = who.may(Action::Unmask)?;
    let id = known(id)?;
    let fields: Option<Vec<Field>> = it.fields.iter().map(|it| Field::parse(it)).collect();
    let fields = fields.filter(|it| (1..=Field::ALL.len()).contains(&it.len()));
    let Some(fields) = fields else {
        let all = Field::ALL.map(Field::name).join(", ");
        return Err(Problem::bad_request(format!("fields: one to four of {all}")));
    };
    let person_id = id.clone();
    let work = move |live: &Live, tx: &mut Tx<'_>| {
        let act = Act { actor: &principal.name, now: now(), within: &principal.within };
        live.unmask(tx, &id, &fields, &it.reason, &act)
    };
    let fields = server.writer.write(work).await?.into_iter().map(SealedField::of).collect();
    Ok(Json(Unmasked { person_id, fields }))
}

/// Which page of looks.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Looks {
    /// Go on after a page
    #[param(minimum = 1)]
    cursor: Option<i64>,
    /// Rows of a page, 1 to 1000
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
}

/// A page of looks.
#[derive(Serialize, ToSchema)]
pub struct UnmaskingLooks {
    /// The latest first.
    items: Vec<UnmaskingLook>,
    /// Where the next page begins; nothing at the end.
    next: Option<String>,
}

/// Who saw what of whom.
#[derive(Serialize, ToSchema)]
pub struct UnmaskingLook {
    /// When.
    at: String,
    /// Who.
    actor: String,
    /// Of whom.
    person_id: String,
    /// Which fields.
    fields: Vec<String>,
    /// Why.
    reason: String,
}

fn page(rows: Vec<UnmaskingRow>, most: i64) -> Json<UnmaskingLooks> {
    let last = rows.last().filter(|_| rows.len() as i64 == most);
    let next = last.map(|it| it.number.to_string());
    let look = |it: UnmaskingRow| UnmaskingLook {
        at: shown(it.at),
        actor: it.actor,
        person_id: it.person_id,
        fields: it.fields.split(';').map(str::to_owned).collect(),
        reason: it.reason,
    };
    Json(UnmaskingLooks { items: rows.into_iter().map(look).collect(), next })
}

/// Who saw fields of somebody whole
#[utoipa::path(get, path = "/api/v1/people/{id}/unmaskings", tag = "people",
    params(("id" = String, Path), Looks),
    responses((status = 200, body = UnmaskingLooks), (status = 404, body = Problem)))]
pub async fn looks_at(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
    Query(wanted): Query<Looks>,
) -> Result<Json<UnmaskingLooks>, Problem> {
    let principal = who.may(Action::Unmask)?;
    let (id, most) = (known(id)?, limit(wanted.limit)?);
    let before = before(wanted.cursor)?;
    let found = move |live: &Live| {
        live.store.read(|tx| -> Result<_, Diagnostic> {
            let Some(_) = live.person(tx, &id, &principal.within)? else { return Ok(None) };
            Ok(Some(unmaskings::list(tx, Some(&id), before, most)?))
        })
    };
    let rows = server.ask(found).await?.ok_or_else(|| Problem::not_found("person"))?;
    Ok(page(rows, most))
}

fn before(cursor: Option<i64>) -> Result<i64, Problem> {
    match cursor {
        Some(..=0) => Err(fault()),
        cursor => Ok(cursor.unwrap_or(i64::MAX)),
    }
}

/// Who saw fields of anybody whole
#[utoipa::path(get, path = "/api/v1/unmaskings", tag = "people", params(Looks),
    responses((status = 200, body = UnmaskingLooks)))]
pub async fn looks(
    State(server): State<Server>,
    who: Who,
    Query(wanted): Query<Looks>,
) -> Result<Json<UnmaskingLooks>, Problem> {
    who.may(Action::ReadAudit)?;
    let (before, most) = (before(wanted.cursor)?, limit(wanted.limit)?);
    let found =
        move |live: &Live| Ok(live.store.read(|tx| unmaskings::list(tx, None, before, most))?);
    Ok(page(server.ask(found).await?, most))
}

/// Why somebody is to be erased.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Erasure {
    /// 5 to 500 characters on one line.
    #[schema(pattern = r"^[^\x00-\x1f\x7f-\x9f]{5,500}$")]
    reason: String,
}

/// What was erased.
#[derive(Serialize, ToSchema)]
pub struct ErasedPeople {
    /// Entries: the one named, and those that were merged into it; none where it was erased before.
    erased: u64,
}

/// Erase somebody: name, birth, and the keys of what is sealed
///
/// Facts stay, under an id that says nothing of anybody. It cannot be undone.
#[utoipa::path(post, path = "/api/v1/people/{id}/erasure", tag = "people", params(("id" = String, Path)),
    request_body = Erasure,
    responses((status = 200, body = ErasedPeople), (status = 404, body = Problem)))]
pub async fn erase(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
    Body(it): Body<Erasure>,
) -> Result<Json<ErasedPeople>, Problem> {
    let principal = who.may(Action::ErasePeople)?;
    let id = known(id)?;
    let work = move |live: &Live, tx: &mut Tx<'_>| {
        let act = Act { actor: &principal.name, now: now(), within: &principal.within };
        live.erase(tx, &id, &it.reason, &act)
    };
    Ok(Json(ErasedPeople { erased: server.writer.write(work).await? }))
}
