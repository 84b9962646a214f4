//! The columns of the lists, and what stands in each cell, in pieces that screen and spreadsheet put
//! into words alike. Never a column: the reporter's name, telephone, address.

use domain::words::{Finding, Role, Stage};
use jiff::civil::Date;
use papers::sheet::ColumnKind;
use serde::{Deserialize, Serialize};
use store::SortBy;

use super::book::{Call, Visit};
use super::list::ListRow;

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $heading:literal, $width:literal, $kind:ident;)+) => {
        /// A column of a list.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Column { $($(#[$doc])* #[serde(rename = $key)] $name,)+ }

        impl Column {
            /// Every column.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Its name in forms and saved views.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $key,)+ }
            }

            /// The message that heads it.
            pub const fn heading(self) -> &'static str {
                match self { $(Self::$name => $heading,)+ }
            }

            /// Width in a spreadsheet, in characters.
            pub const fn width(self) -> f64 {
                match self { $(Self::$name => $width,)+ }
            }

            /// How its cells are shown in a spreadsheet.
            pub const fn kind(self) -> ColumnKind {
                match self { $(Self::$name => ColumnKind::$kind,)+ }
            }
        }
    };
}

columns! {
    /// 序号
    No = "no", "col-no", 6.0, Number;
    /// 色标
    Colour = "colour", "col-colour", 8.0, Text;
    /// 编号
    Number = "number", "col-number", 24.0, Text;
    /// 平台编号
    Platform = "platform", "col-platform", 18.0, Text;
    /// 来文机关、文号、上报时限
    Letter = "letter", "col-letter", 26.0, LongText;
    /// 登记日期
    Received = "received", "col-received", 12.0, Date;
    /// 渠道 / 来源
    Channel = "channel", "col-channel", 16.0, Text;
    /// 实/匿
    Signing = "signing", "col-signing", 10.0, Text;
    /// 被反映人、单位、职务、职级
    Subject = "subject", "col-subject", 34.0, LongText;
    /// 内容摘要
    Digest = "digest", "col-digest", 40.0, LongText;
    /// 类别
    Kind = "kind", "col-kind", 12.0, Text;
    /// 问题类别
    Problem = "problem", "col-problem", 20.0, Text;
    /// 初/重
    Repeat = "repeat", "col-repeat", 14.0, Text;
    /// 次数、首次日期、末次日期、有无新事实
    Times = "times", "col-times", 26.0, LongText;
    /// 拟办意见 / 领导批示
    Opinion = "opinion", "col-opinion", 12.0, Text;
    /// 去向 / 承办人
    Holder = "holder", "col-holder", 24.0, Text;
    /// 环节
    Stage = "stage", "col-stage", 10.0, Text;
    /// 到期日 · 剩余
    Due = "due", "col-due", 18.0, Text;
    /// 告知到期、反馈到期
    Promises = "promises", "col-promises", 24.0, Text;
    /// 属实情况 / 处置方式
    Outcome = "outcome", "col-outcome", 18.0, Text;
    /// 告知日期 · 反馈日期 · 异议
    Told = "told", "col-told", 30.0, Text;
    /// 办结日期
    Closed = "closed", "col-closed", 12.0, Date;
    /// 紧急程度
    Urgency = "urgency", "col-urgency", 8.0, Text;
    /// 附件
    Files = "files", "col-files", 6.0, Number;
    /// 批次/人次
    Persons = "persons", "col-persons", 14.0, Text;
    /// 接待人
    Receivers = "receivers", "col-receivers", 16.0, Text;
    /// 是否集体访
    Group = "group", "col-group", 10.0, Text;
    /// 接听人
    TakenBy = "taken_by", "col-taken-by", 12.0, Text;
    /// 通话时长
    Duration = "duration", "col-duration", 10.0, Text;
    /// 录音(有/无)
    Recording = "recording", "col-recording", 8.0, Text;
}

impl Column {
    /// The column of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.as_str() == name)
    }

    /// Whether it shows what is sealed: it leaves the program only for a purpose.
    pub const fn is_sealed(self) -> bool {
        matches!(
            self,
            Self::Letter
                | Self::Subject
                | Self::Digest
                | Self::Problem
                | Self::Persons
                | Self::Receivers
                | Self::Group
                | Self::TakenBy
                | Self::Duration
                | Self::Recording
        )
    }

    /// Whether it stays where it is: the first columns of every list.
    pub const fn is_fixed(self) -> bool {
        matches!(self, Self::No | Self::Number)
    }

    /// Whether people may widen it: not what is frozen beside others, which have to know where it ends.
    pub const fn may_widen(self) -> bool {
        !self.is_fixed() && !matches!(self, Self::Colour)
    }

    /// What a list is ordered by when somebody asks for the order of this column.
    pub const fn order(self) -> Option<SortBy> {
        match self {
            Self::Number => Some(SortBy::Number),
            Self::Received => Some(SortBy::Received),
            Self::Due => Some(SortBy::Due),
            Self::Closed => Some(SortBy::Last),
            _ => None,
        }
    }
}

