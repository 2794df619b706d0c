//! `holdfast serve`.

use super::database::{Database, refused};
use crate::show;
use app::live::Live;
use base::codes::run as codes;
use base::{Diagnostic, exit};
use clap::Args;
use server::{Authorities, HookSettings, Oidc, Server, Settings};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use store::Address;
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
    /// Folder for files that are imported; FILE.spool beside a file database where absent
    #[arg(long, value_name = "FOLDER")]
    spool: Option<PathBuf>,
    /// Most megabytes of a file that is imported
    #[arg(long, default_value = "4096", value_name = "MB")]
    upload_limit: u64,
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
    /// Most households that are read in the background, so that the first trial of another policy
    /// need not wait for it, with about 1.5 KB of memory each; where there are more, or with 0,
    /// they are read when somebody opens the policy or tries another one
    #[arg(long, default_value = "300000", value_name = "HOUSEHOLDS")]
    trials_ahead: u64,
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
            spool: spool(self)?,
            upload_bytes_max: self.upload_limit.saturating_mul(1 << 20),
            notice: self.notice.clone(),
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
            trials_ahead: self.trials_ahead,
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
    let live = match arguments.database.live_in_force(arguments.pack.as_deref()) {
        Ok(live) => live,
        Err(code) => return code,
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
            server.work();
            server.send_webhooks();
            begun(&server, address);
            server.read_ahead();
            server::serve(server, listener, stopped()).await
        })
    });
    result.map_err(|error| {
        let message = format!("{listen} cannot be listened on: {error}");
        refused(Diagnostic::new(&codes::BAD_OPTION, message).hint("choose another --listen"))
    })
}

/// The folder for files that are imported, made where it is missing.
fn spool(arguments: &Arguments) -> Result<PathBuf, Diagnostic> {
    let beside = || match Address::parse(&arguments.database.database) {
        Address::File(path) => {
            let mut name = path.into_os_string();
            name.push(".spool");
            PathBuf::from(name)
        }
        Address::Server(_) => std::env::temp_dir().join("holdfast-spool"),
    };
    let folder = arguments.spool.clone().unwrap_or_else(beside);
    let made = std::fs::create_dir_all(&folder).and_then(|()| own(&folder));
    let made = made.and_then(|()| folder.canonicalize());
    made.map_err(|error| {
        let message = format!("the spool folder {} cannot be used: {error}", folder.display());
        Diagnostic::new(&codes::BAD_OPTION, message)
            .hint("name a folder that may be written to with --spool")
    })
}

/// Files name people: nobody but this user looks into the folder.
fn own(folder: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
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
