//! `holdfast serve`.

use super::database::{Database, refused};
use crate::show;
use app::live::Live;
use base::codes::run as codes;
use base::{Diagnostic, exit};
use clap::Args;
use server::{Server, Settings};
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::net::TcpListener;

#[derive(Args)]
#[command(after_help = "Examples:\n  \
    holdfast serve --pack packs/tongchuan --database holdfast.db\n  \
    holdfast serve --pack packs/tongchuan --database postgres://holdfast@db/holdfast --key-file key \
    --listen 0.0.0.0:8080 --secure\n\n\
    Nobody can sign in before the first user is made: `holdfast user put`. Put a proxy that speaks TLS \
    in front of any address that others reach.")]
pub struct Arguments {
    /// Folder of the policy pack; once a policy is in force in the database that one counts
    #[arg(long, value_name = "FOLDER")]
    pack: Option<PathBuf>,
    #[command(flatten)]
    database: Database,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// A proxy in front speaks TLS: sessions are sent over that alone
    #[arg(long)]
    secure: bool,
    /// What every page says of the data, e.g. that it is simulated
    #[arg(long, value_name = "TEXT")]
    notice: Option<String>,
    /// Most requests a minute from one address
    #[arg(long, default_value = "6000", value_name = "N")]
    requests: u32,
}

/// Serves until it is told to stop.
pub fn run(arguments: &Arguments) -> u8 {
    tracing_subscriber::fmt().json().with_writer(std::io::stderr).init();
    let live = match arguments.database.live_in_force(arguments.pack.as_deref()) {
        Ok(live) => live,
        Err(code) => return code,
    };
    let settings = Settings {
        is_secure: arguments.secure,
        requests_a_minute: arguments.requests,
        notice: arguments.notice.clone(),
        ..Settings::default()
    };
    let told = |_: &Server, address| {
        show::line(&format!("http://{address}  (the API to try: http://{address}/docs)"));
    };
    until_stopped(live, settings, arguments.listen, told).map_or_else(|code| code, |()| exit::DONE)
}

/// Serves until the process is asked to stop; `begun` is called once it listens.
pub fn until_stopped(
    live: Live,
    settings: Settings,
    listen: SocketAddr,
    begun: impl FnOnce(&Server, SocketAddr),
) -> Result<(), u8> {
    let runtime = tokio::runtime::Runtime::new();
    let result = runtime.and_then(|it| {
        it.block_on(async {
            let listener = TcpListener::bind(listen).await?;
            let address = listener.local_addr()?;
            let server = Server::new(live, settings);
            server.catch_up();
            begun(&server, address);
            server::serve(server, listener, stopped()).await
        })
    });
    result.map_err(|error| {
        let message = format!("{listen} cannot be listened on: {error}");
        refused(Diagnostic::new(&codes::BAD_OPTION, message).hint("choose another --listen"))
    })
}

/// Done when the process is asked to stop.
async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}
