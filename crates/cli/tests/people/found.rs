//! People found again.

use crate::databases;
use crate::setting::{ACT, HERE, THERE, found, live, person, put, some};
use app::people::NewPerson;
use store::Within;

#[test]
fn people_are_found_by_name_pinyin_initials_code_and_number_and_only_in_ones_areas() {
    for database in databases::all() {
        let live = live(&database);
        let rows = [
            NewPerson {
                identity_number: some("11010519491231002X"),
                phone: some("10000000001"),
                ..person("P1", "H1", HERE, "王小明")
            },
            person("P2", "H1", HERE, "王晓敏"),
            person("P3", "H2", THERE, "王小明"),
            person("P4", "H2", THERE, "欧阳娜娜"),
            NewPerson { household_code: some("610-7"), ..person("P5", "H3", HERE, "Sarah Nakato") },
        ];
        assert_eq!(put(&live, &rows, &ACT).accepted, 5);
        let here = Within::Areas(vec!["610202".to_owned()]);
        let both = Within::Areas(vec!["610203".to_owned(), "610202".to_owned()]);
        let cases: [(&str, &[&str], &[&str]); 15] = [
            ("王", &["P1", "P2", "P3"], &["P1", "P2"]),
            ("小明", &["P1", "P3"], &["P1"]),
            ("wangxiaomin", &["P1", "P2", "P3"], &["P1", "P2"]),
            ("wangxiaoming", &["P1", "P3"], &["P1"]),
            ("wxm", &["P1", "P2", "P3"], &["P1", "P2"]),
            ("娜", &["P4"], &[]),
            ("na", &["P4", "P5"], &["P5"]),
            ("ouyang", &["P4"], &[]),
            ("kato", &["P5"], &["P5"]),
            ("610-7", &["P5"], &["P5"]),
            ("H2", &["P3", "P4"], &[]),
            ("11010519491231002x", &["P1"], &["P1"]),
            ("100 0000 0001", &["P1"], &["P1"]),
            ("", &["P1", "P2", "P3", "P4", "P5"], &["P1", "P2", "P5"]),
            ("%' OR 1=1 --", &[], &[]),
        ];
        for (text, all, some) in cases {
            assert_eq!(found(&live, text, &Within::Everywhere), all, "{}: {text}", database.name);
            assert_eq!(found(&live, text, &here), some, "{}: {text} here", database.name);
            assert_eq!(found(&live, text, &both), all, "{}: {text} in both", database.name);
        }
        let renamed = NewPerson { name: some("赵强"), ..person("P1", "H1", HERE, "") };
        assert_eq!(put(&live, &[renamed], &ACT).changed, 1);
        assert_eq!(found(&live, "小明", &here), Vec::<String>::new(), "{}", database.name);
        assert_eq!(found(&live, "zq", &here), ["P1"], "{}", database.name);
    }
}
