//! Webhooks: who is told of events, and what became of them.

#![expect(unused_qualifications, reason = "the description of a route repeats its path")]

use super::access::Area;
use super::facts::key;
use super::warnings::limit;
use crate::auth::Who;
use crate::body::{Body, Query};
use crate::clock::{now, shown};
use crate::cursor::Parts;
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use app::hooks::{NewWebhook, secret_text};
use app::live::{Act, Live};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::webhooks::WebhookRow;
use store::webhooks::deliveries::{self, DeliveryRow};
use utoipa::{IntoParams, ToSchema};

/// A webhook.
#[derive(Serialize, ToSchema)]
pub struct Webhook {
    /// Its id.
    webhook_id: String,
    /// Where to.
    url: String,
    /// What people call it.
    label: String,
    /// Kinds of events; none: all.
    kinds: Vec<String>,
    /// Area codes, or *.
    areas: Vec<String>,
    /// Since when.
    created_at: String,
    /// Who made it.
    created_by: String,
    /// The last event that was delivered or given up.
    done: i64,
    /// Events after it, of whatever kind and area.
    behind: i64,
}

impl Webhook {
    fn of(it: WebhookRow, last: i64) -> Self {
        let listed = |text: &str| {
            text.split(';').filter(|it| !it.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        Self {
            kinds: listed(&it.kinds),
            areas: listed(&it.areas),
            created_at: shown(it.created_at),
            webhook_id: it.hook_id,
            url: it.url,
            label: it.label,
            created_by: it.created_by,
            behind: (last - it.done).max(0),
            done: it.done,
        }
    }
}

/// All webhooks.
#[derive(Serialize, ToSchema)]
pub struct Webhooks {
    /// The oldest first.
    items: Vec<Webhook>,
    /// Nothing: they are few.
    next: Option<String>,
}

/// List webhooks
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks",
    responses((status = 200, body = Webhooks)))]
pub async fn list(State(server): State<Server>, who: Who) -> Result<Json<Webhooks>, Problem> {
    let principal = who.may(Action::ManageWebhooks)?;
    let all = move |live: &Live| {
        Ok((live.webhooks(&principal.within)?, live.store.read(store::events::last)?))
    };
    let (rows, last) = server.ask(all).await?;
    let items = rows.into_iter().map(|it| Webhook::of(it, last)).collect();
    Ok(Json(Webhooks { items, next: None }))
}

/// A kind of event.
#[derive(ToSchema)]
#[schema(pattern = r"^[a-z_]{1,31}\.[a-z_]{1,31}$")]
#[expect(dead_code, reason = "only described")]
pub struct Kind(String);

/// A webhook to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookToMake {
    /// Where to.
    #[schema(
        max_length = 2000,
        pattern = "^https?://[0-9A-Za-z.-]{1,253}\
            (:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?\
            ([/?][0-9A-Za-z._~:/?!$&'()*+,;=@%-]*)?$"
    )]
    url: String,
    /// What people call it.
    #[serde(default)]
    #[schema(max_length = 100, pattern = r"^[^\x00]*$")]
    label: String,
    /// Kinds of events, e.g. `warning.raised`; none: all.
    #[serde(default)]
    #[schema(value_type = Vec<Kind>, max_items = 50)]
    kinds: Vec<String>,
    /// Area codes, or *.
    #[schema(value_type = Vec<Area>, min_items = 1)]
    areas: Vec<String>,
}

/// A webhook that was made: the only time that its secret is told.
#[derive(Serialize, ToSchema)]
pub struct WebhookMade {
    /// The webhook.
    webhook: Webhook,
    /// What its messages are signed with.
    secret: String,
}

/// Make a webhook
///
/// It is told of everything that happens from now on. Messages are signed as the Standard Webhooks
/// specification says. With `Idempotency-Key` the same request makes one webhook.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "webhooks", request_body = WebhookToMake,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 128 characters",
        pattern = r"^[0-9A-Za-z_.:-]{1,128}$")),
    responses((status = 201, body = WebhookMade), (status = 409, body = Problem)))]
pub async fn make(
    State(server): State<Server>,
    who: Who,
    headers: HeaderMap,
    Body(it): Body<WebhookToMake>,
) -> Result<(StatusCode, Json<WebhookMade>), Problem> {
    let principal = who.may(Action::ManageWebhooks)?;
    let key = key(&headers, &principal)?;
    if it.label.chars().count() > 100 || it.label.contains('\0') {
        return Err(Problem::bad_request("label: at most 100 characters"));
    }
    let new = NewWebhook { url: it.url, label: it.label, kinds: it.kinds, areas: it.areas, key };
    let at = now();
    let work = move |live: &Live, tx: &mut Tx<'_>| {
        let act = Act { actor: &principal.name, now: at, within: &principal.within };
        Ok((live.make_webhook_in(tx, &new, &act)?, store::events::last(tx)?))
    };
    let (row, last) = server.writer.write(work).await?;
    let secret = secret_text(&server.live.hook_secret(&row.hook_id));
    Ok((StatusCode::CREATED, Json(WebhookMade { webhook: Webhook::of(row, last), secret })))
}

