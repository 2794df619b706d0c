//! Areas with their names, the tree that they make, and their boundaries.
//!
//! Any system of codes will do in which an area's code begins with that of the area around it:
//! whose rows somebody may see is decided by the same rule.

mod boundaries;
mod files;
mod read;

pub use boundaries::BoundariesTaken;
pub(crate) use read::day_number;
pub use read::{AreaView, Children, PathPart};

use super::{Act, Live, Rejected};
use base::Diagnostic;
use base::codes::access::FORBIDDEN;
use base::codes::live::BAD_AREA;
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::areas::{self, ALWAYS, AreaRow};

/// An area as it is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewArea {
    /// Its code.
    pub code: String,
    /// Its name, in no said language: the Chinese one where it has Chinese characters, else the
    /// English one, where that one is not told.
    pub name: Option<String>,
    /// Its name in English.
    pub name_en: Option<String>,
    /// Its name in Chinese.
    pub name_zh: Option<String>,
    /// Its depth in the tree, from 1; one more than its parent's where absent.
    pub level: Option<i64>,
    /// The area around it; the longest known code that begins its own where absent.
    pub parent: Option<String>,
    /// First day from 1970-01-01; from the beginning where absent.
    pub valid_from: Option<i64>,
    /// Last day.
    pub valid_to: Option<i64>,
}

impl NewArea {
    /// With a name per language; and with names and last day as they are stored where it says
    /// none: an empty cell changes nothing.
    fn filled(&self, stored: &BTreeMap<(&str, i64), &AreaRow>) -> Self {
        let mut told = self.clone();
        let (en, zh) = (named(&self.name_en), named(&self.name_zh));
        let is_chinese = self.name.iter().flat_map(|it| it.chars()).any(is_han);
        let (of_en, of_zh) = match named(&self.name) {
            name if is_chinese => (None, name),
            name => (name, None),
        };
        (told.name_en, told.name_zh) = (en.or(of_en), zh.or(of_zh));
        let key = (self.code.trim(), self.valid_from.unwrap_or(ALWAYS));
        if let Some(row) = stored.get(&key) {
            told.name_en = told.name_en.or_else(|| row.name_en.clone());
            told.name_zh = told.name_zh.or_else(|| row.name_zh.clone());
            told.valid_to = self.valid_to.or(row.valid_to);
        }
        told
    }
}

/// A text that says something.
fn named(text: &Option<String>) -> Option<String> {
    text.as_deref().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned)
}

