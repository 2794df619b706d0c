//! How many requests one sender may make, and one user.

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};

/// One bucket per sender, and one per user.
pub struct Limits {
    senders: Buckets<IpAddr>,
    sign_ins: Buckets<IpAddr>,
    users: Buckets<String>,
}

/// Sign-ins a minute: each costs the server as much as it costs who guesses.
const SIGN_INS_A_MINUTE: u32 = 30;
/// Requests after which buckets that are full again are forgotten.
const FORGET_EVERY: u64 = 1_024;

impl Limits {
    /// So many requests a minute.
    pub fn new(requests_a_minute: u32) -> Self {
        Self {
            senders: Buckets::new(requests_a_minute),
            sign_ins: Buckets::new(SIGN_INS_A_MINUTE),
            users: Buckets::new(requests_a_minute),
        }
    }

    /// Whether a sender may make one more request.
    pub fn allows(&self, sender: IpAddr) -> bool {
        self.senders.allows(&network(sender))
    }

    /// Whether a sender may try to sign in once more.
    pub fn allows_sign_in(&self, sender: IpAddr) -> bool {
        self.sign_ins.allows(&network(sender))
    }

    /// Whether a user may make one more request, from wherever.
    pub fn allows_user(&self, name: &str) -> bool {
        self.users.allows(&name.to_owned())
    }
}

/// Who has one address of the newer kind has all of its network.
fn network(sender: IpAddr) -> IpAddr {
    match sender.to_canonical() {
        IpAddr::V6(it) => Ipv6Addr::from(u128::from(it) & !u128::from(u64::MAX)).into(),
        it => it,
    }
}

/// Buckets by key; those that are full again take no room.
struct Buckets<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    asked: AtomicU64,
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    fn new(a_minute: u32) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(a_minute).unwrap_or(NonZeroU32::MIN));
        Self { limiter: RateLimiter::keyed(quota), asked: AtomicU64::new(0) }
    }

    fn allows(&self, key: &K) -> bool {
        if self.asked.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter.check_key(key).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_that_do_not_come_back_are_forgotten() {
        // So many a minute that a bucket is full again at once.
        let buckets = Buckets::new(u32::MAX);
        for number in 0..200_000_u32 {
            assert!(buckets.allows(&number));
        }
        let left = buckets.limiter.len();
        assert!(left < 20_000, "{left} buckets are kept");
    }

    #[test]
    fn a_network_is_one_sender_and_a_user_is_one_from_wherever() {
        let limits = Limits::new(1);
        let of = |text: &str| text.parse::<IpAddr>().unwrap_or_else(|it| panic!("{text}: {it}"));
        assert!(limits.allows(of("2001:db8::1")) && !limits.allows(of("2001:db8::2")));
        assert!(limits.allows(of("2001:db8:0:1::1")) && limits.allows(of("192.0.2.1")));
        assert!(!limits.allows(of("::ffff:192.0.2.1")));
        assert!(limits.allows_user("li.na") && !limits.allows_user("li.na"));
        assert!(limits.allows_user("chief"));
    }
}
