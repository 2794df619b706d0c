//! Facts that arrive by themselves, a few a second: what a demonstration watches.
//!
//! They take the way of every request: checked, stored, scored and told in one commit.

use crate::clock::now;
use crate::metrics::Metrics;
use crate::state::Server;
use app::live::{Act, Live, Scoring};
use std::time::Duration;
use store::facts::FactRow;
use store::{Tx, Within};

impl Server {
    /// Takes facts one after another, `a_second` of them, as if `actor` sent them; ends with the
    /// last one or with the server.
    pub fn feed(&self, facts: Vec<FactRow>, a_second: f64, actor: &'static str) {
        let server = self.clone();
        let pause = Duration::from_secs_f64(1.0 / a_second.max(0.001));
        tokio::spawn(async move {
            let mut closing = server.closing.subscribe();
            for fact in facts {
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    _ = closing.changed() => return,
                }
                let work = move |live: &Live, tx: &mut Tx<'_>| {
                    let act = Act { actor, now: now(), within: &Within::Everywhere };
                    live.ingest_in(tx, &[fact], Scoring::Now, &act)
                };
                match server.writer.write(work).await {
                    Ok(receipt) => Metrics::add(&server.metrics.facts, receipt.accepted),
                    Err(finding) => tracing::warn!(code = finding.code.id, "a fact was not taken"),
                }
            }
        });
    }
}
