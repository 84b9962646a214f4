//! First-level category of a message: a linear classifier over neighbouring characters, its
//! training and its measure. It knows the labels only from its training rows.

mod eval;
mod features;
mod model;
mod report;
mod solver;
mod train;

use std::io::BufRead;
use std::sync::Arc;

use serde::Deserialize;

pub use eval::{ClassFigures, CoveragePoint, EvalOptions, Evaluation, Split, evaluate};
pub use model::Model;
pub use train::{TrainOptions, train};

use crate::stage::{Claim, Ground, Known, Rule, Span, Stage, Suggestion, What};

/// The weights shipped with the program; `models/category.md` is their card.
pub static EMBEDDED: &[u8] = include_bytes!("../../../../models/category.bin");

/// Below this probability the category is offered only among alternatives (rules.md §7).
pub const ABSTAIN_BELOW: f32 = 0.7;

/// A text of which the model knows fewer pairs than this is called too little.
const ENOUGH_PAIRS: usize = 6;

/// Why bytes are not a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The first bytes are not a model's.
    #[error("这不是登闻的类别模型文件,请用 dengwen train 重新生成 / not a category model of Dengwen; train it again")]
    NotAModel,
    /// A format of a later program.
    #[error(
        "本程序不支持模型格式 {0},请升级程序或重新训练 / model format {0} is not supported; upgrade or train again"
    )]
    Format(u16),
    /// Truncated or altered.
    #[error("模型文件不完整或已损坏({0}),请重新生成 / the model file is damaged ({0}); train it again")]
    Damaged(&'static str),
}

/// Why training or measuring failed. Never quotes a row.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// Reading failed.
    #[error("读取训练数据失败,请检查文件 / the training data could not be read; check the file")]
    Read(#[from] std::io::Error),
    /// A row is not what it should be.
    #[error(
        "第 {line} 行不是含 text 和 label 的 JSON 对象,请改正后重试 / line {line} is not a JSON object with text and label; correct it and try again"
    )]
    Row {
        /// Line number from 1.
        line: usize,
    },
    /// Not enough rows of a label.
    #[error(
        "训练数据太少:每类至少 {need} 行,“{label}”只有 {have} 行,请补充 / too few rows: each label needs {need}, {label} has {have}; add some"
    )]
    TooFew {
        /// The label that has too few.
        label: String,
        /// Rows needed.
        need: usize,
        /// Rows there are.
        have: usize,
    },
    /// Fewer than two labels.
    #[error("训练数据至少要有两个类别,请检查 label 字段 / at least two labels are needed; check the field label")]
    OneLabel,
}

/// How far training or measuring is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Steps done.
    pub done: u64,
    /// Steps in all.
    pub total: u64,
}

/// A labelled message.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Row {
    /// Title, if any.
    #[serde(default)]
    pub title: Option<String>,
    /// The message.
    pub text: String,
    /// Its first-level category.
    pub label: String,
}

/// Reads JSON lines `{"title"?, "text", "label"}`; blank lines are passed over.
///
/// # Errors
/// When reading fails or a line is not such an object.
pub fn rows_from_jsonl(reader: impl BufRead) -> Result<Vec<Row>, TrainError> {
    let mut rows = Vec::new();
    for (index, line) in reader.lines().enumerate() {
        let line = line?;
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() {
            continue;
        }
        rows.push(serde_json::from_str(line).map_err(|_| TrainError::Row { line: index + 1 })?);
    }
    Ok(rows)
}

/// Trains on JSON lines and gives the bytes of the model file. The same rows, options and program
/// give the same bytes.
///
/// # Errors
/// As [`rows_from_jsonl`] and [`train`].
pub fn train_from_jsonl(
    reader: impl BufRead,
    options: &TrainOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<u8>, TrainError> {
    Ok(train(&rows_from_jsonl(reader)?, options, progress)?.to_bytes())
}

/// Measures by folds on JSON lines, everything fitted inside the fold.
///
/// # Errors
/// As [`rows_from_jsonl`] and [`evaluate`].
pub fn eval_from_jsonl(
    reader: impl BufRead,
    options: &EvalOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<Evaluation, TrainError> {
    evaluate(&rows_from_jsonl(reader)?, options, progress)
}

/// The category stage.
#[derive(Debug)]
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

    fn suggest(&self, known: &Known<'_>) -> Vec<Suggestion> {
        let title = known.input.title.unwrap_or_default();
        let text = known.input.text;
        let (ranked, pairs) = self.model.rank(title, text);
        let whole = |rule| Ground { what: What::Category, rule, span: None, quote: String::new() };
        let mut grounds = Vec::new();
        if pairs < ENOUGH_PAIRS {
            grounds.push(whole(Rule::TooLittleText));
        } else if ranked.confidence < ABSTAIN_BELOW {
            grounds.push(whole(Rule::Unsure));
        }
        if pairs > 0 {
            grounds.extend(self.model.speaking(&ranked, text, 5).into_iter().map(|(start, end)| Ground {
                what: What::Category,
                rule: Rule::CategoryWords,
                span: Some(Span { start, end }),
                quote: text.chars().skip(start).take(end - start).collect(),
            }));
        }
        let confidence = ranked.confidence;
        vec![Suggestion { claim: Claim::Category(ranked), confidence, grounds }]
    }
}
