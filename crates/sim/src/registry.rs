//! The register of people of the city: names, births, numbers that are nobody's. Streamed; the same
//! seed gives the same bytes.
//!
//! Every number is fictitious. Identity numbers have the right check digit and begin with 999999,
//! which is the code of no area; telephone numbers begin with 100, which no subscriber has.

use crate::areas::sites;
use crate::city::{CHUNK, Table};
use crate::config::Config;
use crate::people::{self, Household, generator};
use arrow::array::{ArrayRef, Date32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use jiff::civil::Date;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// The code that numbers begin with instead of an area's.
const NOWHERE: &str = "999999";

/// Surnames, the most frequent first, with how many of ten thousand have them: an assumption, in
/// about the order in which such lists are published.
#[rustfmt::skip]
const SURNAMES: &[(&str, u32)] = &[
    ("王", 720), ("李", 710), ("张", 670), ("刘", 510), ("陈", 460), ("杨", 310), ("黄", 230),
    ("赵", 210), ("吴", 200), ("周", 190), ("徐", 140), ("孙", 140), ("马", 130), ("朱", 120),
    ("胡", 115), ("郭", 113), ("何", 111), ("林", 110), ("高", 100), ("罗", 90), ("郑", 85),
    ("梁", 84), ("谢", 76), ("宋", 70), ("唐", 69), ("许", 66), ("邓", 64), ("韩", 62), ("冯", 62),
    ("曹", 61), ("彭", 60), ("曾", 58), ("肖", 57), ("田", 56), ("董", 55), ("潘", 50), ("袁", 49),
    ("蔡", 48), ("蒋", 47), ("余", 47), ("于", 46), ("杜", 46), ("叶", 45), ("程", 45), ("魏", 44),
    ("苏", 43), ("吕", 42), ("丁", 42), ("任", 41), ("卢", 40), ("姚", 40), ("沈", 39), ("钟", 39),
    ("姜", 38), ("崔", 37), ("谭", 37), ("陆", 36), ("范", 36), ("汪", 35), ("廖", 35), ("石", 34),
    ("金", 33), ("韦", 32), ("贾", 31), ("夏", 30), ("付", 30), ("方", 30), ("邹", 29), ("熊", 28),
    ("白", 28), ("孟", 28), ("秦", 27), ("邱", 26), ("侯", 26), ("江", 26), ("尹", 25), ("薛", 25),
    ("闫", 24), ("段", 24), ("雷", 23), ("龙", 22), ("黎", 22), ("史", 22), ("陶", 21), ("贺", 21),
    ("毛", 20), ("郝", 20), ("顾", 20), ("龚", 19), ("邵", 19), ("万", 18), ("覃", 18), ("武", 18),
    ("钱", 17), ("戴", 17), ("严", 16), ("莫", 16), ("孔", 15), ("向", 15), ("常", 14), ("欧阳", 9),
];
/// Characters of given names: of men, of women, of either.
const OF_MEN: &str = "伟强军勇杰涛斌刚健峰磊鹏辉建志国荣福生贵宝海林山龙虎成义德忠武庆才根发兴旺";
const OF_WOMEN: &str =
    "芳娜敏静丽艳霞秀娟英华慧巧美玲桂凤洁梅琳素云莲真环雪爱妹香月莺媛瑞佳嘉琼勤珍贞";
const OF_EITHER: &str = "小晓文明平春秋永玉金新红光亮一子雨思欣怡宁安乐晨阳天宇浩然博睿梓涵诗语轩";

fn schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    let fields = vec![
        text("household_id"),
        text("person_id"),
        text("area_code"),
        text("name"),
        text("sex"),
        Field::new("birth_date", DataType::Date32, false),
        text("relation"),
        text("identity_number"),
        text("phone"),
        text("source"),
    ];
    let note = [("holdfast".to_owned(), "Simulated / 模拟数据".to_owned())];
    Arc::new(Schema::new_with_metadata(fields, HashMap::from(note)))
}

/// One person of the register.
struct Entry {
    household: String,
    person: String,
    area: &'static str,
    name: String,
    is_man: bool,
    born: i32,
    relation: &'static str,
    number: String,
    phone: String,
}

/// Writes people.parquet into a folder; gives how many people there are. `progress` is told how
/// many households are done.
pub fn people(config: &Config, folder: &Path, progress: &mut dyn FnMut(u64)) -> io::Result<u64> {
    std::fs::create_dir_all(folder)?;
    let mut table = Table::create(folder, "people.parquet", schema())?;
    let (mut start, mut count) = (0, 0);
    let sites = sites(config.households);
    while start < config.households {
        let end = (start + CHUNK).min(config.households);
        let households = people::households(config, start, end, sites.len());
        let of = |it: &Household| entries(config, it, sites[it.site].village);
        let entries: Vec<Entry> = households.iter().flat_map(of).collect();
        count += entries.len() as u64;
        table.write(&batch(&entries)?)?;
        start = end;
        progress(start);
    }
    table.finish()?;
    Ok(count)
}

