//! GB/T 9704-2012 measured on the finished page: words by their boxes, rules and ink by a picture of
//! ten points to the millimetre. It knows the figures of the standard, not how the templates reach them.

use std::process::Command;

use papers::paper::*;
use papers::render;

use crate::papers::{fonts, poppler};
use crate::samples;

/// A page as a picture: 254 dots to the inch, so that ten dots are a millimetre.
struct Picture {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Picture {
    /// The first page; nothing where poppler is missing.
    fn of(pdf: &[u8]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("paper.pdf");
        std::fs::write(&file, pdf).unwrap();
        let Ok(output) = Command::new("pdftoppm").args(["-r", "254", "-f", "1", "-l", "1"]).arg(&file).output() else {
            println!("skipped: pdftoppm (Debian package poppler-utils) is not installed");
            return None;
        };
        let ppm = output.stdout;
        // P6, width, height, 255, then three bytes a dot.
        let mut fields = Vec::new();
        let mut at = 0;
        while fields.len() < 4 {
            let end = at + ppm[at..].iter().position(u8::is_ascii_whitespace).unwrap();
            fields.push(std::str::from_utf8(&ppm[at..end]).unwrap().to_owned());
            at = end + 1;
        }
        assert_eq!(fields[0], "P6");
        let (width, height) = (fields[1].parse().unwrap(), fields[2].parse().unwrap());
        let rgb = ppm[at..].to_vec();
        assert_eq!(rgb.len(), width * height * 3);
        Some(Self { width, height, rgb })
    }

    fn dot(&self, x: usize, y: usize) -> (u8, u8, u8) {
        let at = (y * self.width + x) * 3;
        (self.rgb[at], self.rgb[at + 1], self.rgb[at + 2])
    }

    fn red(&self, x: usize, y: usize) -> bool {
        let (r, g, b) = self.dot(x, y);
        r > 150 && g < 110 && b < 110
    }

    fn dark(&self, x: usize, y: usize) -> bool {
        let (r, g, b) = self.dot(x, y);
        r < 140 && g < 140 && b < 140
    }

    /// Millimetres from the left edge between which dots of a row are of a colour.
    fn span(&self, y: usize, of: fn(&Self, usize, usize) -> bool) -> Option<(f64, f64)> {
        let first = (0..self.width).find(|x| of(self, *x, y))?;
        let last = (0..self.width).rfind(|x| of(self, *x, y))?;
        Some((first as f64 / 10.0, (last + 1) as f64 / 10.0))
    }

    /// How many millimetres of a row are of a colour.
    fn covered(&self, y: usize, of: fn(&Self, usize, usize) -> bool) -> f64 {
        (0..self.width).filter(|x| of(self, *x, y)).count() as f64 / 10.0
    }

