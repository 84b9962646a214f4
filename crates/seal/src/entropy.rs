//! Where randomness comes from: the operating system, or a seed in tests. It knows nothing of
//! what the bytes are for.

use std::convert::Infallible;

use hpke::rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};

/// A source of random bytes.
pub trait Entropy: Send {
    /// Fills `out` with bytes that nobody can foretell.
    fn fill(&mut self, out: &mut [u8]);
}

/// The operating system's generator: the only one for real use.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&mut self, out: &mut [u8]) {
        // Going on without randomness would seal reports under guessable keys.
        getrandom::fill(out).expect("the operating system gives random bytes");
    }
}

/// Bytes that follow from a seed: for tests and frozen formats only, never for a real report.
#[derive(Clone)]
pub struct SeededEntropy {
    seed: [u8; 32],
    block: u64,
}

impl SeededEntropy {
    /// Starts the sequence of `seed`.
    pub fn new(seed: u64) -> Self {
        Self { seed: Sha256::digest(seed.to_be_bytes()).into(), block: 0 }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&mut self, out: &mut [u8]) {
        for piece in out.chunks_mut(32) {
            let block = Sha256::new().chain_update(self.seed).chain_update(self.block.to_be_bytes());
            self.block += 1;
            piece.copy_from_slice(&block.finalize()[..piece.len()]);
        }
    }
}

/// Draws `N` bytes.
pub(crate) fn draw<const N: usize>(rng: &mut dyn Entropy) -> [u8; N] {
    let mut out = [0; N];
    rng.fill(&mut out);
    out
}

/// [`Entropy`] in the shape the HPKE library wants.
pub(crate) struct Bridge<'a>(pub(crate) &'a mut dyn Entropy);

impl TryRng for Bridge<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_be_bytes(draw(self.0)))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_be_bytes(draw(self.0)))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(out);
        Ok(())
    }
}

impl TryCryptoRng for Bridge<'_> {}
