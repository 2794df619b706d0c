//! Facts in, and what they changed out.

use crate::auth::Who;
use crate::body::Body;
use crate::clock::now;
use crate::dto::{Event, Fact};
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::state::Server;
use crate::writer::{Step, Telling};
use app::access::{Action, Principal};
use app::live::{Act, Live, Receipt};
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use base::Diagnostic;
use base::codes::live as codes;
use serde::{Deserialize, Serialize};
use store::facts::FactRow;
use store::{Tx, users};
use utoipa::ToSchema;

/// Facts of one request.
const FACTS_MAX: usize = 10_000;
/// Longest key of a request.
const KEY_BYTES_MAX: usize = 128;

/// One fact or many.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Up to 10,000.
    #[schema(max_items = 10_000)]
    facts: Vec<Fact>,
}

/// What became of them.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Taken {
    /// Stored now.
    pub accepted: u64,
    /// Stored before, word for word.
    pub known: u64,
    /// Not taken; the others were.
    pub rejected: Vec<NotTaken>,
    /// Households that were scored again.
    pub households: u64,
    /// The last event that came of these facts; streams of events go on from there.
    pub last_event: Option<i64>,
    /// Warnings raised, changed or ended in your areas.
    #[schema(value_type = Vec<Event>)]
    pub events: Vec<serde_json::Value>,
}

/// A fact that was not taken.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct NotTaken {
    /// Its position in the request, from 0.
    pub position: usize,
    /// The code of the reason.
    pub code: String,
    /// The reason.
    pub detail: String,
    /// The next step.
    pub hint: Option<String>,
}

/// Take facts: stored, scored and told in one transaction
///
/// The answer comes after the commit: what it says is on the disk. Sending the same facts again is
/// harmless; with `Idempotency-Key` the answer is the same too.
#[utoipa::path(post, path = "/api/v1/facts", tag = "facts", request_body = Facts,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 128 characters",
        pattern = r"^[0-9A-Za-z_.:-]{1,128}$")),
    responses((status = 200, body = Taken), (status = 409, body = Problem)))]
pub async fn add(
    State(server): State<Server>,
    who: Who,
    headers: HeaderMap,
    Body(it): Body<Facts>,
) -> Result<Json<Taken>, Problem> {
    let principal = who.may(Action::WriteFacts)?;
    if it.facts.len() > FACTS_MAX {
        return Err(Problem::bad_request(format!("at most {FACTS_MAX} facts in a request")));
    }
    let key = key(&headers, &principal)?;
    let at = now();
    let given = Given::of(it.facts, at);
    let taken = server.writer.tell(Request { given, principal, key, at }).await?;
    Metrics::add(&server.metrics.facts, taken.accepted);
    Metrics::add(&server.metrics.rejected, taken.rejected.len() as u64);
    Ok(Json(taken))
}

/// The facts of a request, and those among them that are none.
struct Given {
    /// As they are stored, with their positions in the request.
    facts: Vec<FactRow>,
    positions: Vec<usize>,
    faults: Vec<NotTaken>,
}

impl Given {
    fn of(facts: Vec<Fact>, at: i64) -> Self {
        let mut given = Self { facts: Vec::new(), positions: Vec::new(), faults: Vec::new() };
        for (position, fact) in facts.into_iter().enumerate() {
            match fact.row(at) {
                Ok(row) => {
                    given.facts.push(row);
                    given.positions.push(position);
                }
                Err(finding) => given.faults.push(not_taken(position, finding)),
            }
        }
        given
    }
}

fn not_taken(position: usize, finding: Diagnostic) -> NotTaken {
    NotTaken {
        position,
        code: finding.code.id.to_owned(),
        detail: finding.message,
        hint: finding.hint,
    }
}

/// The key of a request, with the name of who sent it.
pub fn key(headers: &HeaderMap, principal: &Principal) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=KEY_BYTES_MAX).contains(&key.len()) && key.chars().all(is_key) => {
            Ok(Some(format!("{}/{key}", principal.name)))
        }
        _ => Err(Problem::bad_request(format!(
            "Idempotency-Key: 1 to {KEY_BYTES_MAX} letters, digits and _ . : -"
        ))),
    }
}

fn is_key(it: char) -> bool {
    it.is_ascii_alphanumeric() || "_.:-".contains(it)
}

/// Facts of somebody.
struct Request {
    given: Given,
    principal: Principal,
    /// Its `Idempotency-Key`, with the name of who sent it.
    key: Option<String>,
    at: i64,
}

impl Request {
    /// What the facts say, whenever they came.
    fn digest(&self) -> String {
        let without_time =
            self.given.facts.iter().map(|it| FactRow { recorded_at: 0, ..it.clone() });
        let mut content = format!("{:?}", without_time.collect::<Vec<_>>());
        if !self.given.faults.is_empty() {
            // What is no fact was told too, and its answer is another one.
            let faults = serde_json::to_string(&self.given.faults).unwrap_or_default();
            content = format!("{content} {:?} {faults}", self.given.positions);
        }
        blake3::hash(content.as_bytes()).to_hex().to_string()
    }
}

impl Telling for Request {
    type Answer = Taken;

    fn store(&self, live: &Live, tx: &mut Tx<'_>) -> Result<Step<Taken>, Diagnostic> {
        if let Some(key) = &self.key
            && let Some((before, answer)) = users::answered(tx, key)?
        {
            let answer = serde_json::from_str(&answer).ok().filter(|_| before == self.digest());
            return answer.map(Step::Answered).ok_or_else(|| {
                let message = "this Idempotency-Key came with another request before";
                let hint = "use a new key for every request";
                Diagnostic::new(&codes::FACT_EXISTS, message).hint(hint)
            });
        }
        let principal = &self.principal;
        let act = Act { actor: &principal.name, now: self.at, within: &principal.within };
        Ok(Step::Stored(live.store_in(tx, &self.given.facts, &act)?))
    }

    fn at(&self) -> i64 {
        self.at
    }

    fn answer(&self, tx: &mut Tx<'_>, receipt: Receipt) -> Result<Taken, Diagnostic> {
        let taken = self.taken(receipt);
        if let Some(key) = &self.key {
            let answer = serde_json::to_string(&taken).unwrap_or_default();
            users::answer(tx, key, &self.digest(), self.at, &answer)?;
        }
        Ok(taken)
    }
}

impl Request {
    fn taken(&self, receipt: Receipt) -> Taken {
        let last_event = receipt.events.last().map(|it| it.number);
        let own = receipt.events.into_iter();
        let own = own.filter(|it| self.principal.within.holds(it.area_code.as_deref()));
        let rejected = receipt.rejected.into_iter();
        let rejected = rejected.map(|it| not_taken(self.given.positions[it.position], it.finding));
        let mut rejected: Vec<NotTaken> =
            rejected.chain(self.given.faults.iter().cloned()).collect();
        rejected.sort_by_key(|it| it.position);
        Taken {
            accepted: receipt.accepted,
            known: receipt.known,
            rejected,
            households: receipt.touched,
            last_event,
            events: own.filter_map(|it| serde_json::to_value(Event::from(it)).ok()).collect(),
        }
    }
}
