//! Making a package: what waits is gathered, sealed to the other side and written whole; then, in
//! one transaction, the package is recorded and everything in it marked. Until the other side says
//! that it has it, the file is kept.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use domain::ids::{ReportId, StreamKind, TenantCode};
use seal::{FerrySide, PackageLink, PackageWriter};
use store::{FerryLoad, FerryWay};

use super::one_network;
use super::wire::{ActItem, BlobItem, CodeItem, EventItem, FilingItem, FrontEndItem, Hex, Item, KeyItem, damaged};
use super::wire::{put_blob, put_end, put_item, put_published};
use crate::error::Error;
use crate::hall::Hall;

/// A package that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Its number.
    pub number: u64,
    /// Where it was handed out to.
    pub path: PathBuf,
    /// Filings, acts, reports shown.
    pub records: u64,
}

/// A package being written.
struct Load {
    to: PackageWriter<BufWriter<File>>,
    length: u64,
    records: u64,
}

impl Load {
    fn item(&mut self, item: &Item) -> Result<(), Error> {
        self.length += put_item(&mut self.to, item)?;
        Ok(())
    }

    fn bytes(&mut self, path: &Path) -> Result<(), Error> {
        let mut from = BufReader::new(File::open(path).map_err(io(path))?);
        let mut piece = vec![0; 64 * 1024];
        loop {
            let n = from.read(&mut piece).map_err(io(path))?;
            if n == 0 {
                return Ok(());
            }
            self.to.write_all(&piece[..n]).map_err(io(path))?;
        }
    }
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |e| Error::Io(format!("{}: {e}", path.display()))
}

