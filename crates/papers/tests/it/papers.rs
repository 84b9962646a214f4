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
fn fonts() -> Option<&'static Fonts> {
    match FONTS.check() {
        Ok(()) => Some(&FONTS),
        Err(e) => {
            println!("skipped: {e}");
            None
        }
    }
}

/// Runs one of poppler's programs on the file, or says that it is missing.
fn poppler(program: &str, args: &[&str], pdf: &[u8]) -> Option<String> {
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
