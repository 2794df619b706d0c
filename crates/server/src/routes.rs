//! Every route, with its description.

mod access;
mod areas;
mod events;
mod facts;
mod forms;
mod health;
mod households;
mod periods;
mod situation;
mod warnings;

use crate::describe::completed;
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::state::Server;
use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tower_http::timeout::TimeoutLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::SwaggerUi;

#[derive(OpenApi)]
#[openapi(info(
    title = "Holdfast",
    description = "Facts in; bands, warnings with reasons, and events out. Errors are problems of RFC 9457.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Description;

fn described() -> (Router<Server>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(access::sign_in))
        .routes(routes!(access::sign_out))
        .routes(routes!(access::me))
        .routes(routes!(access::password))
        .routes(routes!(access::users, access::put_user))
        .routes(routes!(access::disable_user))
        .routes(routes!(access::make_token))
        .routes(routes!(access::verify_audit))
        .routes(routes!(facts::add))
        .routes(routes!(warnings::list))
        .routes(routes!(warnings::acknowledge))
        .routes(routes!(warnings::counts::counts))
        .routes(routes!(warnings::actions::act))
        .routes(routes!(households::list))
        .routes(routes!(households::one))
        .routes(routes!(households::explained::explanation))
        .routes(routes!(households::past::history))
        .routes(routes!(households::past::facts))
        .routes(routes!(households::past::timeline))
        .routes(routes!(households::trial::trial))
        .routes(routes!(households::trial::sliders))
        .routes(routes!(forms::list))
        .routes(routes!(situation::read))
        .routes(routes!(situation::figures::children))
        .routes(routes!(situation::figures::history))
        .routes(routes!(situation::figures::summary))
        .routes(routes!(areas::list))
        .routes(routes!(areas::one))
        .routes(routes!(areas::boundaries))
        .routes(routes!(periods::read))
        .routes(routes!(periods::close))
        .routes(routes!(events::stream))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(health::metrics))
        .split_for_parts()
}

/// The description of the API, as JSON.
pub fn description() -> Value {
    // It is made of texts alone: there is nothing in it that cannot be written.
    completed(serde_json::to_value(described().1).unwrap_or_default())
}

/// Everything that is served.
pub fn all(server: Server) -> Router {
    let router = described().0;
    let settings = server.settings.clone();
    let seconds = Duration::from_secs(settings.seconds_max);
    router
        .fallback(async || Problem::not_found("such address"))
        .method_not_allowed_fallback(async || {
            let problem = Problem::bad_request("this address does not know that method");
            Problem { status: StatusCode::METHOD_NOT_ALLOWED.as_u16(), ..problem }
        })
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, seconds))
        .layer(DefaultBodyLimit::max(settings.body_bytes_max))
        .merge(SwaggerUi::new("/docs").external_url_unchecked("/openapi.json", description()))
        .layer(middleware::from_fn_with_state(server.clone(), watched))
        .with_state(server)
}

/// Counts an answer, refuses who asks too often, and adds the headers that every answer has.
async fn watched(
    State(server): State<Server>,
    ConnectInfo(sender): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let mut response = if server.limits.allows(sender.ip()) {
        next.run(request).await
    } else {
        let problem = Problem::bad_request("too many requests from this address");
        Problem { status: StatusCode::TOO_MANY_REQUESTS.as_u16(), ..problem }.into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    let class = usize::from(response.status().as_u16() / 100).min(5);
    Metrics::add(&server.metrics.answers[class], 1);
    let micros = started.elapsed().as_micros().try_into().unwrap_or(u64::MAX);
    Metrics::add(&server.metrics.micros, micros);
    response
}