impl Hall {
    /// Makes the next package of an organ and hands it out into `folder`. `key_directory` is the
    /// signed key directory as it stands in its file; only the inside carries it. `progress` is told
    /// how many records are in.
    ///
    /// # Errors
    /// There is one network only; the disk or the store fails, and nothing is marked as carried.
    pub async fn ferry_out(
        &self,
        tenant: &TenantCode,
        folder: &Path,
        key_directory: &[u8],
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Packed, Error> {
        let side = self.keys.ferry_side(tenant).ok_or_else(one_network)?;
        if !folder.is_dir() {
            return Err(no_folder(folder));
        }
        let fence = self.ferry_turn(tenant).await?;
        let made = self.make_package(tenant, side, key_directory, progress).await;
        self.store.lease_release(&fence).await?;
        let (number, records) = made?;
        let path = self.hand_out(tenant, number, folder)?;
        Ok(Packed { number, path, records })
    }

    /// Hands a package out once more that the other side has not said it has.
    ///
    /// # Errors
    /// [`Error::Input`] where it is not kept any more or was never made; the disk fails.
    pub async fn ferry_again(&self, tenant: &TenantCode, number: u64, folder: &Path) -> Result<Packed, Error> {
        self.keys.ferry_side(tenant).ok_or_else(one_network)?;
        if !folder.is_dir() {
            return Err(no_folder(folder));
        }
        if !self.ferry_folder(tenant, "sent")?.join(file_name(number)).exists() {
            return Err(Error::input(
                "ferry-not-kept",
                format!(
                    "第{number}号包不在本侧：或者还没有制作，或者对侧已经确认收到。请用 dengwen ferry status 查看。"
                ),
                format!(
                    "package {number} is not kept here: it was not made yet, or the other side has said that it has it; see `dengwen ferry status`"
                ),
            ));
        }
        let path = self.hand_out(tenant, number, folder)?;
        Ok(Packed { number, path, records: 0 })
    }

    async fn make_package(
        &self,
        tenant: &TenantCode,
        side: FerrySide,
        key_directory: &[u8],
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(u64, u64), Error> {
        let keys = self.keys.ferry(tenant)?;
        let (last, before) = self.store.ferry_last(tenant, FerryWay::Sent).await?.unwrap_or((0, [0; 32]));
        let number = last + 1;
        let arrived = self.store.ferry_last(tenant, FerryWay::Taken).await?.map_or(0, |(number, _)| number);
        let target = self.ferry_folder(tenant, "sent")?.join(file_name(number));
        let begun = target.with_extension("part");
        // What a run that broke off left behind was never recorded and never handed out.
        let out = BufWriter::new(File::create(&begun).map_err(io(&begun))?);
        let link = PackageLink { number, before };
        let to = PackageWriter::start(keys, &link, &mut self.entropy(), out).map_err(io(&begun))?;
        let mut load = Load { to, length: 0, records: 0 };
        load.item(&Item::Hello { arrived })?;
        let (marks, published) = match side {
            FerrySide::Outside => (self.load_outside(tenant, &mut load, progress).await?, None),
            FerrySide::Inside => {
                load.item(&Item::KeyDirectory { signed: Hex(key_directory.to_vec()) })?;
                let (marks, published) = self.load_inside(tenant, &mut load, progress).await?;
                (marks, Some(published))
            }
        };
        put_end(&mut load.to, load.length).map_err(io(&begun))?;
        let records = load.records;
        let (out, digest) = load.to.finish().map_err(io(&begun))?;
        let file = out.into_inner().map_err(|e| Error::Io(e.to_string()))?;
        dated(&file, self.clock.day_began()).map_err(io(&begun))?;
        fs::rename(&begun, &target).map_err(io(&target))?;
        sync_folder(&target)?;
        self.store.ferry_sent(tenant, number, &digest, &marks).await?;
        if let Some(published) = published {
            self.log_carried(tenant, &published)?;
        }
        Ok((number, records))
    }

    /// Filings and acts that wait, with their files.
    async fn load_outside(
        &self,
        tenant: &TenantCode,
        load: &mut Load,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<FerryLoad, Error> {
        let (filings, acts) = self.store.ferry_waiting(tenant).await?;
        for report in &filings {
            self.load_filing(tenant, *report, load).await?;
            load.records += 1;
            progress(load.records);
        }
        let mut marks = FerryLoad { filings, ..FerryLoad::default() };
        for act in acts {
            let item: ActItem = serde_json::from_slice(&act.payload).map_err(|_| damaged())?;
            for blob in &item.blobs {
                self.load_blob(blob, load)?;
            }
            load.item(&Item::Act { report: act.report, ord: act.ord, act: Box::new(item) })?;
            marks.acts.push((act.report, act.ord));
            load.records += 1;
            progress(load.records);
        }
        Ok(marks)
    }

    async fn load_filing(&self, tenant: &TenantCode, report: ReportId, load: &mut Load) -> Result<(), Error> {
        let (number, events, identity, code) = self
            .store
            .ferry_filing(tenant, report)
            .await?
            .ok_or_else(|| Error::Store("a filing is gone".to_owned()))?;
        let blobs = self.store.blobs(tenant, report).await?;
        // Files that came with a later act go with the act.
        let blobs: Vec<BlobItem> = blobs.iter().filter(|row| row.version == 1).map(BlobItem::of).collect();
        for blob in &blobs {
            self.load_blob(blob, load)?;
        }
        let keys = self.store.content_keys(tenant, report).await?;
        load.item(&Item::Filing(Box::new(FilingItem {
            report,
            number,
            events: events.into_iter().map(EventItem::of).collect::<Result<_, _>>()?,
            keys: keys.into_iter().map(KeyItem::of).collect(),
            identity: Hex(identity.envelope),
            shares: [Hex(identity.custodian_share), Hex(identity.approver_share), Hex(identity.gate_share)],
            code: code.as_ref().map(CodeItem::of),
            blobs,
        })))
    }

    /// A sealed file as it lies on the disk: it is never whole in memory.
    fn load_blob(&self, blob: &BlobItem, load: &mut Load) -> Result<(), Error> {
        let name = hex::encode(&blob.blob.0);
        let path = self.places.blobs().join(name.get(..2).ok_or_else(damaged)?).join(&name);
        let length = fs::metadata(&path).map_err(io(&path))?.len();
        load.length += put_blob(&mut load.to, &name, length).map_err(io(&path))?;
        load.bytes(&path)
    }

    /// What reporters are told, the directory, who may file, the published log.
    async fn load_inside(
        &self,
        tenant: &TenantCode,
        load: &mut Load,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(FerryLoad, super::log::Carried), Error> {
        let mut marks = FerryLoad::default();
        let known = self.store.ferry_directory(tenant).await?;
        let stored = self.store.stream(tenant, StreamKind::Directory, &[0; 16]).await?;
        marks.directory = stored.last().map(|event| event.row.version);
        let events: Vec<EventItem> = stored
            .into_iter()
            .filter(|event| event.row.version > known)
            .map(EventItem::of)
            .collect::<Result<_, _>>()?;
        if !events.is_empty() {
            load.item(&Item::Directory { events })?;
        }
        let keys = self.store.api_keys(tenant).await?.into_iter();
        let keys =
            keys.map(|row| FrontEndItem { key: Hex(row.key.to_vec()), name: row.name, created_on: row.created_on });
        load.item(&Item::FrontEnds { keys: keys.collect() })?;
        for change in self.store.ferry_changed(tenant).await? {
            let Some(carried) = self.copy_of(tenant, &change).await? else { continue };
            if let Some(item) = &carried.item {
                load.item(item)?;
                load.records += 1;
                progress(load.records);
            }
            marks.shown.push((change.report, change.version, change.thread_key, carried.proven));
        }
        let (files, published) = self.log_to_carry(tenant)?;
        for (name, path) in files {
            // Read once: it may be replaced by a longer one meanwhile.
            let bytes = fs::read(&path).map_err(io(&path))?;
            load.length += put_published(&mut load.to, &name, bytes.len() as u64).map_err(io(&path))?;
            load.to.write_all(&bytes).map_err(io(&path))?;
        }
        Ok((marks, published))
    }

    fn hand_out(&self, tenant: &TenantCode, number: u64, folder: &Path) -> Result<PathBuf, Error> {
        let kept = self.ferry_folder(tenant, "sent")?.join(file_name(number));
        let keys = self.keys.ferry(tenant)?;
        let way = match keys.side() {
            FerrySide::Outside => "in",
            FerrySide::Inside => "out",
        };
        let pair = keys.pair();
        let target = folder.join(format!("{}-{way}-{}", pair.get(..8).unwrap_or(&pair), file_name(number)));
        let begun = target.with_extension("part");
        fs::copy(&kept, &begun).map_err(io(&begun))?;
        // Not every disk that is carried takes times; the bytes matter.
        let file = File::options().write(true).open(&begun).map_err(io(&begun))?;
        let _kept = dated(&file, self.clock.day_began());
        file.sync_all().map_err(io(&begun))?;
        fs::rename(&begun, &target).map_err(io(&target))?;
        sync_folder(&target)?;
        Ok(target)
    }
}

/// A package's name where it is kept: it tells its number and nothing else.
pub(super) fn file_name(number: u64) -> String {
    format!("{number:06}.ferry")
}

/// The day and no time of it.
fn dated(file: &File, day: std::time::SystemTime) -> std::io::Result<()> {
    file.set_times(fs::FileTimes::new().set_accessed(day).set_modified(day))?;
    file.sync_all()
}

fn sync_folder(file: &Path) -> Result<(), Error> {
    let Some(folder) = file.parent() else { return Ok(()) };
    File::open(folder).and_then(|f| f.sync_all()).map_err(io(folder))
}

fn no_folder(folder: &Path) -> Error {
    Error::input(
        "ferry-folder",
        format!("没有文件夹 {}。请先插好磁盘或建好文件夹，再执行一次。", folder.display()),
        format!("there is no folder {}; insert the disk or make the folder, then run it again", folder.display()),
    )
}
