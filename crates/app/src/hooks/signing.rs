//! Signatures of messages, as the Standard Webhooks specification writes them.

use crate::live::Live;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A secret as receivers are told it.
pub fn secret_text(secret: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

impl Live {
    /// What signs the messages of a hook.
    pub fn hook_secret(&self, hook_id: &str) -> [u8; 32] {
        self.derived("holdfast 2026-11 secret of a webhook", hook_id.as_bytes())
    }

    /// The header `webhook-signature` of a message: id, seconds since 1970 and body.
    pub fn hook_signature(&self, hook_id: &str, id: &str, seconds: i64, body: &str) -> String {
        let secret = self.hook_secret(hook_id);
        let said = format!("{id}.{seconds}.{body}");
        // Keys of any length are taken.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&secret) else { return String::new() };
        mac.update(said.as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}
