//! The real area tree, and the settlement sites in it.

mod latin;

pub use latin::transliterated;

use std::io;
use std::path::Path;

/// An administrative area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Its code.
    pub code: &'static str,
    /// 1 province … 5 village.
    pub level: u8,
    /// Its name.
    pub name: &'static str,
}

/// Households that a site holds on average.
const SITE_HOUSEHOLDS: u64 = 115;

/// The whole tree in the order of the file.
pub fn areas() -> Vec<Area> {
    let text = include_str!("../data/tongchuan_6102_tree.csv");
    let row = |line: &'static str| {
        let mut cells = line.split(',');
        let (code, level, name) = (cells.next()?, cells.next()?.parse().ok()?, cells.next()?);
        Some(Area { code, level, name })
    };
    text.lines().skip(1).filter_map(row).collect()
}

/// Writes the whole tree as a table of areas (code, level, name_zh, name_en, parent) and the
/// boundaries of its counties. The names in English are transliterations, empty where there is
/// none.
pub fn write(folder: &Path) -> io::Result<()> {
    let mut text = "code,level,name_zh,name_en,parent\n".to_owned();
    for row in include_str!("../data/tongchuan_6102_tree.csv").lines().skip(1) {
        let Some((start, parent)) = row.rsplit_once(',') else { continue };
        let name = start.rsplit_once(',').map_or("", |it| it.1);
        let english = transliterated(name).unwrap_or_default();
        text.push_str(&format!("{start},{english},{parent}\n"));
    }
    std::fs::write(folder.join("areas.csv"), text)?;
    let counties = include_str!("../data/tongchuan_counties.geojson");
    std::fs::write(folder.join("boundaries.geojson"), counties)
}

/// A settlement site.
#[derive(Clone, Debug)]
pub struct Site {
    /// Its id.
    pub id: String,
    /// The village it stands in.
    pub village: &'static str,
    /// Services it has, of four.
    pub services: u8,
}

/// The sites of a city of so many households: spread over the villages in the order of codes.
pub fn sites(households: u64) -> Vec<Site> {
    let villages: Vec<&str> = areas().iter().filter(|it| it.level == 5).map(|it| it.code).collect();
    let count = (households / SITE_HOUSEHOLDS).clamp(1, villages.len() as u64) as usize;
    let site = |number: usize| Site {
        id: format!("S{number:03}"),
        village: villages[number * villages.len() / count],
        // Most sites are complete; every fifth lacks one service and every eleventh two.
        services: 4 - u8::from(number % 5 == 3) - u8::from(number % 11 == 7),
    };
    (0..count).map(site).collect()
}
