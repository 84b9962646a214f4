//! Good rows go in, bad rows are named without being quoted.

use std::io::Write as _;
use std::sync::Arc;

use domain::words::{Channel, Rank, Source};
use jiff::civil::{date, datetime};
use papers::rows::*;
use rust_xlsxwriter::{Format, Workbook};

fn options() -> Options {
    Options {
        mapping: Mapping::default(),
        division: Some(Box::new(|written| {
            let known = [("河清市东岸县", "990103"), ("990103", "990103")];
            known.iter().find(|(name, _)| *name == written).map(|(_, code)| (*code).to_owned())
        })),
        zone: jiff::tz::TimeZone::fixed(jiff::tz::offset(8)),
    }
}

fn bytes(name: &str, bytes: impl Into<Vec<u8>>) -> Input {
    Input::Bytes { name: name.into(), bytes: Arc::from(bytes.into()) }
}

type Read = (Vec<Row>, Vec<RowFault>);

fn split(rows: Rows) -> Read {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for row in rows {
        match row {
            Ok(row) => good.push(row),
            Err(faults) => bad.extend(faults),
        }
    }
    (good, bad)
}

fn read(input: Input) -> Read {
    split(open(input, Format_::Guess, options()).unwrap_or_else(|e| panic!("{e}")))
}

use papers::rows::Format as Format_;

fn listed(faults: &[RowFault]) -> Vec<(u64, Option<&str>, &str)> {
    faults.iter().map(|f| (f.line, f.column.as_deref(), f.reason.as_str())).collect()
}

const SHEET: &str = "编号,收到日期,渠道,来源,主题,内容,被反映人,被反映单位,职务,职级,属地,反映人姓名,联系方式\n\
    A-1,2026年2月11日,来信,上级转送,标题一,\"第一行\n第二行，含逗号,引号\"\"和换行\",周甲、钱乙,柳渡镇,镇长、村支书,乡科级,河清市东岸县,沈丙,000-1\n\
    A-2,2023-02-30,网络,,标题二,正文二,,,,,,,\n\
    A-3,,网络,,标题三,,,,,,,,\n\
    A-4,,飞鸽,,标题四,正文四,,,,,火星市,,\n\
    A-5,,,,,=HYPERLINK(\"http://x\"),,,,,,,\n\
    A-6,,,,,正文六,多一栏,,,,,,,,多\n\
    A-7,,,,,少了栏\n\
    A-8,,,,,'=这不是公式,,,,,,,\n";

fn check_sheet((good, bad): Read) {
    let ids: Vec<_> = good.iter().map(|r| r.id.as_deref().unwrap()).collect();
    assert_eq!(ids, ["A-1", "A-8"]);
    let first = &good[0];
    assert_eq!(first.line, 2);
    assert_eq!(first.text, "第一行\n第二行，含逗号,引号\"和换行");
    assert_eq!(first.time, Some(date(2026, 2, 11).to_datetime(jiff::civil::Time::midnight())));
    assert_eq!((first.channel, first.source), (Some(Channel::Letter), Some(Source::SuperiorTransfer)));
    assert_eq!(first.division.as_deref(), Some("990103"));
    assert_eq!((first.name.as_deref(), first.contact.as_deref()), (Some("沈丙"), Some("000-1")));
    let subjects: Vec<_> = first
        .subjects
        .iter()
        .map(|s| (s.name.as_deref().unwrap(), s.unit.as_deref().unwrap(), s.post.as_deref().unwrap(), s.rank))
        .collect();
    assert_eq!(
        subjects,
        [("周甲", "柳渡镇", "镇长", Some(Rank::Section)), ("钱乙", "柳渡镇", "村支书", Some(Rank::Section))]
    );
    assert_eq!(good[1].text, "=这不是公式");
    // Row numbers are those a spreadsheet shows: the two lines of the first text are one row.
    assert_eq!(
        listed(&bad),
        [
            (3, Some("收到日期"), "impossible_date"),
            (4, Some("内容"), "missing_text"),
            (5, Some("属地"), "unknown_division"),
            (5, Some("渠道"), "unknown_word"),
            (6, Some("内容"), "formula_cell"),
            (7, None, "ragged_row"),
            (8, None, "ragged_row"),
        ]
    );
    let all = bad.iter().map(|f| format!("{f:?}")).collect::<String>();
    for secret in ["正文", "飞鸽", "火星", "HYPERLINK", "标题"] {
        assert!(!all.contains(secret), "{secret} is quoted");
    }
}

#[test]
fn csv_in_utf8_with_and_without_mark() {
    check_sheet(read(bytes("a.csv", SHEET)));
    check_sheet(read(bytes("a.csv", format!("\u{feff}{SHEET}"))));
}

