//! Facts: dated, sourced observations, as a source gives them.
//!
//! Facts recorded after the cut leave, those that stand no more leave, and the same fact told twice
//! counts once. Nothing is computed here.

mod settled;
mod shared;
mod standing;

pub use settled::settle;
pub use shared::{MemberCounts, Shared};
pub use standing::{Claim, fallen, holding};

use crate::panel::period_of;
use crate::rows::{arrow_fault, column};
use arrow::array::TimestampMicrosecondArray;
use arrow::array::{Array, ArrayRef, AsArray, Date32Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, TimeUnit, TimestampMicrosecondType};
use base::{Diagnostic, PeriodKind};
use compact_str::CompactString;
use pack::Pack;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// The area a household lives in.
pub const AREA: &str = "registry.area";
/// The settlement site a household lives in.
pub const SITE: &str = "registry.site";
/// The household ended.
pub const CLOSED: &str = "registry.closed";
/// The household a member belongs to.
pub const MEMBER_OF: &str = "registry.member_of";
/// The member died, moved or married away.
pub const MEMBER_LEFT: &str = "registry.member_left";
/// The fact that it supersedes was told by mistake: it counts as never told.
pub const RETRACTED: &str = "registry.retracted";

/// The number of [`RETRACTED`], whatever else a pack asks for.
const RETRACTION: u16 = u16::MAX;

/// Codes that a pack asks for, as small numbers, and the kind of its periods.
#[derive(Clone, Debug)]
pub struct FactCodes {
    numbers: HashMap<String, u16>,
    id: u64,
    kind: PeriodKind,
    /// Periods of the days from 1970-01-01 on that facts are about most of the time.
    periods: Arc<[Option<i32>]>,
}

/// Up to the year 2079.
const DAYS_KNOWN: i32 = 40_000;

impl FactCodes {
    /// The reserved codes, those of the pack's attributes and those of its triggers.
    pub fn of(pack: &Pack) -> Self {
        let reserved = [AREA, SITE, CLOSED, MEMBER_OF, MEMBER_LEFT].map(str::to_owned);
        let attributes =
            pack.attributes.iter().filter_map(|it| Some(it.from.as_ref()?.fact.clone()));
        let triggers = pack.triggers.iter().filter_map(|it| it.fact.clone());
        let all: BTreeSet<String> =
            reserved.into_iter().chain(attributes).chain(triggers).collect();
        let kind = pack.period_kind;
        let periods = (0..DAYS_KNOWN).map(|it| period_of(kind, it)).collect();
        let mut hasher = DefaultHasher::new();
        all.hash(&mut hasher);
        let id = hasher.finish();
        let mut numbers: HashMap<String, u16> = all.into_iter().zip(0u16..).collect();
        numbers.insert(RETRACTED.to_owned(), RETRACTION);
        Self { numbers, id, kind, periods }
    }

    /// A number of the whole list: equal lists have equal ones while a program runs.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The period of a day, counted from 1970-01-01.
    pub fn period(&self, day: i32) -> Option<i32> {
        let known = usize::try_from(day).ok().and_then(|it| self.periods.get(it));
        known.copied().unwrap_or_else(|| period_of(self.kind, day))
    }

    /// The number of a code.
    pub fn number(&self, code: &str) -> Option<u16> {
        self.numbers.get(code).copied()
    }
}

/// One fact that counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Its id.
    pub id: CompactString,
    /// Household it was recorded under; empty for site facts.
    pub household: CompactString,
    /// Member it is about.
    pub member: Option<CompactString>,
    /// Settlement site it is about.
    pub site: Option<CompactString>,
    /// Number of its code.
    pub code: u16,
    /// Its value as written.
    pub text: CompactString,
    /// Its value as a number: true is 1, false 0.
    pub number: Option<f64>,
    /// First day, in days since 1970-01-01.
    pub from: i32,
    /// Last day; `None`: open.
    pub to: Option<i32>,
    /// Period of the first day (see [`FactCodes::period`]): looked up once, needed often.
    pub begins: Option<i32>,
    /// Period of [`Fact::day`].
    pub at: Option<i32>,
    /// When it was learned, in microseconds since 1970-01-01 UTC.
    pub recorded_at: i64,
    /// The fact it corrects.
    pub supersedes: Option<CompactString>,
}

impl Fact {
    /// The day that decides to which period an amount belongs.
    pub fn day(&self) -> i32 {
        self.to.unwrap_or(self.from)
    }

