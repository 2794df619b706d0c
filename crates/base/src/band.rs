//! The five named ranges of the composite, and the sixth band for what is not known well enough.

use std::fmt;

/// A band. `Unknown` is not the lowest: it has no place in the order of badness, so compare with
/// [`Band::worse_of`] and [`Band::is_at_least`], never by discriminant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Band {
    /// Too little is known to say; listed, counted and visited.
    Unknown = 0,
    /// No sign of trouble.
    Green = 1,
    /// Worth a look at the next visit.
    Blue = 2,
    /// Slipping.
    Yellow = 3,
    /// Close to falling.
    Orange = 4,
    /// Falling.
    Red = 5,
}

/// The one-letter form used where colour is not available.
pub type BandLetter = char;

impl Band {
    /// The five known bands, best first.
    pub const KNOWN: [Band; 5] = [Band::Green, Band::Blue, Band::Yellow, Band::Orange, Band::Red];
    /// Every band in the order of its number, unknown first.
    pub const ALL: [Band; 6] =
        [Band::Unknown, Band::Green, Band::Blue, Band::Yellow, Band::Orange, Band::Red];

    /// The word used in files, on the command line and in packs.
    pub const fn name(self) -> &'static str {
        match self {
            Band::Unknown => "unknown",
            Band::Green => "green",
            Band::Blue => "blue",
            Band::Yellow => "yellow",
            Band::Orange => "orange",
            Band::Red => "red",
        }
    }

    /// The Chinese word.
    pub const fn name_zh(self) -> &'static str {
        match self {
            Band::Unknown => "待核",
            Band::Green => "绿",
            Band::Blue => "蓝",
            Band::Yellow => "黄",
            Band::Orange => "橙",
            Band::Red => "红",
        }
    }

    /// R, O, Y, B, G or `?`.
    pub const fn letter(self) -> BandLetter {
        match self {
            Band::Unknown => '?',
            Band::Green => 'G',
            Band::Blue => 'B',
            Band::Yellow => 'Y',
            Band::Orange => 'O',
            Band::Red => 'R',
        }
    }

    /// Parses [`Band::name`].
    pub fn parse(text: &str) -> Option<Band> {
        Band::ALL.into_iter().find(|it| it.name() == text)
    }

    /// The band with this number, as stored.
    pub fn from_number(number: u8) -> Option<Band> {
        Band::ALL.get(usize::from(number)).copied()
    }

    /// Whether too little is known.
    pub const fn is_unknown(self) -> bool {
        matches!(self, Band::Unknown)
    }

    /// The worse of two; unknown yields to whatever is known.
    pub const fn worse_of(self, other: Band) -> Band {
        if (other as u8) > (self as u8) { other } else { self }
    }

    /// Whether this is known and as bad as `edge` or worse.
    pub const fn is_at_least(self, edge: Band) -> bool {
        !self.is_unknown() && !edge.is_unknown() && (self as u8) >= (edge as u8)
    }

    /// The next worse band, or `None` from red and from unknown.
    pub const fn next_worse(self) -> Option<Band> {
        match self {
            Band::Green => Some(Band::Blue),
            Band::Blue => Some(Band::Yellow),
            Band::Yellow => Some(Band::Orange),
            Band::Orange => Some(Band::Red),
            Band::Red | Band::Unknown => None,
        }
    }
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_is_never_green_and_never_at_least_anything() {
        assert!(!Band::Unknown.is_at_least(Band::Green));
        assert_eq!(Band::Unknown.worse_of(Band::Green), Band::Green);
        assert_eq!(Band::Red.worse_of(Band::Unknown), Band::Red);
    }

    #[test]
    fn names_and_numbers_go_there_and_back() {
        for band in Band::ALL {
            assert_eq!(Band::parse(band.name()), Some(band));
            assert_eq!(Band::from_number(band as u8), Some(band));
        }
        assert_eq!(Band::from_number(6), None);
    }
}
