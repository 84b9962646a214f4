//! The trained model and its file: hashed vocabulary, weights of one byte, calibration. It reads
//! and writes bytes and scores texts; how weights come about is the business of `train`.
//!
//! File, little-endian: `DWCATEG\0`, format u16, labels u16, features u32, rows u32, title weight
//! f32, damping f32; labels (length u8, UTF-8); keys (u32 ascending); importances (f32 scale, then
//! u16 each); per label scale f32, bias f32, slope f32, offset f32; weights (i8, a row of labels
//! for each feature); FNV-1a 64 of everything before.

use super::features::{self, Key, counts};
use super::{ModelError, Row};
use crate::judge::{Alternative, Ranked};

const MAGIC: &[u8; 8] = b"DWCATEG\0";
const FORMAT: u16 = 1;

/// Scale, bias and calibration of one label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LabelHead {
    /// One step of the stored weights.
    pub scale: f32,
    /// Bias of the separator.
    pub bias: f32,
    /// Calibration: probability is the softmax of `slope * score + offset`.
    pub slope: f32,
    /// See `slope`.
    pub offset: f32,
}

/// A trained model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub(crate) labels: Vec<String>,
    pub(crate) rows: u32,
    pub(crate) title_weight: f32,
    pub(crate) damping: f32,
    pub(crate) keys: Vec<Key>,
    pub(crate) importance_scale: f32,
    pub(crate) importances: Vec<u16>,
    pub(crate) heads: Vec<LabelHead>,
    pub(crate) weights: Vec<i8>,
    /// For each value of the top bits of a key, where its keys begin: a lookup reads a few
    /// neighbouring keys instead of bisecting all.
    starts: Vec<u32>,
    version: String,
}

/// Bits of a key that the table of starts resolves.
const TOP_BITS: u32 = 14;

