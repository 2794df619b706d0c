//! Databases of earlier steps, brought up to date when they are opened.

use super::{ACT, KEY, by_store, city, import, pack};
use app::live::Live;
use std::path::{Path, PathBuf};
use store::Store;

/// A copy of a database as it was at an earlier step: tables as they were made then, with what the
/// newest has in the same columns.
fn at_step(step: usize, newest: &Path, to: &Path) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/migrations");
    let entries = std::fs::read_dir(folder).expect("migrations").flatten();
    let mut files: Vec<PathBuf> = entries.map(|it| it.path()).collect();
    files.sort();
    let connection = rusqlite::Connection::open(to).expect("made");
    let made = "CREATE TABLE migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL)";
    connection.execute_batch(made).expect("made");
    for (number, file) in (1i64..).zip(&files).take(step) {
        let text = std::fs::read_to_string(file).expect("a step");
        connection.execute_batch(&text.replace("{clustered}", "WITHOUT ROWID")).expect("taken");
        let stem = file.file_stem().and_then(|it| it.to_str()).expect("a name");
        let (_, name) = stem.split_once('_').expect("number and name");
        connection
            .execute("INSERT INTO migrations VALUES (?1, ?2)", (number, name))
            .expect("noted");
    }
    let newest = newest.to_str().expect("a path");
    connection.execute("ATTACH ?1 AS newest", [newest]).expect("attached");
    let list = |sql: &str, of: &[&str]| -> Vec<String> {
        let mut query = connection.prepare(sql).expect("a query");
        let rows = query.query_map(rusqlite::params_from_iter(of), |it| it.get(0)).expect("rows");
        rows.map(|it| it.expect("a text")).collect()
    };
    let tables = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name <> 'migrations' \
                  AND name NOT LIKE 'sqlite_%'";
    let columns = "SELECT name FROM pragma_table_info(?1, 'main') \
                   INTERSECT SELECT name FROM pragma_table_info(?1, 'newest')";
    for table in list(tables, &[]) {
        let columns = list(columns, &[&table]).join(", ");
        let copy = format!(
            "INSERT OR REPLACE INTO main.{table} ({columns}) SELECT {columns} FROM newest.{table}"
        );
        connection.execute_batch(&copy).expect("copied");
    }
}

#[test]
fn a_database_of_an_older_step_gives_the_same_scores_once_it_is_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = city(folder.path(), 60);
    let newest = folder.path().join("newest.db");
    let open = |path: &Path| {
        let store = Store::open(&store::Address::File(path.to_owned())).expect("opened");
        Live::new(store, pack(), KEY).expect("a pack of months")
    };
    let live = open(&newest);
    import(&live, &path);
    let (digest, scores) =
        (live.rebuild(None, &mut |_| {}).expect("rebuilt").digest, by_store(&live));
    assert!(scores.len() >= 60, "{}", scores.len());
    drop(live);
    for step in [1, 3, 4, 7, 8] {
        let old = folder.path().join(format!("step-{step}.db"));
        at_step(step, &newest, &old);
        let live = open(&old);
        let stale = live.store.read(store::stale::count).expect("read");
        assert!(stale >= 60, "step {step}: counts of scores of before would be missing: {stale}");
        live.catch_up_all(&ACT, &mut |_, _| {}).expect("scored");
        let rebuilt = live.rebuild(None, &mut |_| {}).expect("rebuilt");
        assert_eq!(
            (rebuilt.differ, rebuilt.counts_differ, rebuilt.stale),
            (0, 0, 0),
            "step {step}"
        );
        assert_eq!(
            (rebuilt.digest, by_store(&live)),
            (digest.clone(), scores.clone()),
            "step {step}"
        );
    }
}

#[test]
fn names_of_areas_that_were_copies_are_gone_from_a_database_of_an_older_step() {
    let folder = tempfile::tempdir().expect("a folder");
    let newest = folder.path().join("newest.db");
    drop(Store::open(&store::Address::File(newest.clone())).expect("opened"));
    let old = folder.path().join("old.db");
    at_step(9, &newest, &old);
    let rows = [
        ("1", "耀州区", "耀州区"),
        ("2", "Côte d'Ivoire", "Côte d'Ivoire"),
        ("3", "Yijun County", "宜君县"),
    ];
    let connection = rusqlite::Connection::open(&old).expect("opened");
    for row in rows {
        let sql = "INSERT INTO areas VALUES (?1, 0, NULL, ?2, ?3, 1, NULL)";
        connection.execute(sql, row).expect("an area");
    }
    drop(connection);
    let store = Store::open(&store::Address::File(old)).expect("opened");
    let names: Vec<_> = store.read(store::areas::all).expect("read");
    let names: Vec<_> =
        names.iter().map(|it| (it.name_en.as_deref(), it.name_zh.as_deref())).collect();
    let expected = [
        (None, Some("耀州区")),
        (Some("Côte d'Ivoire"), None),
        (Some("Yijun County"), Some("宜君县")),
    ];
    assert_eq!(names, expected);
}
