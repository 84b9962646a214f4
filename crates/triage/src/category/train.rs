//! Training: weights of pairs from their spread over the labels, one separator for each label, a
//! calibration fitted on rows the separators have not seen, then rounding to bytes. It knows rows
//! and options, no files and no clock.

use rayon::prelude::*;

use super::features::{Key, counts};
use super::model::{LabelHead, Model, damp};
use super::solver::{Separator, Settings, Shuffle, Sparse, separate};
use super::{Progress, Row, TrainError};

/// How to train. The defaults are those of the shipped weights.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainOptions {
    /// Seed of everything shuffled: equal seeds give equal bytes.
    pub seed: u64,
    /// A pair counts as a feature when it stands in at least so many rows.
    pub least_rows: u32,
    /// How many times a pair of the title counts.
    pub title_weight: f32,
    /// Cost of a violated margin.
    pub cost: f32,
    /// At most so many passes of the solver.
    pub passes: usize,
    /// Parts into which the rows are split to fit the calibration on unseen ones.
    pub calibration_parts: usize,
    /// A text of which this many pairs are known is trusted by half.
    pub damping: f32,
}

impl Default for TrainOptions {
    fn default() -> Self {
        Self {
            seed: 20_260_101,
            least_rows: 4,
            title_weight: 5.0,
            cost: 2.0,
            passes: 60,
            calibration_parts: 4,
            damping: 6.0,
        }
    }
}

/// Rows with their labels as numbers and their pairs numbered from 0; shared by all fits. Nothing
/// in it is fitted.
pub(super) struct Prepared {
    pub labels: Vec<String>,
    pub label: Vec<usize>,
    /// The key of each number, ascending.
    keys: Vec<Key>,
    counts: Vec<Vec<(u32, f32)>>,
}

impl Prepared {
    pub fn new(rows: &[Row], options: &TrainOptions) -> Result<Self, TrainError> {
        let mut labels: Vec<String> = rows.iter().map(|r| r.label.clone()).collect();
        labels.sort();
        labels.dedup();
        if labels.len() < 2 {
            return Err(TrainError::OneLabel);
        }
        let label: Vec<usize> =
            rows.iter().map(|r| labels.partition_point(|l| l.as_str() < r.label.as_str())).collect();
        let raw: Vec<Vec<(Key, f32)>> =
            rows.par_iter().map(|r| counts(r.title(), &r.text, options.title_weight)).collect();
        let mut keys: Vec<Key> = raw.iter().flatten().map(|(key, _)| *key).collect();
        keys.sort_unstable();
        keys.dedup();
        let counts = raw
            .par_iter()
            .map(|row| row.iter().map(|(key, n)| (keys.partition_point(|k| k < key) as u32, *n)).collect())
            .collect();
        Ok(Self { labels, label, keys, counts })
    }

    /// Checks that each label has enough rows to be split into so many parts.
    pub fn enough(&self, need: usize) -> Result<(), TrainError> {
        for (index, label) in self.labels.iter().enumerate() {
            let have = self.label.iter().filter(|l| **l == index).count();
            if have < need {
                return Err(TrainError::TooFew { label: label.clone(), need, have });
            }
        }
        Ok(())
    }

    /// Assigns each of `rows` to one of `parts`, label by label.
    pub fn stratify(&self, rows: &[usize], parts: usize, seed: u64) -> Vec<usize> {
        let mut shuffle = Shuffle::new(seed);
        let mut part = vec![0; rows.len()];
        for label in 0..self.labels.len() {
            let mut of_label: Vec<usize> = (0..rows.len()).filter(|i| self.label[rows[*i]] == label).collect();
            shuffle.shuffle(&mut of_label);
            for (n, i) in of_label.into_iter().enumerate() {
                part[i] = n % parts;
            }
        }
        part
    }
}

/// Weights before calibration and rounding.
struct Fitted {
    /// Number of each feature among the prepared pairs, ascending, and its importance.
    features: Vec<(u32, f32)>,
    separators: Vec<Separator>,
}

