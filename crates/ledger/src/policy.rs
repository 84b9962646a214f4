//! Trust policies (C2SP tlog-policy): which logs and witnesses are known, and which witnesses
//! together must have cosigned a checkpoint before it is believed. One small text that an organ, its
//! superiors and a reporter's own copy of the verifier can share. It knows no file and no network; an
//! address in it is for whoever carries checkpoints to witnesses.

use std::collections::BTreeSet;

use crate::checkpoint::Trust;
use crate::note::{KeyKind, Verifier};

/// Lines read at most; the specification asks for 96.
const MOST_LINES: usize = 4096;

/// What stands in a policy file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// Known logs. May be empty where the logs are known otherwise.
    pub logs: Vec<KnownLog>,
    /// Known witnesses.
    pub witnesses: Vec<Witness>,
    /// Which of them must have cosigned.
    pub quorum: Quorum,
}

/// A `log` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLog {
    /// Its key; the key's name is the log's origin.
    pub key: Verifier,
    /// Where it is published, if the file says so.
    pub url: Option<String>,
}

/// A `witness` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// What the policy calls it; it has no meaning outside the file.
    pub name: String,
    /// Its key.
    pub key: Verifier,
    /// Where checkpoints are brought to (submission prefix of tlog-witness); without it by file.
    pub url: Option<String>,
}

/// Which witnesses must have cosigned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Quorum {
    /// None: the log alone is believed.
    #[default]
    None,
    /// This one.
    Witness {
        /// Its name in the policy.
        name: String,
        /// Its key.
        key: Verifier,
    },
    /// At least so many of the members.
    Group {
        /// Its name in the policy.
        name: String,
        /// How many, from 1 to the number of members.
        threshold: usize,
        /// Witnesses and groups.
        members: Vec<Quorum>,
    },
}

impl Quorum {
    /// At least so many of these witnesses, 0 for none.
    pub fn at_least(threshold: usize, witnesses: &[Verifier]) -> Quorum {
        if threshold == 0 {
            return Quorum::None;
        }
        let members =
            witnesses.iter().map(|key| Quorum::Witness { name: key.name().into(), key: key.clone() }).collect();
        Quorum::Group { name: "witnesses".into(), threshold, members }
    }

    /// Whether these keys fulfil it.
    pub fn is_met_by(&self, cosigned: &[&Verifier]) -> bool {
        match self {
            Quorum::None => true,
            Quorum::Witness { key, .. } => cosigned.contains(&key),
            Quorum::Group { threshold, members, .. } => {
                members.iter().filter(|member| member.is_met_by(cosigned)).count() >= *threshold
            }
        }
    }

    fn name(&self) -> &str {
        match self {
            Quorum::None => "none",
            Quorum::Witness { name, .. } | Quorum::Group { name, .. } => name,
        }
    }
}

impl std::fmt::Display for Quorum {
    /// `none`, a witness's name, or `2 of (a, 1 of (b, c))`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Quorum::None | Quorum::Witness { .. } => f.write_str(self.name()),
            Quorum::Group { threshold, members, .. } => {
                write!(f, "{threshold} of (")?;
                for (at, member) in members.iter().enumerate() {
                    write!(f, "{}{member}", if at == 0 { "" } else { ", " })?;
                }
                f.write_str(")")
            }
        }
    }
}

/// A line that cannot be followed. A policy is taken whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the policy: {what}")]
pub struct PolicyFault {
    /// Counted from 1; one past the last where something is missing.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// The first line that cannot be followed.
    pub fn parse(bytes: &[u8]) -> Result<Policy, PolicyFault> {
        let mut reading = Reading::default();
        let mut last = 0;
        for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            last = at + 1;
            reading.line(line, last).map_err(|what| PolicyFault { line: last, what })?;
        }
        let quorum = reading.quorum.ok_or_else(|| PolicyFault {
            line: last,
            what: "there is no quorum line; say `quorum NAME`, or `quorum none`".into(),
        })?;
        Ok(Policy { logs: reading.logs, witnesses: reading.witnesses, quorum })
    }

    /// What a verifier who follows it believes.
    pub fn trust(&self) -> Trust {
        Trust {
            logs: self.logs.iter().map(|log| log.key.clone()).collect(),
            witnesses: self.witnesses.iter().map(|witness| witness.key.clone()).collect(),
            quorum: self.quorum.clone(),
        }
    }

    /// As [`Policy::trust`], for one log and not for those listed.
    pub fn trust_in(&self, log: Verifier) -> Trust {
        Trust { logs: vec![log], ..self.trust() }
    }
}

