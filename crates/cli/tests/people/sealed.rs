//! What is sealed: kept from the database, from old keys, and destroyed.

use crate::databases;
use crate::setting::{ACT, HERE, KEY, codes, fact, found, live, pack, person, put, some};
use app::live::{Live, Scoring};
use app::people::{Field, NewPerson};
use store::facts::{self, FactRow};
use store::{Store, Within, audit};

#[test]
fn who_is_erased_leaves_a_gap_that_verifies_and_nothing_else() {
    for database in databases::all() {
        let live = live(&database);
        let number = "11010519491231002X";
        let row = NewPerson {
            identity_number: some(number),
            health_note: some("dialysis"),
            ..person("P1", "H1", HERE, "王小明")
        };
        put(&live, std::slice::from_ref(&row), &ACT);
        let unmask = || {
            let fields = [Field::IdentityNumber, Field::HealthNote];
            live.store.write(|tx| live.unmask(tx, "P1", &fields, "a visit at home", &ACT))
        };
        let shown: Vec<String> = unmask().expect("shown").into_iter().map(|it| it.text).collect();
        assert_eq!(shown, ["dialysis", number], "{}", database.name);
        // A correction of something about her, whose reason says who she is.
        let told = FactRow {
            supersedes: some("before"),
            reason: some("王小明 was asked"),
            ..fact("told", "H1", Some("P1"), "job.employed", "false")
        };
        let of_another = FactRow {
            member_id: some("P2"),
            fact_id: "other".to_owned(),
            supersedes: some("another"),
            ..told.clone()
        };
        live.ingest(&[told, of_another], Scoring::Later, &ACT).expect("taken");
        let erase = || live.store.write(|tx| live.erase(tx, "P1", "asked for it", &ACT));
        assert_eq!((erase(), erase()), (Ok(1), Ok(0)), "{}", database.name);
        assert_eq!(unmask().err().expect("gone").code.id, "I005", "{}", database.name);
        for text in ["王", number, "wxm"] {
            assert!(
                found(&live, text, &Within::Everywhere).is_empty(),
                "{}: {text}",
                database.name
            );
        }
        let view = live.store.read(|tx| live.person(tx, "P1", &Within::Everywhere)).expect("read");
        let view = view.expect("a gap");
        assert_eq!(
            (view.row.status.as_str(), view.row.name, view.row.birth_date),
            ("erased", None, None)
        );
        assert!(view.fields.is_empty());
        assert_eq!(codes(&put(&live, &[row], &ACT)), [(0, "I005")], "{}", database.name);
        let verdict = live.verify_audit().expect("read");
        assert!(matches!(verdict, audit::Verdict::Whole(4, _)), "{}", database.name);
        let known = live.store.read(|tx| facts::known(tx, &["told", "other"])).expect("read");
        let reason = |id: &str| known[id].as_ref().and_then(|it| it.reason.clone());
        assert_eq!((reason("told"), reason("other")), (None, some("王小明 was asked")));
        let looks = live
            .store
            .read(|tx| store::people::unmaskings::list(tx, Some("P1"), i64::MAX, 10))
            .expect("read");
        assert_eq!(looks.len(), 1, "{}: a refused look shows nothing", database.name);
    }
}

#[test]
fn another_master_key_opens_what_the_old_one_sealed_and_the_old_one_nothing_more() {
    for database in databases::all() {
        let row = NewPerson {
            identity_number: some("11010519491231002X"),
            ..person("P1", "H1", HERE, "王小明")
        };
        let before = live(&database);
        put(&before, std::slice::from_ref(&row), &ACT);
        let wrong = [9; 32];
        let rotate = |old, new| app::people::rotate(&before.store, (&old, &new), &ACT, &mut |_| {});
        assert_eq!(rotate(wrong, wrong).expect_err("no").code.id, "I004", "{}", database.name);
        for (old, new) in [(KEY, [8; 32]), ([8; 32], [6; 32])] {
            assert_eq!(rotate(old, new), Ok(1), "{}", database.name);
        }
        let store = Store::open(&database.address).expect("opened");
        let refused = Live::new(store, pack(), KEY).err().expect("refused");
        assert_eq!(refused.code.id, "I004", "{}", database.name);
        let store = Store::open(&database.address).expect("opened");
        let after = Live::new(store, pack(), [6; 32]).expect("the new key");
        assert_eq!(found(&after, "11010519491231002X", &Within::Everywhere), ["P1"]);
        assert_eq!(put(&after, &[row], &ACT).known, 1, "{}", database.name);
        let shown = after
            .store
            .write(|tx| after.unmask(tx, "P1", &[Field::IdentityNumber], "a visit", &ACT));
        assert_eq!(shown.expect("shown")[0].text, "11010519491231002X");
        let verdict = after.verify_audit().expect("read");
        assert!(matches!(verdict, audit::Verdict::Whole(4, _)), "{}", database.name);
    }
}

#[test]
fn nothing_that_is_sealed_stands_plain_in_the_database() {
    let database = databases::all().remove(0);
    let live = live(&database);
    let row = NewPerson {
        identity_number: some("11010519491231002X"),
        phone: some("10012345678"),
        bank_account: some("6222000000001234"),
        health_note: some("dialysis on mondays"),
        ..person("P1", "H1", HERE, "王小明")
    };
    put(&live, &[row], &ACT);
    live.store
        .write(|tx| live.unmask(tx, "P1", &Field::ALL, "a visit", &ACT).map(drop))
        .expect("shown");
    let store::Address::File(path) = &database.address else { panic!("a file") };
    let folder = path.parent().expect("a folder");
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let bytes = std::fs::read(entry.path()).expect("read");
        let has = |text: &str| bytes.windows(text.len()).any(|it| it == text.as_bytes());
        for text in ["11010519491231002", "10012345678", "622200000000", "dialysis"] {
            assert!(!has(text), "{text} stands in {}", entry.path().display());
        }
    }
}
