//! How two networks stand, as far as one of them can know.

use std::collections::BTreeSet;

use domain::ids::{ReportId, TenantCode};
use domain::recusal;
use seal::FerrySide;
use store::FerryWay;

use super::one_network;
use super::take::numbers;
use crate::error::Error;
use crate::hall::Hall;

/// How an organ stands between its two networks, as seen from one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FerryStanding {
    /// Which side this is.
    pub side: FerrySide,
    /// Name of the pair.
    pub pair: String,
    /// The last package made here.
    pub sent: u64,
    /// The last of them the other side has said it has.
    pub arrived: u64,
    /// Packages kept here until then.
    pub kept: Vec<u64>,
    /// The last package taken here.
    pub taken: u64,
    /// Packages that came too early and wait.
    pub early: Vec<u64>,
    /// Outside: filings that wait for the next package.
    pub filings: u64,
    /// Outside: acts of reporters that wait for the next package.
    pub acts: u64,
    /// Inside: reports that moved since the last package.
    pub moved: u64,
    /// Inside: reports that nobody who serves here may read, because they name everybody.
    pub for_nobody: u64,
}

impl Hall {
    /// How an organ stands between its two networks.
    ///
    /// # Errors
    /// There is one network only; the disk or the store fails.
    pub async fn ferry_standing(&self, tenant: &TenantCode) -> Result<FerryStanding, Error> {
        let side = self.keys.ferry_side(tenant).ok_or_else(one_network)?;
        let last = async |way| Ok::<_, Error>(self.store.ferry_last(tenant, way).await?.map_or(0, |(n, _)| n));
        let (filings, acts) = match side {
            FerrySide::Outside => self.store.ferry_waiting(tenant).await?,
            FerrySide::Inside => Default::default(),
        };
        let moved = match side {
            FerrySide::Outside => 0,
            FerrySide::Inside => {
                let changed = self.store.ferry_changed(tenant).await?;
                changed.iter().filter(|c| c.version > c.shown || c.shown_key != c.thread_key).count()
            }
        };
        Ok(FerryStanding {
            side,
            pair: self.keys.ferry(tenant)?.pair(),
            sent: last(FerryWay::Sent).await?,
            arrived: last(FerryWay::Arrived).await?,
            kept: numbers(&self.ferry_folder(tenant, "sent")?)?,
            taken: last(FerryWay::Taken).await?,
            early: self.came(tenant)?,
            filings: filings.len() as u64,
            acts: acts.len() as u64,
            moved: moved as u64,
            for_nobody: match side {
                FerrySide::Outside => 0,
                FerrySide::Inside => self.left_to_nobody(tenant).await?,
            },
        })
    }

    /// Reports from which everybody who could take one in hand is kept away.
    async fn left_to_nobody(&self, tenant: &TenantCode) -> Result<u64, Error> {
        let readers = self.tokens(tenant, &recusal::readers(&self.organ(tenant)?.directory));
        let mut left: Option<BTreeSet<ReportId>> = None;
        for reader in &readers {
            let from = self.store.recused_from(tenant, reader).await?.into_iter();
            let both = match left {
                None => from.collect(),
                Some(left) => from.filter(|report| left.contains(report)).collect(),
            };
            left = Some(both);
        }
        Ok(left.unwrap_or_default().len() as u64)
    }
}
