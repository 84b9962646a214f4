//! What a person takes home: the signed promise made when her report was
//! committed, and later the proof that it stands in the log; and the same for
//! a letter she was given. Checked offline against keys that come from someone
//! other than the log's organ. A bundle holds neither a code nor the matter:
//! commitment, day, salt, digests, signatures, and nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::Hash;
use crate::checkpoint::{Checkpoint, Trust};
use crate::commit::{self, Day, Leaf};
use crate::fault::{Fault, Flaw};
use crate::note::{Note, Signer};
use crate::proof::{HEADER, LONGEST, TlogProof};

const FORMAT: &str = "dengwen/proof/1";
const PROMISE: &str = "dengwen/promise/1";
const WITHIN: &str = "in the log within 24 hours";

/// What the server signs at commit, before anything is sequenced: that this
/// commitment of this day will be in its log within 24 hours. With a promise
/// in her hands, an omission can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Name of the log that promises.
    pub origin: String,
    /// The commitment promised.
    pub commitment: Hash,
    /// The day of the event; a time would betray more than it proves.
    pub day: Day,
}

impl Promise {
    /// The text that is signed. Its first line and its length keep it apart
    /// from every checkpoint the same key signs.
    pub fn text(&self) -> String {
        let commitment = STANDARD.encode(self.commitment);
        format!("{PROMISE}\n{}\n{commitment}\n{}\n{WITHIN}\n", self.origin, self.day)
    }

    /// Signs as the log; the key's name is the origin.
    pub fn sign(&self, key: &Signer) -> Result<Note, Flaw> {
        if key.name() != self.origin {
            return Err(Flaw::Origin { expected: key.name().into(), found: self.origin.clone() });
        }
        Ok(key.sign(&self.text())?)
    }

    /// The last day on which the promise can still be kept: the one after.
    pub fn due(&self) -> Day {
        Day(self.day.0.saturating_add(1))
    }

    /// Reads and verifies a signed promise.
    fn verified(note: &str, trust: &Trust) -> Result<Promise, Flaw> {
        const NOT_PROMISE: Flaw = Flaw::Format("a promise is a name, a commitment and a day");
        let note = Note::parse(note.as_bytes())?;
        let (text, by) = trust.text_of(&note)?;
        let lines: Vec<&str> = text.split_terminator('\n').collect();
        let [PROMISE, origin, commitment, day, WITHIN] = lines[..] else {
            return Err(NOT_PROMISE);
        };
        if origin != by.name() {
            return Err(Flaw::Origin { expected: by.name().into(), found: origin.into() });
        }
        let commitment = hash(commitment).ok_or(NOT_PROMISE)?;
        let day = parse_day(day).ok_or(NOT_PROMISE)?;
        Ok(Promise { origin: origin.into(), commitment, day })
    }
}

/// What opens a commitment, and what the bundle is therefore about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A filed report. The opening is absent once the salt was lawfully
    /// destroyed, or where it is not handed out.
    Filing(Option<Opening>),
    /// A letter or receipt: the salt and the SHA-256 of the file.
    Paper(Opening),
}

/// The salt of a commitment and what was committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// The 32 random bytes of the commitment.
    pub salt: Hash,
    /// Of a filing the event digest; of a paper the SHA-256 of its bytes.
    pub digest: Hash,
}

impl Subject {
    /// The commitment this opens to.
    fn commitment(&self) -> Option<Hash> {
        match self {
            Subject::Filing(opening) => opening.map(|o| commit::commitment(&o.salt, &o.digest)),
            Subject::Paper(opening) => Some(commit::commitment(&opening.salt, &commit::file_digest(&opening.digest))),
        }
    }
}

/// The proof of filing, or of a paper, as a person keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// What it is about, with what opens the commitment.
    pub subject: Subject,
    /// The salted commitment in the leaf.
    pub commitment: Hash,
    /// The day in the leaf.
    pub day: Day,
    /// The signed promise, verbatim; given at commit.
    pub promise: Option<String>,
    /// The proof of inclusion; given once the log has been published.
    pub proof: Option<TlogProof>,
}

/// The JSON of a bundle, and of the extra data in a `.tlog-proof`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    format: String,
    about: About,
    commitment: String,
    day: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    promise: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    proof: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum About {
    Filing,
    Paper,
}

impl Bundle {
    /// Name of the log it speaks of, as it says itself: that of the checkpoint, else that of the promise.
    pub fn origin(&self) -> Option<&str> {
        match (&self.proof, &self.promise) {
            (Some(proof), _) => proof.checkpoint.lines().next(),
            (None, Some(promise)) => promise.lines().nth(1),
            (None, None) => None,
        }
    }

