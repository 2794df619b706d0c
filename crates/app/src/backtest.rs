//! `backtest`: how good past warnings were, measured on what became of the households.
//!
//! Every origin is judged with what the pack would have seen then, and compared with the outcome
//! so many periods later. Skill is told for all and for those not poor at the start, because
//! finding again who is poor already is no warning.

mod outcomes;
mod records;
mod skill;

pub use skill::{BandRow, GroupRow, Naive, RuleRow, Skill, SkillRow};

use crate::assess::{Chunks, FactFiles, Request, instant, panel_chunks};
use crate::input::{panel_spec, period, period_range};
use crate::{Loaded, Refused};
use base::codes::run as codes;
use base::{Diagnostic, Period};
use outcomes::Outcomes;
use records::Recorder;
use std::path::PathBuf;
use tables::ReadOptions;

/// What to measure.
#[derive(Clone, Debug)]
pub struct Question {
    /// When a household counts as having fallen: an expression.
    pub outcome: String,
    /// Table the expression is read over; the panel itself where absent.
    pub outcomes: Option<PathBuf>,
    /// Periods ahead.
    pub horizon: u32,
    /// First origin; as early as the input allows where absent.
    pub from: Option<String>,
    /// Last origin; as late as outcomes allow where absent.
    pub to: Option<String>,
    /// Share of households that can be visited.
    pub budget_share: f64,
    /// Attribute to report by; sensitive ones may be named here.
    pub group: Option<String>,
}

/// What was measured.
pub struct Report {
    /// The origins.
    pub origins: Vec<Period>,
    /// Everything.
    pub skill: Skill,
}

/// Measures past warnings.
pub fn run(loaded: &Loaded, request: &Request, question: &Question) -> Result<Report, Refused> {
    let one = |it: Diagnostic| vec![it];
    let pack = loaded.pack();
    let outcomes = Outcomes::read(pack, question)?;
    let as_of = request.as_of.as_deref().map(instant).transpose().map_err(one)?;
    let facts = match request.facts.paths.is_empty() {
        true => None,
        false => Some(FactFiles::open(pack, &request.facts, as_of, &request.read)?),
    };
    let (first, last) = match &facts {
        None => period_range(pack, &request.panel)?,
        Some(facts) => (facts.latest().map_err(one)?.offset(-60), facts.latest().map_err(one)?),
    };
    let bound = |text: &Option<String>, otherwise: Period| match text {
        Some(text) => period(pack, text).map_err(one),
        None => Ok(otherwise),
    };
    let known_to = outcomes.last(pack.period_kind).unwrap_or(last);
    let known_from = outcomes.first(pack.period_kind).unwrap_or(first);
    let from = bound(&question.from, known_from)?;
    let to = bound(&question.to, known_to.offset(-(question.horizon as i32)))?;
    let origins: Vec<Period> =
        (from.index()..=to.index()).map(|it| Period::from_index(pack.period_kind, it)).collect();
    if origins.is_empty() {
        let message = format!("no period lies {} before an outcome", question.horizon);
        let finding = Diagnostic::new(&codes::NO_OUTCOME, message);
        return Err(vec![finding.hint("choose a shorter --horizon, or give a longer panel")]);
    }
    let mut recorder = Recorder::new(loaded, question, &outcomes, origins.clone())?;
    let chunks = chunks(loaded, request, facts.as_ref(), last, origins.len() as u32)?;
    for chunk in chunks.into_iter().flatten() {
        recorder.add(&chunk.map_err(one)?).map_err(one)?;
    }
    let skill = skill::measure(recorder.finish(), loaded, question);
    if skill.rows.is_empty() {
        let finding = Diagnostic::new(&codes::NO_OUTCOME, "no household has a known outcome");
        return Err(vec![finding.hint("check --outcome, --horizon and the ids of --outcomes")]);
    }
    Ok(Report { origins, skill })
}

fn chunks(
    loaded: &Loaded,
    request: &Request,
    facts: Option<&FactFiles>,
    last: Period,
    origins: u32,
) -> Result<Vec<Chunks>, Refused> {
    let pack = loaded.pack();
    if let Some(facts) = facts {
        let depth = loaded.evaluator.history_depth() + origins;
        return Ok(facts.chunks(pack, last, depth, None)?.0);
    }
    let spec = panel_spec(pack, |_| true);
    let read = ReadOptions { force_sort: true, ..request.read.clone() };
    Ok(panel_chunks(request.panel.open(&spec)?, &read)?.0)
}
