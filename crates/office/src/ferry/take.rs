//! Taking packages: checked whole before anything is applied, in their order, each record in a
//! commit that may be repeated. What came too early is kept until what is missing has come.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};

use domain::ids::{ReportId, Series, StreamKind, TenantCode};
use domain::recusal::{self, Upward};
use domain::report::{Actor, Event};
use ledger::commit;
use seal::{CheckedPackage, FerrySide, KeyPlace, PackageError, PackageReader, WrappedKey, check_package};
use store::{ApiKeyRow, Append, AppendError, CodeChange, Expected, FerryRow, FerryWay, NewEvent, Numbering, Rows};

use super::act::ActOutcome;
use super::send::file_name;
use super::wire::{EventItem, FilingItem, Item, Next, damaged, next};
use super::{Turn, fenced, one_network};
use crate::audit::Deed;
use crate::error::{Error, Lang};
use crate::hall::Hall;
use crate::intake::{identity_digest, judging};
use crate::report::write::{Chain, leaf_part, read_recorded};

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// It was taken, and with it later ones that waited for it.
    Taken(Taken),
    /// It was taken before; nothing was added.
    Before {
        /// Its number.
        number: u64,
    },
    /// It is kept until those before it have come.
    TooEarly {
        /// Its number.
        number: u64,
        /// The first that is missing.
        from: u64,
        /// The last that is missing before it.
        to: u64,
    },
}

/// What was taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// The first package.
    pub first: u64,
    /// The last one.
    pub last: u64,
    /// Filings that were new.
    pub filings: u64,
    /// Filings, new or taken before by a run that broke off, that nobody who serves here may read,
    /// because they name everybody.
    pub for_nobody: u64,
    /// Filings, new or taken before by a run that broke off, that by the directory as it is here belong
    /// in the superior's register: the outside knew an older one.
    pub upward: u64,
    /// A package that the other side has and this one did not make as it stands here: nothing is dropped.
    pub unlike: Option<u64>,
    /// Acts of reporters that were new.
    pub acts: u64,
    /// Those of them that the law refused as they were, kept as evidence.
    pub kept: u64,
    /// Reports whose state was carried out.
    pub copies: u64,
    /// A signed key directory that came, to be put in its place by whoever keeps the keys.
    pub key_directory: Option<Vec<u8>>,
    /// Why what is counted here did not come to its end; it is to be run again.
    pub stopped: Option<String>,
}

/// What became of a filing.
#[derive(Debug, Clone, Copy)]
struct Filed {
    /// It was not there already.
    new: bool,
    /// Everybody here who could read it is kept away from it.
    for_nobody: bool,
    /// It belongs in the superior's register.
    upward: bool,
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |e| Error::Io(format!("{}: {e}", path.display()))
}

