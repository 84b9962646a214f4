//! Whether keys in memory could be written to a disk in clear: what this machine swaps to, and
//! whether this process may be swapped at all. Reading what the system says and judging it are
//! apart, so that the judgement can be tried on any machine.

use std::path::{Path, PathBuf};

use crate::cli::Places;
use crate::setup::{Fault, Lock};

/// A place of swap whose content can be read by whoever has the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plain(String);

/// A demo is opened more than once in a process.
static SAID: std::sync::Once = std::sync::Once::new();

/// Refuses to go on where keys could reach an unencrypted swap, unless it was told that they may;
/// a demo's keys lie in plain files anyway, so it is only said.
///
/// # Errors
/// What is swapped to, and the ways out.
pub fn guard(places: &Places, lock: &Lock) -> Result<(), Fault> {
    if places.allow_swap {
        return Ok(());
    }
    if let Some(warning) = judged(&machine(), lock)? {
        SAID.call_once(|| eprintln!("dengwen: {warning}"));
    }
    Ok(())
}

/// What is to be said of it, if anything; keys under a passphrase are not opened beside it.
fn judged(plain: &[Plain], lock: &Lock) -> Result<Option<String>, Fault> {
    if plain.is_empty() {
        return Ok(None);
    }
    let names: Vec<&str> = plain.iter().map(|p| p.0.as_str()).collect();
    let what = format!("this machine may write keys in memory to unencrypted swap ({})", names.join(", "));
    match lock {
        Lock::Plain => Ok(Some(format!("{what}; never use it so for real reports"))),
        Lock::Passphrase(_) => Err(Fault::Say(format!(
            "{what}; switch it off (swapoff -a), encrypt it (crypttab with a random key), keep this service out of it \
             (MemorySwapMax=0 in its systemd unit), or say --allow-swap"
        ))),
    }
}

/// What this machine swaps to in clear.
fn machine() -> Vec<Plain> {
    let Ok(swaps) = std::fs::read_to_string("/proc/swaps") else { return Vec::new() };
    let places = areas(&swaps);
    if places.is_empty() || never_swapped(Path::new("/sys/fs/cgroup")) {
        return Vec::new();
    }
    let blocks = System;
    places.into_iter().filter(|place| !is_kept(place, &blocks)).map(|place| Plain(place.path)).collect()
}

/// A line of `/proc/swaps`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Area {
    path: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Partition,
    File,
}

/// The places in the text of `/proc/swaps`: a line of headings, then path, type, size, used and
/// priority; blanks in a path are written as `\040`.
fn areas(text: &str) -> Vec<Area> {
    let lines = text.lines().skip(1);
    lines
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let (path, kind) = (words.next()?, words.next()?);
            let kind = if kind == "file" { Kind::File } else { Kind::Partition };
            Some(Area { path: unescaped(path), kind })
        })
        .collect()
}

fn unescaped(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 1..at + 4).and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match code {
            Some(byte) if byte.is_ascii() => {
                out.push(char::from(byte));
                rest = &rest[at + 4..];
            }
            _ => {
                out.push('\\');
                rest = &rest[at + 1..];
            }
        }
    }
    out + rest
}

/// What the system says of block devices.
trait Blocks {
    /// The kernel's name of the device a path leads to, or of the one a file lies on.
    fn device(&self, area: &Area) -> Option<String>;
    /// A line of the device's folder in `/sys/class/block`.
    fn line(&self, device: &str, name: &str) -> Option<String>;
    /// The devices it is made of.
    fn below(&self, device: &str) -> Vec<String>;
}

/// Whether what is written there cannot be read from a disk: it stays in memory, or goes through
/// dm-crypt, itself or all that is below it.
fn is_kept(area: &Area, blocks: &dyn Blocks) -> bool {
    blocks.device(area).is_some_and(|device| device_is_kept(&device, blocks, 8))
}

fn device_is_kept(device: &str, blocks: &dyn Blocks, depth: u8) -> bool {
    if depth == 0 {
        return false;
    }
    if device.starts_with("zram") {
        // Compressed memory, unless it may spill to a disk.
        return match blocks.line(device, "backing_dev").as_deref() {
            None | Some("none" | "") => true,
            Some(spill) => {
                let area = Area { path: spill.to_owned(), kind: Kind::Partition };
                blocks.device(&area).is_some_and(|below| device_is_kept(&below, blocks, depth - 1))
            }
        };
    }
    if blocks.line(device, "dm/uuid").is_some_and(|uuid| uuid.starts_with("CRYPT-")) {
        return true;
    }
    let below = blocks.below(device);
    !below.is_empty() && below.iter().all(|device| device_is_kept(device, blocks, depth - 1))
}

/// This machine's.
struct System;

impl System {
    fn folder(device: &str) -> PathBuf {
        Path::new("/sys/class/block").join(device)
    }
}

impl Blocks for System {
    fn device(&self, area: &Area) -> Option<String> {
        use std::os::unix::fs::MetadataExt as _;
        if area.kind == Kind::File {
            let number = std::fs::metadata(&area.path).ok()?.dev();
            let (major, minor) = (nix::sys::stat::major(number), nix::sys::stat::minor(number));
            let at = std::fs::canonicalize(format!("/sys/dev/block/{major}:{minor}")).ok()?;
            return Some(at.file_name()?.to_string_lossy().into_owned());
        }
        // A name of the mapper's is a link to the kernel's own.
        let real = std::fs::canonicalize(&area.path).unwrap_or_else(|_| PathBuf::from(&area.path));
        Some(real.file_name()?.to_string_lossy().into_owned())
    }

    fn line(&self, device: &str, name: &str) -> Option<String> {
        Some(std::fs::read_to_string(Self::folder(device).join(name)).ok()?.trim().to_owned())
    }

