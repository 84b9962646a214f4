//! From a list's rows to their words.

use domain::content::Subject;
use domain::words::{Colour, Edition, Lang};
use jiff::civil::Date;
use office::desk::{Bit, Column, ListRow, View, cell};

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
pub fn table(voice: &Voice, columns: &[Column], view: &View, rows: &[ListRow], first: u64, today: Date) -> TableView {
    let classes: Vec<String> = columns.iter().map(|c| class_of(*c, view)).collect();
    let cells = |row: &ListRow, no| {
        columns.iter().zip(&classes).map(|(c, class)| cell_view(voice, *c, class, row, no, today)).collect()
    };
    TableView {
        width: columns.len(),
        // The third column is frozen besides number and serial where there are no colours.
        colours: columns.contains(&Column::Colour),
        set: columns.iter().any(|c| view.width(*c).is_some()),
        rows: rows.iter().zip(first..).map(|(row, no)| cells(row, no)).collect(),
    }
}

/// The classes of a column's cells: which it is, and how wide somebody made it.
pub fn class_of(column: Column, view: &View) -> String {
    let width = view.width(column).map(|width| format!(" w-{width}")).unwrap_or_default();
    format!("c-{}{width}", column.as_str())
}

fn cell_view(voice: &Voice, column: Column, name: &str, row: &ListRow, no: u64, today: Date) -> CellView {
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
            | Column::Receivers
    );
    let badge = match (column, row.overdue, row.colour) {
        (Column::Colour, Some(_), _) => "red",
        (Column::Colour, None, Some(colour)) => class(colour),
        _ => "",
    };
    CellView {
        class: name.to_owned(),
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
