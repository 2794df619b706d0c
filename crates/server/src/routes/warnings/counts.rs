//! How many warnings each value of each filter would leave.

use super::{Filter, narrowed};
use crate::auth::Who;
use crate::body::Query;
use crate::clock::now;
use crate::dto::band;
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use app::live::Live;
use axum::Json;
use axum::extract::State;
use base::Diagnostic;
use serde::Serialize;
use std::collections::BTreeMap;
use store::warnings::{self, Group};
use utoipa::ToSchema;

/// Warnings by the values of each filter; a filter's own value does not limit its own counts.
#[derive(Default, Serialize, ToSchema)]
pub struct Counts {
    /// How many the filters leave.
    total: i64,
    /// By `open`, `acknowledged`, `suppressed`, `ended` (the last of the whole area).
    state: BTreeMap<String, i64>,
    /// By band of the household.
    band: BTreeMap<String, i64>,
    /// By kind.
    kind: BTreeMap<String, i64>,
    /// By rule; a warning may have several.
    rule: BTreeMap<String, i64>,
    /// By who is to see to them; empty: nobody yet.
    assignee: BTreeMap<String, i64>,
    /// By the areas directly in the one that was asked for.
    area: BTreeMap<String, i64>,
    /// Those that wait too long.
    overdue: i64,
    /// After how many days a warning waits too long, by the policy.
    overdue_days: Option<u32>,
}

/// Count warnings by the values of each filter
#[utoipa::path(get, path = "/api/v1/warnings/counts", tag = "warnings", params(Filter),
    responses((status = 200, body = Counts)))]
pub async fn counts(
    State(server): State<Server>,
    who: Who,
    Query(filter): Query<Filter>,
) -> Result<Json<Counts>, Problem> {
    let principal = who.may(Action::ReadHouseholds)?;
    let filter = filter.checked()?;
    let within = narrowed(principal.within, filter.area.clone());
    let found = move |live: &Live| {
        live.store.read(|tx| -> Result<_, Diagnostic> {
            let (now, before) = (now(), live.overdue_before(now()));
            Ok((warnings::groups(tx, &within, now, before)?, warnings::ended(tx, &within)?))
        })
    };
    let (groups, ended) = server.ask(found).await?;
    let length = filter.area.as_deref().map_or(0, str::len);
    let pack = server.live.pack();
    let levels = pack.area_levels.clone();
    let cut = levels.into_iter().find(|it| *it > length);
    let overdue_days = pack.scoring.warnings.acknowledge_days;
    let mut counts = Counts { overdue_days, ..Counts::default() };
    counts.state.insert("ended".to_owned(), ended);
    groups.iter().for_each(|it| counts.add(&filter, it, cut));
    Ok(Json(counts))
}

impl Counts {
    fn add(&mut self, filter: &Filter, it: &Group, cut: Option<usize>) {
        let state = if it.is_suppressed { "suppressed" } else { &it.state };
        let band = band(it.band);
        let assignee = it.assignee.as_deref().unwrap_or_default();
        let fits =
            |wanted: &Option<String>, own: &str| wanted.as_deref().is_none_or(|it| it == own);
        let has_rule = |rule: &str| it.rules.split(';').any(|it| it == rule);
        let own = [
            filter.state.as_deref().map_or(!it.is_suppressed, |it| it == state),
            fits(&filter.band, &band),
            fits(&filter.kind, &it.kind),
            filter.rule.as_deref().is_none_or(has_rule),
            fits(&filter.assignee, assignee),
            !filter.overdue.unwrap_or(false) || it.is_overdue,
        ];
        // All filters but the one that is counted for.
        let without = |at: usize| own.iter().enumerate().all(|(n, fits)| n == at || *fits);
        let add = |to: &mut BTreeMap<String, i64>, value: &str| {
            *to.entry(value.to_owned()).or_default() += it.count
        };
        if without(0) {
            add(&mut self.state, state);
        }
        if without(1) {
            add(&mut self.band, &band);
        }
        if without(2) {
            add(&mut self.kind, &it.kind);
        }
        if without(3) {
            it.rules.split(';').for_each(|rule| add(&mut self.rule, rule));
        }
        if without(4) {
            add(&mut self.assignee, assignee);
        }
        if without(5) && it.is_overdue {
            self.overdue += it.count;
        }
        if own.iter().all(|it| *it) {
            let code = it.area_code.as_deref().unwrap_or_default();
            add(&mut self.area, cut.and_then(|it| code.get(..it)).unwrap_or(code));
            self.total += it.count;
        }
    }
}
