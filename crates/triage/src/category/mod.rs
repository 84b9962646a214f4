//! First-level category of a message: a linear classifier over characters, its training and its
//! measure. It knows the labels only from its training rows.

use std::io::BufRead;
use std::sync::Arc;

use crate::stage::{Known, Stage, Suggestion};

/// The weights shipped with the program; `models/category.md` is their card.
pub static EMBEDDED: &[u8] = include_bytes!("../../../../models/category.bin");

/// Below this probability the category is only listed among alternatives (rules.md §7).
pub const ABSTAIN_BELOW: f32 = 0.7;

/// Why bytes are not a model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The first bytes are not a model's.
    #[error("这不是登闻的类别模型文件,请用 dengwen train 重新生成 / not a category model of Dengwen; train it again")]
    NotAModel,
    /// A format of a later program.
    #[error("模型格式版本 {0} 不被本程序支持,请升级程序或重新训练 / model format {0} is not supported; upgrade or train again")]
    Format(u16),
    /// Truncated or damaged.
    #[error("模型文件不完整或已损坏({0}),请重新生成 / the model file is damaged ({0}); train it again")]
    Damaged(&'static str),
}

/// Why training or measuring failed.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// Reading failed.
    #[error("读取训练数据失败:{0}")]
    Read(#[from] std::io::Error),
    /// A row is not what it should be; never quotes the row.
    #[error("第 {line} 行不是含 text 和 label 的 JSON 对象,请改正后重试 / line {line} is not a JSON object with text and label; correct it and try again")]
    Row {
        /// Line number from 1.
        line: usize,
    },
    /// Not enough rows.
    #[error("训练数据太少:每类至少需要 {need} 行,“{label}”只有 {have} 行 / too few rows: each label needs {need}")]
    TooFew {
        /// The label that has too few.
        label: String,
        /// Rows needed.
        need: usize,
        /// Rows there are.
        have: usize,
    },
}

/// A trained model.
#[derive(Debug)]
pub struct Model {}

impl Model {
    /// Reads a model.
    ///
    /// # Errors
    /// When the bytes are damaged or of another format.
    pub fn from_bytes(_bytes: &[u8]) -> Result<Self, ModelError> {
        todo!()
    }
    /// Format and digest of the weights, for the record.
    pub fn version(&self) -> &str {
        todo!()
    }
}

/// The category stage.
pub struct Categorise {
    model: Arc<Model>,
}

impl Categorise {
    /// Over this model.
    pub fn new(model: Arc<Model>) -> Self {
        Self { model }
    }
}

impl Stage for Categorise {
    fn name(&self) -> &'static str {
        "category"
    }
    fn suggest(&self, _known: &Known<'_>) -> Vec<Suggestion> {
        let _ = self.model.version();
        Vec::new()
    }
}

/// How to train.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainOptions {
    /// Seed of everything shuffled.
    pub seed: u64,
}
impl Default for TrainOptions {
    fn default() -> Self {
        Self { seed: 1 }
    }
}
/// How to measure.
#[derive(Debug, Clone, PartialEq)]
pub struct EvalOptions {
    /// Folds; at least 2.
    pub folds: usize,
    /// How to train in each fold.
    pub train: TrainOptions,
}
impl Default for EvalOptions {
    fn default() -> Self {
        Self { folds: 5, train: TrainOptions::default() }
    }
}
/// How far training or measuring is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Steps done.
    pub done: u64,
    /// Steps in all.
    pub total: u64,
}
/// What measuring found; `Display` is the report that `dengwen eval` prints.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Mean over labels of F1.
    pub macro_f1: f64,
}
impl std::fmt::Display for Evaluation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.4}", self.macro_f1)
    }
}
/// Trains on JSON lines `{"title"?, "text", "label"}` and gives the bytes of the model file.
///
/// # Errors
/// When a line cannot be read or a label has too few rows.
pub fn train_from_jsonl(
    _reader: impl BufRead,
    _options: &TrainOptions,
    _progress: &mut dyn FnMut(Progress),
) -> Result<Vec<u8>, TrainError> {
    todo!()
}
/// Measures by stratified folds on JSON lines `{"title"?, "text", "label"}`, everything fitted
/// inside the fold.
///
/// # Errors
/// As [`train_from_jsonl`].
pub fn eval_from_jsonl(
    _reader: impl BufRead,
    _options: &EvalOptions,
    _progress: &mut dyn FnMut(Progress),
) -> Result<Evaluation, TrainError> {
    todo!()
}
