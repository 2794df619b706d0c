//! `holdfast serve`.

use super::database::{Database, refused};
use crate::show;
use app::live::Live;
use base::codes::run as codes;
use base::{Diagnostic, exit};
use clap::Args;
use server::{Server, Settings};
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
    let spool = match spool(arguments) {
        Ok(spool) => spool,
        Err(finding) => return refused(finding),
    };
    let settings = Settings {
        spool,
        upload_bytes_max: arguments.upload_limit.saturating_mul(1 << 20),
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
            server.work();
            begun(&server, address);
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
