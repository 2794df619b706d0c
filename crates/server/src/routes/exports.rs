//! Files out, as they are made.

#![expect(unused_qualifications, reason = "the description of a route repeats its path")]

use super::warnings::narrowed;
use crate::auth::Who;
use crate::body::Query;
use crate::clock::now;
use crate::problem::Problem;
use crate::state::Server;
use crate::stream::file;
use app::Format;
use app::access::Action;
use app::live::{Act, Live, What};
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use store::Tx;
use utoipa::IntoParams;

/// In which form, and of which area.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The form; CSV where absent
    #[param(pattern = "^(csv|xlsx|ndjson|parquet)$")]
    format: Option<String>,
    /// An area within your own
    #[param(pattern = r"^[^\x00]*$", max_length = 64)]
    area: Option<String>,
}

/// Export everything of a kind
///
/// Sent while it is read: a file of any length, of rows in your areas alone. Facts, households,
/// members and areas can be imported again and change nothing then. A body that breaks off is not
/// whole. A workbook holds 1,048,575 rows; choose another form for more.
#[utoipa::path(get, path = "/api/v1/exports/{what}", tag = "exports",
    params(("what" = String, Path, description = "What to export",
        pattern = "^(facts|households|members|scores|warnings|areas)$"), Form),
    responses((status = 200, description = "A file", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, body = Problem)))]
pub async fn fetch(
    State(server): State<Server>,
    who: Who,
    Path(what): Path<String>,
    Query(form): Query<Form>,
) -> Result<Response, Problem> {
    let what = What::parse(&what);
    let principal = who.may(what.map_or(Action::Export, What::action))?;
    let Some(what) = what else { return Err(Problem::not_found("such table")) };
    let format = Format::parse(form.format.as_deref().unwrap_or("csv"))
        .ok_or_else(|| Problem::bad_request("format: csv, xlsx, ndjson or parquet"))?;
    if form.area.iter().any(|it| it.contains('\0') || it.len() > 64) {
        return Err(Problem::bad_request("area: a code of at most 64 bytes"));
    }
    let within = narrowed(principal.within.clone(), form.area.clone());
    // Nothing leaves before it is noted who took it.
    let noted = move |live: &Live, tx: &mut Tx<'_>| {
        let act = Act { actor: &principal.name, now: now(), within: &principal.within };
        live.begin_export_in(tx, what, form.area.as_deref(), &act)
    };
    server.writer.write(noted).await?;
    let live = server.live.clone();
    Ok(file(what.name(), format.ending(), move |sink| {
        live.export(what, &within, format, sink, &mut |_| {}).map(drop)
    }))
}
