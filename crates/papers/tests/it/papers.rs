//! Papers as PDF: words present, fonts embedded, pages counted, PDF/A, nothing becomes markup.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use papers::paper::*;
use papers::{FontPlaces, Fonts, render};

use crate::samples;

static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Fonts::new(FontPlaces { configured: None, roots: vec![root] })
});

/// Skips, saying why, where no font is installed.
pub fn fonts() -> Option<&'static Fonts> {
    match FONTS.check() {
        Ok(()) => Some(&FONTS),
        Err(e) => {
            println!("skipped: {e}");
            None
        }
    }
}

/// Runs one of poppler's programs on the file, or says that it is missing.
pub fn poppler(program: &str, args: &[&str], pdf: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("paper.pdf");
    std::fs::write(&file, pdf).unwrap();
    let mut command = Command::new(program);
    command.args(args).arg(&file);
    if program == "pdftotext" {
        command.arg("-");
    }
    match command.output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(_) => {
            println!("skipped: {program} (Debian package poppler-utils) is not installed");
            None
        }
    }
}

/// The words without blanks and line breaks, which follow the page.
fn words(pdf: &[u8]) -> Option<String> {
    let text = poppler("pdftotext", &["-enc", "UTF-8"], pdf)?;
    Some(text.chars().filter(|c| !c.is_whitespace()).collect())
}

fn pages(pdf: &[u8]) -> Option<usize> {
    let info = poppler("pdfinfo", &[], pdf)?;
    info.lines().find_map(|l| l.strip_prefix("Pages:")?.trim().parse().ok())
}

/// The fonts and open files are handed between threads by those who call.
const _: () = {
    const fn shared<T: Send + Sync>() {}
    const fn sent<T: Send>() {}
    shared::<Fonts>();
    sent::<papers::rows::Rows>();
};

#[test]
fn samples_can_be_looked_at() {
    let Some(fonts) = fonts() else { return };
    let folder = std::env::var_os("PAPERS_OUT").map(PathBuf::from);
    for paper in samples::all() {
        let pdf = render(&paper, fonts).unwrap_or_else(|e| panic!("{}: {e}", paper.kind()));
        if let Some(folder) = &folder {
            std::fs::write(folder.join(format!("{}.pdf", paper.kind())), &pdf).unwrap();
        }
        assert!(pdf.starts_with(b"%PDF-"));
    }
}

#[test]
fn every_word_is_on_the_paper() {
    let Some(fonts) = fonts() else { return };
    for (paper, expected) in [
        (
            Paper::PresentationForm(samples::presentation_form()),
            vec![
                "信访举报呈批单",
                "990100001-2026-000123-K",
                "工作秘密",
                "急件",
                "2026年2月11日",
                "来信/上级转送",
                "实名待核",
                "周立本，东岸县柳渡镇党委委员",
                "主要问题",
                "1.反映周立本",
                "3.反映周立本收受",
                "初重情况及",
                "既往结论",
                "研判依据",
                "拟办意见",
                "经办人：林知秋",
                "室主任意见",
                "分管领导批示",
                "主要领导批示",
                "办理结果",
            ],
        ),
        (
            Paper::AcceptanceNotice(samples::acceptance_notice()),
            vec![
                "https://dengwen.heqing.example/status",
                "990100001-2026-000123-K",
                "实名举报受理告知书",
                "沈××同志：",
                "第二十六条",
                "15个工作日内",
                "2026年2月24日",
                "河纪信告〔2026〕12号",
            ],
        ),
        (
            Paper::FeedbackRecord(samples::feedback_record()),
            vec!["反馈情况记录表", "部分属实", "无法查实", "有异议", "第三监督检查室", "2026年5月13日前", "高远、谭静"],
        ),
        (
            Paper::AcceptanceLetter(samples::acceptance_letter()),
            vec![
                "受理告知书",
                "您的请求是：请求核实东岸县青石小区",
                "河清市住房和城乡建设局办理",
                "2026年5月6日前",
                "第三十四条",
            ],
        ),
        (
            Paper::HandlingOpinion(samples::handling_opinion()),
            vec![
                "处理意见书",
                "一、信访请求",
                "二、事实和理由",
                "三、处理意见",
                "对您的请求，予以支持。",
                "四、法律法规依据",
                "30日内，向河清市人民政府请求复查",
                "—2—",
            ],
        ),
        (
            Paper::FilingProof(samples::filing_proof()),
            vec!["提交凭证", "Thisfileprovesyoureported", "5f2c91d07ab3e844", "dengwenverifyproof.tlog-proof--vkey"],
        ),
    ] {
        let Some(text) = words(&render(&paper, fonts).unwrap()) else { return };
        for word in expected {
            assert!(text.contains(word), "{}: {word} is missing in {text}", paper.kind());
        }
    }
}

