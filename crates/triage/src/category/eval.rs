//! Measuring by folds: for each fold everything is fitted on the others (importances, weights,
//! calibration, rounding) and the model file itself judges the rows left out.

use rayon::prelude::*;

use super::train::{Prepared, train_on};
use super::{Model, Progress, Row, TrainError, TrainOptions};

/// How rows are spread over folds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Split {
    /// Label by label, row by row: the usual figure.
    #[default]
    Stratified,
    /// Near-identical texts stay together, so that no fold is tested on a copy of what it was
    /// trained on: the honest figure where people send one text many times.
    Grouped,
}

impl Split {
    /// What it is called in the report.
    pub fn title(self) -> &'static str {
        match self {
            Self::Stratified => "分层(逐行) / stratified by row",
            Self::Grouped => "分层(近似文本同折) / stratified, near-duplicates kept together",
        }
    }
}

/// How to measure.
#[derive(Debug, Clone, PartialEq)]
pub struct EvalOptions {
    /// Folds, at least 2.
    pub folds: usize,
    /// How rows are spread over them.
    pub split: Split,
    /// Seed of the spreading.
    pub seed: u64,
    /// How to train in each fold.
    pub train: TrainOptions,
}

impl Default for EvalOptions {
    fn default() -> Self {
        Self { folds: 5, split: Split::Stratified, seed: 5, train: TrainOptions::default() }
    }
}

/// Figures of one label.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassFigures {
    /// The label.
    pub label: String,
    /// Rows that bear it.
    pub support: usize,
    /// Share of rows given this label that bear it.
    pub precision: f64,
    /// Share of rows that bear it that were given it.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
}

/// Accuracy when only the surest rows are judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoveragePoint {
    /// Share of rows judged.
    pub coverage: f64,
    /// Share of them judged right.
    pub accuracy: f64,
    /// The least confidence among them.
    pub threshold: f64,
}

/// What measuring found. `Display` is the report that `dengwen eval` prints.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Rows judged, each once, by a model that never saw it.
    pub rows: usize,
    /// Folds.
    pub folds: usize,
    /// How rows were spread.
    pub split: Split,
    /// Mean over labels of F1, from the pooled judgements of all folds.
    pub macro_f1: f64,
    /// Macro-F1 of each fold by itself.
    pub fold_f1: Vec<f64>,
    /// Share judged right.
    pub accuracy: f64,
    /// Expected calibration error over 15 bins of equal width.
    pub ece: f64,
    /// Per label.
    pub classes: Vec<ClassFigures>,
    /// Rows by true label (outer) and judged label (inner).
    pub confusion: Vec<Vec<usize>>,
    /// Accuracy at 100, 95, 90, 80, 70 and 50 % coverage.
    pub coverage: Vec<CoveragePoint>,
    /// Coverage and accuracy at the confidence below which the program abstains.
    pub at_threshold: CoveragePoint,
}

/// Spreads groups of near-identical texts over the folds, evening out labels.
fn grouped(data: &Prepared, rows: &[Row], folds: usize, seed: u64) -> Vec<usize> {
    let texts: Vec<&str> = rows.iter().map(|r| r.text.as_str()).collect();
    let mut groups = crate::repeats::group_near(&texts);
    let mut alone = vec![true; rows.len()];
    for member in groups.iter().flatten() {
        alone[*member] = false;
    }
    groups.extend((0..rows.len()).filter(|i| alone[*i]).map(|i| vec![i]));
    super::solver::Shuffle::new(seed).shuffle(&mut groups);
    groups.sort_by_key(|g| std::cmp::Reverse(g.len()));
    let mut fold = vec![0; rows.len()];
    let mut filled = vec![vec![0_usize; data.labels.len()]; folds];
    for group in groups {
        let label = data.label[group[0]];
        let emptiest =
            (0..folds).min_by_key(|f| (filled[*f][label], filled[*f].iter().sum::<usize>(), *f)).unwrap_or_default();
        for row in group {
            fold[row] = emptiest;
            filled[emptiest][data.label[row]] += 1;
        }
    }
    fold
}

