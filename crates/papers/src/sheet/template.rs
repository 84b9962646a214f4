//! The spreadsheet an office fills in and imports. It does not know what the import makes of it.

use domain::words::Edition;
use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, Note, Workbook};

use super::{SheetError, column_number, heading_format, row_number, text_format};
use crate::labels::{CHANNELS, KINDS_JW, KINDS_XF, RANKS, SOURCES, offered};
use crate::rows::Field;

/// Columns of the template: field, width, and what to write. Fields that only other systems' files
/// have (answers, province and city apart) are recognised but not asked for.
const COLUMNS: [(Field, f64, &str); 16] = [
    (
        Field::Id,
        22.0,
        "本单位原有的编号，同一批次内不重复（不是逐月从1排起的序号）。重复导入时据此识别，不会登记两次；没有编号的留空。",
    ),
    (Field::Time, 18.0, "收到日期，例如 2026-02-11 或 2026-02-11 09:30。期限从这一天起算；留空按导入当日。"),
    (Field::Channel, 10.0, "从下拉列表中选择。上级转来的，填最初的形式。"),
    (Field::Source, 14.0, "从下拉列表中选择；留空按本级自收。"),
    (Field::SourceNote, 26.0, "上级或部门移送的，填来文机关、文号。"),
    (Field::Title, 30.0, "不超过300字；留空由系统取首句。"),
    (Field::Text, 60.0, "必填。最多约两万字；不要写成公式。"),
    (Field::Kind, 12.0, "从下拉列表中选择；不确定的留空，由信访室研判。"),
    (Field::SubjectName, 14.0, "几个人用顿号隔开；不清楚的留空。"),
    (Field::SubjectUnit, 24.0, "与被反映人依次对应，用顿号隔开；只有一个单位的填一个。"),
    (Field::SubjectPost, 16.0, "与被反映人依次对应，用顿号隔开。"),
    (Field::SubjectRank, 16.0, "从下拉列表中选择；不清楚的填“不详”或留空。"),
    (Field::Division, 24.0, "被反映事项所在地，填全称或行政区划代码；不清楚的留空。"),
    (Field::Label, 16.0, "原系统的问题类别，供研判参考；可留空。"),
    (Field::Name, 14.0, "只有实名的才填。导入后单独密封，本表用后请妥善处理。"),
    (Field::Contact, 18.0, "只有实名的才填，填一种联系方式。"),
];

/// Rows below the headings that offer the lists.
const LISTED_ROWS: u32 = 5_000;

/// The import template of an edition: headings that [`crate::rows`] recognises, a note on each, a
/// page of explanations, and lists to choose from where the words are fixed.
///
/// # Errors
/// [`SheetError::Writer`] when the writer refuses.
pub fn template(edition: Edition) -> Result<Vec<u8>, SheetError> {
    let mut book = Workbook::new();
    // A fixed day: the same edition gives the same bytes.
    book.set_properties(
        &DocProperties::new().set_title("导入模板").set_creation_datetime(&ExcelDateTime::from_ymd(2026, 1, 1)?),
    );
    let page = book.add_worksheet();
    page.set_name("导入")?;
    let heading = heading_format();
    let text = Format::new().set_num_format("@").set_text_wrap();
    let day = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    for (at, (field, width, note)) in COLUMNS.into_iter().enumerate() {
        let at = column_number(at)?;
        page.set_column_width(at, width)?;
        page.set_column_format(at, if field == Field::Time { &day } else { &text })?;
        page.write_string_with_format(0, at, title(field), &heading)?;
        page.insert_note(0, at, &Note::new(note).set_author("").add_author_prefix(false).set_width(240))?;
        if let Some(words) = choices(field, edition) {
            let list = DataValidation::new()
                .allow_list_strings(&words)?
                .set_error_title("请从列表中选择")?
                .set_error_message("本栏只用列表中的词；不清楚的留空。")?
                .set_error_style(DataValidationErrorStyle::Warning);
            page.add_data_validation(1, at, LISTED_ROWS, at, &list)?;
        }
    }
    page.set_freeze_panes(1, 0)?;

    let page = book.add_worksheet();
    page.set_name("填写说明")?;
    page.set_column_width(0, 16)?;
    page.set_column_width(1, 90)?;
    let text = text_format();
    page.write_string_with_format(0, 0, "栏目", &heading)?;
    page.write_string_with_format(0, 1, "怎样填写", &heading)?;
    let notes = COLUMNS.map(|(field, _, note)| (title(field).to_owned(), note.to_owned()));
    let general = [
        ("总则", "一行登记一件。只有“内容”必填，其余能填多少填多少；不清楚的留空，不要猜。"),
        ("总则", "同一文件可以多次导入：已经登记的行不会重复登记；内容相同的两行仍是两件，系统提示关联。"),
        ("总则", "有问题的行不会登记，系统逐行列出行号、栏目、原因和改法；改好后重新导入即可。"),
        ("总则", "涉密件请线下登记，不要填入本表。"),
    ];
    let general = general.map(|(a, b)| (a.to_owned(), b.to_owned()));
    for (row, (name, note)) in notes.into_iter().chain(general).enumerate() {
        let row = row_number(row + 1)?;
        page.write_string_with_format(row, 0, name, &text)?;
        page.write_string_with_format(row, 1, note, &text)?;
    }
    Ok(book.save_to_buffer()?)
}

/// The heading, with a mark where the column must be filled.
fn title(field: Field) -> &'static str {
    if field == Field::Text { "内容（必填）" } else { field.heading() }
}

fn choices(field: Field, edition: Edition) -> Option<Vec<&'static str>> {
    match field {
        Field::Channel => Some(offered(CHANNELS)),
        Field::Source => Some(offered(SOURCES)),
        Field::SubjectRank => Some(offered(RANKS)),
        Field::Kind => Some(match edition {
            Edition::Jw => offered(KINDS_JW),
            Edition::Xf => offered(KINDS_XF),
        }),
        _ => None,
    }
}