#[test]
fn proof_of_filing_holds_no_number_and_no_code() {
    let Some(fonts) = fonts() else { return };
    let pdf = render(&Paper::FilingProof(samples::filing_proof()), fonts).unwrap();
    let Some(text) = words(&pdf) else { return };
    assert!(!text.contains("2026-0") && !text.contains("https"), "{text}");
    assert!(poppler("pdfimages", &["-list"], &pdf).is_none_or(|l| l.lines().count() <= 2));
}

#[test]
fn letters_keep_to_one_page_where_the_text_is_short() {
    let Some(fonts) = fonts() else { return };
    for paper in [
        Paper::AcceptanceNotice(samples::acceptance_notice()),
        Paper::AcceptanceLetter(samples::acceptance_letter()),
        Paper::FeedbackRecord(samples::feedback_record()),
        Paper::FilingProof(samples::filing_proof()),
    ] {
        let Some(pages) = pages(&render(&paper, fonts).unwrap()) else { return };
        assert_eq!(pages, 1, "{}", paper.kind());
    }
}

#[test]
fn presentation_form_is_one_page_however_long_the_text() {
    let Some(fonts) = fonts() else { return };
    let long = "反映在工程建设中违反规定插手干预，".repeat(240);
    assert!(long.chars().count() > 4_000);
    let full = Opinion { text: long.clone(), by: Some("林知秋".into()), on: None };
    let form = PresentationForm {
        organ: "河清市纪委监委驻市住房和城乡建设局纪检监察组（联合办公）信访举报受理登记中心办公室".repeat(2),
        number: "990100001-2026-000123-K".into(),
        secrecy: long.clone(),
        urgency: long.clone(),
        channel_source: long.clone(),
        signing: long.clone(),
        subjects: (0..40).map(|n| format!("第{n}人，{}", &long[..300])).collect(),
        problems: (0..12).map(|_| long.clone()).collect(),
        history: format!("{long}\n{long}"),
        grounds: long.clone(),
        proposal: full.clone(),
        head: full.clone(),
        leader: full.clone(),
        chief: full.clone(),
        result: full,
        ..samples::presentation_form()
    };
    let pdf = render(&Paper::PresentationForm(form), fonts).unwrap();
    if let Some(folder) = std::env::var_os("PAPERS_OUT") {
        std::fs::write(PathBuf::from(folder).join("presentation_form_long.pdf"), &pdf).unwrap();
    }
    if let Some(pages) = pages(&pdf) {
        assert_eq!(pages, 1);
    }
    if let Some(text) = words(&pdf) {
        assert!(text.contains("详见附件") && text.contains("等40人") && text.contains("12.反映"), "{text}");
        assert!(text.contains("办理结果"));
    }
}

