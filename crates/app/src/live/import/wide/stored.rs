//! What is stored of households, and which cells of a row say something else.

use super::Layout;
use super::cells::{Cell, Row};
use crate::live::standing::{falls, is_retraction};
use base::Diagnostic;
use base::codes::{jobs, run};
use monitor::facts::{AREA, number};
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::facts::{self, FactRow, Subject};

/// Whom facts are about: household, and member where it is one.
type Whom = (String, Option<String>);

/// What is stored of some households, and what rows before said.
#[derive(Default)]
pub struct Stored {
    /// By whom and code; those too that stand no more.
    facts: BTreeMap<(Whom, String), Vec<FactRow>>,
    /// Of those that were corrected, by which.
    superseded: BTreeMap<String, String>,
    /// Of those that were taken back, by which.
    retracted: BTreeMap<String, String>,
    /// Ids that rows of this piece gave values to.
    said: BTreeMap<String, String>,
}

/// What a row says that is new.
#[derive(Default)]
pub struct News {
    /// As facts.
    pub facts: Vec<FactRow>,
    /// Of each of them the column.
    pub columns: Vec<String>,
    /// Cells that say what is stored.
    pub unchanged: u64,
    /// Cells that say what was corrected since.
    pub superseded: u64,
}

/// What a cell is against what is stored.
enum Said {
    Same,
    Corrected,
    New { id: String, supersedes: Option<String> },
}

impl Stored {
    /// Reads what is stored of the households of some rows.
    pub fn of(tx: &mut Tx<'_>, rows: &[Row]) -> Result<Self, Diagnostic> {
        let households: BTreeSet<&str> = rows.iter().map(|it| it.household.as_str()).collect();
        let subjects: Vec<Subject> =
            households.into_iter().map(|it| Subject::Household(it.to_owned())).collect();
        let mut all = Vec::new();
        facts::of(tx, &subjects, &mut |fact| {
            all.push(fact);
            Ok(())
        })?;
        let mut stored = Self::default();
        for own in all.chunk_by(|a, b| a.subject == b.subject) {
            for (fallen, by) in falls(own) {
                stored.falls(fallen, by);
            }
        }
        all.into_iter().for_each(|it| stored.add(it));
        Ok(stored)
    }

    fn falls(&mut self, fallen: &str, by: &FactRow) {
        let how = if is_retraction(by) { &mut self.retracted } else { &mut self.superseded };
        how.insert(fallen.to_owned(), by.fact_id.clone());
    }

    fn stands(&self, fact: &FactRow) -> bool {
        !self.superseded.contains_key(&fact.fact_id) && !self.retracted.contains_key(&fact.fact_id)
    }

    /// An id under which something may be said: once it was taken back, it is said under another.
    fn unspent(&self, mut id: String) -> String {
        while let Some(retraction) = self.retracted.get(&id) {
            id = self::id(&[retraction]);
        }
        id
    }

    fn add(&mut self, fact: FactRow) {
        let Subject::Household(household) = &fact.subject else { return };
        let whom = (household.clone(), fact.member_id.clone());
        self.facts.entry((whom, fact.fact.clone())).or_default().push(fact);
    }

    /// Where a household lives, as its facts say.
    pub fn area(&self, household: &str) -> Option<String> {
        let told = self.facts.get(&((household.to_owned(), None), AREA.to_owned()))?;
        let live = told.iter().filter(|it| self.stands(it));
        live.max_by_key(|it| (it.valid_from, it.recorded_at)).map(|it| it.value.clone())
    }

