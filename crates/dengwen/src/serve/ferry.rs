//! Errands of `dengwen ferry`: one line for the local socket, the same work whether a serving process
//! does it or the command itself, and the words that say how it went.

use std::path::{Path, PathBuf};

use domain::ids::TenantCode;
use office::Hall;
use office::ferry::{Came, FerryStanding};
use seal::FerrySide;

use crate::setup::Fault;

/// The line a key directory comes back on, for whoever keeps the keys.
const KEY_DIRECTORY: &str = "key-directory";
/// Ends a line that says that something is missing.
pub const MISSING: &str = "bring them first; this one is kept";

/// Begins the line that says why not everything was taken.
pub const STOPPED: &str = "it stopped there: ";

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    /// Make the next package; the signed key directory goes with it.
    Out { organ: TenantCode, folder: PathBuf, keys: Vec<u8> },
    /// Hand a package out again.
    Again { organ: TenantCode, folder: PathBuf, number: u64 },
    /// Take a file.
    In { organs: Vec<TenantCode>, file: PathBuf },
    /// Say how it stands.
    Status { organ: TenantCode },
}

impl Errand {
    /// As one line.
    pub fn to_line(&self) -> String {
        let hexed = |path: &Path| hex_of(path.as_os_str().as_encoded_bytes());
        match self {
            Self::Out { organ, folder, keys } => format!("ferry out {organ} {} {}", hexed(folder), hex_of(keys)),
            Self::Again { organ, folder, number } => format!("ferry again {organ} {} {number}", hexed(folder)),
            Self::In { organs, file } => {
                let organs: Vec<&str> = organs.iter().map(TenantCode::as_str).collect();
                format!("ferry in {} {}", organs.join(","), hexed(file))
            }
            Self::Status { organ } => format!("ferry status {organ}"),
        }
    }

    /// From one line.
    pub fn of_line(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split(' ').collect();
        let path = |text: &str| Some(PathBuf::from(String::from_utf8(bytes_of(text)?).ok()?));
        Some(match words[..] {
            ["ferry", "out", organ, folder, keys] => {
                Self::Out { organ: organ.parse().ok()?, folder: path(folder)?, keys: bytes_of(keys)? }
            }
            ["ferry", "again", organ, folder, number] => {
                Self::Again { organ: organ.parse().ok()?, folder: path(folder)?, number: number.parse().ok()? }
            }
            ["ferry", "in", organs, file] => {
                let organs = organs.split(',').map(|code| code.parse().ok()).collect::<Option<_>>()?;
                Self::In { organs, file: path(file)? }
            }
            ["ferry", "status", organ] => Self::Status { organ: organ.parse().ok()? },
            _ => return None,
        })
    }

    /// Does it; the lines say how it went.
    ///
    /// # Errors
    /// What the use case says.
    pub async fn run(&self, hall: &Hall, progress: &mut (dyn FnMut(u64) + Send)) -> Result<String, Fault> {
        match self {
            Self::Out { organ, folder, keys } => {
                let packed = hall.ferry_out(organ, folder, keys, progress).await?;
                Ok(format!("package {}: {} records, in {}\n", packed.number, packed.records, packed.path.display()))
            }
            Self::Again { organ, folder, number } => {
                let packed = hall.ferry_again(organ, *number, folder).await?;
                Ok(format!("package {} is in {} once more\n", packed.number, packed.path.display()))
            }
            Self::In { organs, file } => {
                let mut refused = None;
                for organ in organs {
                    match hall.ferry_in(organ, file, progress).await {
                        Ok(came) => return Ok(came_words(organ, &came)),
                        // Of several organs the one whose package it is.
                        Err(fault) if fault.slug() == "ferry-other-pair" => refused = Some(fault),
                        Err(fault) => return Err(fault.into()),
                    }
                }
                Err(refused
                    .map_or_else(|| Fault::Say("there is no organ here with two networks".to_owned()), Fault::from))
            }
            Self::Status { organ } => Ok(standing_words(organ, &hall.ferry_standing(organ).await?)),
        }
    }
}

