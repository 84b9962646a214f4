//! What the register does not take of a row that can be read: said with row, column, reason and what
//! to do, so that nothing is cut, moved or dropped in silence. It quotes nothing that stands in a cell.

use std::collections::BTreeMap;

use domain::content::Identity;
use jiff::civil::Date;
use papers::rows::{Field, Row, Rows};

use super::{Fault, RowOutcome};
use crate::error::Error;
use crate::intake::FIELD_LIMIT;

/// What stands in a column for names where somebody gave none.
const NO_NAME: [&str; 9] = ["匿名", "未署名", "无", "不详", "群众", "不愿透露", "-", "—", "/"];

/// Checks the rows of one table.
#[derive(Debug)]
pub(super) struct Check {
    headings: BTreeMap<Field, String>,
    today: Date,
}

/// Who the reporter is, as far as a row says: a name alone or a way to reach her alone is sealed like
/// both, and still to be verified (规则 Art 24); people decide whether the report is signed.
pub(super) fn named(row: &Row) -> Option<Identity> {
    let name = row.name.clone().filter(|name| !NO_NAME.contains(&name.as_str()));
    if name.is_none() && row.contact.is_none() {
        return None;
    }
    let contact = row.contact.clone().unwrap_or_default();
    Some(Identity { name: name.unwrap_or_default(), contact, ..Identity::default() })
}

impl Check {
    /// For a table on a day.
    pub fn new(rows: &Rows, today: Date) -> Self {
        Self { headings: rows.columns().iter().cloned().collect(), today }
    }

    fn heading(&self, field: Field) -> String {
        self.headings.get(&field).cloned().unwrap_or_else(|| field.heading().to_owned())
    }

    fn at(&self, line: u64, field: Field, slug: &str, zh: &str, en: &str) -> Fault {
        Fault { line, column: self.heading(field), slug: slug.to_owned(), zh: zh.to_owned(), en: en.to_owned() }
    }

    /// The first thing of a row that cannot go in as it stands.
    pub fn fault(&self, row: &Row) -> Option<Fault> {
        if row.time.is_some_and(|time| time.date() > self.today) {
            return Some(self.at(
                row.line,
                Field::Time,
                "future_date",
                "收到日期晚于今天：请对照原件改正；不清楚的留空，按导入当日登记",
                "the day is after today: correct it from the original, or leave it empty to take the day of the import",
            ));
        }
        let long = |word: &str| word.chars().count() > FIELD_LIMIT;
        let of_subjects = |word: fn(&domain::content::Subject) -> &Option<String>| {
            row.subjects.iter().filter_map(|s| word(s).as_deref()).any(long)
        };
        let too_long = [
            (Field::Title, row.title.as_deref().is_some_and(long)),
            (Field::Name, row.name.as_deref().is_some_and(long)),
            (Field::Contact, row.contact.as_deref().is_some_and(long)),
            (Field::SubjectName, of_subjects(|s| &s.name)),
            (Field::SubjectUnit, of_subjects(|s| &s.unit)),
            (Field::SubjectPost, of_subjects(|s| &s.post)),
        ];
        let (field, _) = too_long.into_iter().find(|(_, long)| *long)?;
        Some(self.at(
            row.line,
            field,
            "field_too_long",
            "本栏超过300字：请只留要点，其余写进反映内容",
            "more than 300 characters: keep the main words here and put the rest into the text",
        ))
    }

    /// A row under an id that another content came with before: neither may be lost.
    pub fn other_content(&self, line: u64) -> Fault {
        self.at(
            line,
            Field::Id,
            "same_id_other_content",
            "本批次已有一件用了这个编号，内容却不同，本行没有登记：确是另一件的，请改用不重复的编号，或者换一个批次名导入；是同一件有更正的，请在原件上校正补录",
            "a report of this batch has this id and says something else; the row was not taken: give another matter another id, or import it under another batch name; put a correction of the same matter into the report itself",
        )
    }

    /// A row that the register does not take is listed; anything else ends the import.
    pub fn refused(&self, line: u64, fault: Error) -> Result<RowOutcome, Error> {
        let (slug, zh, en) = match fault {
            Error::Input { slug, zh, en } => (slug, zh, en),
            Error::Refused(why) => (why.id, why.zh.into_owned(), why.en.into_owned()),
            other => return Err(other),
        };
        let column = column_of(slug).map(|field| self.heading(field)).unwrap_or_default();
        Ok(RowOutcome::Refused(Fault { line, column, slug: slug.to_owned(), zh, en }))
    }
}

/// The column at fault, by what intake and the law say.
fn column_of(slug: &str) -> Option<Field> {
    Some(match slug {
        "text-missing" | "text-too-long" => Field::Text,
        "title-too-long" => Field::Title,
        "division-unknown" => Field::Division,
        "identity-too-long" => Field::Contact,
        "received_in_future" | "clock_behind" => Field::Time,
        _ => return None,
    })
}