#[test]
fn what_people_wrote_never_becomes_markup() {
    let Some(fonts) = fonts() else { return };
    let hostile = r##"#strong[粗] $x^2$ @ref <label> *星* _线_ `码` // 注 \u{41} #sys.inputs #read("/etc/passwd") = 题 [a](b) \\ "引" #eval("1") /* */ ~ --- https://a.b"##;
    let letter = HandlingOpinion {
        addressee: hostile.into(),
        request: hostile.into(),
        facts: hostile.into(),
        opinion: hostile.into(),
        basis: vec![hostile.into()],
        review_organ: hostile.into(),
        ..samples::handling_opinion()
    };
    let mut record = samples::feedback_record();
    record.told = hostile.into();
    record.tellers = vec![hostile.into()];
    record.findings[0].allegation = hostile.into();
    let form =
        PresentationForm { grounds: hostile.into(), problems: vec![hostile.into()], ..samples::presentation_form() };
    for paper in [Paper::HandlingOpinion(letter), Paper::FeedbackRecord(record), Paper::PresentationForm(form)] {
        let Some(text) = words(&render(&paper, fonts).unwrap()) else { return };
        for literal in [
            "#strong[粗]",
            "$x^2$",
            "@ref",
            "<label>",
            "*星*",
            "_线_",
            "`码`",
            "//注",
            "#sys.inputs",
            "#read(\"/etc/passwd\")",
        ] {
            assert!(text.contains(literal), "{}: {literal} in {text}", paper.kind());
        }
    }
}

#[test]
fn characters_no_font_has_do_not_stop_a_letter() {
    let Some(fonts) = fonts() else { return };
    let mut letter = samples::acceptance_letter();
    letter.request = "情况\u{202e}紧急😀\u{7}\u{feff}，请核实\r\n第二行".into();
    let pdf = render(&Paper::AcceptanceLetter(letter), fonts).unwrap();
    if let Some(text) = words(&pdf) {
        assert!(text.contains("情况紧急〓，请核实第二行"), "{text}");
    }
}

#[test]
fn same_paper_same_bytes_and_pdf_a() {
    let Some(fonts) = fonts() else { return };
    for paper in samples::all() {
        let first = render(&paper, fonts).unwrap();
        assert!(first == render(&paper, fonts).unwrap(), "{} differs from itself", paper.kind());
        let Some(metadata) = poppler("pdfinfo", &["-meta"], &first) else { return };
        assert!(metadata.contains("<pdfaid:part>2</pdfaid:part>"), "{metadata}");
        assert!(metadata.contains("<pdfaid:conformance>B</pdfaid:conformance>"), "{metadata}");
        let info = poppler("pdfinfo", &[], &first).unwrap();
        assert!(info.contains(paper.title()) && info.contains("A4"), "{info}");
        let listed = poppler("pdffonts", &[], &first).unwrap();
        let lines: Vec<&str> = listed.lines().skip(2).collect();
        assert!(!lines.is_empty());
        for line in lines {
            let embedded = line.split_whitespace().rev().nth(4);
            assert_eq!(embedded, Some("yes"), "{line}");
        }
    }
}

#[test]
fn verification_code_too_long_for_paper_is_refused() {
    let Some(fonts) = fonts() else { return };
    let mut notice = samples::acceptance_notice();
    notice.head.verification = Some("x".repeat(214));
    let refusal = render(&Paper::AcceptanceNotice(notice), fonts).unwrap_err();
    assert!(matches!(refusal, PaperError::VerificationTooLong { bytes: 214 }));
}

#[test]
fn missing_fonts_name_what_to_install() {
    let empty = tempfile::tempdir().unwrap();
    let fonts = Fonts::new(FontPlaces { configured: Some(empty.path().into()), roots: vec![empty.path().into()] });
    match fonts.check() {
        // The Debian package is looked for as the last place, and may be installed here.
        Ok(()) => println!("skipped: fonts-noto-cjk is installed on this machine"),
        Err(e) => {
            let said = e.to_string();
            assert!(said.contains("make demo") && said.contains("fonts-noto-cjk"), "{said}");
        }
    }
}

#[test]
fn qr_holds_213_bytes_and_not_one_more() {
    let drawing = papers::qr::svg(&"a".repeat(213)).unwrap();
    // Version 10 has 57 modules, and the quiet zone four on each side.
    assert!(drawing.contains("viewBox=\"0 0 65 65\""), "{}", &drawing[..120]);
    assert!(papers::qr::svg(&"a".repeat(214)).is_err());
}
