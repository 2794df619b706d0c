//! Bodies of answers that are made while they are sent: memory stays the same however long they
//! are, and whoever makes them stops when nobody listens any more.
//!
//! Each takes a thread and a connection of the database as long as it lasts: there is room for so
//! many, and who takes nothing for a while is let go.

use crate::problem::Problem;
use crate::state::Server;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base::Diagnostic;
use std::io::{Error, ErrorKind, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::timeout;

/// Bytes that go out together.
const PIECE: usize = 64 * 1024;
/// Pieces that may wait for the listener.
const WAITING: usize = 4;

/// Room for one body, and how long whoever listens may take nothing.
pub struct Room {
    permit: OwnedSemaphorePermit,
    patience: Duration,
}

impl Room {
    /// Room on a server.
    ///
    /// # Errors
    /// So many bodies are being made already.
    pub fn on(server: &Server) -> Result<Self, Problem> {
        let patience = Duration::from_secs(server.settings.seconds_max);
        Ok(Self { permit: server.rooms.to_send()?, patience })
    }
}

/// What is written comes out at the other end.
pub struct Sink {
    held: Vec<u8>,
    pieces: mpsc::Sender<Bytes>,
    patience: Duration,
    runtime: Handle,
}

impl Sink {
    fn send(&mut self) -> std::io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.held, Vec::with_capacity(PIECE));
        match self.runtime.block_on(timeout(self.patience, self.pieces.send(piece.into()))) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Error::new(ErrorKind::BrokenPipe, "nobody listens any more")),
            Err(_) => Err(Error::new(ErrorKind::TimedOut, "whoever listens takes nothing")),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.held.extend_from_slice(bytes);
        if self.held.len() >= PIECE {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.send()
    }
}

/// An answer whose body `work` writes, on a thread that may block. Where it fails the body breaks
/// off: nobody takes a part for the whole.
pub fn file(
    room: Room,
    name: &str,
    ending: &str,
    work: impl FnOnce(Sink) -> Result<(), Diagnostic> + Send + 'static,
) -> Response {
    let (pieces, outgoing) = mpsc::channel(WAITING);
    let Room { permit, patience } = room;
    let held = Vec::with_capacity(PIECE);
    let sink = Sink { held, pieces: pieces.clone(), patience, runtime: Handle::current() };
    let (is_whole, end) = (Arc::new(AtomicBool::new(false)), pieces);
    let told = is_whole.clone();
    tokio::task::spawn_blocking(move || {
        match work(sink) {
            Ok(()) => told.store(true, Ordering::Release),
            Err(finding) => {
                tracing::info!(code = finding.code.id, "a file was not sent to its end");
            }
        }
        // Only now the listener can come to the end of the pieces.
        drop(end);
        drop(permit);
    });
    let stream = futures::stream::unfold(Some(outgoing), move |outgoing| {
        let is_whole = is_whole.clone();
        async move {
            let mut outgoing = outgoing?;
            match outgoing.recv().await {
                Some(piece) => Some((Ok(piece), Some(outgoing))),
                None if is_whole.load(Ordering::Acquire) => None,
                None => Some((Err(Error::other("the file could not be made")), None)),
            }
        }
    });
    let kind = match ending {
        "csv" => "text/csv; charset=utf-8",
        "ndjson" => "application/x-ndjson",
        "parquet" => "application/vnd.apache.parquet",
        _ => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    let safe = |it: char| if it.is_ascii_alphanumeric() || "-_.".contains(it) { it } else { '_' };
    let name: String = name.chars().map(safe).collect();
    let disposition = format!("attachment; filename=\"{name}.{ending}\"");
    let mut response = Body::from_stream(stream).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rooms::Rooms;
    use axum::body::to_bytes;
    use base::codes::run::BAD_OPTION;
    use std::sync::mpsc::channel;

    const LONG: Duration = Duration::from_secs(60);

    fn runtime() -> tokio::runtime::Runtime {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build();
        runtime.unwrap_or_else(|error| panic!("{error}"))
    }

    fn room(patience: Duration) -> Room {
        let permit = Rooms::default().to_send().unwrap_or_else(|it| panic!("{}", it.detail));
        Room { permit, patience }
    }

    fn failed(error: &Error) -> Diagnostic {
        Diagnostic::new(&BAD_OPTION, error.to_string())
    }

    #[test]
    fn who_takes_nothing_is_let_go_and_takes_no_part_for_the_whole() {
        let (told, heard) = channel();
        let body = runtime().block_on(async {
            let endless = move |mut sink: Sink| loop {
                if let Err(error) = sink.write_all(&[0; PIECE]) {
                    let _ = told.send(error.kind());
                    return Err(failed(&error));
                }
            };
            let response = file(room(Duration::from_millis(20)), "all", "csv", endless);
            let kind = tokio::task::spawn_blocking(move || heard.recv()).await;
            assert_eq!(kind.map_err(|it| it.to_string()), Ok(Ok(ErrorKind::TimedOut)));
            to_bytes(response.into_body(), usize::MAX).await
        });
        assert!(body.is_err(), "a body that broke off came to an end");
    }

    #[test]
    fn who_listens_gets_everything() {
        let body = runtime().block_on(async {
            let much = |mut sink: Sink| {
                let written = sink.write_all(&[7; 20 * PIECE + 1]).and_then(|()| sink.flush());
                written.map_err(|error| failed(&error))
            };
            to_bytes(file(room(LONG), "all", "csv", much).into_body(), usize::MAX).await
        });
        assert_eq!(body.map(|it| it.len()).map_err(|it| it.to_string()), Ok(20 * PIECE + 1));
    }
}
