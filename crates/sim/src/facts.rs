//! The table of facts under construction.

use arrow::array::{
    ArrayRef, Date32Builder, RecordBatch, StringBuilder, StringDictionaryBuilder,
    TimestampMicrosecondBuilder,
};
use arrow::datatypes::{DataType, Field, Int32Type, Schema, SchemaRef, TimeUnit};
use base::Period;
use std::sync::Arc;

/// A day in days since 1970-01-01.
pub type Day = i32;

/// A fact to be reported.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its id.
    pub id: String,
    /// Household; `None` for a site.
    pub household: Option<String>,
    /// Member.
    pub member: Option<String>,
    /// Site.
    pub site: Option<String>,
    /// Code.
    pub code: &'static str,
    /// Value as text.
    pub value: String,
    /// First day.
    pub from: Day,
    /// Last day; `None`: open.
    pub to: Option<Day>,
    /// Day on which it was learned.
    pub recorded: Day,
    /// Department.
    pub source: &'static str,
    /// The fact it corrects.
    pub supersedes: Option<String>,
}

/// First and last day of a month.
pub fn days_of(month: Period) -> (Day, Day) {
    let epoch = jiff::civil::date(1970, 1, 1);
    let day = |date: Option<jiff::civil::Date>| {
        date.and_then(|it| it.since(epoch).ok()).map_or(0, |it| it.get_days())
    };
    (day(month.first_day()), day(month.last_day()))
}

/// The schema of the table.
pub fn schema() -> SchemaRef {
    let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let text = |name: &str, nullable| Field::new(name, DataType::Utf8, nullable);
    let word = |name: &str, nullable| Field::new(name, dictionary.clone(), nullable);
    Arc::new(Schema::new(vec![
        text("fact_id", false),
        word("household_id", true),
        text("member_id", true),
        text("site_id", true),
        word("fact", false),
        text("value", false),
        Field::new("valid_from", DataType::Date32, false),
        Field::new("valid_to", DataType::Date32, true),
        Field::new(
            "recorded_at",
            DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            false,
        ),
        word("source", true),
        text("supersedes", true),
    ]))
}

/// The table.
pub fn to_batch(facts: &[Fact]) -> Result<RecordBatch, arrow::error::ArrowError> {
    let text = |value: &dyn Fn(&Fact) -> Option<&str>| -> ArrayRef {
        let mut builder = StringBuilder::new();
        facts.iter().for_each(|it| builder.append_option(value(it)));
        Arc::new(builder.finish())
    };
    let word = |value: &dyn Fn(&Fact) -> Option<&str>| -> ArrayRef {
        let mut builder = StringDictionaryBuilder::<Int32Type>::new();
        facts.iter().for_each(|it| builder.append_option(value(it)));
        Arc::new(builder.finish())
    };
    let mut from = Date32Builder::new();
    let mut to = Date32Builder::new();
    let mut recorded = TimestampMicrosecondBuilder::new().with_timezone("UTC");
    for fact in facts {
        from.append_value(fact.from);
        to.append_option(fact.to);
        // Morning of the day: departments push overnight.
        recorded.append_value((i64::from(fact.recorded) * 86_400 + 6 * 3_600) * 1_000_000);
    }
    let columns: Vec<ArrayRef> = vec![
        text(&|it| Some(&it.id)),
        word(&|it| it.household.as_deref()),
        text(&|it| it.member.as_deref()),
        text(&|it| it.site.as_deref()),
        word(&|it| Some(it.code)),
        text(&|it| Some(&it.value)),
        Arc::new(from.finish()),
        Arc::new(to.finish()),
        Arc::new(recorded.finish()),
        word(&|it| Some(it.source)),
        text(&|it| it.supersedes.as_deref()),
    ];
    RecordBatch::try_new(schema(), columns)
}
