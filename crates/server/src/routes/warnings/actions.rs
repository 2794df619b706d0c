//! Something done with many warnings at once, each with an answer of its own.

use crate::auth::Who;
use crate::body::Body;
use crate::clock::{now, read_day, read_instant};
use crate::dto::Warning;
use crate::problem::Problem;
use crate::state::Server;
use app::live::{Act, Deed, Live};
use axum::Json;
use axum::extract::State;
use base::Diagnostic;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;
use utoipa::openapi::schema::AnyOf;
use utoipa::openapi::{KnownFormat, Object, Schema, SchemaFormat, Type};

/// Warnings of one request.
const IDS_MAX: usize = 1_000;

/// What is to be done with which warnings.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The warnings.
    #[schema(min_items = 1, max_items = 1000)]
    ids: Vec<String>,
    /// `acknowledge` or `reopen`; `assign`; `suppress`.
    #[schema(pattern = "^(acknowledge|reopen|assign|suppress)$")]
    action: String,
    /// Who is to see to them; nobody in particular where absent.
    #[schema(max_length = 1000, pattern = r"^[^\x00]*$")]
    assignee: Option<String>,
    /// Until which day or instant they are held back; no longer where absent.
    #[schema(schema_with = until)]
    until: Option<String>,
    /// Why they are held back.
    #[schema(max_length = 1000, pattern = r"^[^\x00]*$")]
    reason: Option<String>,
}

fn until() -> Schema {
    let written = |format| Object::builder().schema_type(Type::String).format(Some(format));
    let any = AnyOf::builder()
        .item(written(SchemaFormat::KnownFormat(KnownFormat::Date)))
        .item(written(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
        .item(Object::builder().schema_type(Type::Null))
        .description(Some(
            "Until which day or instant they are held back; no longer where absent.",
        ));
    Schema::AnyOf(any.build())
}

/// What became of one warning.
#[derive(Serialize, ToSchema)]
pub struct Outcome {
    /// Its id.
    id: String,
    /// Whether it is now as was asked for.
    ok: bool,
    /// The warning, where it may be seen.
    warning: Option<Warning>,
    /// Why not.
    problem: Option<Problem>,
}

/// What became of them.
#[derive(Serialize, ToSchema)]
pub struct Outcomes {
    /// In the order of the ids.
    items: Vec<Outcome>,
}

/// Take note of warnings, assign them, hold them back, or undo it; done twice it changes nothing
#[utoipa::path(post, path = "/api/v1/warnings/actions", tag = "warnings", request_body = Order,
    responses((status = 200, body = Outcomes)))]
pub async fn act(
    State(server): State<Server>,
    who: Who,
    Body(order): Body<Order>,
) -> Result<Json<Outcomes>, Problem> {
    let deed = deed(&order)?;
    let principal = who.may(deed.action())?;
    if order.ids.is_empty() || order.ids.len() > IDS_MAX {
        return Err(refused(format!("ids: 1 to {IDS_MAX}")));
    }
    let (ids, at) = (order.ids, now());
    let kind = server.live.pack().period_kind;
    let work = move |live: &Live, tx: &mut Tx<'_>| {
        let act = Act { actor: &principal.name, now: at, within: &principal.within };
        let mut done = Vec::with_capacity(ids.len());
        for id in ids {
            // What cannot be asked for finds nothing.
            let wanted = if id.contains('\0') { "" } else { id.as_str() };
            match live.do_to_warning(tx, wanted, &deed, &act) {
                Ok(row) => done.push((id, Ok(row))),
                // A failure of the database undoes all of it.
                Err(finding) if finding.code.http_status >= 500 => return Err(finding),
                Err(finding) => done.push((id, Err(finding))),
            }
        }
        Ok::<_, Diagnostic>(done)
    };
    let outcome = |(id, result): (String, Result<_, Diagnostic>)| match result {
        Ok(row) => Outcome { id, ok: true, warning: Some(Warning::of(kind, row)), problem: None },
        Err(finding) => Outcome { id, ok: false, warning: None, problem: Some(finding.into()) },
    };
    let done = server.writer.write(work).await?;
    Ok(Json(Outcomes { items: done.into_iter().map(outcome).collect() }))
}

fn refused(detail: String) -> Problem {
    Problem { status: 422, ..Problem::bad_request(detail) }
}

fn deed(order: &Order) -> Result<Deed, Problem> {
    let unfit = |it: &&String| it.contains('\0') || it.chars().count() > 1_000;
    if [&order.assignee, &order.until, &order.reason].into_iter().flatten().any(|it| unfit(&it)) {
        return Err(refused("no zero bytes, at most 1000 characters".to_owned()));
    }
    // What cannot be read is refused, be it used or not.
    let until = order.until.as_deref().map(instant).transpose()?;
    Ok(match (order.action.as_str(), until) {
        ("acknowledge", _) => Deed::Acknowledge,
        ("reopen", _) => Deed::Reopen,
        ("assign", _) => Deed::Assign(order.assignee.clone().filter(|it| !it.is_empty())),
        ("suppress", None) => Deed::Release,
        ("suppress", Some(until)) => {
            Deed::Suppress(until, order.reason.clone().unwrap_or_default())
        }
        _ => return Err(refused("action: acknowledge, reopen, assign or suppress".to_owned())),
    })
}

/// A day (its end, UTC) or an instant, in microseconds.
fn instant(text: &str) -> Result<i64, Problem> {
    let end = |days: i64| (days + 1) * 86_400_000_000;
    read_instant(text)
        .or_else(|| read_day(text).map(end))
        .ok_or_else(|| refused("until: a day like 2020-07-31, or an instant".to_owned()))
}
