//! A list leaves the program as a spreadsheet: what the person may see, with a watermark of who
//! took it, when and what for; recorded, its purpose under the seal.

use domain::permission::Action;
use papers::sheet::{Cell, Column, ColumnKind, Sheet};
use store::{Filter, Order, Sort, SortBy};

use crate::audit::Deed;
use crate::desk::{ListRow, Me};
use crate::error::Error;
use crate::hall::Hall;

/// Rows read at a time.
const PAGE: u32 = 200;
/// Rows in one file at most: beyond it a person narrows the filter.
const MOST: usize = 100_000;

/// Gives words their names on paper: the stored spelling of a word to what people read.
pub type Names<'a> = &'a (dyn Fn(&str, &str) -> String + Sync);

impl Hall {
    /// Writes a list to xlsx. `names` is told the family of a word (`channel`) and its spelling.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Input`] where no purpose is given or the list is too long.
    pub async fn export(&self, me: &Me, filter: &Filter, purpose: &str, names: Names<'_>) -> Result<Vec<u8>, Error> {
        me.may_use(Action::Export)?;
        if purpose.trim().is_empty() {
            return Err(Error::input(
                "purpose-missing",
                "导出前请写明用途，例如“季度分析”。用途会记入审计。",
                "Say what the export is for; it is recorded.",
            ));
        }
        let sort = Sort { by: SortBy::Received, order: Order::Descending };
        let mut rows = Vec::new();
        for page in 0.. {
            let found = self.rows(me, filter, sort, page, PAGE).await?;
            let last = found.rows.len() < PAGE as usize;
            rows.extend(found.rows.iter().map(|row| cells(row, names)));
            if rows.len() > MOST {
                return Err(Error::input(
                    "export-too-long",
                    "符合条件的超过十万件，请缩小日期范围分次导出。",
                    "More than 100,000 rows; narrow the dates and export in parts.",
                ));
            }
            if last {
                break;
            }
        }
        let count = rows.len() as u32;
        self.record_with(me, Deed::Exported { list: "register".to_owned(), rows: count }, Some(purpose)).await?;
        let organ = self.organ(&me.tenant)?;
        let sheet = Sheet {
            title: "登记簿".to_owned(),
            columns: columns(),
            exported_at: self.clock.civil(),
            rows,
            watermark: vec![
                organ.directory.organ.name.clone(),
                format!("导出人：{}（{}）", me.name, me.office_name),
                format!("用途：{}", purpose.trim()),
                format!("共{count}件。内部材料，注意保密，用后销毁。"),
            ],
        };
        papers::sheet::write(&sheet).map_err(|e| Error::Io(e.to_string()))
    }

    /// The template for imports.
    ///
    /// # Errors
    /// The writer fails.
    pub fn import_template(&self, me: &Me) -> Result<Vec<u8>, Error> {
        me.may_use(Action::Import)?;
        let edition = self.organ(&me.tenant)?.edition();
        papers::sheet::template(edition).map_err(|e| Error::Io(e.to_string()))
    }
}

fn columns() -> Vec<Column> {
    let column = |title: &str, width: f64, kind: ColumnKind| Column { title: title.to_owned(), width, kind };
    vec![
        column("序号", 6.0, ColumnKind::Number),
        column("时限", 10.0, ColumnKind::Text),
        column("编号", 24.0, ColumnKind::Text),
        column("登记日期", 12.0, ColumnKind::Date),
        column("渠道", 8.0, ColumnKind::Text),
        column("来源", 12.0, ColumnKind::Text),
        column("实匿", 10.0, ColumnKind::Text),
        column("被反映人", 14.0, ColumnKind::Text),
        column("单位", 26.0, ColumnKind::Text),
        column("职务", 14.0, ColumnKind::Text),
        column("标题", 30.0, ColumnKind::LongText),
        column("内容摘要", 36.0, ColumnKind::LongText),
        column("类别", 12.0, ColumnKind::Text),
        column("承办部门", 20.0, ColumnKind::Text),
        column("环节", 10.0, ColumnKind::Text),
        column("到期日", 12.0, ColumnKind::Date),
        column("办结日期", 12.0, ColumnKind::Date),
    ]
}

fn cells(row: &ListRow, names: Names<'_>) -> Vec<Cell> {
    let text = |value: String| Cell::Text(value);
    let day = |value: Option<jiff::civil::Date>| value.map_or(Cell::Empty, Cell::Date);
    let subject = row.subject.clone().unwrap_or_default();
    let colour = match (row.overdue, row.colour) {
        (Some(days), _) => format!("超{days}日"),
        (None, Some(colour)) => names("colour", colour.as_str()),
        (None, None) => String::new(),
    };
    vec![
        Cell::Integer(i64::from(row.row.number.serial)),
        text(colour),
        text(row.row.number.to_string()),
        Cell::Date(row.row.received_on),
        text(names("channel", row.row.channel.as_str())),
        text(names("source", row.row.source.as_str())),
        text(names("signing", row.row.signing.as_str())),
        text(subject.name.unwrap_or_default()),
        text(subject.unit.unwrap_or_default()),
        text(subject.post.unwrap_or_default()),
        text(row.title.clone()),
        text(row.digest.clone()),
        text(row.row.kind.map(|k| names("kind", k.as_str())).unwrap_or_default()),
        text(row.holder.clone()),
        text(names("stage", row.row.stage.as_str())),
        day(row.row.next.due_on),
        day(row.row.closed_on),
    ]
}
