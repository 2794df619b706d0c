//! Runs of rows copied out of a batch.
//!
//! The rows of a household that a band depends on follow each other, a few of many. A filter that
//! looks at each row costs several times as much as copying them run by run.

use crate::rows::arrow_fault;
use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, DictionaryArray, PrimitiveArray,
    RecordBatch, RecordBatchOptions, downcast_primitive_array,
};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer};
use arrow::compute::{FilterBuilder, FilterPredicate};
use arrow::datatypes::{DataType, Int32Type};
use base::Diagnostic;
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

/// The rows of `runs`, which are ascending and do not overlap, in their order.
pub fn copied(batch: &RecordBatch, runs: &[Range<usize>]) -> Result<RecordBatch, Diagnostic> {
    let copy = Copying {
        runs,
        count: runs.iter().map(Range::len).sum(),
        of: batch.num_rows(),
        filter: OnceCell::new(),
    };
    let columns = batch.columns().iter().map(|it| copy.column(it)).collect::<Result<_, _>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(copy.count));
    RecordBatch::try_new_with_options(batch.schema(), columns, &options).map_err(arrow_fault)
}

struct Copying<'a> {
    runs: &'a [Range<usize>],
    /// Rows in all runs.
    count: usize,
    /// Rows that they are copied from.
    of: usize,
    /// The same rows as a filter, for columns that are no plain numbers.
    filter: OnceCell<FilterPredicate>,
}

impl Copying<'_> {
    fn column(&self, column: &ArrayRef) -> Result<ArrayRef, Diagnostic> {
        if let Some(encoded) = column.as_dictionary_opt::<Int32Type>() {
            let (keys, texts) = (self.numbers(encoded.keys()), encoded.values().clone());
            let copied = DictionaryArray::try_new(keys, texts).map_err(arrow_fault)?;
            return Ok(Arc::new(copied));
        }
        downcast_primitive_array! {
            column => Ok(Arc::new(self.numbers(column))),
            DataType::Boolean => {
                let truths = column.as_boolean();
                let values = self.bits(truths.values());
                Ok(Arc::new(BooleanArray::new(values, self.nulls(truths.nulls()))))
            }
            _ => self.filter().filter(column).map_err(arrow_fault),
        }
    }

    fn numbers<T: ArrowPrimitiveType>(&self, column: &PrimitiveArray<T>) -> PrimitiveArray<T> {
        let mut values: Vec<T::Native> = Vec::with_capacity(self.count);
        for run in self.runs {
            values.extend_from_slice(&column.values()[run.clone()]);
        }
        PrimitiveArray::new(values.into(), self.nulls(column.nulls()))
            .with_data_type(column.data_type().clone())
    }

    fn nulls(&self, nulls: Option<&NullBuffer>) -> Option<NullBuffer> {
        let nulls = nulls.filter(|it| it.null_count() > 0)?;
        let copied = NullBuffer::new(self.bits(nulls.inner()));
        (copied.null_count() > 0).then_some(copied)
    }

    fn bits(&self, bits: &BooleanBuffer) -> BooleanBuffer {
        let mut packed = Packed::default();
        for run in self.runs {
            let mut at = bits.offset() + run.start;
            let end = bits.offset() + run.end;
            while at < end {
                let count = (end - at).min(AT_ONCE);
                packed.push(word(bits.values(), at) & ((1 << count) - 1), count);
                at += count;
            }
        }
        BooleanBuffer::new(packed.finish(), 0, self.count)
    }

    fn filter(&self) -> &FilterPredicate {
        self.filter.get_or_init(|| {
            let mut keep = vec![false; self.of];
            self.runs.iter().for_each(|it| keep[it.clone()].fill(true));
            FilterBuilder::new(&BooleanArray::from(keep)).optimize().build()
        })
    }
}

/// Bits that one look at eight bytes gives, wherever in a byte they begin.
const AT_ONCE: usize = 57;

/// The bits from a position on, at least [`AT_ONCE`] of them, as far as there are so many.
fn word(bytes: &[u8], at: usize) -> u64 {
    let from = bytes.get(at / 8..).unwrap_or_default();
    let eight = from.first_chunk::<8>().copied().unwrap_or_else(|| {
        let mut eight = [0; 8];
        eight[..from.len()].copy_from_slice(from);
        eight
    });
    u64::from_le_bytes(eight) >> (at % 8)
}

/// Bits one after another.
#[derive(Default)]
struct Packed {
    words: Vec<u64>,
    last: u64,
    filled: usize,
}

impl Packed {
    /// Adds the lowest bits of a word, fewer than 64; the others are zero.
    fn push(&mut self, bits: u64, count: usize) {
        self.last |= bits << self.filled;
        let filled = self.filled + count;
        if filled >= 64 {
            self.words.push(self.last);
            // What did not fit; fewer than 64 were added, so something stood there before.
            self.last = bits >> (64 - self.filled);
        }
        self.filled = filled % 64;
    }

    fn finish(mut self) -> Buffer {
        self.words.push(self.last);
        Buffer::from_vec(self.words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Float64Array, Int32Array, StringArray};
    use arrow::compute::filter_record_batch;
    use proptest::prelude::*;

    fn batch(rows: &[(Option<i32>, Option<bool>, bool)]) -> RecordBatch {
        let numbers = rows.iter().map(|it| it.0.map(f64::from));
        let texts: Vec<Option<String>> = rows.iter().map(|it| Some(it.0?.to_string())).collect();
        let texts = texts.iter().map(Option::as_deref);
        let known = |(_, it): (usize, _)| Some(i32::from(it));
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("whole", Arc::new(rows.iter().map(|it| it.0).collect::<Int32Array>())),
            ("numbers", Arc::new(numbers.collect::<Float64Array>())),
            ("truths", Arc::new(rows.iter().map(|it| it.1).collect::<BooleanArray>())),
            (
                "known",
                Arc::new(rows.iter().map(|it| it.2).enumerate().map(known).collect::<Int32Array>()),
            ),
            ("encoded", Arc::new(texts.clone().collect::<DictionaryArray<Int32Type>>())),
            ("texts", Arc::new(texts.collect::<StringArray>())),
        ];
        let fields = |(name, column): (&str, ArrayRef)| (name.to_owned(), column, true);
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(fields))
            .unwrap_or_else(|error| panic!("{error}"))
    }

    proptest! {
        #[test]
        fn runs_are_the_rows_that_a_filter_keeps(
            rows in prop::collection::vec(any::<(Option<i32>, Option<bool>, bool)>(), 1..400),
            lengths in prop::collection::vec((0usize..90, 0usize..90), 1..20),
            skipped in 0usize..9,
        ) {
            let whole = batch(&rows);
            let skipped = skipped.min(rows.len());
            let sliced = whole.slice(skipped, rows.len() - skipped);
            let (mut runs, mut at) = (Vec::new(), 0);
            for (left_out, taken) in lengths {
                let start = (at + left_out).min(sliced.num_rows());
                at = (start + taken).min(sliced.num_rows());
                runs.push(start..at);
            }
            let is_kept = |row: usize| Some(runs.iter().any(|it| it.contains(&row)));
            let keep: BooleanArray = (0..sliced.num_rows()).map(is_kept).collect();
            let wanted = filter_record_batch(&sliced, &keep);
            prop_assert_eq!(copied(&sliced, &runs).ok(), wanted.ok());
        }
    }
}
