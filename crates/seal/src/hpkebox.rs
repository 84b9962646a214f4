//! Sealing to a public key by HPKE in base mode, with a commitment to the shared secret, because
//! the cipher alone would let two keys open one ciphertext. It knows no key roles and no places:
//! `info` and `aad` are the caller's.

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, setup_receiver, setup_sender_with_rng};
use zeroize::Zeroizing;

use crate::binding::{TAG, equal};
use crate::entropy::{Bridge, Entropy};
use crate::error::SealError;

/// Bytes a box is longer than its content: encapsulated key, commitment, tag.
pub(crate) const OVERHEAD: usize = 32 + 32 + TAG;

const EXPORT: &[u8] = b"dengwen/box-commitment/1";

/// Makes a key pair: (secret, public).
pub(crate) fn generate(rng: &mut dyn Entropy) -> (Zeroizing<[u8; 32]>, [u8; 32]) {
    let (secret, public) = X25519HkdfSha256::gen_keypair_with_rng(&mut Bridge(rng));
    (Zeroizing::new(secret.to_bytes().into()), public.to_bytes().into())
}

/// The key pair that follows from keying material: (secret, public).
pub(crate) fn derive_pair(material: &[u8; 32]) -> (Zeroizing<[u8; 32]>, [u8; 32]) {
    let (secret, public) = X25519HkdfSha256::derive_keypair(material);
    (Zeroizing::new(secret.to_bytes().into()), public.to_bytes().into())
}

/// The public key of a secret one.
pub(crate) fn public_of(secret: &[u8; 32]) -> Result<[u8; 32], SealError> {
    let secret = secret_key(secret)?;
    Ok(X25519HkdfSha256::sk_to_pk(&secret).to_bytes().into())
}

fn secret_key(bytes: &[u8; 32]) -> Result<<X25519HkdfSha256 as Kem>::PrivateKey, SealError> {
    <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(bytes).map_err(|_| SealError::Malformed("secret key"))
}

/// `encapsulated key ‖ commitment ‖ ciphertext`.
pub(crate) fn seal(
    public: &[u8; 32],
    info: &[u8],
    aad: &[u8],
    plaintext: &[u8],
    rng: &mut dyn Entropy,
) -> Result<Vec<u8>, SealError> {
    let public =
        <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(public).map_err(|_| SealError::Malformed("public key"))?;
    // A public key of low order fails here, so that nothing is sealed to a key everyone has.
    let (encapsulated, mut context) = setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        info,
        &mut Bridge(rng),
    )
    .map_err(|_| SealError::Malformed("public key"))?;
    let mut commitment = [0; 32];
    context.export(EXPORT, &mut commitment).map_err(|_| SealError::Refused("box"))?;
    let ciphertext = context.seal(plaintext, aad).map_err(|_| SealError::Refused("box"))?;
    let mut out = Vec::with_capacity(plaintext.len() + OVERHEAD);
    out.extend_from_slice(&encapsulated.to_bytes());
    out.extend_from_slice(&commitment);
    out.extend_from_slice(&ciphertext);
    Ok(out)
}

/// Opens what [`seal`] made; `what` names the envelope in errors.
pub(crate) fn open(
    secret: &[u8; 32],
    info: &[u8],
    aad: &[u8],
    sealed: &[u8],
    what: &'static str,
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (head, ciphertext) = sealed.split_at_checked(64).ok_or(SealError::Malformed(what))?;
    let (encapsulated, commitment) = head.split_at(32);
    let encapsulated =
        <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(encapsulated).map_err(|_| SealError::Malformed(what))?;
    let mut context = setup_receiver::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &secret_key(secret)?,
        &encapsulated,
        info,
    )
    .map_err(|_| SealError::Refused(what))?;
    let mut expected = [0; 32];
    context.export(EXPORT, &mut expected).map_err(|_| SealError::Refused(what))?;
    // Checked before decrypting: another key, or another `info`, ends here.
    if !equal(commitment, &expected) {
        return Err(SealError::Commitment(what));
    }
    context.open(ciphertext, aad).map(Zeroizing::new).map_err(|_| SealError::Refused(what))
}
