//! What is asked of an import, and what came of it.

use crate::Refused;
use crate::access::Action;
use crate::people;
use base::Diagnostic;
use base::codes::run as codes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tables::Reject;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One dated observation a row.
    Facts,
    /// One household a row, a column for each thing known of it.
    Households,
    /// One member of a household a row.
    Members,
    /// One area a row.
    Areas,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 4] = [Kind::Facts, Kind::Households, Kind::Members, Kind::Areas];

    /// The word used in requests.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Facts => "facts",
            Kind::Households => "households",
            Kind::Members => "members",
            Kind::Areas => "areas",
        }
    }

    /// What whoever imports it must be allowed.
    pub const fn action(self) -> Action {
        match self {
            Kind::Areas => Action::ManageAreas,
            Kind::Facts | Kind::Households | Kind::Members => Action::Import,
        }
    }

    /// Reads [`Kind::name`].
    pub fn parse(text: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|it| it.name() == text)
    }
}

/// What is asked of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRequest {
    /// What the files hold.
    pub kind: Kind,
    /// Whether everything is checked and nothing kept.
    pub is_dry: bool,
    /// Which column holds what: target → column. The others are found by their names.
    pub columns: BTreeMap<String, String>,
    /// The day of everything whose row says none, e.g. `2020-06-30`.
    pub date: Option<String>,
    /// Who told everything whose row does not say.
    pub source: Option<String>,
    /// Whether columns that say who members are go into the registry; whoever may not write people
    /// has them left out.
    #[serde(default)]
    pub registers_people: bool,
}

impl ImportRequest {
    /// An import of facts.
    ///
    /// # Errors
    /// A column that is not written `TARGET=COLUMN`.
    pub fn facts(columns: &[String], is_dry: bool) -> Result<Self, Refused> {
        let columns = Self::parsed(columns)?;
        Ok(Self {
            kind: Kind::Facts,
            is_dry,
            columns,
            date: None,
            source: None,
            registers_people: false,
        })
    }

    /// Reads `TARGET=COLUMN`.
    ///
    /// # Errors
    /// Every text that is not written so.
    pub fn parsed(columns: &[String]) -> Result<BTreeMap<String, String>, Refused> {
        let mut mapping = tables::Mapping::default();
        let mut findings = Vec::new();
        for column in columns {
            if let Err(why) = mapping.add(column) {
                let finding = Diagnostic::new(&codes::BAD_OPTION, format!("--column {why}"));
                findings.push(finding.hint("write it like --column period=年月"));
            }
        }
        if findings.is_empty() { Ok(mapping.0) } else { Err(findings) }
    }
}

/// Which table of the files a row stood in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The file itself.
    First,
    /// The second sheet of its workbook.
    Second,
}

/// What became of files.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// Rows read.
    pub rows: u64,
    /// Facts, or areas, stored now.
    pub accepted: u64,
    /// Facts, or areas, stored before.
    pub known: u64,
    /// Cells that say what is stored already.
    pub unchanged: u64,
    /// Cells that say what was corrected since, and change nothing.
    pub superseded: u64,
    /// Rows that were not taken.
    pub rejects: Vec<Reject>,
    /// What became of people who stood in the files; its rejected ones are among the rejects.
    pub people: people::Receipt,
    /// Households that were scored again.
    pub scored: u64,
    /// Columns that were not used, and the like.
    pub notes: Vec<Diagnostic>,
}

impl Imported {
    /// Rows that were not taken, by code of the reason.
    pub fn reasons(&self) -> BTreeMap<&'static str, u64> {
        let mut reasons = BTreeMap::new();
        for it in &self.rejects {
            *reasons.entry(it.code.id).or_default() += 1;
        }
        reasons
    }

    /// How many rows were not taken, each once.
    pub fn rejected_rows(&self) -> usize {
        let rows = self.rejects.iter().map(|it| (it.file.as_str(), it.line));
        rows.collect::<std::collections::BTreeSet<_>>().len()
    }

    /// Rejects of a part, by line.
    pub fn rejects_of(&self, part: Part) -> Vec<&Reject> {
        let is_second = |it: &&Reject| it.file.ends_with("#2") == (part == Part::Second);
        let mut found: Vec<&Reject> = self.rejects.iter().filter(is_second).collect();
        found.sort_by_key(|it| it.line);
        found
    }
}
