//! What a provider says of somebody: believed where it is signed, and said to us, now, for this
//! sign-in.

use super::not_vouched;
use base::Diagnostic;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::Value;

/// Signatures with a key that only the provider has. Those with a shared secret are left out: who
/// knows a public key could make them.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// Seconds by which clocks may differ.
const LEEWAY: u64 = 60;

/// What it has to say.
pub struct Expected<'a> {
    /// Who says it.
    pub issuer: &'a str,
    /// To whom.
    pub audience: &'a str,
    /// For which sign-in.
    pub nonce: &'a str,
}

/// The claims of a token; nothing where it is signed with a key that is not among these.
///
/// # Errors
/// A010: why it cannot be believed.
pub fn verified(
    token: &str,
    keys: &JwkSet,
    expected: &Expected<'_>,
) -> Result<Option<Value>, Diagnostic> {
    let header = decode_header(token).map_err(|it| not_vouched(format!("it is no token: {it}")))?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(not_vouched(format!("signatures of the kind {:?} are not taken", header.alg)));
    }
    let Some(key) = key(keys, header.kid.as_deref()) else { return Ok(None) };
    let is_other = |it: &Jwk| {
        let said = it.common.key_algorithm.map(|it| it.to_string());
        said.is_some_and(|it| it != format!("{:?}", header.alg))
    };
    if is_other(key) {
        return Err(not_vouched("it is signed in another way than its key is for"));
    }
    let mut validation = Validation::new(header.alg);
    validation.set_issuer(&[expected.issuer]);
    validation.set_audience(&[expected.audience]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.validate_nbf = true;
    validation.leeway = LEEWAY;
    let key = DecodingKey::from_jwk(key);
    let key = key.map_err(|it| not_vouched(format!("its key cannot be used: {it}")))?;
    let claims = decode::<Value>(token, &key, &validation);
    let claims = claims.map_err(|it| not_vouched(format!("it does not hold: {it}")))?.claims;
    if claims["nonce"].as_str() != Some(expected.nonce) {
        return Err(not_vouched("it was said for another sign-in"));
    }
    let is_shared = claims["aud"].as_array().is_some_and(|it| it.len() > 1);
    let party = claims.get("azp").map(Value::as_str);
    if party.map_or(is_shared, |it| it != Some(expected.audience)) {
        return Err(not_vouched("it was said to somebody else"));
    }
    Ok(Some(claims))
}

/// The key of a name; without a name the only one that there is for signatures.
fn key<'a>(keys: &'a JwkSet, name: Option<&str>) -> Option<&'a Jwk> {
    let signs =
        |it: &&Jwk| matches!(it.common.public_key_use, None | Some(PublicKeyUse::Signature));
    let mut all = keys.keys.iter().filter(signs);
    match name {
        Some(name) => all.find(|it| it.common.key_id.as_deref() == Some(name)),
        None => all.next().filter(|_| all.next().is_none()),
    }
}
