//! A panel for measuring: many households, narrow columns, sorted.

use crate::config::Config;
use crate::people::generator;
use arrow::array::{
    ArrayRef, Float32Array, Int16Array, Int32Array, RecordBatch, StringDictionaryBuilder,
};
use arrow::datatypes::{DataType, Field, Int32Type, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::WriterProperties;
use rand::RngExt;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// What to make.
#[derive(Clone, Debug)]
pub struct BenchPanel {
    /// The seed.
    pub seed: u64,
    /// Households.
    pub households: u64,
    /// Months, the last one being December 2020.
    pub months: u32,
    /// Households in a row group.
    pub group_households: u64,
}

/// Columns after household_id, period and area_code: name, least, greatest, monthly step, and
/// whether it is a share (32-bit float) or a whole number.
const COLUMNS: [(&str, f64, f64, f64, bool); 12] = [
    ("net_income_12m", 2_000.0, 90_000.0, 0.03, false),
    ("members", 1.0, 7.0, 0.0, false),
    ("medical_self_pay_12m", 0.0, 16_000.0, 0.08, false),
    ("debt_total", 0.0, 40_000.0, 0.04, false),
    ("employed_members", 0.0, 3.0, 0.15, false),
    ("able_members", 1.0, 4.0, 0.0, false),
    ("months_worked_12m", 2.0, 12.0, 0.08, false),
    ("project_income_ratio", 0.3, 1.4, 0.06, true),
    ("business_loss_ratio", 0.0, 0.5, 0.10, true),
    ("housing_grade", 1.0, 3.2, 0.01, false),
    ("water_litres", 18.0, 90.0, 0.03, false),
    ("school_absent_days", 0.0, 8.0, 0.3, false),
];
/// Share of cells that are unknown.
const UNKNOWN: f64 = 0.03;

fn schema() -> SchemaRef {
    let word = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let mut fields = vec![
        Field::new("household_id", word.clone(), false),
        Field::new("period", DataType::Int32, false),
        Field::new("area_code", word, false),
    ];
    for (name, _, greatest, _, is_share) in COLUMNS {
        let ty = match (is_share, greatest > 30_000.0) {
            (true, _) => DataType::Float32,
            (false, true) => DataType::Int32,
            (false, false) => DataType::Int16,
        };
        fields.push(Field::new(name, ty, true));
    }
    Arc::new(Schema::new(fields))
}

/// Writes the panel as one Parquet file, Snappy, sorted by household and period. `period` is
/// `yyyymm`; 3 % of the other cells are unknown; values drift month by month within plausible
/// ranges.
pub fn bench_panel(
    panel: &BenchPanel,
    path: &Path,
    progress: &mut dyn FnMut(u64),
) -> io::Result<()> {
    let sorted =
        |column| SortingColumn { column_idx: column, descending: false, nulls_first: false };
    let rows = panel.group_households * u64::from(panel.months);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(rows as usize))
        .set_sorting_columns(Some(vec![sorted(0), sorted(1)]))
        .build();
    let mut writer = ArrowWriter::try_new(File::create(path)?, schema(), Some(properties))
        .map_err(io::Error::other)?;
    let config = Config::tongchuan(panel.seed);
    let villages: Vec<&str> =
        crate::areas::areas().into_iter().filter(|it| it.level == 5).map(|it| it.code).collect();
    let mut start = 0;
    while start < panel.households {
        let end = (start + 10_000).min(panel.households);
        let batch = chunk(panel, &config, &villages, start, end).map_err(io::Error::other)?;
        writer.write(&batch).map_err(io::Error::other)?;
        start = end;
        progress(start);
    }
    writer.close().map_err(io::Error::other)?;
    Ok(())
}

fn chunk(
    panel: &BenchPanel,
    config: &Config,
    villages: &[&str],
    start: u64,
    end: u64,
) -> Result<RecordBatch, arrow::error::ArrowError> {
    let rows = (end - start) as usize * panel.months as usize;
    let mut ids = StringDictionaryBuilder::<Int32Type>::new();
    let mut areas = StringDictionaryBuilder::<Int32Type>::new();
    let mut periods = Vec::with_capacity(rows);
    let mut cells: Vec<Vec<Option<f64>>> = vec![Vec::with_capacity(rows); COLUMNS.len()];
    let first = 2021 * 12 - panel.months as i32;
    for number in start..end {
        let mut rng = generator(config, number, 9);
        let id = format!("H{number:08}");
        // A draw near the middle is likelier than one at the end.
        let place =
            |rng: &mut rand_chacha::ChaCha8Rng| (rng.random::<f64>() + rng.random::<f64>()) / 2.0;
        let mut places: Vec<f64> = COLUMNS.iter().map(|_| place(&mut rng)).collect();
        for month in 0..panel.months {
            let index = first + month as i32;
            ids.append_value(&id);
            areas.append_value(villages[number as usize % villages.len()]);
            periods.push(index.div_euclid(12) * 100 + index.rem_euclid(12) + 1);
            for (position, (_, least, greatest, step, is_share)) in COLUMNS.iter().enumerate() {
                let moved = places[position] + step * (rng.random::<f64>() - 0.5);
                places[position] = moved.clamp(0.0, 1.0);
                let value = least + places[position] * (greatest - least);
                let value = if *is_share { value } else { value.round() };
                let is_known = *step == 0.0 || rng.random::<f64>() >= UNKNOWN;
                cells[position].push(is_known.then_some(value));
            }
        }
    }
    let mut columns: Vec<ArrayRef> =
        vec![Arc::new(ids.finish()), Arc::new(Int32Array::from(periods)), Arc::new(areas.finish())];
    for (cells, (_, _, greatest, _, is_share)) in cells.into_iter().zip(COLUMNS) {
        let column: ArrayRef = match (is_share, greatest > 30_000.0) {
            (true, _) => Arc::new(
                cells.into_iter().map(|it| it.map(|it| it as f32)).collect::<Float32Array>(),
            ),
            (false, true) => {
                Arc::new(cells.into_iter().map(|it| it.map(|it| it as i32)).collect::<Int32Array>())
            }
            (false, false) => {
                Arc::new(cells.into_iter().map(|it| it.map(|it| it as i16)).collect::<Int16Array>())
            }
        };
        columns.push(column);
    }
    RecordBatch::try_new(schema(), columns)
}
