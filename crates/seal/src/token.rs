//! Small secrets and keyed names: tokens of sessions and API keys, random ids, recusal tokens,
//! identities of imported rows, comparing in constant time. It does not know what they stand for.

use sha2::{Digest, Sha256};

use crate::binding::{Binding, equal, hmac};
use crate::entropy::{Entropy, draw};
use crate::keys::{RecusalKey, RowKey};

/// A random 128-bit id: of a report, a blob, a job.
pub fn fresh_id(rng: &mut dyn Entropy) -> [u8; 16] {
    draw(rng)
}

/// A random 256-bit token as 64 hexadecimal digits: a session, an API key, a one-time link.
pub fn fresh_token(rng: &mut dyn Entropy) -> String {
    hex::encode(draw::<32>(rng))
}

/// What is stored of a token made by [`fresh_token`]; 256 random bits need no salt.
pub fn token_digest(token: &str) -> [u8; 32] {
    Sha256::new().chain_update(b"dengwen/token/1").chain_update(token.as_bytes()).finalize().into()
}

/// Plain SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// What stands in a recusal list for a member of staff: 32 hexadecimal digits that say nothing
/// without the key, so that the list alone does not name who is reported.
pub fn recusal_token(key: &RecusalKey, tenant: &str, staff: &str) -> String {
    let text = Binding::new("dengwen/recusal/1").bytes(tenant.as_bytes()).bytes(staff.as_bytes()).done();
    hex::encode(&hmac(key.expose(), &[&text])[..16])
}

/// A keyed digest of an imported row, so that a second run knows it and the table tells nothing.
pub fn keyed_digest(key: &RowKey, bytes: &[u8]) -> [u8; 32] {
    hmac(key.expose(), &[b"dengwen/row/1", bytes])
}

/// Compares without telling by its time where the difference is.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    equal(a, b)
}
