//! Webhooks: who is told of events, of which ones, and with what signature.
//!
//! Nothing secret is stored: what signs the messages of a hook is made of the master key and the
//! hook's id. Nothing is queued: a hook knows the last event it is done with.

mod deliver;
mod signing;

pub use deliver::{Claim, Letter, Outcome, Patience};
pub use signing::secret_text;

use crate::access::{areas, within};
use crate::live::{Act, Live};
use base::Diagnostic;
use base::codes::hooks as codes;
use store::webhooks::{self, WebhookRow, deliveries};
use store::{Tx, Within, events};

/// Most hooks of a server.
pub const HOOKS_MAX: i64 = 100;
/// Longest address.
const URL_BYTES_MAX: usize = 2_000;
/// Most kinds of one hook.
const KINDS_MAX: usize = 50;

/// A hook to be made.
#[derive(Clone, Debug)]
pub struct NewWebhook {
    /// Where to.
    pub url: String,
    /// What people call it.
    pub label: String,
    /// Kinds of events; none: all.
    pub kinds: Vec<String>,
    /// Area codes; with `*` among them everywhere.
    pub areas: Vec<String>,
    /// What makes two requests the same.
    pub key: Option<String>,
}

fn bad(message: impl Into<String>, hint: &'static str) -> Diagnostic {
    Diagnostic::new(&codes::BAD_WEBHOOK, message).hint(hint)
}

pub(crate) fn no_such() -> Diagnostic {
    Diagnostic::new(&codes::NO_SUCH_WEBHOOK, "there is no such webhook, or none that you may see")
        .hint("GET /api/v1/webhooks lists them")
}

/// Whether a hook lies within the areas of who asks.
fn is_seen(within: &Within, hook: &WebhookRow) -> bool {
    match self::within(&hook.areas) {
        Within::Everywhere => *within == Within::Everywhere,
        Within::Areas(areas) => areas.iter().all(|it| within.holds(Some(it))),
    }
}

impl Live {
    /// Makes a hook that is told of everything that happens from now on. The same request under the
    /// same key finds the hook that it made before.
    ///
    /// # Errors
    /// W001, W003; those of the database.
    pub fn make_webhook_in(
        &self,
        tx: &mut Tx<'_>,
        new: &NewWebhook,
        act: &Act<'_>,
    ) -> Result<WebhookRow, Diagnostic> {
        check(new)?;
        let areas = areas(&new.areas).map_err(|it| bad(it, "give area codes, or *"))?;
        let row = WebhookRow {
            hook_id: self.hook_id(new, act)?,
            url: new.url.clone(),
            label: new.label.clone(),
            kinds: new.kinds.join(";"),
            areas,
            created_at: act.now,
            created_by: act.actor.to_owned(),
            done: events::last(tx)?,
            next_at: 0,
        };
        if row.areas.is_empty() || !is_seen(act.within, &row) {
            return Err(bad("its areas are not within your own", "give areas that are yours"));
        }
        if let Some(known) = webhooks::by_id(tx, &row.hook_id)? {
            let said = |it: &WebhookRow| {
                (it.url.clone(), it.label.clone(), it.kinds.clone(), it.areas.clone())
            };
            return (said(&known) == said(&row)).then_some(known).ok_or_else(|| {
                let message = "this Idempotency-Key came with another webhook before";
                Diagnostic::new(&codes::WEBHOOK_EXISTS, message)
                    .hint("use a new key for every request")
            });
        }
        if webhooks::count(tx)? >= HOOKS_MAX {
            let message = format!("there are {HOOKS_MAX} webhooks already");
            return Err(bad(message, "remove those that nobody needs"));
        }
        webhooks::add(tx, &row)?;
        let content = format!("{} {} {}", row.url, row.kinds, row.areas);
        self.record(tx, act, "webhook.make", Some(&row.hook_id), content.as_bytes())?;
        Ok(row)
    }

    fn hook_id(&self, new: &NewWebhook, act: &Act<'_>) -> Result<String, Diagnostic> {
        let mut bytes = [0u8; 32];
        match &new.key {
            Some(key) => {
                let of = format!("{}/{key}", act.actor);
                bytes = self.derived("holdfast 2026-11 id of a webhook", of.as_bytes());
            }
            None => getrandom::fill(&mut bytes)
                .map_err(|it| bad(format!("no randomness to be had: {it}"), "try again"))?,
        }
        Ok(bytes.iter().take(12).map(|it| format!("{it:02x}")).collect())
    }