/// A piece of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bit {
    /// As it stands.
    Text(String),
    /// A word of the vocabulary: its family and spelling.
    Word(&'static str, &'static str),
    /// A day.
    Day(Date),
    /// A number.
    Count(u64),
    /// A message of the locales with one argument.
    Say(&'static str, &'static str, String),
    /// In Chinese and in English.
    Both(String, String),
}

/// The pieces of a cell, by line; the first line is the main one.
pub type Lines = Vec<Vec<Bit>>;

/// What stands in a column of a row that is number `no` of its list.
pub fn cell(column: Column, row: &ListRow, no: u64, today: Date) -> Lines {
    let r = &row.row;
    let mut lines: Lines = match column {
        Column::No => vec![vec![Bit::Count(no)]],
        Column::Colour => vec![match (row.overdue, row.colour) {
            (Some(days), _) => vec![Bit::Say("row-overdue", "n", days.to_string())],
            (None, Some(colour)) => vec![Bit::Word("colour", colour.as_str())],
            (None, None) => Vec::new(),
        }],
        Column::Number => vec![text(&r.number.to_string())],
        Column::Platform => vec![text(r.platform_number.as_deref().unwrap_or_default())],
        Column::Letter => vec![text(row.narrative.source_note.as_deref().unwrap_or_default()), day(row.superior_due)],
        Column::Received => vec![vec![Bit::Day(r.received_on)]],
        Column::Channel => {
            vec![vec![Bit::Word("channel", r.channel.as_str())], vec![Bit::Word("source", r.source.as_str())]]
        }
        Column::Signing => vec![vec![Bit::Word("signing", r.signing.as_str())]],
        Column::Subject => vec![subject(row)],
        Column::Digest => vec![text(&row.digest)],
        Column::Kind => vec![r.kind.map(|k| Bit::Word("kind", k.as_str())).into_iter().collect()],
        Column::Problem => {
            vec![row.problem.clone().map(|(zh, en)| Bit::Both(zh, en)).into_iter().collect()]
        }
        Column::Repeat => repeat(row),
        Column::Times => times(row),
        Column::Opinion => vec![opinion(row)],
        Column::Holder => {
            let way = r.dispatched.map(|w| Bit::Word("dispatch_way", w.as_str()));
            vec![way.into_iter().chain(text(&row.holder)).collect(), text(&row.assignee)]
        }
        Column::Stage => vec![
            vec![Bit::Word("stage", r.stage.as_str())],
            // Answered it waits for nothing but to be closed.
            r.answered_on
                .filter(|_| r.stage == Stage::AwaitingFeedback)
                .map(|_| Bit::Say("row-to-close", "n", String::new()))
                .into_iter()
                .collect(),
            r.message_on.map(|on| Bit::Say("row-message", "day", on.to_string())).into_iter().collect(),
        ],
        Column::Due => due(row, today),
        Column::Promises => row
            .promises
            .iter()
            .map(|(told, due)| {
                let key = if *told { "row-answer-until" } else { "row-tell-until" };
                vec![Bit::Say(key, "day", due.to_string())]
            })
            .collect(),
        Column::Outcome => {
            let findings = row.findings.iter().map(|f: &Finding| Bit::Word("finding", f.as_str())).collect();
            vec![findings, row.disposal.map(|d| Bit::Word("disposal", d.as_str())).into_iter().collect()]
        }
        Column::Told => told(row),
        Column::Closed => vec![day(r.closed_on)],
        Column::Urgency => vec![vec![Bit::Word("urgency", r.urgency.as_str())]],
        Column::Files => vec![if r.files > 0 { vec![Bit::Count(r.files.into())] } else { Vec::new() }],
        Column::Persons | Column::Receivers | Column::Group => {
            row.visit.as_ref().map_or_else(Vec::new, |v| of_visit(column, v))
        }
        Column::TakenBy | Column::Duration | Column::Recording => {
            row.call.as_ref().map_or_else(Vec::new, |c| vec![of_call(column, c)])
        }
    };
    lines.retain(|line| !line.is_empty());
    lines
}

