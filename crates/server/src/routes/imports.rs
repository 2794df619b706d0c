//! Files in: taken as they come, worked on as jobs, given back where something could not be taken.

#![expect(unused_qualifications, reason = "the description of a route repeats its path")]

mod columns;
mod rejects;
mod undo;

pub use columns::{__path_columns, columns};
pub use rejects::{__path_rejects, __path_rows, rejects, rows};
pub use undo::{__path_undo, undo};

use super::facts::key;
use super::jobs::Job;
use crate::auth::Who;
use crate::body::Query;
use crate::clock::{now, read_day};
use crate::problem::Problem;
use crate::spool;
use crate::state::Server;
use app::access::Action;
use app::live::jobs::{JobRequest, id_of, new_id};
use app::live::{Act, ImportRequest, Kind, Live};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use std::collections::BTreeMap;
use store::Tx;
use utoipa::IntoParams;

/// Longest text of a query, in characters.
const TEXT_CHARACTERS_MAX: usize = 256;
/// Longest text of columns, in characters. An address has 65,534 bytes at most, all in all.
const COLUMNS_CHARACTERS_MAX: usize = 16_384;

/// What is imported, and how.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// What the file holds
    #[param(pattern = "^(facts|households|members|areas)$")]
    kind: String,
    /// Check everything and keep nothing
    dry_run: Option<bool>,
    /// A mapping of columns that was kept
    #[param(pattern = r"^[^\x00]*$", max_length = 256)]
    mapping: Option<String>,
    /// Which column holds what, as a JSON object; goes before the mapping
    #[param(max_length = 16384)]
    columns: Option<String>,
    /// The name of the file; its ending says the format
    #[param(pattern = r"^[^\x00]*$", max_length = 256)]
    filename: Option<String>,
    /// The day of everything whose row says none
    date: Option<String>,
    /// Who told everything whose row does not say
    #[param(pattern = r"^[^\x00]*$", max_length = 256)]
    source: Option<String>,
}

impl Asked {
    fn request(&self, live: &Live, registers_people: bool) -> Result<ImportRequest, Problem> {
        let Some(kind) = Kind::parse(&self.kind) else {
            return Err(Problem::bad_request("kind: facts, households, members or areas"));
        };
        for (name, text) in
            [("mapping", &self.mapping), ("filename", &self.filename), ("source", &self.source)]
        {
            let is_fit =
                |it: &String| it.chars().count() <= TEXT_CHARACTERS_MAX && !it.contains('\0');
            if !text.as_ref().is_none_or(is_fit) {
                let most = TEXT_CHARACTERS_MAX;
                return Err(Problem::bad_request(format!("{name}: at most {most} characters")));
            }
        }
        let mut columns = match self.mapping.as_deref().filter(|it| !it.is_empty()) {
            Some(name) => live.mapping(name, kind)?,
            None => BTreeMap::new(),
        };
        if let Some(text) = &self.columns {
            let own = serde_json::from_str::<BTreeMap<String, String>>(text).ok();
            let own = own.filter(|_| text.chars().count() <= COLUMNS_CHARACTERS_MAX);
            let fault = || Problem::bad_request("columns: a JSON object of target and column");
            let own = own.ok_or_else(fault)?;
            live.assert_targets(kind, &own)?;
            columns.extend(own);
        }
        let (date, source) = (self.date.clone(), self.source.clone().filter(|it| !it.is_empty()));
        if date.as_ref().is_some_and(|it| read_day(it).is_none()) {
            return Err(Problem::bad_request("date: a day like 2020-06-30"));
        }
        let is_dry = self.dry_run.unwrap_or(false);
        Ok(ImportRequest { kind, is_dry, columns, date, source, registers_people })
    }
}

/// What whoever imports a kind of file must be allowed.
pub fn action(kind: &str) -> Action {
    Kind::parse(kind).map_or(Action::Import, Kind::action)
}

/// Import a file
///
/// The body is the file itself: CSV, XLSX, NDJSON or Parquet, taken as it comes and as large as the
/// server allows. The answer is a job. Importing a file again is harmless; with `Idempotency-Key`
/// the same request is the same job.
#[utoipa::path(post, path = "/api/v1/imports", tag = "imports",
    params(Asked, ("Idempotency-Key" = Option<String>, Header, description = "1 to 128 characters",
        pattern = r"^[0-9A-Za-z_.:-]{1,128}$")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 202, body = Job), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub async fn add(
    State(server): State<Server>,
    who: Who,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let principal = who.may(action(&asked.kind))?;
    let registers = principal.may(Action::WritePeople).is_ok();
    let (import, asked) =
        server.ask(move |live| Ok((asked.request(live, registers), asked))).await?;
    let import = import?;
    let id = match key(&headers, &principal)? {
        Some(key) => id_of(&principal.name, &key),
        None => new_id()?,
    };
    let _room = server.rooms.to_take()?;
    let spool = server.settings.spool.clone();
    let most = server.settings.upload_bytes_max;
    let upload = spool::receive(&spool, &id, asked.filename.as_deref(), body, most).await?;
    let request = JobRequest {
        import,
        filename: asked.filename,
        ending: upload.ending,
        bytes: upload.bytes,
        digest: upload.digest,
        undoes: None,
    };
    let name = server.spool();
    let (folder, at) = (spool::folder(&spool, &id), now());
    let work = move |live: &Live, tx: &mut Tx<'_>| {
        let act = Act { actor: &principal.name, now: at, within: &principal.within };
        live.begin_job_in(tx, &id, &request, &name, &act)
    };
    let row = match server.writer.write(work).await {
        Ok(row) => row,
        Err(finding) => {
            if upload.is_new {
                spool::discard(&upload.path, &folder);
            }
            return Err(finding.into());
        }
    };
    server.wake();
    let place = [(header::LOCATION, format!("/api/v1/jobs/{}", row.job_id))];
    Ok((StatusCode::ACCEPTED, place, Json(Job::of(row))))
}