/// Importance of a pair: the rarer over all rows and the more one label stands out, the greater
/// (idf times one plus the greatest log ratio of its rate within a label to that outside).
fn importance(of_label: &[u32], rows_of_label: &[u32]) -> f32 {
    let all: u32 = of_label.iter().sum();
    let rows: u32 = rows_of_label.iter().sum();
    let idf = ((1.0 + rows as f32) / (1.0 + all as f32)).ln() + 1.0;
    let stands_out = of_label
        .iter()
        .zip(rows_of_label)
        .map(|(&inside, &n)| {
            let within = (inside as f32 + 1.0) / (n as f32 + 2.0);
            let outside = ((all - inside) as f32 + 1.0) / ((rows - n) as f32 + 2.0);
            (within / outside).ln()
        })
        .fold(0.0_f32, f32::max);
    idf * (1.0 + stands_out)
}

/// The vector of a row over the features: sublinear counts times importance, length one.
fn vector(counts: &[(u32, f32)], features: &[(u32, f32)], place: &[u32]) -> Sparse {
    let mut x: Sparse = counts
        .iter()
        .filter_map(|&(pair, n)| {
            let at = place[pair as usize];
            (at != u32::MAX).then(|| (at, (1.0 + n.ln()) * features[at as usize].1))
        })
        .collect();
    let norm = x.iter().map(|(_, v)| v * v).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    for (_, value) in &mut x {
        *value /= norm;
    }
    x
}

/// For each pair its place among the features, `u32::MAX` where it is none.
fn places(features: &[(u32, f32)], pairs: usize) -> Vec<u32> {
    let mut place = vec![u32::MAX; pairs];
    for (at, (pair, _)) in features.iter().enumerate() {
        place[*pair as usize] = at as u32;
    }
    place
}

fn fit(data: &Prepared, rows: &[usize], options: &TrainOptions) -> Fitted {
    let labels = data.labels.len();
    let mut of_label = vec![0_u32; data.keys.len() * labels];
    let mut rows_of_label = vec![0_u32; labels];
    for &row in rows {
        rows_of_label[data.label[row]] += 1;
        for (pair, _) in &data.counts[row] {
            of_label[*pair as usize * labels + data.label[row]] += 1;
        }
    }
    let features: Vec<(u32, f32)> = of_label
        .chunks_exact(labels)
        .enumerate()
        .filter(|(_, c)| c.iter().sum::<u32>() >= options.least_rows)
        .map(|(pair, c)| (pair as u32, importance(c, &rows_of_label)))
        .collect();
    let place = places(&features, data.keys.len());
    let vectors: Vec<Sparse> = rows.par_iter().map(|row| vector(&data.counts[*row], &features, &place)).collect();
    let refs: Vec<&Sparse> = vectors.iter().collect();
    let settings = Settings { cost: options.cost, passes: options.passes, tolerance: 0.02, seed: options.seed };
    let separators = (0..labels)
        .into_par_iter()
        .map(|label| {
            let positive: Vec<bool> = rows.iter().map(|row| data.label[*row] == label).collect();
            separate(&refs, &positive, features.len(), settings)
        })
        .collect();
    Fitted { features, separators }
}

/// Damped scores of unseen rows, as the model file will give them but for rounding.
fn scores(data: &Prepared, fitted: &Fitted, rows: &[usize], damping: f32) -> Vec<Vec<f32>> {
    let place = places(&fitted.features, data.keys.len());
    rows.par_iter()
        .map(|row| {
            let x = vector(&data.counts[*row], &fitted.features, &place);
            let trust = damp(x.len(), damping);
            fitted
                .separators
                .iter()
                .map(|s| trust * (s.bias + x.iter().map(|&(i, v)| s.weights[i as usize] * v).sum::<f32>()))
                .collect()
        })
        .collect()
}

/// Slope and offset for each label, by gradient descent (Adam) on the log loss with a slight pull
/// towards one common slope and no offsets.
fn calibrate(scores: &[Vec<f32>], truth: &[usize], labels: usize) -> Vec<(f32, f32)> {
    const STEPS: usize = 400;
    const PULL: f64 = 1e-3;
    let mut values = vec![0.0_f64; 2 * labels];
    values[..labels].fill(3.0);
    let (mut first, mut second) = (vec![0.0_f64; 2 * labels], vec![0.0_f64; 2 * labels]);
    let n = scores.len().max(1) as f64;
    for step in 1..=STEPS {
        let mut gradient = vec![0.0_f64; 2 * labels];
        for (row, &label) in scores.iter().zip(truth) {
            let mut p: Vec<f64> =
                row.iter().enumerate().map(|(k, s)| values[k] * f64::from(*s) + values[labels + k]).collect();
            let top = p.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let mut sum = 0.0;
            for value in &mut p {
                *value = (*value - top).exp();
                sum += *value;
            }
            for k in 0..labels {
                let error = p[k] / sum - f64::from(u8::from(k == label));
                gradient[k] += error * f64::from(row[k]) / n;
                gradient[labels + k] += error / n;
            }
        }
        let common = values[..labels].iter().sum::<f64>() / labels as f64;
        for k in 0..labels {
            gradient[k] += PULL * (values[k] - common);
            gradient[labels + k] += PULL * values[labels + k];
        }
        let rate = if step <= STEPS / 2 { 0.05 } else { 0.01 };
        for (k, g) in gradient.iter().enumerate() {
            first[k] = 0.9 * first[k] + 0.1 * g;
            second[k] = 0.999 * second[k] + 0.001 * g * g;
            let m = first[k] / (1.0 - 0.9_f64.powi(step as i32));
            let v = second[k] / (1.0 - 0.999_f64.powi(step as i32));
            values[k] -= rate * m / (v.sqrt() + 1e-8);
        }
    }
    (0..labels).map(|k| (values[k] as f32, values[labels + k] as f32)).collect()
}