impl Model {
    #[expect(clippy::too_many_arguments, reason = "the parts of the file, given once by training and once by reading")]
    pub(crate) fn assemble(
        labels: Vec<String>,
        rows: u32,
        title_weight: f32,
        damping: f32,
        keys: Vec<Key>,
        importance_scale: f32,
        importances: Vec<u16>,
        heads: Vec<LabelHead>,
        weights: Vec<i8>,
    ) -> Self {
        let mut starts = vec![0_u32; (1 << TOP_BITS) + 1];
        for key in &keys {
            starts[(key >> (32 - TOP_BITS)) as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut model = Self {
            labels,
            rows,
            title_weight,
            damping,
            keys,
            importance_scale,
            importances,
            heads,
            weights,
            starts,
            version: String::new(),
        };
        let bytes = model.body();
        model.version = format!("category {FORMAT}-{:016x}", fnv(&bytes));
        model
    }

    /// Format and digest of the weights, recorded with every judgement.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The labels, in the order of the file.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Number of features.
    pub fn features(&self) -> usize {
        self.keys.len()
    }

    /// Number of rows it was trained on.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    fn find(&self, key: Key) -> Option<usize> {
        let top = (key >> (32 - TOP_BITS)) as usize;
        let (from, to) = (self.starts[top] as usize, self.starts[top + 1] as usize);
        self.keys[from..to].iter().position(|k| *k == key).map(|i| from + i)
    }

    /// Importance of a feature: what its count is multiplied by.
    fn importance(&self, feature: usize) -> f32 {
        f32::from(self.importances[feature]) * self.importance_scale
    }

    /// Features known to the model with their values before normalisation.
    fn known(&self, title: &str, text: &str) -> Vec<(usize, f32)> {
        counts(title, text, self.title_weight)
            .into_iter()
            .filter_map(|(key, count)| {
                let feature = self.find(key)?;
                Some((feature, (1.0 + count.ln()) * self.importance(feature)))
            })
            .collect()
    }

    /// Raw scores, damped where little of the text is known, in the order of the labels.
    pub(crate) fn scores(&self, title: &str, text: &str) -> (Vec<f32>, usize) {
        let labels = self.labels.len();
        let known = self.known(title, text);
        let norm = known.iter().map(|(_, v)| v * v).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        let mut sums = vec![0.0_f32; labels];
        for &(feature, value) in &known {
            let row = &self.weights[feature * labels..(feature + 1) * labels];
            for (sum, weight) in sums.iter_mut().zip(row) {
                *sum += f32::from(*weight) * value;
            }
        }
        let trust = damp(known.len(), self.damping);
        for (sum, head) in sums.iter_mut().zip(&self.heads) {
            *sum = trust * (*sum * head.scale / norm + head.bias);
        }
        (sums, known.len())
    }

    /// Calibrated probabilities in the order of the labels, and how many pairs the model knew.
    pub fn probabilities(&self, title: &str, text: &str) -> (Vec<f32>, usize) {
        let (mut scores, known) = self.scores(title, text);
        for (score, head) in scores.iter_mut().zip(&self.heads) {
            *score = head.slope * *score + head.offset;
        }
        softmax(&mut scores);
        (scores, known)
    }

    /// The labels ranked, at most three alternatives, and how many pairs the model knew.
    pub fn rank(&self, title: &str, text: &str) -> (Ranked, usize) {
        let (probabilities, known) = self.probabilities(title, text);
        let mut order: Vec<usize> = (0..probabilities.len()).collect();
        order.sort_by(|a, b| probabilities[*b].total_cmp(&probabilities[*a]).then(a.cmp(b)));
        let mut ranked =
            order.into_iter().map(|i| Alternative { label: self.labels[i].clone(), confidence: probabilities[i] });
        let best = ranked.next();
        let ranked = Ranked {
            label: best.as_ref().map(|b| b.label.clone()).unwrap_or_default(),
            confidence: best.map_or(0.0, |b| b.confidence),
            alternatives: ranked.take(3).collect(),
        };
        (ranked, known)
    }

    /// The stretches of `text` (in characters) that spoke most for the best label against the
    /// second, heaviest first, at most `n`.
    pub fn speaking(&self, ranked: &Ranked, text: &str, n: usize) -> Vec<(usize, usize)> {
        let labels = self.labels.len();
        let number = |label: &str| self.labels.iter().position(|l| l == label);
        let second = ranked.alternatives.first().and_then(|a| number(&a.label));
        let Some((best, second)) = number(&ranked.label).zip(second) else {
            return Vec::new();
        };
        let chars: Vec<char> = text.chars().collect();
        let word = |at: usize| chars.get(at).is_some_and(|c| c.is_alphanumeric());
        let mut spoken: Vec<(f32, Key, usize, usize)> = Vec::new();
        features::pairs(text, |pair| {
            // Marks weigh too, but a mark shown as a reason helps nobody.
            if !word(pair.start) || !word(pair.end - 1) {
                return;
            }
            if let Some(feature) = self.find(pair.key) {
                let row = &self.weights[feature * labels..(feature + 1) * labels];
                let weight =
                    f32::from(row[best]) * self.heads[best].scale - f32::from(row[second]) * self.heads[second].scale;
                let gain = weight * self.importance(feature);
                if gain > 0.0 {
                    spoken.push((gain, pair.key, pair.start, pair.end));
                }
            }
        });
        // The heaviest pairs, each where it stands first, then neighbours joined to one stretch.
        let heavier =
            |a: &(f32, Key, usize, usize), b: &(f32, Key, usize, usize)| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2));
        // A pair may stand many times; enough of the heaviest are kept to find the distinct ones.
        let enough = 64 * n;
        if spoken.len() > enough {
            spoken.select_nth_unstable_by(enough, heavier);
            spoken.truncate(enough);
        }
        spoken.sort_unstable_by(heavier);
        let mut seen: Vec<Key> = Vec::new();
        let mut pieces: Vec<(usize, usize, f32)> = Vec::new();
        for (gain, key, start, end) in spoken {
            if seen.contains(&key) {
                continue;
            }
            seen.push(key);
            pieces.push((start, end, gain));
            if pieces.len() == 4 * n {
                break;
            }
        }
        pieces.sort_by_key(|p| (p.0, p.1));
        let mut joined: Vec<(usize, usize, f32)> = Vec::new();
        for (start, end, gain) in pieces {
            match joined.last_mut() {
                Some(last) if start < last.1 => {
                    last.1 = last.1.max(end);
                    last.2 += gain;
                }
                _ => joined.push((start, end, gain)),
            }
        }
        joined.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
        joined.into_iter().take(n).map(|(start, end, _)| (start, end)).collect()
    }

    fn body(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(64 + self.keys.len() * (6 + self.labels.len()));
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&FORMAT.to_le_bytes());
        out.extend_from_slice(&(self.labels.len() as u16).to_le_bytes());
        out.extend_from_slice(&(self.keys.len() as u32).to_le_bytes());
        out.extend_from_slice(&self.rows.to_le_bytes());
        out.extend_from_slice(&self.title_weight.to_le_bytes());
        out.extend_from_slice(&self.damping.to_le_bytes());
        for label in &self.labels {
            out.push(label.len() as u8);
            out.extend_from_slice(label.as_bytes());
        }
        for key in &self.keys {
            out.extend_from_slice(&key.to_le_bytes());
        }
        out.extend_from_slice(&self.importance_scale.to_le_bytes());
        for importance in &self.importances {
            out.extend_from_slice(&importance.to_le_bytes());
        }
        for head in &self.heads {
            for value in [head.scale, head.bias, head.slope, head.offset] {
                out.extend_from_slice(&value.to_le_bytes());
            }
        }
        out.extend(self.weights.iter().map(|w| w.to_le_bytes()[0]));
        out
    }

    /// The model file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.body();
        out.extend_from_slice(&fnv(&out).to_le_bytes());
        out
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// When the bytes are not a model, of a later format, cut short or altered.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        if bytes.len() < 8 || &bytes[..8] != MAGIC {
            return Err(ModelError::NotAModel);
        }
        let mut reader = Reader { bytes, at: 8 };
        let format = reader.u16()?;
        if format != FORMAT {
            return Err(ModelError::Format(format));
        }
        let end = bytes.len().checked_sub(8).ok_or(ModelError::Damaged("length"))?;
        let sum = u64::from_le_bytes(bytes[end..].try_into().map_err(|_| ModelError::Damaged("length"))?);
        if fnv(&bytes[..end]) != sum {
            return Err(ModelError::Damaged("checksum"));
        }
        let labels = usize::from(reader.u16()?);
        let features = reader.u32()? as usize;
        let rows = reader.u32()?;
        let title_weight = reader.f32()?;
        let damping = reader.f32()?;
        let sound = |v: f32| v.is_finite() && v >= 0.0;
        if labels < 2 || !sound(title_weight) || !sound(damping) {
            return Err(ModelError::Damaged("header"));
        }
        // Nothing is allocated before the file is known to be long enough for it.
        if end < features.saturating_mul(6 + labels) {
            return Err(ModelError::Damaged("length"));
        }
        let mut names = Vec::with_capacity(labels);
        for _ in 0..labels {
            let length = usize::from(reader.take(1)?[0]);
            let name = std::str::from_utf8(reader.take(length)?).map_err(|_| ModelError::Damaged("label"))?;
            names.push(name.to_owned());
        }
        let mut keys = Vec::with_capacity(features);
        for _ in 0..features {
            keys.push(reader.u32()?);
        }
        if !keys.is_sorted_by(|a, b| a < b) {
            return Err(ModelError::Damaged("keys"));
        }
        let importance_scale = reader.f32()?;
        let mut importances = Vec::with_capacity(features);
        for _ in 0..features {
            importances.push(reader.u16()?);
        }
        let mut heads = Vec::with_capacity(labels);
        for _ in 0..labels {
            heads.push(LabelHead {
                scale: reader.f32()?,
                bias: reader.f32()?,
                slope: reader.f32()?,
                offset: reader.f32()?,
            });
        }
        let weights: Vec<i8> = reader.take(features * labels)?.iter().map(|b| i8::from_le_bytes([*b])).collect();
        if reader.at != end {
            return Err(ModelError::Damaged("length"));
        }
        let finite = heads.iter().all(|h| [h.scale, h.bias, h.slope, h.offset].iter().all(|v| v.is_finite()));
        if !finite || !importance_scale.is_finite() {
            return Err(ModelError::Damaged("numbers"));
        }
        Ok(Self::assemble(names, rows, title_weight, damping, keys, importance_scale, importances, heads, weights))
    }
}

