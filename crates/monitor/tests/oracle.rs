//! The engine against a slow oracle, and live against batch, over random policies and panels.

#[path = "oracle/slow.rs"]
mod slow;
#[path = "oracle/spec.rs"]
mod spec;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, Int32Array, RecordBatch, StringArray,
};
use arrow::datatypes::{DataType, Float64Type};
use base::{Period, PeriodKind};
use monitor::Evaluator;
use monitor::scores::{score_all, table};
use pack::{Layer, PackFile};
use proptest::prelude::*;
use spec::{Household, Policy};
use std::sync::Arc;

/// The assessed month stands for 0.
const NOW: i32 = 2020 * 12 + 5;

fn evaluator(policy: &Policy) -> Evaluator {
    let files = spec::files(policy).into_iter().map(|(path, text)| PackFile { path, text });
    let layer = Layer { shown: "p/".to_owned(), name: "p".to_owned(), files: files.collect() };
    let (pack, findings) = pack::from_layers(&[layer]);
    let errors: Vec<String> =
        findings.iter().filter(|it| it.is_error()).map(ToString::to_string).collect();
    Evaluator::new(Arc::new(pack.unwrap_or_else(|| panic!("{errors:#?}")))).expect("fits")
}

fn batch(households: &[(usize, &Household)]) -> RecordBatch {
    let rows: Vec<_> =
        households.iter().flat_map(|(id, rows)| rows.iter().map(move |row| (id, row))).collect();
    let number = |a: usize| -> ArrayRef {
        Arc::new(rows.iter().map(|it| it.1.numbers[a]).collect::<Float64Array>())
    };
    let ids = rows.iter().map(|it| Some(format!("H{:03}", it.0))).collect::<StringArray>();
    let periods = rows.iter().map(|it| NOW + it.1.period).collect::<Int32Array>();
    let observed = rows.iter().map(|it| NOW + it.1.period - it.1.age).collect::<Int32Array>();
    let conditions = rows.iter().map(|it| it.1.condition).collect::<BooleanArray>();
    let categories = rows.iter().map(|it| it.1.category).collect::<StringArray>();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("household_id", Arc::new(ids)),
        ("period", Arc::new(periods)),
        ("a0", number(0)),
        ("a0__observed", Arc::new(observed.clone())),
        ("b0__observed", Arc::new(observed)),
        ("a1", number(1)),
        ("a2", number(2)),
        ("a3", number(3)),
        ("b0", Arc::new(conditions)),
        ("t0", Arc::new(categories)),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, c)| (n, c, true)))
        .expect("a batch")
}

/// Every cell of a score table, floats by their bits.
fn cells(evaluator: &Evaluator, batch: &RecordBatch) -> Vec<Vec<String>> {
    let at = Period::from_index(PeriodKind::Month, NOW);
    let assessed = evaluator.assess(batch, at).expect("assessed");
    let scored = score_all(&assessed, evaluator.pack());
    let places = evaluator.key_places();
    let table = table::to_batch(&assessed, evaluator.pack(), places, &scored).expect("a table");
    let cell = |column: &ArrayRef, row: usize| {
        if column.is_null(row) {
            return "·".to_owned();
        }
        if let Some(numbers) = column.as_primitive_opt::<Float64Type>() {
            return format!("{:016x}", numbers.value(row).to_bits());
        }
        let texts = arrow::compute::cast(column, &DataType::Utf8).expect("text");
        texts.as_string::<i32>().value(row).to_owned()
    };
    let row = |row: usize| table.columns().iter().map(|it| cell(it, row)).collect();
    (0..table.num_rows()).map(row).collect()
}

/// Households that have a row up to the assessed month; others are not there yet.
fn present(households: &[Household]) -> Vec<(usize, &Household)> {
    let all = households.iter().enumerate();
    all.filter(|it| it.1.iter().any(|row| row.period <= 0)).collect()
}

fn number(cell: &str) -> Option<i64> {
    let bits = u64::from_str_radix(cell, 16).ok()?;
    Some(slow::micros(f64::from_bits(bits)))
}

proptest! {
    #[test]
    fn one_household_alone_gives_the_bytes_it_gives_among_others(
        policy in spec::policy(),
        households in spec::households(),
    ) {
        let evaluator = evaluator(&policy);
        let all = present(&households);
        prop_assume!(!all.is_empty());
        let together = cells(&evaluator, &batch(&all));
        prop_assert_eq!(together.len(), all.len());
        for (position, one) in all.iter().enumerate() {
            let alone = cells(&evaluator, &batch(&[*one]));
            prop_assert_eq!(&alone[0], &together[position]);
        }
        let (front, back) = all.split_at(all.len() / 2);
        let parts = [front, back].into_iter().filter(|it| !it.is_empty());
        let parts: Vec<_> = parts.flat_map(|it| cells(&evaluator, &batch(it))).collect();
        prop_assert_eq!(parts, together);
    }

    #[test]
    fn the_engine_agrees_with_a_slow_oracle(
        policy in spec::policy(),
        households in spec::households(),
    ) {
        let evaluator = evaluator(&policy);
        let all = present(&households);
        prop_assume!(!all.is_empty());
        let table = cells(&evaluator, &batch(&all));
        for ((id, household), row) in all.iter().zip(&table) {
            let wanted = slow::judge(&policy, household);
            let near = |cell: &str, wanted: Option<i64>, tolerance: i64| {
                let found = number(cell);
                found.zip(wanted).map_or(found == wanted, |(a, b)| (a - b).abs() <= tolerance)
            };
            prop_assert!(near(&row[3], wanted.composite, 2), "H{id}: {row:?} {wanted:?}");
            for module in 0..policy.modules {
                let (score, trend) = (&row[6 + module], &row[6 + policy.modules + module]);
                prop_assert!(near(score, wanted.scores[module], 2), "H{id}: {row:?} {wanted:?}");
                prop_assert!(near(trend, wanted.trends[module], 4), "H{id}: {row:?} {wanted:?}");
            }
            let bands = ["unknown", "green", "blue", "yellow", "orange", "red"];
            let is_same = bands[wanted.band] == row[4];
            prop_assert!(is_same || wanted.is_close, "H{id}: {row:?} {wanted:?}");
        }
    }
}
