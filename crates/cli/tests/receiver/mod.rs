//! Somebody who receives webhooks: a real listener, told how to answer.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// How to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// With a status.
    Status(u16),
    /// Not at all, until told otherwise.
    Never,
}

/// One message as it came.
#[derive(Clone, Debug)]
pub struct Message {
    /// Headers, in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// What it was answered.
    pub answer: Answer,
}

impl Message {
    /// A header.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|it| it.0 == name);
        found.map_or("", |it| it.1.as_str())
    }
}

#[derive(Default)]
struct State {
    answer: Option<Answer>,
    messages: Vec<Message>,
}

/// A listener on this machine.
pub struct Receiver {
    state: Arc<(Mutex<State>, Condvar)>,
    /// Where to send to.
    pub url: String,
}

impl Receiver {
    /// Listens; answers 204.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("an address");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let state: Arc<(Mutex<State>, Condvar)> = Arc::default();
        let shared = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                std::thread::spawn(move || while one(&stream, &shared).is_some() {});
            }
        });
        Self { state, url }
    }

    /// Answers so from now on.
    pub fn answer(&self, answer: Answer) {
        self.state.0.lock().expect("unharmed").answer = Some(answer);
        self.state.1.notify_all();
    }

    /// Waits until so many messages have come; gives them all.
    pub fn wait(&self, count: usize) -> Vec<Message> {
        let state = self.state.0.lock().expect("unharmed");
        let patience = Duration::from_secs(60);
        let (state, waited) = self
            .state
            .1
            .wait_timeout_while(state, patience, |it| it.messages.len() < count)
            .expect("unharmed");
        assert!(!waited.timed_out(), "{count} awaited, these came: {:?}", state.messages);
        state.messages.clone()
    }

    /// What has come so far.
    pub fn messages(&self) -> Vec<Message> {
        self.state.0.lock().expect("unharmed").messages.clone()
    }
}

/// Reads one message and answers it.
fn one(stream: &TcpStream, state: &Arc<(Mutex<State>, Condvar)>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|it| *it > 0)?;
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(": ") else { break };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|it| it.0 == "content-length");
    let length = length.and_then(|it| it.1.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).ok()?;
    let mut held = state.0.lock().expect("unharmed");
    let answer = held.answer.unwrap_or(Answer::Status(204));
    held.messages.push(Message { headers, body, answer });
    state.1.notify_all();
    if answer == Answer::Never {
        let patience = Duration::from_secs(30);
        let changed = |it: &mut State| it.answer == Some(Answer::Never);
        drop(state.1.wait_timeout_while(held, patience, changed).expect("unharmed"));
        return None;
    }
    drop(held);
    let Answer::Status(status) = answer else { return None };
    let mut stream = stream;
    write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n").ok()
}
