//! What several households share: the facts of sites, and of members that moved.
//!
//! A table of facts is sorted by household, and a member's facts follow the member. So before the
//! households are streamed, the table is read twice: [`MoverScan`] finds the members whose facts
//! lie under more than one household, or who belong to another than they lie under; [`SharedScan`]
//! keeps their facts and those of sites. Memory grows with movers and sites, and with about two
//! bytes for each other member. A member taken for a mover by mistake changes nothing.
//!
//! A correction recorded under another household or about another member than what it corrects is
//! kept here too, by the id of the fact that leaves. Unsorted tables give the same panel; they only
//! take more memory.

use super::codes::MEMBER_OF;
use super::columns::Columns;
use super::known::hash;
use super::seen::Seen;
use super::{Fact, FactCodes, Facts, from_source_with};
use arrow::array::{ArrayRef, BooleanArray, RecordBatch};
use arrow::compute::{cast, concat_batches, filter_record_batch};
use arrow::datatypes::{DataType, Field, Schema};
use base::Diagnostic;
use base::codes::monitor::FACTS_COLUMN;
use jiff::Timestamp;
use pack::Pack;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Facts that the households of a run share.
#[derive(Clone, Debug)]
pub struct Shared {
    pub(crate) facts: Facts,
    /// Facts of each mover, by member.
    pub(crate) movers: HashMap<String, Vec<Fact>>,
    /// The movers that ever belonged to a household, by household.
    pub(crate) residents: HashMap<String, Vec<String>>,
    /// Facts of each site; see [`Shared::sites`] for the order.
    pub(crate) sites: HashMap<String, Vec<Fact>>,
    /// Facts corrected from elsewhere.
    pub(crate) superseded: HashSet<String>,
}

/// First reading: finds movers. Give it every batch of the table in order.
#[derive(Debug)]
pub struct MoverScan {
    latest: i64,
    seen: Seen,
    movers: HashSet<u64>,
    superseded: HashSet<String>,
    run: Run,
}

/// Second reading: keeps the facts of movers and sites. Give it every batch of the table.
#[derive(Debug)]
pub struct SharedScan {
    movers: HashSet<u64>,
    superseded: HashSet<String>,
    kept: Vec<RecordBatch>,
}

/// What is known of the household being read.
#[derive(Debug, Default)]
struct Run {
    household: Option<String>,
    /// Hashes of its members, with repeats.
    members: Vec<u64>,
    /// Its facts: hash of the id, hash of the member or site.
    facts: Vec<(u64, u64)>,
    /// Its corrections: the fact that leaves, hash of the member or site.
    corrections: Vec<(String, u64)>,
}

/// Reads a table twice and gives what its households share.
///
/// `open` starts a reading: all batches of the table, in the same order each time. It is called
/// twice. The first reading needs the columns [`MoverScan::COLUMNS`] alone.
pub fn shared_from_source<E, I>(
    pack: &Pack,
    as_of: Option<Timestamp>,
    mut open: impl FnMut() -> Result<I, E>,
) -> Result<Shared, E>
where
    I: IntoIterator<Item = Result<RecordBatch, E>>,
    E: From<Diagnostic>,
{
    let mut scan = MoverScan::new(as_of);
    for batch in open()? {
        scan.read(&batch?)?;
    }
    let mut scan = scan.finish();
    for batch in open()? {
        scan.read(&batch?)?;
    }
    Ok(scan.finish(pack, as_of)?)
}

impl Shared {
    /// Nothing shared: for households that nobody moved between and that live on no site.
    pub fn none(pack: &Pack) -> Shared {
        Shared::index(Facts::none(&FactCodes::new(pack)), HashSet::new())
    }

    /// How many members are treated as movers.
    pub fn movers(&self) -> usize {
        self.movers.len()
    }

    /// How many sites have facts.
    pub fn sites(&self) -> usize {
        self.sites.len()
    }

    fn index(facts: Facts, superseded: HashSet<String>) -> Shared {
        let (mut movers, mut sites) = (HashMap::new(), HashMap::new());
        let mut residents: HashMap<String, Vec<String>> = HashMap::new();
        if let Some(columns) = &facts.columns {
            movers = by_name(&facts.facts, columns, &superseded, |row| columns.member.get(row));
            sites = by_name(&facts.facts, columns, &superseded, |row| {
                let about_site = columns.member.get(row).is_none();
                about_site.then(|| columns.site.get(row)).flatten()
            });
            for (member, facts_of) in &movers {
                for home in homes(facts_of, facts.codes.reserved.member_of, columns) {
                    residents.entry(home.to_owned()).or_default().push(member.clone());
                }
            }
            residents.values_mut().for_each(|it| it.sort_unstable());
        }
        Shared { facts, movers, residents, sites, superseded }
    }
}

/// Groups shared facts by a name in their row.
fn by_name<'a>(
    facts: &[Fact],
    columns: &Columns,
    superseded: &HashSet<String>,
    name: impl Fn(usize) -> Option<&'a str>,
) -> HashMap<String, Vec<Fact>> {
    let mut groups: HashMap<String, Vec<Fact>> = HashMap::new();
    for &fact in facts {
        let row = fact.row as usize;
        let id = columns.fact_id.get(row).unwrap_or_default();
        let Some(name) = name(row).filter(|_| !superseded.contains(id)) else { continue };
        let fact = Fact { is_shared: true, ..fact };
        match groups.get_mut(name) {
            Some(group) => group.push(fact),
            None => drop(groups.insert(name.to_owned(), vec![fact])),
        }
    }
    groups
}

