//! Why a household has its band, what changed, what would help: with sentences.

mod ways;

use super::{About, Study, Value, unknown_then};
use crate::live::Live;
use crate::sentences::{self, Known};
use crate::words::{Both, for_household};
use base::{Band, Diagnostic, Score};
use monitor::explain::{Change, Explanation, explain};
use monitor::scores::Contribution;
use pack::Indicator;
use store::Tx;

/// An explanation for showing. Scores are points, 0–100.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The period.
    pub period: base::Period,
    /// The band that counts.
    pub band: Band,
    /// The band of the period by itself.
    pub own_band: Band,
    /// The band of the composite alone; nothing where too little is known.
    pub composite_band: Option<Band>,
    /// The band one period earlier.
    pub previous_band: Band,
    /// The composite.
    pub composite: f64,
    /// Known share, 0–1.
    pub confidence: f64,
    /// Modules that lifted the band by worsening.
    pub lifted_by: Vec<Both>,
    /// What the composite is made of, greatest first.
    pub contributions: Vec<Contributed>,
    /// Bands that single indicators force.
    pub forced: Vec<ForcedBand>,
    /// Indicators that would force a band, could they be judged.
    pub unjudged: Vec<Unjudged>,
    /// Indicators of which nothing is known.
    pub unknown: Vec<Unjudged>,
    /// What moved since the period before.
    pub changes: Vec<Changed>,
    /// Smallest single changes that would leave the band.
    pub ways_out: Vec<Way>,
    /// For the household itself.
    pub plain: Both,
}

/// What an indicator adds to the composite.
#[derive(Clone, Debug)]
pub struct Contributed {
    /// The indicator.
    pub indicator: String,
    /// Its name.
    pub label: Both,
    /// Its module.
    pub module: String,
    /// Points of the composite.
    pub points: f64,
    /// Its severity.
    pub severity: Option<f64>,
    /// Its value.
    pub value: Option<Value>,
    /// The value's unit; empty for pure numbers.
    pub unit: String,
    /// In words.
    pub sentence: Both,
}

/// A band that an indicator forces.
#[derive(Clone, Debug)]
pub struct ForcedBand {
    /// The rule, as warnings name it.
    pub key: String,
    /// The indicator's name.
    pub label: Both,
    /// The least band.
    pub band: Band,
    /// In words.
    pub sentence: Both,
}

/// Something that is not known.
#[derive(Clone, Debug)]
pub struct Unjudged {
    /// The indicator.
    pub indicator: String,
    /// Its name.
    pub label: Both,
    /// In words.
    pub sentence: Both,
}

/// An indicator that moved.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The indicator.
    pub indicator: String,
    /// Its name.
    pub label: Both,
    /// Its value one period earlier, and now.
    pub from: Option<Value>,
    /// See `from`.
    pub to: Option<Value>,
    /// Its severity one period earlier, and now.
    pub from_severity: Option<f64>,
    /// See `from_severity`.
    pub to_severity: Option<f64>,
    /// Change of its points.
    pub points: f64,
    /// Facts about the period that it is made of, the latest first.
    pub facts: Vec<String>,
}

/// A change that would be enough.
#[derive(Clone, Debug)]
pub struct Way {
    /// The indicator.
    pub indicator: String,
    /// Its name, or that of the attribute.
    pub label: Both,
    /// The attribute that would have to change, where there is one.
    pub attribute: Option<String>,
    /// Its value, or that of the indicator, now.
    pub from: Option<Value>,
    /// What it would have to be.
    pub to: Option<Value>,
    /// The band then.
    pub band_after: Band,
    /// The composite then.
    pub composite_after: f64,
    /// In words.
    pub sentence: Both,
}

/// Facts named with a change.
const FACTS_MAX: usize = 10;

impl Live {
    /// Explains a household; `None` where it may not be seen.
    ///
    /// # Errors
    /// A period that cannot be asked about; nothing known of it then; those of the database.
    pub fn explained(
        &self,
        tx: &mut Tx<'_>,
        about: &About<'_>,
    ) -> Result<Option<Explained>, Diagnostic> {
        let Some((_, at)) = self.asked_about(tx, about)? else { return Ok(None) };
        let found = self.study(tx, about.household, at, 1, about.as_of)?;
        let study = found.ok_or_else(unknown_then)?;
        let explanation = explain(&study.policy.loaded.evaluator, &study.assessed, 0, 1);
        Ok(Some(study.explained(&explanation)))
    }
}

