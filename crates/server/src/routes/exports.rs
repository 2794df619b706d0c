//! Files out, as they are made.

#![expect(unused_qualifications, reason = "the description of a route repeats its path")]

use super::warnings::narrowed;
use crate::auth::Who;
use crate::body::Query;
use crate::clock::now;
use crate::problem::Problem;
use crate::state::Server;
use crate::stream::{Room, file};
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
/// whole. A workbook holds 1,048,575 rows; choose another form for more. Where the server says
/// something of all its data, the file's name says it too, e.g. `facts-simulated.csv`: its rows
/// stay as they are.
#[utoipa::path(get, path = "/api/v1/exports/{what}", tag = "exports",
    params(("what" = String, Path, description = "What to export",
        pattern = "^(facts|households|members|scores|warnings|areas)$"), Form),
    responses((status = 200, description = "A file", content(
            (Vec<u8> = "text/csv"), (Vec<u8> = "application/x-ndjson"),
            (Vec<u8> = "application/vnd.apache.parquet"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
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
    let room = Room::on(&server)?;
    // Nothing leaves before it is noted who took it.
    let noted = move |live: &Live, tx: &mut Tx<'_>| {
        let act = Act { actor: &principal.name, now: now(), within: &principal.within };
        live.begin_export_in(tx, what, form.area.as_deref(), &act)
    };
    server.writer.write(noted).await?;
    let live = server.live.clone();
    let name = named(what.name(), server.settings.notice.as_deref());
    Ok(file(room, &name, format.ending(), move |sink| {
        live.export(what, &within, format, sink, &mut |_| {}).map(drop)
    }))
}

/// The name of a file, with what the server says of its data: `facts-simulated` under the notice
/// `Simulated / 模拟数据`. Only what every file system takes is kept of it.
fn named(what: &str, notice: Option<&str>) -> String {
    let words = |it: &str| {
        let words = it.split(|it: char| !it.is_ascii_alphanumeric());
        words.filter(|it| !it.is_empty()).collect::<Vec<_>>().join("-").to_lowercase()
    };
    match notice.map(words) {
        None => what.to_owned(),
        // A notice in letters that names of files do not hold is still one.
        Some(said) if said.is_empty() => format!("{what}-notice"),
        Some(said) => format!("{what}-{said}"),
    }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_file_says_in_its_name_what_the_server_says_of_its_data() {
        assert_eq!(named("facts", None), "facts");
        assert_eq!(named("facts", Some("Simulated / 模拟数据")), "facts-simulated");
        assert_eq!(named("areas", Some("For training: week 2")), "areas-for-training-week-2");
    }

    #[test]
    fn a_notice_without_latin_letters_is_not_lost() {
        assert_eq!(named("facts", Some("模拟数据")), "facts-notice");
    }
}
