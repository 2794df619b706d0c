//! Headers that every answer has: what a browser may do with it, and who is asking.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use std::net::IpAddr;

/// Pages load what comes from this server alone, run no script that is written into them, and are
/// shown in no frame.
const CONTENT: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CONTENT_SECURITY_POLICY, CONTENT),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(self)"),
];

/// Adds them; what an answer says of its own caching stays.
pub fn put(headers: &mut HeaderMap, is_secure: bool) {
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if is_secure {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// Who is asking.
#[derive(Clone, Copy, Debug)]
pub struct Sender(pub IpAddr);

impl Sender {
    /// Behind a proxy it is whom the proxy names last, for what stands before may be anybody's
    /// invention; else whoever is at the other end.
    pub fn of(headers: &HeaderMap, other_end: IpAddr, is_behind_proxy: bool) -> Self {
        let named = headers.get_all("x-forwarded-for").iter().next_back();
        let named = named.filter(|_| is_behind_proxy).and_then(|it| it.to_str().ok());
        let last = named.and_then(|it| it.rsplit(',').next()?.trim().parse().ok());
        Self(last.unwrap_or(other_end))
    }
}
