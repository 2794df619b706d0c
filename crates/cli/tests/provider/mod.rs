//! A small provider of OpenID Connect, on this machine, with keys made when the test runs. It does
//! what the specification says, unless it is told to lie.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rsa::RsaPrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

/// What this server is called there, and with which secret.
pub const CLIENT: (&str, &str) = ("holdfast", "a secret: with % and :");

/// How the provider lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// It does not.
    None,
    /// What it says was said for another sign-in.
    Nonce,
    /// To somebody else.
    Audience,
    /// To several, and this server is not who asked.
    Party,
    /// A while ago.
    Expired,
    /// By somebody else.
    Issuer,
    /// With a key that is not its own.
    Key,
    /// With its public key as if it were a secret.
    Secret,
    /// With no signature at all.
    Unsigned,
}

/// A key to sign with.
#[derive(Clone)]
pub struct Key {
    algorithm: Algorithm,
    encoding: EncodingKey,
    jwk: Jwk,
}

impl Key {
    /// Makes one.
    pub fn rsa(name: &str) -> Self {
        let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2_048).expect("a key");
        let der = key.to_pkcs1_der().expect("encoded");
        Self::of(name, Algorithm::RS256, EncodingKey::from_rsa_der(der.as_bytes()))
    }

    /// Makes one of the shorter kind.
    pub fn edwards(name: &str) -> Self {
        // The frame of RFC 8410 around 32 random bytes.
        let mut der = vec![
            0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22,
            0x04, 0x20,
        ];
        let mut seed = [0u8; 32];
        getrandom::fill(&mut seed).expect("randomness");
        der.extend(seed);
        Self::of(name, Algorithm::EdDSA, EncodingKey::from_ed_der(&der))
    }

    fn of(name: &str, algorithm: Algorithm, encoding: EncodingKey) -> Self {
        let mut jwk = Jwk::from_encoding_key(&encoding, algorithm).expect("a public key");
        jwk.common.key_id = Some(name.to_owned());
        Self { algorithm, encoding, jwk }
    }
}

struct State {
    lie: Lie,
    key: Key,
    claims: Value,
    /// Queries of those who signed in, by the code they were given.
    codes: HashMap<String, HashMap<String, String>>,
}

/// A running provider.
pub struct Provider {
    state: Arc<Mutex<State>>,
    /// Who it says it is.
    pub issuer: String,
}

impl Provider {
    /// Starts one that signs with a key.
    pub fn start(key: Key) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("an address");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let state = State { lie: Lie::None, key, claims: json!({}), codes: HashMap::new() };
        let state = Arc::new(Mutex::new(state));
        let (shared, own) = (state.clone(), issuer.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (shared, own) = (shared.clone(), own.clone());
                std::thread::spawn(move || while one(&stream, &shared, &own).is_some() {});
            }
        });
        Self { state, issuer }
    }

    /// Who signs in there next.
    pub fn somebody(&self, claims: Value) {
        self.state.lock().expect("unharmed").claims = claims;
    }

    /// Lies from now on.
    pub fn lie(&self, lie: Lie) {
        self.state.lock().expect("unharmed").lie = lie;
    }

    /// Signs with another key from now on.
    pub fn turn(&self, key: Key) {
        self.state.lock().expect("unharmed").key = key;
    }
}

fn pairs(text: &str) -> HashMap<String, String> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// Reads one request and answers it.
fn one(stream: &TcpStream, state: &Mutex<State>, issuer: &str) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|it| *it > 0)?;
    let target = line.split_whitespace().nth(1)?.to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let mut state = state.lock().expect("unharmed");
    let (status, more, text) = match path {
        "/.well-known/openid-configuration" => (200, String::new(), about(issuer).to_string()),
        "/keys" => {
            let keys = JwkSet { keys: vec![state.key.jwk.clone()] };
            (200, String::new(), serde_json::to_string(&keys).expect("JSON"))
        }
        "/authorize" => (303, authorized(&mut state, pairs(query)), String::new()),
        "/token" => {
            let form = pairs(&String::from_utf8(body).ok()?);
            match token(&mut state, &form, headers.get("authorization"), issuer) {
                Some(answer) => (200, String::new(), answer.to_string()),
                None => (400, String::new(), json!({ "error": "invalid_grant" }).to_string()),
            }
        }
        _ => (404, String::new(), String::new()),
    };
    let mut stream = stream;
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{more}\r\n", text.len());
    stream.write_all(format!("{head}{text}").as_bytes()).ok()
}

fn about(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
    })
}

/// Somebody signed in: back to where they came from, with a code.
fn authorized(state: &mut State, query: HashMap<String, String>) -> String {
    let code = format!("code-{}", state.codes.len());
    let back = form_urlencoded::Serializer::new(String::new())
        .append_pair("code", &code)
        .append_pair("state", &query["state"])
        .finish();
    let location = format!("location: {}?{back}\r\n", query["redirect_uri"]);
    assert_eq!(query["code_challenge_method"], "S256");
    state.codes.insert(code, query);
    location
}

/// A code is shown: once, by who it was given to, with the proof of who began.
fn token(
    state: &mut State,
    form: &HashMap<String, String>,
    authorization: Option<&String>,
    issuer: &str,
) -> Option<Value> {
    let encoded = |it: &str| form_urlencoded::byte_serialize(it.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(CLIENT.0), encoded(CLIENT.1));
    let is_client = authorization? == &format!("Basic {}", STANDARD.encode(pair));
    let query = state.codes.remove(form.get("code")?).filter(|_| is_client)?;
    let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(form.get("code_verifier")?.as_bytes()));
    if proof != query["code_challenge"] || form.get("redirect_uri") != query.get("redirect_uri") {
        return None;
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_secs();
    let mut claims = json!({
        "iss": issuer, "aud": CLIENT.0, "sub": "somebody", "nonce": query["nonce"], "iat": now,
        "exp": now + 300,
    });
    for (name, value) in state.claims.as_object().expect("claims") {
        claims[name] = value.clone();
    }
    Some(json!({
        "access_token": "not used", "token_type": "Bearer", "id_token": signed(state, claims),
    }))
}

/// What is said, signed, or twisted.
fn signed(state: &State, mut claims: Value) -> String {
    match state.lie {
        Lie::Nonce => claims["nonce"] = json!("another"),
        Lie::Audience => claims["aud"] = json!("somebody else"),
        Lie::Party => {
            claims["aud"] = json!([CLIENT.0, "somebody else"]);
            claims["azp"] = json!("somebody else");
        }
        Lie::Expired => claims["exp"] = json!(claims["iat"].as_u64().expect("a time") - 300),
        Lie::Issuer => claims["iss"] = json!("https://example.org"),
        Lie::None | Lie::Key | Lie::Secret | Lie::Unsigned => {}
    }
    let key = &state.key;
    let mut header = Header::new(key.algorithm);
    header.kid = key.jwk.common.key_id.clone();
    match state.lie {
        Lie::Key => {
            let other = Key::edwards("other");
            header.alg = other.algorithm;
            encode(&header, &claims, &other.encoding).expect("signed")
        }
        Lie::Secret => {
            header.alg = Algorithm::HS256;
            let public = serde_json::to_vec(&key.jwk).expect("JSON");
            encode(&header, &claims, &EncodingKey::from_secret(&public)).expect("signed")
        }
        Lie::Unsigned => {
            let part = |it: Value| URL_SAFE_NO_PAD.encode(it.to_string());
            format!("{}.{}.", part(json!({ "alg": "none", "typ": "JWT" })), part(claims))
        }
        _ => encode(&header, &claims, &key.encoding).expect("signed"),
    }
}
