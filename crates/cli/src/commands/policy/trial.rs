//! `holdfast policy try`.

use crate::answer::{Answer, Columns, Form, table};
use crate::commands::database::Database;
use crate::commands::refuse;
use crate::progress::Bar;
use crate::show;
use app::live::policy::{Bands, Moved, Trial};
use arrow::datatypes::DataType;
use base::{AreaCode, Band, exit};
use clap::Args;
use pack::{Change, ChangeKind};
use serde_json::{Value, json};
use std::time::Instant;
use store::Within;

#[derive(Args)]
pub struct Arguments {
    /// A change: KIND:ID[:KEY]=NUMBER, where KIND is weight, anchor, parameter or edge; may be repeated
    #[arg(long = "set", required = true, value_name = "CHANGE", value_parser = change)]
    changes: Vec<Change>,
    /// Households of an area alone
    #[arg(long, value_name = "CODE")]
    area: Option<String>,
    #[command(flatten)]
    database: Database,
    /// What is printed; as csv and parquet: the households whose band would change
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
}

fn change(text: &str) -> Result<Change, String> {
    let shape = || "write a change like weight:income=30 or anchor:debt_to_income:red=3".to_owned();
    let (what, value) = text.split_once('=').ok_or_else(shape)?;
    let mut parts = what.splitn(3, ':');
    let kind = parts.next().and_then(ChangeKind::parse).ok_or_else(shape)?;
    let id = parts.next().ok_or_else(shape)?.to_owned();
    let key = parts.next().map(str::to_owned);
    let value = value.trim().parse().map_err(|_| shape())?;
    Ok(Change { kind, id, key, value })
}

/// Tries changes and says who would cross which line.
pub fn run(arguments: &Arguments) -> u8 {
    let live = match arguments.database.live_to_read(None) {
        Ok(live) => live,
        Err(code) => return code,
    };
    let within = match &arguments.area {
        Some(area) => Within::Areas(vec![area.clone()]),
        None => Within::Everywhere,
    };
    let started = Instant::now();
    let bar = Bar::new("reading", "households", None);
    let prepared = live.prepare_trials();
    drop(bar);
    if let Err(finding) = prepared {
        return refuse(&[finding]);
    }
    let (prepared, started) = (started.elapsed(), Instant::now());
    let trial = match live.try_changes(&arguments.changes, &within) {
        Ok(trial) => trial,
        Err(findings) => return refuse(&findings),
    };
    let seconds = (prepared.as_secs_f64(), started.elapsed().as_secs_f64());
    let answer = Answer {
        read: || tell(&trial, seconds),
        whole: || whole(&trial, seconds),
        main: || table(COLUMNS, &trial.moved.iter().map(moved).collect::<Vec<_>>()),
    };
    answer.print(arguments.format, exit::DONE)
}

fn tell(trial: &Trial, (prepared, seconds): (f64, f64)) {
    show::line(&format!(
        "{} households in {}: {} would be warned that are not, {} would not be that are",
        show::count(trial.households),
        trial.period,
        show::count(trial.all.enter),
        show::count(trial.all.leave),
    ));
    let rows = Band::ALL.into_iter().rev().map(|band| {
        let count = |bands: &Bands| show::count(bands[band as usize]);
        vec![band.to_string(), count(&trial.all.before), count(&trial.all.after)]
    });
    show::line(&show::table(&["band", "is", "would be"], &[1, 2], rows.collect()));
    for it in trial.moved.iter().take(10) {
        show::line(&format!("  {} {} → {}", it.household, it.from, it.to));
    }
    if trial.moved.len() > 10 {
        let more = show::count(trial.moved.len() as u64);
        show::line(&format!("  … {more} in all; --format csv has every one"));
    }
    if trial.stale > 0 {
        let stale = show::count(trial.stale);
        show::line(&format!("  {stale} households wait to be scored"));
    }
    show::line(&format!(
        "nothing was saved; {seconds:.2} s ({}), after {prepared:.1} s of reading",
        trial.method.name()
    ));
}

fn whole(trial: &Trial, (prepared, seconds): (f64, f64)) -> Value {
    let bands = |bands: &Bands| {
        let named = Band::ALL.map(|it| (it.name().to_owned(), json!(bands[it as usize])));
        Value::Object(named.into_iter().collect())
    };
    let area = |(code, it): (&AreaCode, &app::live::policy::Shift)| {
        json!({
            "area_code": code.as_str(),
            "before": bands(&it.before),
            "after": bands(&it.after),
            "enter": it.enter,
            "leave": it.leave,
        })
    };
    json!({
        "period": trial.period.to_string(),
        "base": trial.base,
        "method": trial.method.name(),
        "seconds": seconds,
        "seconds_prepared": prepared,
        "total": trial.households,
        "stale": trial.stale,
        "before": bands(&trial.all.before),
        "after": bands(&trial.all.after),
        "enter": trial.all.enter,
        "leave": trial.all.leave,
        "by_area": trial.areas.iter().map(area).collect::<Vec<_>>(),
        "households": trial.moved.iter().map(moved).collect::<Vec<_>>(),
    })
}

const COLUMNS: &Columns = &[
    ("household_id", DataType::Utf8),
    ("area_code", DataType::Utf8),
    ("from", DataType::Utf8),
    ("to", DataType::Utf8),
];

fn moved(it: &Moved) -> Value {
    json!({
        "household_id": it.household,
        "area_code": it.area.as_ref().map(AreaCode::as_str),
        "from": it.from.name(),
        "to": it.to.name(),
    })
}
