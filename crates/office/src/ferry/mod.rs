//! Two networks that never meet (M104): an installation outside takes reports, the register and the
//! desk stand inside, and packages pass between them as files. Decision 16 says why it is so.
//!
//! What is in a package stands here; how it is sealed and signed is `seal`'s. A stream has one
//! writer at a time: the filing outside, everything later inside. What a reporter does outside
//! afterwards is an act, applied inside as a command.

mod act;
mod copy;
mod log;
mod send;
mod status;
mod take;
mod wire;

use std::path::PathBuf;

use domain::ids::{Series, TenantCode};
use seal::FerrySide;
use store::Fence;

pub use send::Packed;
pub use status::FerryStanding;
pub use take::{Came, Taken};

use crate::error::Error;
use crate::hall::Hall;

/// Keys, entries and files of what is done outside bear numbers from here on; no report has so many
/// events, and so nobody else uses them.
pub(crate) const OUTSIDE: u32 = 1 << 20;
/// Length of the lease for making or taking packages, microseconds: how long a process that died is
/// waited for. It is renewed while the work goes on; where one record alone takes longer and another
/// process begins, the first records nothing any more.
const LEASE: i64 = 60 * 1_000_000;

impl Hall {
    /// The series in which this register gives numbers.
    pub(crate) fn number_series(&self, tenant: &TenantCode) -> Series {
        match self.keys.ferry_side(tenant) {
            Some(FerrySide::Outside) => Series::Outside,
            Some(FerrySide::Inside) | None => Series::Register,
        }
    }

    /// Whether this is the outside of two networks for an organ.
    pub(crate) fn is_outside(&self, tenant: &TenantCode) -> bool {
        self.number_series(tenant) == Series::Outside
    }

    /// Where an organ's packages are kept: `sent` until they have arrived, `came` until their turn.
    fn ferry_folder(&self, tenant: &TenantCode, which: &str) -> Result<PathBuf, Error> {
        let folder = self.places.data.join(crate::backup::PACKAGES).join(tenant.as_str()).join(which);
        std::fs::create_dir_all(&folder).map_err(|e| Error::Io(format!("{}: {e}", folder.display())))?;
        Ok(folder)
    }

    /// Renews the turn once half of it is over, so that a long package is not overtaken.
    async fn ferry_still(&self, turn: &mut Turn) -> Result<(), Error> {
        let now = self.clock.micros();
        if now - turn.renewed < LEASE / 2 {
            return Ok(());
        }
        let fence = &turn.fence;
        let held = self.store.lease(&fence.tenant, &fence.name, &self.name, now, now + LEASE).await?;
        // A new number means that somebody else had it in between.
        if held.as_ref() != Some(fence) {
            if let Some(new) = held {
                self.store.lease_release(&new).await?;
            }
            return Err(busy());
        }
        turn.renewed = now;
        Ok(())
    }

    /// Only one process makes or takes packages of an organ.
    async fn ferry_turn(&self, tenant: &TenantCode) -> Result<Turn, Error> {
        let now = self.clock.micros();
        let fence = self.store.lease(tenant, "ferry", &self.name, now, now + LEASE).await?.ok_or_else(busy)?;
        Ok(Turn { fence, renewed: now })
    }
}

/// The right to make or take packages, while it lasts.
struct Turn {
    fence: Fence,
    /// Unix microseconds.
    renewed: i64,
}

fn busy() -> Error {
    Error::input(
        "ferry-busy",
        "另一个进程正在收发本机关的摆渡包，请稍后再试。",
        "another process is making or taking packages of this organ; try again in a moment",
    )
}

/// What the store says where the turn was lost while the work went on.
fn fenced(error: store::StoreError) -> Error {
    match error {
        store::StoreError::Fenced => busy(),
        other => other.into(),
    }
}

/// The sentence where an installation is not one of two networks.
fn one_network() -> Error {
    Error::input(
        "ferry-none",
        "本机关没有设为内外网分离。请先在内网执行 dengwen ferry outfit。",
        "this organ is not set up as two networks; run `dengwen ferry outfit` inside first",
    )
}
