//! Which cells of a row say something else than what is stored.

use super::Layout;
use super::cells::{Cell, Row};
use super::told::Told;
use base::Diagnostic;
use base::codes::{jobs, run};
use foldhash::fast::RandomState;
use monitor::facts::number;
use smallvec::SmallVec;
use std::collections::HashMap;
use store::Tx;
use store::facts::{FactRow, Subject};

/// What is stored of some households, and what rows before said.
pub struct Stored {
    told: Told,
    /// Ids that rows of the household gave values to.
    said: HashMap<String, String, RandomState>,
    household: String,
}

/// What a row says that is new; its facts stay with what was told.
#[derive(Default)]
pub struct News {
    /// Of each of its facts the place of the cell.
    pub cells: Vec<usize>,
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
        let told = Told::of(tx, rows.iter().map(|it| it.household.as_str()).collect())?;
        Ok(Self { told, said: HashMap::default(), household: String::new() })
    }

    /// Where a household lives, as its facts say.
    pub fn area(&self, household: &str) -> Option<String> {
        self.told.area(household)
    }

    /// The facts that rows said and nobody before, in the order of [`Stored::take`].
    pub fn into_news(self) -> Vec<FactRow> {
        self.told.into_news()
    }

    /// Takes a row, or gives the column that cannot become a fact, and why. Rows of a household
    /// come one after another.
    pub fn take(
        &mut self,
        row: &Row,
        layout: &Layout,
        now: i64,
    ) -> Result<News, (Option<String>, Diagnostic)> {
        if self.household != row.household {
            self.household.clone_from(&row.household);
            self.said.clear();
        }
        let (mut news, mut fresh) = (News::default(), Vec::new());
        let mut said = Vec::with_capacity(row.cells.len());
        for (position, cell) in row.cells.iter().enumerate() {
            let column = || Some(cell.fact.clone());
            let Some(day) = cell.day.or(row.day) else {
                let finding = Diagnostic::new(&jobs::NO_DATE, "there is a value and no date");
                let hint = "fill in the column `date`, or give one date for the whole file";
                return Err((column(), finding.hint(hint)));
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
                return Err((column(), finding.hint("keep the row that is right")));
            }
            let mut value = None;
            let mut held = self.held((row, cell, &cell.value), day, &base);
            if matches!(held, Said::New { .. }) {
                let understood = layout.value(cell).map_err(|it| (column(), it))?;
                if understood != cell.value {
                    held = self.held((row, cell, &understood), day, &base);
                }
                value = Some(understood);
            }
            said.push((base, cell.value.clone()));
            match held {
                Said::Same => news.unchanged += 1,
                Said::Corrected => news.superseded += 1,
                Said::New { id, supersedes } => {
                    let value = value.unwrap_or_else(|| cell.value.clone());
                    fresh.push(fact(row, (cell, value), day, now, (id, supersedes)));
                    news.cells.push(position);
                }
            }
        }
        // Only a row that is taken whole counts for those behind it.
        self.said.extend(said);
        fresh.into_iter().for_each(|it| self.told.add(it));
        Ok(news)
    }

    /// What a value of a cell is against what is stored.
    fn held(&self, (row, cell, value): (&Row, &Cell, &str), day: i64, base: &str) -> Said {
        let all = self.told.under(&row.household, row.member.as_deref(), &cell.fact);
        let all: SmallVec<[&FactRow; 4]> = all.collect();
        let live = || all.iter().filter(|it| self.told.stands(it));
        if live().any(|it| it.valid_from == day && is_same(&it.value, value)) {
            return Said::Same;
        }
        if cell.is_lasting {
            let before = live().filter(|it| it.valid_from <= day);
            let latest =
                before.max_by_key(|it| (it.valid_to.unwrap_or(it.valid_from), it.recorded_at));
            if latest.is_some_and(|it| it.valid_to.is_none() && is_same(&it.value, value)) {
                return Said::Same;
            }
        }
        // What was said of this before by the same source: a row of corrections.
        let base = self.unspent(base.to_owned());
        let mut last: Option<&FactRow> = None;
        let mut next = Some(base.as_str());
        while let Some(found) = next.and_then(|id| all.iter().find(|it| it.fact_id == id)) {
            if is_same(&found.value, value) {
                return Said::Corrected;
            }
            last = Some(found);
            next = self.told.correction(&found.fact_id).map(String::as_str);
        }
        match last {
            Some(last) => Said::New {
                id: self.unspent(id(&[&last.fact_id, value])),
                supersedes: Some(last.fact_id.clone()),
            },
            None => Said::New { id: base, supersedes: None },
        }
    }

    /// An id under which something may be said: once it was taken back, it is said under another.
    fn unspent(&self, mut id: String) -> String {
        while let Some(retraction) = self.told.retraction(&id) {
            id = self::id(&[retraction]);
        }
        id
    }
}

fn fact(
    row: &Row,
    (cell, value): (&Cell, String),
    day: i64,
    now: i64,
    (fact_id, supersedes): (String, Option<String>),
) -> FactRow {
    FactRow {
        subject: Subject::Household(row.household.clone()),
        fact_id,
        member_id: row.member.clone(),
        fact: cell.fact.clone(),
        value,
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