    /// What it says of another one.
    fn claim(&self) -> Option<Claim<'_>> {
        let is_retraction = self.code == RETRACTION;
        Some(Claim { id: &self.id, of: self.supersedes.as_deref()?, is_retraction })
    }
}

/// What was left out while reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Facts recorded after the cut.
    pub later: u64,
    /// Facts with a code that nothing asks for, by code.
    pub unknown_codes: BTreeMap<String, u64>,
    /// Facts without a first day, a value or a code.
    pub incomplete: u64,
}

impl LeftOut {
    /// Adds what another part left out.
    pub fn add(&mut self, other: LeftOut) {
        self.later += other.later;
        self.incomplete += other.incomplete;
        for (code, count) in other.unknown_codes {
            *self.unknown_codes.entry(code).or_default() += count;
        }
    }
}

struct Texts(StringArray);

impl Texts {
    fn of(batch: &RecordBatch, name: &str) -> Result<Self, Diagnostic> {
        let found = cast(column(batch, name)?, &DataType::Utf8).map_err(arrow_fault)?;
        Ok(Self(found.as_string::<i32>().clone()))
    }

    fn get(&self, row: usize) -> Option<&str> {
        (self.0.is_valid(row) && !self.0.value(row).is_empty()).then(|| self.0.value(row))
    }
}

fn dates(batch: &RecordBatch, name: &str) -> Result<Date32Array, Diagnostic> {
    let found: ArrayRef = cast(column(batch, name)?, &DataType::Date32).map_err(arrow_fault)?;
    Ok(found.as_primitive::<Date32Type>().clone())
}

fn instants(batch: &RecordBatch, name: &str) -> Result<TimestampMicrosecondArray, Diagnostic> {
    let wanted = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let found = cast(column(batch, name)?, &wanted).map_err(arrow_fault)?;
    Ok(found.as_primitive::<TimestampMicrosecondType>().clone())
}

/// Reads the facts of a batch that count at `as_of` (microseconds; `None`: all). Superseded facts
/// are still among them, because what supersedes them may stand in another batch of the same
/// subject: see [`settle`].
pub fn from_source(
    batch: &RecordBatch,
    codes: &FactCodes,
    as_of: Option<i64>,
) -> Result<(Vec<Fact>, LeftOut), Diagnostic> {
    let (ids, households) = (Texts::of(batch, "fact_id")?, Texts::of(batch, "household_id")?);
    let (members, sites) = (Texts::of(batch, "member_id")?, Texts::of(batch, "site_id")?);
    let (kinds, values) = (Texts::of(batch, "fact")?, Texts::of(batch, "value")?);
    let supersedes = Texts::of(batch, "supersedes")?;
    let (from, to) = (dates(batch, "valid_from")?, dates(batch, "valid_to")?);
    let recorded = instants(batch, "recorded_at")?;
    let (mut facts, mut left_out) = (Vec::with_capacity(batch.num_rows()), LeftOut::default());
    for row in 0..batch.num_rows() {
        let recorded_at = if recorded.is_valid(row) { recorded.value(row) } else { i64::MIN };
        if as_of.is_some_and(|it| recorded_at > it) {
            left_out.later += 1;
            continue;
        }
        let (Some(kind), Some(value)) = (kinds.get(row), values.get(row)) else {
            left_out.incomplete += 1;
            continue;
        };
        if from.is_null(row) {
            left_out.incomplete += 1;
            continue;
        }
        let Some(code) = codes.number(kind) else {
            *left_out.unknown_codes.entry(kind.to_owned()).or_default() += 1;
            continue;
        };
        let (first, last) = (from.value(row), to.is_valid(row).then(|| to.value(row)));
        facts.push(Fact {
            id: ids.get(row).unwrap_or_default().into(),
            household: households.get(row).unwrap_or_default().into(),
            member: members.get(row).map(CompactString::from),
            site: sites.get(row).map(CompactString::from),
            code,
            text: value.into(),
            number: number(value),
            from: first,
            to: last,
            begins: codes.period(first),
            at: codes.period(last.unwrap_or(first)),
            recorded_at,
            supersedes: supersedes.get(row).map(CompactString::from),
        });
    }
    Ok((facts, left_out))
}

/// A value as a number: true is 1, false 0; `None` where it is none.
pub fn number(text: &str) -> Option<f64> {
    match text {
        "true" => Some(1.0),
        "false" => Some(0.0),
        _ => text.parse().ok().filter(|it: &f64| it.is_finite()),
    }
}
