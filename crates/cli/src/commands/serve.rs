//! `holdfast serve`.

use super::database::{Database, refused};
use crate::show;
use base::codes::run as codes;
use base::{Diagnostic, exit};
use clap::Args;
use server::{Authorities, HookSettings, Oidc, Server, Settings};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tokio::net::TcpListener;

#[derive(Args)]
#[command(after_help = "Examples:\n  \
    holdfast serve --pack packs/tongchuan --database holdfast.db\n  \
    holdfast serve --pack packs/tongchuan --database postgres://holdfast@db/holdfast --key-file key \
    --listen 0.0.0.0:8080 --secure\n\n\
    Nobody can sign in before the first user is made: `holdfast user put`. Put a proxy that speaks TLS \
    in front of any address that others reach.")]
pub struct Arguments {
    /// Folder of the policy pack
    #[arg(long, value_name = "FOLDER")]
    pack: PathBuf,
    #[command(flatten)]
    database: Database,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// A proxy in front speaks TLS: sessions are sent over that alone
    #[arg(long)]
    secure: bool,
    /// Most requests a minute from one address, and of one user
    #[arg(long, default_value = "6000", value_name = "N")]
    requests: u32,
    /// Seconds that a request may take
    #[arg(long, default_value = "60", value_name = "N",
        value_parser = clap::value_parser!(u64).range(1..=3_600))]
    seconds: u64,
    /// Webhooks may go to private addresses: this machine, networks of one's own
    #[arg(long)]
    webhooks_to_private: bool,
    /// Seconds that a receiver of webhooks may take
    #[arg(long, default_value = "10", value_name = "N",
        value_parser = clap::value_parser!(u64).range(1..=60))]
    webhook_seconds: u64,
    /// Tries before an event is given up and put on the list of dead ones
    #[arg(long, default_value = "16", value_name = "N",
        value_parser = clap::value_parser!(i64).range(1..=40))]
    webhook_tries: i64,
    /// Settings of those who sign users in by OpenID Connect
    #[arg(long, value_name = "FILE")]
    oidc: Option<PathBuf>,
    /// Certificates of the authorities to trust in webhooks and sign-in, instead of the well-known
    #[arg(long, value_name = "FILE")]
    authorities: Option<PathBuf>,
}

impl Arguments {
    fn settings(&self) -> Result<Settings, Diagnostic> {
        let authorities = match &self.authorities {
            Some(path) => authorities(path)?,
            None => Authorities::default(),
        };
        let oidc = match &self.oidc {
            Some(path) => Oidc::read(path, &authorities)?,
            None => Oidc::default(),
        };
        Ok(Settings {
            is_secure: self.secure,
            requests_a_minute: self.requests,
            seconds_max: self.seconds,
            hooks: HookSettings {
                seconds_max: self.webhook_seconds,
                tries: self.webhook_tries,
                may_be_private: self.webhooks_to_private,
            },
            authorities,
            oidc,
            ..Settings::default()
        })
    }
}

fn authorities(path: &Path) -> Result<Authorities, Diagnostic> {
    let pem = std::fs::read(path).map_err(|error| error.to_string());
    pem.and_then(|it| Authorities::of(&it)).map_err(|why| {
        let message = format!("{} cannot be used: {why}", path.display());
        Diagnostic::new(&codes::BAD_OPTION, message).hint("it holds certificates as PEM")
    })
}

/// Serves until it is told to stop.
pub fn run(arguments: &Arguments) -> u8 {
    tracing_subscriber::fmt().json().with_writer(std::io::stderr).init();
    let settings = match arguments.settings() {
        Ok(settings) => settings,
        Err(finding) => return refused(finding),
    };
    let live = match arguments.database.live(&arguments.pack) {
        Ok(live) => live,
        Err(code) => return code,
    };
    let runtime = tokio::runtime::Runtime::new();
    let result = runtime.and_then(|it| {
        it.block_on(async {
            let listener = TcpListener::bind(arguments.listen).await?;
            let address = listener.local_addr()?;
            let server = Server::new(live, settings);
            server.catch_up();
            server.send_webhooks();
            show::line(&format!("http://{address}  (the API to try: http://{address}/docs)"));
            server::serve(server, listener, stopped()).await
        })
    });
    match result {
        Ok(()) => exit::DONE,
        Err(error) => {
            let message = format!("{} cannot be listened on: {error}", arguments.listen);
            refused(Diagnostic::new(&codes::BAD_OPTION, message).hint("choose another --listen"))
        }
    }
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
