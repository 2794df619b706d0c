//! What the columns of a file probably hold.

use crate::auth::Who;
use crate::body::Query;
use crate::problem::Problem;
use crate::spool;
use crate::state::Server;
use app::live::jobs::new_id;
use app::live::{Kind, Live, guess, sample, targets};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use base::Diagnostic;
use serde::{Deserialize, Serialize};
use std::path::Path;
use utoipa::{IntoParams, ToSchema};

/// Which file.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// What the file holds
    #[param(pattern = "^(facts|households|members|areas)$")]
    kind: String,
    /// The name of the file; its ending says the format
    #[param(pattern = r"^[^\x00]*$", max_length = 256)]
    filename: Option<String>,
}

/// Columns of a file, and what they may hold.
#[derive(Serialize, ToSchema)]
pub struct Columns {
    /// In the order of the file.
    columns: Vec<Column>,
    /// Everything that a column may hold.
    targets: Vec<Target>,
}

/// A column.
#[derive(Serialize, ToSchema)]
pub struct Column {
    /// Its name.
    name: String,
    /// The target that it probably holds.
    guess: Option<String>,
    /// Whether its name says so, and not only something like it; only those are taken unasked.
    is_certain: bool,
    /// Its first cells.
    sample: Vec<Option<String>>,
}

/// Something that a column may hold.
#[derive(Serialize, ToSchema)]
pub struct Target {
    /// Its name in mappings.
    name: String,
    /// Its name for people.
    label: Label,
    /// Whether a file without it is refused.
    required: bool,
    /// Whether each of its cells becomes a fact of this name.
    is_fact: bool,
}

/// A name in both languages.
#[derive(Serialize, ToSchema)]
#[schema(as = TargetLabel)]
pub struct Label {
    /// English.
    en: String,
    /// Chinese.
    zh: String,
}

/// Guess what the columns of a file hold
///
/// The body is the file, or its first part where it is text. Nothing is kept of it.
#[utoipa::path(post, path = "/api/v1/imports/columns", tag = "imports", params(Asked),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Columns)))]
pub async fn columns(
    State(server): State<Server>,
    who: Who,
    Query(asked): Query<Asked>,
    body: Body,
) -> Result<Json<Columns>, Problem> {
    who.may(super::action(&asked.kind))?;
    let Some(kind) = Kind::parse(&asked.kind) else {
        return Err(Problem::bad_request("kind: facts, households, members or areas"));
    };
    let _room = server.rooms.to_take()?;
    let (spool, id) = (server.settings.spool.clone(), new_id()?);
    let most = server.settings.upload_bytes_max;
    let upload = spool::receive(&spool, &id, asked.filename.as_deref(), body, most).await?;
    let path = upload.path.clone();
    let found = server.ask(move |live| read(live, kind, &path)).await;
    spool::discard(&upload.path, &spool::folder(&spool, &id));
    Ok(Json(found?))
}

fn read(live: &Live, kind: Kind, path: &Path) -> Result<Columns, Diagnostic> {
    let all = targets(&live.pack(), kind);
    let (names, rows) = sample(path)?;
    let column = |(position, guess): (usize, app::live::Guess)| Column {
        name: guess.column,
        guess: guess.target,
        is_certain: guess.is_certain,
        sample: rows.iter().map(|it| it.get(position).cloned().flatten()).collect(),
    };
    let columns = guess(&all, &names).into_iter().enumerate().map(column).collect();
    let target = |it: app::live::Target| Target {
        name: it.name,
        label: Label { en: it.label.0, zh: it.label.1 },
        required: it.is_required,
        is_fact: it.is_fact,
    };
    Ok(Columns { columns, targets: all.into_iter().map(target).collect() })
}
