//! What is wrong with a row or a file, in words that say what to do and never quote a cell.

use serde::{Deserialize, Serialize};

/// Why a row was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The text is empty.
    MissingText,
    /// A day or time that does not exist, such as 30 February.
    ImpossibleDate,
    /// A date written in a way that is not understood.
    UnknownDateForm,
    /// A division neither code nor name of which is known.
    UnknownDivision,
    /// A word that is not on the list of its column (channel, source, rank).
    UnknownWord,
    /// More characters than a cell may have.
    CellTooLong,
    /// A longer text than the register takes.
    TextTooLong,
    /// A formula instead of a value.
    FormulaCell,
    /// A spreadsheet error such as `#REF!`.
    ErrorCell,
    /// Control characters.
    ControlCharacters,
    /// Bytes that do not belong to the file's encoding.
    WrongEncoding,
    /// More or fewer cells than headings.
    RaggedRow,
    /// A line that is not a JSON object.
    BadJson,
    /// Half of a character pair in a JSON escape.
    LoneSurrogate,
    /// A list or an object where a word is expected.
    NestedValue,
    /// The file breaks off or is damaged here; nothing after it was read.
    Unreadable,
}

impl Reason {
    /// The stored spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MissingText => "missing_text",
            Self::ImpossibleDate => "impossible_date",
            Self::UnknownDateForm => "unknown_date_form",
            Self::UnknownDivision => "unknown_division",
            Self::UnknownWord => "unknown_word",
            Self::CellTooLong => "cell_too_long",
            Self::TextTooLong => "text_too_long",
            Self::FormulaCell => "formula_cell",
            Self::ErrorCell => "error_cell",
            Self::ControlCharacters => "control_characters",
            Self::WrongEncoding => "wrong_encoding",
            Self::RaggedRow => "ragged_row",
            Self::BadJson => "bad_json",
            Self::LoneSurrogate => "lone_surrogate",
            Self::NestedValue => "nested_value",
            Self::Unreadable => "unreadable",
        }
    }

    /// Every reason.
    pub const ALL: [Self; 16] = [
        Self::MissingText,
        Self::ImpossibleDate,
        Self::UnknownDateForm,
        Self::UnknownDivision,
        Self::UnknownWord,
        Self::CellTooLong,
        Self::TextTooLong,
        Self::FormulaCell,
        Self::ErrorCell,
        Self::ControlCharacters,
        Self::WrongEncoding,
        Self::RaggedRow,
        Self::BadJson,
        Self::LoneSurrogate,
        Self::NestedValue,
        Self::Unreadable,
    ];

    /// Why and what to do: Chinese, English, Chinese advice, English advice.
    fn words(self) -> [&'static str; 4] {
        match self {
            Self::MissingText => [
                "没有反映内容",
                "the text is empty",
                "请补写反映内容；确实没有内容的，删去这一行",
                "write what the report says, or delete the row",
            ],
            Self::ImpossibleDate => [
                "日期或时间不存在",
                "there is no such day or time",
                "请对照原件改正，例如写成 2026-02-11 或 2026-02-11 09:30",
                "correct it from the original, e.g. 2026-02-11 or 2026-02-11 09:30",
            ],
            Self::UnknownDateForm => [
                "看不懂日期的写法",
                "the date is written in a way that is not understood",
                "请写成 2026-02-11 或 2026-02-11 09:30，年份写四位",
                "write it as 2026-02-11 or 2026-02-11 09:30, with four digits for the year",
            ],
            Self::UnknownDivision => [
                "没有这个行政区划",
                "no such division is known",
                "请填行政区划全称或代码；不清楚的留空",
                "give the full name or the code of the division; leave it empty if unknown",
            ],
            Self::UnknownWord => [
                "不是本栏可选的词",
                "not one of the words this column takes",
                "请从导入模板的下拉列表中选择；不清楚的留空",
                "choose from the list in the import template; leave it empty if unknown",
            ],
            Self::CellTooLong => [
                "单元格超过32767个字",
                "the cell has more than 32,767 characters",
                "请把全文存为附件，本栏只写主要内容",
                "attach the full text as a file and keep the main points here",
            ],
            Self::TextTooLong => [
                "反映内容太长（最多约两万字）",
                "the text is longer than 60 KiB",
                "请把全文存为附件，登记后补充；本栏只写主要内容",
                "keep the main points here, and add the full text to the report as a file afterwards",
            ],
            Self::FormulaCell => [
                "单元格是公式",
                "the cell holds a formula",
                "请选中该列，复制后“选择性粘贴—数值”，再导入",
                "copy the column and paste it as values, then import again",
            ],
            Self::ErrorCell => [
                "单元格是错误值（如 #REF!）",
                "the cell holds an error value such as #REF!",
                "请改成正确的内容",
                "put in the right value",
            ],
            Self::ControlCharacters => [
                "含有看不见的控制字符",
                "the cell holds invisible control characters",
                "请在记事本中重新粘贴为纯文本，再填入",
                "paste the text through a plain text editor first",
            ],
            Self::WrongEncoding => [
                "有无法识别的字节（乱码）",
                "some bytes do not belong to the encoding of the file",
                "请用 UTF-8 编码重新保存文件，核对这一行",
                "save the file again as UTF-8 and check this row",
            ],
            Self::RaggedRow => [
                "本行的栏数与表头不一致",
                "the row has more or fewer cells than the heading row",
                "请检查内容中的逗号、引号和换行；含有这些的单元格要用英文双引号括起来",
                "check commas, quotes and line breaks; cells that hold them need double quotes",
            ],
            Self::BadJson => [
                "不是一个 JSON 对象",
                "the line is not a JSON object",
                "请检查引号、逗号和括号；每行一个完整的对象",
                "check quotes, commas and brackets; one whole object a line",
            ],
            Self::LoneSurrogate => [
                "JSON 转义不完整（只有半个字符）",
                "a JSON escape holds only half of a character",
                "请用 UTF-8 重新导出，不要截断转义字符",
                "export again as UTF-8 without cutting escapes in half",
            ],
            Self::NestedValue => [
                "本栏应当是文字，却是列表或对象",
                "a list or an object stands where a word is expected",
                "请改成一段文字",
                "make it one text",
            ],
            Self::Unreadable => [
                "文件从这里起损坏或中断，后面的行没有读到",
                "the file is damaged or breaks off here; no row after it was read",
                "请重新导出或另存后再导入；已经导入的行不会重复",
                "export or save it again and import it; rows already taken are not doubled",
            ],
        }
    }
}

