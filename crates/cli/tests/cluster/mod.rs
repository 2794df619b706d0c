//! A PostgreSQL cluster of a test's own, that it may stop, start, fill and encrypt.

#![expect(clippy::print_stderr, reason = "a test that is left out has to say so")]

use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A cluster; stopped and removed when it is dropped.
pub struct Cluster {
    folder: tempfile::TempDir,
    programs: PathBuf,
    /// Where it listens.
    pub port: u16,
}

/// The user that servers run as where this is root, which PostgreSQL refuses.
const SERVER_USER: &str = "postgres";

/// Whether this is root, which may mount and become somebody else.
pub fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0)
}

impl Cluster {
    /// Starts one; says so and gives nothing where PostgreSQL is not installed.
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!("left out: PostgreSQL is not installed");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("a port").port();
        drop(listener);
        let cluster = Self { folder, programs, port };
        cluster.give(cluster.folder.path());
        let data = cluster.data().display().to_string();
        let words = ["-D", &data, "-U", "holdfast", "-A", "trust", "-E", "UTF8", "--locale=C"];
        assert!(cluster.program("initdb", &words), "no cluster was made");
        cluster.go_on();
        Some(cluster)
    }

    /// Where its files lie.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A folder that its server may write.
    pub fn give(&self, path: &Path) {
        if is_root() {
            let given = Command::new("chown").args(["-R", SERVER_USER]).arg(path).status();
            assert!(given.is_ok_and(|it| it.success()), "{} is not given", path.display());
        }
    }

    /// Starts the server.
    pub fn go_on(&self) {
        let folder = self.folder.path().display().to_string();
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}",
            self.port
        );
        let (data, log) = (self.data().display().to_string(), format!("{folder}/log"));
        let words = ["-D", &data, "-o", &options, "-l", &log, "-w", "start"];
        assert!(self.program("pg_ctl", &words), "it does not start");
    }

    /// Stops the server, and whoever is connected.
    pub fn stop(&self) {
        let data = self.data().display().to_string();
        let words = ["-D", &data, "-m", "fast", "-w", "stop"];
        assert!(self.program("pg_ctl", &words), "it does not stop");
    }

    /// The address of a database.
    pub fn url(&self, host: &str, name: &str) -> String {
        format!("postgres://holdfast@{host}:{}/{name}", self.port)
    }

    /// Makes a database; `how` goes after its name.
    pub fn database(&self, name: &str, how: &str) -> String {
        let url = self.url("127.0.0.1", "postgres");
        let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("connected");
        client.batch_execute(&format!("CREATE DATABASE {name} {how}")).expect("a database");
        self.url("127.0.0.1", name)
    }

    fn program(&self, name: &str, words: &[&str]) -> bool {
        let path = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", SERVER_USER, "--"]).arg(&path);
            command
        } else {
            Command::new(&path)
        };
        command.args(words).current_dir(self.folder.path()).stdin(Stdio::null());
        command.stdout(Stdio::null()).status().is_ok_and(|it| it.success())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.data().display().to_string();
        self.program("pg_ctl", &["-D", &data, "-m", "immediate", "-w", "stop"]);
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
