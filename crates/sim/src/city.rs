//! The city to files, streamed.

use crate::areas::{self, sites};
use crate::config::Config;
use crate::facts;
use crate::latent::{self, History};
use crate::observe;
use crate::people::{self, Household};
use arrow::array::{ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray, UInt8Array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Households made at once: memory does not grow with the city.
pub(crate) const CHUNK: u64 = 1_000;

/// What a simulation gave.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Households.
    pub households: u64,
    /// Members at the start.
    pub people: u64,
    /// Facts reported.
    pub facts: u64,
    /// Of those, told a second time.
    pub duplicated: u64,
    /// Of those, corrections.
    pub corrections: u64,
    /// Facts learned more than 30 days after the day they are about.
    pub late: u64,
    /// Poor households by month.
    pub poor: Vec<u64>,
    /// Households by (poor, poor a year later), over every month that has one.
    pub transitions: [[u64; 2]; 2],
}

impl Summary {
    /// Share of the non-poor who are poor a year later.
    pub fn entry(&self) -> f64 {
        let [stay, enter] = self.transitions[0];
        enter as f64 / (stay + enter).max(1) as f64
    }

    /// Share of the poor who are poor a year later.
    pub fn stay(&self) -> f64 {
        let [leave, stay] = self.transitions[1];
        stay as f64 / (leave + stay).max(1) as f64
    }
}

pub(crate) struct Table {
    writer: ArrowWriter<File>,
    path: std::path::PathBuf,
    partial: std::path::PathBuf,
}

impl Table {
    pub(crate) fn create(folder: &Path, name: &str, schema: SchemaRef) -> io::Result<Self> {
        let path = folder.join(name);
        let partial = folder.join(format!("{name}.partial"));
        let level = ZstdLevel::try_new(1).map_err(io::Error::other)?;
        let properties =
            WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
        let file = File::create(&partial)?;
        let writer = ArrowWriter::try_new(file, schema, Some(properties));
        Ok(Self { writer: writer.map_err(io::Error::other)?, path, partial })
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> io::Result<()> {
        self.writer.write(batch).map_err(io::Error::other)
    }

    fn facts(&mut self, facts: &[facts::Fact]) -> io::Result<()> {
        self.write(&facts::to_batch(facts).map_err(io::Error::other)?)
    }

    pub(crate) fn finish(self) -> io::Result<()> {
        self.writer.close().map_err(io::Error::other)?;
        std::fs::rename(self.partial, self.path)
    }
}

fn outcome_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("household_id", DataType::Utf8, false),
        Field::new("period", DataType::Utf8, false),
        Field::new("consumption_per_head", DataType::Float64, false),
        Field::new("is_poor", DataType::Boolean, false),
    ]))
}

fn household_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("household_id", DataType::Utf8, false),
        Field::new("area_code", DataType::Utf8, false),
        Field::new("site_id", DataType::Utf8, false),
        Field::new("members", DataType::UInt8, false),
        Field::new("is_registered", DataType::Boolean, false),
    ]))
}

