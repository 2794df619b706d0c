//! What the server itself asks of others, over HTTP: how long it waits, whom it trusts.

use std::sync::Arc;
use std::time::Duration;
use ureq::Agent;
use ureq::config::{AutoHeaderValue, Config};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// Whose word counts about who somebody is, when the server asks over TLS.
#[derive(Clone, Debug, Default)]
pub enum Authorities {
    /// Those that browsers trust.
    #[default]
    WellKnown,
    /// These alone.
    These(Vec<Certificate<'static>>),
}

impl Authorities {
    /// Reads certificates in the form that begins with `-----BEGIN CERTIFICATE-----`.
    ///
    /// # Errors
    /// There is none, or one that is none.
    pub fn of(pem: &[u8]) -> Result<Self, String> {
        let mut found = Vec::new();
        for item in parse_pem(pem) {
            if let PemItem::Certificate(it) = item.map_err(|error| error.to_string())? {
                found.push(it);
            }
        }
        if found.is_empty() {
            Err("it holds no certificate".to_owned())
        } else {
            Ok(Self::These(found))
        }
    }

    fn roots(&self) -> RootCerts {
        match self {
            Self::WellKnown => RootCerts::WebPki,
            Self::These(all) => RootCerts::Specific(Arc::new(all.clone())),
        }
    }
}

/// How requests are sent: nothing is followed, no proxy of the environment is used, and a status
/// is an answer and no error.
pub fn config(seconds: u64, authorities: &Authorities) -> Config {
    Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(seconds)))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .proxy(None)
        .tls_config(TlsConfig::builder().root_certs(authorities.roots()).build())
        .user_agent(AutoHeaderValue::from(concat!("holdfast/", env!("CARGO_PKG_VERSION"))))
        .build()
}