    fn wire(&self) -> Wire {
        let (about, opening) = match self.subject {
            Subject::Filing(opening) => (About::Filing, opening),
            Subject::Paper(opening) => (About::Paper, Some(opening)),
        };
        Wire {
            format: FORMAT.into(),
            about,
            commitment: STANDARD.encode(self.commitment),
            day: self.day.to_string(),
            salt: opening.map(|o| STANDARD.encode(o.salt)),
            digest: opening.map(|o| STANDARD.encode(o.digest)),
            promise: self.promise.clone(),
            proof: None,
        }
    }

    /// The bundle as one JSON document.
    pub fn to_json(&self) -> String {
        let proof = self.proof.as_ref().map(|proof| TlogProof { extra: None, ..proof.clone() }.to_string());
        let mut json = serde_json::to_string_pretty(&Wire { proof, ..self.wire() }).expect("strings only: always JSON");
        json.push('\n');
        json
    }

    /// The bundle as a `.tlog-proof` that other people's tools read, everything
    /// else in its extra data; `None` before the log was published.
    pub fn to_tlog_proof(&self) -> Option<String> {
        let proof = self.proof.clone()?;
        let extra = serde_json::to_vec(&self.wire()).expect("strings only: always JSON");
        Some(TlogProof { extra: Some(extra), ..proof }.to_string())
    }

    /// Reads either form; checks nothing but the form.
    pub fn parse(bytes: &[u8]) -> Result<Bundle, Fault> {
        if bytes.len() > LONGEST {
            return Err(Fault::at("bundle", Flaw::Format("it is too long for a proof")));
        }
        if bytes.starts_with(HEADER.as_bytes()) {
            let proof = TlogProof::parse(bytes)?;
            let extra = proof.extra.as_deref().ok_or(Fault::at("extra", Flaw::Missing))?;
            let bundle = Bundle::from_wire(extra, "extra")?;
            if bundle.proof.is_some() {
                let flaw = Flaw::Format("extra data holds no proof of its own");
                return Err(Fault::at("extra", flaw));
            }
            return Ok(Bundle { proof: Some(TlogProof { extra: None, ..proof }), ..bundle });
        }
        Bundle::from_wire(bytes, "bundle")
    }

    fn from_wire(json: &[u8], place: &str) -> Result<Bundle, Fault> {
        let not_bundle = || Fault::at(place, Flaw::Format("it is not a proof of this system"));
        let wire: Wire = serde_json::from_slice(json).map_err(|_| not_bundle())?;
        if wire.format != FORMAT {
            return Err(not_bundle());
        }
        let field = |name: &str, value: &str| {
            hash(value).ok_or_else(|| Fault::at(name, Flaw::Format("it is not 32 bytes in base64")))
        };
        let opening = match (&wire.salt, &wire.digest) {
            (Some(salt), Some(digest)) => {
                Some(Opening { salt: field("salt", salt)?, digest: field("digest", digest)? })
            }
            (None, None) => None,
            (Some(_), None) => return Err(Fault::at("digest", Flaw::Missing)),
            (None, Some(_)) => return Err(Fault::at("salt", Flaw::Missing)),
        };
        let subject = match (wire.about, opening) {
            (About::Filing, opening) => Subject::Filing(opening),
            (About::Paper, Some(opening)) => Subject::Paper(opening),
            (About::Paper, None) => return Err(Fault::at("salt", Flaw::Missing)),
        };
        let proof = wire.proof.map(|text| TlogProof::parse(text.as_bytes())).transpose()?;
        if proof.as_ref().is_some_and(|proof| proof.extra.is_some()) {
            return Err(Fault::at("proof", Flaw::Format("a proof in a bundle has no extra data")));
        }
        Ok(Bundle {
            subject,
            commitment: field("commitment", &wire.commitment)?,
            day: parse_day(&wire.day).ok_or_else(|| Fault::at("day", Flaw::Format("it is not a date")))?,
            promise: wire.promise,
            proof,
        })
    }

    /// Checks everything the bundle claims; the first fault, or what it shows.
    pub fn verify(&self, trust: &Trust) -> Result<Verified, Fault> {
        if self.subject.commitment().is_some_and(|opened| opened != self.commitment) {
            return Err(Fault::at("commitment", Flaw::Opening));
        }
        let promise = match &self.promise {
            None => None,
            Some(note) => {
                let promise = Promise::verified(note, trust).map_err(|flaw| Fault::at("promise", flaw))?;
                if promise.commitment != self.commitment {
                    return Err(Fault::at("promise", Flaw::Disagrees("the commitment")));
                }
                if promise.day != self.day {
                    return Err(Fault::at("promise", Flaw::Disagrees("the day")));
                }
                Some(promise)
            }
        };
        let included = match &self.proof {
            None => None,
            Some(proof) => {
                let leaf = Leaf { commitment: self.commitment, day: self.day };
                Some((proof.index, proof.verify(&leaf.hash(), trust)?))
            }
        };
        let (origin, standing) = match (promise, included) {
            (None, None) => return Err(Fault::at("proof", Flaw::Missing)),
            (Some(promise), Some((_, vouched))) if promise.origin != vouched.checkpoint.origin => {
                return Err(Fault::at("promise", Flaw::Disagrees("the log named in the proof")));
            }
            (_, Some((index, vouched))) => {
                let Checkpoint { origin, size, root } = vouched.checkpoint;
                (origin, Standing::Included { index, size, root, witnesses: vouched.witnesses })
            }
            (Some(promise), None) => {
                let due = promise.due();
                (promise.origin, Standing::Promised { due })
            }
        };
        let Bundle { subject, commitment, day, .. } = *self;
        Ok(Verified { origin, subject, commitment, day, standing })
    }
}

