//! The tree of areas and their boundaries, as far as they may be seen.

#![expect(unused_qualifications, reason = "the description of a route repeats its path")]

use crate::auth::Who;
use crate::body::Query;
use crate::clock::{day, now};
use crate::dto::AreaName;
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use app::live::{AreaView, Live};
use axum::Json;
use axum::extract::{Path, State};
use base::Diagnostic;
use serde::{Deserialize, Serialize};
use store::areas::{ALWAYS, AreaRow};
use utoipa::{IntoParams, ToSchema};

/// Who may read the tree: whoever reads counts, and whoever says which areas users have.
const MAY: [Action; 2] = [Action::ReadCounts, Action::ManageUsers];

/// Areas asked for by code in one request, and how long such a list may be.
const CODES_MAX: usize = 100;

/// Which areas.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// The area whose parts are wanted; the outermost that may be seen where absent
    #[param(pattern = r"^[^\x00]*$")]
    parent: Option<String>,
    /// These areas instead, wherever in the tree or, with `parent`, those of its parts: up to 100
    /// codes with commas between them; those that are not known or may not be seen are left out
    #[param(pattern = r"^[^\x00,]+(,[^\x00,]+){0,99}$")]
    codes: Option<String>,
}

impl Listed {
    /// The codes that were asked for.
    fn codes(&self) -> Result<Option<Vec<String>>, Problem> {
        let Some(text) = &self.codes else { return Ok(None) };
        let codes: Vec<String> = text.split(',').map(str::to_owned).collect();
        let is_fit = |it: &String| !it.is_empty() && !it.contains('\0');
        if codes.len() > CODES_MAX || !codes.iter().all(is_fit) {
            let message = format!("codes: 1 to {CODES_MAX} codes with commas");
            return Err(Problem::bad_request(message));
        }
        Ok(Some(codes))
    }
}

/// Which part of the tree.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// The area whose parts are wanted; the outermost that may be seen where absent
    #[param(pattern = r"^[^\x00]*$")]
    parent: Option<String>,
}

impl Filter {
    fn checked(self) -> Result<Option<String>, Problem> {
        if self.parent.iter().any(|it| it.contains('\0')) {
            return Err(Problem::bad_request("parent: no zero bytes"));
        }
        Ok(self.parent)
    }
}

/// An area.
#[derive(Serialize, ToSchema)]
pub struct Area {
    /// Its code.
    code: String,
    /// Its name.
    name: AreaName,
    /// Its depth in the tree, from 1.
    level: i64,
    /// The area around it.
    parent: Option<String>,
    /// First day; nothing where it holds from the beginning.
    valid_from: Option<String>,
    /// Last day; nothing where it still holds.
    valid_to: Option<String>,
    /// Whether areas lie in it.
    has_children: bool,
}

impl Area {
    fn of(view: AreaView) -> Self {
        let AreaView { row, has_children } = view;
        Self {
            name: name(&row),
            code: row.code,
            level: row.level,
            parent: row.parent,
            valid_from: (row.valid_from != ALWAYS).then(|| day(row.valid_from)),
            valid_to: row.valid_to.map(day),
            has_children,
        }
    }
}

/// The name of an area.
pub fn name(row: &AreaRow) -> AreaName {
    AreaName { en: row.name_en.clone(), zh: row.name_zh.clone() }
}

/// Areas.
#[derive(Serialize, ToSchema)]
pub struct Areas {
    /// By code.
    items: Vec<Area>,
    /// Nothing: all come at once.
    next: Option<String>,
}

/// List the areas in an area, or some areas by code
#[utoipa::path(get, path = "/api/v1/areas", tag = "areas", params(Listed),
    responses((status = 200, body = Areas)))]
