//! Bands and modules over time, and what struck the household meanwhile.

use super::{About, Study};
use crate::live::{Detail, Live};
use crate::words::Both;
use base::{Band, Diagnostic, Period};
use monitor::warnings::{TriggerFact, triggers};
use store::Tx;
use store::scores::ScoreRow;

/// Scores of modules in millionths, by id; nothing where nothing of one is known.
pub type ModuleScores = Vec<(String, Option<i64>)>;

/// A household over time.
#[derive(Clone, Debug)]
pub struct Past {
    /// Scores, oldest first, with the ids of their modules.
    pub rows: Vec<(ScoreRow, ModuleScores)>,
    /// Least composites of yellow, orange and red, in points.
    pub lines: [f64; 3],
    /// Facts on which a trigger fired, oldest first.
    pub shocks: Vec<Shock>,
}

/// A fact on which a trigger fired.
#[derive(Clone, Debug)]
pub struct Shock {
    /// Its period.
    pub period: Period,
    /// The trigger's id.
    pub trigger: String,
    /// Its name.
    pub label: Both,
    /// The fact's id.
    pub fact: String,
    /// How urgent a warning of it is.
    pub urgency: Band,
}

impl Live {
    /// The last periods of a household up to the one asked about, made from its facts; `None`
    /// where it may not be seen.
    ///
    /// # Errors
    /// A period that cannot be asked about; those of the database and of the evaluation.
    pub fn past(
        &self,
        tx: &mut Tx<'_>,
        about: &About<'_>,
        periods: u32,
    ) -> Result<Option<Past>, Diagnostic> {
        let Some((_, at)) = self.asked_about(tx, about)? else { return Ok(None) };
        // Frozen periods cannot be made again.
        let from = self.not_frozen(tx, at.offset(1 - periods.max(1) as i32))?;
        let derived = self.derive(tx, &[about.household], (from, at), about.as_of)?;
        let pack = self.pack();
        let modules = |row: &ScoreRow| {
            let modules = Detail::from_bytes(&row.detail).map(|it| it.modules).unwrap_or_default();
            // Each period has the modules of the policy that judged it.
            let pack = self.pack_of(&row.pack);
            let ids = pack.modules.iter().map(|it| it.id.clone());
            ids.zip(modules.into_iter().map(|it| it.score)).collect()
        };
        let rows = derived.scores.into_iter().map(|row| (modules(&row), row));
        let [_, yellow, orange, red] = pack.scoring.band_edges;
        let shocks = match self.study(tx, about.household, at, periods, about.as_of)? {
            Some(study) => study.shocks(from)?,
            None => Vec::new(),
        };
        Ok(Some(Past {
            rows: rows.map(|(modules, row)| (row, modules)).collect(),
            lines: [yellow, orange, red].map(|it| it.points()),
            shocks,
        }))
    }
}

impl Study {
    /// Facts since a period on which a trigger fired. Each is judged by itself, so that it is known
    /// which of them it was.
    fn shocks(&self, from: Period) -> Result<Vec<Shock>, Diagnostic> {
        let pack = self.policy.pack();
        let mut shocks = Vec::new();
        for fact in &self.facts {
            let named = |it: &&pack::Trigger| {
                let code = it.fact.as_deref().and_then(|it| self.policy.codes.number(it));
                code == Some(fact.code)
            };
            let Some(code) = pack.triggers.iter().find(named).and_then(|it| it.fact.clone()) else {
                continue;
            };
            let range = from.index()..=self.assessed.at.index();
            let Some(period) = fact.at.filter(|it| range.contains(it)) else { continue };
            let (number, text) = (fact.number, Some(fact.text.to_string()));
            let alone = TriggerFact { household: 0, fact: code.clone(), number, text, period };
            for firing in triggers::firings(pack, &self.assessed, &[alone])?.iter().flatten() {
                let trigger = &pack.triggers[firing.trigger];
                if trigger.fact.as_ref() == Some(&code) {
                    shocks.push(Shock {
                        period: Period::from_index(from.kind(), period),
                        trigger: trigger.id.clone(),
                        label: Both::of(&trigger.label),
                        fact: fact.id.to_string(),
                        urgency: trigger.urgency,
                    });
                }
            }
        }
        shocks.sort_by(|a, b| (a.period.index(), &a.fact).cmp(&(b.period.index(), &b.fact)));
        Ok(shocks)
    }
}
