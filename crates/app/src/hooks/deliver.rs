//! What is to be sent next, and what is noted when it was.
//!
//! A claim moves the next try of a hook into the future before anything is sent, so that whoever
//! dies in between is followed by somebody else, who sends the same under the same id.

use crate::access::within;
use crate::live::Live;
use base::Diagnostic;
use serde_json::{Value, json};
use std::collections::HashMap;
use store::events::{self, EventRow};
use store::webhooks::deliveries::{self, DeliveryRow};
use store::webhooks::{self, WebhookRow};
use store::{Tx, Within};

/// It was taken.
pub const DELIVERED: &str = "delivered";
/// It was given up.
pub const DEAD: &str = "dead";
/// It will be tried again.
pub const WAITING: &str = "waiting";

/// Messages of one claim.
const LETTERS: usize = 20;
/// Events read at once.
const PIECE: i64 = 500;
/// Events looked at in one claim.
const PIECES: usize = 20;
/// Events that concern nobody, after which a hook is moved on all the same.
const BEHIND: i64 = 10_000;
/// How long what was delivered can be looked up: thirty days.
const KEPT_MICROS: i64 = 30 * 86_400 * 1_000_000;

/// How long it is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Tries before an event is given up.
    pub tries: i64,
}

/// The first pause; each further one is twice as long.
const PAUSE_MICROS: i64 = 1_000_000;
/// The longest pause: an hour.
const PAUSE_MICROS_MAX: i64 = 3_600 * 1_000_000;

/// How long to wait after so many tries that failed. `random` spreads hooks that failed together:
/// between half of the pause and all of it.
fn pause(attempts: i64, random: u32) -> i64 {
    let doublings = (attempts - 1).clamp(0, 20);
    let whole = (PAUSE_MICROS << doublings).min(PAUSE_MICROS_MAX);
    whole / 2 + (whole / 2) * i64::from(random) / i64::from(u32::MAX)
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The event's number.
    pub number: i64,
    /// The same at every try, so that a receiver knows what it has.
    pub id: String,
    /// What is sent.
    pub body: String,
    /// Tries before.
    pub attempts: i64,
    /// Whether somebody asked for this try.
    pub is_by_hand: bool,
}

/// What a server may send for a while, and nobody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Where to.
    pub hook: WebhookRow,
    /// What, in order.
    pub letters: Vec<Letter>,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The status of the answer, where one came.
    pub answer: Option<u16>,
    /// What went wrong; nothing: it was taken.
    pub fault: Option<String>,
}

fn is_wanted(hook: &WebhookRow, event: &EventRow) -> bool {
    hook.kinds.is_empty() || hook.kinds.split(';').any(|it| it == event.kind)
}

fn letter(hook: &WebhookRow, event: &EventRow, attempts: i64, is_by_hand: bool) -> Letter {
    let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
    let said = json!({
        "type": event.kind,
        "timestamp": jiff::Timestamp::from_microsecond(event.at).unwrap_or_default().to_string(),
        "data": {
            "number": event.number,
            "area_code": event.area_code,
            "household_id": event.household_id,
            "body": body,
        },
    });
    Letter {
        number: event.number,
        id: format!("msg_{}_{}", hook.hook_id, event.number),
        body: said.to_string(),
        attempts,
        is_by_hand,
    }
}

impl Live {
    /// Hooks that have something to be sent now. `seen` remembers up to which event nothing
    /// concerns a hook, so that it need not be moved on for that alone.
    ///
    /// # Errors
    /// Those of the database.
    pub fn due_webhooks(
        &self,
        now: i64,
        seen: &mut HashMap<String, i64>,
    ) -> Result<Vec<String>, Diagnostic> {
        Ok(self.store.read(|tx| -> store::Result<Vec<String>> {
            let hooks = webhooks::all(tx)?;
            seen.retain(|id, _| hooks.iter().any(|it| it.hook_id == *id));
            let last = events::last(tx)?;
            let mut due = Vec::new();
            for hook in hooks.into_iter().filter(|it| it.next_at <= now) {
                let from = seen.get(&hook.hook_id).map_or(hook.done, |it| hook.done.max(*it));
                let (is_due, upto) = is_due(tx, &hook, from, last)?;
                seen.insert(hook.hook_id.clone(), upto);
                if is_due || upto - hook.done > BEHIND {
                    due.push(hook.hook_id);
                }
            }
            Ok(due)
        })?)
    }

