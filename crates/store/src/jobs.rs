//! Long work, as it was asked for and as far as it is.

use crate::error::Result;
use crate::recorded;
use crate::transaction::Tx;
use crate::value::{Row, Value};

/// One job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// Its id.
    pub job_id: String,
    /// Its place in the order in which jobs were asked for; given when it is written first.
    pub number: i64,
    /// What kind of work.
    pub kind: String,
    /// How it stands.
    pub state: String,
    /// What is being done.
    pub phase: String,
    /// How much of that is done.
    pub done: i64,
    /// Of how much, where that is known.
    pub total: Option<i64>,
    /// Who asked for it.
    pub actor: String,
    /// Whose rows it may touch.
    pub areas: String,
    /// What was asked for, as JSON.
    pub request: String,
    /// The folder that holds its file.
    pub spool: String,
    /// The server that works on it; empty: none yet.
    pub holder: String,
    /// Whether it shall end.
    pub is_cancelled: bool,
    /// When it was asked for, in microseconds.
    pub created_at: i64,
    /// When work on it began.
    pub started_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// What came of it, as JSON.
    pub result: Option<String>,
    /// Why nothing did, as JSON.
    pub error: Option<String>,
    /// The job that took back what it recorded.
    pub undone_by: Option<String>,
}

const COLUMNS: &str = "job_id, number, kind, state, phase, done, total, actor, areas, request, spool, \
                       holder, is_cancelled, created_at, started_at, ended_at, result, error, \
                       undone_by";

fn job(row: &Row<'_>) -> Result<JobRow> {
    Ok(JobRow {
        job_id: row.text(0)?.to_owned(),
        number: row.int(1)?,
        kind: row.text(2)?.to_owned(),
        state: row.text(3)?.to_owned(),
        phase: row.text(4)?.to_owned(),
        done: row.int(5)?,
        total: row.opt_int(6)?,
        actor: row.text(7)?.to_owned(),
        areas: row.text(8)?.to_owned(),
        request: row.text(9)?.to_owned(),
        spool: row.text(10)?.to_owned(),
        holder: row.text(11)?.to_owned(),
        is_cancelled: row.int(12)? != 0,
        created_at: row.int(13)?,
        started_at: row.opt_int(14)?,
        ended_at: row.opt_int(15)?,
        result: row.opt_text(16)?.map(str::to_owned),
        error: row.opt_text(17)?.map(str::to_owned),
        undone_by: row.opt_text(18)?.map(str::to_owned),
    })
}

fn all(tx: &mut Tx<'_>, end: &str, values: &[Value<'_>]) -> Result<Vec<JobRow>> {
    let mut found = Vec::new();
    let sql = format!("SELECT {COLUMNS} FROM jobs {end}");
    tx.each(&sql, values, &mut |row| {
        found.push(job(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Writes a new job and gives it its number.
pub fn add(tx: &mut Tx<'_>, row: &mut JobRow) -> Result<()> {
    let last = tx.one("SELECT max(number) FROM jobs", &[], |it| it.opt_int(0))?;
    row.number = last.flatten().unwrap_or(0) + 1;
    let places = (1..=19).map(|it| format!("?{it}")).collect::<Vec<_>>().join(", ");
    let sql = format!("INSERT INTO jobs ({COLUMNS}) VALUES ({places})");
    let values = [
        (&row.job_id).into(),
        row.number.into(),
        (&row.kind).into(),
        (&row.state).into(),
        (&row.phase).into(),
        row.done.into(),
        row.total.into(),
        (&row.actor).into(),
        (&row.areas).into(),
        (&row.request).into(),
        (&row.spool).into(),
        (&row.holder).into(),
        row.is_cancelled.into(),
        row.created_at.into(),
        row.started_at.into(),
        row.ended_at.into(),
        row.result.as_ref().into(),
        row.error.as_ref().into(),
        row.undone_by.as_ref().into(),
    ];
    tx.execute(&sql, &values).map(drop)
}

/// A job.
pub fn by_id(tx: &mut Tx<'_>, id: &str) -> Result<Option<JobRow>> {
    Ok(all(tx, "WHERE job_id = ?1", &[id.into()])?.pop())
}

/// Jobs asked for before a number, the latest first; at most so many.
pub fn before(tx: &mut Tx<'_>, number: i64, most: i64) -> Result<Vec<JobRow>> {
    let end = "WHERE number < ?1 ORDER BY number DESC LIMIT ?2";
    all(tx, end, &[number.into(), most.into()])
}

/// Jobs of a spool folder in a state, in order.
pub fn in_state(tx: &mut Tx<'_>, spool: &str, state: &str) -> Result<Vec<JobRow>> {
    let end = "WHERE state = ?1 AND spool = ?2 ORDER BY number";
    all(tx, end, &[state.into(), spool.into()])
}

/// Jobs of a spool folder that ended before an instant.
pub fn ended_before(tx: &mut Tx<'_>, spool: &str, at: i64) -> Result<Vec<JobRow>> {
    let end = "WHERE ended_at < ?1 AND spool = ?2 ORDER BY number";
    all(tx, end, &[at.into(), spool.into()])
}

/// Writes how a job stands.
pub fn put(tx: &mut Tx<'_>, row: &JobRow) -> Result<()> {
    let sql = "UPDATE jobs SET state = ?2, phase = ?3, done = ?4, total = ?5, holder = ?6, \
               is_cancelled = ?7, started_at = ?8, ended_at = ?9, result = ?10, error = ?11, \
               undone_by = ?12 WHERE job_id = ?1";
    let values = [
        (&row.job_id).into(),
        (&row.state).into(),
        (&row.phase).into(),
        row.done.into(),
        row.total.into(),
        (&row.holder).into(),
        row.is_cancelled.into(),
        row.started_at.into(),
        row.ended_at.into(),
        row.result.as_ref().into(),
        row.error.as_ref().into(),
        row.undone_by.as_ref().into(),
    ];
    tx.execute(sql, &values).map(drop)
}

/// Forgets a job, and which facts it recorded.
pub fn forget(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    recorded::forget(tx, id)?;
    tx.execute("DELETE FROM jobs WHERE job_id = ?1", &[id.into()]).map(drop)
}
