//! A finding: what, where, why and what to do next.

use crate::codes::{Code, Severity};
use std::fmt;

/// Where a finding lies. Every part is optional except the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file as the user named it, or relative to the pack.
    pub file: String,
    /// Line from 1; 0 where it is not known.
    pub line: u64,
    /// Column in characters from 1; 0 where it is not known.
    pub column: u32,
    /// How many characters are meant; 0 where it is not known.
    pub width: u32,
    /// The line itself, cut to something readable.
    pub excerpt: Option<String>,
}

/// One finding. The library never prints: it hands these back beside its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The row of the table of codes.
    pub code: &'static Code,
    /// What is wrong, without blame and without a full stop.
    pub message: String,
    /// Where.
    pub place: Option<Place>,
    /// The next step.
    pub hint: Option<String>,
    /// Other places involved, each with a word on its part.
    pub related: Vec<(Place, String)>,
}

impl Diagnostic {
    /// A finding with a message and nothing else yet.
    pub fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), place: None, hint: None, related: Vec::new() }
    }

    /// Adds the place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Adds the next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds another place involved.
    #[must_use]
    pub fn related(mut self, place: Place, part: impl Into<String>) -> Self {
        self.related.push((place, part.into()));
        self
    }

    /// Whether it is an error, as opposed to a warning or a note.
    pub fn is_error(&self) -> bool {
        self.code.severity == Severity::Error
    }
}

impl Place {
    /// A place in a file that has no lines.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), ..Self::default() }
    }

    /// A line of a file.
    pub fn line(file: impl Into<String>, line: u64) -> Self {
        Self { file: file.into(), line, ..Self::default() }
    }
}

/// The exit code that a set of findings asks for: [`crate::exit::DONE`] where none is an error,
/// else the highest of the errors' own.
pub fn worst_exit(diagnostics: &[Diagnostic]) -> u8 {
    diagnostics.iter().filter(|it| it.is_error()).map(|it| it.code.exit).max().unwrap_or(0)
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if self.column > 0 {
            write!(f, ":{}", self.column)?;
        }
        Ok(())
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.code.severity, self.code.id, self.message)?;
        if let Some(place) = &self.place {
            write_place(f, place, "-->")?;
        }
        for (place, part) in &self.related {
            write_place(f, place, "  :")?;
            write!(f, "\n     = {part}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

fn write_place(f: &mut fmt::Formatter<'_>, place: &Place, arrow: &str) -> fmt::Result {
    write!(f, "\n  {arrow} {place}")?;
    let Some(excerpt) = &place.excerpt else { return Ok(()) };
    write!(f, "\n   |  {excerpt}")?;
    if place.column > 0 {
        let before: usize = excerpt.chars().take(place.column as usize - 1).map(cells).sum();
        let meant = excerpt.chars().skip(place.column as usize - 1).take(place.width as usize);
        let width = meant.map(cells).sum::<usize>().max(1);
        write!(f, "\n   |  {}{}", " ".repeat(before), "^".repeat(width))?;
    }
    Ok(())
}

/// Terminal cells of a character: two for the wide East Asian ranges that packs are written in.
fn cells(it: char) -> usize {
    let wide = matches!(u32::from(it),
        0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x20000..=0x3FFFD);
    if wide { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_shows_code_place_excerpt_and_next_step() {
        let place = Place {
            file: "pack.toml".into(),
            line: 3,
            column: 6,
            width: 2,
            excerpt: Some("市 = 「x」".into()),
        };
        let finding = Diagnostic::new(&crate::codes::pack::TOML_SYNTAX, "a quote is missing")
            .at(place)
            .hint("close the quote");
        assert_eq!(
            finding.to_string(),
            "error[P001]: a quote is missing\n  --> pack.toml:3:6\n   |  市 = 「x」\n   |         \
             ^^^\n  hint: close the quote"
        );
    }
}