fn text(text: &str) -> Vec<Bit> {
    if text.is_empty() { Vec::new() } else { vec![Bit::Text(text.to_owned())] }
}

fn day(day: Option<Date>) -> Vec<Bit> {
    day.map(Bit::Day).into_iter().collect()
}

fn of_visit(column: Column, visit: &Visit) -> Lines {
    match column {
        Column::Persons => vec![vec![Bit::Say("row-persons", "n", visit.persons.to_string())]],
        Column::Receivers => visit.receivers.iter().map(|name| text(name)).collect(),
        _ => vec![vec![Bit::Say(if visit.group { "row-group" } else { "row-no-group" }, "n", String::new())]],
    }
}

fn of_call(column: Column, call: &Call) -> Vec<Bit> {
    let say = |key| vec![Bit::Say(key, "n", String::new())];
    match (column, call.recorded) {
        (Column::TakenBy, _) => text(&call.taken_by),
        (Column::Duration, _) => {
            call.minutes.map(|n| Bit::Say("row-minutes", "n", n.to_string())).into_iter().collect()
        }
        (_, Some(true)) => say("row-recorded"),
        (_, Some(false)) => say("row-not-recorded"),
        (_, None) => Vec::new(),
    }
}

fn subject(row: &ListRow) -> Vec<Bit> {
    let Some(first) = row.narrative.subjects.first() else { return Vec::new() };
    let mut bits: Vec<Bit> =
        [&first.name, &first.unit, &first.post].into_iter().flatten().flat_map(|t| text(t)).collect();
    bits.extend(first.rank.map(|r| Bit::Word("rank", r.as_str())));
    let all = row.narrative.subjects.len();
    if all > 1 {
        bits.push(Bit::Say("row-subjects", "n", all.to_string()));
    }
    bits
}

fn repeat(row: &ListRow) -> Lines {
    match (&row.row.repeat_of, &row.series) {
        (None, _) => vec![vec![Bit::Say("row-first", "n", "1".to_owned())]],
        (Some(_), None) => vec![vec![Bit::Say("row-repeat", "n", String::new())]],
        (Some(_), Some(series)) => {
            vec![vec![Bit::Say("row-nth", "n", series.nth.to_string())], text(&series.first_number)]
        }
    }
}

fn times(row: &ListRow) -> Lines {
    let facts =
        row.new_facts.map(|some| Bit::Say(if some { "row-new-facts" } else { "row-no-new-facts" }, "n", String::new()));
    let Some(series) = &row.series else { return vec![facts.into_iter().collect()] };
    vec![
        std::iter::once(Bit::Say("row-times", "n", series.times.to_string())).chain(facts).collect(),
        vec![Bit::Day(series.first_on), Bit::Text("—".to_owned()), Bit::Day(series.last_on)],
    ]
}

fn opinion(row: &ListRow) -> Vec<Bit> {
    let role = |role: Role| Bit::Word("role", role.as_str());
    match (row.instructed_by, row.presented_to) {
        // △ stands for a leader's words, as on paper.
        (Some(by), _) => vec![Bit::Text("△".to_owned()), role(by)],
        (None, Some(to)) => vec![Bit::Say("row-presented", "n", String::new()), role(to)],
        (None, None) => Vec::new(),
    }
}

fn due(row: &ListRow, today: Date) -> Lines {
    let Some(due) = row.row.next.due_on.filter(|_| row.row.settled_on.is_none()) else { return Vec::new() };
    let left = match row.overdue {
        Some(days) => Bit::Say("row-overdue", "n", days.to_string()),
        None if due == today => Bit::Say("filter-today", "n", String::new()),
        None => Bit::Say("clock-left", "n", today.until(due).map_or(0, |s| s.get_days()).to_string()),
    };
    vec![vec![Bit::Day(due)], vec![left]]
}

fn told(row: &ListRow) -> Lines {
    let mut lines = Vec::new();
    if let Some(on) = row.told_on {
        lines.push(vec![Bit::Say("row-told", "day", on.to_string())]);
    }
    if let Some(on) = row.row.answered_on {
        lines.push(vec![Bit::Say("row-answered", "day", on.to_string())]);
    }
    if row.objections > 0 {
        lines.push(vec![Bit::Say("row-objections", "n", row.objections.to_string())]);
    }
    lines
}
