//! Warnings, the most urgent first.

#![expect(unused_qualifications, reason = "the description of a route repeats its path")]

pub mod actions;
pub mod counts;

use crate::auth::Who;
use crate::body::Query;
use crate::clock::now;
use crate::cursor::{Parts, text};
use crate::dto::Warning;
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use app::live::{Act, Live};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use base::{Band, Diagnostic};
use serde::{Deserialize, Serialize};
use store::Within;
use store::warnings::{self, Wanted, WarningRow};
use utoipa::{IntoParams, ToSchema};

/// Rows of a page where nothing is said.
const PAGE: i64 = 50;
/// Most rows of a page.
const PAGE_MAX: i64 = 1_000;

/// Where a warning may stand; `suppressed` are those that are held back.
const STATES: [&str; 4] = ["open", "acknowledged", "ended", "suppressed"];
/// Kinds of rules.
const KINDS: [&str; 3] = ["band", "key", "trigger"];

/// Which warnings.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// `open`, `acknowledged`, `ended` or `suppressed` (held back until a day); where absent those
    /// that stand and are not held back
    #[param(pattern = "^(open|acknowledged|ended|suppressed)$")]
    state: Option<String>,
    /// The band of the household
    #[param(pattern = "^(red|orange|yellow|blue|green|unknown)$")]
    band: Option<String>,
    /// The strongest kind of rule
    #[param(pattern = "^(band|key|trigger)$")]
    kind: Option<String>,
    /// A rule, e.g. `key.accidents`
    #[param(pattern = r"^[^\x00]*$")]
    rule: Option<String>,
    /// Who is to see to it; empty: nobody yet
    #[param(pattern = r"^[^\x00]*$")]
    assignee: Option<String>,
    /// Only those that wait longer than the policy's `acknowledge_days`: nobody took note, and they
    /// are not held back
    overdue: Option<bool>,
    /// An area within your own
    #[param(pattern = r"^[^\x00]*$")]
    area: Option<String>,
    /// Go on after a page
    cursor: Option<String>,
    /// Rows of a page, 1 to 1000
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
}

impl Filter {
    /// Refuses values that nothing can have.
    fn checked(self) -> Result<Self, Problem> {
        limit(self.limit)?;
        self.cursor.as_deref().map(place).transpose()?;
        let one_of = |name: &str, value: &Option<String>, all: &[&str]| match value {
            Some(it) if !all.contains(&it.as_str()) => {
                Err(Problem::bad_request(format!("{name}: one of {}", all.join(", "))))
            }
            _ => Ok(()),
        };
        one_of("state", &self.state, &STATES)?;
        one_of("kind", &self.kind, &KINDS)?;
        one_of("band", &self.band, &Band::ALL.map(Band::name))?;
        for (name, value) in
            [("area", &self.area), ("rule", &self.rule), ("assignee", &self.assignee)]
        {
            if value.iter().any(|it| it.contains('\0')) {
                return Err(Problem::bad_request(format!("{name}: no zero bytes")));
            }
        }
        Ok(self)
    }

    /// What is asked of the store.
    fn wanted<'a>(&'a self, within: &'a Within, now: i64, before: i64) -> Wanted<'a> {
        let state = self.state.as_deref();
        let band = self.band.as_deref().and_then(Band::parse);
        Wanted {
            state: state.filter(|it| *it != "suppressed"),
            band: band.map(|it| it as i64),
            kind: self.kind.as_deref(),
            rule: self.rule.as_deref(),
            assignee: self.assignee.as_deref(),
            suppressed: (state != Some("ended")).then_some((state == Some("suppressed"), now)),
            overdue: self.overdue.unwrap_or(false).then_some((now, before)),
            ..Wanted::of(within)
        }
    }
}

/// A page of warnings.
#[derive(Serialize, ToSchema)]
pub struct Warnings {
    /// The most urgent first.
    items: Vec<Warning>,
    /// Where the next page begins; nothing at the end.
    next: Option<String>,
}

