//! Sign-in by OpenID Connect: the authorisation code flow, with proof (PKCE), state and nonce.
//!
//! The server keeps nothing of a sign-in under way: one random text lies in a cookie of the
//! browser, and state, nonce and proof are made of it. A callback that comes to another browser
//! finds another text, or none.

mod provider;
mod settings;
mod words;

pub use provider::Provider;

use crate::outgoing::{self, Authorities};
use base::Diagnostic;
use base::codes::access as codes;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;
use ureq::Agent;

/// Seconds that a provider may take.
const SECONDS: u64 = 10;

/// Whom the server lets others vouch for.
#[derive(Clone, Debug, Default)]
pub struct Oidc {
    providers: Arc<Vec<Provider>>,
    /// Where browsers reach this server.
    public_url: String,
}

impl Oidc {
    /// Reads a settings file.
    ///
    /// # Errors
    /// R006: what is wrong with it.
    pub fn read(path: &Path, authorities: &Authorities) -> Result<Self, Diagnostic> {
        let agent: Agent = outgoing::config(SECONDS, authorities).into();
        let (public_url, all) = settings::read(path)?;
        let providers = all.into_iter().map(|it| Provider::new(it, agent.clone())).collect();
        Ok(Self { providers: Arc::new(providers), public_url })
    }

    /// All of them.
    pub fn providers(&self) -> &[Provider] {
        &self.providers
    }

    /// One of them.
    ///
    /// # Errors
    /// A009.
    pub fn provider(&self, id: &str) -> Result<&Provider, Diagnostic> {
        let found = self.providers.iter().find(|it| it.id() == id);
        found.ok_or_else(|| {
            Diagnostic::new(&codes::NO_SUCH_PROVIDER, "there is no such sign-in service here")
                .hint("GET /api/v1/sign-in/providers lists them")
        })
    }

    /// Where a provider sends browsers back to.
    pub fn redirect(&self, id: &str) -> String {
        format!("{}/api/v1/sign-in/oidc/{id}/callback", self.public_url)
    }
}

/// What belongs to one sign-in, made of the text in the browser's cookie.
pub struct Attempt {
    /// Comes back with the callback: it is the browser that began.
    pub state: String,
    /// Comes back inside of what the provider signs: it was said for this sign-in.
    pub nonce: String,
    /// Told to the provider's own machine: it is the server that began.
    pub verifier: String,
}

impl Attempt {
    /// Of a cookie's text.
    pub fn of(provider: &str, secret: &str) -> Self {
        let part = |purpose: &str| {
            let context = format!("holdfast 2026-11 sign-in {purpose}");
            let text = format!("{provider}/{secret}");
            URL_SAFE_NO_PAD.encode(blake3::derive_key(&context, text.as_bytes()))
        };
        Self { state: part("state"), nonce: part("nonce"), verifier: part("verifier") }
    }

    /// What the provider is told of the proof beforehand.
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()))
    }
}

/// Something that a provider said which cannot be believed.
fn not_vouched(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&codes::NOT_VOUCHED, message).hint("begin to sign in once more")
}

fn away(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&codes::AWAY, message)
        .hint("try again later, or sign in with a password if you have one")
}
