//! The logs, checked: heads and published folders of every organ's log, and the head log over them,
//! in which every checkpoint that was ever published stands.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::TenantCode;
use ledger::{Checkpoint, commit};
use store::{LogHead, Store};

use super::{Checked, Ended, unsound};
use crate::error::Error;
use crate::hall::Hall;
use crate::log::head_log;

/// Further looks at a published folder that seems wrong while it is being written.
const LOOKS: u32 = 3;

/// The checkpoints in the head log, by the log they speak of.
pub(super) type Announced = BTreeMap<(TenantCode, u32), BTreeMap<u64, [u8; 32]>>;

impl Hall {
    /// The head log's own leaves and head, and what its entries say.
    pub(super) async fn check_head_log(&self, checked: &mut Checked) -> Result<Announced, Ended> {
        let log = head_log();
        let heads = self.store.log_heads(&log).await?;
        let mut announced = Announced::new();
        for head in &heads {
            let mut at = 0;
            while at < head.size {
                let to = head.size.min(at + 65_536);
                for (entry, index) in self.store.head_leaves(&log, head.epoch, at, to).await?.into_iter().zip(at..) {
                    let place = || format!("head log, entry {index}");
                    let text = std::str::from_utf8(&entry).ok();
                    let Some(Checkpoint { origin, size, root }) = text.and_then(|text| Checkpoint::parse(text).ok())
                    else {
                        return Err(unsound(place(), "it is no checkpoint"));
                    };
                    let Some(whose) = self.keys.log_named(&origin) else {
                        return Err(unsound(place(), format!("{origin} is no log of this installation")));
                    };
                    if whose.0 == log {
                        // The first entry of the next head log names the last checkpoint of the former.
                        continue;
                    }
                    if self.organ(&whose.0).is_err() {
                        return Err(unsound(place(), format!("the register of {} is gone", whose.0)));
                    }
                    if announced.entry(whose).or_default().insert(size, root).is_some_and(|before| before != root) {
                        let what = format!("{origin} was published with two histories of {size} leaves: it has forked");
                        return Err(unsound(place(), what));
                    }
                }
                at = to;
            }
        }
        if self.keys.log_signer(&log, 1).is_err() {
            checked.skipped.push("the head log over all organs, for want of its key (head.key)".to_owned());
        } else {
            self.check_heads(&self.store, &log, heads, checked).await?;
        }
        Ok(announced)
    }

    /// An organ's log against every checkpoint of it that was ever published: it must have come as
    /// far, by the same way. And the one that is published now must stand in the head log.
    pub(super) async fn check_announced(&self, tenant: &TenantCode, announced: &Announced) -> Result<(), Ended> {
        if self.keys.log_signer(&head_log(), 1).is_err() {
            return Ok(());
        }
        if self.store.log_head(&head_log()).await?.size == 0 {
            // Its key came after what is published now: the next publication is the first it hears of.
            return Ok(());
        }
        let place = || format!("{tenant}, log");
        let heads = self.store.log_heads(tenant).await?;
        let mine = announced.iter().filter(|((whose, _), _)| whose == tenant);
        for ((_, epoch), checkpoints) in mine {
            let origin = self.keys.log_origin(tenant, *epoch);
            let has = heads.iter().find(|head| head.epoch == *epoch).map_or(0, |head| head.size);
            let last = checkpoints.keys().next_back().copied().unwrap_or(0);
            if last > has {
                let what = format!("{last} leaves of {origin} were published and it has {has}: it was rolled back");
                return Err(unsound(place(), what));
            }
            let sizes: BTreeSet<u64> = checkpoints.keys().copied().collect();
            let roots = roots_at(&self.store, tenant, *epoch, &sizes).await?;
            if let Some((size, _)) = checkpoints.iter().find(|(size, root)| roots.get(*size) != Some(*root)) {
                let what =
                    format!("its first {size} leaves are not those that were published as {origin}: it has forked");
                return Err(unsound(place(), what));
            }
        }
        let epoch = heads.last().map_or(1, |head| head.epoch);
        let folder = ledger::Folder::at(self.places.log(tenant, epoch));
        if let Some(note) = folder.checkpoint().map_err(|e| Error::Io(e.to_string()))? {
            let text = crate::log::text_of(&note)?;
            if self.store.head_index(&head_log(), text.as_bytes()).await?.is_none() {
                return Err(unsound(place(), "its published checkpoint does not stand in the head log"));
            }
        }
        Ok(())
    }

