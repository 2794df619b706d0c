//! Why a household has its band, what changed, what would help.

use super::{Moment, instant, seen};
use crate::auth::Who;
use crate::body::Query;
use crate::dto::{Label, Scalar, Told, shown_value};
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use app::live::{About, Changed, Explained, Live, Way};
use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// When, as known when, and in which language.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The period, e.g. `2020-06`; the one under watch where absent
    period: Option<String>,
    /// As it was known then, RFC 3339; everything known where absent
    #[param(format = DateTime)]
    as_of: Option<String>,
    /// `en` or `zh`: sentences in that language alone; in both where absent
    #[param(pattern = "^(en|zh)$")]
    language: Option<String>,
}

/// A household explained.
#[derive(Serialize, ToSchema)]
pub struct Explanation {
    /// The household.
    household_id: String,
    /// The period.
    period: String,
    /// As it was known then; nothing where everything known counts.
    as_of: Option<String>,
    /// The band that counts.
    band: String,
    /// The band of the period by itself, before the memory of earlier ones.
    own_band: String,
    /// The band of the composite alone; nothing where too little is known.
    composite_band: Option<String>,
    /// The band one period earlier.
    previous_band: String,
    /// The composite, 0–100.
    composite: f64,
    /// Known share, 0–1.
    confidence: f64,
    /// Modules that lifted the band by worsening.
    lifted_by: Vec<Label>,
    /// What the composite is made of, greatest first.
    contributions: Vec<Contribution>,
    /// Bands that single indicators force.
    forced: Vec<Forced>,
    /// Indicators that would force a band, could they be judged.
    unjudged: Vec<NotKnown>,
    /// Indicators of which nothing is known.
    unknown: Vec<NotKnown>,
    /// What moved since the period before.
    changes: Vec<Change>,
    /// Smallest single changes that would leave the band.
    ways_out: Vec<WayOut>,
    /// For the household itself, line by line.
    plain: Told,
}

/// What an indicator adds to the composite.
#[derive(Serialize, ToSchema)]
pub struct Contribution {
    /// The indicator.
    indicator: String,
    /// Its name.
    label: Label,
    /// Its module.
    module: String,
    /// Points of the composite.
    points: f64,
    /// Its severity, 0–100.
    severity: Option<f64>,
    /// Its value: a number, a truth value, a category; `infinite` at the far end of a ratio.
    #[schema(value_type = Option<Scalar>)]
    value: Value,
    /// The value's unit; nothing for pure numbers.
    unit: Option<String>,
    /// In words.
    sentence: Told,
}

/// A band that an indicator forces.
#[derive(Serialize, ToSchema)]
pub struct Forced {
    /// The rule, as warnings name it.
    key: String,
    /// The indicator's name.
    label: Label,
    /// The least band.
    band: String,
    /// In words.
    sentence: Told,
}

/// Something that is not known.
#[derive(Serialize, ToSchema)]
pub struct NotKnown {
    /// The indicator.
    indicator: String,
    /// Its name.
    label: Label,
    /// In words.
    sentence: Told,
}

/// An indicator that moved.
#[derive(Serialize, ToSchema)]
pub struct Change {
    /// The indicator.
    indicator: String,
    /// Its name.
    label: Label,
    /// Its value one period earlier.
    #[schema(value_type = Option<Scalar>)]
    from: Value,
    /// Its value now.
    #[schema(value_type = Option<Scalar>)]
    to: Value,
    /// Its severity one period earlier.
    from_severity: Option<f64>,
    /// Its severity now.
    to_severity: Option<f64>,
    /// Change of its points.
    points: f64,
    /// Facts about the period that it is made of, the latest first.
    facts: Vec<String>,
}

