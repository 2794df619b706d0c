//! One provider: what it says of itself, and what it says of who signs in.

use super::settings::{Label, Settings, is_safe};
use super::{Attempt, away, not_vouched, words};
use app::access::Trust;
use base::Diagnostic;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use form_urlencoded::Serializer;
use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use ureq::Agent;
use ureq::http::Response;

/// How long what a provider says of itself is believed.
const KNOWN: Duration = Duration::from_secs(3_600);
/// Largest answer that is read.
const BYTES_MAX: u64 = 1 << 20;

/// A provider.
#[derive(Clone, Debug)]
pub struct Provider {
    settings: Settings,
    agent: Agent,
    known: Arc<Mutex<Option<(Instant, Known)>>>,
}

/// What a provider says of itself.
#[derive(Clone, Debug)]
struct Known {
    about: About,
    keys: JwkSet,
}

/// Its own description.
#[derive(Clone, Debug, Deserialize)]
struct About {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

/// What it answers when a code is shown.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

impl Provider {
    /// As it was written down.
    pub fn new(settings: Settings, agent: Agent) -> Self {
        Self { settings, agent, known: Arc::default() }
    }

    /// Its name in addresses.
    pub fn id(&self) -> &str {
        &self.settings.id
    }

    /// Who it says it is.
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Its name for people.
    pub fn label(&self) -> &Label {
        &self.settings.label
    }

    /// What it is trusted with.
    pub fn trust(&self) -> &Trust {
        &self.settings.trust
    }

    /// Where a browser goes to sign in. Waits for the provider.
    ///
    /// # Errors
    /// A011.
    pub fn address(&self, attempt: &Attempt, redirect: &str) -> Result<String, Diagnostic> {
        let about = self.known(false)?.about;
        let scopes = self.settings.scopes.iter().map(String::as_str);
        let scopes: Vec<&str> = ["openid"].into_iter().chain(scopes).collect();
        let query = Serializer::new(String::new())
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", redirect)
            .append_pair("scope", &scopes.join(" "))
            .append_pair("state", &attempt.state)
            .append_pair("nonce", &attempt.nonce)
            .append_pair("code_challenge", &attempt.challenge())
            .append_pair("code_challenge_method", "S256")
            .finish();
        let address = about.authorization_endpoint;
        let join = if address.contains('?') { '&' } else { '?' };
        Ok(format!("{address}{join}{query}"))
    }

    /// What it says of somebody who came back with a code. Waits for the provider.
    ///
    /// # Errors
    /// A010 where it cannot be believed, A011.
    pub fn claims(
        &self,
        attempt: &Attempt,
        code: &str,
        redirect: &str,
    ) -> Result<Value, Diagnostic> {
        let known = self.known(false)?;
        let token = self.exchange(&known.about, attempt, code, redirect)?;
        let expected = words::Expected {
            issuer: &self.settings.issuer,
            audience: &self.settings.client_id,
            nonce: &attempt.nonce,
        };
        match words::verified(&token, &known.keys, &expected)? {
            Some(claims) => Ok(claims),
            // Signed with a key that is not known: it may be a new one.
            None => {
                let claims = words::verified(&token, &self.known(true)?.keys, &expected)?;
                claims.ok_or_else(|| not_vouched("it is signed with a key that nobody knows"))
            }
        }
    }

    fn exchange(
        &self,
        about: &About,
        attempt: &Attempt,
        code: &str,
        redirect: &str,
    ) -> Result<String, Diagnostic> {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", redirect)
            .append_pair("code_verifier", &attempt.verifier);
        let (id, secret) = (&self.settings.client_id, &self.settings.client_secret);
        let methods = &about.token_endpoint_auth_methods_supported;
        let has = |name: &str| methods.iter().any(|it| it == name);
        let mut request = self
            .agent
            .post(&about.token_endpoint)
            .content_type("application/x-www-form-urlencoded")
            .header("accept", "application/json");
        if has("client_secret_post") && !has("client_secret_basic") {
            form.append_pair("client_id", id).append_pair("client_secret", secret);
        } else {
            let encoded =
                |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let pair = STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret)));
            request = request.header("authorization", format!("Basic {pair}"));
        }
        let answer = request.send(form.finish()).map_err(|it| away(it.to_string()))?;
        if answer.status().is_client_error() {
            return Err(not_vouched("the sign-in service does not know this code"));
        }
        read::<Tokens>(answer).map(|it| it.id_token)
    }

    /// What it says of itself; asked anew where that is old, or where it is not enough.
    fn known(&self, is_asked_anew: bool) -> Result<Known, Diagnostic> {
        let kept = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, known)) = kept.filter(|it| !is_asked_anew && it.0.elapsed() < KNOWN) {
            return Ok(known);
        }
        let issuer = self.settings.issuer.trim_end_matches('/');
        let about: About = self.get(&format!("{issuer}/.well-known/openid-configuration"))?;
        if about.issuer != self.settings.issuer {
            return Err(away(format!("it says it is {}, not {issuer}", about.issuer)));
        }
        let all = [&about.authorization_endpoint, &about.token_endpoint, &about.jwks_uri];
        if let Some(open) = all.into_iter().find(|it| !is_safe(it)) {
            return Err(away(format!("{open} is not protected by TLS")));
        }
        let known = Known { keys: self.get(&about.jwks_uri)?, about };
        let mut kept = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((Instant::now(), known.clone()));
        Ok(known)
    }

    fn get<T: DeserializeOwned>(&self, url: &str) -> Result<T, Diagnostic> {
        let answer = self.agent.get(url).header("accept", "application/json").call();
        read(answer.map_err(|it| away(format!("{url}: {it}")))?)
    }
}

fn read<T: DeserializeOwned>(mut answer: Response<ureq::Body>) -> Result<T, Diagnostic> {
    if !answer.status().is_success() {
        return Err(away(format!("it answered {}", answer.status())));
    }
    let text = answer.body_mut().with_config().limit(BYTES_MAX).read_to_string();
    let text = text.map_err(|it| away(it.to_string()))?;
    serde_json::from_str(&text).map_err(|it| away(format!("it answered nothing of use: {it}")))
}
