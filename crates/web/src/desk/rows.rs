//! From a list's rows to their words.

use domain::content::Subject;
use domain::words::{Colour, Edition, Lang};
use jiff::civil::Date;
use office::desk::{Bit, Column, ListRow, cell};

use super::page::{CellView, TableView};
use crate::locale::Voice;

/// A piece of a cell in words.
pub fn say(voice: &Voice, bit: &Bit) -> String {
    match bit {
        Bit::Text(text) => text.clone(),
        Bit::Word(family, spelling) => voice.t(&format!("word-{family}-{spelling}")),
        Bit::Day(day) => day.to_string(),
        Bit::Count(n) => n.to_string(),
        Bit::Say(key, name, value) => voice.t1(key, name, value),
        Bit::Both(zh, en) => if voice.lang == Lang::Zh { zh } else { en }.clone(),
    }
}

/// As [`say`], on paper: Chinese, whatever the language of the screen.
pub fn in_chinese(edition: Edition) -> impl Fn(&Bit) -> String + Sync {
    let voice = Voice { lang: Lang::Zh, edition };
    move |bit| say(&voice, bit)
}

/// The rows of a page that begins at `first` (from 1).
pub fn table(voice: &Voice, columns: &[Column], rows: &[ListRow], first: u64, today: Date) -> TableView {
    let cells = |row: &ListRow, no| columns.iter().map(|c| view(voice, *c, row, no, today)).collect();
    TableView {
        width: columns.len(),
        // Lists without colours freeze number and day instead.
        colours: columns.contains(&Column::Colour),
        rows: rows.iter().zip(first..).map(|(row, no)| cells(row, no)).collect(),
    }
}

fn view(voice: &Voice, column: Column, row: &ListRow, no: u64, today: Date) -> CellView {
    let lines: Vec<String> = cell(column, row, no, today)
        .iter()
        .map(|line| line.iter().map(|bit| say(voice, bit)).filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect();
    let clipped = matches!(
        column,
        Column::Subject
            | Column::Digest
            | Column::Holder
            | Column::Problem
            | Column::Letter
            | Column::Times
            | Column::Repeat
    );
    let badge = match (column, row.overdue, row.colour) {
        (Column::Colour, Some(_), _) => "red",
        (Column::Colour, None, Some(colour)) => class(colour),
        _ => "",
    };
    CellView {
        key: column.as_str(),
        badge,
        href: if column == Column::Number { format!("/reports/{}", row.row.report) } else { String::new() },
        title: match column {
            Column::Digest => row.full.clone(),
            _ if clipped => lines.join("\n"),
            _ => String::new(),
        },
        lines,
    }
}

/// The class of a colour; its word always stands beside it.
pub fn class(colour: Colour) -> &'static str {
    match colour {
        Colour::Blue => "blue",
        Colour::Yellow => "yellow",
        Colour::Red => "red",
    }
}

/// One person or unit on one line.
pub fn subject_line(voice: &Voice, subject: &Subject) -> String {
    let rank = subject.rank.map(|r| voice.word(&r));
    [subject.name.clone(), subject.unit.clone(), subject.post.clone(), rank]
        .into_iter()
        .flatten()
        .filter(|t| !t.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
