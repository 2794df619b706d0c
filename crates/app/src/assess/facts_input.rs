//! Facts as input: two passes for what households share, then panels made as they are judged.

use super::driver::Chunks;
use super::judge::Chunk;
use crate::Refused;
use crate::input::Files;
use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type};
use base::codes::run as codes;
use base::{Diagnostic, Period, PeriodKind};
use monitor::facts::{self, Fact, FactCodes, LeftOut, MemberCounts, Shared};
use monitor::panel::PanelMaker;
use monitor::warnings::TriggerFact;
use pack::Pack;
use std::collections::BTreeMap;
use std::sync::Arc;
use tables::{ColumnKind, ColumnSpec, Lines, ReadOptions, Reject, TableSpec};

/// Fact files with what was learned from going over them.
pub struct FactFiles {
    files: Files,
    codes: FactCodes,
    shared: Arc<Shared>,
    as_of: Option<i64>,
    last_day: Option<i32>,
    kind: PeriodKind,
    read: ReadOptions,
    left_out: LeftOut,
}

/// The columns of a fact table.
pub fn spec() -> TableSpec {
    let column = |name: &str, kind, is_required| ColumnSpec {
        name: name.to_owned(),
        sources: Vec::new(),
        kind,
        is_required,
    };
    let text = || ColumnKind::Text { categories: Vec::new() };
    TableSpec {
        columns: vec![
            column("household_id", ColumnKind::OptionalHouseholdId, true),
            column("fact_id", text(), true),
            column("member_id", text(), false),
            column("site_id", text(), false),
            column("fact", text(), true),
            column("value", text(), true),
            column("valid_from", ColumnKind::Date, true),
            column("valid_to", ColumnKind::Date, false),
            column("recorded_at", ColumnKind::Instant, true),
            column("source", text(), false),
            column("supersedes", text(), false),
            column("reason", text(), false),
        ],
    }
}

impl FactFiles {
    /// Opens fact files and goes over them twice: who moved, then the facts of movers and sites.
    pub fn open(
        pack: &Pack,
        files: &Files,
        as_of: Option<i64>,
        read: &ReadOptions,
    ) -> Result<Self, Refused> {
        if pack.period_kind == PeriodKind::Wave {
            let finding =
                Diagnostic::new(&codes::BAD_OPTION, "facts have dates and waves have none");
            return Err(vec![finding.hint("assess a pack of waves from a panel: --panel FILE")]);
        }
        let codes = FactCodes::of(pack);
        let one = |it: Diagnostic| vec![it];
        let mut counts = MemberCounts::default();
        let mut last_day: Option<i32> = None;
        let quiet = ReadOptions { progress: Arc::default(), ..read.clone() };
        for input in files.open(&spec())? {
            tables::each_batch(input, &quiet, &mut |rows| {
                note_members(rows, &mut counts);
                let days = rows.column_by_name("valid_from");
                let days = days.and_then(|it| it.as_primitive_opt::<Date32Type>());
                last_day = last_day.max(days.and_then(arrow::compute::max));
            })
            .map_err(one)?;
        }
        let (mut shared, mut left_out) = (Shared::default(), LeftOut::default());
        let mut fault = None;
        for input in files.open(&spec())? {
            tables::each_batch(input, &quiet, &mut |rows| match facts::from_source(
                rows, &codes, as_of,
            ) {
                Ok((facts, more)) => {
                    facts.iter().for_each(|it| shared.add(it, &counts));
                    left_out.add(more);
                }
                Err(finding) => fault = Some(finding),
            })
            .map_err(one)?;
        }
        if let Some(finding) = fault {
            return Err(vec![finding]);
        }
        shared.finish(&codes);
        let (files, read, kind) = (files.clone(), read.clone(), pack.period_kind);
        let shared = Arc::new(shared);
        Ok(Self { files, codes, shared, as_of, last_day, kind, read, left_out })
    }

    /// What was not used of the facts, and why.
    pub fn left_out(&self) -> Vec<Diagnostic> {
        let mut notes = Vec::new();
        let mut note = |count: u64, what: String, hint: &str| {
            if count > 0 {
                let message = format!("{count} facts were not used: {what}");
                notes.push(Diagnostic::new(&codes::FACTS_LEFT_OUT, message).hint(hint.to_owned()));
            }
        };
        let unknown: Vec<&str> = self.left_out.unknown_codes.keys().map(String::as_str).collect();
        let total = self.left_out.unknown_codes.values().sum();
        let hint = "give an attribute or a trigger of the pack this `fact`, or leave them";
        note(total, format!("nothing in the pack asks for {}", unknown.join(", ")), hint);
        let hint = "leave out --as-of to use everything";
        note(self.left_out.later, "they were recorded after the cut".to_owned(), hint);
        let hint = "fill in fact, value and valid_from";
        note(self.left_out.incomplete, "they lack a code, a value or a day".to_owned(), hint);
        notes
    }