pub async fn list(
    State(server): State<Server>,
    who: Who,
    Query(listed): Query<Listed>,
) -> Result<Json<Areas>, Problem> {
    let principal = who.may_any(&MAY)?;
    let codes = listed.codes()?;
    let parent = Filter { parent: listed.parent }.checked()?;
    let found = move |live: &Live| {
        live.store.read(|tx| match (&codes, &parent) {
            (Some(codes), None) => live.areas_of(tx, codes, &principal.within, now()),
            (codes, parent) => {
                let mut found = live.areas_in(tx, parent.as_deref(), &principal.within, now())?;
                found.retain(|it| codes.as_ref().is_none_or(|all| all.contains(&it.row.code)));
                Ok(found)
            }
        })
    };
    let found: Vec<AreaView> = server.ask(found).await?;
    Ok(Json(Areas { items: found.into_iter().map(Area::of).collect(), next: None }))
}

/// An area with those around it.
#[derive(Serialize, ToSchema)]
pub struct Placed {
    /// The area.
    #[serde(flatten)]
    area: Area,
    /// Those around it, the outermost first.
    path: Vec<Around>,
}

/// An area around another one.
#[derive(Serialize, ToSchema)]
pub struct Around {
    /// Its code.
    code: String,
    /// Its name.
    name: AreaName,
    /// Its depth in the tree, from 1.
    level: i64,
    /// Whether its rows may be seen, and not only its name.
    is_own: bool,
}

/// An area with those around it
#[utoipa::path(get, path = "/api/v1/areas/{code}", tag = "areas", params(("code" = String, Path)),
    responses((status = 200, body = Placed), (status = 404, body = Problem)))]
pub async fn one(
    State(server): State<Server>,
    who: Who,
    Path(code): Path<String>,
) -> Result<Json<Placed>, Problem> {
    let principal = who.may_any(&MAY)?;
    if code.contains('\0') {
        return Err(Problem::not_found("area"));
    }
    let found =
        move |live: &Live| live.store.read(|tx| live.area(tx, &code, &principal.within, now()));
    let (view, path) = server.ask(found).await?.ok_or_else(|| Problem::not_found("area"))?;
    let path = path.into_iter().map(|it| Around {
        name: name(&it.row),
        code: it.row.code,
        level: it.row.level,
        is_own: it.is_own,
    });
    Ok(Json(Placed { area: Area::of(view), path: path.collect() }))
}

/// A GeoJSON document.
#[derive(Serialize, ToSchema)]
pub struct FeatureCollection {
    /// `FeatureCollection`.
    #[serde(rename = "type")]
    kind: String,
    /// One for each boundary.
    features: Vec<Feature>,
}

/// A boundary.
#[derive(Serialize, ToSchema)]
pub struct Feature {
    /// `Feature`.
    #[serde(rename = "type")]
    kind: String,
    /// Whose it is.
    properties: Properties,
    /// A polygon or several, in WGS 84.
    #[schema(value_type = Object)]
    geometry: serde_json::Value,
}

/// Whose boundary it is.
#[derive(Serialize, ToSchema)]
pub struct Properties {
    /// The area's code.
    code: String,
    /// Its name.
    name: AreaName,
    /// Its depth in the tree, from 1.
    level: i64,
}

/// Boundaries of the areas in an area, where any were imported
#[utoipa::path(get, path = "/api/v1/boundaries", tag = "areas", params(Filter),
    responses((status = 200, body = FeatureCollection)))]
pub async fn boundaries(
    State(server): State<Server>,
    who: Who,
    Query(filter): Query<Filter>,
) -> Result<Json<FeatureCollection>, Problem> {
    let principal = who.may_any(&MAY)?;
    let parent = filter.checked()?;
    let found = move |live: &Live| {
        live.store.read(|tx| -> Result<_, Diagnostic> {
            live.boundaries_in(tx, parent.as_deref(), &principal.within, now())
        })
    };
    let features = server.ask(found).await?.into_iter().map(|(area, boundary)| Feature {
        kind: "Feature".to_owned(),
        properties: Properties { name: name(&area), code: area.code, level: area.level },
        geometry: serde_json::from_str(&boundary.geometry).unwrap_or_default(),
    });
    Ok(Json(FeatureCollection {
        kind: "FeatureCollection".to_owned(),
        features: features.collect(),
    }))
}