    /// Takes what is to be sent to a hook next; until `until` nobody else will.
    ///
    /// # Errors
    /// Those of the database.
    pub fn claim_in(
        &self,
        tx: &mut Tx<'_>,
        hook_id: &str,
        now: i64,
        until: i64,
    ) -> Result<Option<Claim>, Diagnostic> {
        let Some(hook) = webhooks::by_id(tx, hook_id)?.filter(|it| it.next_at <= now) else {
            return Ok(None);
        };
        let mut letters = Vec::new();
        for row in deliveries::waiting(tx, hook_id, hook.done, LETTERS as i64)? {
            if let Some(event) = events::by_number(tx, row.number)? {
                letters.push(letter(&hook, &event, row.attempts, true));
            }
        }
        let (next, upto) = next_ones(tx, &hook)?;
        if letters.is_empty() && next.is_empty() {
            if upto > hook.done {
                webhooks::move_on(tx, hook_id, upto, 0)?;
            }
            return Ok(None);
        }
        for event in &next {
            let before = deliveries::one(tx, hook_id, event.number)?;
            letters.push(letter(&hook, event, before.map_or(0, |it| it.attempts), false));
        }
        webhooks::move_on(tx, hook_id, hook.done, until)?;
        Ok(Some(Claim { hook, letters }))
    }

    /// Notes what became of messages: the hook moves on over what was taken or given up.
    ///
    /// # Errors
    /// Those of the database.
    pub fn note_deliveries_in(
        &self,
        tx: &mut Tx<'_>,
        hook_id: &str,
        outcomes: &[(Letter, Outcome)],
        (patience, random, now): (Patience, u32, i64),
    ) -> Result<(), Diagnostic> {
        let Some(hook) = webhooks::by_id(tx, hook_id)? else { return Ok(()) };
        let (mut done, mut next_at) = (hook.done, 0);
        for (letter, outcome) in outcomes {
            let attempts = letter.attempts + 1;
            let state = match &outcome.fault {
                None => DELIVERED,
                Some(_) if letter.is_by_hand || attempts >= patience.tries => DEAD,
                Some(_) => WAITING,
            };
            if state == WAITING {
                next_at = now + pause(attempts, random);
            } else {
                done = done.max(letter.number);
            }
            let row = DeliveryRow {
                hook_id: hook_id.to_owned(),
                number: letter.number,
                state: state.to_owned(),
                attempts,
                at: now,
                answer: outcome.answer.map(i64::from),
                fault: outcome.fault.clone(),
            };
            deliveries::put(tx, &row)?;
        }
        webhooks::move_on(tx, hook_id, done, next_at)?;
        deliveries::forget(tx, hook_id, now - KEPT_MICROS)?;
        Ok(())
    }
}

/// Whether a hook has something to be sent after an event; and up to which event it has not.
fn is_due(tx: &mut Tx<'_>, hook: &WebhookRow, from: i64, last: i64) -> store::Result<(bool, i64)> {
    if !deliveries::waiting(tx, &hook.hook_id, hook.done, 1)?.is_empty() {
        return Ok((true, from));
    }
    if from >= last {
        return Ok((false, from));
    }
    let found = events::after(tx, from, &areas(hook), PIECE)?;
    if let Some(first) = found.iter().find(|it| is_wanted(hook, it)) {
        return Ok((true, first.number - 1));
    }
    let is_all = (found.len() as i64) < PIECE;
    Ok((false, if is_all { last } else { found.last().map_or(last, |it| it.number) }))
}

fn areas(hook: &WebhookRow) -> Within {
    within(&hook.areas)
}

/// The next events that concern a hook, and up to where was looked.
fn next_ones(tx: &mut Tx<'_>, hook: &WebhookRow) -> store::Result<(Vec<EventRow>, i64)> {
    let last = events::last(tx)?;
    let (mut found, mut upto) = (Vec::new(), hook.done);
    for _ in 0..PIECES {
        let piece = events::after(tx, upto, &areas(hook), PIECE)?;
        let is_all = (piece.len() as i64) < PIECE;
        upto = if is_all { last } else { piece.last().map_or(last, |it| it.number) };
        found.extend(piece.into_iter().filter(|it| is_wanted(hook, it)));
        if is_all || found.len() >= LETTERS {
            break;
        }
    }
    found.truncate(LETTERS);
    Ok((found, upto))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour_and_spread_between_half_and_all() {
        assert_eq!((pause(1, 0), pause(1, u32::MAX)), (500_000, 1_000_000));
        assert_eq!((pause(2, u32::MAX), pause(5, u32::MAX)), (2_000_000, 16_000_000));
        assert_eq!(pause(60, u32::MAX), PAUSE_MICROS_MAX);
        let middle = pause(1, u32::MAX / 2);
        assert!(middle > 500_000 && middle < 1_000_000, "{middle}");
    }
}
