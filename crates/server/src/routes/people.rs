//! MembersOfHousehold of households: who they are, found, told, shown whole for a reason, erased.

#![expect(unused_qualifications, reason = "the description of a route repeats its path")]

mod dto;
mod duplicates;
mod homes;
mod sensitive;
mod to_put;

pub use duplicates::*;
pub use homes::*;
pub use sensitive::*;

use super::warnings::{limit, narrowed};
use crate::auth::Who;
use crate::body::{Body, Query};
use crate::clock::now;
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use app::live::{Act, Live};
use app::people::{Marks, Place};
use axum::Json;
use axum::extract::{Path, State};
use base::Diagnostic;
use dto::{HouseholdMember, Person, PersonChange, PersonMark, PersonMerge, cursor, place};
use serde::{Deserialize, Serialize};
use store::Tx;
use to_put::PersonToPut;
use utoipa::{IntoParams, ToSchema};

/// Of each kind, what a search in general shows.
const FEW: usize = 10;
/// Longest text that is looked for.
const TEXT_CHARACTERS_MAX: usize = 64;

/// Which people.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Part of a name in characters or letters, pinyin, initials, the beginning of a household's
    /// code, or the whole of an identity, telephone or account number
    #[param(pattern = r"^[^\x00]{0,64}$")]
    q: Option<String>,
    /// An area within your own
    #[param(pattern = r"^[^\x00]*$")]
    area: Option<String>,
    /// Go on after a page
    cursor: Option<String>,
    /// Rows of a page, 1 to 1000
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
}

/// A page of people.
#[derive(Serialize, ToSchema)]
pub struct People {
    /// In the order of their names, or household by household.
    items: Vec<Person>,
    /// Where the next page begins; nothing at the end.
    next: Option<String>,
}

fn text(q: Option<String>) -> Result<String, Problem> {
    let text = q.unwrap_or_default();
    if text.contains('\0') || text.chars().count() > TEXT_CHARACTERS_MAX {
        let message = format!("q: at most {TEXT_CHARACTERS_MAX} characters, no zero bytes");
        return Err(Problem::bad_request(message));
    }
    Ok(text)
}

/// List or find people
#[utoipa::path(get, path = "/api/v1/people", tag = "people", params(Filter),
    responses((status = 200, body = People)))]
pub async fn list(
    State(server): State<Server>,
    who: Who,
    Query(filter): Query<Filter>,
) -> Result<Json<People>, Problem> {
    let principal = who.may(Action::ReadPeople)?;
    let most = limit(filter.limit)?;
    let after = filter.cursor.as_deref().map(place).transpose()?;
    if filter.area.iter().any(|it| it.contains('\0')) {
        return Err(Problem::bad_request("area: no zero bytes"));
    }
    let text = text(filter.q)?;
    let within = narrowed(principal.within, filter.area);
    let most = usize::try_from(most).unwrap_or(0);
    let page = move |live: &Live| {
        live.store.read(|tx| live.find_people(tx, &text, &within, after.as_ref(), most))
    };
    let (views, next) = server.ask(page).await?;
    let next = next.as_ref().map(|it: &Place| cursor(it));
    Ok(Json(People { items: views.into_iter().map(Person::of).collect(), next }))
}

/// What is looked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SearchFor {
    /// As for people, or the beginning of a household's id or code
    #[param(pattern = r"^[^\x00]{0,64}$")]
    q: String,
}

/// What was found; the first few of each.
#[derive(Serialize, ToSchema)]
pub struct FoundAnything {
    /// Households by id or code.
    households: Vec<FoundHousehold>,
    /// People.
    people: Vec<Person>,
}

/// A household that was found.
#[derive(Serialize, ToSchema)]
pub struct FoundHousehold {
    /// Its id.
    household_id: String,
    /// The code that offices write.
    code: String,
    /// Where it lives.
    area_code: Option<String>,
}

/// Find households and people
#[utoipa::path(get, path = "/api/v1/search", tag = "people", params(SearchFor),
    responses((status = 200, body = FoundAnything)))]
pub async fn search(
    State(server): State<Server>,
    who: Who,
    Query(wanted): Query<SearchFor>,
) -> Result<Json<FoundAnything>, Problem> {
    who.0.principal.may(Action::ReadHouseholds)?;
    let principal = who.may(Action::ReadPeople)?;
    let text = text(Some(wanted.q))?;
    if text.trim().is_empty() {
        return Ok(Json(FoundAnything { households: Vec::new(), people: Vec::new() }));
    }
    let found = move |live: &Live| {
        live.store.read(|tx| -> Result<_, Diagnostic> {
            let within = &principal.within;
            let households = live.find_households(tx, &text, within, FEW)?;
            Ok((households, live.find_people(tx, &text, within, None, FEW)?.0))
        })
    };
    let (households, people) = server.ask(found).await?;
    let home = |it: app::people::Home| FoundHousehold {
        household_id: it.household_id,
        code: it.code,
        area_code: it.area_code,
    };
    Ok(Json(FoundAnything {
        households: households.into_iter().map(home).collect(),
        people: people.into_iter().map(Person::of).collect(),
    }))
}