/// A change that would be enough.
#[derive(Serialize, ToSchema)]
pub struct WayOut {
    /// The indicator.
    indicator: String,
    /// The name of what would have to change.
    label: Label,
    /// The attribute that would have to change, where it is a single one.
    attribute: Option<String>,
    /// Its value, or that of the indicator, now.
    #[schema(value_type = Option<Scalar>)]
    from: Value,
    /// What it would have to be.
    #[schema(value_type = Option<Scalar>)]
    to: Value,
    /// The band then.
    band_after: String,
    /// The composite then.
    composite_after: f64,
    /// In words.
    sentence: Told,
}

/// Why a household has its band
#[utoipa::path(get, path = "/api/v1/households/{id}/explanation", tag = "households",
    params(("id" = String, Path), Asked),
    responses((status = 200, body = Explanation), (status = 404, body = Problem),
        (status = 422, description = "No such period")))]
pub async fn explanation(
    State(server): State<Server>,
    who: Who,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<Explanation>, Problem> {
    let principal = who.may(Action::ReadHouseholds)?;
    let id = seen(id)?;
    if asked.language.as_deref().is_some_and(|it| it != "en" && it != "zh") {
        return Err(Problem::bad_request("language: en or zh"));
    }
    let moment = Moment { period: asked.period, as_of: instant(asked.as_of.as_deref())? };
    let household = id.clone();
    let found = move |live: &Live| {
        let period = moment.period(live)?;
        let (household, within, as_of) = (household.as_str(), &principal.within, moment.as_of);
        live.store.read(|tx| live.explained(tx, &About { household, within, period, as_of }))
    };
    let found = server.ask(found).await?.ok_or_else(|| Problem::not_found("household"))?;
    Ok(Json(shown(id, found, asked.as_of, asked.language.as_deref())))
}

fn shown(id: String, it: Explained, as_of: Option<String>, language: Option<&str>) -> Explanation {
    let told = |it| Told::of(it, language);
    let not_known = |it: app::live::Unjudged| NotKnown {
        indicator: it.indicator,
        label: it.label.into(),
        sentence: told(it.sentence),
    };
    let contributed = |it: app::live::Contributed| Contribution {
        indicator: it.indicator,
        label: it.label.into(),
        module: it.module,
        points: it.points,
        severity: it.severity,
        value: shown_value(it.value),
        unit: Some(it.unit).filter(|it| !it.is_empty()),
        sentence: told(it.sentence),
    };
    let forced = |it: app::live::ForcedBand| Forced {
        key: it.key,
        label: it.label.into(),
        band: it.band.name().to_owned(),
        sentence: told(it.sentence),
    };
    Explanation {
        household_id: id,
        period: it.period.to_string(),
        as_of,
        band: it.band.name().to_owned(),
        own_band: it.own_band.name().to_owned(),
        composite_band: it.composite_band.map(|it| it.name().to_owned()),
        previous_band: it.previous_band.name().to_owned(),
        composite: it.composite,
        confidence: it.confidence,
        lifted_by: it.lifted_by.into_iter().map(Into::into).collect(),
        contributions: it.contributions.into_iter().map(contributed).collect(),
        forced: it.forced.into_iter().map(forced).collect(),
        unjudged: it.unjudged.into_iter().map(not_known).collect(),
        unknown: it.unknown.into_iter().map(not_known).collect(),
        changes: it.changes.into_iter().map(Change::of).collect(),
        ways_out: it.ways_out.into_iter().map(|it| WayOut::of(it, language)).collect(),
        plain: told(it.plain),
    }
}

impl Change {
    fn of(it: Changed) -> Self {
        Self {
            indicator: it.indicator,
            label: it.label.into(),
            from: shown_value(it.from),
            to: shown_value(it.to),
            from_severity: it.from_severity,
            to_severity: it.to_severity,
            points: it.points,
            facts: it.facts,
        }
    }
}

impl WayOut {
    fn of(it: Way, language: Option<&str>) -> Self {
        Self {
            indicator: it.indicator,
            label: it.label.into(),
            attribute: it.attribute,
            from: shown_value(it.from),
            to: shown_value(it.to),
            band_after: it.band_after.name().to_owned(),
            composite_after: it.composite_after,
            sentence: Told::of(it.sentence, language),
        }
    }
}
