//! One message to one receiver, and which receivers there may be.
//!
//! Names are looked up once, and what was looked up is what is connected to: a name that says one
//! thing when it is checked and another when it is used gains nothing. Nothing is followed.

use super::HookSettings;
use crate::clock::now;
use crate::outgoing::{self, Authorities};
use app::hooks::{Letter, Outcome};
use app::live::Live;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use store::webhooks::WebhookRow;
use ureq::Agent;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

/// Sends messages.
pub struct Sender {
    agent: Agent,
}

impl Sender {
    /// As the server is set up.
    pub fn new(settings: &HookSettings, authorities: &Authorities) -> Self {
        let config = outgoing::config(settings.seconds_max, authorities);
        let guard = Guard { may_be_private: settings.may_be_private, inner: <_>::default() };
        Self { agent: Agent::with_parts(config, DefaultConnector::default(), guard) }
    }

    /// Sends one message; waits for the answer.
    pub fn send(&self, live: &Live, hook: &WebhookRow, letter: &Letter) -> Outcome {
        let seconds = now() / 1_000_000;
        let signature = live.hook_signature(&hook.hook_id, &letter.id, seconds, &letter.body);
        let sent = self
            .agent
            .post(&hook.url)
            .content_type("application/json")
            .header("webhook-id", &letter.id)
            .header("webhook-timestamp", seconds.to_string())
            .header("webhook-signature", signature)
            .send(&letter.body);
        match sent {
            Ok(answer) if answer.status().is_success() => {
                Outcome { answer: Some(answer.status().as_u16()), fault: None }
            }
            Ok(answer) => {
                let status = answer.status();
                Outcome { answer: Some(status.as_u16()), fault: Some(format!("answered {status}")) }
            }
            Err(error) => {
                let fault: String = error.to_string().chars().take(200).collect();
                Outcome { answer: None, fault: Some(fault) }
            }
        }
    }
}

/// Looks names up and leaves out addresses that nothing may be sent to.
#[derive(Debug)]
struct Guard {
    may_be_private: bool,
    inner: DefaultResolver,
}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let mut allowed = self.empty();
        for address in found.iter().filter(|it| is_allowed(it.ip(), self.may_be_private)) {
            allowed.push(*address);
        }
        if allowed.is_empty() {
            let kind = std::io::ErrorKind::PermissionDenied;
            let message = "the address lies in a network of one's own, where nothing is sent to";
            return Err(ureq::Error::Io(std::io::Error::new(kind, message)));
        }
        Ok(allowed)
    }
}

/// Whether something may be sent to an address. Those that machines use among themselves (link
/// local, where clouds keep their secrets) are never allowed.
fn is_allowed(address: IpAddr, may_be_private: bool) -> bool {
    match address {
        IpAddr::V4(it) => is_allowed_v4(it, may_be_private),
        IpAddr::V6(it) => match embedded(it) {
            Some(inner) => is_allowed_v4(inner, may_be_private),
            None => is_allowed_v6(it, may_be_private),
        },
    }
}

fn is_allowed_v4(it: Ipv4Addr, may_be_private: bool) -> bool {
    let [a, b, c, _] = it.octets();
    let is_never = a == 0
        || it.is_link_local()
        || it.is_multicast()
        || it.is_broadcast()
        || a >= 240
        || (a, b, c) == (192, 0, 0)
        || it.is_documentation();
    let is_private = it.is_private()
        || it.is_loopback()
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (18..20).contains(&b));
    !is_never && (may_be_private || !is_private)
}

fn is_allowed_v6(it: Ipv6Addr, may_be_private: bool) -> bool {
    let first = it.segments()[0];
    let is_never = it.is_unspecified() || it.is_multicast() || first & 0xffc0 == 0xfe80;
    let is_private = it.is_loopback() || first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfec0;
    !is_never && (may_be_private || !is_private)
}

/// The older address that a newer one stands for.
fn embedded(it: Ipv6Addr) -> Option<Ipv4Addr> {
    let parts = it.segments();
    let of = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match parts {
        [0, 0, 0, 0, 0, 0xffff, high, low] => Some(of(high, low)),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => Some(of(high, low)),
        [0x64, 0xff9b, _, _, _, _, high, low] => Some(of(high, low)),
        [0x2002, high, low, ..] => Some(of(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sent_into_networks_of_ones_own_however_the_address_is_written() {
        let private = [
            "127.0.0.1",
            "127.9.9.9",
            "10.0.0.8",
            "172.16.3.4",
            "192.168.1.1",
            "100.64.0.1",
            "198.18.0.1",
            "::1",
            "fd00::7",
            "::ffff:127.0.0.1",
            "::ffff:10.1.2.3",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "::127.0.0.1",
        ];
        let never = [
            "0.0.0.0",
            "169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "::",
            "fe80::1",
            "ff02::1",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
        ];
        let open = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "172.32.0.1"];
        let of = |text: &str| text.parse::<IpAddr>().unwrap_or_else(|it| panic!("{text}: {it}"));
        for text in private {
            assert_eq!((is_allowed(of(text), false), is_allowed(of(text), true)), (false, true));
        }
        for text in never {
            assert_eq!((is_allowed(of(text), false), is_allowed(of(text), true)), (false, false));
        }
        for text in open {
            assert!(is_allowed(of(text), false) && is_allowed(of(text), true), "{text}");
        }
    }
}
