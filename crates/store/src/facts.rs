//! Facts as they were told: append-only, found by whom they are about. What was erased is given out
//! by no function here.

pub mod erased;

use crate::error::Result;
use crate::insert::Column;
use crate::transaction::Tx;
use crate::value::Row;
use std::collections::{BTreeMap, BTreeSet};

/// Whom a fact was recorded under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A household, by id.
    Household(String),
    /// A member without a household.
    Member(String),
    /// A settlement site.
    Site(String),
}

impl Subject {
    fn key(&self) -> String {
        match self {
            Subject::Household(it) => format!("H{it}"),
            Subject::Member(it) => format!("M{it}"),
            Subject::Site(it) => format!("S{it}"),
        }
    }

    pub(crate) fn parse(key: &str) -> Self {
        let id = key.get(1..).unwrap_or_default().to_owned();
        match key.as_bytes().first() {
            Some(b'M') => Subject::Member(id),
            Some(b'S') => Subject::Site(id),
            _ => Subject::Household(id),
        }
    }
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactRow {
    /// Whom it was recorded under.
    pub subject: Subject,
    /// Its id.
    pub fact_id: String,
    /// The member it is about.
    pub member_id: Option<String>,
    /// Its code.
    pub fact: String,
    /// Its value as written.
    pub value: String,
    /// First day, from 1970-01-01.
    pub valid_from: i64,
    /// Last day.
    pub valid_to: Option<i64>,
    /// When it was learned, in microseconds.
    pub recorded_at: i64,
    /// Who told it.
    pub source: Option<String>,
    /// The fact it corrects.
    pub supersedes: Option<String>,
    /// Why, in somebody's words; they may be about a person.
    pub reason: Option<String>,
}

const COLUMNS: &str = "subject, fact_id, member_id, fact, value, valid_from, valid_to, recorded_at, \
                       source, supersedes, reason";

fn fact(row: &Row<'_>) -> Result<FactRow> {
    Ok(FactRow {
        subject: Subject::parse(row.text(0)?),
        fact_id: row.text(1)?.to_owned(),
        member_id: row.opt_text(2)?.map(str::to_owned),
        fact: row.text(3)?.to_owned(),
        value: row.text(4)?.to_owned(),
        valid_from: row.int(5)?,
        valid_to: row.opt_int(6)?,
        recorded_at: row.int(7)?,
        source: row.opt_text(8)?.map(str::to_owned),
        supersedes: row.opt_text(9)?.map(str::to_owned),
        reason: row.opt_text(10)?.map(str::to_owned),
    })
}

/// Those of some facts that are there already, as they are, by id; nothing in place of one that was
/// erased.
pub fn known(tx: &mut Tx<'_>, ids: &[&str]) -> Result<BTreeMap<String, Option<FactRow>>> {
    let mut found = BTreeMap::new();
    let sql = format!("SELECT {COLUMNS}, erased_at FROM facts WHERE fact_id IN {{texts}}");
    tx.each_of(&sql, &[], ids, &mut |row| {
        let (fact, erased_at) = (fact(row)?, row.opt_int(11)?);
        found.insert(fact.fact_id.clone(), erased_at.is_none().then_some(fact));
        Ok(())
    })?;
    Ok(found)
}

/// Appends facts that are not there yet, in the order of their subjects.
pub fn append(tx: &mut Tx<'_>, facts: &[&FactRow]) -> Result<()> {
    let last = last(tx)?;
    tx.first_new_fact.get_or_insert(last + 1);
    let mut order = facts.to_vec();
    order.sort_by(|a, b| a.subject.cmp(&b.subject));
    let keys: Vec<String> = order.iter().map(|it| it.subject.key()).collect();
    let text = |of: fn(&FactRow) -> &str| Column::Texts(order.iter().map(|it| of(it)).collect());
    let some = |of: fn(&FactRow) -> Option<&str>| {
        Column::OptTexts(order.iter().map(|it| of(it)).collect())
    };
    let int = |of: fn(&FactRow) -> i64| Column::Ints(order.iter().map(|it| of(it)).collect());
    let columns = [
        ("subject", Column::Texts(keys.iter().map(String::as_str).collect())),
        ("number", Column::Ints((last + 1..).take(order.len()).collect())),
        ("fact_id", text(|it| &it.fact_id)),
        ("member_id", some(|it| it.member_id.as_deref())),
        ("fact", text(|it| &it.fact)),
        ("value", text(|it| &it.value)),
        ("valid_from", int(|it| it.valid_from)),
        ("valid_to", Column::OptInts(order.iter().map(|it| it.valid_to).collect())),
        ("recorded_at", int(|it| it.recorded_at)),
        ("source", some(|it| it.source.as_deref())),
        ("supersedes", some(|it| it.supersedes.as_deref())),
        ("reason", some(|it| it.reason.as_deref())),
    ];
    tx.insert("facts", &columns, "")?;
    let next = (last + order.len() as i64).to_string();
    crate::settings::set(tx, "facts", &next);
    Ok(())
}

/// A fact as it lies in the database, of which nothing was copied yet.
#[derive(Clone, Copy, Debug)]
pub struct FactView<'r> {
    /// Its number among all facts, in the order they came.
    pub number: i64,
    /// Its id.
    pub fact_id: &'r str,
    /// The member it is about.
    pub member_id: Option<&'r str>,
    /// Its code.
    pub fact: &'r str,
    /// Its value as written.
    pub value: &'r str,
    /// First day, from 1970-01-01.
    pub valid_from: i64,
    /// Last day.
    pub valid_to: Option<i64>,
    /// When it was learned, in microseconds.
    pub recorded_at: i64,
    /// The fact it corrects.
    pub supersedes: Option<&'r str>,
}

