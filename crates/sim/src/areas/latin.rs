//! Names of Chinese areas in Latin letters: transliterations and no translations.
//!
//! The proper name is said in pinyin without tones, written as one word; what kind of area it is,
//! is translated. A character with several readings gets its most frequent one, which in a place
//! may be said otherwise: nobody should take these for official spellings.

use pinyin::ToPinyin;

/// What an area is called by its kind. Of two endings that fit, the longer one stands first.
const KINDS: [(&str, &str); 15] = [
    ("社区居民委员会", "Community"),
    ("居民委员会", "Community"),
    ("村民委员会", "Village"),
    ("社区居委会", "Community"),
    ("居委会", "Community"),
    ("村委会", "Village"),
    ("社区", "Community"),
    ("街道", "Subdistrict"),
    ("省", "Province"),
    ("市", "City"),
    ("区", "District"),
    ("县", "County"),
    ("镇", "Town"),
    ("乡", "Township"),
    ("村", "Village"),
];

/// Spelled so to be told from its neighbour 山西 (Shanxi).
const SPELLED: [(&str, &str); 1] = [("陕西", "Shaanxi")];

/// The name of an area in Latin letters, e.g. `Yaozhou District` for 耀州区; nothing where its kind
/// or a character of it is not known.
pub fn transliterated(name: &str) -> Option<String> {
    let mut kinds = KINDS.iter();
    let (proper, kind) =
        kinds.find_map(|(ending, kind)| Some((name.strip_suffix(ending)?, kind)))?;
    let spelled = SPELLED.iter().find(|it| it.0 == proper).map(|it| it.1.to_owned());
    let proper = spelled.or_else(|| said(proper))?;
    Some(format!("{proper} {kind}"))
}

/// One word of all syllables, with the mark that pinyin sets before a vowel inside a word.
fn said(name: &str) -> Option<String> {
    let mut word = String::new();
    for character in name.chars() {
        let syllable = character.to_pinyin()?.plain();
        if word.is_empty() {
            let mut letters = syllable.chars();
            word.extend(letters.next()?.to_uppercase());
            word.push_str(letters.as_str());
        } else {
            if syllable.starts_with(['a', 'o', 'e']) {
                word.push('\'');
            }
            word.push_str(syllable);
        }
    }
    Some(word).filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use super::transliterated;

    #[test]
    fn a_name_is_said_and_its_kind_translated() {
        for (name, latin) in [
            ("耀州区", "Yaozhou District"),
            ("宜君县", "Yijun County"),
            ("铜川市", "Tongchuan City"),
            ("陕西省", "Shaanxi Province"),
            ("太安镇", "Tai'an Town"),
            ("云梦乡", "Yunmeng Township"),
            ("七一路街道", "Qiyilu Subdistrict"),
            ("孟姜塬村委会", "Mengjiangyuan Village"),
            ("车村村委会", "Checun Village"),
            ("建乐社区居委会", "Jianle Community"),
        ] {
            assert_eq!(transliterated(name).as_deref(), Some(latin), "{name}");
        }
    }

    #[test]
    fn a_name_whose_kind_is_not_known_gets_none() {
        assert_eq!(transliterated("管理处"), None);
        assert_eq!(transliterated("A区"), None);
        assert_eq!(transliterated("区"), None);
    }

    #[test]
    fn every_area_of_the_tree_has_one() {
        let areas = crate::areas::areas();
        let without: Vec<&str> =
            areas.iter().map(|it| it.name).filter(|it| transliterated(it).is_none()).collect();
        assert!(without.is_empty(), "{without:?}");
    }
}