/// Measures by folds.
///
/// # Errors
/// When there are fewer than two labels or a label has too few rows for the folds.
pub fn evaluate(
    rows: &[Row],
    options: &EvalOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<Evaluation, TrainError> {
    let folds = options.folds.max(2);
    let data = Prepared::new(rows, &options.train)?;
    let parts = options.train.calibration_parts.max(2);
    data.enough(folds.max(parts) * 2)?;
    let all: Vec<usize> = (0..rows.len()).collect();
    let fold = match options.split {
        Split::Stratified => data.stratify(&all, folds, options.seed),
        Split::Grouped => grouped(&data, rows, folds, options.seed),
    };
    let total = (folds * (parts + 1)) as u64;
    let mut done = 0;
    progress(Progress { done, total });
    // For each row: true label, probabilities.
    let mut judged: Vec<(usize, Vec<f32>)> = vec![(0, Vec::new()); rows.len()];
    let mut fold_f1 = Vec::with_capacity(folds);
    for current in 0..folds {
        let (inside, outside): (Vec<usize>, Vec<usize>) = all.iter().partition(|i| fold[**i] != current);
        let model = train_on(&data, &inside, &options.train, &mut || {
            done += 1;
            progress(Progress { done, total });
        });
        // The labels a fold's model knows are those of all rows: each label has rows everywhere.
        let model = Model::from_bytes(&model.to_bytes()).unwrap_or(model);
        let answers: Vec<Vec<f32>> =
            outside.par_iter().map(|i| model.probabilities(rows[*i].title(), &rows[*i].text).0).collect();
        let pairs: Vec<(usize, usize)> = outside.iter().zip(&answers).map(|(i, p)| (data.label[*i], best(p))).collect();
        fold_f1.push(macro_f1(&figures(&confusion(&pairs, data.labels.len()), &data.labels)));
        for (i, p) in outside.into_iter().zip(answers) {
            judged[i] = (data.label[i], p);
        }
    }
    Ok(sum_up(&judged, &data.labels, folds, options.split, fold_f1))
}

fn best(p: &[f32]) -> usize {
    (0..p.len()).fold(0, |b, i| if p[i] > p[b] { i } else { b })
}

fn confusion(pairs: &[(usize, usize)], labels: usize) -> Vec<Vec<usize>> {
    let mut table = vec![vec![0; labels]; labels];
    for (truth, given) in pairs {
        table[*truth][*given] += 1;
    }
    table
}

fn figures(table: &[Vec<usize>], labels: &[String]) -> Vec<ClassFigures> {
    let ratio = |a: usize, b: usize| if b == 0 { 0.0 } else { a as f64 / b as f64 };
    labels
        .iter()
        .enumerate()
        .map(|(k, label)| {
            let right = table[k][k];
            let support: usize = table[k].iter().sum();
            let given: usize = table.iter().map(|row| row[k]).sum();
            ClassFigures {
                label: label.clone(),
                support,
                precision: ratio(right, given),
                recall: ratio(right, support),
                f1: ratio(2 * right, support + given),
            }
        })
        .collect()
}

fn macro_f1(classes: &[ClassFigures]) -> f64 {
    classes.iter().map(|c| c.f1).sum::<f64>() / classes.len().max(1) as f64
}

fn sum_up(
    judged: &[(usize, Vec<f32>)],
    labels: &[String],
    folds: usize,
    split: Split,
    fold_f1: Vec<f64>,
) -> Evaluation {
    let pairs: Vec<(usize, usize)> = judged.iter().map(|(truth, p)| (*truth, best(p))).collect();
    let confusion = confusion(&pairs, labels.len());
    let classes = figures(&confusion, labels);
    let right = pairs.iter().filter(|(a, b)| a == b).count();
    let mut sure: Vec<(f64, bool)> =
        judged.iter().zip(&pairs).map(|((_, p), (truth, given))| (f64::from(p[*given]), truth == given)).collect();
    sure.sort_by(|a, b| b.0.total_cmp(&a.0));
    let n = sure.len();
    let point = |count: usize| {
        let count = count.min(n);
        let hits = sure[..count].iter().filter(|s| s.1).count();
        CoveragePoint {
            coverage: count as f64 / n.max(1) as f64,
            accuracy: if count == 0 { 0.0 } else { hits as f64 / count as f64 },
            threshold: count.checked_sub(1).map_or(1.0, |last| sure[last].0),
        }
    };
    let coverage = [100, 95, 90, 80, 70, 50].into_iter().map(|percent| point(n * percent / 100)).collect();
    let above = sure.iter().filter(|s| s.0 >= f64::from(super::ABSTAIN_BELOW)).count();
    Evaluation {
        rows: n,
        folds,
        split,
        macro_f1: macro_f1(&classes),
        fold_f1,
        accuracy: right as f64 / n.max(1) as f64,
        ece: calibration_error(&sure),
        classes,
        confusion,
        coverage,
        at_threshold: CoveragePoint { threshold: f64::from(super::ABSTAIN_BELOW), ..point(above) },
    }
}

/// Expected calibration error: how far confidence and accuracy lie apart, over 15 bins.
fn calibration_error(sure: &[(f64, bool)]) -> f64 {
    const BINS: usize = 15;
    let mut bins = [(0_usize, 0.0_f64, 0_usize); BINS];
    for (confidence, right) in sure {
        let bin = ((confidence * BINS as f64) as usize).min(BINS - 1);
        bins[bin].0 += 1;
        bins[bin].1 += confidence;
        bins[bin].2 += usize::from(*right);
    }
    let n = sure.len().max(1) as f64;
    bins.iter().filter(|b| b.0 > 0).map(|b| (b.1 - b.2 as f64).abs() / n).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_small_table() {
        let labels = ["甲".to_owned(), "乙".to_owned()];
        let judged = vec![(0, vec![0.9, 0.1]), (0, vec![0.8, 0.2]), (0, vec![0.4, 0.6]), (1, vec![0.1, 0.9])];
        let e = sum_up(&judged, &labels, 2, Split::Stratified, vec![]);
        assert_eq!(e.confusion, [[2, 1], [0, 1]]);
        assert!((e.accuracy - 0.75).abs() < 1e-9);
        assert!((e.classes[0].f1 - 0.8).abs() < 1e-9);
        assert!((e.classes[1].f1 - 2.0 / 3.0).abs() < 1e-9);
        assert!((e.at_threshold.coverage - 0.75).abs() < 1e-9);
        assert!((e.at_threshold.accuracy - 1.0).abs() < 1e-9);
        // bins: 0.9 and 0.9 right, 0.8 right, 0.6 wrong
        assert!((e.ece - (0.2 + 0.2 + 0.6) / 4.0).abs() < 1e-6, "{}", e.ece);
    }
}