impl Hall {
    /// Takes one file. `progress` is told how many records of the package were applied.
    ///
    /// # Errors
    /// [`Error::Input`] where it is not the other side's package or not unchanged; nothing was
    /// applied then. The disk or the store fails: then it may be run again. Where something was applied
    /// before that, it is [`Came::Taken`] with the reason in `stopped`.
    pub async fn ferry_in(
        &self,
        tenant: &TenantCode,
        file: &Path,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Came, Error> {
        let side = self.keys.ferry_side(tenant).ok_or_else(one_network)?;
        if side == FerrySide::Inside {
            // What is taken inside is opened; a process that cannot must not begin.
            self.keys.ring(tenant)?;
        }
        let mut turn = self.ferry_turn(tenant).await?;
        let came = self.take_file(tenant, file, &mut turn, progress).await;
        self.store.lease_release(&turn.fence).await?;
        came
    }

    async fn take_file(
        &self,
        tenant: &TenantCode,
        file: &Path,
        turn: &mut Turn,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Came, Error> {
        let folder = self.ferry_folder(tenant, "came")?;
        // The disk it came on may be pulled out: from here on our own copy is read.
        let begun = folder.join("coming.part");
        // Left behind by a run that broke off, and perhaps as unwritable as the disk it came from.
        let _gone = fs::remove_file(&begun);
        fs::copy(file, &begun).map_err(io(file))?;
        let checked = self.check(tenant, &begun)?;
        let number = checked.link.number;
        let (last, digest) = self.store.ferry_last(tenant, FerryWay::Taken).await?.unwrap_or((0, [0; 32]));
        if number <= last {
            fs::remove_file(&begun).map_err(io(&begun))?;
            return match self.store.ferry_package(tenant, FerryWay::Taken, number).await? {
                Some(known) if known == checked.digest => Ok(Came::Before { number }),
                _ => Err(another(number)),
            };
        }
        let kept = folder.join(file_name(number));
        fs::rename(&begun, &kept).map_err(io(&kept))?;
        File::open(&folder).and_then(|f| f.sync_all()).map_err(io(&folder))?;
        if number > last + 1 {
            let waits = self.came(tenant)?;
            let from = (last + 1..number).find(|n| !waits.contains(n));
            if let Some(from) = from {
                let to = (from..number).take_while(|n| !waits.contains(n)).last().unwrap_or(from);
                return Ok(Came::TooEarly { number, from, to });
            }
        }
        let mut taken = Taken::default();
        match self.take_kept(tenant, &folder, (last, digest), &mut taken, turn, progress).await {
            Err(fault) if taken == Taken::default() => Err(fault),
            // What is in already is told all the same: some of it somebody must act on today.
            Err(fault) => Ok(Came::Taken(Taken { stopped: Some(fault.sentence(Lang::En)), ..taken })),
            Ok(()) => Ok(Came::Taken(taken)),
        }
    }

    /// Takes the packages kept in `folder` that follow `last`, one after another.
    async fn take_kept(
        &self,
        tenant: &TenantCode,
        folder: &Path,
        last: (u64, [u8; 32]),
        taken: &mut Taken,
        turn: &mut Turn,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(), Error> {
        let (mut last, mut before) = last;
        loop {
            let kept = folder.join(file_name(last + 1));
            if !kept.exists() {
                return Ok(());
            }
            let checked = self.check(tenant, &kept)?;
            if checked.link.before != before {
                fs::remove_file(&kept).map_err(io(&kept))?;
                return Err(another(checked.link.number));
            }
            let (arrived, records) = self.apply(tenant, &kept, &checked, taken, turn, progress).await?;
            last = checked.link.number;
            before = checked.digest;
            // Before it counts as taken: broken off here it is recorded twice and never not at all.
            self.record_at_machine(tenant, Deed::PackageTaken { package: last, records }).await?;
            self.store.ferry_taken(&turn.fence, last, &before, arrived).await.map_err(fenced)?;
            taken.first = if taken.first == 0 { last } else { taken.first };
            taken.last = last;
            self.drop_arrived(tenant, arrived)?;
            fs::remove_file(&kept).map_err(io(&kept))?;
        }
    }

    /// Numbers of the packages that wait for their turn.
    pub(super) fn came(&self, tenant: &TenantCode) -> Result<Vec<u64>, Error> {
        numbers(&self.ferry_folder(tenant, "came")?)
    }

    fn check(&self, tenant: &TenantCode, path: &Path) -> Result<CheckedPackage, Error> {
        let file = File::open(path).map_err(io(path))?;
        let length = file.metadata().map_err(io(path))?.len();
        check_package(self.keys.ferry(tenant)?, &mut BufReader::new(file), length).map_err(|fault| {
            // What is no package of ours is not kept; what could not be read may be one.
            if !matches!(fault, PackageError::Io(_)) {
                let _gone = fs::remove_file(path);
            }
            refused(&fault)
        })
    }

    /// Applies the records of a package in order; returns which of ours the other side has, and how
    /// many filings, acts and reports shown there were.
    async fn apply(
        &self,
        tenant: &TenantCode,
        path: &Path,
        checked: &CheckedPackage,
        taken: &mut Taken,
        turn: &mut Turn,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(u64, u64), Error> {
        let keys = self.keys.ferry(tenant)?;
        let file = File::open(path).map_err(io(path))?;
        let length = file.metadata().map_err(io(path))?.len();
        let mut from = PackageReader::open(keys, &checked.link, BufReader::new(file), length).map_err(io(path))?;
        let (mut arrived, mut items, mut records) = (0, 0, 0);
        loop {
            self.ferry_still(turn).await?;
            let next = next(&mut from)?;
            records += u64::from(matches!(next, Next::Item(Item::Filing(_) | Item::Act { .. } | Item::Copy { .. })));
            match (next, keys.side()) {
                (Next::End, _) => return Ok((arrived, records)),
                (Next::Item(Item::Hello { arrived: ours, digest }), _) => {
                    let made = self.store.ferry_package(tenant, FerryWay::Sent, ours).await?;
                    match ours == 0 || made.is_some_and(|made| digest.is_some_and(|known| known.0 == made)) {
                        true => arrived = ours,
                        // What the other side has is not what was made here under that number: this side
                        // was restored. Nothing of what still lies here may be taken for carried.
                        false => taken.unlike = Some(ours),
                    }
                }
                (Next::Blob(name, size), FerrySide::Inside) => self.take_blob(&name, size, &mut from).await?,
                (Next::Item(Item::Filing(filing)), FerrySide::Inside) => {
                    let filed = self.take_filing(tenant, checked.link.number, *filing).await?;
                    taken.filings += u64::from(filed.new);
                    taken.for_nobody += u64::from(filed.for_nobody);
                    taken.upward += u64::from(filed.upward);
                }
                (Next::Item(Item::Act { report, ord, act }), FerrySide::Inside) => {
                    let outcome = self.take_act(tenant, report, ord, &act).await?;
                    taken.acts += u64::from(outcome != ActOutcome::There);
                    taken.kept += u64::from(outcome == ActOutcome::Kept);
                }
                (Next::Item(Item::Directory { events }), FerrySide::Outside) => {
                    let events = events.into_iter().map(EventItem::event).collect::<Result<_, _>>()?;
                    self.take_directory(tenant, events).await?;
                }
                (Next::Item(Item::FrontEnds { keys }), FerrySide::Outside) => {
                    let rows = keys.into_iter().map(|row| {
                        let key = row.key.array()?;
                        Ok(ApiKeyRow { key, tenant: tenant.clone(), name: row.name, created_on: row.created_on })
                    });
                    self.take_front_ends(tenant, rows.collect::<Result<_, Error>>()?).await?;
                }
                (Next::Item(Item::KeyDirectory { signed }), FerrySide::Outside) => {
                    taken.key_directory = Some(signed.0);
                }
                (Next::Item(Item::Copy { report, version, copy, thread }), FerrySide::Outside) => {
                    let thread: Vec<_> = thread.into_iter().map(super::wire::EntryItem::row).collect();
                    self.store.ferry_copy(tenant, report, version, &copy.0, &thread).await?;
                    taken.copies += 1;
                }
                (Next::Published(name, size), FerrySide::Outside) => {
                    let target = self.log_place(tenant, &name)?;
                    take_published(&target, size, &mut from)?;
                }
                // It would be for the other side.
                (Next::Item(_) | Next::Blob(..) | Next::Published(..), _) => return Err(damaged()),
            }
            items += 1;
            progress(items);
        }
    }

    async fn take_blob(&self, name: &str, size: u64, from: &mut (impl Read + Send)) -> Result<(), Error> {
        let blob: ReportId = name.parse().map_err(|_| damaged())?;
        let mut left = size;
        let mut segment = |from: &mut dyn Read| -> Result<Option<Vec<u8>>, Error> {
            if left == 0 {
                return Ok(None);
            }
            let read = |e: std::io::Error| Error::Io(e.to_string());
            let mut length = [0; 4];
            from.read_exact(&mut length).map_err(read)?;
            let length = u32::from_le_bytes(length);
            left = left.checked_sub(4 + u64::from(length)).ok_or_else(damaged)?;
            if length > 1 << 20 {
                return Err(damaged());
            }
            let mut sealed = vec![0; length as usize];
            from.read_exact(&mut sealed).map_err(read)?;
            Ok(Some(sealed))
        };
        // One that came before and was not named by any report until now must not look old.
        if self.blobs.touch(&blob.0, self.clock.day_began()).await? {
            while segment(from)?.is_some() {}
            return Ok(());
        }
        let mut writer = self.blobs.create_again(blob.0).await?;
        while let Some(sealed) = segment(from)? {
            writer.segment(&sealed).await?;
        }
        writer.finish(self.clock.day_began()).await?;
        Ok(())
    }

    /// Takes a filing over as it is. Who is kept away from it was settled outside, under its commitment,
    /// and is not lessened here; whoever it names by the directory of today joins them at once. Whether
    /// that leaves it to anybody, and whether it belongs in the superior's register, is told: it has its
    /// number here by now, and must be neither buried nor handled as if it had come to the right door.
    async fn take_filing(&self, tenant: &TenantCode, package: u64, filing: FilingItem) -> Result<Filed, Error> {
        let report = filing.report;
        if filing.number.tenant != *tenant || filing.number.series != Series::Outside {
            return Err(damaged());
        }
        let identity = filing.identity();
        let rules = self.rules();
        let mut chain = Chain::begin(tenant, report, &rules);
        let mut prev = commit::GENESIS;
        let mut first = None;
        for (n, item) in filing.events.into_iter().enumerate() {
            let event = item.event()?;
            let more = (n == 0).then(|| leaf_part(&identity_digest(&identity.envelope)));
            if event.row.version as usize != n + 1 || event.row.prev != prev || !committed(&event, more)? {
                return Err(damaged());
            }
            let recorded = read_recorded(&event.row.header)?;
            let of_filing = match &recorded.event {
                // Outside nobody of the staff is at work.
                _ if matches!(recorded.actor, Actor::Staff { .. }) => false,
                Event::Received { .. } => n == 0,
                Event::Recused { .. } | Event::PlatformNumberSet { .. } => n > 0,
                _ => false,
            };
            if !of_filing {
                return Err(damaged());
            }
            prev = event.row.commitment;
            first = first.or(Some(event.row.commitment));
            chain.adopt(recorded, event)?;
        }
        let first = first.ok_or_else(damaged)?;
        // What is taken is told to have arrived and is dropped outside: it must open here.
        for key in &filing.keys {
            let row = key.clone().row();
            let place = KeyPlace { tenant: tenant.as_str(), report: report.0, key_no: row.key_no };
            let ring = self.keys.ring(tenant)?;
            let opened = WrappedKey::from_bytes(row.wrapped).and_then(|key| ring.unwrap(&key, &place));
            opened.map_err(|_| lost_key())?;
        }
        let extra = Rows {
            content_keys: filing.keys.into_iter().map(super::wire::KeyItem::row).collect(),
            identity: Some(identity),
            code: filing.code.as_ref().map(|code| code.row().map(CodeChange::Set)).transpose()?,
            blobs: filing.blobs.iter().map(|blob| blob.row(1)).collect::<Result<_, _>>()?,
            jobs: vec![judging(report.0, &mut self.entropy())],
            ferry: Some(FerryRow { package: Some(package) }),
            ..Rows::default()
        };
        let finished = chain.finish();
        let number = filing.number;
        let append = Append {
            tenant: tenant.clone(),
            kind: StreamKind::Report,
            stream: report.0,
            expected: Expected::Version(0),
            number: Numbering::Given(number.clone()),
            once: None,
            today: self.clock.today(),
            fill: Box::new(move |_| finished.rows(&number, extra.clone())),
        };
        let new = match self.store.append(append).await {
            Ok(_) => true,
            Err(AppendError::Conflict) => {
                let stored = self.store.stream(tenant, StreamKind::Report, &report.0).await?;
                if stored.first().is_none_or(|event| event.row.commitment != first) {
                    return Err(damaged());
                }
                false
            }
            Err(other) => return Err(other.into()),
        };
        match self.recuse_named(tenant, report).await {
            // It was closed since an earlier run took it.
            Ok(()) | Err(Error::Refused(_)) => {}
            Err(other) => return Err(other),
        }
        let open = self.open_for_program(tenant, report).await?;
        let directory = &self.organ(tenant)?.directory;
        let readers = self.tokens(tenant, &recusal::readers(directory));
        Ok(Filed {
            new,
            for_nobody: readers.iter().all(|reader| open.state.recused.contains(reader)),
            upward: recusal::check(&open.narrative.subjects, directory).upward != Upward::None,
        })
    }

    async fn take_front_ends(&self, tenant: &TenantCode, rows: Vec<ApiKeyRow>) -> Result<(), Error> {
        for known in self.store.api_keys(tenant).await? {
            if !rows.iter().any(|row| row.key == known.key) {
                self.store.api_key_revoke(&known.key).await?;
            }
        }
        for row in rows {
            if self.store.api_key(&row.key).await?.is_none() {
                self.store.api_key_put(&row).await?;
            }
        }
        Ok(())
    }

    /// Packages the other side has are not kept.
    fn drop_arrived(&self, tenant: &TenantCode, arrived: u64) -> Result<(), Error> {
        let folder = self.ferry_folder(tenant, "sent")?;
        for number in numbers(&folder)?.into_iter().filter(|number| *number <= arrived) {
            let path = folder.join(file_name(number));
            fs::remove_file(&path).map_err(io(&path))?;
        }
        Ok(())
    }
}

/// Numbers of the packages in a folder, in order.
pub(super) fn numbers(folder: &Path) -> Result<Vec<u64>, Error> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder).map_err(io(folder))? {
        let name = entry.map_err(io(folder))?.file_name();
        numbers.extend(name.to_string_lossy().strip_suffix(".ferry").and_then(|n| n.parse::<u64>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// Whether an event is what its commitment says; `more` is the digest of what belongs to it besides
/// its words.
fn committed(event: &NewEvent, more: Option<commit::PartDigest>) -> Result<bool, Error> {
    let mut parts = Vec::new();
    if let Some(sealed) = &event.row.sealed {
        parts.push(leaf_part(&seal::PartDigest::of(sealed)?));
    }
    parts.extend(more);
    let digest = commit::event_digest(event.row.header.as_bytes(), &parts, &event.row.prev);
    Ok(commit::commitment(&event.salt, &digest) == event.row.commitment)
}

fn take_published(target: &PathBuf, size: u64, from: &mut dyn Read) -> Result<(), Error> {
    let folder = target.parent().ok_or_else(damaged)?;
    fs::create_dir_all(folder).map_err(io(folder))?;
    let begun = target.with_extension("part");
    let mut out = BufWriter::new(File::create(&begun).map_err(io(&begun))?);
    let copied = std::io::copy(&mut from.take(size), &mut out).map_err(io(&begun))?;
    out.flush().map_err(io(&begun))?;
    if copied != size {
        return Err(damaged());
    }
    fs::rename(&begun, target).map_err(io(target))
}

fn refused(fault: &PackageError) -> Error {
    let (slug, zh) = match fault {
        PackageError::Unknown => ("ferry-unknown", "这不是摆渡包，或由更新版本的程序制作。请核对文件。"),
        PackageError::OtherPair => ("ferry-other-pair", "这个包属于另一对内外网或另一个机关，没有接收。请核对磁盘。"),
        PackageError::OwnSide => ("ferry-own-side", "这个包是本侧制作的，应当送到对侧去。"),
        PackageError::Changed => {
            ("ferry-changed", "签名不符：这个包被改动、截断，或不是对侧制作的，没有接收。请让对侧用 --again 重发。")
        }
        PackageError::Io(e) => return Error::Io(e.to_string()),
    };
    Error::input(slug, zh, format!("{fault}; nothing was taken. Have the other side hand it out again with --again"))
}

/// The sentence where what was carried in is sealed to a key that was destroyed here.
pub(super) fn lost_key() -> Error {
    Error::input(
        "ferry-lost-key",
        "这个包里有一件是用本侧已经销毁的机关密钥密封的，打不开。请把原来的 office.key 从备份放回密钥文件夹，再接收；包没有丢，外网侧也还保留着。",
        "A report in this package is sealed to an office key that was destroyed here. Put the former office.key back from its copy and take the package again; nothing is lost, and the outside keeps it.",
    )
}

fn another(number: u64) -> Error {
    Error::input(
        "ferry-another",
        format!(
            "第{number}号包与以前收到的接不上：对侧可能恢复过旧备份，或者有人另造了一个包。没有接收，请先查明原因。"
        ),
        format!(
            "package {number} does not follow what was taken before: the other side may run on an old backup, or somebody made another one; nothing was taken. Find out which before you go on"
        ),
    )
}
