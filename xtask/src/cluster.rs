//! A throw-away PostgreSQL cluster for the tests, on this machine alone.
//!
//! Its settings are those that a cautious office would have: what is measured and killed in tests
//! is what runs there.

use crate::run::{self, Result};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A running cluster; stopped and removed when it is dropped.
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    /// Address of its first database.
    pub url: String,
}

/// The user that servers run as where this is root, which PostgreSQL refuses.
const SERVER_USER: &str = "postgres";

impl Cluster {
    /// Starts one; `None` where PostgreSQL is not installed.
    pub fn start() -> Result<Option<Self>> {
        let Some(programs) = programs() else { return Ok(None) };
        let folder = std::env::temp_dir().join(format!("holdfast-cluster-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        if is_root() {
            run::run("chown", &[SERVER_USER, &folder.to_string_lossy()])?;
        }
        let port = free_port()?;
        let url = format!("postgres://holdfast@127.0.0.1:{port}/postgres");
        let cluster = Self { folder, programs, url };
        let data = cluster.data();
        cluster.program(
            "initdb",
            &["-D", &data, "-U", "holdfast", "-A", "trust", "-E", "UTF8", "--locale=C"],
        )?;
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={}",
            cluster.folder.display()
        );
        let log = cluster.folder.join("log");
        cluster.program(
            "pg_ctl",
            &["-D", &data, "-o", &options, "-l", &log.to_string_lossy(), "-w", "start"],
        )?;
        Ok(Some(cluster))
    }

    /// Makes another database; gives its address.
    pub fn database(&self, name: &str) -> Result<String> {
        let port = self.url.rsplit([':', '/']).nth(1).unwrap_or_default();
        let own = ["-h", "127.0.0.1", "-p", port, "-U", "holdfast", name];
        self.program("createdb", &own)?;
        Ok(self.url.replace("/postgres", &format!("/{name}")))
    }

    fn data(&self) -> String {
        self.folder.join("data").to_string_lossy().into_owned()
    }

    fn program(&self, name: &str, arguments: &[&str]) -> Result {
        let path = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", SERVER_USER, "--"]).arg(&path);
            command
        } else {
            Command::new(&path)
        };
        command.args(arguments).current_dir(&self.folder).stdin(Stdio::null());
        let output = command.stdout(Stdio::null()).stderr(Stdio::inherit()).status();
        match output {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("{} ended with {status}", path.display())),
            Err(error) => Err(format!("{} could not be started: {error}", path.display())),
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.data();
        let _ = self.program("pg_ctl", &["-D", &data, "-m", "immediate", "-w", "stop"]);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The folder of the newest installed server's programs.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<(u32, PathBuf)> = versions
        .flatten()
        .filter_map(|it| Some((it.file_name().to_str()?.parse().ok()?, it.path().join("bin"))))
        .filter(|it| it.1.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop().map(|it| it.1)
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|it| {
        use std::os::unix::fs::MetadataExt;
        it.uid() == 0
    }) && Path::new("/usr/sbin/runuser").exists()
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    listener.local_addr().map(|it| it.port()).map_err(|error| error.to_string())
}