/// Somebody, with what became of them.
#[derive(Serialize, ToSchema)]
pub struct PersonWithPast {
    /// Who it is.
    person: Person,
    /// What they are, in the order of the policy.
    marks: Vec<PersonMark>,
    /// What became of them, oldest first.
    history: Vec<PersonChange>,
    /// Entries that are one person with this one, or were.
    merges: Vec<PersonMerge>,
}

/// Somebody, with what became of them
#[utoipa::path(get, path = "/api/v1/people/{id}", tag = "people", params(("id" = String, Path)),
    responses((status = 200, body = PersonWithPast), (status = 404, body = Problem)))]
pub async fn one(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<PersonWithPast>, Problem> {
    let principal = who.may(Action::ReadPeople)?;
    let id = known(id)?;
    let sees_health = principal.may(Action::Unmask).is_ok();
    let found = move |live: &Live| {
        live.store.read(|tx| -> Result<_, Diagnostic> {
            let Some(view) = live.person(tx, &id, &principal.within)? else { return Ok(None) };
            let marks = live.marks_of(tx, &view, sees_health)?;
            Ok(Some((view, marks, live.past_of_person(tx, &id)?)))
        })
    };
    let found = server.ask(found).await?;
    let (view, marks, (history, merges)) = found.ok_or_else(|| Problem::not_found("person"))?;
    Ok(Json(PersonWithPast {
        person: Person::of(view),
        marks: marks.into_iter().map(PersonMark::of).collect(),
        history: history.into_iter().map(PersonChange::of).collect(),
        merges: merges.into_iter().map(PersonMerge::of).collect(),
    }))
}

/// An id that may be somebody's.
fn known(id: String) -> Result<String, Problem> {
    if id.contains('\0') { Err(Problem::not_found("person")) } else { Ok(id) }
}

/// MembersOfHousehold of a household.
#[derive(Serialize, ToSchema)]
pub struct MembersOfHousehold {
    /// All who are registered in it, those who died or moved away too.
    items: Vec<HouseholdMember>,
    /// Nothing: they are all on one page.
    next: Option<String>,
}

/// MembersOfHousehold of a household
#[utoipa::path(get, path = "/api/v1/households/{id}/members", tag = "people", params(("id" = String, Path)),
    responses((status = 200, body = MembersOfHousehold), (status = 404, body = Problem)))]
pub async fn members(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<MembersOfHousehold>, Problem> {
    let principal = who.may(Action::ReadPeople)?;
    if id.contains('\0') {
        return Err(Problem::not_found("household"));
    }
    let sees_health = principal.may(Action::Unmask).is_ok();
    let found = move |live: &Live| {
        live.store.read(|tx| -> Result<_, Diagnostic> {
            let Some(views) = live.members(tx, &id, &principal.within)? else { return Ok(None) };
            Ok(Some((views, live.marks(tx, &id, sees_health)?)))
        })
    };
    let found: Option<(Vec<_>, Marks)> = server.ask(found).await?;
    let (views, mut marks) = found.ok_or_else(|| Problem::not_found("household"))?;
    let items = views.into_iter().map(|it| HouseholdMember::of(it, &mut marks)).collect();
    Ok(Json(MembersOfHousehold { items, next: None }))
}

/// Somebody as they are registered now.
#[derive(Serialize, ToSchema)]
pub struct Registered {
    /// `accepted`: new; `changed`; `known`: as it was.
    #[schema(pattern = "^(accepted|changed|known)$")]
    outcome: String,
    /// DuplicatePairs that may be one person, found now.
    suspected: u64,
    /// Who it is.
    person: Person,
}

/// Register somebody, or change what is kept of them
///
/// What is not told stays as it is. The same again changes nothing.
#[utoipa::path(put, path = "/api/v1/people/{id}", tag = "people",
    params(("id" = String, Path, description = "The member of facts", pattern = r"^[^\x00]{1,64}$")),
    request_body = PersonToPut,
    responses((status = 200, body = Registered), (status = 409, body = Problem)))]
pub async fn put(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
    Body(it): Body<PersonToPut>,
) -> Result<Json<Registered>, Problem> {
    let principal = who.may(Action::WritePeople)?;
    let row = it.row(id)?;
    let work = move |live: &Live, tx: &mut Tx<'_>| {
        let act = Act { actor: &principal.name, now: now(), within: &principal.within };
        let mut receipt = live.put_people(tx, std::slice::from_ref(&row), &act)?;
        if let Some(rejected) = receipt.rejected.pop() {
            return Err(rejected.finding);
        }
        let view = live.person(tx, &row.person_id, &principal.within)?;
        Ok((receipt, view))
    };
    let (receipt, view) = server.writer.write(work).await?;
    let view = view.ok_or_else(|| Problem::not_found("person"))?;
    let outcome = match (receipt.accepted, receipt.changed) {
        (0, 0) => "known",
        (0, _) => "changed",
        _ => "accepted",
    };
    let (outcome, suspected) = (outcome.to_owned(), receipt.suspected);
    Ok(Json(Registered { outcome, suspected, person: Person::of(view) }))
}
