//! What happens, as it happens: server-sent events, resumed by the last number seen.

#![expect(unused_qualifications, reason = "the description of a route repeats its path")]

use crate::auth::Who;
use crate::body::Query;
use crate::dto::Event;
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{self, KeepAlive, Sse};
use futures::StreamExt;
use serde::Deserialize;
use std::collections::VecDeque;
use std::convert::Infallible;
use store::{Within, events};
use tokio::sync::watch;
use utoipa::IntoParams;

/// Events read at once.
const PIECE: i64 = 500;

/// Where to begin.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct From {
    /// Begin after this event; at the next one that happens where neither this nor `Last-Event-ID`
    /// is given
    #[param(minimum = 0)]
    after: Option<i64>,
}

/// Follow events
///
/// A stream of `text/event-stream`; each event's id is its number. A browser that lost the stream
/// sends `Last-Event-ID` by itself and misses nothing.
#[utoipa::path(get, path = "/api/v1/events", tag = "events", params(From,
        ("Last-Event-ID" = Option<String>, Header,
            description = "Begin after this event, goes before `after`; what is no number is none")),
    responses((status = 200, description = "Events", content_type = "text/event-stream")))]
pub async fn stream(
    State(server): State<Server>,
    who: Who,
    headers: HeaderMap,
    Query(from): Query<From>,
) -> Result<Sse<impl futures::Stream<Item = Result<sse::Event, Infallible>>>, Problem> {
    let principal = who.may(Action::ReadHouseholds)?;
    if from.after.is_some_and(|it| it < 0) {
        return Err(Problem::bad_request("after: the number of an event, from 0"));
    }
    // Browsers send whatever id they saw last, be it of another server: what says nothing is none.
    let seen = headers.get("last-event-id").and_then(|it| it.to_str().ok()?.parse::<i64>().ok());
    // Listening begins before the last number is read, so that nothing falls between.
    let committed = server.committed.subscribe();
    let after = match seen.or(from.after) {
        Some(number) => number,
        None => server.ask(|live| Ok(live.store.read(events::last)?)).await?,
    };
    let closing = server.closing.subscribe();
    let within = principal.within;
    let follow = Follow { server, within, after, committed, closing, ready: VecDeque::new() };
    // Said at once, so that a browser knows that it is connected before anything happens.
    let hello = futures::stream::once(async { Ok(sse::Event::default().comment("listening")) });
    let stream = futures::stream::unfold(follow, async |mut it| {
        let event = it.next().await?;
        Some((Ok(event), it))
    });
    Ok(Sse::new(hello.chain(stream)).keep_alive(KeepAlive::default()))
}

/// One follower.
struct Follow {
    server: Server,
    within: Within,
    after: i64,
    committed: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
    ready: VecDeque<sse::Event>,
}

impl Follow {
    /// The next event; `None` when the server stops or the database is gone: the follower comes
    /// back with the last number it has seen.
    async fn next(&mut self) -> Option<sse::Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if *self.closing.borrow() {
                return None;
            }
            self.committed.borrow_and_update();
            let (within, after) = (self.within.clone(), self.after);
            let rows = self
                .server
                .ask(move |live| {
                    Ok(live.store.read(|tx| events::after(tx, after, &within, PIECE))?)
                })
                .await
                .ok()?;
            for row in rows {
                self.after = row.number;
                let event = Event::from(row);
                let id = event.number.to_string();
                let event = sse::Event::default().id(id).event(event.kind.clone()).json_data(event);
                self.ready.extend(event);
            }
            if self.ready.is_empty() {
                tokio::select! {
                    changed = self.committed.changed() => changed.ok()?,
                    _ = self.closing.changed() => return None,
                }
            }
        }
    }
}