/// Trains on the given rows of the prepared data. `step` is called after each fit.
pub(super) fn train_on(data: &Prepared, rows: &[usize], options: &TrainOptions, step: &mut dyn FnMut()) -> Model {
    let parts = options.calibration_parts.max(2);
    let part = data.stratify(rows, parts, options.seed);
    let mut unseen: Vec<Vec<f32>> = Vec::with_capacity(rows.len());
    let mut truth: Vec<usize> = Vec::with_capacity(rows.len());
    for current in 0..parts {
        let (inside, outside): (Vec<usize>, Vec<usize>) = (0..rows.len()).partition(|i| part[*i] != current);
        let inside: Vec<usize> = inside.into_iter().map(|i| rows[i]).collect();
        let outside: Vec<usize> = outside.into_iter().map(|i| rows[i]).collect();
        let fitted = fit(data, &inside, options);
        unseen.extend(scores(data, &fitted, &outside, options.damping));
        truth.extend(outside.iter().map(|row| data.label[*row]));
        step();
    }
    let calibration = calibrate(&unseen, &truth, data.labels.len());
    let fitted = fit(data, rows, options);
    step();
    round(data, &fitted, &calibration, rows.len(), options)
}

/// Rounds weights to bytes and importances to two bytes.
fn round(data: &Prepared, fitted: &Fitted, calibration: &[(f32, f32)], rows: usize, options: &TrainOptions) -> Model {
    let labels = data.labels.len();
    let top = fitted.features.iter().map(|f| f.1).fold(f32::MIN_POSITIVE, f32::max);
    let importance_scale = top / f32::from(u16::MAX);
    let importances = fitted.features.iter().map(|f| (f.1 / importance_scale).round() as u16).collect();
    let heads: Vec<LabelHead> = fitted
        .separators
        .iter()
        .zip(calibration)
        .map(|(s, &(slope, offset))| {
            let widest = s.weights.iter().fold(f32::MIN_POSITIVE, |m, w| m.max(w.abs()));
            LabelHead { scale: widest / 127.0, bias: s.bias, slope, offset }
        })
        .collect();
    let mut weights = vec![0_i8; fitted.features.len() * labels];
    for (label, separator) in fitted.separators.iter().enumerate() {
        for (feature, weight) in separator.weights.iter().enumerate() {
            weights[feature * labels + label] = (weight / heads[label].scale).round() as i8;
        }
    }
    let keys = fitted.features.iter().map(|f| data.keys[f.0 as usize]).collect();
    Model::assemble(
        data.labels.clone(),
        u32::try_from(rows).unwrap_or(u32::MAX),
        options.title_weight,
        options.damping,
        keys,
        importance_scale,
        importances,
        heads,
        weights,
    )
}

/// Trains a model on labelled rows.
///
/// # Errors
/// When there are fewer than two labels or a label has fewer rows than the calibration has parts.
pub fn train(rows: &[Row], options: &TrainOptions, progress: &mut dyn FnMut(Progress)) -> Result<Model, TrainError> {
    let data = Prepared::new(rows, options)?;
    data.enough(options.calibration_parts.max(2))?;
    let total = options.calibration_parts.max(2) as u64 + 1;
    let mut done = 0;
    progress(Progress { done, total });
    let all: Vec<usize> = (0..rows.len()).collect();
    Ok(train_on(&data, &all, options, &mut || {
        done += 1;
        progress(Progress { done, total });
    }))
}