#[test]
fn csv_in_gbk_just_works() {
    let (gbk, _, lossy) = encoding_rs::GBK.encode(SHEET);
    assert!(!lossy);
    check_sheet(read(bytes("a.csv", gbk.into_owned())));
}

#[test]
fn csv_with_carriage_returns_semicolons_and_a_banner() {
    let text = "河清市信访举报登记簿（2026年）;;\r\n编号;内容;日期\r\n1;甲;2026/2/11 9:30\r\n\r\n2;乙;20260212\r\n";
    let (good, bad) = read(bytes("", text));
    assert!(bad.is_empty(), "{bad:?}");
    assert_eq!(good.iter().map(|r| r.line).collect::<Vec<_>>(), [3, 5]);
    assert_eq!(good[0].time, Some(datetime(2026, 2, 11, 9, 30, 0, 0)));
}

#[test]
fn tabs_and_quoted_separators_are_told_apart() {
    let (good, bad) = read(bytes("a.txt", "编号\t内容\n\"1,;\"\t\"甲，一,二;三\"\n"));
    assert!(bad.is_empty(), "{bad:?}");
    assert_eq!((good[0].id.as_deref(), good[0].text.as_str()), (Some("1,;"), "甲，一,二;三"));
}

#[test]
fn a_damaged_row_in_utf8_is_named_and_the_others_go_in() {
    let mut text = "编号,内容\n1,好的一行，字数足够多，不会被当成别的编码\n2,坏".as_bytes().to_vec();
    text.extend([0xff, 0xfe]);
    text.extend("的一行\n3,又是好的\n4,控\u{1}制\n".as_bytes());
    let (good, bad) = read(bytes("a.csv", text));
    assert_eq!(good.iter().map(|r| r.id.as_deref().unwrap()).collect::<Vec<_>>(), ["1", "3"]);
    assert_eq!(listed(&bad), [(3, Some("内容"), "wrong_encoding"), (5, Some("内容"), "control_characters")]);
}

#[test]
fn a_cell_of_a_megabyte_is_named_in_every_format() {
    let long = "长".repeat(350_000);
    let csv = format!("编号,内容\n1,{long}\n2,好\n");
    let jsonl = format!("{{\"编号\":1,\"内容\":\"{long}\"}}\n{{\"编号\":\"2\",\"内容\":\"好\"}}\n");
    let xlsx = raw_workbook(&[&["编号", "内容"], &["1", &long], &["2", "好"]]);
    let files = [("a.csv", csv.into_bytes(), 2), ("a.jsonl", jsonl.into_bytes(), 1), ("a.xlsx", xlsx, 2)];
    for (name, text, line) in files {
        let (good, bad) = read(bytes(name, text));
        assert_eq!(good.len(), 1, "{name}");
        assert_eq!(listed(&bad), [(line, Some("内容"), "cell_too_long")], "{name}");
        assert!(format!("{bad:?}").len() < 1_000);
    }
    let at_limit = format!("内容\n{}\n", "a".repeat(MAX_CELL_CHARS));
    assert_eq!(read(bytes("a.csv", at_limit)).0.len(), 1);
    // A cell may be short enough for a spreadsheet and too long for the register.
    for (count, fits) in [(MAX_TEXT_BYTES / 3, 1), (MAX_TEXT_BYTES / 3 + 1, 0)] {
        let (good, bad) = read(bytes("a.csv", format!("内容\n{}\n", "字".repeat(count))));
        assert_eq!(good.len(), fits);
        assert!(fits == 1 || listed(&bad) == [(2, Some("内容"), "text_too_long")], "{bad:?}");
    }
}

/// A workbook written by hand: spreadsheet programs refuse to write such long cells, other programs do not.
fn raw_workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut sheet = String::from(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
    );
    for (row, cells) in (1..).zip(rows) {
        sheet += &format!("<row r=\"{row}\">");
        for (column, cell) in ('A'..).zip(*cells) {
            sheet += &format!("<c r=\"{column}{row}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>");
        }
        sheet += "</row>";
    }
    sheet += "</sheetData></worksheet>";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{package}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{office}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn json_lines_good_and_bad() {
    let text = concat!(
        "{\"id\":1,\"text\":\"甲\",\"time\":\"2019/2/28 11:25:05\",\"extra\":{\"a\":1}}\n",
        "\n",
        "{\"id\":\"2\",\"text\":\"\\ud800\"}\n",
        "{\"id\":\"3\",\"text\":\n",
        "[1,2]\n",
        "{\"id\":\"4\",\"text\":[\"乙\"]}\n",
        "{\"id\":\"5\",\"text\":null}\n",
        "{\"id\":\"6\",\"text\":\"\\ud83d\\ude00丙\",\"内容\":\"第二个同义栏不算\"}\n",
        "{\"id\":\"7\",\"text\":\"丁\",\"time\":\"43524.5\"}",
    );
    let (good, bad) = read(bytes("", text));
    let texts: Vec<_> = good.iter().map(|r| (r.line, r.id.as_deref().unwrap(), r.text.as_str())).collect();
    assert_eq!(texts, [(1, "1", "甲"), (8, "6", "😀丙"), (9, "7", "丁")]);
    assert_eq!(good[2].time, Some(datetime(2019, 2, 28, 12, 0, 0, 0)));
    assert_eq!(
        listed(&bad),
        [
            (3, None, "lone_surrogate"),
            (4, None, "bad_json"),
            (5, None, "bad_json"),
            (6, Some("text"), "nested_value"),
            (7, Some("text"), "missing_text"),
        ]
    );
}

