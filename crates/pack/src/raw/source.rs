//! A file's text and positions in it. Knows nothing of TOML.

use base::{Code, Diagnostic, Place};
use std::ops::Range;
use std::sync::Arc;

/// Lines longer than this are cut in an excerpt, unless what is meant lies beyond.
const EXCERPT_CHARACTERS: usize = 160;

/// One file of a pack: line ends are `\n` and there is no byte order mark.
#[derive(Debug)]
pub(crate) struct Source {
    path: String,
    text: String,
    line_starts: Vec<usize>,
}

/// A stretch of a file.
#[derive(Clone, Debug)]
pub(crate) struct At {
    source: Arc<Source>,
    range: Range<usize>,
}

impl Source {
    /// Takes a text under the path that messages show.
    pub(crate) fn new(path: &str, text: &str) -> Arc<Source> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        let after_breaks = text.match_indices('\n').map(|(index, _)| index + 1);
        let line_starts = std::iter::once(0).chain(after_breaks).collect();
        Arc::new(Source { path: path.to_owned(), text, line_starts })
    }

    /// The text, normalised.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// A stretch of it; positions beyond the end or inside a character are moved down.
    pub(crate) fn at(self: &Arc<Self>, range: Range<usize>) -> At {
        let floor = |mut index: usize| {
            index = index.min(self.text.len());
            while !self.text.is_char_boundary(index) {
                index -= 1;
            }
            index
        };
        let start = floor(range.start);
        At { source: Arc::clone(self), range: start..floor(range.end).max(start) }
    }

    /// The whole file, which messages show as its first line.
    pub(crate) fn whole(self: &Arc<Self>) -> At {
        let end = self.text.find('\n').unwrap_or(self.text.len());
        self.at(0..end)
    }
}

impl At {
    /// The text meant.
    pub(crate) fn text(&self) -> &str {
        &self.source.text[self.range.clone()]
    }

    /// The first byte meant.
    pub(crate) fn start(&self) -> usize {
        self.range.start
    }

    /// A part of it, by byte positions counted from its start.
    pub(crate) fn part(&self, range: Range<usize>) -> At {
        self.source.at(self.range.start + range.start..self.range.start + range.end)
    }

    /// File, line, column, width and excerpt.
    pub(crate) fn place(&self) -> Place {
        let Source { path, text, line_starts } = &*self.source;
        let line = line_starts.partition_point(|it| *it <= self.range.start) - 1;
        let line_start = line_starts[line];
        let line_end = line_starts.get(line + 1).map_or(text.len(), |it| it - 1);
        let column = text[line_start..self.range.start].chars().count();
        let meant = &text[self.range.start..self.range.end.min(line_end).max(self.range.start)];
        let width = meant.trim_end().chars().count();
        Place {
            file: path.clone(),
            line: line as u64 + 1,
            column: u32::try_from(column + 1).unwrap_or(0),
            width: u32::try_from(width.max(1)).unwrap_or(1),
            excerpt: excerpt(&text[line_start..line_end], column + width),
        }
    }

    /// A finding here.
    pub(crate) fn finding(&self, code: &'static Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, message).at(self.place())
    }
}

/// The line with tabs and control characters as spaces, so that columns count cells.
fn excerpt(line: &str, meant_end: usize) -> Option<String> {
    if meant_end > 8 * EXCERPT_CHARACTERS {
        return None;
    }
    let length = EXCERPT_CHARACTERS.max(meant_end + 20);
    let plain = |it: char| if it.is_control() { ' ' } else { it };
    let mut shown: String = line.chars().take(length).map(plain).collect();
    if line.chars().nth(length).is_some() {
        shown.push('…');
    }
    Some(shown.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_not_bytes() {
        let source = Source::new("a.toml", "\u{feff}x = 1\r\n名 = \"值\"\r\n");
        let start = source.text().find("值").expect("it is there");
        let place = source.at(start..start + "值".len()).place();
        assert_eq!((place.line, place.column, place.width), (2, 6, 1));
        assert_eq!(place.excerpt.as_deref(), Some("名 = \"值\""));
    }

    #[test]
    fn a_stretch_over_several_lines_shows_its_first() {
        let source = Source::new("a.toml", "ab\ncd\n");
        let place = source.at(1..5).place();
        assert_eq!((place.line, place.column, place.width), (1, 2, 1));
        assert_eq!(source.at(90..99).place().line, 3);
    }
}
