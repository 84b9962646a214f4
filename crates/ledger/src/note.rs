//! Signed notes as C2SP signed-note defines them: a text, a blank line, and
//! signature lines by named keys; Ed25519 (0x01) and timestamped checkpoint
//! cosignatures (0x04, tlog-cosignature). It does not know what a text means.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// Most signature lines a note may carry; the specification demands 16.
const MOST_SIGNATURES: usize = 64;
/// Longest note read, in bytes.
const LONGEST: usize = 1 << 20;
const DASH: &str = "— ";

/// A note or a key that cannot be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteFault {
    /// Not a signed note at all.
    #[error("it is not a signed note: {0}")]
    Malformed(&'static str),
    /// A key string that cannot be read.
    #[error("it is not a key of the form name+id+key: {0}")]
    Key(&'static str),
    /// A signature by a known key does not fit the text.
    #[error("the signature by {0} is not valid")]
    Signature(String),
    /// No known key has signed.
    #[error("no key that is trusted here has signed it")]
    Unsigned,
}

impl NoteFault {
    /// The fault as a Chinese clause.
    pub fn zh(&self) -> String {
        match self {
            NoteFault::Malformed(_) => "不是规范的签名文本".into(),
            NoteFault::Key(_) => "不是规范的公钥字符串(名称+编号+公钥)".into(),
            NoteFault::Signature(name) => format!("{name} 的签名无效"),
            NoteFault::Unsigned => "没有受信任的密钥为其签名".into(),
        }
    }
}

/// What a key signs and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Ed25519 over the note text (0x01): a log's own signature.
    Log,
    /// Ed25519 over `cosignature/v1`, a time and the text (0x04): a witness.
    Witness,
}

impl KeyKind {
    fn byte(self) -> u8 {
        match self {
            KeyKind::Log => 1,
            KeyKind::Witness => 4,
        }
    }

    fn from_byte(byte: u8) -> Option<KeyKind> {
        match byte {
            1 => Some(KeyKind::Log),
            4 => Some(KeyKind::Witness),
            _ => None,
        }
    }
}

fn key_id(name: &str, kind: KeyKind, key: &[u8; 32]) -> u32 {
    let mut hash = Sha256::new();
    hash.update(name.as_bytes());
    hash.update([b'\n', kind.byte()]);
    hash.update(key);
    let full: [u8; 32] = hash.finalize().into();
    u32::from_be_bytes([full[0], full[1], full[2], full[3]])
}

/// Names are non-empty and hold no space, plus sign or control character.
pub fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

/// A public key with its name: what a verifier is configured with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    id: u32,
    kind: KeyKind,
    key: VerifyingKey,
}

impl Verifier {
    fn new(name: &str, kind: KeyKind, key: VerifyingKey) -> Verifier {
        Verifier { name: name.into(), id: key_id(name, kind, key.as_bytes()), kind, key }
    }

    /// Reads a vkey, `name+id in hex+base64(type ‖ key)`. The id must be the
    /// one this name and key have.
    pub fn parse(vkey: &str) -> Result<Verifier, NoteFault> {
        let mut fields = vkey.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (fields.next(), fields.next(), fields.next()) else {
            return Err(NoteFault::Key("it has fewer than three fields"));
        };
        if !is_key_name(name) {
            return Err(NoteFault::Key("the name is empty or holds a space"));
        }
        let bytes = STANDARD.decode(key).map_err(|_| NoteFault::Key("the key is not base64"))?;
        let Some((kind, key)) = bytes.split_first() else {
            return Err(NoteFault::Key("the key is empty"));
        };
        let kind =
            KeyKind::from_byte(*kind).ok_or(NoteFault::Key("the key is neither Ed25519 nor an Ed25519 cosigner"))?;
        let key: [u8; 32] = key.try_into().map_err(|_| NoteFault::Key("the key does not have 32 bytes"))?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| NoteFault::Key("the key is not a point of the curve"))?;
        let verifier = Verifier::new(name, kind, key);
        if format!("{:08x}", verifier.id) != id {
            return Err(NoteFault::Key("the id does not belong to this name and key"));
        }
        Ok(verifier)
    }

    /// The key's name; of a log, its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The four-byte key id.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Whether a log or a witness signs with it.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The raw Ed25519 public key.
    pub fn public_key(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Checks one signature over a note text; gives the time of a cosignature.
    fn check(&self, text: &str, signature: &[u8]) -> Result<Option<u64>, NoteFault> {
        let bad = || NoteFault::Signature(self.name.clone());
        let (time, message, signature) = match self.kind {
            KeyKind::Log => (None, text.to_owned(), signature),
            KeyKind::Witness => {
                let (time, signature) = signature.split_first_chunk::<8>().ok_or_else(bad)?;
                let time = u64::from_be_bytes(*time);
                if time > i64::MAX as u64 {
                    return Err(bad());
                }
                (Some(time), cosigned(text, time), signature)
            }
        };
        let signature = Signature::from_slice(signature).map_err(|_| bad())?;
        self.key.verify_strict(message.as_bytes(), &signature).map_err(|_| bad())?;
        Ok(time)
    }
}