/// The areas asked for, as far as they may be seen.
pub fn narrowed(within: Within, area: Option<String>) -> Within {
    match area {
        None => within,
        Some(area) if within.holds(Some(&area)) => Within::Areas(vec![area]),
        Some(area) => match within {
            Within::Everywhere => Within::Areas(vec![area]),
            Within::Areas(own) => {
                Within::Areas(own.into_iter().filter(|it| it.starts_with(&area)).collect())
            }
        },
    }
}

/// Rows of a page as they were asked for.
pub fn limit(asked: Option<i64>) -> Result<i64, Problem> {
    let limit = asked.unwrap_or(PAGE);
    if (1..=PAGE_MAX).contains(&limit) {
        return Ok(limit);
    }
    Err(Problem::bad_request(format!("limit: 1 to {PAGE_MAX}")))
}

/// A place between two pages: two numbers and an id.
pub fn place(cursor: &str) -> Result<(i64, i64, String), Problem> {
    let mut parts = Parts::of(cursor);
    let place = (parts.number()?, parts.number()?, parts.text()?);
    parts.end(place)
}

/// List warnings
#[utoipa::path(get, path = "/api/v1/warnings", tag = "warnings", params(Filter),
    responses((status = 200, body = Warnings)))]
pub async fn list(
    State(server): State<Server>,
    who: Who,
    Query(filter): Query<Filter>,
) -> Result<Json<Warnings>, Problem> {
    let principal = who.may(Action::ReadHouseholds)?;
    let most = limit(filter.limit)?;
    let after = filter.cursor.as_deref().map(place).transpose()?;
    let filter = filter.checked()?;
    let within = narrowed(principal.within, filter.area.clone());
    let rows = move |live: &Live| {
        let after = after.as_ref().map(|it| (it.0, it.1, it.2.as_str()));
        let (now, before) = (now(), live.overdue_before(now()));
        let wanted = Wanted { after, most, ..filter.wanted(&within, now, before) };
        live.store.read(|tx| -> Result<_, Diagnostic> {
            let rows = warnings::list(tx, &wanted)?;
            let reasons = live.reasons(tx, &rows)?;
            Ok((rows, reasons))
        })
    };
    let (rows, reasons): (Vec<WarningRow>, _) = server.ask(rows).await?;
    let last = rows.last().filter(|_| rows.len() as i64 == most);
    let next = last.map(|it| format!("{}.{}.{}", it.urgency, it.composite, text(&it.warning_id)));
    let kind = server.live.pack().period_kind;
    Ok(Json(Warnings { items: Warning::all(kind, rows, reasons), next }))
}

/// What was found behind a warning.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// `confirmed`, `not_confirmed` or `unknown`: what the precision of rules is counted from
    #[schema(pattern = "^(confirmed|not_confirmed|unknown)$")]
    finding: Option<String>,
}

/// Take note of a warning, and say what was found behind it
#[utoipa::path(post, path = "/api/v1/warnings/{id}/acknowledgement", tag = "warnings",
    params(("id" = String, Path)), request_body = Option<Acknowledgement>,
    responses((status = 200, body = Warning),
        (status = 404, body = Problem)))]
pub async fn acknowledge(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Warning>, Problem> {
    let principal = who.may(Action::Acknowledge)?;
    let said: Option<Acknowledgement> = match body.is_empty() {
        true => None,
        false => {
            serde_json::from_slice(&body).map_err(|it| Problem::unprocessable(it.to_string()))?
        }
    };
    let finding = said.and_then(|it| it.finding);
    if id.contains('\0') {
        return Err(Problem::not_found("warning"));
    }
    let at = now();
    let work = move |live: &Live, tx: &mut store::Tx<'_>| {
        let act = Act { actor: &principal.name, now: at, within: &principal.within };
        live.acknowledge_with(tx, &id, finding.as_deref(), &act)
    };
    let row = server.writer.write(work).await?;
    Ok(Json(Warning::of(server.live.pack().period_kind, row)))
}