#[test]
fn workbook_good_and_bad() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("说明").unwrap().write_string(0, 0, "这一页没有表头").unwrap();
    let page = book.add_worksheet();
    page.write_string(0, 0, "登记簿").unwrap();
    for (at, heading) in ["留言编号", "留言详情", "留言时间", "属地"].iter().enumerate() {
        page.write_string(2, at as u16, *heading).unwrap();
    }
    page.write_number(3, 0, 188006.0).unwrap();
    page.write_string(3, 1, "甲\n二行").unwrap();
    let day = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let moment = rust_xlsxwriter::ExcelDateTime::from_ymd(2019, 2, 28).unwrap().and_hms(11, 25, 5).unwrap();
    page.write_datetime_with_format(3, 2, moment, &day).unwrap();
    page.write_number(3, 3, 990103.0).unwrap();
    page.write_number(5, 0, 2.0).unwrap();
    page.write_formula(5, 1, "=1+1").unwrap();
    page.write_string(6, 1, "=这是文字，不是公式").unwrap();
    page.write_number(6, 2, 43524.0).unwrap();
    page.write_string(7, 1, "乙").unwrap();
    page.write_string(7, 2, "2023/2/30").unwrap();
    page.write_string(8, 0, "3").unwrap();
    page.write_string(9, 1, "_x0041_ 照样是文字").unwrap();
    let (good, bad) = read(bytes("a.xlsx", book.save_to_buffer().unwrap()));
    let texts: Vec<_> = good.iter().map(|r| (r.line, r.id.as_deref(), r.text.as_str())).collect();
    assert_eq!(
        texts,
        [(4, Some("188006"), "甲\n二行"), (7, None, "=这是文字，不是公式"), (10, None, "_x0041_ 照样是文字")]
    );
    assert_eq!(good[0].time, Some(datetime(2019, 2, 28, 11, 25, 5, 0)));
    assert_eq!(good[0].division.as_deref(), Some("990103"));
    assert_eq!(good[1].time, Some(datetime(2019, 2, 28, 0, 0, 0, 0)));
    assert_eq!(
        listed(&bad),
        [
            (6, Some("留言详情"), "formula_cell"),
            (8, Some("留言时间"), "impossible_date"),
            (9, Some("留言详情"), "missing_text"),
        ]
    );
}

#[test]
fn a_mapping_names_the_columns_and_an_empty_heading_switches_one_off() {
    let text = "甲,乙,姓名\n1,正文,沈丙\n";
    let mapping = Mapping::from_toml("id = \"甲\"\ntext = \"乙\"\nname = \"\"").unwrap();
    let rows = open(bytes("a.csv", text), Format_::Csv, Options { mapping, ..options() }).unwrap();
    assert_eq!(rows.columns(), [(Field::Id, "甲".to_owned()), (Field::Text, "乙".to_owned())]);
    let (good, _) = split(rows);
    assert_eq!((good[0].text.as_str(), good[0].name.as_deref()), ("正文", None));
    let mapping = Mapping::from_toml("text = \"丙\"").unwrap();
    let refusal = open(bytes("a.csv", text), Format_::Csv, Options { mapping, ..options() });
    assert!(matches!(refusal, Err(OpenError::HeadingNotFound { field: "text", .. })));
}

#[test]
fn files_that_are_no_tables_are_refused_in_words() {
    let refuse = |name: &str, content: Vec<u8>| match open(bytes(name, content), Format_::Guess, options()) {
        Ok(_) => panic!("{name} was taken"),
        Err(e) => e,
    };
    assert!(matches!(refuse("a.csv", Vec::new()), OpenError::Empty));
    assert!(matches!(refuse("a.csv", b"secret,row\n1,2\n".to_vec()), OpenError::NoTextColumn));
    assert!(matches!(refuse("a.xlsx", b"no workbook".to_vec()), OpenError::NotAWorkbook));
    assert!(matches!(refuse("a.xlsx", b"PK\x03\x04 broken".to_vec()), OpenError::NotAWorkbook));
    assert!(matches!(refuse("a.xls", vec![0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3, 4]), OpenError::OldWorkbook));
    assert!(!refuse("a.csv", b"secret,row\n1,2\n".to_vec()).to_string().contains("secret"));
    let missing = open(Input::File("/nowhere/a.csv".into()), Format_::Guess, options());
    assert!(matches!(missing, Err(OpenError::Io(_))));
}