impl std::fmt::Display for Verifier {
    /// The vkey string.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut key = vec![self.kind.byte()];
        key.extend(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.id, STANDARD.encode(key))
    }
}

impl std::str::FromStr for Verifier {
    type Err = NoteFault;

    fn from_str(vkey: &str) -> Result<Verifier, NoteFault> {
        Verifier::parse(vkey)
    }
}

fn cosigned(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// A private key with its name. Never displayed; wiped when dropped.
#[derive(Clone)]
pub struct Signer {
    name: String,
    kind: KeyKind,
    key: SigningKey,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({})", self.name)
    }
}

impl Signer {
    /// A key from 32 secret random bytes; refuses a name no note can carry.
    pub fn from_seed(name: &str, kind: KeyKind, seed: &[u8; 32]) -> Result<Signer, NoteFault> {
        if !is_key_name(name) {
            return Err(NoteFault::Key("the name is empty or holds a space or a plus sign"));
        }
        Ok(Signer { name: name.into(), kind, key: SigningKey::from_bytes(seed) })
    }

    /// Reads `PRIVATE+KEY+name+id+base64(type ‖ seed)`.
    pub fn parse(skey: &str) -> Result<Signer, NoteFault> {
        let rest = skey.trim().strip_prefix("PRIVATE+KEY+").ok_or(NoteFault::Key("it is not a private key"))?;
        let mut fields = rest.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (fields.next(), fields.next(), fields.next()) else {
            return Err(NoteFault::Key("it has fewer than five fields"));
        };
        let bytes = STANDARD.decode(key).map_err(|_| NoteFault::Key("the key is not base64"))?;
        let (kind, seed) = bytes.split_first().ok_or(NoteFault::Key("the key is empty"))?;
        let kind = KeyKind::from_byte(*kind).ok_or(NoteFault::Key("the key is not Ed25519"))?;
        let seed = seed.try_into().map_err(|_| NoteFault::Key("the key does not have 32 bytes"))?;
        let signer = Signer::from_seed(name, kind, seed)?;
        if format!("{:08x}", signer.verifier().id) != id {
            return Err(NoteFault::Key("the id does not belong to this name and key"));
        }
        Ok(signer)
    }

    /// The private key string, for a key file.
    pub fn to_skey(&self) -> String {
        let mut key = vec![self.kind.byte()];
        key.extend(self.key.as_bytes());
        let id = self.verifier().id;
        format!("PRIVATE+KEY+{}+{id:08x}+{}", self.name, STANDARD.encode(key))
    }

    /// The key's name; of a log, its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public half.
    pub fn verifier(&self) -> Verifier {
        Verifier::new(&self.name, self.kind, self.key.verifying_key())
    }

    /// The same key under another name: for the `…/2` origin after a restore.
    pub fn renamed(&self, name: &str) -> Result<Signer, NoteFault> {
        Signer::from_seed(name, self.kind, self.key.as_bytes())
    }

    /// One signature line over a text; `time` (Unix seconds) is used by a
    /// witness key only.
    fn line(&self, text: &str, time: u64) -> SignatureLine {
        let bytes = match self.kind {
            KeyKind::Log => self.key.sign(text.as_bytes()).to_bytes().to_vec(),
            KeyKind::Witness => {
                let mut bytes = time.to_be_bytes().to_vec();
                bytes.extend(self.key.sign(cosigned(text, time).as_bytes()).to_bytes());
                bytes
            }
        };
        SignatureLine { name: self.name.clone(), id: self.verifier().id, bytes }
    }

    /// Signs a text (ending in a newline) as a log; for a witness key use
    /// [`Signer::cosign`].
    pub fn sign(&self, text: &str) -> Result<Note, NoteFault> {
        if self.kind != KeyKind::Log {
            return Err(NoteFault::Key("a witness key signs with a time only"));
        }
        let note = Note { text: text.into(), signatures: vec![self.line(text, 0)] };
        Note::parse(note.to_string().as_bytes())
    }

    /// The cosignature line of a witness over a checkpoint text at a time in
    /// Unix seconds.
    pub fn cosign(&self, text: &str, time: u64) -> Result<SignatureLine, NoteFault> {
        if self.kind != KeyKind::Witness {
            return Err(NoteFault::Key("a log key does not cosign"));
        }
        Ok(self.line(text, time))
    }
}