fn entries(config: &Config, household: &Household, area: &'static str) -> Vec<Entry> {
    let mut rng = generator(config, household.number, 9);
    let id = config.household_id(household.number);
    let (own, married) = (surname(&mut rng), surname(&mut rng));
    let head_is_man = rng.random::<f64>() < 0.85;
    let head_age = household.members.first().map_or(40, |it| it.age);
    let mut all = Vec::with_capacity(household.members.len());
    for (position, member) in household.members.iter().enumerate() {
        let relation = match position {
            0 => "head",
            1 if member.age + 10 > head_age => "spouse",
            _ if member.age < head_age => "child",
            _ => "parent",
        };
        let is_man = match relation {
            "head" => head_is_man,
            "spouse" => !head_is_man,
            _ => rng.random::<f64>() < 0.51,
        };
        let surname = if relation == "spouse" { married } else { own };
        let given = given(&mut rng, is_man);
        let born = birth(config, member.age, &mut rng);
        all.push(Entry {
            household: id.clone(),
            person: format!("{id}-{}", position + 1),
            area,
            name: format!("{surname}{given}"),
            is_man,
            born,
            relation,
            number: number(born, is_man, &mut rng),
            phone: format!("100{:08}", rng.random_range(0..100_000_000u32)),
        });
    }
    all
}

fn surname(rng: &mut ChaCha8Rng) -> &'static str {
    let all: u32 = SURNAMES.iter().map(|it| it.1).sum();
    let mut left = rng.random_range(0..all);
    for (name, share) in SURNAMES {
        if left < *share {
            return name;
        }
        left -= share;
    }
    SURNAMES[0].0
}

fn given(rng: &mut ChaCha8Rng, is_man: bool) -> String {
    let own = if is_man { OF_MEN } else { OF_WOMEN };
    let mut pick = |from: &str| {
        let characters: Vec<char> = from.chars().collect();
        characters[rng.random_range(0..characters.len())]
    };
    let (first, second) = (pick(OF_EITHER), pick(own));
    let third = pick(own);
    match rng.random_range(0..10u32) {
        0..2 => second.to_string(),
        2..7 => format!("{first}{second}"),
        _ => format!("{third}{second}"),
    }
}

/// A day of birth that gives an age at the start.
fn birth(config: &Config, age: u32, rng: &mut ChaCha8Rng) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    let start = config.start.first_day().and_then(|it| it.since(epoch).ok());
    let start = start.map_or(17_713, |it| it.get_days());
    start - (f64::from(age) * 365.2425) as i32 - rng.random_range(0..365)
}

fn number(born: i32, is_man: bool, rng: &mut ChaCha8Rng) -> String {
    let date = jiff::Span::new().try_days(born).ok();
    let date = date.and_then(|it| jiff::civil::date(1970, 1, 1).checked_add(it).ok());
    let date: Date = date.unwrap_or(jiff::civil::date(1970, 1, 1));
    let order = rng.random_range(0..500u32) * 2 + u32::from(is_man);
    let (year, month, day) = (date.year(), date.month(), date.day());
    let digits = format!("{NOWHERE}{year:04}{month:02}{day:02}{order:03}");
    // ISO 7064 MOD 11-2, as it stands in GB 11643.
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.bytes().zip(weights).map(|(it, by)| u32::from(it - b'0') * by).sum();
    let check = b"10X98765432"[(sum % 11) as usize];
    format!("{digits}{}", char::from(check))
}

fn batch(entries: &[Entry]) -> io::Result<RecordBatch> {
    let text = |of: &dyn Fn(&Entry) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(entries.iter().map(of)))
    };
    let born = Date32Array::from_iter_values(entries.iter().map(|it| it.born));
    let columns: Vec<ArrayRef> = vec![
        text(&|it| &it.household),
        text(&|it| &it.person),
        text(&|it| it.area),
        text(&|it| &it.name),
        text(&|it| if it.is_man { "male" } else { "female" }),
        Arc::new(born),
        text(&|it| it.relation),
        text(&|it| &it.number),
        text(&|it| &it.phone),
        text(&|_| "Simulated / 模拟数据"),
    ];
    RecordBatch::try_new(schema(), columns).map_err(io::Error::other)
}
