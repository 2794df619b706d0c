//! Every route, with its description.

mod access;
mod audit;
mod events;
mod facts;
mod health;
mod households;
mod oidc;
mod periods;
mod situation;
mod tokens;
mod warnings;
mod webhooks;

use crate::describe::completed;
use crate::fields;
use crate::headers::{self, Sender};
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::state::Server;
use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use base::Diagnostic;
use base::codes::store::TOO_SLOW;
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::SwaggerUi;

#[derive(OpenApi)]
#[openapi(info(
    title = "Holdfast",
    description = "Facts in; bands, warnings with reasons, and events out. Errors are problems of RFC \
        9457. Lists take `fields=a,b`: of every item those fields alone (`x-fields` says which there are).",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Description;

fn described() -> (Router<Server>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(access::sign_in))
        .routes(routes!(access::sign_out))
        .routes(routes!(oidc::providers))
        .routes(routes!(oidc::begin))
        .routes(routes!(oidc::back))
        .routes(routes!(access::me))
        .routes(routes!(access::password))
        .routes(routes!(access::users, access::put_user))
        .routes(routes!(access::disable_user))
        .routes(routes!(tokens::make_token))
        .routes(routes!(tokens::sessions, tokens::end_sessions))
        .routes(routes!(tokens::list))
        .routes(routes!(tokens::end))
        .routes(routes!(audit::list))
        .routes(routes!(audit::verify_audit))
        .routes(routes!(facts::add))
        .routes(routes!(warnings::list))
        .routes(routes!(warnings::acknowledge))
        .routes(routes!(households::list))
        .routes(routes!(households::one))
        .routes(routes!(situation::read))
        .routes(routes!(periods::read))
        .routes(routes!(periods::close))
        .routes(routes!(events::stream))
        .routes(routes!(webhooks::list, webhooks::make))
        .routes(routes!(webhooks::remove))
        .routes(routes!(webhooks::deliveries))
        .routes(routes!(webhooks::retry))
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
    let lists = Arc::new(fields::lists(&description()));
    router
        .fallback(async || Problem::not_found("such address"))
        .method_not_allowed_fallback(async || {
            let problem = Problem::bad_request("this address does not know that method");
            Problem { status: StatusCode::METHOD_NOT_ALLOWED.as_u16(), ..problem }
        })
        .layer(middleware::from_fn_with_state(lists, fields::pruned))
        .layer(middleware::from_fn_with_state(settings.seconds_max, timed))
        .layer(DefaultBodyLimit::max(settings.body_bytes_max))
        .merge(SwaggerUi::new("/docs").external_url_unchecked("/openapi.json", description()))
        .layer(middleware::from_fn_with_state(server.clone(), watched))
        .with_state(server)
}

/// Answers for a route that takes too long. Waiting ends; what is written already stays, and what
/// is to be written may still be.
async fn timed(State(seconds): State<u64>, request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(Duration::from_secs(seconds), next.run(request)).await;
    answer.unwrap_or_else(|_| {
        let message = format!("the request took longer than {seconds} s");
        let finding = Diagnostic::new(&TOO_SLOW, message)
            .hint("send it again; a change under the same id or key is made once");
        Problem::from(finding).into_response()
    })
}

/// Counts an answer, refuses who asks too often, and adds the headers that every answer has.
async fn watched(
    State(server): State<Server>,
    ConnectInfo(other_end): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let is_secure = server.settings.is_secure;
    let sender = Sender::of(request.headers(), other_end.ip(), is_secure);
    request.extensions_mut().insert(sender);
    let mut response = if server.limits.allows(sender.0) {
        next.run(request).await
    } else {
        Problem::too_many("requests from this address").into_response()
    };
    headers::put(response.headers_mut(), is_secure);
    let class = usize::from(response.status().as_u16() / 100).min(5);
    Metrics::add(&server.metrics.answers[class], 1);
    let micros = started.elapsed().as_micros().try_into().unwrap_or(u64::MAX);
    Metrics::add(&server.metrics.micros, micros);
    response
}