/// Takes the key directory out of the answer of an errand, and whose it is.
pub fn key_directory(lines: &str) -> (String, Option<(TenantCode, Vec<u8>)>) {
    let mut kept = String::new();
    let mut found = None;
    for line in lines.lines() {
        let told = line.strip_prefix(KEY_DIRECTORY).and_then(|rest| rest.trim().split_once(' '));
        match told.and_then(|(organ, bytes)| Some((organ.parse().ok()?, bytes_of(bytes)?))) {
            Some(signed) => found = Some(signed),
            None => {
                kept.push_str(line);
                kept.push('\n');
            }
        }
    }
    (kept, found)
}

fn came_words(organ: &TenantCode, came: &Came) -> String {
    match came {
        Came::Before { number } => format!("package {number} was taken before; nothing was added\n"),
        Came::TooEarly { number, from, to } => {
            let which = if from == to { format!("package {from} is") } else { format!("packages {from}–{to} are") };
            format!("package {number}: {which} missing, {MISSING}\n")
        }
        Came::Taken(taken) => {
            let which = match (taken.first, taken.last) {
                (_, 0) => "a part of a package".to_owned(),
                (first, last) if first == last => format!("package {last}"),
                (first, last) => format!("packages {first}–{last}"),
            };
            let mut words = format!(
                "{which} taken: {} reports, {} acts of reporters ({} kept as evidence because the law refused them as they were), {} reports shown\n",
                taken.filings, taken.acts, taken.kept, taken.copies
            );
            if taken.for_nobody > 0 {
                words.push_str(&format!(
                    "{} of the reports name everybody here who could read them: they stand in the register and nobody sees them. Tell the superior organ today; whoever joins the petition office and is not named in them will see them\n",
                    taken.for_nobody
                ));
            }
            if taken.upward > 0 {
                words.push_str(&format!(
                    "{} of the reports belong in the superior's register by the directory as it is here; the outside knew an older one. Whoever they name is kept away. Tell the superior organ today and hand them over to it\n",
                    taken.upward
                ));
            }
            if let Some(number) = taken.unlike {
                words.push_str(&format!(
                    "the other side has another package {number} than the one made here: this side runs on an old backup. Nothing that waits here was dropped; read \"Two networks\" in docs/operating.md before you carry another package\n"
                ));
            }
            if let Some(signed) = &taken.key_directory {
                words.push_str(&format!("{KEY_DIRECTORY} {organ} {}\n", hex_of(signed)));
            }
            if let Some(why) = &taken.stopped {
                words.push_str(&format!("{STOPPED}{why}\n"));
            }
            words
        }
    }
}

fn standing_words(organ: &TenantCode, s: &FerryStanding) -> String {
    let list = |numbers: &[u64]| match numbers {
        [] => "none".to_owned(),
        some => some.iter().map(u64::to_string).collect::<Vec<_>>().join(", "),
    };
    let (side, waits) = match s.side {
        FerrySide::Outside => {
            ("outside", format!("{} reports and {} acts of reporters wait for the next package", s.filings, s.acts))
        }
        FerrySide::Inside => {
            let nobody = match s.for_nobody {
                0 => String::new(),
                some => format!("\n  {some} reports name everybody here who could read them: tell the superior organ"),
            };
            ("inside", format!("{} reports moved since the last package{nobody}", s.moved))
        }
    };
    format!(
        "{organ}, {side} of pair {}\n  made here: {}, arrived over there: {}, kept until then: {}\n  taken here: {}, waiting for those before them: {}\n  {waits}\n",
        s.pair,
        s.sent,
        s.arrived,
        list(&s.kept),
        s.taken,
        list(&s.early),
    )
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn bytes_of(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::Errand;

    #[test]
    fn an_errand_goes_through_one_line_and_back() {
        let organ: domain::ids::TenantCode = "990100J01".parse().expect("a code");
        for errand in [
            Errand::Out { organ: organ.clone(), folder: "/媒介 1".into(), keys: b"{}".to_vec() },
            Errand::Again { organ: organ.clone(), folder: "/m".into(), number: 7 },
            Errand::In { organs: vec![organ.clone(), organ.clone()], file: "/m/a b.ferry".into() },
            Errand::Status { organ },
        ] {
            assert_eq!(Errand::of_line(&errand.to_line()), Some(errand));
        }
        assert_eq!(Errand::of_line("ferry out"), None);
    }
}