/// A policy as far as it was read.
#[derive(Default)]
struct Reading {
    logs: Vec<KnownLog>,
    witnesses: Vec<Witness>,
    named: Vec<Quorum>,
    members: BTreeSet<String>,
    quorum: Option<Quorum>,
}

impl Reading {
    fn line(&mut self, line: &[u8], number: usize) -> Result<(), String> {
        if number > MOST_LINES {
            return Err("there are too many lines".into());
        }
        if line.iter().any(|byte| (*byte < 0x20 && *byte != b'\t') || *byte == 0x7f) {
            return Err("it holds a control character; lines end in a single newline".into());
        }
        let line = std::str::from_utf8(line).map_err(|_| "it is not UTF-8")?;
        let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        match words[..] {
            [] => Ok(()),
            [first, ..] if first.starts_with('#') => Ok(()),
            ["log", key] => self.log(key, None),
            ["log", key, url] => self.log(key, Some(url)),
            ["witness", name, key] => self.witness(name, key, None),
            ["witness", name, key, url] => self.witness(name, key, Some(url)),
            ["group", name, threshold, ref members @ ..] => self.group(name, threshold, members),
            ["quorum", name] => self.close(name),
            _ => Err("it is none of `log KEY [URL]`, `witness NAME KEY [URL]`, `group NAME all|any|N NAME…`, \
                      `quorum NAME|none`"
                .into()),
        }
    }

    fn log(&mut self, key: &str, url: Option<&str>) -> Result<(), String> {
        let key = parse_key(key, KeyKind::Log)?;
        if self.logs.iter().any(|log| log.key.public_key() == key.public_key()) {
            return Err("this log's key stands in a line before".into());
        }
        self.logs.push(KnownLog { key, url: url.map(Into::into) });
        Ok(())
    }

    fn witness(&mut self, name: &str, key: &str, url: Option<&str>) -> Result<(), String> {
        self.free(name)?;
        let key = parse_key(key, KeyKind::Witness)?;
        if self.witnesses.iter().any(|witness| witness.key.public_key() == key.public_key()) {
            return Err("this witness's key stands in a line before".into());
        }
        self.named.push(Quorum::Witness { name: name.into(), key: key.clone() });
        self.witnesses.push(Witness { name: name.into(), key, url: url.map(Into::into) });
        Ok(())
    }

    fn group(&mut self, name: &str, threshold: &str, names: &[&str]) -> Result<(), String> {
        self.free(name)?;
        let threshold = match threshold {
            "all" => names.len(),
            "any" => 1,
            // Decimal, and not zero: so no leading zero either.
            digits if digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0') => {
                digits.parse().map_err(|_| "the number of a group is too large")?
            }
            _ => return Err("after a group's name comes all, any or a number from 1 on".into()),
        };
        if names.is_empty() || threshold > names.len() {
            return Err(format!("the group {name} has {} members and wants {threshold}", names.len()));
        }
        let members = names
            .iter()
            .map(|member| {
                let found = self.find(member)?;
                if !self.members.insert((*member).into()) {
                    return Err(format!("{member} is a member already; each name may be one once"));
                }
                Ok(found)
            })
            .collect::<Result<Vec<_>, String>>()?;
        self.named.push(Quorum::Group { name: name.into(), threshold, members });
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), String> {
        if self.quorum.is_some() {
            return Err("there is a quorum line before".into());
        }
        self.quorum = Some(if name == "none" { Quorum::None } else { self.find(name)? });
        Ok(())
    }

    fn find(&self, name: &str) -> Result<Quorum, String> {
        self.named
            .iter()
            .find(|named| named.name() == name)
            .cloned()
            .ok_or_else(|| format!("{name} is defined in no line before"))
    }

    fn free(&self, name: &str) -> Result<(), String> {
        if name == "none" {
            return Err("none is no name for a witness or a group".into());
        }
        match self.find(name) {
            Ok(_) => Err(format!("{name} is defined in a line before")),
            Err(_) => Ok(()),
        }
    }
}

fn parse_key(text: &str, kind: KeyKind) -> Result<Verifier, String> {
    let key = Verifier::parse(text).map_err(|fault| fault.to_string())?;
    match (kind, key.kind()) {
        (wanted, found) if wanted == found => Ok(key),
        (KeyKind::Log, _) => Err("a witness's key stands where a log's belongs".into()),
        (KeyKind::Witness, _) => Err("a log's key stands where a witness's belongs".into()),
    }
}