    /// The facts of a row, or the column that cannot become one, and why.
    pub fn facts(
        &mut self,
        row: &Row,
        layout: &Layout,
        now: i64,
    ) -> Result<News, (Option<String>, Diagnostic)> {
        let mut news = News::default();
        let mut said = Vec::new();
        for cell in &row.cells {
            let column = Some(cell.fact.clone());
            let Some(day) = cell.day.or(row.day) else {
                let finding = Diagnostic::new(&jobs::NO_DATE, "there is a value and no date");
                let hint = "fill in the column `date`, or give one date for the whole file";
                return Err((column, finding.hint(hint)));
            };
            let base = id(&[
                &row.household,
                row.member.as_deref().unwrap_or_default(),
                &cell.fact,
                &day.to_string(),
                row.source.as_deref().unwrap_or_default(),
            ]);
            if self.said.get(&base).is_some_and(|it| !is_same(it, &cell.value)) {
                let message = "another row says something else of the same, on the same day";
                let finding = Diagnostic::new(&run::CONFLICTING_ROWS, message);
                return Err((column, finding.hint("keep the row that is right")));
            }
            said.push((base.clone(), cell.value.clone()));
            let (held, cell) = match self.held(row, cell, day, base.clone()) {
                Said::New { .. } => {
                    let value = layout.value(cell).map_err(|it| (column.clone(), it))?;
                    let cell = Cell { value, ..cell.clone() };
                    (self.held(row, &cell, day, base), cell)
                }
                held => (held, cell.clone()),
            };
            let cell = &cell;
            match held {
                Said::Same => news.unchanged += 1,
                Said::Corrected => news.superseded += 1,
                Said::New { id, supersedes } => {
                    news.facts.push(fact(row, cell, day, now, (id, supersedes)));
                    news.columns.push(cell.fact.clone());
                }
            }
        }
        // Only a row that is taken whole counts for those behind it.
        self.said.extend(said);
        for fact in &news.facts {
            if let Some(corrected) = &fact.supersedes {
                self.falls(corrected, fact);
            }
            self.add(fact.clone());
        }
        Ok(news)
    }

    /// What a cell is against what is stored.
    fn held(&self, row: &Row, cell: &Cell, day: i64, base: String) -> Said {
        let whom = (row.household.clone(), row.member.clone());
        let none = Vec::new();
        let all = self.facts.get(&(whom, cell.fact.clone())).unwrap_or(&none);
        let live = || all.iter().filter(|it| self.stands(it));
        let is_told = |it: &FactRow| it.valid_from == day && is_same(&it.value, &cell.value);
        if live().any(is_told) {
            return Said::Same;
        }
        if cell.is_lasting {
            let before = live().filter(|it| it.valid_from <= day);
            let latest =
                before.max_by_key(|it| (it.valid_to.unwrap_or(it.valid_from), it.recorded_at));
            if latest.is_some_and(|it| it.valid_to.is_none() && is_same(&it.value, &cell.value)) {
                return Said::Same;
            }
        }
        // What was said of this before by the same source: a row of corrections.
        let base = self.unspent(base);
        let mut last: Option<&FactRow> = None;
        let mut next = Some(&base);
        while let Some(found) = next.and_then(|id| all.iter().find(|it| it.fact_id == *id)) {
            if is_same(&found.value, &cell.value) {
                return Said::Corrected;
            }
            last = Some(found);
            next = self.superseded.get(&found.fact_id);
        }
        match last {
            None => Said::New { id: base, supersedes: None },
            Some(last) => Said::New {
                id: self.unspent(id(&[&last.fact_id, &cell.value])),
                supersedes: Some(last.fact_id.clone()),
            },
        }
    }
}

fn fact(
    row: &Row,
    cell: &Cell,
    day: i64,
    now: i64,
    (fact_id, supersedes): (String, Option<String>),
) -> FactRow {
    FactRow {
        subject: Subject::Household(row.household.clone()),
        fact_id,
        member_id: row.member.clone(),
        fact: cell.fact.clone(),
        value: cell.value.clone(),
        valid_from: day,
        valid_to: None,
        recorded_at: now,
        source: row.source.clone(),
        supersedes,
        // Which import it was is noted beside its facts.
        reason: None,
    }
}

/// An id that follows from parts.
fn id(parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    format!("w{}", &hasher.finalize().to_hex().as_str()[..40])
}

/// Whether two values say the same: `1200` and `1200.0` do.
fn is_same(one: &str, other: &str) -> bool {
    one == other || number(one).is_some_and(|it| number(other) == Some(it))
}
