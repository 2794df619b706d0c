//! A real server process, and requests to it.

#![expect(dead_code, reason = "not every test needs everything")]

use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use store::Address;
use ureq::Agent;
use ureq::http::Response;

/// A running `holdfast serve`; killed when it is dropped.
pub struct Process {
    child: Child,
    _errors: Option<ChildStderr>,
    /// Where it listens.
    pub url: String,
}

/// The password of every user of a test.
pub const PASSWORD: &str = "correct horse battery";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn url(address: &Address) -> String {
    match address {
        Address::File(path) => path.display().to_string(),
        Address::Server(url) => url.clone(),
    }
}

/// A command of the executable over a database.
pub fn holdfast(words: &[&str], address: &Address, key: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_holdfast"));
    command.args(words).args(["--database", &url(address), "--key-file"]).arg(key);
    command.current_dir(root());
    command
}

/// Makes a user whose password is [`PASSWORD`].
pub fn user(address: &Address, key: &Path, name: &str, role: &str, areas: &[&str]) {
    let mut words = vec!["user", "put", name, "--role", role, "--keep-password"];
    areas.iter().for_each(|it| words.extend(["--area", it]));
    let mut command = holdfast(&words, address, key);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("started");
    let mut input = child.stdin.take().expect("an input");
    writeln!(input, "{PASSWORD}").expect("written");
    drop(input);
    assert!(child.wait().expect("ended").success(), "user {name}");
}

impl Process {
    /// Starts a server over a database.
    pub fn start(address: &Address, key: &Path) -> Self {
        let spool = key.with_extension("spool").display().to_string();
        Self::start_with(address, key, &["--spool", &spool])
    }

    /// The same with options of its own.
    pub fn start_with(address: &Address, key: &Path, more: &[&str]) -> Self {
        let words = ["serve", "--pack", "packs/tongchuan", "--listen", "127.0.0.1:0"];
        let mut command = holdfast(&words, address, key);
        if !more.contains(&"--requests") {
            command.args(["--requests", "1000000"]);
        }
        command.args(more);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("started");
        let mut line = String::new();
        let output = child.stdout.take().expect("an output");
        BufReader::new(output).read_line(&mut line).expect("a line");
        let url = line.split_whitespace().next().unwrap_or_default().to_owned();
        assert!(url.starts_with("http://"), "the server said: {line}");
        Self { child, _errors: None, url }
    }

    /// Kills it, as a power cut would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to stop.
    pub fn ask_to_stop(&self) {
        let id = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &id]).status();
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(mut self) -> bool {
        self.ask_to_stop();
        self.child.wait().expect("ended").success()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Somebody who sends requests.
pub struct Client {
    agent: Agent,
    url: String,
    cookie: Option<String>,
}

impl Client {
    /// Nobody yet.
    pub fn new(process: &Process) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .build();
        Self { agent: config.into(), url: process.url.clone(), cookie: None }
    }

    /// Signs a user in.
    pub fn signed_in(process: &Process, name: &str) -> Self {
        let mut client = Self::new(process);
        let body = serde_json::json!({ "name": name, "password": PASSWORD });
        let answer = client.raw("POST", "/api/v1/sign-in", Some(&body), &[]);
        let cookie = answer.headers().get("set-cookie").expect("a cookie").to_str().expect("text");
        client.cookie = cookie.split(';').next().map(str::to_owned);
        client
    }

    /// Sends a request with headers.
    pub fn raw(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Response<ureq::Body> {
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie).header("x-holdfast", "1");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let text = body.map(Value::to_string).unwrap_or_default();
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let request = request.body(text).expect("a request");
        self.agent.run(request).expect("an answer")
    }

    /// Sends a file; gives status and document.
    pub fn upload(&self, path: &str, file: &[u8], headers: &[(&str, &str)]) -> (u16, Value) {
        let mut request = ureq::http::Request::builder()
            .method("POST")
            .uri(format!("{}{path}", self.url))
            .header("content-type", "application/octet-stream")
            // Where a file is refused before it was read, the server hangs up.
            .header("connection", "close")
            .header("x-holdfast", "1");
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(file).expect("a request");
        document(self.agent.run(request).expect("an answer"))
    }

    /// Fetches a file; gives status and bytes.
    pub fn fetch(&self, path: &str) -> (u16, Vec<u8>) {
        let mut answer = self.raw("GET", path, None, &[]);
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(1 << 30).read_to_vec();
        (status, body.expect("a whole body"))
    }

    /// Waits until a job has ended; gives it.
    pub fn ended(&self, id: &str) -> Value {
        loop {
            let (status, job) = self.get(&format!("/api/v1/jobs/{id}"));
            assert_eq!(status, 200, "{job}");
            if !job["ended_at"].is_null() {
                return job;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    /// Sends a file to be imported and waits until that is done.
    pub fn import(&self, query: &str, file: &[u8]) -> Value {
        let (status, job) = self.upload(&format!("/api/v1/imports?{query}"), file, &[]);
        assert_eq!(status, 202, "{job}");
        self.ended(job["id"].as_str().expect("an id"))
    }

    /// Sends a request; gives status and document.
    pub fn send(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        document(self.raw(method, path, body, &[]))
    }

    /// Reads something.
    pub fn get(&self, path: &str) -> (u16, Value) {
        self.send("GET", path, None)
    }

    /// Sends facts; `None` where no answer came.
    pub fn try_facts(&self, facts: &[Value]) -> Option<(u16, Value)> {
        let mut request = ureq::http::Request::builder()
            .method("POST")
            .uri(format!("{}/api/v1/facts", self.url))
            .header("content-type", "application/json")
            .header("x-holdfast", "1");
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let text = serde_json::json!({ "facts": facts }).to_string();
        let request = request.body(text).expect("a request");
        let mut answer = self.agent.run(request).ok()?;
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_string().ok()?;
        Some((status, serde_json::from_str(&text).ok()?))
    }

    /// Follows events after a number, until `enough` have come.
    pub fn events(&self, after: i64, enough: usize) -> Vec<Value> {
        let path = format!("/api/v1/events?after={after}");
        let mut answer = self.raw("GET", &path, None, &[]);
        assert_eq!(answer.status(), 200);
        let lines = BufReader::new(answer.body_mut().as_reader()).lines();
        let data = lines
            .map_while(Result::ok)
            .filter_map(|it| Some(it.strip_prefix("data: ")?.to_owned()));
        data.take(enough).filter_map(|it| serde_json::from_str(&it).ok()).collect()
    }
}

/// Status and document of an answer.
pub fn document(mut answer: Response<ureq::Body>) -> (u16, Value) {
    let status = answer.status().as_u16();
    let text = answer.body_mut().read_to_string().unwrap_or_default();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}
