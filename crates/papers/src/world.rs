//! The closed world a paper is set in: no disk, no network, no clock, one source, one file id.
//!
//! What people wrote reaches Typst only as JSON in `sys.inputs`, so it is text and cannot become
//! markup. It does not know what any paper means.

use std::sync::LazyLock;

use serde_json::{Value as Json, json};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Smart, Value};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::fonts::{Fonts, Loaded};
use crate::paper::{Paper, PaperError};

/// All templates are one source: file ids are interned for ever, so there is exactly one.
static SOURCE: LazyLock<Source> = LazyLock::new(|| {
    Source::detached(concat!(
        include_str!("../templates/common.typ"),
        include_str!("../templates/letter.typ"),
        include_str!("../templates/form.typ"),
        include_str!("../templates/presentation_form.typ"),
        include_str!("../templates/acceptance_notice.typ"),
        include_str!("../templates/feedback_record.typ"),
        include_str!("../templates/acceptance_letter.typ"),
        include_str!("../templates/handling_opinion.typ"),
        include_str!("../templates/filing_proof.typ"),
        include_str!("../templates/main.typ"),
    ))
});

struct Closed<'a> {
    library: LazyHash<Library>,
    fonts: &'a Loaded,
}

impl World for Closed<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }
    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }
    fn main(&self) -> FileId {
        SOURCE.id()
    }
    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == SOURCE.id() { Ok(SOURCE.clone()) } else { Err(FileError::AccessDenied) }
    }
    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }
    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

pub(crate) fn render(paper: &Paper, fonts: &Fonts) -> Result<Vec<u8>, PaperError> {
    let fonts = fonts.loaded()?;
    let data = data(paper, fonts)?;
    let mut inputs = Dict::new();
    inputs.insert("data".into(), Value::Str(data.as_str().into()));
    let world = Closed { library: LazyHash::new(Library::builder().with_inputs(inputs).build()), fonts };
    let bytes = set(&world, data);
    // Pieces of one paper must not lie about in memory until the next is set.
    typst::comemo::evict(0);
    bytes
}

fn set(world: &Closed<'_>, ident: String) -> Result<Vec<u8>, PaperError> {
    let document = typst::compile::<PagedDocument>(world).output.map_err(|e| refuse(&e, world))?;
    let standards =
        PdfStandards::new(&[PdfStandard::A_2b]).map_err(|e| PaperError::Typesetting(e.message().to_string()))?;
    let options = PdfOptions {
        // Hashed, never written out: two papers with the same words are the same document.
        ident: Smart::Custom(ident),
        creator: Smart::Custom(Some("Dengwen".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|e| refuse(&e, world))
}

/// The first refusal with its line of the template. Typst's own messages may quote a character of
/// the text ("cannot display …"), so only their fixed part before the first quotation is kept.
fn refuse(errors: &[SourceDiagnostic], world: &Closed<'_>) -> PaperError {
    let Some(first) = errors.first() else {
        return PaperError::Typesetting("no reason given".to_owned());
    };
    let message = first.message.split(['`', '"', '“']).next().unwrap_or_default();
    let line = world
        .range(first.span)
        .map(|range| SOURCE.text().get(..range.start).map_or(0, |before| before.matches('\n').count() + 1));
    PaperError::Typesetting(match line {
        Some(line) => format!("{message} (line {line} of the templates)"),
        None => message.to_owned(),
    })
}

/// What the templates get: the paper's words, made drawable, and the parts the fonts play.
fn data(paper: &Paper, fonts: &Loaded) -> Result<String, PaperError> {
    let mut words = serde_json::to_value(paper).map_err(|e| PaperError::Typesetting(e.to_string()))?;
    make_drawable(&mut words, fonts);
    let mut qr = Json::Null;
    if let Some(address) = paper.verification() {
        let (drawing, modules) =
            crate::qr::draw(address).map_err(|e| PaperError::VerificationTooLong { bytes: e.bytes })?;
        qr = json!({ "svg": drawing, "modules": modules });
    }
    let noto_title = fonts.parts["title"].first().is_none_or(|f| f.contains("Serif"));
    let noto_hei = fonts.parts["hei"].first().is_none_or(|f| f.contains("Serif"));
    Ok(json!({
        "paper": words,
        "title": paper.title(),
        "organ": paper.organ(),
        "date": paper.date().to_string(),
        "qr": qr,
        "fonts": fonts.parts,
        // The stand-in is a book face: made bold it does the work of 小标宋 and 黑体.
        "title_weight": if noto_title { 700 } else { 400 },
        "hei_weight": if noto_hei { 700 } else { 400 },
    })
    .to_string())
}

/// Takes out what no paper may show: control and direction characters, which would let a text look
/// like something else, and characters no font has, which PDF/A forbids (shown as 〓).
fn make_drawable(value: &mut Json, fonts: &Loaded) {
    match value {
        Json::String(text) => {
            let clean: String = text
                .replace("\r\n", "\n")
                .chars()
                .filter_map(|c| match c {
                    '\n' => Some(c),
                    '\r' => Some('\n'),
                    '\t' | '\u{a0}' => Some(' '),
                    '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => None,
                    '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ad}' => None,
                    c if c.is_control() => None,
                    c if fonts.draws(c) => Some(c),
                    _ => Some('〓'),
                })
                .collect();
            *text = clean;
        }
        Json::Array(items) => items.iter_mut().for_each(|item| make_drawable(item, fonts)),
        Json::Object(fields) => fields.values_mut().for_each(|field| make_drawable(field, fonts)),
        _ => {}
    }
}
