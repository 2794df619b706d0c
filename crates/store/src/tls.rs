//! TLS to a server database, as its address asks for it: `sslmode` and `sslrootcert`.
//!
//! | `sslmode` | encrypted | certificate |
//! | --- | --- | --- |
//! | absent, `disable`, `allow` | no | |
//! | `prefer` | where the server can | not looked at |
//! | `require` | yes | not looked at, or as `verify-ca` where `sslrootcert` is given |
//! | `verify-ca` | yes | signed by `sslrootcert` |
//! | `verify-full` | yes | the same, and made out to the host |

mod trust;

use crate::error::{Error, Kind, Result};
use postgres::config::SslMode;
use postgres::{Client, Config, NoTls};
use rustls::client::WebPkiServerVerifier;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;
use trust::{AnyName, Anybody};

/// What an address asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Plain,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

/// An address without what it says of TLS, and that.
struct Asked {
    url: String,
    mode: Mode,
    roots: Option<String>,
}

fn unfit(message: impl Into<String>) -> Error {
    Error::new(Kind::Unreachable, message)
}

impl Asked {
    fn of(url: &str) -> Result<Self> {
        let mut asked = Self { url: url.to_owned(), mode: Mode::Plain, roots: None };
        let Some((address, query)) = url.split_once('?') else { return Ok(asked) };
        let mut rest = Vec::new();
        for part in query.split('&') {
            match part.split_once('=') {
                Some(("sslmode", mode)) => asked.mode = Mode::of(mode)?,
                Some(("sslrootcert", path)) => asked.roots = Some(decoded(path)),
                _ => rest.push(part),
            }
        }
        let query = rest.join("&");
        asked.url =
            if query.is_empty() { address.to_owned() } else { format!("{address}?{query}") };
        if asked.mode == Mode::Require && asked.roots.is_some() {
            asked.mode = Mode::VerifyCa;
        }
        Ok(asked)
    }
}

impl Mode {
    fn of(text: &str) -> Result<Self> {
        match text {
            "disable" | "allow" => Ok(Self::Plain),
            "prefer" => Ok(Self::Prefer),
            "require" => Ok(Self::Require),
            "verify-ca" => Ok(Self::VerifyCa),
            "verify-full" => Ok(Self::VerifyFull),
            _ => Err(unfit(format!(
                "sslmode `{text}` is none of disable, prefer, require, verify-ca, verify-full"
            ))),
        }
    }
}

/// A path in an address, where blanks and the like are written as `%20`.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut plain, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let digits = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match digits.and_then(|it| u8::from_str_radix(it, 16).ok()) {
            Some(byte) => {
                plain.push(byte);
                at += 3;
            }
            None => {
                plain.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// Connects, with what `set` adds to the address.
///
/// # Errors
/// The server cannot be reached, or is not who it should be.
pub(crate) fn connect(url: &str, set: impl FnOnce(&mut Config)) -> Result<Client> {
    let asked = Asked::of(url)?;
    let mut config: Config = asked.url.parse().map_err(|error| unfit(said(&error)))?;
    set(&mut config);
    let connected = if asked.mode == Mode::Plain {
        config.ssl_mode(SslMode::Disable).connect(NoTls)
    } else {
        let is_asked = asked.mode == Mode::Prefer;
        config.ssl_mode(if is_asked { SslMode::Prefer } else { SslMode::Require });
        config.connect(MakeRustlsConnect::new(client(&asked)?))
    };
    connected.map_err(|error| unfit(format!("the database cannot be reached: {}", said(&error))))
}

/// An error with what it came from.
fn said(error: &postgres::Error) -> String {
    let cause = std::error::Error::source(error).map(|it| it.to_string());
    let said = error.to_string();
    match cause.filter(|it| !said.contains(it.as_str())) {
        Some(cause) => format!("{said}: {cause}"),
        None => said,
    }
}

fn client(asked: &Asked) -> Result<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| unfit(format!("TLS cannot be used: {error}")))?;
    let roots = match (asked.mode, &asked.roots) {
        (Mode::VerifyCa | Mode::VerifyFull, None) => {
            return Err(unfit("sslmode=verify-ca and verify-full need sslrootcert=FILE"));
        }
        (Mode::VerifyCa | Mode::VerifyFull, Some(path)) => Some(roots(path)?),
        _ => None,
    };
    let Some(roots) = roots else {
        let anybody = Arc::new(Anybody(provider));
        return Ok(builder
            .dangerous()
            .with_custom_certificate_verifier(anybody)
            .with_no_client_auth());
    };
    if asked.mode == Mode::VerifyFull {
        return Ok(builder.with_root_certificates(roots).with_no_client_auth());
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .map_err(|error| unfit(format!("sslrootcert cannot be used: {error}")))?;
    let any_name = Arc::new(AnyName(verifier));
    Ok(builder.dangerous().with_custom_certificate_verifier(any_name).with_no_client_auth())
}

fn roots(path: &str) -> Result<RootCertStore> {
    let fault = |why: String| unfit(format!("sslrootcert {path} cannot be used: {why}"));
    let mut roots = RootCertStore::empty();
    for certificate in
        CertificateDer::pem_file_iter(path).map_err(|error| fault(error.to_string()))?
    {
        let certificate = certificate.map_err(|error| fault(error.to_string()))?;
        roots.add(certificate).map_err(|error| fault(error.to_string()))?;
    }
    if roots.is_empty() { Err(fault("it holds no certificate".to_owned())) } else { Ok(roots) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_says_of_tls_is_taken_out_of_it() {
        let of = |url: &str| {
            let asked = Asked::of(url).unwrap_or_else(|it| panic!("{url}: {it}"));
            (asked.url, asked.mode, asked.roots)
        };
        assert_eq!(of("postgres://a@b/c"), ("postgres://a@b/c".to_owned(), Mode::Plain, None));
        let url = "postgres://a@b/c?sslmode=verify-full&sslrootcert=/a%20b/ca.pem&options=x";
        let roots = Some("/a b/ca.pem".to_owned());
        assert_eq!(of(url), ("postgres://a@b/c?options=x".to_owned(), Mode::VerifyFull, roots));
        let url = "postgres://a@b/c?sslmode=require&sslrootcert=ca.pem";
        let roots = Some("ca.pem".to_owned());
        assert_eq!(of(url), ("postgres://a@b/c".to_owned(), Mode::VerifyCa, roots));
        assert!(Asked::of("postgres://a@b/c?sslmode=maybe").is_err());
        assert!(connect("postgres://a@127.0.0.1:1/c?sslmode=verify-full", |_| {}).is_err());
    }
}
