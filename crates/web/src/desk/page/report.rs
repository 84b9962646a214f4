//! What a report's page shows: state, suggestions, course, clocks, buttons and the form of one command.
//! Plain words, ready to be set; where they come from is the handler's.

use askama::Template;

use super::DeskPage;

/// A command as a button.
#[derive(Debug, Clone)]
pub struct ButtonView {
    /// Its word.
    pub label: String,
    /// Address of its form.
    pub href: String,
    /// Why it cannot be done; empty if it can.
    pub why: String,
    /// The first lawful one.
    pub first: bool,
    /// It has a page of its own.
    pub whole: bool,
}

/// A clock.
#[derive(Debug, Clone)]
pub struct ClockView {
    /// Class of its colour.
    pub class: &'static str,
    /// The colour's word, or 已办, 超N日.
    pub badge: String,
    /// Its name.
    pub name: String,
    /// Last day.
    pub due: String,
    /// Days left.
    pub left: String,
    /// How the day was worked out.
    pub why: String,
    /// Basis, law and article.
    pub source: String,
}

/// One suggestion.
#[derive(Debug, Clone)]
pub struct SuggestionLine {
    /// About what.
    pub label: String,
    /// What.
    pub value: String,
    /// How sure; empty where it is a fact of the text.
    pub sure: String,
    /// Why.
    pub grounds: Vec<String>,
}

/// An earlier report that looks alike.
#[derive(Debug, Clone)]
pub struct RepeatView {
    /// Address.
    pub href: String,
    /// 编号
    pub number: String,
    /// How alike.
    pub how: String,
    /// Sentences that are new.
    pub fresh: Vec<String>,
}

/// What the funnel suggests.
#[derive(Debug, Clone)]
pub struct SuggestionsView {
    /// Models and rules.
    pub version: String,
    /// The suggestions.
    pub lines: Vec<SuggestionLine>,
    /// Entities: kind and text.
    pub entities: Vec<(String, String)>,
    /// Repeats.
    pub repeats: Vec<RepeatView>,
}

/// One event of the course.
#[derive(Debug, Clone)]
pub struct CourseLine {
    /// Day, and the time for acts of staff.
    pub when: String,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
    /// Words written with it.
    pub words: String,
}

/// A report as the desk shows it.
#[derive(Debug, Clone)]
pub struct ReportView {
    /// 编号
    pub number: String,
    /// 环节
    pub stage: String,
    /// Class and word.
    pub badges: Vec<(&'static str, String)>,
    /// Label and value.
    pub facts: Vec<(String, String)>,
    /// Title.
    pub title: String,
    /// 被反映人, one line each.
    pub subjects: Vec<String>,
    /// 内容摘要
    pub digest: String,
    /// 机拟
    pub drafted: bool,
    /// Number, summary, finding in words.
    pub allegations: Vec<(u16, String, String)>,
    /// What the registration form asked for besides: label and value.
    pub registration: Vec<(String, String)>,
    /// The text in pieces; a second part names the entity.
    pub pieces: Vec<(String, String)>,
    /// Address, name, size.
    pub files: Vec<(String, String, String)>,
    /// Later words of the reporter: heading and text.
    pub evidence: Vec<(String, String)>,
    /// Commands.
    pub buttons: Vec<ButtonView>,
    /// How many of them cannot be done now.
    pub refused: usize,
    /// Papers: address and name.
    pub papers: Vec<(String, String)>,
    /// Papers already issued: address below which file and proof stand, and name with day.
    pub issued: Vec<(String, String)>,
    /// Clocks.
    pub clocks: Vec<ClockView>,
    /// Suggestions.
    pub suggestions: Option<SuggestionsView>,
    /// What happened, newest first.
    pub course: Vec<CourseLine>,
}

/// One field of a command's form.
#[derive(Debug, Clone)]
pub struct FieldView {
    /// Field.
    pub name: &'static str,
    /// Its word.
    pub label: String,
    /// `choice`, `long`, `date`, `file` or `text`.
    pub kind: &'static str,
    /// Value.
    pub value: String,
    /// Values of a choice.
    pub options: Vec<(String, String)>,
    /// It must be filled.
    pub required: bool,
    /// What to write.
    pub hint: String,
}

/// The form of a command.
#[derive(Debug, Clone)]
pub struct FormView {
    /// Where it is sent.
    pub action: String,
    /// The command's word.
    pub heading: String,
    /// What went wrong.
    pub error: String,
    /// What to know.
    pub note: String,
    /// The session's form secret.
    pub csrf: String,
    /// Version of the report looked at.
    pub seen: u32,
    /// The word for no choice.
    pub none: String,
    /// The button's word.
    pub submit: String,
    /// Fields.
    pub fields: Vec<FieldView>,
}

impl FormView {
    /// Whether it carries files.
    pub fn with_files(&self) -> bool {
        self.fields.iter().any(|f| f.kind == "file")
    }
}

/// One part of a report that is split.
#[derive(Debug, Clone)]
pub struct PartView {
    /// From 1.
    pub n: usize,
    /// 标题
    pub title: String,
    /// The part's text.
    pub text: String,
    /// 姓名
    pub name: String,
    /// 单位
    pub unit: String,
    /// 职务
    pub post: String,
    /// Division code.
    pub division: String,
}

/// 拆分: the whole text beside its parts.
#[derive(Template)]
#[template(path = "desk/split.html")]
pub struct SplitPage {
    /// Frame.
    pub p: DeskPage,
    /// Address of the report.
    pub href: String,
    /// Its number.
    pub number: String,
    /// Version looked at.
    pub seen: u32,
    /// Its title.
    pub title: String,
    /// Its text.
    pub whole: String,
    /// The parts.
    pub parts: Vec<PartView>,
    /// One more may be added.
    pub may_more: bool,
    /// Places: code and name.
    pub places: Vec<(String, String)>,
    /// What is wrong, or why it cannot be split now.
    pub error: String,
}

/// A report's page.
#[derive(Template)]
#[template(path = "desk/report.html")]
pub struct ReportPage {
    /// Frame.
    pub p: DeskPage,
    /// The report.
    pub r: ReportView,
    /// The form of a command, if one was asked for.
    pub form: Option<FormView>,
}

/// Only the form of a command, for htmx.
#[derive(Template)]
#[template(path = "desk/fragment.html")]
pub struct Fragment {
    /// The form.
    pub form: FormView,
}
