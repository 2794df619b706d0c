//! DuplicatePairs that may be one person, and what is decided of them.

#![expect(unused_qualifications, reason = "the description of a route repeats its path")]

use super::dto::{Person, PersonMerge};
use crate::auth::Who;
use crate::body::{Body, Query};
use crate::clock::{now, shown};
use crate::cursor::fault;
use crate::problem::Problem;
use crate::routes::warnings::limit;
use crate::state::Server;
use app::access::Action;
use app::live::{Act, Live};
use app::people::{Decision, View};
use axum::Json;
use axum::extract::{Path, State};
use base::Diagnostic;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::people::duplicates::{self, PairRow};
use utoipa::{IntoParams, ToSchema};

/// What may have been decided.
const STATES: [&str; 3] = ["open", "distinct", "merged"];

/// Which pairs.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PairFilter {
    /// `open`, `distinct` or `merged`; open ones where absent
    #[param(pattern = "^(open|distinct|merged)$")]
    state: Option<String>,
    /// Go on after a page
    #[param(minimum = 1)]
    cursor: Option<i64>,
    /// Rows of a page, 1 to 1000
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
}

/// A page of pairs.
#[derive(Serialize, ToSchema)]
pub struct DuplicatePairs {
    /// In the order in which they were found.
    items: Vec<DuplicatePair>,
    /// Where the next page begins; nothing at the end.
    next: Option<String>,
}

/// Two entries that may be one person.
#[derive(Serialize, ToSchema)]
pub struct DuplicatePair {
    /// Its number.
    id: i64,
    /// `identity_number`: the same; `name_birth_place`: alike.
    reason: String,
    /// How alike, 0 to 1.
    likeness: f64,
    /// What was decided.
    state: String,
    /// When it was found.
    found_at: String,
    /// When it was decided.
    decided_at: Option<String>,
    /// By whom.
    decided_by: Option<String>,
    /// The one.
    one: Person,
    /// The other.
    other: Person,
}

/// List pairs that may be one person
#[utoipa::path(get, path = "/api/v1/duplicates", tag = "people", params(PairFilter),
    responses((status = 200, body = DuplicatePairs)))]
pub async fn pairs(
    State(server): State<Server>,
    who: Who,
    Query(filter): Query<PairFilter>,
) -> Result<Json<DuplicatePairs>, Problem> {
    let principal = who.may(Action::ReadPeople)?;
    let most = limit(filter.limit)?;
    let state = filter.state.unwrap_or_else(|| STATES[0].to_owned());
    if !STATES.contains(&state.as_str()) {
        return Err(Problem::bad_request(format!("state: one of {}", STATES.join(", "))));
    }
    if filter.cursor.is_some_and(|it| it < 1) {
        return Err(fault());
    }
    let after = filter.cursor.unwrap_or(0);
    let found = move |live: &Live| {
        live.store.read(|tx| -> Result<_, Diagnostic> {
            let within = &principal.within;
            let mut found = Vec::new();
            let rows = duplicates::list(tx, &state, within, after, most)?;
            let last = rows.last().filter(|_| rows.len() as i64 == most);
            let next = last.map(|it| it.number.to_string());
            for row in rows {
                let one = live.person(tx, &row.one, within)?;
                let other = live.person(tx, &row.other, within)?;
                found.extend(one.zip(other).map(|(one, other)| (row, one, other)));
            }
            Ok((found, next))
        })
    };
    let (found, next) = server.ask(found).await?;
    Ok(Json(DuplicatePairs { items: found.into_iter().map(pair).collect(), next }))
}

fn pair((row, one, other): (PairRow, View, View)) -> DuplicatePair {
    DuplicatePair {
        id: row.number,
        reason: row.reason,
        likeness: row.likeness as f64 / 1_000.0,
        state: row.state,
        found_at: shown(row.found_at),
        decided_at: row.decided_at.map(shown),
        decided_by: row.decided_by,
        one: Person::of(one),
        other: Person::of(other),
    }
}

/// What is decided of a pair.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionToMake {
    /// One person or two.
    #[schema(pattern = "^(merge|distinct)$")]
    decision: String,
    /// The entry that counts from now on; the one that was there first where absent.
    #[schema(pattern = r"^[^\x00]{1,64}$")]
    keep: Option<String>,
}

/// What became of a pair.
#[derive(Serialize, ToSchema)]
pub struct PairOutcome {
    /// The pair.
    id: i64,
    /// What it is now.
    #[schema(pattern = "^(merged|distinct)$")]
    state: String,
    /// The merge, to undo it by.
    merge: Option<i64>,
}

/// Decide whether two entries are one person
///
/// Facts of the entry that counts no more count as those of the other while the merge holds, and
/// every household they reach is scored again in the same transaction.
#[utoipa::path(post, path = "/api/v1/duplicates/{id}/decision", tag = "people",
    params(("id" = i64, Path)), request_body = DecisionToMake,
    responses((status = 200, body = PairOutcome), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub async fn decide(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
    Body(it): Body<DecisionToMake>,
) -> Result<Json<PairOutcome>, Problem> {
    let principal = who.may(Action::MergePeople)?;
    let id = number(&id, "pair")?;
    if it.keep.as_ref().is_some_and(|it| it.is_empty() || it.len() > 64 || it.contains('\0')) {
        return Err(Problem::bad_request("keep: the id of one of the two"));
    }
    let decision = match it.decision.as_str() {
        "merge" => Decision::Merge(it.keep),
        "distinct" => Decision::Distinct,
        _ => return Err(Problem::bad_request("decision: merge or distinct")),
    };
    let work = move |live: &Live, tx: &mut Tx<'_>| {
        let act = Act { actor: &principal.name, now: now(), within: &principal.within };
        live.decide_duplicate(tx, id, &decision, &act)
    };
    let decided = server.writer.write(work).await?;
    Ok(Json(PairOutcome { id, state: decided.state.to_owned(), merge: decided.merge }))
}

/// The number of something, which nothing else has.
fn number(id: &str, what: &str) -> Result<i64, Problem> {
    id.parse().map_err(|_| Problem::not_found(what))
}

/// Make two of one again
#[utoipa::path(post, path = "/api/v1/merges/{id}/undo", tag = "people", params(("id" = i64, Path)),
    responses((status = 200, body = PersonMerge), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub async fn undo_merge(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<PersonMerge>, Problem> {
    let principal = who.may(Action::MergePeople)?;
    let id = number(&id, "merge")?;
    let work = move |live: &Live, tx: &mut Tx<'_>| {
        let act = Act { actor: &principal.name, now: now(), within: &principal.within };
        live.undo_merge(tx, id, &act)
    };
    Ok(Json(PersonMerge::of(server.writer.write(work).await?)))
}
