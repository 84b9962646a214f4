//! Spreadsheets as Excel, WPS and our own reader see them.

use std::io::{Cursor, Read as _};
use std::sync::Arc;

use calamine::{Data, Reader as _, Xlsx};
use domain::words::Edition;
use jiff::civil::{date, datetime};
use papers::rows::{self, Field, Input, Mapping, Options};
use papers::sheet::*;

fn sample() -> Sheet {
    let column = |title: &str, kind| Column { title: title.into(), width: 12.0, kind };
    let row = |text: &str| {
        vec![
            Cell::Text(text.into()),
            Cell::Integer(3),
            Cell::Date(date(2026, 2, 11)),
            Cell::DateTime(datetime(2026, 2, 11, 9, 30, 0, 0)),
            Cell::Number(0.5),
        ]
    };
    Sheet {
        title: "登记簿[2026]/一".into(),
        columns: vec![
            column("内容", ColumnKind::LongText),
            column("次数", ColumnKind::Number),
            column("登记日期", ColumnKind::Date),
            column("时间", ColumnKind::DateTime),
            column("比例", ColumnKind::Number),
        ],
        rows: vec![
            row("=HYPERLINK(\"http://x\",\"y\")"),
            row("+1"),
            row("-1"),
            row("@SUM(A1)"),
            row("\t=1"),
            row("控\u{1}制\u{0}符\r\n换行"),
            row(&"长".repeat(40_000)),
            vec![Cell::Empty],
        ],
        watermark: vec!["导出人：林知秋（信访室）&用途".into(), "用途：季度分析".into()],
        exported_at: datetime(2026, 2, 12, 8, 0, 0, 0),
    }
}

fn part(book: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn no_cell_of_an_export_is_a_formula() {
    let book = write(&sample()).unwrap();
    let xml = part(&book, "xl/worksheets/sheet1.xml");
    assert!(!xml.contains("<f>") && !xml.contains("<f "), "a formula was written");
    assert!(part(&book, "xl/styles.xml").contains("quotePrefix=\"1\""));
    assert!(xml.contains("<pane ") && xml.contains("state=\"frozen\"") && xml.contains("<autoFilter ref=\"A1:E9\""));
    let mut read = Xlsx::new(Cursor::new(book)).unwrap();
    assert_eq!(read.sheet_names(), ["登记簿2026一", "导出说明"]);
    let cells = read.worksheet_range("登记簿2026一").unwrap();
    assert_eq!(cells.get_value((1, 0)), Some(&Data::String("=HYPERLINK(\"http://x\",\"y\")".into())));
    assert_eq!(cells.get_value((6, 0)), Some(&Data::String("控制符\n换行".into())));
    let Some(Data::DateTime(day)) = cells.get_value((1, 2)) else { panic!("the day is no date") };
    assert_eq!(day.to_ymd_hms_milli(), (2026, 2, 11, 0, 0, 0, 0));
    let Some(Data::String(cut)) = cells.get_value((7, 0)) else { panic!("no text") };
    assert!(cut.chars().count() <= 32_767 && cut.ends_with("……（全文见系统）"));
    let said = read.worksheet_range("导出说明").unwrap();
    let said: String = said.rows().flatten().map(|c| format!("{c}\n")).collect();
    assert!(
        said.contains("林知秋")
            && said.contains("季度分析")
            && said.contains("2026年2月12日 08:00")
            && said.contains("共8行"),
        "{said}"
    );
}

#[test]
fn csv_escapes_formulas_and_begins_with_a_mark() {
    let mut out = Vec::new();
    write_csv(&sample(), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.starts_with("\u{feff}内容,次数,登记日期,时间,比例\r\n"));
    for escaped in ["'=HYPERLINK", "'+1", "'-1,3", "'@SUM", "'\t=1"] {
        assert!(text.contains(escaped), "{escaped}");
    }
    assert!(text.contains(",2026-02-11,2026-02-11 09:30,0.5\r\n") && text.contains("用途：季度分析"));
}

#[test]
fn same_sheet_same_bytes() {
    assert!(write(&sample()).unwrap() == write(&sample()).unwrap());
    assert!(template(Edition::Jw).unwrap() == template(Edition::Jw).unwrap());
}

#[test]
fn more_columns_than_a_spreadsheet_has_are_refused() {
    let mut sheet = sample();
    sheet.columns = (0..20_000).map(|n| Column { title: n.to_string(), width: 5.0, kind: ColumnKind::Text }).collect();
    assert!(matches!(write(&sheet), Err(SheetError::TooLarge)));
}

#[test]
fn our_own_reader_understands_every_heading_of_the_template() {
    for edition in [Edition::Jw, Edition::Xf] {
        let book = template(edition).unwrap();
        let lists = part(&book, "xl/worksheets/sheet1.xml");
        for word in ["来信", "本级自收", "乡科级"] {
            assert!(lists.contains(word), "{word}");
        }
        assert_eq!(lists.contains("申诉求决"), edition == Edition::Xf);
        let options = Options { mapping: Mapping::default(), division: None, zone: jiff::tz::TimeZone::UTC };
        let input = Input::Bytes { name: "template.xlsx".into(), bytes: Arc::from(book) };
        let mut rows = rows::open(input, rows::Format::Guess, options).unwrap();
        let fields: Vec<Field> = rows.columns().iter().map(|(field, _)| *field).collect();
        assert_eq!(fields.len(), 16);
        assert!([Field::Text, Field::Kind, Field::SubjectRank, Field::Contact].iter().all(|f| fields.contains(f)));
        assert!(rows.next().is_none(), "an empty template has no rows");
    }
}