/// Writes facts.parquet, outcomes.parquet, households.parquet, areas.csv and
/// boundaries.geojson into a folder, and arriving.parquet where some facts are held back.
/// `progress` is told how many households are done.
pub fn simulate(
    config: &Config,
    folder: &Path,
    progress: &mut dyn FnMut(u64),
) -> io::Result<Summary> {
    std::fs::create_dir_all(folder)?;
    areas::write(folder)?;
    let sites = sites(config.households);
    let mut facts_table = Table::create(folder, "facts.parquet", facts::schema())?;
    let mut outcomes = Table::create(folder, "outcomes.parquet", outcome_schema())?;
    let mut registry = Table::create(folder, "households.parquet", household_schema())?;
    let mut summary = Summary { poor: vec![0; config.months as usize], ..Summary::default() };
    let mut arriving = match config.arriving_from {
        Some(day) => Some((day, Table::create(folder, "arriving.parquet", facts::schema())?)),
        None => None,
    };
    let mut tell = |all: Vec<facts::Fact>| -> io::Result<()> {
        let Some((day, table)) = &mut arriving else { return facts_table.facts(&all) };
        let (later, known): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| it.recorded >= *day);
        table.facts(&later)?;
        facts_table.facts(&known)
    };
    let of_sites = observe::of_sites(config, &sites);
    summary.facts += of_sites.len() as u64;
    tell(of_sites)?;
    let mut start = 0;
    while start < config.households {
        let end = (start + CHUNK).min(config.households);
        let households = people::households(config, start, end, sites.len());
        let histories: Vec<History> =
            households.iter().map(|it| latent::history(config, it)).collect();
        let mut all = Vec::new();
        for (household, history) in households.iter().zip(&histories) {
            all.extend(observe::of_household(config, household, history, &sites));
        }
        count(config, &households, &histories, &all, &mut summary);
        tell(all)?;
        outcomes.write(&outcome_batch(config, &households, &histories)?)?;
        let villages: Vec<&str> = households.iter().map(|it| sites[it.site].village).collect();
        let ids: Vec<&str> = households.iter().map(|it| sites[it.site].id.as_str()).collect();
        registry.write(&household_batch(config, &households, villages, ids)?)?;
        start = end;
        progress(start);
    }
    facts_table.finish()?;
    if let Some((_, table)) = arriving {
        table.finish()?;
    }
    outcomes.finish()?;
    registry.finish()?;
    Ok(summary)
}

fn count(
    config: &Config,
    households: &[Household],
    histories: &[History],
    facts: &[facts::Fact],
    summary: &mut Summary,
) {
    summary.households += households.len() as u64;
    summary.people += households.iter().map(|it| it.members.len() as u64).sum::<u64>();
    summary.facts += facts.len() as u64;
    summary.duplicated += facts.iter().filter(|it| it.source == "township").count() as u64;
    summary.corrections += facts.iter().filter(|it| it.supersedes.is_some()).count() as u64;
    let is_late = |it: &&facts::Fact| it.recorded - it.to.unwrap_or(it.from) > 30;
    summary.late += facts.iter().filter(is_late).count() as u64;
    for history in histories {
        for month in 0..config.months {
            let is_poor = history.is_poor(config, month);
            summary.poor[month as usize] += u64::from(is_poor);
            if month + 12 < config.months {
                let later = history.is_poor(config, month + 12);
                summary.transitions[usize::from(is_poor)][usize::from(later)] += 1;
            }
        }
    }
}

fn outcome_batch(
    config: &Config,
    households: &[Household],
    histories: &[History],
) -> io::Result<RecordBatch> {
    let (mut ids, mut periods) = (Vec::new(), Vec::new());
    let (mut consumption, mut poor) = (Vec::new(), Vec::new());
    for (household, history) in households.iter().zip(histories) {
        for month in 0..config.months {
            ids.push(config.household_id(household.number));
            periods.push(config.month(month).to_string());
            consumption.push(history.consumption[month as usize].round());
            poor.push(history.is_poor(config, month));
        }
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(ids)),
        Arc::new(StringArray::from(periods)),
        Arc::new(Float64Array::from(consumption)),
        Arc::new(BooleanArray::from(poor)),
    ];
    RecordBatch::try_new(outcome_schema(), columns).map_err(io::Error::other)
}

fn household_batch(
    config: &Config,
    households: &[Household],
    villages: Vec<&str>,
    sites: Vec<&str>,
) -> io::Result<RecordBatch> {
    let ids = households.iter().map(|it| Some(config.household_id(it.number)));
    let sizes: Vec<u8> = households.iter().map(|it| it.members.len() as u8).collect();
    let registered: Vec<bool> = households.iter().map(|it| it.is_registered).collect();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(ids.collect::<StringArray>()),
        Arc::new(StringArray::from(villages)),
        Arc::new(StringArray::from(sites)),
        Arc::new(UInt8Array::from(sizes)),
        Arc::new(BooleanArray::from(registered)),
    ];
    RecordBatch::try_new(household_schema(), columns).map_err(io::Error::other)
}
