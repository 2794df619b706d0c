//! What another policy would change, saving nothing.

use crate::auth::Who;
use crate::body::Body;
use crate::problem::Problem;
use crate::routes::warnings::narrowed;
use crate::state::Server;
use app::access::Action;
use app::live::policy::{Bands, Change, ChangeKind, Moved, Shift, Trial};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use base::{AreaCode, Band};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use store::Within;
use utoipa::ToSchema;

/// Most changes of one trial.
const CHANGES_MAX: usize = 100;
/// Most households that are named.
const NAMED_MAX: usize = 1_000;

/// How long a request waits for what is read the first time.
const PATIENCE: Duration = Duration::from_secs(40);

fn still_reading() -> Problem {
    let problem = Problem::bad_request("households are still being read for trials");
    let hint = Some("ask again in a minute: the reading goes on".to_owned());
    Problem { status: StatusCode::SERVICE_UNAVAILABLE.as_u16(), hint, ..problem }
}

/// One number that shall be another.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToChange {
    /// `weight`, `anchor`, `parameter` or `edge`.
    #[schema(pattern = "^(weight|anchor|parameter|edge)$")]
    kind: String,
    /// Id of the indicator, dimension, module or parameter; of an edge the band.
    #[schema(pattern = "^[0-9a-z_]{1,64}$")]
    id: String,
    /// Of a weight `indicator`, `dimension` or `module` where the id means several; of an anchor
    /// `none`, `yellow`, `orange`, `red` or `full`; of a parameter the area.
    #[schema(pattern = "^[0-9A-Za-z_-]{1,64}$")]
    key: Option<String>,
    /// The number.
    value: f64,
}

/// Changes of the policy in force.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToTry {
    /// Up to 100.
    #[schema(min_items = 1, max_items = 100)]
    changes: Vec<ToChange>,
    /// An area within your own.
    #[schema(pattern = "^[0-9A-Za-z_-]{1,64}$")]
    area: Option<String>,
}

/// What would change.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyTried)]
pub struct Tried {
    /// Seconds that judging took.
    seconds: f64,
    /// Seconds that reading took before it, where something had changed since the last time.
    seconds_prepared: f64,
    /// `kept` (from what is kept in memory) or `facts` (from all facts): the same result.
    method: String,
    /// The period under watch.
    period: String,
    /// Hash of the policy in force.
    base: String,
    /// Households judged.
    total: u64,
    /// Households that wait to be scored: what was learned of them is not in it.
    stale: u64,
    /// Households by band.
    before: BTreeMap<String, u64>,
    /// The same under the changes.
    after: BTreeMap<String, u64>,
    /// Households that would be warned and are not.
    enter: u64,
    /// Households that are warned and would not be.
    leave: u64,
    /// Warned households by area: counties, or what lies next below `area`.
    by_area: Vec<Area>,
    /// Households whose band would change, for who may see households: the first 1,000.
    households: Option<Vec<Household>>,
}

/// An area's part.
#[derive(Serialize, ToSchema)]
#[schema(as = TriedArea)]
pub struct Area {
    area_code: String,
    /// Warned households.
    before: u64,
    /// The same under the changes.
    after: u64,
    enter: u64,
    leave: u64,
    /// Households by band.
    bands_before: BTreeMap<String, u64>,
    /// The same under the changes.
    bands_after: BTreeMap<String, u64>,
}

/// A household whose band would change.
#[derive(Serialize, ToSchema)]
#[schema(as = TriedHousehold)]
pub struct Household {
    household_id: String,
    area_code: Option<String>,
    from: String,
    to: String,
}

/// Changes as they are understood.
pub fn changes(given: Vec<ToChange>) -> Result<Vec<Change>, Problem> {
    if given.len() > CHANGES_MAX {
        return Err(Problem::unprocessable(format!("changes: at most {CHANGES_MAX}")));
    }
    let of = |it: ToChange| {
        let kind = ChangeKind::parse(&it.kind);
        let kind = kind.ok_or_else(|| {
            Problem::unprocessable("kind: one of weight, anchor, parameter, edge")
        })?;
        if !is_word(&it.id, "_") || it.key.as_ref().is_some_and(|it| !is_word(it, "_-")) {
            return Err(Problem::unprocessable("id, key: letters, digits, - and _, at most 64"));
        }
        Ok(Change { kind, id: it.id, key: it.key, value: it.value })
    };
    given.into_iter().map(of).collect()
}