impl Row {
    /// The title, or nothing.
    pub(crate) fn title(&self) -> &str {
        self.title.as_deref().unwrap_or_default()
    }
}

/// How much a text of which so many pairs are known is trusted, 0 to 1: a few words must not
/// sound as sure as a page.
pub(crate) fn damp(known: usize, damping: f32) -> f32 {
    known as f32 / (known as f32 + damping).max(f32::MIN_POSITIVE)
}

/// Turns scores into probabilities in place.
pub(crate) fn softmax(scores: &mut [f32]) {
    let top = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - top).exp();
        sum += *score;
    }
    for score in scores.iter_mut() {
        *score /= sum;
    }
}

fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3))
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], ModelError> {
        let slice =
            self.at.checked_add(n).and_then(|end| self.bytes.get(self.at..end)).ok_or(ModelError::Damaged("length"))?;
        self.at += n;
        Ok(slice)
    }

    fn u16(&mut self) -> Result<u16, ModelError> {
        let b = self.take(2)?;
        Ok(u16::from_le_bytes([b[0], b[1]]))
    }

    fn u32(&mut self) -> Result<u32, ModelError> {
        let b = self.take(4)?;
        Ok(u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }

    fn f32(&mut self) -> Result<f32, ModelError> {
        self.u32().map(f32::from_bits)
    }
}