    /// The first leaf of a log that follows another names the last checkpoint known of that one.
    async fn check_opening(&self, store: &Store, tenant: &TenantCode, epoch: u32) -> Result<(), Ended> {
        let Ok(text) = self.last_known(tenant, epoch).await else { return Ok(()) };
        let former = store.log_heads(tenant).await?.into_iter().find(|head| head.epoch + 1 == epoch);
        let kept = match former.filter(|head| head.size > 0) {
            Some(head) => crate::log::text_of(&head.checkpoint)?,
            None => String::new(),
        };
        let first = crate::log::entries_between(store, tenant, epoch, 0, 1).await?;
        let names = |text: &str| match first.first() {
            Some(entry) if *tenant == head_log() => entry == text.as_bytes(),
            Some(entry) => {
                ledger::Leaf::from_bytes(entry).is_ok_and(|leaf| leaf.commitment == commit::successor_commitment(text))
            }
            None => false,
        };
        if names(&text) || names(&kept) {
            return Ok(());
        }
        Err(unsound(format!("{tenant}, log"), "its first leaf does not name the last checkpoint of the log before it"))
    }

    /// Every log's head against its leaves, and the last one's against its signature.
    pub(super) async fn check_heads(
        &self,
        store: &Store,
        tenant: &TenantCode,
        heads: Vec<LogHead>,
        checked: &mut Checked,
    ) -> Result<(), Ended> {
        for head in &heads {
            if head.size > 0 && root_of(store, tenant, head.epoch, head.size).await? != head.root {
                return Err(unsound(format!("{tenant}, log"), "its root does not follow from its leaves"));
            }
            if head.epoch > 1 && head.size > 0 {
                self.check_opening(store, tenant, head.epoch).await?;
            }
            checked.leaves += head.size;
        }
        let Ok(trust) = self.trust(tenant).await else {
            checked.skipped.push(format!(
                "{tenant}: the log's head and the published log were not verified, for want of the log's key"
            ));
            return Ok(());
        };
        let Some(head) = heads.into_iter().max_by_key(|head| head.epoch).filter(|head| head.size > 0) else {
            return Ok(());
        };
        // Root and leaves can be reckoned anew by whoever owns the database; the signature cannot.
        let signed =
            trust.checkpoint("head", &head.checkpoint).map_err(|e| unsound(format!("{tenant}, log"), e.to_string()))?;
        if (signed.checkpoint.size, signed.checkpoint.root) != (head.size, head.root) {
            return Err(unsound(format!("{tenant}, log"), "its head is not the one that was signed"));
        }
        Ok(())
    }

    /// The published folder against its checkpoint and the register as it is now: the folder goes
    /// on while it is read, so a fault is named only if it stays.
    pub(super) async fn check_published(&self, tenant: &TenantCode) -> Result<(), Ended> {
        let Ok(trust) = self.trust(tenant).await else { return Ok(()) };
        let epoch = self.store.log_head(tenant).await?.epoch;
        let dir = self.places.log(tenant, epoch);
        if !dir.join("checkpoint").exists() {
            return Ok(());
        }
        let mut looks = 0;
        let report = loop {
            let (dir, trust) = (dir.clone(), trust.clone());
            let found = tokio::task::spawn_blocking(move || ledger::verify_folder(&dir, &trust))
                .await
                .map_err(|e| Error::Io(e.to_string()))?;
            match found {
                Ok(report) => break report,
                Err(_) if looks < LOOKS => looks += 1,
                Err(fault) => return Err(unsound(format!("{tenant}, published log"), fault.to_string())),
            }
        };
        let head = self.store.log_head(tenant).await?;
        if report.size > head.size {
            return Err(unsound(
                format!("{tenant}, published log"),
                "it is ahead of the register: an older register was restored",
            ));
        }
        if report.size > 0 && root_of(&self.store, tenant, head.epoch, report.size).await? != report.root {
            return Err(unsound(
                format!("{tenant}, published log"),
                "its leaves are not the register's: one of them was rewritten",
            ));
        }
        Ok(())
    }
}

/// The root over the first `size` leaves of a log.
pub(super) async fn root_of(store: &Store, tenant: &TenantCode, epoch: u32, size: u64) -> Result<[u8; 32], Ended> {
    let roots = roots_at(store, tenant, epoch, &BTreeSet::from([size])).await?;
    Ok(roots.get(&size).copied().unwrap_or_else(ledger::tree::empty_root))
}

/// The roots a log had at these sizes, all of which it has reached.
pub(super) async fn roots_at(
    store: &Store,
    tenant: &TenantCode,
    epoch: u32,
    sizes: &BTreeSet<u64>,
) -> Result<BTreeMap<u64, [u8; 32]>, Ended> {
    let mut frontier = ledger::tree::Frontier::new();
    let mut roots = BTreeMap::new();
    let last = sizes.last().copied().unwrap_or(0);
    let mut at = 0;
    while at < last {
        let to = last.min(at + 65_536);
        let entries = crate::log::entries_between(store, tenant, epoch, at, to).await?;
        if entries.len() as u64 != to - at {
            return Err(unsound(format!("{tenant}, log"), format!("leaves {at} to {to} are not all there")));
        }
        for entry in &entries {
            frontier.push(ledger::tree::leaf_hash(entry));
            if sizes.contains(&frontier.size()) {
                roots.insert(frontier.size(), frontier.root());
            }
        }
        at = to;
    }
    Ok(roots)
}