/// One thing wrong with one row. Never holds what stands in the cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowFault {
    /// Row of the sheet or line of the file, from 1.
    pub line: u64,
    /// Heading of the column, where one cell is at fault.
    pub column: Option<String>,
    /// Why.
    pub reason: Reason,
    /// Why, in Chinese.
    pub zh: &'static str,
    /// Why, in English.
    pub en: &'static str,
    /// What to do, in Chinese.
    pub advice_zh: &'static str,
    /// What to do, in English.
    pub advice_en: &'static str,
}

impl RowFault {
    /// A fault of this row, in words.
    pub fn new(line: u64, column: Option<&str>, reason: Reason) -> Self {
        let [zh, en, advice_zh, advice_en] = reason.words();
        Self { line, column: column.map(str::to_owned), reason, zh, en, advice_zh, advice_en }
    }
}

/// Why nothing of a file can be read. The texts say what to do and quote nothing of the file.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file cannot be opened or read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// Not an xlsx workbook, though it was said to be one.
    #[error("this is not a readable xlsx workbook; open it in Excel or WPS and save it as .xlsx")]
    NotAWorkbook,
    /// An xls or encrypted workbook.
    #[error("old or encrypted workbooks (.xls, password) are not read; save as .xlsx without a password")]
    OldWorkbook,
    /// Unpacks to more than is reasonable.
    #[error("the workbook unpacks to more than {limit_mib} MiB; split it into smaller files")]
    TooLarge {
        /// The limit.
        limit_mib: u64,
    },
    /// No column for the text was found.
    #[error(
        "no column holds the text: the heading row needs one of 详情, 内容, 正文, text …, or a \
         mapping file with text = \"heading\""
    )]
    NoTextColumn,
    /// A heading of the mapping file is not in the file.
    #[error("the mapping names the heading \"{heading}\" for {field}, which the file does not have")]
    HeadingNotFound {
        /// Field of the mapping.
        field: &'static str,
        /// Heading the mapping file names.
        heading: String,
    },
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
}

impl OpenError {
    /// The same in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Io(_) => "文件打不开或者读取中断，请检查文件是否还在、是否有权读取，然后重试".to_owned(),
            Self::NotAWorkbook => "不是可以读取的 xlsx 工作簿，请用 Excel 或 WPS 打开后另存为 .xlsx".to_owned(),
            Self::OldWorkbook => "不读取旧格式（.xls）或者加密的工作簿，请去掉密码，另存为 .xlsx".to_owned(),
            Self::TooLarge { limit_mib } => {
                format!("工作簿解压后超过 {limit_mib} MiB，请分成几个文件")
            }
            Self::NoTextColumn => {
                "没有找到反映内容所在的栏。请在表头写明“内容”“详情”或“正文”，或者提供对照文件，写上 text = \"表头\""
                    .to_owned()
            }
            Self::HeadingNotFound { field, heading } => {
                format!("对照文件中 {field} 对应的表头“{heading}”在文件里没有，请核对后重试")
            }
            Self::Empty => "文件是空的，请选择有内容的文件".to_owned(),
        }
    }
}
