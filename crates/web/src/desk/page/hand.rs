//! What the registration forms, the drafts and the import page show. Plain words, ready to be set.

use askama::Template;

use super::{Chip, DeskPage, RepeatView};
use crate::public::page::FieldError;

/// One value of a choice.
#[derive(Debug, Clone)]
pub struct OptionView {
    /// Stored spelling.
    pub code: String,
    /// Its word.
    pub label: String,
    /// First letters of its pinyin.
    pub initials: String,
    /// Chosen.
    pub chosen: bool,
}

/// One field of a registration form.
#[derive(Debug, Clone)]
pub struct InputView {
    /// 查重 looks again while something is typed here.
    pub looks: bool,
    /// Name and id.
    pub key: String,
    /// Its word.
    pub label: String,
    /// `text`, `long`, `number`, `date`, `datetime-local`, `choice`, `multi` or `tick`.
    pub kind: &'static str,
    /// Value.
    pub value: String,
    /// A tick that is set.
    pub ticked: bool,
    /// Nothing is chosen yet.
    pub blank: bool,
    /// Values of a choice.
    pub options: Vec<OptionView>,
    /// ● or ◐; empty for optional.
    pub must: &'static str,
    /// It goes into the identity envelope.
    pub identity: bool,
    /// What to write.
    pub help: String,
    /// What is wrong with it.
    pub error: String,
    /// Columns of four.
    pub width: u8,
    /// Most characters; 0 for no limit.
    pub max: u32,
    /// Lines of a long field.
    pub rows: u8,
    /// Id of the list of suggestions; empty for none.
    pub offers: &'static str,
    /// Field that is filled along with it; empty for none.
    pub fills: String,
}

/// One filling of a section.
#[derive(Debug, Clone)]
pub struct BlockView {
    /// From 1.
    pub n: u8,
    /// Its fields.
    pub inputs: Vec<InputView>,
}

/// Fields that belong together.
#[derive(Debug, Clone)]
pub struct SectionView {
    /// Name.
    pub id: String,
    /// Heading.
    pub heading: String,
    /// It may be filled several times.
    pub repeats: bool,
    /// One more block may be added.
    pub may_more: bool,
    /// Blocks shown.
    pub count: u8,
    /// The hidden field with their number.
    pub count_key: String,
    /// Its blocks.
    pub blocks: Vec<BlockView>,
}

/// Registering by hand.
#[derive(Template)]
#[template(path = "desk/hand.html")]
pub struct Hand {
    /// Frame.
    pub p: DeskPage,
    /// The four forms.
    pub forms: Vec<Chip>,
    /// Which form this is.
    pub form: String,
    /// One-time token.
    pub token: String,
    /// Name of the draft.
    pub draft: String,
    /// The fields.
    pub sections: Vec<SectionView>,
    /// Units of the directory: name and initials.
    pub units: Vec<(String, String)>,
    /// Organs of the directory: name and initials.
    pub organs: Vec<(String, String)>,
    /// What is still to be put right.
    pub errors: Vec<FieldError>,
    /// What was just done, e.g. that the draft was kept.
    pub done: String,
    /// Reports that look alike.
    pub found: Vec<RepeatView>,
    /// What to say when there are none.
    pub none: String,
}

/// Only the 查重 panel, for htmx.
#[derive(Template)]
#[template(path = "desk/found.html")]
pub struct Found {
    /// Reports that look alike.
    pub found: Vec<RepeatView>,
    /// What to say when there are none.
    pub none: String,
}

/// Registered: the number and the code for the slip.
#[derive(Template)]
#[template(path = "desk/registered.html")]
pub struct Registered {
    /// Frame.
    pub p: DeskPage,
    /// 编号
    pub number: String,
    /// Address of the report; empty where it went up sealed.
    pub href: String,
    /// The code in fives.
    pub code: String,
    /// What became of linking it to the earlier report; empty for a first one.
    pub link: String,
    /// What to do with the code, by form.
    pub how: String,
    /// 登记下一件, keeping form, date and source.
    pub next: String,
}

/// One draft.
#[derive(Debug, Clone)]
pub struct DraftView {
    /// Name.
    pub id: String,
    /// Which form.
    pub form: String,
    /// Title, or how the text begins.
    pub title: String,
    /// Day of the last change.
    pub changed: String,
    /// It can be opened.
    pub opens: bool,
}

/// 草稿.
#[derive(Template)]
#[template(path = "desk/drafts.html")]
pub struct Drafts {
    /// Frame.
    pub p: DeskPage,
    /// Her drafts, last changed first.
    pub drafts: Vec<DraftView>,
}

/// One fault of an import; nothing of the cell.
#[derive(Debug, Clone)]
pub struct FaultView {
    /// Row of the file.
    pub line: String,
    /// Heading of the column.
    pub column: String,
    /// Why, and what to do.
    pub why: String,
}

/// What became of a table.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The batch it was taken for: its name when it comes again corrected.
    pub batch: String,
    /// Why nothing of it could be read; empty if it was.
    pub error: String,
    /// How many rows, in words.
    pub said: String,
    /// Heading as written, and what it is taken for.
    pub columns: Vec<(String, String)>,
    /// What is wrong.
    pub faults: Vec<FaultView>,
    /// That there are more; empty if not.
    pub more: String,
    /// The faults as JSON, for the file.
    pub json: String,
}

/// 导入.
#[derive(Template)]
#[template(path = "desk/import.html")]
pub struct ImportPage {
    /// Frame.
    pub p: DeskPage,
    /// Name of the batch.
    pub source: String,
    /// What became of each table that was sent.
    pub outcomes: Vec<Outcome>,
    /// What went wrong with all of it.
    pub error: String,
}