/// Calls `each` with the facts of some subjects that came after a number (0: all), subject by
/// subject in the order they came; for those who read many and keep few.
pub fn visit(
    tx: &mut Tx<'_>,
    subjects: &[Subject],
    after: i64,
    each: &mut dyn FnMut(&Subject, &FactView<'_>),
) -> Result<()> {
    let keys: Vec<String> = subjects.iter().map(Subject::key).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let sql = "SELECT subject, fact_id, member_id, fact, value, valid_from, valid_to, recorded_at, \
               supersedes, number FROM facts WHERE subject IN {texts} AND number > ?1 \
               AND erased_at IS NULL ORDER BY subject, number";
    let mut at: Option<(String, Subject)> = None;
    tx.each_of(sql, &[after.into()], &keys, &mut |row| {
        let key = row.text(0)?;
        if at.as_ref().is_none_or(|it| it.0 != key) {
            at = Some((key.to_owned(), Subject::parse(key)));
        }
        let view = FactView {
            number: row.int(9)?,
            fact_id: row.text(1)?,
            member_id: row.opt_text(2)?,
            fact: row.text(3)?,
            value: row.text(4)?,
            valid_from: row.int(5)?,
            valid_to: row.opt_int(6)?,
            recorded_at: row.int(7)?,
            supersedes: row.opt_text(8)?,
        };
        if let Some((_, subject)) = &at {
            each(subject, &view);
        }
        Ok(())
    })
}

/// Calls `each` with the facts of some subjects, subject by subject in the order they came.
pub fn of(
    tx: &mut Tx<'_>,
    subjects: &[Subject],
    each: &mut dyn FnMut(FactRow) -> Result<()>,
) -> Result<()> {
    with_numbers(tx, subjects, &mut |fact, _| each(fact))
}

/// As [`of`], with the number of each fact.
pub(crate) fn with_numbers(
    tx: &mut Tx<'_>,
    subjects: &[Subject],
    each: &mut dyn FnMut(FactRow, i64) -> Result<()>,
) -> Result<()> {
    let keys: Vec<String> = subjects.iter().map(Subject::key).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let sql = format!(
        "SELECT {COLUMNS}, number FROM facts WHERE subject IN {{texts}} AND erased_at IS NULL \
         ORDER BY subject, number"
    );
    tx.each_of(&sql, &[], &keys, &mut |row| each(fact(row)?, row.int(11)?))
}

/// Households that have facts, in order, after one of them; at most so many.
pub fn households(tx: &mut Tx<'_>, after: &str, most: i64) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let sql = "SELECT DISTINCT subject FROM facts WHERE subject > ?1 AND subject < 'I' \
               ORDER BY subject LIMIT ?2";
    // `H` sorts before every household.
    let after = Subject::Household(after.to_owned()).key();
    tx.each(sql, &[after.as_str().into(), most.into()], &mut |row| {
        found.push(row.text(0)?.get(1..).unwrap_or_default().to_owned());
        Ok(())
    })?;
    Ok(found)
}

/// How many facts there are: the number of the last one.
pub fn last(tx: &mut Tx<'_>) -> Result<i64> {
    Ok(crate::settings::get(tx, "facts")?.and_then(|it| it.parse().ok()).unwrap_or(0))
}

/// The number of the last fact that was there before this transaction appended any: facts up to it
/// stay, whatever becomes of the transaction.
pub fn committed(tx: &mut Tx<'_>) -> Result<i64> {
    match tx.first_new_fact {
        Some(first) => Ok(first - 1),
        None => last(tx),
    }
}

/// Where a page of facts begins: behind the subject and number of the last one of the page before.
pub type Place = (String, i64);

/// A page of all facts by subject and number, at most so many, as they were when there were `upto`
/// of them; and where the next one begins.
pub fn page(
    tx: &mut Tx<'_>,
    (subject, number): &Place,
    upto: i64,
    most: i64,
) -> Result<(Vec<FactRow>, Option<Place>)> {
    let sql = format!(
        "SELECT {COLUMNS}, number FROM facts WHERE (subject, number) > (?1, ?2) AND number <= ?3 \
         AND erased_at IS NULL ORDER BY subject, number LIMIT ?4"
    );
    let (mut found, mut last) = (Vec::new(), None);
    let values = [subject.into(), (*number).into(), upto.into(), most.into()];
    tx.each(&sql, &values, &mut |row| {
        last = Some((row.text(0)?.to_owned(), row.int(11)?));
        found.push(fact(row)?);
        Ok(())
    })?;
    Ok((found, last))
}

/// The greatest day that a fact is about.
pub fn last_day(tx: &mut Tx<'_>) -> Result<Option<i64>> {
    let found = tx.one("SELECT max(valid_from) FROM facts", &[], |row| row.opt_int(0))?;
    Ok(found.flatten())
}

/// Where the facts of members lie: (member, subject).
pub type Lies = BTreeSet<(String, Subject)>;

/// Notes where facts of members lie and how many of them say where a member belongs.
pub fn note_members(tx: &mut Tx<'_>, lies: &BTreeMap<(String, Subject), i64>) -> Result<()> {
    let keys: Vec<(&str, String, i64)> = lies
        .iter()
        .map(|((member, subject), says)| (member.as_str(), subject.key(), *says))
        .collect();
    let columns = [
        ("member_id", Column::Texts(keys.iter().map(|it| it.0).collect())),
        ("subject", Column::Texts(keys.iter().map(|it| it.1.as_str()).collect())),
        ("says_of", Column::Ints(keys.iter().map(|it| it.2).collect())),
    ];
    let conflict = "ON CONFLICT (member_id, subject) DO UPDATE SET \
                    says_of = member_subjects.says_of + excluded.says_of";
    tx.insert("member_subjects", &columns, conflict).map(drop)
}

/// Those of some members of whom more than one fact says where they belong, with everything that
/// was recorded of them lies.
pub fn movers(tx: &mut Tx<'_>, members: &[&str]) -> Result<Lies> {
    let mut found = Lies::new();
    let sql = "SELECT member_id, subject FROM member_subjects WHERE member_id IN \
               (SELECT member_id FROM member_subjects WHERE member_id IN {texts} \
                GROUP BY member_id HAVING sum(says_of) > 1)";
    tx.each_of(sql, &[], members, &mut |row| {
        found.insert((row.text(0)?.to_owned(), Subject::parse(row.text(1)?)));
        Ok(())
    })?;
    Ok(found)
}

/// Where everything that was recorded of some members lies.
pub fn lies(tx: &mut Tx<'_>, members: &[&str]) -> Result<Lies> {
    let mut found = Lies::new();
    let sql = "SELECT member_id, subject FROM member_subjects WHERE member_id IN {texts}";
    tx.each_of(sql, &[], members, &mut |row| {
        found.insert((row.text(0)?.to_owned(), Subject::parse(row.text(1)?)));
        Ok(())
    })?;
    Ok(found)
}
