//! A set of hashes that may take a newcomer for one it knows, never the other way round, in about
//! two bytes for each: a chain of Bloom filters, each twice the size of the one before.

/// Bits for each hash; with four probes about one newcomer in four hundred is mistaken.
const BITS_PER_HASH: usize = 16;
const PROBES: u64 = 4;
const FIRST_CAPACITY: usize = 1 << 16;

/// The set.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    filters: Vec<Filter>,
}

#[derive(Debug)]
struct Filter {
    bits: Vec<u64>,
    capacity: usize,
    len: usize,
}

impl Seen {
    /// Adds a hash; says whether it may have been there already.
    pub fn insert(&mut self, hash: u64) -> bool {
        if self.filters.iter().any(|it| it.contains(hash)) {
            return true;
        }
        if self.filters.last().is_none_or(|it| it.len == it.capacity) {
            let capacity = self.filters.last().map_or(FIRST_CAPACITY, |it| it.capacity * 2);
            let bits = vec![0; capacity * BITS_PER_HASH / 64];
            self.filters.push(Filter { bits, capacity, len: 0 });
        }
        if let Some(last) = self.filters.last_mut() {
            last.insert(hash);
        }
        false
    }
}

impl Filter {
    fn contains(&self, hash: u64) -> bool {
        self.places(hash).all(|(word, bit)| self.bits[word] & bit != 0)
    }

    fn insert(&mut self, hash: u64) {
        for probe in 0..PROBES {
            let (word, bit) = place(hash, probe, self.bits.len());
            self.bits[word] |= bit;
        }
        self.len += 1;
    }

    fn places(&self, hash: u64) -> impl Iterator<Item = (usize, u64)> {
        let words = self.bits.len();
        (0..PROBES).map(move |probe| place(hash, probe, words))
    }
}

/// Word and bit of a probe: the two halves of the hash as start and odd stride.
fn place(hash: u64, probe: u64, words: usize) -> (usize, u64) {
    let stride = hash.rotate_left(32) | 1;
    let at = hash.wrapping_add(stride.wrapping_mul(probe));
    // The words are a power of two.
    (((at >> 6) as usize) & (words - 1), 1 << (at & 63))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::known::hash;

    #[test]
    fn none_that_was_added_is_missed_and_few_newcomers_are_mistaken() {
        let mut seen = Seen::default();
        let hashes = |from: u32, to: u32| (from..to).map(|it| hash(&it.to_string()));
        let mistaken = hashes(0, 300_000).filter(|&it| seen.insert(it)).count();
        assert!(mistaken < 3_000, "{mistaken} of 300000");
        assert!(hashes(0, 300_000).all(|it| seen.insert(it)));
    }
}
