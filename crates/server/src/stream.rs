//! Bodies of answers that are made while they are sent: memory stays the same however long they
//! are, and whoever makes them stops when nobody listens any more.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base::Diagnostic;
use std::io::{Error, ErrorKind, Write};
use tokio::sync::mpsc;

/// Bytes that go out together.
const PIECE: usize = 64 * 1024;
/// Pieces that may wait for the listener.
const WAITING: usize = 4;

/// What is written comes out at the other end.
pub struct Sink {
    held: Vec<u8>,
    pieces: mpsc::Sender<Result<Bytes, Error>>,
}

impl Sink {
    fn send(&mut self) -> std::io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.held, Vec::with_capacity(PIECE));
        let sent = self.pieces.blocking_send(Ok(piece.into()));
        sent.map_err(|_| Error::new(ErrorKind::BrokenPipe, "nobody listens any more"))
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
    name: &str,
    ending: &str,
    work: impl FnOnce(Sink) -> Result<(), Diagnostic> + Send + 'static,
) -> Response {
    let (pieces, outgoing) = mpsc::channel(WAITING);
    let sink = Sink { held: Vec::with_capacity(PIECE), pieces: pieces.clone() };
    tokio::task::spawn_blocking(move || {
        if let Err(finding) = work(sink) {
            tracing::info!(code = finding.code.id, "a file was not sent to its end");
            // The listener may have gone away.
            let _ = pieces.blocking_send(Err(Error::other("the file could not be made")));
        }
    });
    let stream = futures::stream::unfold(outgoing, async |mut outgoing| {
        let piece = outgoing.recv().await?;
        Some((piece, outgoing))
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
