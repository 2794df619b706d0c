//! HTTP over the live monitor: what comes in is taken apart here, asked of `app`, and answered.
//!
//! Holds no rule: who may do what is decided in `app::access`, and what is wrong comes back as the
//! findings of the command line, with the same codes.

mod ahead;
mod auth;
mod body;
mod clock;
mod cursor;
mod describe;
mod dto;
mod feed;
mod fields;
mod headers;
mod limits;
mod metrics;
mod oidc;
mod outgoing;
mod problem;
mod retention;
mod rooms;
mod routes;
mod spool;
mod state;
mod stream;
mod ui;
mod webhooks;
mod worker;
mod writer;
mod written;

pub use clock::shown;
pub use oidc::Oidc;
pub use outgoing::Authorities;
pub use state::{Server, Settings};
pub use webhooks::HookSettings;

use std::future::{Future, IntoFuture};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;

/// Seconds beyond those of a request, after which a client that does not let go is left.
const PARTING: u64 = 5;

/// Serves until `stop` is done; requests under way are answered first.
///
/// # Errors
/// The address cannot be listened on.
pub async fn serve(
    server: Server,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (streams, ending) = (server.closing.clone(), server.clone());
    let mut closing = server.closing.subscribe();
    let patience = Duration::from_secs(server.settings.seconds_max + PARTING);
    let app = routes::all(server).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, app).with_graceful_shutdown(async move {
        stop.await;
        // Streams of events would never end by themselves.
        streams.send_replace(true);
    });
    let late = async move {
        let _ = closing.wait_for(|it| *it).await;
        tokio::time::sleep(patience).await;
    };
    let served = tokio::select! {
        served = serving.into_future() => served,
        () = late => Ok(()),
    };
    ending.give_way().await;
    served
}