impl Study {
    pub(super) fn explained(&self, it: &Explanation) -> Explained {
        let pack = self.policy.pack();
        let lifted = it.lifted_by.iter().map(|it| Both::of(&pack.modules[*it].label));
        let unjudged = |index: &usize| {
            let indicator = &pack.indicators[*index];
            Unjudged {
                indicator: indicator.id.clone(),
                label: Both::of(&indicator.label),
                sentence: sentences::of_unjudged(&indicator.label),
            }
        };
        let is_unknown =
            |it: &&monitor::explain::IndicatorPart| it.state == monitor::indicators::State::Unknown;
        let unknown = it.indicators.iter().filter(is_unknown).map(|it| it.indicator);
        let plain = |language| for_household(pack, it, language).join("\n");
        Explained {
            period: it.at,
            band: it.band,
            own_band: it.raw_band,
            composite_band: it.coefficient_band,
            previous_band: it.previous_band,
            composite: it.composite.points(),
            confidence: it.confidence.points(),
            lifted_by: lifted.collect(),
            contributions: it.contributions.iter().map(|part| self.contributed(it, part)).collect(),
            forced: it.forced.iter().map(|forced| self.forced(it, *forced)).collect(),
            unjudged: it.unjudged.iter().map(unjudged).collect(),
            unknown: unknown.map(|it| unjudged(&it)).collect(),
            changes: it.changes.iter().map(|change| self.changed(change)).collect(),
            ways_out: it.ways_out.iter().map(|way| self.way(it, way)).collect(),
            plain: Both::each(plain),
        }
    }

    /// Calls with what is known of the household in the period.
    fn with_known<T>(&self, call: impl FnOnce(&Known<'_>) -> T) -> T {
        let (pack, area, row) = (self.policy.pack(), self.area(), |it| self.known(it));
        call(&Known { pack, period: self.assessed.at, area: area.as_ref(), row: &row })
    }

    fn sentence(&self, it: &Explanation, index: usize) -> Both {
        let (indicator, value) =
            (&self.policy.pack().indicators[index], it.indicators[index].value.as_ref());
        self.with_known(|known| sentences::of_indicator(indicator, value, known))
    }

    fn contributed(&self, it: &Explanation, part: &Contribution) -> Contributed {
        let pack = self.policy.pack();
        let indicator = &pack.indicators[part.indicator];
        let own = &it.indicators[part.indicator];
        let module = pack.dimensions[indicator.dimension].module;
        let unit = indicator.value.as_ref().and_then(sentences::unit_of_expr);
        Contributed {
            indicator: indicator.id.clone(),
            label: Both::of(&indicator.label),
            module: module.map(|it| pack.modules[it].id.clone()).unwrap_or_default(),
            points: part.points.points(),
            severity: own.severity.map(Score::points),
            value: own.value.clone(),
            unit: unit.filter(|it| !it.is_one()).map(ToString::to_string).unwrap_or_default(),
            sentence: self.sentence(it, part.indicator),
        }
    }

    fn forced(&self, it: &Explanation, forced: monitor::explain::Forced) -> ForcedBand {
        let indicator = &self.policy.pack().indicators[forced.indicator];
        ForcedBand {
            key: format!("key.{}", indicator.id),
            label: Both::of(&indicator.label),
            band: forced.band,
            sentence: sentences::of_key(&self.sentence(it, forced.indicator), forced.band),
        }
    }

    fn changed(&self, it: &Change) -> Changed {
        let pack = self.policy.pack();
        let indicator = &pack.indicators[it.indicator];
        Changed {
            indicator: indicator.id.clone(),
            label: Both::of(&indicator.label),
            from: it.from.value.clone(),
            to: it.to.value.clone(),
            from_severity: it.from.severity.map(Score::points),
            to_severity: it.to.severity.map(Score::points),
            points: it.points.points(),
            facts: self.facts_behind(indicator),
        }
    }

    /// Facts about the assessed period that an indicator is made of.
    fn facts_behind(&self, indicator: &Indicator) -> Vec<String> {
        let pack = self.policy.pack();
        let attributes = indicator.expressions().flat_map(pack::Expr::attributes);
        let codes = attributes.filter_map(|it| pack.attributes[it].from.as_ref());
        let codes: Vec<u16> = codes.filter_map(|it| self.policy.codes.number(&it.fact)).collect();
        let at = Some(self.assessed.at.index());
        let mut facts: Vec<_> = self
            .facts
            .iter()
            .filter(|it| codes.contains(&it.code) && (it.begins == at || it.at == at))
            .collect();
        facts.sort_by(|a, b| (b.from, b.recorded_at, &b.id).cmp(&(a.from, a.recorded_at, &a.id)));
        facts.into_iter().take(FACTS_MAX).map(|it| it.id.to_string()).collect()
    }
}
