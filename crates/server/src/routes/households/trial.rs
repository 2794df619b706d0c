//! What the band would be if something were otherwise. Saves nothing.

use super::seen;
use crate::auth::Who;
use crate::body::Body;
use crate::dto::{Label, Scalar};
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use app::live::{About, Judged, Live, Value};
use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::openapi::{Object, OneOf, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// Attributes of one trial.
const SET_MAX: usize = 64;

/// What is to be tried.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    #[schema(schema_with = set)]
    set: BTreeMap<String, serde_json::Value>,
}

fn set() -> Schema {
    let unknown = Object::builder().schema_type(Type::Null);
    let value = OneOf::builder().item(Scalar::schema()).item(unknown).build();
    let told = "Attributes of the pack and their values: numbers, truth values, categories; null: unknown.";
    let set = Object::builder().additional_properties(Some(Schema::OneOf(value)));
    Schema::Object(set.max_properties(Some(SET_MAX)).description(Some(told)).build())
}

/// A household judged.
#[derive(Serialize, ToSchema)]
pub struct Verdict {
    /// The band that counts.
    band: String,
    /// The composite, 0–100.
    composite: f64,
    /// Known share, 0–1.
    confidence: f64,
    /// Scores of modules, 0–100; nothing where nothing of one is known.
    modules: BTreeMap<String, Option<f64>>,
}

impl From<Judged> for Verdict {
    fn from(it: Judged) -> Self {
        Self {
            band: it.band.name().to_owned(),
            composite: it.composite,
            confidence: it.confidence,
            modules: it.modules,
        }
    }
}

/// Before and after.
#[derive(Serialize, ToSchema)]
#[schema(as = HouseholdTried)]
pub struct Tried {
    /// As it is.
    before: Verdict,
    /// As it would be.
    after: Verdict,
}

/// Judge a household with something otherwise, saving nothing
#[utoipa::path(post, path = "/api/v1/households/{id}/trial", tag = "households",
    params(("id" = String, Path)), request_body = Wish,
    responses((status = 200, body = Tried), (status = 404, body = Problem)))]
pub async fn trial(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
    Body(wish): Body<Wish>,
) -> Result<Json<Tried>, Problem> {
    let principal = who.may(Action::ReadHouseholds)?;
    let id = seen(id)?;
    if wish.set.len() > SET_MAX {
        return Err(Problem::bad_request(format!("set: at most {SET_MAX} attributes")));
    }
    let set = wish.set.into_iter().map(|(id, it)| Ok((id, value(it)?)));
    let set = set.collect::<Result<BTreeMap<String, Option<Value>>, Problem>>()?;
    let found = move |live: &Live| {
        let (household, within) = (id.as_str(), &principal.within);
        let about = About { household, within, period: None, as_of: None };
        live.store.read(|tx| live.trial(tx, &about, &set))
    };
    let tried = server.ask(found).await?.ok_or_else(|| Problem::not_found("household"))?;
    Ok(Json(Tried { before: tried.before.into(), after: tried.after.into() }))
}

fn value(it: serde_json::Value) -> Result<Option<Value>, Problem> {
    use serde_json::Value as Json;
    match it {
        Json::Null => Ok(None),
        Json::Bool(it) => Ok(Some(Value::Boolean(it))),
        Json::String(it) => Ok(Some(Value::Text(it))),
        Json::Number(it) => Ok(it.as_f64().filter(|it| it.is_finite()).map(Value::Number)),
        Json::Array(_) | Json::Object(_) => {
            let problem = Problem::bad_request("set: numbers, truth values, texts or null");
            Err(Problem { status: 422, ..problem })
        }
    }
}

/// An attribute that may be moved.
#[derive(Serialize, ToSchema)]
pub struct Slider {
    /// Its id.
    attribute: String,
    /// Its name.
    label: Label,
    /// Its unit; nothing for pure numbers.
    unit: Option<String>,
    /// Its value; nothing where it is not known.
    value: Option<f64>,
    /// The least value that makes sense to try.
    min: f64,
    /// The greatest.
    max: f64,
    /// From one to the next.
    step: f64,
}

/// Attributes that may be moved.
#[derive(Serialize, ToSchema)]
pub struct Sliders {
    /// Those of what weighs most first.
    items: Vec<Slider>,
    /// Nothing: all come at once.
    next: Option<String>,
}

/// Attributes of a household that are worth trying
#[utoipa::path(get, path = "/api/v1/households/{id}/sliders", tag = "households",
    params(("id" = String, Path)),
    responses((status = 200, body = Sliders), (status = 404, body = Problem)))]
pub async fn sliders(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<Sliders>, Problem> {
    let principal = who.may(Action::ReadHouseholds)?;
    let id = seen(id)?;
    let found = move |live: &Live| live.store.read(|tx| live.sliders(tx, &id, &principal.within));
    let found = server.ask(found).await?.ok_or_else(|| Problem::not_found("household"))?;
    let slider = |it: app::live::Slider| Slider {
        attribute: it.attribute,
        label: it.label.into(),
        unit: Some(it.unit).filter(|it| !it.is_empty()),
        value: it.value,
        min: it.min,
        max: it.max,
        step: it.step,
    };
    Ok(Json(Sliders { items: found.into_iter().map(slider).collect(), next: None }))
}
