//! What became of the rows of a file.

use crate::auth::Who;
use crate::body::Query;
use crate::problem::Problem;
use crate::routes::jobs::{ended, found};
use crate::routes::warnings::limit;
use crate::spool;
use crate::state::Server;
use crate::stream::{Room, file};
use app::Format;
use app::live::jobs::{MAY, request_of};
use app::live::{Refusal, Shown, file_names, give_back, second_sheet, shown};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use base::Diagnostic;
use base::codes::jobs as codes;
use serde::{Deserialize, Serialize};
use std::path::{Path as FilePath, PathBuf};
use store::jobs::JobRow;
use utoipa::{IntoParams, ToSchema};

/// In which form.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The form; that of the file where absent
    #[param(pattern = "^(csv|xlsx|ndjson|parquet)$")]
    format: Option<String>,
    /// 2: the second sheet of a workbook
    #[param(minimum = 1, maximum = 2)]
    sheet: Option<usize>,
}

/// Which rows.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Go on behind a page
    #[param(minimum = 0)]
    cursor: Option<u64>,
    /// Rows of a page, 1 to 1000
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
    /// Only rows that were not taken
    only_errors: Option<bool>,
    /// 2: the second sheet of a workbook
    #[param(minimum = 1, maximum = 2)]
    sheet: Option<usize>,
}

/// Rows of a file as they were sent.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportedRows)]
pub struct Rows {
    /// Names of the columns.
    columns: Vec<String>,
    /// In the order of the file.
    items: Vec<Row>,
    /// Where the next page begins; nothing at the end.
    next: Option<u64>,
}

/// A row of a file.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportedRow)]
pub struct Row {
    /// Its line.
    line: u64,
    /// Its cells, in the order of the columns.
    cells: Vec<Option<String>>,
    /// Why it was not taken; empty: it was.
    errors: Vec<CellError>,
}

/// Why a row was not taken.
#[derive(Serialize, ToSchema)]
pub struct CellError {
    /// The column, where it is one.
    column: Option<String>,
    /// The code of the reason.
    code: String,
    /// The reason.
    detail: String,
    /// The next step.
    hint: Option<String>,
}

impl From<Refusal> for CellError {
    fn from(it: Refusal) -> Self {
        Self { column: it.column, code: it.code, detail: it.detail, hint: it.hint }
    }
}

impl From<Shown> for Row {
    fn from(it: Shown) -> Self {
        let errors = it.errors.into_iter().map(CellError::from).collect();
        Self { line: it.line, cells: it.cells, errors }
    }
}

/// The file of a job that has ended, and what was not taken of it.
fn files(row: &JobRow, sheet: Option<usize>) -> Result<(PathBuf, PathBuf), Problem> {
    let sheet = sheet.unwrap_or(1);
    if !(1..=2).contains(&sheet) {
        return Err(Problem::bad_request("sheet: 1 or 2"));
    }
    ended(row)?;
    let spool = FilePath::new(&row.spool);
    let ending = request_of(row).map(|it| it.ending).unwrap_or_default();
    let path = spool::upload(spool, &row.job_id, &ending);
    let refusals = spool::refusals(spool, &row.job_id, sheet);
    if !path.is_file() || !refusals.is_file() {
        let message = "the job did not get so far as to look at rows, or its file is gone";
        let finding = Diagnostic::new(&codes::UPLOAD_GONE, message);
        return Err(finding.hint("look at the error of the job; send the file again").into());
    }
    Ok((if sheet == 2 { second_sheet(&path) } else { path }, refusals))
}

/// Fetch the rows that were not taken
///
/// The same file with the same columns and one more, `error`: mend it and send it again.
#[utoipa::path(get, path = "/api/v1/imports/{job}/rejects", tag = "imports",
    params(("job" = String, Path), Form),
    responses((status = 200, description = "A file", content(
            (Vec<u8> = "text/csv"), (Vec<u8> = "application/x-ndjson"),
            (Vec<u8> = "application/vnd.apache.parquet"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
        (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 410, body = Problem)))]
pub async fn rejects(
    State(server): State<Server>,
    who: Who,
    Path(job): Path<String>,
    Query(form): Query<Form>,
) -> Result<Response, Problem> {
    let principal = who.may_any(&MAY)?;
    let asked = form.format.as_deref().map(|it| {
        Format::parse(it)
            .ok_or_else(|| Problem::bad_request("format: csv, xlsx, ndjson or parquet"))
    });
    let asked = asked.transpose()?;
    let row = found(&server, &principal, job).await?;
    let (path, refusals) = files(&row, form.sheet)?;
    let request = request_of(&row);
    let own = match request.as_ref().map(|it| it.ending.as_str()) {
        Some("ndjson" | "jsonl") => Format::Ndjson,
        Some("parquet") => Format::Parquet,
        Some("xlsx" | "xlsm" | "xls" | "ods") => Format::Xlsx,
        _ => Format::Csv,
    };
    let format = asked.unwrap_or(own);
    let name = request.and_then(|it| it.filename).unwrap_or_else(|| "import".to_owned());
    let name = name.rsplit_once('.').map_or(name.as_str(), |it| it.0);
    Ok(file(Room::on(&server)?, &format!("{name}.rejects"), format.ending(), move |sink| {
        give_back(&path, &refusals, format, sink)
    }))
}

/// Look at rows of a file, with what was said of each
#[utoipa::path(get, path = "/api/v1/imports/{job}/rows", tag = "imports",
    params(("job" = String, Path), Filter),
    responses((status = 200, body = Rows), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 410, body = Problem)))]
pub async fn rows(
    State(server): State<Server>,
    who: Who,
    Path(job): Path<String>,
    Query(filter): Query<Filter>,
) -> Result<Json<Rows>, Problem> {
    let principal = who.may_any(&MAY)?;
    let most = limit(filter.limit)?;
    let row = found(&server, &principal, job).await?;
    let (path, refusals) = files(&row, filter.sheet)?;
    let (after, only) = (filter.cursor.unwrap_or(0), filter.only_errors.unwrap_or(false));
    let read = move |_: &app::live::Live| {
        Ok((file_names(&path)?, shown(&path, &refusals, after, most as usize, only)?))
    };
    let (columns, rows) = server.ask(read).await?;
    let next = rows.last().filter(|_| rows.len() as i64 == most).map(|it| it.line);
    Ok(Json(Rows { columns, items: rows.into_iter().map(Row::from).collect(), next }))
}