/// Remove a webhook
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "webhooks",
    params(("id" = String, Path)),
    responses((status = 204, description = "Removed"), (status = 404, body = Problem)))]
pub async fn remove(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let principal = who.may(Action::ManageWebhooks)?;
    if id.contains('\0') {
        return Err(Problem::not_found("webhook"));
    }
    let at = now();
    let work = move |live: &Live, tx: &mut Tx<'_>| {
        let act = Act { actor: &principal.name, now: at, within: &principal.within };
        live.remove_webhook_in(tx, &id, &act)
    };
    server.writer.write(work).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What became of an event.
#[derive(Serialize, ToSchema)]
pub struct Delivery {
    /// The event's number.
    number: i64,
    /// `delivered`, `dead` (given up) or `waiting` (for another try).
    state: String,
    /// Tries so far.
    attempts: i64,
    /// When the last one was.
    at: String,
    /// The status of the last answer, where one came.
    answer: Option<i64>,
    /// What went wrong.
    fault: Option<String>,
}

impl From<DeliveryRow> for Delivery {
    fn from(it: DeliveryRow) -> Self {
        Self {
            number: it.number,
            state: it.state,
            attempts: it.attempts,
            at: shown(it.at),
            answer: it.answer,
            fault: it.fault,
        }
    }
}

/// A page of deliveries.
#[derive(Serialize, ToSchema)]
pub struct Deliveries {
    /// The latest first.
    items: Vec<Delivery>,
    /// Where the next page begins; nothing at the end.
    next: Option<String>,
}

/// Which deliveries.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// `delivered`, `dead` or `waiting`; all where absent
    #[param(pattern = "^(delivered|dead|waiting)$")]
    state: Option<String>,
    /// Go on after a page
    cursor: Option<String>,
    /// Rows of a page, 1 to 1000
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
}

/// A number between two pages; at the beginning the greatest there is.
pub fn before(cursor: Option<&str>) -> Result<i64, Problem> {
    let Some(cursor) = cursor else { return Ok(i64::MAX) };
    let mut parts = Parts::of(cursor);
    let number = parts.number()?;
    parts.end(number)
}

/// What became of the events of a webhook
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries", tag = "webhooks",
    params(("id" = String, Path), Filter),
    responses((status = 200, body = Deliveries), (status = 404, body = Problem)))]
pub async fn deliveries(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
    Query(filter): Query<Filter>,
) -> Result<Json<Deliveries>, Problem> {
    let principal = who.may(Action::ManageWebhooks)?;
    let (most, before) = (limit(filter.limit)?, before(filter.cursor.as_deref())?);
    let states = ["delivered", "dead", "waiting"];
    if filter.state.as_ref().is_some_and(|it| !states.contains(&it.as_str())) {
        return Err(Problem::bad_request(format!("state: one of {}", states.join(", "))));
    }
    if id.contains('\0') {
        return Err(Problem::not_found("webhook"));
    }
    let rows = move |live: &Live| {
        live.store.read(|tx| {
            live.webhook_in(tx, &id, &principal.within)?;
            Ok(deliveries::list(tx, &id, filter.state.as_deref(), before, most)?)
        })
    };
    let rows: Vec<DeliveryRow> = server.ask(rows).await?;
    let next = rows.last().filter(|_| rows.len() as i64 == most).map(|it| it.number.to_string());
    Ok(Json(Deliveries { items: rows.into_iter().map(Delivery::from).collect(), next }))
}

/// Send an event that was given up once more
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/deliveries/{number}/retry", tag = "webhooks",
    params(("id" = String, Path), ("number" = i64, Path, minimum = 1)),
    responses((status = 200, body = Delivery), (status = 404, body = Problem)))]
pub async fn retry(
    State(server): State<Server>,
    who: Who,
    Path((id, number)): Path<(String, String)>,
) -> Result<Json<Delivery>, Problem> {
    let principal = who.may(Action::ManageWebhooks)?;
    let number: i64 = number.parse().map_err(|_| Problem::not_found("delivery"))?;
    if id.contains('\0') {
        return Err(Problem::not_found("webhook"));
    }
    let at = now();
    let work = move |live: &Live, tx: &mut Tx<'_>| {
        let act = Act { actor: &principal.name, now: at, within: &principal.within };
        live.retry_delivery_in(tx, (&id, number), &act)
    };
    Ok(Json(server.writer.write(work).await?.into()))
}
