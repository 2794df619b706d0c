//! The policy in force, its versions, who wants which from when, and what one would change.

pub mod activations;
pub mod indicator;
pub mod trials;
pub mod versions;

use crate::auth::Who;
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use app::live::Live;
use app::live::policy::shown_period;
use axum::Json;
use axum::extract::State;
use base::{Band, Diagnostic};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A label as it is sent: a name in every language of the pack.
pub fn words(label: &[(String, String)]) -> BTreeMap<String, String> {
    label.iter().cloned().collect()
}

/// The policy in force.
#[derive(Serialize, ToSchema)]
pub struct Policy {
    /// The pack's id.
    id: String,
    /// Its version.
    version: String,
    /// Hash of its files.
    hash: String,
    /// Its name.
    label: BTreeMap<String, String>,
    /// Who decided on it.
    authority: String,
    /// The period under whose lines it is shown.
    period: String,
    /// Its modules.
    modules: Vec<Module>,
    /// The least composite of each band.
    bands: Vec<Edge>,
    /// The least band that warns.
    warns_from: String,
    /// Its parameters.
    parameters: Vec<Parameter>,
}

/// A module.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyModule)]
pub struct Module {
    id: String,
    label: BTreeMap<String, String>,
    /// Sum of the weights of its dimensions.
    weight: f64,
    dimensions: Vec<Dimension>,
}

/// A dimension.
#[derive(Serialize, ToSchema)]
pub struct Dimension {
    id: String,
    label: BTreeMap<String, String>,
    weight: f64,
    indicators: Vec<Named>,
}

/// An indicator by name.
#[derive(Serialize, ToSchema)]
pub struct Named {
    id: String,
    label: BTreeMap<String, String>,
    /// Its weight in the dimension.
    weight: f64,
}

/// Where a band begins.
#[derive(Serialize, ToSchema)]
pub struct Edge {
    band: String,
    edge: f64,
}

/// A dated number of the policy.
#[derive(Serialize, ToSchema)]
pub struct Parameter {
    id: String,
    label: BTreeMap<String, String>,
    unit: Option<String>,
    /// What holds in the period where no area says otherwise.
    value: Option<f64>,
    /// Everything that was ever to hold.
    values: Vec<Dated>,
}

/// A value from a period on.
#[derive(Serialize, ToSchema)]
pub struct Dated {
    from: Option<String>,
    area_code: Option<String>,
    value: f64,
}

/// The policy in force
#[utoipa::path(get, path = "/api/v1/policy", tag = "policy",
    responses((status = 200, body = Policy)))]
pub async fn read(State(server): State<Server>, who: Who) -> Result<Json<Policy>, Problem> {
    let principal = who.may(Action::ReadPolicy)?;
    if principal.may(Action::TryPolicy).is_ok() {
        // Whoever looks at the policy may try another next: what that needs is read meanwhile.
        tokio::spawn(server.clone().expect_trial());
    }
    Ok(Json(server.ask(shown).await?))
}

fn shown(live: &Live) -> Result<Policy, Diagnostic> {
    let (pack, open) = (live.pack(), live.open_period()?);
    let at = shown_period(&pack, open);
    let indicators = |dimension: usize| {
        let own = pack.indicators.iter().filter(move |it| it.dimension == dimension);
        own.map(|it| Named { id: it.id.clone(), label: words(&it.label.0), weight: it.weight })
    };
    let dimensions = |module: usize| {
        let own = pack.dimensions.iter().enumerate();
        let own = own.filter(move |it| it.1.module == Some(module));
        own.map(|(index, it)| Dimension {
            id: it.id.clone(),
            label: words(&it.label.0),
            weight: it.weight,
            indicators: indicators(index).collect(),
        })
    };
    let module = |(index, it): (usize, _)| {
        let it: &app::live::policy::Module = it;
        let dimensions: Vec<Dimension> = dimensions(index).collect();
        let weight = dimensions.iter().map(|it| it.weight).sum();
        Module { id: it.id.clone(), label: words(&it.label.0), weight, dimensions }
    };
    let bands = [Band::Blue, Band::Yellow, Band::Orange, Band::Red];
    let edges = bands.into_iter().zip(pack.scoring.band_edges);
    let parameters = pack.parameters.iter().map(|it| Parameter {
        id: it.id.clone(),
        label: words(&it.label.0),
        unit: (!it.unit.is_one()).then(|| it.unit.to_string()),
        value: it.at(at, None),
        values: it
            .values
            .iter()
            .map(|it| Dated {
                from: it.from.map(|it| it.to_string()),
                area_code: it.area.as_ref().map(|it| it.as_str().to_owned()),
                value: it.value,
            })
            .collect(),
    });
    Ok(Policy {
        id: pack.id.clone(),
        version: pack.version.clone(),
        hash: pack.hash.clone(),
        label: words(&pack.label.0),
        authority: pack.authority.clone(),
        period: at.to_string(),
        modules: pack.modules.iter().enumerate().map(module).collect(),
        bands: edges
            .map(|(band, edge)| Edge { band: band.name().to_owned(), edge: edge.points() })
            .collect(),
        warns_from: pack.scoring.warnings.from.name().to_owned(),
        parameters: parameters.collect(),
    })
}
