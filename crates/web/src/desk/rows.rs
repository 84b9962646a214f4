//! From a list's row to its words.

use domain::content::Subject;
use domain::words::Colour;
use jiff::civil::Date;
use office::desk::{ListPage, ListRow};
use store::Total;

use super::page::{Pager, RowView};
use crate::locale::Voice;

/// The rows of a page that begins at `first` (from 1).
pub fn views(voice: &Voice, rows: &[ListRow], first: u64, today: Date) -> Vec<RowView> {
    rows.iter().zip(first..).map(|(row, no)| view(voice, row, no, today)).collect()
}

fn view(voice: &Voice, found: &ListRow, no: u64, today: Date) -> RowView {
    let row = &found.row;
    let (colour_class, colour) = match (found.overdue, found.colour) {
        (Some(days), _) => ("red", voice.t1("row-overdue", "n", days)),
        (None, Some(colour)) => (class(colour), voice.word(&colour)),
        (None, None) => ("", String::new()),
    };
    let due = row.next.due_on.filter(|_| row.closed_on.is_none());
    let left = due.filter(|_| found.overdue.is_none()).map(|due| today.until(due).map_or(0, |s| s.get_days()));
    RowView {
        no,
        colour_class,
        colour,
        href: format!("/reports/{}", row.report),
        number: row.number.to_string(),
        received: row.received_on.to_string(),
        channel: voice.word(&row.channel),
        source: voice.word(&row.source),
        signing: voice.word(&row.signing),
        subject: subject(voice, found),
        digest: if found.title.is_empty() { found.digest.clone() } else { found.title.clone() },
        kind: row.kind.map(|k| voice.word(&k)).unwrap_or_default(),
        repeat: voice.t(if row.repeat_of.is_some() { "row-repeat" } else { "row-first" }),
        holder: found.holder.clone(),
        stage: voice.word(&row.stage),
        due: due.map(|d| d.to_string()).unwrap_or_default(),
        left: left.map(|n| voice.t1("clock-left", "n", n)).unwrap_or_default(),
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

fn subject(voice: &Voice, row: &ListRow) -> String {
    let Some(first) = &row.subject else { return String::new() };
    let text = subject_line(voice, first);
    if row.subjects > 1 { voice.t2("row-subjects", "first", text, "n", row.subjects) } else { text }
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

/// Where in a list; `address` makes the address of a page from 0.
pub fn pager(voice: &Voice, found: &ListPage, page: u32, size: u32, address: impl Fn(u32) -> String) -> Pager {
    let (total, more) = match found.total {
        Total::Exactly(n) => (voice.t1("list-total", "n", n), u64::from(page + 1) * u64::from(size) < n),
        Total::MoreThan(n) => (voice.t1("list-more-than", "n", n), found.rows.len() as u32 >= size),
    };
    Pager { total, page: page + 1, before: page.checked_sub(1).map(&address), after: more.then(|| address(page + 1)) }
}
