//! What this server is: asked by pages before anybody has signed in.

use crate::state::Server;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// The server.
#[derive(Serialize, ToSchema)]
pub struct About {
    /// Always `Holdfast`.
    name: &'static str,
    /// Of the program.
    version: &'static str,
    /// To be shown on every page, e.g. that everything is simulated.
    notice: Option<String>,
}

/// What this server is
#[utoipa::path(get, path = "/api/v1/about", tag = "health", responses((status = 200, body = About)))]
pub async fn read(State(server): State<Server>) -> Json<About> {
    Json(About {
        name: "Holdfast",
        version: env!("CARGO_PKG_VERSION"),
        notice: server.settings.notice.clone(),
    })
}