#[test]
fn workbooks_that_promise_or_unpack_too_much_are_refused() {
    let pack = |name: &str, content: &mut dyn std::io::Read| {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::copy(content, &mut archive).unwrap();
        archive.finish().unwrap().into_inner()
    };
    let bomb = pack("xl/worksheets/sheet1.xml", &mut std::io::Read::take(std::io::repeat(b' '), 513 << 20));
    assert!(bomb.len() < 4 << 20);
    let promise = pack("xl/sharedStrings.xml", &mut &b"<sst count=\"1\" uniqueCount=\"99999999999\"><si/></sst>"[..]);
    for content in [bomb, promise] {
        let refusal = open(bytes("a.xlsx", content), Format_::Guess, options());
        assert!(matches!(refusal, Err(OpenError::TooLarge { .. })));
    }
}

#[test]
fn files_on_disk_are_read_like_bytes() {
    let mut file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
    file.write_all(SHEET.as_bytes()).unwrap();
    check_sheet(read(Input::from(file.path())));
}

#[test]
fn every_reason_says_what_to_do_in_both_languages() {
    for reason in Reason::ALL {
        let fault = RowFault::new(1, None, reason);
        let han = |s: &str| s.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        assert!(han(fault.zh) && han(fault.advice_zh), "{}", reason.as_str());
        assert!(!han(fault.en) && !han(fault.advice_en), "{}", reason.as_str());
        assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
    }
}

#[test]
fn a_blank_before_what_begins_like_a_formula_comes_back_too() {
    let sheet = papers::sheet::Sheet {
        title: "t".into(),
        columns: vec![papers::sheet::Column {
            title: "内容".into(),
            width: 10.0,
            kind: papers::sheet::ColumnKind::Text,
        }],
        rows: [" =a", "' =a", "=a"].map(|t| vec![papers::sheet::Cell::Text(t.into())]).to_vec(),
        watermark: vec![],
        exported_at: datetime(2026, 2, 11, 9, 0, 0, 0),
    };
    let mut out = Vec::new();
    papers::sheet::write_csv(&sheet, &mut out).unwrap();
    let (good, faults) = read(bytes("a.csv", out));
    assert!(faults.is_empty(), "{faults:?}");
    // What the sheet says of itself stands after them.
    let back: Vec<&str> = good.iter().map(|r| r.text.as_str()).take(3).collect();
    assert_eq!(back, [" =a", "' =a", "=a"]);
}

proptest::proptest! {
    /// Whatever bytes come, the reader ends and does not fall over.
    #[test]
    fn any_bytes_are_survived(content in proptest::collection::vec(proptest::num::u8::ANY, 0..400), which in 0..3usize) {
        let mut whole = [b"text\n".as_slice(), b"{\"text\":\"".as_slice(), b"PK\x03\x04".as_slice()][which].to_vec();
        whole.extend(content);
        if let Ok(rows) = open(bytes("", whole), Format_::Guess, options()) {
            for _ in rows {}
        }
    }

    /// A text that survives cleaning comes back from CSV as it went in.
    #[test]
    fn csv_cells_come_back(texts in proptest::collection::vec("[ -~，。、\u{4e00}-\u{4e20}\n\t]{1,30}", 1..5)) {
        let sheet = papers::sheet::Sheet {
            title: "t".into(),
            columns: vec![papers::sheet::Column { title: "内容".into(), width: 10.0, kind: papers::sheet::ColumnKind::Text }, papers::sheet::Column { title: "备注".into(), width: 10.0, kind: papers::sheet::ColumnKind::Text }],
            rows: texts.iter().map(|t| vec![papers::sheet::Cell::Text(t.clone()), papers::sheet::Cell::Text("x".into())]).collect(),
            watermark: vec![],
            exported_at: datetime(2026, 2, 11, 9, 0, 0, 0),
        };
        let mut out = Vec::new();
        papers::sheet::write_csv(&sheet, &mut out).unwrap();
        let (good, _) = read(bytes("a.csv", out));
        let expected: Vec<_> = texts.iter().filter(|t| !t.trim().is_empty()).collect();
        proptest::prop_assert_eq!(good.iter().map(|r| &r.text).collect::<Vec<_>>(), expected);
    }
}
