//! HTTP over the live monitor: what comes in is taken apart here, asked of `app`, and answered.
//!
//! Holds no rule: who may do what is decided in `app::access`, and what is wrong comes back as the
//! findings of the command line, with the same codes.

mod auth;
mod body;
mod clock;
mod describe;
mod dto;
mod feed;
mod limits;
mod metrics;
mod problem;
mod routes;
mod state;
mod ui;
mod writer;

pub use routes::description;
pub use state::{Server, Settings};

use std::future::Future;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Serves until `stop` is done; requests under way are ended first.
///
/// # Errors
/// The address cannot be listened on.
pub async fn serve(
    server: Server,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (streams, ending) = (server.closing.clone(), server.clone());
    let app = routes::all(server).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, app)
        .with_graceful_shutdown(async move {
            stop.await;
            // Streams of events would never end by themselves.
            streams.send_replace(true);
        })
        .await;
    ending.give_way().await;
    served
}
