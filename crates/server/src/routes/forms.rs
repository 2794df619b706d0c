//! Entry forms, from the policy in force.

use crate::auth::Who;
use crate::dto::Label;
use crate::problem::Problem;
use crate::state::Server;
use app::access::Action;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// A value to choose.
#[derive(Serialize, ToSchema)]
pub struct Category {
    /// The value.
    id: String,
    /// Its name.
    label: Label,
}

/// A fact to be filled in.
#[derive(Serialize, ToSchema)]
pub struct Form {
    /// Its code.
    fact: String,
    /// Its name.
    label: Label,
    /// `number`, `boolean` or `text`.
    #[serde(rename = "type")]
    ty: String,
    /// Its unit; nothing for pure numbers and what is no number.
    unit: Option<String>,
    /// The least plausible value.
    min: Option<f64>,
    /// The greatest.
    max: Option<f64>,
    /// Values to choose from; empty: any.
    categories: Vec<Category>,
    /// `household`, `member` or `site`.
    subject: String,
    /// `amount`, `cumulative_ytd` (a total since the start of the year) or `state`.
    kind: String,
    /// The indicators and triggers that it is needed for.
    why: Label,
    /// Who tells it as a rule.
    source: Option<String>,
    /// Periods after which it is stale; nothing where it never is.
    freshness_periods: Option<u32>,
    /// Whether it may be reported by and never scored on.
    is_sensitive: bool,
}

/// Facts to be filled in.
#[derive(Serialize, ToSchema)]
pub struct Forms {
    /// By code.
    items: Vec<Form>,
    /// Nothing: all come at once.
    next: Option<String>,
}

/// Entry forms of the policy in force
#[utoipa::path(get, path = "/api/v1/forms", tag = "facts", responses((status = 200, body = Forms)))]
pub async fn list(State(server): State<Server>, who: Who) -> Result<Json<Forms>, Problem> {
    who.may_any(&[Action::WriteFacts, Action::ReadPolicy])?;
    let form = |it: app::forms::Form| Form {
        fact: it.fact,
        label: it.label.into(),
        ty: it.ty.to_owned(),
        unit: Some(it.unit).filter(|it| !it.is_empty()),
        min: it.min,
        max: it.max,
        categories: it
            .categories
            .into_iter()
            .map(|(id, label)| Category { id, label: label.into() })
            .collect(),
        subject: it.subject.to_owned(),
        kind: it.kind.to_owned(),
        why: it.why.into(),
        source: it.source,
        freshness_periods: it.freshness_periods,
        is_sensitive: it.is_sensitive,
    };
    let items = app::forms::of(&server.live.pack()).into_iter().map(form).collect();
    Ok(Json(Forms { items, next: None }))
}
