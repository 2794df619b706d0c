//! Households or members with the latest of everything known of them, each with its day: what
//! comes in again as it went out.

use super::codes_of;
use super::rows::batch;
use crate::live::Kind;
use crate::live::standing::standing;
use arrow::array::{ArrayRef, Date32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use base::Diagnostic;
use monitor::facts::MEMBER_OF;
use pack::Pack;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::facts::{FactRow, Subject};

/// The columns of an export.
pub struct Wide {
    kind: Kind,
    codes: Vec<String>,
}

/// Household, and member where it is one; the latest fact of each code.
type Known = BTreeMap<(String, Option<String>), BTreeMap<String, FactRow>>;

impl Wide {
    /// A pair of columns for each code that a pack asks for.
    pub fn of(pack: &Pack, kind: Kind) -> Self {
        Self { kind, codes: codes_of(pack, kind) }
    }

    /// Ids, then pairs of value and day.
    pub fn schema(&self) -> SchemaRef {
        let mut fields = vec![Field::new("household_id", DataType::Utf8, true)];
        if self.kind == Kind::Members {
            fields.push(Field::new("member_id", DataType::Utf8, true));
            fields.push(Field::new("date", DataType::Date32, true));
        }
        for code in &self.codes {
            fields.push(Field::new(code, DataType::Utf8, true));
            fields.push(Field::new(format!("{code}__date"), DataType::Date32, true));
        }
        Arc::new(Schema::new(fields))
    }

    /// The rows of some households.
    pub fn batch(
        &self,
        schema: &SchemaRef,
        ids: &[String],
        facts: Vec<FactRow>,
    ) -> Result<RecordBatch, Diagnostic> {
        let mut known = latest(facts);
        match self.kind {
            // One that left, or that is only spoken of, belongs to another household.
            Kind::Members => known.retain(|(household, member), facts| {
                member.is_some() && facts.get(MEMBER_OF).is_some_and(|it| it.value == *household)
            }),
            _ => {
                known.retain(|it, _| it.1.is_none());
                for it in ids {
                    known.entry((it.clone(), None)).or_default();
                }
            }
        }
        let text = |texts: Vec<Option<&str>>| -> ArrayRef { Arc::new(StringArray::from(texts)) };
        let mut columns = vec![text(known.keys().map(|it| Some(it.0.as_str())).collect())];
        let day = |code: &str| -> ArrayRef {
            let days = known.values().map(|it| it.get(code).map(|it| it.valid_from));
            Arc::new(
                days.map(|it| it.and_then(|it| i32::try_from(it).ok())).collect::<Date32Array>(),
            )
        };
        if self.kind == Kind::Members {
            columns.push(text(known.keys().map(|it| it.1.as_deref()).collect()));
            columns.push(day(MEMBER_OF));
        }
        for code in &self.codes {
            let value = |it: &'_ BTreeMap<String, FactRow>| it.get(code).map(|it| it.value.clone());
            columns.push(Arc::new(known.values().map(value).collect::<StringArray>()));
            columns.push(day(code));
        }
        batch(schema, columns)
    }
}

/// The latest fact of each code that stands.
fn latest(facts: Vec<FactRow>) -> Known {
    let mut known = Known::new();
    for fact in standing(facts) {
        let Subject::Household(household) = &fact.subject else { continue };
        let whom = (household.clone(), fact.member_id.clone());
        let at = |it: &FactRow| (it.valid_from, it.recorded_at);
        let codes = known.entry(whom).or_default();
        if codes.get(&fact.fact).is_none_or(|it| at(it) <= at(&fact)) {
            codes.insert(fact.fact.clone(), fact);
        }
    }
    known
}
