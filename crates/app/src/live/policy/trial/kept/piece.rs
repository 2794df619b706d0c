//! Some households of the registry: their columns, where they are, their bands.

use super::super::Pair;
use base::{AreaCode, Band, Diagnostic, Period};
use monitor::Evaluator;
use monitor::inputs::Inputs;
use std::sync::Arc;
use store::Within;

/// Some households.
#[derive(Clone)]
pub struct Piece {
    pub inputs: Arc<Inputs>,
    pub ids: Arc<Vec<String>>,
    areas: Arc<Vec<Option<AreaCode>>>,
    pub before: Arc<Vec<Band>>,
    is_outdated: Vec<bool>,
}

impl Piece {
    /// Judges panel rows and keeps what trials read of them.
    pub fn of(
        evaluator: &Evaluator,
        rows: &arrow::array::RecordBatch,
        at: Period,
    ) -> Result<Self, Diagnostic> {
        let inputs = Inputs::of(evaluator, rows, at)?;
        let before = match evaluator.bands(&inputs)? {
            Some(bands) => bands,
            // Something of it cannot be kept: judged from the panel, as everything else will be.
            None => {
                let assessed = evaluator.assess(rows, at)?;
                let scored = monitor::scores::score_all(&assessed, evaluator.pack());
                scored.iter().map(|it| it.band).collect()
            }
        };
        let is_outdated = vec![false; inputs.len()];
        let (ids, areas) = (Arc::new(inputs.ids()?), Arc::new(inputs.areas()?));
        Ok(Self { inputs: Arc::new(inputs), ids, areas, before: Arc::new(before), is_outdated })
    }

    /// How many households count: those that stand in no later piece.
    pub fn count(&self) -> usize {
        self.is_outdated.iter().filter(|it| !**it).count()
    }

    /// Ids of those.
    pub fn households(&self) -> impl Iterator<Item = String> {
        let own = self.ids.iter().zip(&self.is_outdated);
        own.filter(|it| !it.1).map(|it| it.0.clone())
    }

    /// From now on the household at a position stands in a later piece, or nowhere.
    pub fn forget(&mut self, position: usize) {
        self.is_outdated[position] = true;
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        let ids = self.ids.iter().map(|it| it.capacity() + size_of::<String>()).sum::<usize>();
        let each = size_of::<Option<AreaCode>>() + size_of::<Band>() + size_of::<bool>();
        self.inputs.bytes() + ids + each * self.ids.len()
    }

    /// Positions of households within areas.
    pub fn within(&self, within: &Within) -> impl Iterator<Item = usize> {
        let holds = |it: usize| within.holds(self.areas[it].as_ref().map(AreaCode::as_str));
        (0..self.ids.len()).filter(move |it| !self.is_outdated[*it] && holds(*it))
    }

    /// Bands under another policy; `None` where it reads what is not kept.
    pub fn judge(
        &self,
        evaluator: &Evaluator,
        within: &Within,
    ) -> Result<Option<Vec<Pair>>, Diagnostic> {
        if self.within(within).next().is_none() {
            return Ok(Some(Vec::new()));
        }
        let Some(after) = evaluator.bands(&self.inputs)? else { return Ok(None) };
        let pair = |it: usize| Pair {
            household: self.ids[it].clone(),
            area: self.areas[it].clone(),
            before: self.before[it],
            after: after[it],
        };
        Ok(Some(self.within(within).map(pair).collect()))
    }
}