/// What a sound bundle shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Name of the log that vouches.
    pub origin: String,
    /// What it is about.
    pub subject: Subject,
    /// The commitment in question.
    pub commitment: Hash,
    /// The day it was recorded.
    pub day: Day,
    /// How far the proof goes.
    pub standing: Standing,
}

/// How far a sound bundle goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The log has signed that it will hold the commitment.
    Promised {
        /// By the end of which day.
        due: Day,
    },
    /// The log holds the commitment, at a checkpoint vouched for.
    Included {
        /// Index of the leaf.
        index: u64,
        /// Leaves at the checkpoint.
        size: u64,
        /// Root hash at the checkpoint.
        root: Hash,
        /// Known witnesses that cosigned, with their times in Unix seconds.
        witnesses: Vec<(String, u64)>,
    },
}

impl Verified {
    /// Checks that the bundle was made for a file with these bytes.
    pub fn matches_file(&self, file: &[u8]) -> Result<(), Fault> {
        match self.subject {
            Subject::Paper(opening) if opening.digest == commit::sha256(file) => Ok(()),
            _ => Err(Fault::at("file", Flaw::OtherFile)),
        }
    }

    /// What is shown, and what is not, as a Chinese sentence.
    pub fn zh(&self) -> String {
        let (origin, day) = (&self.origin, self.day);
        let what = match self.subject {
            Subject::Filing(_) => "一件信访举报",
            Subject::Paper(_) => "一份文书",
        };
        match &self.standing {
            Standing::Included { index, size, witnesses, .. } => format!(
                "凭证有效:{day} 登记的{what}已载入存证日志 {origin},序号 {index}\
                (快照时共 {size} 条,{} 个见证方联署{})。",
                witnesses.len(),
                seen_by(witnesses, ["：", "，", "，时间 "])
            ),
            Standing::Promised { due } => format!(
                "凭证有效:存证日志 {origin} 已签名承诺,{day} 登记的{what}于 24 小时内载入日志。\
                请在 {due} 之后再次领取凭证,以取得载入证明。"
            ),
        }
    }
}

impl std::fmt::Display for Verified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (origin, day) = (&self.origin, self.day);
        let what = match self.subject {
            Subject::Filing(_) => "a report",
            Subject::Paper(_) => "a letter",
        };
        match &self.standing {
            Standing::Included { index, size, witnesses, .. } => write!(
                f,
                "Sound: {what} recorded on {day} stands in the log {origin} as entry {index} of \
                 {size}, cosigned by {} witnesses{}.",
                witnesses.len(),
                seen_by(witnesses, [": ", "; ", " at "])
            ),
            Standing::Promised { due } => write!(
                f,
                "Sound: the log {origin} has signed the promise to hold {what} recorded on {day} \
                 within 24 hours. Fetch the proof again after {due} to see it kept."
            ),
        }
    }
}

/// Who cosigned and when, after a mark of its own; nothing where nobody did.
fn seen_by(witnesses: &[(String, u64)], [first, between, when]: [&str; 3]) -> String {
    let mut out = String::new();
    for (name, time) in witnesses {
        let time = i64::try_from(*time).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
        let time = time.map_or_else(|| "?".to_owned(), |time| time.to_string());
        out.push_str(&format!("{}{name}{when}{time}", if out.is_empty() { first } else { between }));
    }
    out
}

/// Reads a bundle in either form and checks everything it claims against keys
/// the verifier trusts.
pub fn verify_bundle(bytes: &[u8], trust: &Trust) -> Result<Verified, Fault> {
    Bundle::parse(bytes)?.verify(trust)
}

fn hash(base64: &str) -> Option<Hash> {
    STANDARD.decode(base64).ok()?.try_into().ok()
}

/// A date exactly as [`Day`] writes it.
fn parse_day(text: &str) -> Option<Day> {
    let day = Day::from_date(text.parse().ok()?)?;
    (day.to_string() == text).then_some(day)
}