    fn below(&self, device: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(Self::folder(device).join("slaves")) else { return Vec::new() };
        entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect()
    }
}

/// Whether a limit on this process's group, or one above it, keeps it out of swap.
fn never_swapped(root: &Path) -> bool {
    let Ok(groups) = std::fs::read_to_string("/proc/self/cgroup") else { return false };
    group(&groups).is_some_and(|group| {
        Path::new(group).ancestors().any(|at| {
            let limit = root.join(at.strip_prefix("/").unwrap_or(at)).join("memory.swap.max");
            std::fs::read_to_string(limit).is_ok_and(|text| text.trim() == "0")
        })
    })
}

/// The group in the one hierarchy that limits swap (`0::/path`).
fn group(text: &str) -> Option<&str> {
    text.lines().find_map(|line| line.strip_prefix("0::"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const SWAPS: &str = "\
Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority
/dev/dm-1                               partition\t8388604\t\t0\t\t-2
/dev/zram0                              partition\t4194300\t\t51200\t\t100
/dev/nvme0n1p3                          partition\t8388604\t\t0\t\t-3
/var/swap\\040files/one                  file\t\t1048572\t\t0\t\t-4
";

    #[derive(Default)]
    struct Drawn {
        lines: BTreeMap<(&'static str, &'static str), &'static str>,
        below: BTreeMap<&'static str, Vec<&'static str>>,
        files: BTreeMap<&'static str, &'static str>,
    }

    impl Blocks for Drawn {
        fn device(&self, area: &Area) -> Option<String> {
            match area.kind {
                Kind::File => self.files.get(area.path.as_str()).map(|d| (*d).to_owned()),
                Kind::Partition => area.path.rsplit('/').next().map(str::to_owned),
            }
        }
        fn line(&self, device: &str, name: &str) -> Option<String> {
            self.lines.iter().find(|((d, n), _)| (*d, *n) == (device, name)).map(|(_, v)| (*v).to_owned())
        }
        fn below(&self, device: &str) -> Vec<String> {
            self.below.get(device).into_iter().flatten().map(|d| (*d).to_owned()).collect()
        }
    }

    fn plain(blocks: &Drawn) -> Vec<String> {
        areas(SWAPS).into_iter().filter(|a| !is_kept(a, blocks)).map(|a| a.path).collect()
    }

    #[test]
    fn the_list_of_swaps_is_read_with_blanks_in_names() {
        let found = areas(SWAPS);
        let kinds: Vec<_> = found.iter().map(|a| (a.path.as_str(), a.kind)).collect();
        assert_eq!(
            kinds,
            [
                ("/dev/dm-1", Kind::Partition),
                ("/dev/zram0", Kind::Partition),
                ("/dev/nvme0n1p3", Kind::Partition),
                ("/var/swap files/one", Kind::File),
            ]
        );
        assert!(areas("Filename Type Size Used Priority\n").is_empty() && areas("").is_empty());
    }

    #[test]
    fn crypt_and_compressed_memory_are_kept_and_the_rest_is_named() {
        let mut blocks = Drawn::default();
        assert_eq!(plain(&blocks), ["/dev/dm-1", "/dev/nvme0n1p3", "/var/swap files/one"]);
        blocks.lines.insert(("dm-1", "dm/uuid"), "CRYPT-PLAIN-swap");
        assert_eq!(plain(&blocks), ["/dev/nvme0n1p3", "/var/swap files/one"]);
        // A volume over an encrypted disk, and a file on it.
        blocks.lines.insert(("dm-1", "dm/uuid"), "LVM-x");
        blocks.below.insert("dm-1", vec!["dm-0"]);
        blocks.lines.insert(("dm-0", "dm/uuid"), "CRYPT-LUKS2-y");
        blocks.files.insert("/var/swap files/one", "dm-1");
        assert_eq!(plain(&blocks), ["/dev/nvme0n1p3"]);
        // One leg of it in clear is enough to be told.
        blocks.below.insert("dm-1", vec!["dm-0", "sdb1"]);
        assert_eq!(plain(&blocks), ["/dev/dm-1", "/dev/nvme0n1p3", "/var/swap files/one"]);
    }

    #[test]
    fn keys_under_a_passphrase_are_refused_and_a_demo_is_only_warned() {
        let found = [Plain("/dev/sda2".to_owned())];
        let real = Lock::Passphrase(seal::Passphrase::new("柳树下的三只灰鸭子".to_owned()));
        let refusal = judged(&found, &real).expect_err("it is refused").to_string();
        assert!(refusal.contains("/dev/sda2") && refusal.contains("--allow-swap"), "{refusal}");
        let warning = judged(&found, &Lock::Plain).expect("a demo goes on").expect("and says so");
        assert!(warning.contains("/dev/sda2"), "{warning}");
        for lock in [real, Lock::Plain] {
            assert!(judged(&[], &lock).is_ok_and(|said| said.is_none()), "nothing to say");
        }
    }

    #[test]
    fn compressed_memory_that_spills_to_a_disk_is_named() {
        let mut blocks = Drawn::default();
        blocks.lines.insert(("zram0", "backing_dev"), "/dev/sdb2");
        assert!(plain(&blocks).contains(&"/dev/zram0".to_owned()));
        blocks.lines.insert(("sdb2", "dm/uuid"), "CRYPT-LUKS2-z");
        assert!(!plain(&blocks).contains(&"/dev/zram0".to_owned()));
    }

    #[test]
    fn a_group_that_may_not_swap_is_out_of_it() {
        assert_eq!(group("12:memory:/old\n0::/system.slice/dengwen.service\n"), Some("/system.slice/dengwen.service"));
        assert_eq!(group("1:name=systemd:/\n"), None);
    }
}
