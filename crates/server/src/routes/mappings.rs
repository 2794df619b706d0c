//! Which column of a file holds what, kept by a name.

use crate::auth::Who;
use crate::body::Body;
use crate::clock::{now, shown};
use crate::problem::Problem;
use crate::routes::imports::action;
use crate::state::Server;
use app::live::jobs::MAY;
use app::live::mappings::columns_of;
use app::live::{Act, Kind, Live};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Tx;
use store::mappings::{self, MappingRow};
use utoipa::ToSchema;
use utoipa::openapi::{Object, Schema, Type};

/// A mapping to keep.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMapping {
    /// The kind of file it is for.
    #[schema(pattern = "^(facts|households|members|areas)$")]
    kind: String,
    #[schema(schema_with = columns)]
    columns: BTreeMap<String, String>,
}

fn columns() -> Schema {
    let column = Object::builder().schema_type(Type::String).pattern(Some(r"^[^\x00]{1,512}$"));
    let columns = Object::builder().additional_properties(Some(Schema::Object(column.build())));
    let told = "Target → column, e.g. `household_id` → `户号`.";
    Schema::Object(columns.description(Some(told)).build())
}

/// A mapping.
#[derive(Serialize, ToSchema)]
pub struct Mapping {
    /// Its name.
    name: String,
    /// The kind of file it is for.
    kind: String,
    /// Target → column.
    columns: BTreeMap<String, String>,
    /// When it was changed last.
    changed_at: String,
    /// Who changed it.
    changed_by: String,
}

impl Mapping {
    fn of(row: MappingRow) -> Self {
        Self {
            columns: columns_of(&row),
            name: row.name,
            kind: row.kind,
            changed_at: shown(row.changed_at),
            changed_by: row.changed_by,
        }
    }
}

/// All mappings.
#[derive(Serialize, ToSchema)]
pub struct Mappings {
    /// By name.
    items: Vec<Mapping>,
    /// Nothing: there is one page.
    next: Option<String>,
}

/// List mappings of columns
#[utoipa::path(get, path = "/api/v1/mappings", tag = "imports",
    responses((status = 200, body = Mappings)))]
pub async fn list(State(server): State<Server>, who: Who) -> Result<Json<Mappings>, Problem> {
    who.may_any(&MAY)?;
    let rows = server.ask(|live| Ok(live.store.read(|tx| mappings::list(tx, None))?)).await?;
    Ok(Json(Mappings { items: rows.into_iter().map(Mapping::of).collect(), next: None }))
}

/// A mapping
#[utoipa::path(get, path = "/api/v1/mappings/{name}", tag = "imports",
    params(("name" = String, Path)),
    responses((status = 200, body = Mapping), (status = 404, body = Problem)))]
pub async fn one(
    State(server): State<Server>,
    who: Who,
    Path(name): Path<String>,
) -> Result<Json<Mapping>, Problem> {
    who.may_any(&MAY)?;
    if name.contains('\0') || name.is_empty() {
        return Err(Problem::not_found("mapping"));
    }
    let found = move |live: &Live| Ok(live.store.read(|tx| mappings::list(tx, Some(&name)))?.pop());
    let row = server.ask(found).await?;
    row.map(Mapping::of).map(Json).ok_or_else(|| Problem::not_found("mapping"))
}

/// Keep a mapping of columns
#[utoipa::path(put, path = "/api/v1/mappings/{name}", tag = "imports", request_body = NewMapping,
    params(("name" = String, Path, description = "1 to 64 characters")),
    responses((status = 200, body = Mapping)))]
pub async fn put(
    State(server): State<Server>,
    who: Who,
    Path(name): Path<String>,
    Body(it): Body<NewMapping>,
) -> Result<Json<Mapping>, Problem> {
    let principal = who.may(action(&it.kind))?;
    let Some(kind) = Kind::parse(&it.kind) else {
        return Err(Problem::bad_request("kind: facts, households, members or areas"));
    };
    let work = move |live: &Live, tx: &mut Tx<'_>| {
        let act = Act { actor: &principal.name, now: now(), within: &principal.within };
        live.put_mapping_in(tx, &name, kind, &it.columns, &act)
    };
    Ok(Json(Mapping::of(server.writer.write(work).await?)))
}

/// Forget a mapping of columns
#[utoipa::path(delete, path = "/api/v1/mappings/{name}", tag = "imports",
    params(("name" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn forget(
    State(server): State<Server>,
    who: Who,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let principal = who.may_any(&MAY)?;
    if name.contains('\0') {
        return Err(Problem::not_found("mapping"));
    }
    let work = move |live: &Live, tx: &mut Tx<'_>| {
        let act = Act { actor: &principal.name, now: now(), within: &principal.within };
        live.forget_mapping_in(tx, &name, &act)
    };
    if server.writer.write(work).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found("mapping"))
    }
}