fn is_word(text: &str, others: &str) -> bool {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || others.contains(it);
    (1..=64).contains(&text.len()) && text.chars().all(is_plain)
}

/// Try changes of the policy in force: who would cross which line
#[utoipa::path(post, path = "/api/v1/policy/trials", tag = "policy", request_body = ToTry,
    responses((status = 200, body = Tried), (status = 422, body = Problem)))]
pub async fn make(
    State(server): State<Server>,
    who: Who,
    Body(it): Body<ToTry>,
) -> Result<Json<Tried>, Problem> {
    let principal = who.may(Action::TryPolicy)?;
    principal.may(Action::ReadCounts)?;
    if it.changes.is_empty() {
        return Err(Problem::unprocessable("changes: at least one"));
    }
    if it.area.as_ref().is_some_and(|it| !is_word(it, "_-")) {
        return Err(Problem::unprocessable("area: letters, digits, - and _, at most 64"));
    }
    let (changes, area) = (changes(it.changes)?, it.area);
    let names = principal.may(Action::ReadHouseholds).is_ok();
    let around = area.clone().or_else(|| match &principal.within {
        Within::Everywhere => None,
        Within::Areas(own) => own.iter().min_by_key(|it| it.len()).cloned(),
    });
    let within = narrowed(principal.within, area);
    let started = Instant::now();
    let reading = server.ask(|live| live.prepare_trials());
    // Whatever was begun goes on: whoever asks again finds it done, or further.
    tokio::time::timeout(PATIENCE, reading).await.map_err(|_| still_reading())??;
    let (prepared, started) = (started.elapsed(), Instant::now());
    let trial = server.ask(move |live| Ok(live.try_changes(&changes, &within))).await??;
    let seconds = (prepared.as_secs_f64(), started.elapsed().as_secs_f64());
    let pack = server.live.pack();
    let areas = trial.areas_below(&pack, around.as_deref());
    let warned = pack.scoring.warnings.from;
    let by_area = areas.into_iter().map(|(area, it)| Area::of(&area, &it, warned)).collect();
    Ok(Json(Tried::of(trial, by_area, names, seconds)))
}

fn named(bands: &Bands) -> BTreeMap<String, u64> {
    Band::ALL.into_iter().map(|it| (it.name().to_owned(), bands[it as usize])).collect()
}

impl Area {
    fn of(area: &AreaCode, shift: &Shift, from: Band) -> Self {
        let warned = |bands: &Bands| {
            let known = Band::ALL.into_iter().filter(|it| it.is_at_least(from));
            known.map(|it| bands[it as usize]).sum::<u64>()
        };
        let before = warned(&shift.before);
        Self {
            area_code: area.as_str().to_owned(),
            before,
            after: before + shift.enter - shift.leave,
            enter: shift.enter,
            leave: shift.leave,
            bands_before: named(&shift.before),
            bands_after: named(&shift.after),
        }
    }
}

impl Tried {
    fn of(trial: Trial, by_area: Vec<Area>, names: bool, seconds: (f64, f64)) -> Self {
        let household = |it: Moved| Household {
            household_id: it.household,
            area_code: it.area.map(|it| it.as_str().to_owned()),
            from: it.from.name().to_owned(),
            to: it.to.name().to_owned(),
        };
        Self {
            seconds: seconds.1,
            seconds_prepared: seconds.0,
            method: trial.method.name().to_owned(),
            period: trial.period.to_string(),
            base: trial.base,
            total: trial.households,
            stale: trial.stale,
            before: named(&trial.all.before),
            after: named(&trial.all.after),
            enter: trial.all.enter,
            leave: trial.all.leave,
            by_area,
            households: names
                .then(|| trial.moved.into_iter().take(NAMED_MAX).map(household).collect()),
        }
    }
}
