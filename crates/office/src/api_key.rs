//! Trusted front ends: programs that file reports for people under a key of their own. The key is
//! looked up by its digest and stands nowhere in clear; what a front end sends is bound by the
//! same rules as a page.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::ids::TenantCode;

use crate::error::Error;
use crate::hall::Hall;

/// A program that may file reports into an organ's register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontEnd {
    /// The organ it files for.
    pub tenant: TenantCode,
    /// Its name, for people.
    pub name: String,
}

/// A key that was found stays known to this process for so long: each of its requests would
/// otherwise wait for the database twice. One that is withdrawn is refused after it.
const KNOWN_FOR: Duration = Duration::from_secs(1);
/// Keys known at a time.
const KNOWN: usize = 256;

/// Front ends found a moment ago, by the digest of their key.
#[derive(Default)]
pub(crate) struct FrontEnds(Mutex<HashMap<[u8; 32], (FrontEnd, Instant)>>);

impl FrontEnds {
    fn find(&self, digest: &[u8; 32], now: Instant) -> Option<FrontEnd> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(digest).filter(|(_, until)| now < *until).map(|(found, _)| found.clone())
    }

    fn put(&self, digest: [u8; 32], found: FrontEnd, now: Instant) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN {
            known.retain(|_, (_, until)| now < *until);
        }
        if known.len() < KNOWN {
            known.insert(digest, (found, now + KNOWN_FOR));
        }
    }
}

impl Hall {
    /// Who presents this key.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a key nobody has, or of an organ that keeps no register here; the
    /// store fails.
    pub async fn front_end(&self, key: &str) -> Result<FrontEnd, Error> {
        let digest = seal::token_digest(key);
        let now = Instant::now();
        if let Some(found) = self.front_ends.find(&digest, now) {
            return Ok(found);
        }
        let row = self.store.api_key(&digest).await?.ok_or(Error::NotFound)?;
        self.organ(&row.tenant)?;
        let found = FrontEnd { tenant: row.tenant, name: row.name };
        self.front_ends.put(digest, found.clone(), now);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_for_a_second_and_no_longer() {
        let (known, now) = (FrontEnds::default(), Instant::now());
        let tenant: TenantCode = "990100001".parse().expect("a made-up organ");
        let front_end = FrontEnd { tenant, name: "hall".into() };
        known.put([1; 32], front_end.clone(), now);
        assert_eq!(known.find(&[1; 32], now), Some(front_end));
        assert_eq!(known.find(&[2; 32], now), None);
        assert_eq!(known.find(&[1; 32], now + KNOWN_FOR), None, "it is asked for again");
    }
}