    /// The period of the latest fact.
    pub fn latest(&self) -> Result<Period, Diagnostic> {
        let period = self.last_day.and_then(|day| {
            let epoch = jiff::civil::date(1970, 1, 1);
            let day = epoch.checked_add(jiff::Span::new().try_days(i64::from(day)).ok()?).ok()?;
            Period::containing(self.kind, day)
        });
        period.ok_or_else(|| {
            Diagnostic::new(&codes::NOTHING_TO_ASSESS, "the facts have no dates")
                .hint("check the column valid_from")
        })
    }

    /// Panels of whole households up to `period`, with enough history for bands and spells; of one
    /// household where `only` names it.
    pub fn chunks(
        &self,
        pack: &Arc<Pack>,
        period: Period,
        depth: u32,
        only: Option<&str>,
    ) -> Result<(Vec<Chunks>, Vec<Reject>), Refused> {
        let inputs = self.files.open(&spec())?;
        let aligned = tables::by_household(inputs, &self.read).map_err(|it| vec![it])?;
        let earlier = depth + pack.scoring.warnings.spell_periods;
        let chunks = aligned.partitions.into_iter().map(|partition| {
            let (pack, codes, shared) = (pack.clone(), self.codes.clone(), self.shared.clone());
            let only = only.map(str::to_owned);
            let as_of = self.as_of;
            let first = period.offset(-(earlier as i32));
            Box::new(partition.map(move |batch| {
                let wanted = |id: &str| only.as_deref().is_none_or(|it| it == id);
                chunk(&pack, &codes, &shared, as_of, (first, period), &batch?, &wanted)
            })) as Chunks
        });
        Ok((chunks.collect(), aligned.rejects))
    }
}

fn note_members(rows: &RecordBatch, counts: &mut MemberCounts) {
    let text = |name: &str| {
        let column = rows.column_by_name(name)?;
        arrow::compute::cast(column, &DataType::Utf8).ok()
    };
    let (Some(codes), Some(members)) = (text("fact"), text("member_id")) else { return };
    let (codes, members) = (codes.as_string::<i32>(), members.as_string::<i32>());
    for (code, member) in codes.iter().zip(members) {
        if let (Some(facts::MEMBER_OF), Some(member)) = (code, member) {
            counts.add(member);
        }
    }
}

fn chunk(
    pack: &Pack,
    codes: &FactCodes,
    shared: &Shared,
    as_of: Option<i64>,
    (first, last): (Period, Period),
    batch: &tables::Batch,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Chunk, Diagnostic> {
    let rows_read = batch.rows.num_rows() as u64;
    let (facts, _): (Vec<Fact>, LeftOut) = facts::from_source(&batch.rows, codes, as_of)?;
    let mut households: BTreeMap<String, Vec<Fact>> = BTreeMap::new();
    for fact in facts.into_iter().filter(|it| !it.household.is_empty() && wanted(&it.household)) {
        households.entry(fact.household.to_string()).or_default().push(fact);
    }
    Ok(Chunk { rows_read, ..from_facts(pack, codes, shared, (first, last), &households)? })
}

/// The panel of households from their facts, with what triggers look at.
pub(crate) fn from_facts(
    pack: &Pack,
    codes: &FactCodes,
    shared: &Shared,
    (first, last): (Period, Period),
    households: &BTreeMap<String, Vec<Fact>>,
) -> Result<Chunk, Diagnostic> {
    let settled: Vec<(&str, Vec<&Fact>)> =
        households.iter().map(|it| (it.0.as_str(), facts::settle(it.1.iter().collect()))).collect();
    let maker = PanelMaker::new(pack, codes, first, last);
    let rows = maker.from_facts(&settled, shared)?;
    let facts = trigger_facts(pack, codes, &settled);
    let lines = Lines::Each(Arc::default(), Vec::new());
    Ok(Chunk { rows, lines, facts, rejects: Vec::new(), rows_read: 0, stored: None })
}

/// The facts that some trigger looks at.
fn trigger_facts(
    pack: &Pack,
    codes: &FactCodes,
    households: &[(&str, Vec<&Fact>)],
) -> Vec<(String, TriggerFact)> {
    let wanted = pack.triggers.iter().filter_map(|it| it.fact.as_deref());
    let wanted: BTreeMap<u16, &str> =
        wanted.filter_map(|it| Some((codes.number(it)?, it))).collect();
    let mut found = Vec::new();
    for (household, facts) in households {
        // Settled facts come by code.
        for of_code in facts.chunk_by(|a, b| a.code == b.code) {
            let Some(code) = of_code.first().and_then(|it| wanted.get(&it.code)) else { continue };
            for fact in of_code {
                let Some(period) = fact.at else { continue };
                let fact = TriggerFact {
                    household: 0,
                    fact: (*code).to_owned(),
                    number: fact.number,
                    text: Some(fact.text.to_string()),
                    period,
                };
                found.push(((*household).to_owned(), fact));
            }
        }
    }
    found
}