/// Whether a character is a Chinese one.
fn is_han(it: char) -> bool {
    matches!(it, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// What became of areas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AreasTaken {
    /// New, or with something new about them.
    pub accepted: u64,
    /// Known word for word.
    pub known: u64,
    /// Not taken.
    pub rejected: Vec<Rejected>,
}

/// Longest code and name.
const TEXT_BYTES_MAX: usize = 256;
const CODE_BYTES_MAX: usize = 32;
/// Deepest level.
const LEVEL_MAX: i64 = 12;

impl Live {
    /// Takes areas as part of a transaction; those that are known word for word change nothing.
    ///
    /// # Errors
    /// Those of the database. An area that cannot be taken stands in what is given back.
    pub fn put_areas(
        &self,
        tx: &mut Tx<'_>,
        rows: &[NewArea],
        act: &Act<'_>,
    ) -> Result<AreasTaken, Diagnostic> {
        let mut taken = AreasTaken::default();
        let stored = areas::all(tx)?;
        let mut tree = Tree::of(&stored, rows);
        let stored: BTreeMap<(&str, i64), &AreaRow> =
            stored.iter().map(|it| ((it.code.as_str(), it.valid_from), it)).collect();
        let mut fresh = BTreeMap::new();
        let mut order: Vec<usize> = (0..rows.len()).collect();
        // Those around others first, whatever the order of the file.
        order.sort_by_key(|it| rows[*it].code.len());
        for position in order {
            let told = rows[position].filled(&stored);
            let row = match settled(&told, &mut tree, act) {
                Ok(row) => row,
                Err(finding) => {
                    taken.rejected.push(Rejected { position, finding });
                    continue;
                }
            };
            if stored.get(&(row.code.as_str(), row.valid_from)).is_some_and(|it| **it == row) {
                taken.known += 1;
            } else {
                taken.accepted += 1;
                fresh.insert((row.code.clone(), row.valid_from), row);
            }
        }
        taken.rejected.sort_by_key(|it| it.position);
        if fresh.is_empty() {
            return Ok(taken);
        }
        let fresh: Vec<AreaRow> = fresh.into_values().collect();
        for part in fresh.chunks(1_000) {
            areas::put(tx, part)?;
        }
        let content: String = fresh.iter().map(|it| format!("{it:?}\n")).collect();
        self.record(tx, act, "areas.put", None, content.as_bytes())?;
        Ok(taken)
    }
}

/// Whether a text can be the code of an area. Letters are those of ASCII, as in every system of
/// codes that we know (GB/T 2260, P-codes): one writing of a code, wherever it stands.
pub(crate) fn is_code(text: &str) -> bool {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || b"-_.".contains(&it);
    (1..=CODE_BYTES_MAX).contains(&text.len()) && text.bytes().all(is_plain)
}

/// Codes that are known, with their levels.
struct Tree {
    codes: BTreeSet<String>,
    levels: BTreeMap<String, i64>,
}

impl Tree {
    fn of(stored: &[AreaRow], new: &[NewArea]) -> Self {
        let codes = stored.iter().map(|it| it.code.clone());
        let codes = codes.chain(new.iter().map(|it| it.code.trim().to_owned()));
        let levels = stored.iter().map(|it| (it.code.clone(), it.level)).collect();
        Self { codes: codes.collect(), levels }
    }

    /// The longest known code that begins another one.
    fn around(&self, code: &str) -> Option<String> {
        let ends = code.char_indices().map(|it| it.0).filter(|it| *it > 0).rev();
        ends.map(|it| &code[..it]).find(|it| self.codes.contains(*it)).map(str::to_owned)
    }
}

/// An area as it is stored, or why it cannot be.
fn settled(new: &NewArea, tree: &mut Tree, act: &Act<'_>) -> Result<AreaRow, Diagnostic> {
    let fault = |message: String, hint: &str| {
        Err(Diagnostic::new(&BAD_AREA, message).hint(hint.to_owned()))
    };
    let code = new.code.trim().to_owned();
    if !is_code(&code) {
        return fault(
            format!("`{}` is no code of an area", code.escape_debug()),
            "letters, digits and - _ . , at most 32 bytes",
        );
    }
    if !act.within.holds(Some(&code)) {
        let finding = Diagnostic::new(&FORBIDDEN, format!("`{code}` is none of your areas"));
        return Err(finding.hint("ask who is responsible for it"));
    }
    let (name_en, name_zh) = (new.name_en.clone(), new.name_zh.clone());
    if name_en.is_none() && name_zh.is_none() {
        return fault(format!("`{code}` has no name"), "fill in `name`, `name_en` or `name_zh`");
    }
    let is_text = |it: &String| it.len() <= TEXT_BYTES_MAX && !it.contains('\0');
    if ![&name_en, &name_zh].into_iter().flatten().all(is_text) {
        return fault(format!("the name of `{code}` is too long"), "at most 256 bytes");
    }
    let parent = named(&new.parent).or_else(|| tree.around(&code));
    if let Some(parent) = parent.as_deref().filter(|it| !code.starts_with(it) || *it == code) {
        return fault(
            format!("`{code}` does not begin with the code of its parent, `{parent}`"),
            "an area's code begins with that of the area around it; leave `parent` empty to have \
             it found",
        );
    }
    let above = parent.as_ref().map_or(Some(0), |it| tree.levels.get(it).copied());
    let level = new.level.unwrap_or_else(|| above.unwrap_or(0) + 1);
    if !(1..=LEVEL_MAX).contains(&level) {
        return fault(format!("`{code}` has level {level}"), "levels are 1 to 12, 1 outermost");
    }
    let valid_from = new.valid_from.unwrap_or(ALWAYS);
    if new.valid_to.is_some_and(|it| it < valid_from) {
        return fault(
            format!("the last day of `{code}` lies before the first"),
            "correct `valid_from` or `valid_to`",
        );
    }
    tree.levels.insert(code.clone(), level);
    Ok(AreaRow { code, valid_from, valid_to: new.valid_to, name_en, name_zh, level, parent })
}
