//! What the policy lets nobody keep any longer is forgotten once a day, piece by piece between the
//! requests of others, by the server that has the right to write.

use crate::clock::now;
use crate::state::Server;
use app::live::{Act, Retained};
use base::Diagnostic;
use store::Within;

/// In whose name.
const ACTOR: &str = "holdfast";

/// Does a run where one is due; says whether there is nothing left to do for now. What was
/// interrupted is gone on with the next time.
pub fn run(server: &Server) -> bool {
    match server.live.store.read(|tx| server.live.retention_is_due(tx)) {
        Ok(true) => {}
        Ok(false) => return true,
        Err(finding) => {
            tracing::debug!(code = finding.code.id, "retention waits");
            return false;
        }
    }
    while !*server.closing.borrow() {
        match piece(server) {
            Ok(None) => {}
            Ok(Some(retained)) => {
                tracing::info!(facts = retained.facts, "what may not be kept was forgotten");
                return true;
            }
            Err(finding) => {
                // Another server writes, or the database is away: later.
                tracing::debug!(code = finding.code.id, "retention waits");
                return false;
            }
        }
    }
    false
}

/// Does a piece: what it is about is looked for without keeping anybody from writing.
fn piece(server: &Server) -> Result<Option<Retained>, Diagnostic> {
    let next = server.live.store.read(|tx| server.live.retention_next(tx))?;
    server.writer.write_blocking(move |live, tx| {
        let act = Act { actor: ACTOR, now: now(), within: &Within::Everywhere };
        live.retain_piece_in(tx, next.as_ref(), &act)
    })
}
