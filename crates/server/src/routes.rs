//! Every route, with its description.

mod about;
mod access;
mod areas;
mod audit;
mod events;
mod exports;
mod facts;
mod forms;
mod health;
mod households;
mod imports;
mod jobs;
mod mappings;
mod oidc;
mod people;
mod periods;
mod policy;
mod rules;
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
use base::codes::store::TOO_SLOW;
use base::{Diagnostic, PeriodKind};
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
        .merge(edges())
        .merge(chain())
        .merge(offices())
        .split_for_parts()
}

/// Who is asking, and what other systems are told.
fn edges() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(about::read))
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
        .routes(routes!(webhooks::list, webhooks::make))
        .routes(routes!(webhooks::remove))
        .routes(routes!(webhooks::deliveries))
        .routes(routes!(webhooks::retry))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(health::metrics))
}

/// The chain: facts, scores, warnings, and what pages make of them.
fn chain() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
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
}

/// Policy, people, files in and out.
fn offices() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(policy::read))
        .routes(routes!(policy::indicator::read))
        .routes(routes!(policy::versions::list, policy::versions::add))
        .routes(routes!(policy::versions::changes))
        .routes(routes!(policy::activations::list, policy::activations::propose))
        .routes(routes!(policy::activations::approve))
        .routes(routes!(policy::activations::refuse))
        .routes(routes!(policy::trials::make))
        .routes(routes!(rules::list))
        .routes(routes!(people::list))
        .routes(routes!(people::one, people::put))
        .routes(routes!(people::members))
        .routes(routes!(people::registration, people::register))
        .routes(routes!(people::search))
        .routes(routes!(people::unmask))
        .routes(routes!(people::looks_at))
        .routes(routes!(people::looks))
        .routes(routes!(people::erase))
        .routes(routes!(people::pairs))
        .routes(routes!(people::decide))
        .routes(routes!(people::undo_merge))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::one, jobs::forget))
        .routes(routes!(jobs::cancel))
        .routes(routes!(mappings::list))
        .routes(routes!(mappings::one, mappings::put, mappings::forget))
        .routes(routes!(exports::fetch))
        .routes(routes!(imports::rejects))
        .routes(routes!(imports::rows))
        .routes(routes!(imports::undo))
}

/// Routes that take files: they may take as long as bytes keep coming.
fn uploads() -> (Router<Server>, utoipa::openapi::OpenApi) {
    OpenApiRouter::new()
        .routes(routes!(imports::add))
        .routes(routes!(imports::columns))
        .split_for_parts()
}

/// The description of the API, as JSON, for policies with one kind of period.
fn description(kind: PeriodKind) -> Value {
    // It is made of texts alone: there is nothing in it that cannot be written.
    let mut whole = described().1;
    whole.merge(uploads().1);
    completed(serde_json::to_value(whole).unwrap_or_default(), kind)
}

/// Everything that is served.
pub fn all(server: Server) -> Router {
    let router = described().0;
    let settings = server.settings.clone();
    // Every policy of a database has periods of one kind.
    let description = description(server.live.pack().period_kind);
    let lists = Arc::new(fields::lists(&description));
    router
        .layer(middleware::from_fn_with_state(lists, fields::pruned))
        .layer(middleware::from_fn_with_state(settings.seconds_max, timed))
        .layer(DefaultBodyLimit::max(settings.body_bytes_max))
        .merge(uploads().0)
        .fallback(crate::ui::serve)
        .method_not_allowed_fallback(async || {
            let problem = Problem::bad_request("this address does not know that method");
            Problem { status: StatusCode::METHOD_NOT_ALLOWED.as_u16(), ..problem }
        })
        .merge(SwaggerUi::new("/docs").external_url_unchecked("/openapi.json", description))
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let description = description(PeriodKind::Month);
        let items = description["paths"].as_object().into_iter().flat_map(|it| it.values());
        let operations = items.filter_map(Value::as_object).flat_map(|it| it.values());
        let names: Vec<&str> = operations.filter_map(|it| it["operationId"].as_str()).collect();
        let distinct: BTreeSet<&str> = names.iter().copied().collect();
        assert!(names.len() > 80 && names.len() == distinct.len(), "{names:?}");
    }

    #[test]
    fn every_action_is_described_as_a_scope() {
        let described = &description(PeriodKind::Month)["components"]["schemas"]["Scope"];
        let pattern = described["pattern"].as_str().unwrap_or_default();
        let pattern = pattern.trim_start_matches("^(").trim_end_matches(")$");
        let described: BTreeSet<&str> = pattern.split('|').collect();
        assert_eq!(described, app::access::Action::ALL.iter().map(|it| it.name()).collect());
    }

    #[test]
    fn names_of_users_are_described_as_they_are_checked() {
        let described = &description(PeriodKind::Month)["components"]["schemas"]["UserToPut"];
        assert_eq!(described["properties"]["name"]["pattern"], app::access::NAME);
    }
}