    /// Hooks within the areas of who asks.
    ///
    /// # Errors
    /// Those of the database.
    pub fn webhooks(&self, within: &Within) -> Result<Vec<WebhookRow>, Diagnostic> {
        let mut all = self.store.read(webhooks::all)?;
        all.retain(|it| is_seen(within, it));
        Ok(all)
    }

    /// One hook within the areas of who asks.
    ///
    /// # Errors
    /// W002; those of the database.
    pub fn webhook_in(
        &self,
        tx: &mut Tx<'_>,
        hook_id: &str,
        within: &Within,
    ) -> Result<WebhookRow, Diagnostic> {
        let found = webhooks::by_id(tx, hook_id)?;
        found.filter(|it| is_seen(within, it)).ok_or_else(no_such)
    }

    /// Removes a hook.
    ///
    /// # Errors
    /// W002; those of the database.
    pub fn remove_webhook_in(
        &self,
        tx: &mut Tx<'_>,
        hook_id: &str,
        act: &Act<'_>,
    ) -> Result<(), Diagnostic> {
        self.webhook_in(tx, hook_id, act.within)?;
        webhooks::remove(tx, hook_id)?;
        self.record(tx, act, "webhook.remove", Some(hook_id), b"")
    }

    /// Lets an event that was given up be sent once more. One that waits or was delivered stays as
    /// it is.
    ///
    /// # Errors
    /// W002; those of the database.
    pub fn retry_delivery_in(
        &self,
        tx: &mut Tx<'_>,
        (hook_id, number): (&str, i64),
        act: &Act<'_>,
    ) -> Result<deliveries::DeliveryRow, Diagnostic> {
        let hook = self.webhook_in(tx, hook_id, act.within)?;
        let mut row = deliveries::one(tx, hook_id, number)?.ok_or_else(no_such)?;
        if row.state == deliver::DEAD {
            deliver::WAITING.clone_into(&mut row.state);
            deliveries::put(tx, &row)?;
            webhooks::move_on(tx, hook_id, hook.done, 0)?;
            let subject = format!("{hook_id}/{number}");
            self.record(tx, act, "delivery.retry", Some(&subject), b"")?;
        }
        Ok(row)
    }
}

/// Whether a text is an address that something may be sent to: scheme, host, perhaps a port, a
/// path and a query; no name, password or fragment.
fn is_address(url: &str) -> bool {
    let rest = ["https://", "http://"].iter().find_map(|it| url.strip_prefix(it));
    let Some(rest) = rest.filter(|_| url.len() <= URL_BYTES_MAX) else { return false };
    let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (host, None),
    };
    let is_port = |it: &str| {
        it.bytes().all(|it| it.is_ascii_digit()) && it.parse().is_ok_and(|it: u16| it > 0)
    };
    let is_name = |it: char| it.is_ascii_alphanumeric() || ".-".contains(it);
    let is_path = |it: char| it.is_ascii_alphanumeric() || "._~:/?!$&'()*+,;=@%-".contains(it);
    (1..=253).contains(&name.len())
        && name.chars().all(is_name)
        && port.is_none_or(|it| !it.starts_with('0') && is_port(it))
        && path.chars().all(is_path)
}

/// Whether a hook can be made of what was said.
fn check(new: &NewWebhook) -> Result<(), Diagnostic> {
    if !is_address(&new.url) {
        let message = format!("`{}` is no address to send to", new.url);
        return Err(bad(message, "write https://HOST/PATH, without name, password and #"));
    }
    let is_kind = |it: &String| {
        let parts: Vec<&str> = it.split('.').collect();
        let is_word =
            |it: &&str| !it.is_empty() && it.chars().all(|it| it.is_ascii_lowercase() || it == '_');
        parts.len() == 2 && parts.iter().all(is_word)
    };
    if let Some(kind) = new.kinds.iter().find(|it| !is_kind(it)) {
        return Err(bad(format!("`{kind}` is no kind"), "kinds are like warning.raised"));
    }
    if new.kinds.len() > KINDS_MAX {
        return Err(bad(format!("more than {KINDS_MAX} kinds"), "give none for all of them"));
    }
    Ok(())
}