/// The households a mover ever belonged to: those its `registry.member_of` name; without any, the
/// household that its latest recorded fact lies under.
fn homes<'a>(facts: &[Fact], member_of: u16, columns: &'a Columns) -> Vec<&'a str> {
    let stated = facts.iter().filter(|it| it.code == member_of);
    let mut homes: Vec<&str> =
        stated.filter_map(|it| columns.value.get(it.row as usize)).collect();
    if homes.is_empty() {
        let id = |it: &Fact| columns.fact_id.get(it.row as usize);
        let latest = facts.iter().max_by(|left, right| {
            left.recorded.cmp(&right.recorded).then_with(|| id(left).cmp(&id(right)))
        });
        homes.extend(latest.and_then(|it| columns.household.get(it.row as usize)));
    }
    homes.sort_unstable();
    homes.dedup();
    homes
}

impl MoverScan {
    /// The columns that this reading needs.
    pub const COLUMNS: [&str; 9] = [
        "fact_id",
        "household_id",
        "member_id",
        "site_id",
        "fact",
        "value",
        "valid_from",
        "recorded_at",
        "supersedes",
    ];

    /// Starts a reading of what had been recorded by `as_of`.
    pub fn new(as_of: Option<Timestamp>) -> MoverScan {
        MoverScan {
            latest: as_of.map_or(i64::MAX, Timestamp::as_microsecond),
            seen: Seen::default(),
            movers: HashSet::new(),
            superseded: HashSet::new(),
            run: Run::default(),
        }
    }

    /// Reads a batch; a household may go on in the next one.
    pub fn read(&mut self, batch: &RecordBatch) -> Result<(), Diagnostic> {
        let columns = Columns::read(batch).map_err(|it| it.diagnostic())?;
        for row in 0..columns.rows {
            if columns.recorded(row).is_none_or(|it| it > self.latest) {
                continue;
            }
            let household = columns.household.get(row);
            if household != self.run.household.as_deref() {
                self.end_run();
                self.run.household = household.map(str::to_owned);
            }
            self.note(&columns, row);
        }
        Ok(())
    }

    /// Ends the first reading.
    pub fn finish(mut self) -> SharedScan {
        self.end_run();
        SharedScan { movers: self.movers, superseded: self.superseded, kept: Vec::new() }
    }

    fn note(&mut self, columns: &Columns, row: usize) {
        let run = &mut self.run;
        let mut subject = columns.site.get(row).map_or(0, hash);
        if let Some(member) = columns.member.get(row) {
            subject = hash(member);
            run.members.push(subject);
            let elsewhere = columns.value.get(row) != run.household.as_deref();
            if elsewhere && columns.fact.get(row) == Some(MEMBER_OF) {
                self.movers.insert(subject);
            }
        }
        run.facts.push((hash(columns.fact_id.get(row).unwrap_or_default()), subject));
        if let Some(leaves) = columns.supersedes.get(row) {
            run.corrections.push((leaves.to_owned(), subject));
        }
    }

    fn end_run(&mut self) {
        let run = &mut self.run;
        run.members.sort_unstable();
        run.members.dedup();
        for &member in &run.members {
            if self.seen.insert(member) || run.household.is_none() {
                self.movers.insert(member);
            }
        }
        if !run.corrections.is_empty() {
            run.facts.sort_unstable();
            for (leaves, subject) in run.corrections.drain(..) {
                if run.facts.binary_search(&(hash(&leaves), subject)).is_err() {
                    self.superseded.insert(leaves);
                }
            }
        }
        run.members.clear();
        run.facts.clear();
    }
}

impl SharedScan {
    /// Reads a batch.
    pub fn read(&mut self, batch: &RecordBatch) -> Result<(), Diagnostic> {
        let columns = Columns::read(batch).map_err(|it| it.diagnostic())?;
        let is_kept = |row| match columns.member.get(row) {
            Some(member) => self.movers.contains(&hash(member)),
            None => columns.site.get(row).is_some(),
        };
        let mask: BooleanArray = (0..columns.rows).map(|row| Some(is_kept(row))).collect();
        if mask.true_count() > 0 {
            let kept = filter_record_batch(batch, &mask).map_err(unreadable)?;
            self.kept.push(plain(&kept)?);
        }
        Ok(())
    }

    /// Ends the second reading. `as_of` is the one the first reading was given.
    pub fn finish(self, pack: &Pack, as_of: Option<Timestamp>) -> Result<Shared, Diagnostic> {
        let codes = FactCodes::new(pack);
        let Some(first) = self.kept.first() else {
            return Ok(Shared::index(Facts::none(&codes), self.superseded));
        };
        let all = concat_batches(&first.schema(), &self.kept).map_err(unreadable)?;
        // The rejects of these rows are reported where their households are read.
        let (facts, _) = from_source_with(&all, &codes, as_of);
        Ok(Shared::index(facts, self.superseded))
    }
}

/// A batch without dictionaries, so that batches with different ones can be joined.
pub(crate) fn plain(batch: &RecordBatch) -> Result<RecordBatch, Diagnostic> {
    let (mut fields, mut columns) = (Vec::new(), Vec::new());
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        let is_text = matches!(column.data_type(), DataType::Dictionary(..));
        let column: ArrayRef = match is_text {
            true => cast(column, &DataType::Utf8).map_err(unreadable)?,
            false => column.clone(),
        };
        fields.push(Field::new(field.name(), column.data_type().clone(), true));
        columns.push(column);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(unreadable)
}

pub(crate) fn unreadable(error: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new(&FACTS_COLUMN, format!("the facts cannot be read: {error}"))
}
