//! Making a package: what waits is gathered, sealed to the other side and written whole; then, in
//! one transaction, the package is recorded and everything in it marked. Until the other side says
//! that it has it, the file is kept.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use domain::ids::{ReportId, StreamKind, TenantCode};
use seal::{FerrySide, PackageLink, PackageWriter, package_digest};
use store::{FerryLoad, FerryWay};

use super::wire::{ActItem, BlobItem, CodeItem, EventItem, FilingItem, FrontEndItem, Hex, Item, KeyItem, damaged};
use super::wire::{put_blob, put_end, put_item, put_published};
use super::{Turn, fenced, one_network};
use crate::audit::Deed;
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
        let mut turn = self.ferry_turn(tenant).await?;
        let made = self.make_package(tenant, side, key_directory, &mut turn, progress).await;
        self.store.lease_release(&turn.fence).await?;
        let (number, records) = made?;
        // Nothing leaves without a record of it.
        self.record_at_machine(tenant, Deed::PackageMade { package: number, records }).await?;
        // What it carries is marked as carried: whoever reads this must know that it is to be fetched.
        let path = self.hand_out(tenant, number, folder).map_err(|fault| {
            Error::input(
                "ferry-not-written",
                format!("第{number}号包已经制作，但没有写到磁盘上（{fault}）。请换一个磁盘，用 --again {number} 取出这一包。"),
                format!("package {number} was made, but it could not be written to {} ({fault}); take it out on another disk with --again {number}", folder.display()),
            )
        })?;
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
        let last = self.store.ferry_last(tenant, FerryWay::Sent).await?.map_or(0, |(number, _)| number);
        // A file beyond the last that was recorded is left from a run that broke off before it was: the
        // next package will have its number.
        if number > last || !self.ferry_folder(tenant, "sent")?.join(file_name(number)).exists() {
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
        let kept = self.ferry_folder(tenant, "sent")?.join(file_name(number));
        let made = self.store.ferry_package(tenant, FerryWay::Sent, number).await?;
        if made != Some(digest_of(&kept)?) {
            return Err(Error::input(
                "ferry-not-the-same",
                format!(
                    "本侧保存的第{number}号包与制作时不同：文件损坏，或是恢复备份时混进了别的包。没有取出。请从备份中找回 {}。",
                    kept.display()
                ),
                format!(
                    "package {number} as it is kept here is not the one that was made: the file is damaged, or belongs to another backup. It was not handed out; bring {} back from a backup",
                    kept.display()
                ),
            ));
        }
        self.record_at_machine(tenant, Deed::PackageAgain { package: number }).await?;
        let path = self.hand_out(tenant, number, folder)?;
        Ok(Packed { number, path, records: 0 })
    }

    async fn make_package(
        &self,
        tenant: &TenantCode,
        side: FerrySide,
        key_directory: &[u8],
        turn: &mut Turn,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(u64, u64), Error> {
        let keys = self.keys.ferry(tenant)?;
        let (last, before) = self.store.ferry_last(tenant, FerryWay::Sent).await?.unwrap_or((0, [0; 32]));
        let number = last + 1;
        let taken = self.store.ferry_last(tenant, FerryWay::Taken).await?;
        let (arrived, digest) = taken.map_or((0, None), |(number, digest)| (number, Some(Hex(digest.to_vec()))));
        let target = self.ferry_folder(tenant, "sent")?.join(file_name(number));
        // What a run that broke off left behind was never recorded and never handed out. The name bears
        // the number of the turn: a process that was overtaken writes on in a file that nobody reads.
        drop_begun(&target)?;
        let begun = target.with_extension(format!("{}.part", turn.fence.number));
        let out = BufWriter::new(File::create(&begun).map_err(io(&begun))?);
        let link = PackageLink { number, before };
        let to = PackageWriter::start(keys, &link, &mut self.entropy(), out).map_err(io(&begun))?;
        let mut load = Load { to, length: 0, records: 0 };
        load.item(&Item::Hello { arrived, digest })?;
        let (marks, published) = match side {
            FerrySide::Outside => (self.load_outside(tenant, &mut load, turn, progress).await?, None),
            FerrySide::Inside => {
                load.item(&Item::KeyDirectory { signed: Hex(key_directory.to_vec()) })?;
                let (marks, published) = self.load_inside(tenant, &mut load, turn, progress).await?;
                (marks, Some(published))
            }
        };
        put_end(&mut load.to, load.length).map_err(io(&begun))?;
        let records = load.records;
        let (out, digest) = load.to.finish().map_err(io(&begun))?;
        let file = out.into_inner().map_err(|e| Error::Io(e.to_string()))?;
        dated(&file, self.clock.day_began()).map_err(io(&begun))?;
        turn.renewed = 0;
        self.ferry_still(turn).await?;
        fs::rename(&begun, &target).map_err(io(&target))?;
        sync_folder(&target)?;
        self.store.ferry_sent(&turn.fence, number, &digest, &marks).await.map_err(fenced)?;
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
        turn: &mut Turn,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<FerryLoad, Error> {
        let (filings, acts) = self.store.ferry_waiting(tenant).await?;
        for report in &filings {
            self.ferry_still(turn).await?;
            self.load_filing(tenant, *report, load).await?;
            load.records += 1;
            progress(load.records);
        }
        let mut marks = FerryLoad { filings, ..FerryLoad::default() };
        for act in acts {
            self.ferry_still(turn).await?;
            let item: ActItem = serde_json::from_slice(&act.payload).map_err(|_| damaged())?;
            for blob in &item.blobs {
                self.load_blob(blob, load).await?;
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
            self.load_blob(blob, load).await?;
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
    async fn load_blob(&self, blob: &BlobItem, load: &mut Load) -> Result<(), Error> {
        let name = hex::encode(&blob.blob.0);
        let id = <[u8; 16]>::try_from(&blob.blob.0[..]).map_err(|_| damaged())?;
        let gone = |why: &str| {
            Error::input(
                "ferry-file-gone",
                format!(
                    "随件的密封文件 {name} 读不出来（{why}），这一包没有制作，也没有任何内容被记为已摆渡。请从备份中找回这个文件，再执行一次。"
                ),
                format!(
                    "the sealed file {name} of a report cannot be read ({why}); no package was made and nothing counts as carried. Bring the file back from a backup and run it again"
                ),
            )
        };
        let file = self.blobs.at_hand(&id).await.map_err(|e| gone(&e.to_string()))?;
        let file = file.ok_or_else(|| gone("it is not there"))?;
        let length = fs::metadata(file.path()).map_err(|e| gone(&e.to_string()))?.len();
        load.length += put_blob(&mut load.to, &name, length).map_err(io(file.path()))?;
        load.bytes(file.path())
    }

    /// What reporters are told, the directory, who may file, the published log.
    async fn load_inside(
        &self,
        tenant: &TenantCode,
        load: &mut Load,
        turn: &mut Turn,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(FerryLoad, super::log::Carried), Error> {
        let mut marks = FerryLoad::default();
        let known = self.store.ferry_directory(tenant).await?;
        let stored = self.store.stream(tenant, StreamKind::Directory, &[0; 16]).await?;
        marks.directory = stored.last().map(|event| event.row.version);
        // One a record: each holds the whole directory, and a year of them together would be no record.
        for event in stored.into_iter().filter(|event| event.row.version > known) {
            load.item(&Item::Directory { events: vec![EventItem::of(event)?] })?;
        }
        let keys = self.store.api_keys(tenant).await?.into_iter();
        let keys =
            keys.map(|row| FrontEndItem { key: Hex(row.key.to_vec()), name: row.name, created_on: row.created_on });
        load.item(&Item::FrontEnds { keys: keys.collect() })?;
        for change in self.store.ferry_changed(tenant).await? {
            self.ferry_still(turn).await?;
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

/// Deletes what earlier turns began of the same package and did not finish.
fn drop_begun(target: &Path) -> Result<(), Error> {
    let (Some(folder), Some(stem)) = (target.parent(), target.file_stem()) else { return Ok(()) };
    for entry in fs::read_dir(folder).map_err(io(folder))? {
        let path = entry.map_err(io(folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".part") && name.starts_with(&*stem.to_string_lossy()) {
            fs::remove_file(&path).map_err(io(&path))?;
        }
    }
    Ok(())
}

/// The digest under which a package was recorded.
fn digest_of(package: &Path) -> Result<[u8; 32], Error> {
    let mut file = BufReader::new(File::open(package).map_err(io(package))?);
    package_digest(&mut file).map_err(io(package))
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