/// One line of a note: who signed, and the signature bytes after the key id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureLine {
    /// Name of the key.
    pub name: String,
    /// Its four-byte id.
    pub id: u32,
    /// The signature as the key's kind defines it.
    pub bytes: Vec<u8>,
}

impl SignatureLine {
    /// Reads one `— name base64` line without its newline.
    pub fn parse(line: &str) -> Result<SignatureLine, NoteFault> {
        let rest = line.strip_prefix(DASH).ok_or(NoteFault::Malformed("a signature line has no dash"))?;
        let (name, base64) = rest.split_once(' ').ok_or(NoteFault::Malformed("a signature line has no signature"))?;
        if !is_key_name(name) {
            return Err(NoteFault::Malformed("a signature line has no proper name"));
        }
        let bytes = STANDARD.decode(base64).map_err(|_| NoteFault::Malformed("a signature is not base64"))?;
        let (id, bytes) = bytes.split_first_chunk::<4>().ok_or(NoteFault::Malformed("a signature is too short"))?;
        if bytes.is_empty() {
            return Err(NoteFault::Malformed("a signature is too short"));
        }
        Ok(SignatureLine { name: name.into(), id: u32::from_be_bytes(*id), bytes: bytes.to_vec() })
    }
}

impl std::fmt::Display for SignatureLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut bytes = self.id.to_be_bytes().to_vec();
        bytes.extend(&self.bytes);
        write!(f, "{DASH}{} {}", self.name, STANDARD.encode(bytes))
    }
}

/// A signed note whose signatures have not been checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<SignatureLine>,
}

/// A signature that was checked and holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed<'a> {
    /// The key that signed.
    pub by: &'a Verifier,
    /// When, in Unix seconds, for a cosignature.
    pub time: Option<u64>,
}

impl Note {
    /// Reads a note: UTF-8, no control characters but newlines, a text ending
    /// in a newline, a blank line, at least one signature line.
    pub fn parse(bytes: &[u8]) -> Result<Note, NoteFault> {
        if bytes.len() > LONGEST {
            return Err(NoteFault::Malformed("it is too long"));
        }
        let note = std::str::from_utf8(bytes).map_err(|_| NoteFault::Malformed("it is not UTF-8"))?;
        if note.bytes().any(|b| b < 0x20 && b != b'\n') {
            return Err(NoteFault::Malformed("it holds a control character"));
        }
        let at = note.rfind("\n\n").ok_or(NoteFault::Malformed("it has no blank line"))?;
        let (text, lines) = (&note[..=at], &note[at + 2..]);
        let lines = lines.strip_suffix('\n').ok_or(NoteFault::Malformed("it does not end in a signature line"))?;
        let signatures = lines.split('\n').map(SignatureLine::parse).collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > MOST_SIGNATURES {
            return Err(NoteFault::Malformed("it has too many signatures"));
        }
        Ok(Note { text: text.into(), signatures })
    }

    /// The text, final newline included. Believe it only after
    /// [`Note::verified`].
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every signature line, known or not.
    pub fn signatures(&self) -> &[SignatureLine] {
        &self.signatures
    }

    /// Adds a line, or replaces the one by the same key.
    pub fn add(&mut self, line: SignatureLine) {
        self.signatures.retain(|have| (&have.name, have.id) != (&line.name, line.id));
        self.signatures.push(line);
    }

    /// Keeps the lines that are wanted.
    pub fn retain(&mut self, wanted: impl FnMut(&SignatureLine) -> bool) {
        self.signatures.retain(wanted);
    }

    /// Checks every signature by a known key and ignores the others, as the
    /// specification demands; a known key whose signature does not fit refuses
    /// the whole note, and so does the absence of any.
    pub fn verified<'a>(&self, known: impl IntoIterator<Item = &'a Verifier>) -> Result<Vec<Signed<'a>>, NoteFault> {
        let mut found = Vec::new();
        for by in known {
            let mut lines = self.signatures.iter().filter(|line| line.name == by.name && line.id == by.id);
            if let Some(line) = lines.next() {
                found.push(Signed { by, time: by.check(&self.text, &line.bytes)? });
            }
            for again in lines {
                by.check(&self.text, &again.bytes)?;
            }
        }
        if found.is_empty() { Err(NoteFault::Unsigned) } else { Ok(found) }
    }
}

impl std::fmt::Display for Note {
    /// The note as it stands in a file.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}", self.text)?;
        for line in &self.signatures {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}