    /// The bands of rows that are of a colour over at least so many millimetres: top and bottom.
    fn bands(&self, least: f64, of: fn(&Self, usize, usize) -> bool) -> Vec<(f64, f64)> {
        let mut bands: Vec<(usize, usize)> = Vec::new();
        for y in (0..self.height).filter(|y| self.covered(*y, of) >= least) {
            match bands.last_mut() {
                Some((_, end)) if *end == y => *end = y + 1,
                _ => bands.push((y, y + 1)),
            }
        }
        bands.into_iter().map(|(from, to)| (from as f64 / 10.0, to as f64 / 10.0)).collect()
    }
}

fn near(value: f64, wanted: f64, within: f64) -> bool {
    (value - wanted).abs() <= within
}

/// A line of text: page, top in points from the page's top, left and right edge, characters.
struct Line {
    page: usize,
    top: f64,
    left: f64,
    right: f64,
    text: String,
}

fn attribute(tag: &str, name: &str) -> f64 {
    let at = tag.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
    tag[at..].split('"').next().unwrap().parse().unwrap()
}

/// Words that stand at one height are one line.
fn lines(pdf: &[u8]) -> Option<Vec<Line>> {
    let html = poppler("pdftotext", &["-bbox", "-enc", "UTF-8"], pdf)?;
    let mut lines: Vec<Line> = Vec::new();
    let mut page = 0;
    for row in html.lines().map(str::trim) {
        if row.starts_with("<page ") {
            page += 1;
        }
        let Some(word) = row.strip_prefix("<word ") else { continue };
        let text = word.split('>').nth(1).unwrap().split('<').next().unwrap();
        let (top, left, right) = (attribute(word, "yMin"), attribute(word, "xMin"), attribute(word, "xMax"));
        match lines.iter_mut().find(|l| l.page == page && near(l.top, top, 1.0)) {
            Some(line) => {
                line.left = line.left.min(left);
                line.right = line.right.max(right);
                line.text.push_str(text);
            }
            None => lines.push(Line { page, top, left, right, text: text.to_owned() }),
        }
    }
    Some(lines)
}

const MM: f64 = 72.0 / 25.4;

/// A letter of three pages: nothing but characters of one width, so that every line is full.
fn long_letter() -> Vec<u8> {
    let facts = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥".chars().cycle().take(28 * 52).collect();
    let letter = HandlingOpinion { facts, ..samples::handling_opinion() };
    render(&Paper::HandlingOpinion(letter), fonts().unwrap()).unwrap()
}

#[test]
fn the_mark_and_the_red_rules_stand_where_the_letter_format_wants_them() {
    let Some(fonts) = fonts() else { return };
    for paper in [
        Paper::AcceptanceNotice(samples::acceptance_notice()),
        Paper::AcceptanceLetter(samples::acceptance_letter()),
        Paper::HandlingOpinion(samples::handling_opinion()),
    ] {
        let kind = paper.kind();
        let Some(page) = Picture::of(&render(&paper, fonts).unwrap()) else { return };
        assert!(near(page.width as f64, 2100.0, 2.0) && near(page.height as f64, 2970.0, 2.0));
        let top = (0..page.height).find(|y| page.span(*y, Picture::red).is_some()).unwrap() as f64 / 10.0;
        assert!(near(top, 30.0, 0.4), "{kind}: the mark begins {top} mm below the edge");
        // Thick over thin above, thin over thick below.
        let rules = page.bands(165.0, Picture::red);
        assert_eq!(rules.len(), 4, "{kind}: {rules:?}");
        let thickness = |(from, to): (f64, f64)| to - from;
        assert!(thickness(rules[0]) > thickness(rules[1]) && thickness(rules[3]) > thickness(rules[2]), "{rules:?}");
        let mark_ends = (0..(rules[0].0 * 10.0) as usize - 5).rfind(|y| page.span(*y, Picture::red).is_some()).unwrap()
            as f64
            / 10.0;
        assert!(near(rules[0].0 - mark_ends, 4.0, 0.4), "{kind}: {} mm below the mark", rules[0].0 - mark_ends);
        assert!(near(297.0 - rules[3].1, 20.0, 0.4), "{kind}: {} mm above the edge", 297.0 - rules[3].1);
        for rule in rules {
            let (left, right) = page.span(((rule.0 + rule.1) * 5.0) as usize, Picture::red).unwrap();
            assert!(near(right - left, 170.0, 0.4), "{kind}: {} mm wide", right - left);
            // Centred on a text of 156 mm that begins 28 mm from the edge.
            assert!(near((left + right) / 2.0, 106.0, 0.3), "{kind}: centred on {}", (left + right) / 2.0);
        }
    }
}

#[test]
fn a_page_has_22_lines_of_28_characters() {
    if fonts().is_none() {
        return;
    }
    let Some(all) = lines(&long_letter()) else { return };
    let full: Vec<&Line> = all.iter().filter(|l| l.page == 2 && l.top < (297.0 - 35.0) * MM - 5.0).collect();
    assert_eq!(full.len(), 22, "{:?}", full.iter().map(|l| &l.text).collect::<Vec<_>>());
    for pair in full.windows(2) {
        let pitch = pair[1].top - pair[0].top;
        assert!(near(pitch, 28.95, 0.08), "{pitch} pt from {} to {}", pair[0].text, pair[1].text);
    }
    for line in &full {
        assert_eq!(line.text.chars().count(), 28, "{}", line.text);
        assert!(near(line.left / MM, 28.0, 0.5), "begins at {} mm", line.left / MM);
        assert!(near(line.right / MM, 184.0, 0.8), "ends at {} mm", line.right / MM);
    }
    // The first and the last line fill the height of the text: 22 pitches are 225 mm.
    let height = (full[21].top - full[0].top) / 21.0 * 22.0 / MM;
    assert!(near(height, 225.0, 0.8), "{height} mm");
}

#[test]
fn every_box_for_an_opinion_is_25_mm_high() {
    let Some(fonts) = fonts() else { return };
    let pdf = render(&Paper::PresentationForm(samples::presentation_form()), fonts).unwrap();
    let Some(page) = Picture::of(&pdf) else { return };
    let ruled: Vec<f64> = page.bands(165.0, Picture::dark).iter().map(|(from, to)| (from + to) / 2.0).collect();
    assert_eq!(ruled.len(), 12, "eleven rows: {ruled:?}");
    // 拟办意见, 室主任意见, 分管领导批示, 主要领导批示, 办理结果.
    for pair in ruled[6..].windows(2) {
        assert!(pair[1] - pair[0] >= 25.0, "{} mm high", pair[1] - pair[0]);
    }
    assert!(*ruled.last().unwrap() < 297.0 - 5.0, "on one page: {ruled:?}");
}
