//! Names as they are looked for: as written, as said, abbreviated, from any place in them on.
//!
//! Whatever stands inside a name begins one of its ends: so every end is kept, and a search is one
//! range of an ordered table.

use pinyin::ToPinyin;
use std::collections::BTreeSet;

/// Characters of a part that are kept; a longer text is looked for by so many.
pub const PART_CHARACTERS: usize = 24;

/// Surnames that are said otherwise than the same character elsewhere. A fact of the language, as
/// the readings themselves are.
const SURNAMES: [(char, &str); 22] = [
    ('曾', "zeng"),
    ('单', "shan"),
    ('区', "ou"),
    ('仇', "qiu"),
    ('解', "xie"),
    ('查', "zha"),
    ('朴', "piao"),
    ('盖', "ge"),
    ('缪', "miao"),
    ('折', "she"),
    ('召', "shao"),
    ('员', "yun"),
    ('冼', "xian"),
    ('翟', "zhai"),
    ('黑', "he"),
    ('秘', "bi"),
    ('乐', "yue"),
    ('覃', "qin"),
    ('燕', "yan"),
    ('任', "ren"),
    ('种', "chong"),
    ('尉', "yu"),
];

/// How a name is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forms {
    /// How it is said; nothing where it has no Chinese character.
    pub pinyin: Option<String>,
    /// First letters of what is said, or of several words.
    pub initials: Option<String>,
    /// Everything that it is found by.
    pub parts: BTreeSet<String>,
}

impl Forms {
    /// The forms of a name.
    pub fn of(name: &str) -> Self {
        let mut forms = Self::default();
        let written = plain(name);
        forms.add_ends(&written.chars().map(String::from).collect::<Vec<_>>());
        let said: Vec<String> = written.chars().map(said).collect();
        let is_chinese = written.chars().any(|it| it.to_pinyin().is_some());
        if is_chinese {
            let surname = written.chars().next().and_then(surname);
            // Who does not know how the surname is said finds it as the character is said.
            for first in [said.first().map(String::as_str), surname].into_iter().flatten() {
                let mut said = said.clone();
                first.clone_into(&mut said[0]);
                let initials: Vec<String> = said.iter().filter_map(|it| initial(it)).collect();
                forms.add_ends(&said);
                forms.add_ends(&initials);
                forms.pinyin = Some(said.concat());
                forms.initials = Some(initials.concat());
            }
            return forms;
        }
        let words: Vec<String> = name.split(is_gap).filter_map(initial).collect();
        if words.len() > 1 {
            forms.add_ends(&words);
            forms.initials = Some(words.concat());
        }
        forms
    }

    fn add_ends(&mut self, units: &[String]) {
        for start in 0..units.len() {
            self.parts.insert(cut(&units[start..].concat()));
        }
    }
}

/// A text as names are looked for by it.
pub fn wanted(text: &str) -> String {
    cut(&plain(text))
}

/// Small letters without gaps; `ü` is typed `v`.
fn plain(text: &str) -> String {
    let small = text.chars().flat_map(char::to_lowercase);
    small.filter(|it| !is_gap(*it)).map(|it| if it == 'ü' { 'v' } else { it }).collect()
}

fn is_gap(it: char) -> bool {
    it.is_whitespace() || "·•・.-'’‧,，".contains(it)
}

fn cut(text: &str) -> String {
    text.chars().take(PART_CHARACTERS).collect()
}

fn said(character: char) -> String {
    character.to_pinyin().map_or_else(|| character.to_string(), |it| plain(it.plain()))
}

fn surname(character: char) -> Option<&'static str> {
    SURNAMES.iter().find(|it| it.0 == character).map(|it| it.1)
}

fn initial(said: &str) -> Option<String> {
    plain(said).chars().next().map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn finds(name: &str, text: &str) -> bool {
        let wanted = wanted(text);
        Forms::of(name).parts.iter().any(|it| it.starts_with(&wanted))
    }

    #[test]
    fn a_name_is_found_by_characters_pinyin_and_initials_from_any_character_on() {
        for text in
            ["王", "小明", "王小明", "wang", "Wang Xiao", "xiaom", "ming", "wxm", "xm", "wa"]
        {
            assert!(finds("王小明", text), "{text}");
        }
        for text in ["张", "明王", "ang", "mx", "wangming"] {
            assert!(!finds("王小明", text), "{text}");
        }
        assert!(finds("吕布", "lv") && finds("吕布", "LÜ") && finds("吕布", "lb"));
    }

    #[test]
    fn a_surname_is_found_by_either_reading_and_kept_by_its_own() {
        let forms = Forms::of("曾国藩");
        assert_eq!(forms.pinyin.as_deref(), Some("zengguofan"));
        assert!(finds("曾国藩", "zengguo") && finds("曾国藩", "cengguo") && finds("曾国藩", "zgf"));
    }

    #[test]
    fn a_name_in_letters_is_found_by_any_part_and_by_the_initials_of_its_words() {
        for text in ["sarah", "Nakato", "kato", "rah nak", "sn", "ATO"] {
            assert!(finds("Sarah Nakato", text), "{text}");
        }
        assert!(finds("买买提·阿不都拉", "提阿不") && finds("买买提·阿不都拉", "maimaiti a"));
    }

    proptest! {
        #[test]
        fn any_run_of_characters_of_a_name_finds_it(
            name in "[\\p{Han}a-zA-Z ]{1,20}", from in 0usize..20, length in 1usize..20,
        ) {
            let text: String = name.chars().skip(from).take(length).collect();
            prop_assume!(!wanted(&text).is_empty());
            prop_assert!(finds(&name, &text), "{name} by {text}");
        }
    }
}
