//! How many requests one sender may make.

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;

/// One bucket per sender.
pub struct Limits {
    senders: DefaultKeyedRateLimiter<IpAddr>,
    sign_ins: DefaultKeyedRateLimiter<IpAddr>,
}

/// Sign-ins a minute: each costs the server as much as it costs who guesses.
const SIGN_INS_A_MINUTE: u32 = 30;

impl Limits {
    /// So many requests a minute.
    pub fn new(requests_a_minute: u32) -> Self {
        let a_minute = |count| Quota::per_minute(NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN));
        Self {
            senders: RateLimiter::keyed(a_minute(requests_a_minute)),
            sign_ins: RateLimiter::keyed(a_minute(SIGN_INS_A_MINUTE)),
        }
    }

    /// Whether a sender may make one more request.
    pub fn allows(&self, sender: IpAddr) -> bool {
        self.senders.check_key(&sender).is_ok()
    }

    /// Whether a sender may try to sign in once more.
    pub fn allows_sign_in(&self, sender: IpAddr) -> bool {
        self.sign_ins.check_key(&sender).is_ok()
    }
}
